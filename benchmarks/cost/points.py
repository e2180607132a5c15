"""One point of each curve: what it costs at one size. Each is measured in processes that did nothing else before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.cost import command
from benchmarks.cost.editions import Look, make_editions
from benchmarks.cost.made import make_document
from benchmarks.cost.scans import Machine
from benchmarks.cost.stages import cpu_seconds
from pipeline.config import load
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.model import Refused
from pipeline.ocr import load_engines
from pipeline.read import read
from pipeline.specs import load_specs
from pipeline.walled.work import Desk

if TYPE_CHECKING:
    from pipeline.specs import FormSpec

ROOT = command.ROOT
FORM = ("4058", "2022-03")
SEEDS = (1, 2, 3)
# Its first document pays for what is loaded once; it is measured this often after that.
ROUNDS = 2


@dataclass(frozen=True)
class Point:
    """At size `size`: CPU milliseconds, each under what they were spent on; and the most memory held, in MB."""

    size: int
    milliseconds: dict[str, float]
    peak: float
    notes: dict[str, int] = field(default_factory=dict)


def machine_of(specs: Path = ROOT / "forms_specs") -> Machine:
    settings = load(ROOT / "config.toml")
    return Machine(settings, load_specs(specs), load_engines(settings.ocr.engines))


def spec_of(machine: Machine) -> FormSpec:
    return next(spec for spec in machine.specs if (spec.number, spec.edition) == FORM)


def own_peak() -> float:
    """The most memory that this process has held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def milliseconds(do: Callable[[], object]) -> float:
    began = cpu_seconds()
    do()
    return 1000 * (cpu_seconds() - began)


def read_all(machine: Machine, spec: FormSpec, others: int) -> float:
    """CPU milliseconds of a document: the median."""
    documents = [make_document(spec, seed, others) for seed in SEEDS]
    machine.read(*documents[0])
    times = [milliseconds(partial(machine.read, *each)) for _ in range(ROUNDS) for each in documents]
    return median(times)


def pages(size: int) -> Point:
    """A file of `size` pages: a form, and letters behind it."""
    machine = machine_of()
    whole = read_all(machine, spec_of(machine), size - 1)
    return Point(size, {"a document": whole, "a page": whole / size}, own_peak())


def fields(size: int) -> Point:
    """A form that asks for its first `size` fields only: opened, identified and read. It cannot be decided on."""
    machine = machine_of()
    whole = spec_of(machine)
    fewer = whole.model_copy(update={"field": whole.field[:size]})
    specs = tuple(fewer if spec is whole else spec for spec in machine.specs)
    contents = [make_document(whole, seed)[0] for seed in SEEDS]

    def read_one(content: bytes) -> None:
        found = identify(open_document(content, machine.settings.limits), specs, machine.engines)
        read(found.pages, found.spec, machine.engines)

    read_one(contents[0])
    times = [milliseconds(partial(read_one, each)) for _ in range(ROUNDS) for each in contents]
    return Point(size, {"a document": median(times)}, own_peak())


def editions(size: int, look: Look) -> Point:
    """Identification with `size` editions known, of pages of those that are really there."""
    with tempfile.TemporaryDirectory() as name:
        make_editions(ROOT / "forms_specs", Path(name) / "specs", size, look)
        machine = machine_of(Path(name) / "specs")
        real = {spec.name for spec in load_specs(ROOT / "forms_specs")}
        wanted = [spec for spec in machine.specs if spec.name in real and spec.edition >= "2022-03"]
        contents = [(spec, make_document(spec, seed)[0]) for spec in wanted for seed in SEEDS]
        start = milliseconds(lambda: warm_up(machine, [content for _, content in contents]))
        times, right, wrong = [], 0, 0
        for spec, content in contents:
            document = open_document(content, machine.settings.limits)
            began = cpu_seconds()
            found = identity(machine, document)
            times.append(1000 * (cpu_seconds() - began) / len(spec.page))
            right += found == spec.name
            wrong += found not in (spec.name, "")
        return Point(
            size,
            {"a page": median(times), "the start": start},
            own_peak(),
            {"documents": len(contents), "right": right, "wrong": wrong},
        )


def identity(machine: Machine, document: object) -> str:
    """Number and edition; "" where a person has to say."""
    try:
        return identify(document, machine.specs, machine.engines).spec.name  # type: ignore[arg-type]
    except Refused:
        return ""


def warm_up(machine: Machine, contents: Sequence[bytes]) -> None:
    """What a worker does at its start and between its first documents, and all else that is kept."""
    for _ in Desk(machine.settings, machine.specs, machine.engines).warm_up():
        pass
    for content in contents:
        identity(machine, open_document(content, machine.settings.limits))


def prepare(root: Path, contents: Sequence[bytes]) -> None:
    command.configure(root)
    (root / "in").mkdir()
    for rank, content in enumerate(contents):
        (root / "in" / f"{rank:05d}.pdf").write_bytes(content)


def empty_documents(size: int) -> list[bytes]:
    return [f"%PDF-1.7 {rank}".encode() for rank in range(size)]


def around(size: int) -> Point:
    """`pipeline process` over `size` documents that cost nothing to read: what everything around the reading costs."""
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), empty_documents(size))
        used = command.run(Path(name), "process", "in", "--workers", "2")
    return Point(size, shares(used, size), used.peak)


def reading(size: int) -> Point:
    """`pipeline process` over `size` documents, each of them read."""
    machine = machine_of()
    # Of few scans many documents: bytes behind the end make each another.
    scans = [make_document(spec_of(machine), seed)[0] for seed in range(min(size, 10))]
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), [scans[rank % len(scans)] + f"\n%{rank}\n".encode() for rank in range(size)])
        used = command.run(Path(name), "process", "in", "--workers", "2", target=command.REAL)
    return Point(size, shares(used, size), used.peak)


def inbox(size: int) -> Point:
    """`pipeline watch --once` over an inbox of `size` files that are all known: nothing to do but to look."""
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), empty_documents(size))
        command.run(Path(name), "watch", "--once")
        used = command.run(Path(name), "watch", "--once")
        shutil.rmtree(Path(name) / "in")
    whole = 1000 * (used.dispatcher + used.children)
    return Point(size, {"a look": whole, "a file": whole / size}, used.peak)


def shares(used: command.Used, size: int) -> dict[str, float]:
    return {"dispatcher": 1000 * used.dispatcher / size, "behind the wall": 1000 * used.children / size}
