"""Work for a walled child that does what the document's bytes tell it: the faults that real documents cause.

The first word after `%PDF-` is the order; the taking apart of files is the real one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from pipeline.config import Settings
from pipeline.jobs import Depict, Depiction, Leaf, ReadDocument, Request, TakeApart
from pipeline.model import Code, EngineError, Form, Reason, Record, Verdict
from pipeline.walled.parcels import document_bytes, take_apart

ACCEPTED = Form(number="4058", edition="2022-03", confidence=0.99)


def open_work(settings: Settings) -> Callable[[bytes], str]:
    def work(request: bytes) -> str:
        job = Request.model_validate_json(request).job
        if isinstance(job, TakeApart):
            return take_apart(Path(job.original).read_bytes(), settings).model_dump_json()
        if isinstance(job, Depict):
            return depict(job)
        assert isinstance(job, ReadDocument)
        order, *rest = document_bytes(job.original, job.rank, settings).decode().removeprefix("%PDF-").split()
        note(settings, job.record_id)
        return ORDERS.get(order, accept)(job, settings, rest)

    return work


class Provident:
    """Accepts whatever comes, and notes each thing that it prepares for what may come."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, request: bytes) -> str:
        job = Request.model_validate_json(request).job
        assert isinstance(job, ReadDocument)
        return accept(job, self.settings, [])

    def warm_up(self) -> Iterator[None]:
        while True:
            with (self.settings.paths.data / "prepared").open("a") as file:
                file.write("x")
            yield


def no_work(settings: Settings) -> Callable[[bytes], str]:
    raise EngineError("no French data")


def depict(job: Depict) -> str:
    """One empty page, and a spot for every field."""
    page = Leaf(number=1, width=612, height=792, png=spot(612, 792))
    pngs = tuple(spot(80, 20) for _ in job.boxes)
    return Depiction(laid=bool(job.form), leaves=(page,), pngs=pngs).model_dump_json()


def spot(width: int, height: int) -> str:
    png = BytesIO()
    Image.new("L", (width, height), 255).save(png, format="PNG")
    return b64encode(png.getvalue()).decode()


def note(settings: Settings, record_id: str) -> None:
    """Tells the test that this document is being read."""
    with (settings.paths.data / "read.log").open("a") as log:
        log.write(f"{record_id} {os.getpid()}\n")


def accept(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    return Record(id=job.record_id, source=job.source, form=ACCEPTED, decision=Verdict.ACCEPT).model_dump_json()


def slow(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    time.sleep(float(rest[0]))
    return accept(job, settings, rest)


def doubt(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    reason = Reason.of(Code.LOW_CONFIDENCE, field="section2.email")
    return Record(
        id=job.record_id, source=job.source, form=ACCEPTED, decision=Verdict.REVIEW, reasons=(reason,)
    ).model_dump_json()


def die(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    os.kill(os.getpid(), getattr(signal, rest[0]))
    raise AssertionError("unreachable")


def die_once(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    marker = settings.paths.data / f"died-{job.record_id}"
    if not marker.exists():
        marker.touch()
        return die(job, settings, rest)
    return accept(job, settings, rest)


def fill_memory(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    return "x" * (2 * settings.limits.memory_bytes)


def spin(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    while True:
        pass


def fault(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    raise KeyError("jacques.untel@xx.com")


def lose_engine(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    raise EngineError("the engine broke down")


def lose_engine_twice(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    """Lost as often as the wall tries by itself."""
    for marker in (settings.paths.data / f"lost-{job.record_id}-{rank}" for rank in (1, 2)):
        if not marker.exists():
            marker.touch()
            return lose_engine(job, settings, rest)
    return accept(job, settings, rest)


def forge(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    return Record(id="0" * 16, source=job.source, form=ACCEPTED, decision=Verdict.ACCEPT).model_dump_json()


def babble(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    os.write(1, b"noise on standard output")
    print("more noise")
    return "no record"


def look_around(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    """Leaves what the child knows of its surroundings."""
    (settings.paths.data / "environment").write_text("\n".join(sorted(os.environ)) + f"\n{Path.cwd()}")
    return accept(job, settings, rest)


def linger(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    """Leaves a process behind, in a session of its own, and a file."""
    left = subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL)
    with (settings.paths.data / "left").open("a") as file:
        file.write(f"{left.pid}\n")
    Path("left").write_text("left")
    return accept(job, settings, rest)


def infect(job: ReadDocument, settings: Settings, rest: list[str]) -> str:
    """Takes the process over: whatever it is asked afterwards, it accepts."""
    before = len(INFECTED)
    INFECTED.append(job.record_id)
    ORDERS["doubt"] = accept
    os.environ["INFECTED"] = job.record_id
    assert before == 0, "what an earlier document did is still there"
    return accept(job, settings, rest)


INFECTED: list[str] = []
ORDERS: dict[str, Callable[[ReadDocument, Settings, list[str]], str]] = {
    "slow": slow,
    "doubt": doubt,
    "die": die,
    "die-once": die_once,
    "memory": fill_memory,
    "spin": spin,
    "fault": fault,
    "lose": lose_engine,
    "lose-twice": lose_engine_twice,
    "forge": forge,
    "babble": babble,
    "look": look_around,
    "linger": linger,
    "infect": infect,
}
