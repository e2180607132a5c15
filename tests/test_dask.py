"""Workers of a Dask cluster read as the processes of this machine do, whatever dies meanwhile."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from cluster import Cluster
from daemons import ROOT, MailRoom
from prometheus_client import generate_latest
from rooms import TARGET, fill, mail, pdf, settings_in, treat

from pipeline import doctor
from pipeline.balance import take_stock
from pipeline.config import ConfigError, Database, Mailbox, Paths, Review, Settings, Watch, load
from pipeline.model import EngineError, Record
from pipeline.store.records import open_store
from pipeline.workforces.dask_worker import task_of


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path / "cluster")
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("standing") / "cluster")
    cluster.start(1)
    yield cluster
    cluster.remove()


def on(cluster: Cluster, data: Path, *, patience: float = 30.0) -> Settings:
    return settings_in(data).model_copy(update={"dask": cluster.settings(patience=patience)})


def requests(count: int, order: str = "accept") -> dict[str, bytes]:
    """So many documents: bare, in mails, one of them twice, and some that do not get through."""
    bare = {f"{rank:03}.pdf": pdf(f"{order} {rank}") for rank in range(count - 6)}
    attached = (("a.pdf", pdf("doubt")), ("b.pdf", pdf("accept 1")), ("c.pdf", pdf("die SIGKILL")))
    mails = {"m.eml": mail(*attached), "n.eml": mail(message_id="<n@example.org>")}
    return bare | mails | {"s.pdf": pdf("die SIGSEGV"), "f.pdf": pdf("fault")}


def as_lines(records: list[Record]) -> list[str]:
    return [record.to_contract_json() for record in records]


def test_a_hundred_documents_have_the_same_records_on_either_engine(tmp_path: Path) -> None:
    """On a cluster of this machine alone."""
    folder = fill(tmp_path / "in", requests(100))
    _, here = treat(folder, settings_in(tmp_path / "here"))
    _, there = treat(folder, settings_in(tmp_path / "there"), engine="dask")
    assert len(here) == 100
    assert as_lines(there) == as_lines(here)


def test_workers_and_scheduler_are_killed_and_the_records_are_the_same(mortal: Cluster, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", requests(40, "slow 0.15"))
    _, here = treat(folder, settings_in(tmp_path / "here"))
    mortal.start(2)
    done = threading.Event()
    kills = 0

    def kill() -> None:
        nonlocal kills
        chance = random.Random(4058)
        while not done.wait(chance.uniform(0.5, 1.2)) and kills < 3:
            kills += 1
            if kills == 3:
                mortal.kill_all()
                mortal.start(2)
            elif kills == 2:
                mortal.kill_worker()
                mortal.start(1)
            else:
                mortal.kill_under_watch()

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        _, there = treat(folder, on(mortal, tmp_path / "there"), engine="dask")
    finally:
        done.set()
        killing.join()
    assert kills >= 3
    assert as_lines(there) == as_lines(here)
    assert "untel" not in mortal.said().casefold()


def test_a_cluster_that_is_not_there_or_has_no_worker_is_said(mortal: Cluster, tmp_path: Path) -> None:
    fill(tmp_path / "in", {"a.pdf": pdf()})
    settings = on(mortal, tmp_path / "data", patience=1.0)
    with pytest.raises(EngineError, match=rf"scheduler {mortal.address}: cannot be reached"):
        treat(tmp_path / "in", settings, engine="dask")
    mortal.start(0)
    with pytest.raises(EngineError, match="has no worker"):
        treat(tmp_path / "in", on(mortal, tmp_path / "data", patience=3.0), engine="dask")


def test_workers_with_other_editions_are_not_believed(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "in", {"a.pdf": pdf()})
    monkeypatch.setattr("pipeline.workforces.dask_worker.house_of", lambda specs: "another")
    with pytest.raises(EngineError, match="its program or its editions are others"):
        treat(tmp_path / "in", on(cluster, tmp_path / "data"), engine="dask")


def test_workers_are_told_nothing_that_they_need_not_know(tmp_path: Path) -> None:
    mailbox = Mailbox(host="mail.example.org", user="keeper", password_file=Path("/etc/keeper"))
    settings = Settings(
        paths=Paths(specs=tmp_path),
        database=Database(url="postgresql://keeper@db.example.org/x", password_file="/etc/keeper"),
        watch=Watch(mailboxes=(mailbox,)),
        review=Review(host="desk.example.org", certificate="/etc/keeper", key="/etc/keeper"),
    )
    told = task_of(settings, TARGET).settings
    assert not [word for word in ("keeper", "example.org", "/etc") if word in told]


def test_the_daemon_reads_on_a_cluster_and_drains(cluster: Cluster, tmp_path: Path) -> None:
    room = MailRoom(tmp_path)
    told = cluster.settings(patience=20.0)
    room.configure(settle=0.05, poll=0.1, more="[dask]\n" + "\n".join(f"{name} = {value!r}" for name, value in told))
    fill(room.inbox, {f"{rank}.pdf": pdf(f"slow 0.1 {rank}") + b"\n%%EOF\n" for rank in range(8)})
    with room.at_work(engine="dask") as watch:
        room.wait_for_records(2)
    assert 'pipeline_job_seconds_count{kind="read"}' in generate_latest(watch.metrics.registry).decode()
    with open_store(load(room.config)) as store:
        books = take_stock(store)
    assert (books.faults, books.being_read) == ((), 0)
    assert room.once() == {}
    assert len({record["id"] for record in room.lines()}) == len(room.lines()) == 8


def test_the_doctor_says_whether_the_cluster_is_there(cluster: Cluster, tmp_path: Path) -> None:
    settings = on(cluster, tmp_path / "data")
    settings.paths.specs.mkdir(parents=True)
    assert doctor.cluster(settings, TARGET) == "1 workers"
    gone = settings.dask.model_copy(update={"scheduler": "tls://127.0.0.1:1", "patience_seconds": 0.2})
    with pytest.raises(doctor.Fault) as fault:
        doctor.cluster(settings.model_copy(update={"dask": gone}), TARGET)
    assert "docs/scale.md" in fault.value.remedy


def test_the_configuration_that_is_handed_out_is_that_of_the_cluster_here() -> None:
    from pipeline.workforces.dask_workforce import SPARING

    written = dask.config.collect(paths=[str(ROOT / "deploy" / "dask.yaml")], env={})
    assert {name: dask.config.get(name, config=written) for name in SPARING} == SPARING


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("scheduler = 'tcp://scheduler.example.org:8786'", "tls:// to another"),
        ("scheduler = 'tls://127.0.0.1:8786'", "all three for tls://"),
        ("scheduler = '127.0.0.1:8786'", "tls://HOST:PORT"),
        ("scheduler = 'tcp://127.0.0.1'", "tls://HOST:PORT"),
    ],
)
def test_a_scheduler_that_anybody_could_speak_to_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "config.toml").write_text(f"[dask]\n{text}\n")
    with pytest.raises(ConfigError, match=why):
        load(tmp_path / "config.toml")
