"""What the mail room survives: kills at any moment and point, full disks, storms of files. Each prints its figures.

`make test` runs the quick versions, `make reliability` (RELIABILITY=full) the full ones.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from daemons import ROOT, MailRoom
from postgresql import PostgreSQL
from rooms import TARGET, alive, fill, mail, pdf

from pipeline.balance import examine, take_stock
from pipeline.config import load
from pipeline.store.records import open_store

FULL = os.environ.get("RELIABILITY") == "full"
END = b"\n%%EOF\n"
Say = Callable[[str], None]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    room = MailRoom(tmp_path)
    room.configure(settle=0.05, poll=0.2)
    yield room
    room.end()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Say:
    def speak(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {request.node.name}: {text}", end="")

    return speak


class Server:
    """Daemons that start at once; see `daemon_server`."""

    def __init__(self, room: MailRoom) -> None:
        self._room = room
        self._points = room.root / "points"
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "daemon_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=room.root,
            env=room.environment,
        )

    def start(self, *more: str, crash_at: str = "", turn: int = 1) -> int:
        """The process id of a daemon that ends itself when it passes a point, see `points`, for the `turn`-th time."""
        order = {
            "arguments": ["watch", *more, "--config", str(self._room.config)],
            "target": TARGET,
            "log": str(self._room.log),
            "points": str(self._points),
            "crash_at": crash_at,
            "turn": turn,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def points(self) -> list[str]:
        """The names of the commits, renames and syncs that any of the daemons has come by."""
        return sorted(set(self._points.read_text().splitlines())) if self._points.exists() else []

    def wait_for_end(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while alive(str(pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return not alive(str(pid))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)


def requests(count: int) -> dict[str, bytes]:
    """Files with `count` documents: bare, in mails, some of them duplicates, some without any."""
    files: dict[str, bytes] = {}
    for rank in range(0, count, 3):
        files[f"{rank:05}.pdf"] = pdf(f"slow 0.02 {rank % 40}") + END
        attachments = (("x.pdf", pdf(f"doubt {rank}") + END), ("y.pdf", pdf(f"accept {rank}") + END))
        files[f"{rank:05}.eml"] = mail(*attachments, message_id=f"<{rank}@example.org>")
    return files


class Arriving:
    """Takes the files out of the inbox again, and brings them back by and by, in order and as old as they are."""

    def __init__(self, room: MailRoom) -> None:
        self._room, self._came = room, 0
        self._away = room.inbox.rename(room.root / "away")
        room.inbox.mkdir()
        self._files = sorted(self._away.iterdir())

    def bring(self, share: float) -> None:
        upto = round(share * len(self._files))
        for path in self._files[self._came : upto]:
            path.rename(self._room.inbox / path.name)
        self._came = upto

    def all_is_recorded(self) -> bool:
        """Whether all that has come has its record: two for each mail of `requests`, one for each bare file."""
        documents = sum(2 if path.suffix == ".eml" else 1 for path in self._files[: self._came])
        return len(self._room.lines()) >= documents


def lines(room: MailRoom) -> list[bytes]:
    content = room.out.read_bytes()
    assert content.endswith(b"\n"), "a torn line"
    return sorted(content.splitlines())


def undisturbed(room: MailRoom, root: Path) -> list[bytes]:
    """The records of the same files when nobody disturbs the daemon."""
    quiet = MailRoom(root)
    quiet.inbox.rmdir()
    quiet.inbox.symlink_to(room.inbox)
    quiet.configure(settle=0.05)
    assert quiet.once() == {}
    return lines(quiet)


def assert_all_is_well(room: MailRoom) -> None:
    assert room.once() == {}  # the next start clears away what a kill has left
    assert not list(room.data.rglob("*.part"))
    assert not list((room.data / "tmp").iterdir())
    with open_store(load(room.config)) as store:
        books = take_stock(store)
        assert books.faults == ()
        assert books.in_flight == books.files_in_flight == 0, "in limbo"
        assert list(examine(store, room.out)) == []
    assert not room.children_alive(), "orphans"


def assert_nobody_is_named(room: MailRoom) -> None:
    """Senders, names of attachments and what is read stand in the store and in the records, and in nothing else."""
    kept = [room.data / "pipeline.sqlite3", room.data / "originals", room.inbox, room.config, room.out]
    for path in room.root.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(place) for place in kept) and "quiet" not in path.parts:
            content = path.read_bytes()
            assert not [word for word in (b"Untel", b"untel", b"x.pdf", b"doubt") if word in content], path


def test_killed_at_random_moments_and_at_every_point_that_lasts(room: MailRoom, tmp_path: Path, say: Say) -> None:
    """Files arrive from kill to kill, so that each kill meets work. The point killed at least so far is next."""
    kills, documents, enough = (300, 1000, 20) if FULL else (30, 60, 8)
    fill(room.inbox, requests(documents))
    expected = undisturbed(room, tmp_path / "quiet")
    arriving = Arriving(room)
    chance = random.Random(4058)
    server = Server(room)
    done, tries, hit = Counter[str](), Counter[str](), set[str]()
    began = time.monotonic()
    rank = 0
    # On a busy machine few points are reached in so short a time: then it is tried for longer.
    while rank < kills or (len(hit) < enough and rank < 2 * kills):
        patience = (2.0 if FULL else 1.2) if rank < kills else 10.0
        arriving.bring(min(1.0, (rank + 1) / kills))
        point = min(server.points(), key=lambda name: (tries[name], chance.random()), default="") if rank % 3 else ""
        tries[point] += 1
        pid = server.start(crash_at=point, turn=1 if tries[point] == 1 else chance.randint(1, 4))
        ended = server.wait_for_end(pid, patience if point else chance.uniform(0.02, 2.0 if FULL else 0.9))
        if ended:
            hit.add(point)
        else:
            done["idle"] += arriving.all_is_recorded()
            os.kill(pid, signal.SIGKILL)
            assert server.wait_for_end(pid, 20)
        done["at a point" if ended else "at a moment"] += 1
        room.wait_for(lambda: not room.children_alive(), 10)
        rank += 1
    last = server.start()
    room.wait_for(lambda: room.out.exists() and room.out.read_bytes().count(b"\n") >= len(expected), 600)
    os.kill(last, signal.SIGTERM)
    assert server.wait_for_end(last, 60)
    server.close()
    assert lines(room) == expected
    assert_all_is_well(room)
    assert_nobody_is_named(room)
    say(
        f"{rank} kills ({done['at a moment']} at a moment, of which {done['idle']} with nothing to do; "
        f"{done['at a point']} at {len(hit)} of {len(server.points())} commits, renames and syncs), "
        f"{len(expected)} documents, {time.monotonic() - began:.0f} s: 0 lost, 0 doubled, 0 torn, 0 in limbo, 0 orphans"
    )
    never = sorted(set(server.points()) - hit)
    assert len(hit) >= enough, never
    say(f"not killed at, for they were not passed again: {never}")


def test_killed_at_each_point_of_a_whole_life(tmp_path: Path, say: Say) -> None:
    """From a store that is not there yet to an end that nobody asked for: dead at each point in turn, in a new room."""
    room = newborn_room(tmp_path / "room")
    server = Server(room)
    assert server.wait_for_end(server.start("--once"), 30)
    expected, points = lines(room), server.points()
    ends = [
        point for point in points if any(place in point for place in ("open_engine", "sweep_parts", "leases.close"))
    ]
    assert len(ends) >= 3, points
    hit = 0
    for point in points if FULL else ends:
        shutil.rmtree(room.root)  # the next lives where this one did: a record's id tells where its file was
        room = newborn_room(room.root)
        pid = server.start("--once", crash_at=point)
        assert server.wait_for_end(pid, 30)
        room.wait_for(Gone(pid), 10)
        died = not room.out.exists() or "ended: nothing is in flight" not in room.said()
        hit += died
        assert died, f"it did not come by {point}"
        assert_all_is_well(room)
        assert lines(room) == expected, point
    server.close()
    say(f"{hit} points of {len(points)}, each in a life of its own: 0 lost, 0 doubled, 0 in limbo")


@dataclass(frozen=True)
class Gone:
    """Whether nothing is left of a process, not even its entry: what it left behind is cleared away only then."""

    pid: int

    def __call__(self) -> bool:
        return not Path(f"/proc/{self.pid}").exists()


def newborn_room(root: Path) -> MailRoom:
    """A mail room that has never been at work, in which somebody has died while writing an original."""
    room = MailRoom(root)
    room.configure(settle=0.05, poll=0.2)
    fill(room.inbox, requests(6))
    for path in room.inbox.iterdir():
        os.utime(path, (1_650_000_000, 1_650_000_000))  # the date of reception of a bare file
    dead = subprocess.Popen(["true"])
    dead.wait()
    fill(room.data, {f"originals/ab/.abcdef.{dead.pid}-00.part": b"half"})
    return room


def test_two_daemons_on_one_postgresql_are_killed_and_nothing_is_lost_or_doubled(
    postgresql: PostgreSQL, tmp_path: Path, say: Say
) -> None:
    """Each has a folder of its own, and one that both watch. The same bytes come to both, too."""
    kills, documents = (100, 900) if FULL else (10, 16)
    folders = {name: tmp_path / name for name in ("left", "right", "both")}
    for name, folder in folders.items():
        own = {f"{rank:05}.pdf": pdf(f"slow 0.05 {name} {rank}") + END for rank in range(documents)}
        twins = {f"twin-{rank:05}.pdf": pdf(f"doubt {rank}") + END for rank in range(documents // 4)}
        fill(folder, own | (twins if name != "both" else {}))
    database = postgresql.database()
    shared = f"originals = '{tmp_path / 'originals'}'\n[database]\nurl = '{database.url}'"
    rooms = {name: MailRoom(tmp_path / f"room-{name}") for name in ("left", "right")}
    for name, room in rooms.items():
        room.configure(watch=watching(folders, name, "both"), more=shared, settle=0.05, poll=0.2)
    quiet = MailRoom(tmp_path / "quiet")
    quiet.configure(watch=watching(folders, *folders), settle=0.05)
    assert quiet.once() == {}

    began = time.monotonic()
    servers = {name: Server(room) for name, room in rooms.items()}
    at_points = kill_by_turns(servers, kills)
    pids = {name: server.start() for name, server in servers.items()}
    count = 3 * documents + 2 * (documents // 4)
    for room in rooms.values():
        room.wait_for_records(count, 600 if FULL else 60)
    for name, server in servers.items():
        os.kill(pids[name], signal.SIGTERM)
        assert server.wait_for_end(pids[name], 60)
        server.close()
    for room in rooms.values():
        assert_all_is_well(room)
    one, other = (lines(room) for room in rooms.values())
    assert one == other
    assert len(one) == len({json.loads(line)["id"] for line in one}) == count
    assert without_twins(one) == without_twins(lines(quiet))
    twice = [json.loads(line) for line in one if b"/twin-" in line]
    firsts = {record["id"] for record in twice if record["decision"] == "review"}
    assert {record.get("duplicate_of") for record in twice if record["decision"] == "reject"} == firsts
    assert len(firsts) == documents // 4
    say(
        f"{kills} kills and {at_points} at a point, {count} documents, {time.monotonic() - began:.0f} s: "
        "0 lost, 0 doubled, 0 in limbo"
    )


def kill_by_turns(servers: dict[str, Server], kills: int) -> int:
    """Kills daemons while others go on, at a moment or at a point, until none runs; how many got to their points."""
    chance = random.Random(4444)
    pids = {name: server.start() for name, server in servers.items()}
    at_points = 0
    for rank in range(kills):
        name = chance.choice(sorted(servers))
        time.sleep(chance.uniform(0.1, 0.6))
        end(servers[name], pids[name])
        point = chance.choice(servers[name].points() or [""]) if rank % 2 else ""
        pids[name] = servers[name].start(crash_at=point, turn=chance.randint(1, 3))
        at_points += bool(point) and servers[name].wait_for_end(pids[name], 0.5)
    for name, server in servers.items():
        end(server, pids[name])
    return at_points


def end(server: Server, pid: int) -> None:
    if alive(str(pid)):
        os.kill(pid, signal.SIGKILL)
        assert server.wait_for_end(pid, 20)


def watching(folders: dict[str, Path], *names: str) -> str:
    return f"folders = [{', '.join(f'{{ path = {str(folders[name])!r} }}' for name in names)}]"


def without_twins(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if b"/twin-" not in line]


def test_killed_children_take_no_other_document_with_them(
    room: MailRoom, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    monkeypatch.setattr("pipeline.watch.FIRST_PAUSE", 0.1)
    monkeypatch.setattr("pipeline.watch.LONGEST_PAUSE", 0.5)
    kills, documents = (300, 600) if FULL else (20, 40)
    fill(room.inbox, {f"{rank:05}.pdf": pdf(f"slow 0.15 {rank}") + END for rank in range(documents)})
    chance = random.Random(4123)
    killed = 0
    with room.at_work():
        deadline = time.monotonic() + 600
        while killed < kills and time.monotonic() < deadline and len(room.lines()) < documents:
            time.sleep(chance.uniform(0.05, 0.3))
            family = walled(os.getpid())
            if family:
                try:
                    os.kill(chance.choice(family), signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
        room.wait_for_records(documents, 300)
    records = room.lines()
    assert len({record["id"] for record in records}) == len(records) == documents
    codes = {reason["code"] for record in records for reason in record["reasons"]}
    assert codes <= {"processing-limit"}
    assert_all_is_well(room)
    decisions = Counter(record["decision"] for record in records)
    say(f"{killed} kills, {documents} documents: {dict(decisions)}, 0 lost, 0 doubled")


def walled(parent: int) -> list[int]:
    """The walled processes below this one, forks and all."""
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{parent}/task").iterdir())
    except OSError:  # it has ended meanwhile
        return found
    for task in tasks:
        try:
            children = [int(pid) for pid in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            try:
                if b"pipeline.walled.wall" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found += [child, *walled(child)]
            except OSError:
                continue
    return found


@pytest.mark.alone
def test_poison_among_good_documents_costs_them_little(room: MailRoom, tmp_path: Path, say: Say) -> None:
    """Every tenth kills its process or never ends; what that itself costs is known, the rest is others' loss."""
    count = 300 if FULL else 20
    limit = 1.0
    room.configure(settle=0.05, more=f"[limits]\nseconds_per_document = {limit}")
    good = {f"{rank:05}.pdf": pdf(f"slow 0.15 {rank}") + END for rank in range(count)}
    fill(room.inbox, good)
    began = time.monotonic()
    assert room.once() == {}
    clean = time.monotonic() - began
    poisoned = MailRoom(tmp_path / "poisoned")
    poisoned.configure(settle=0.05, more=f"[limits]\nseconds_per_document = {limit}")
    orders = ("die SIGSEGV", "spin", "die SIGABRT", "memory")
    bad = {f"{rank:05}-bad.pdf": pdf(f"{orders[rank // 10 % 4]} {rank}") + END for rank in range(0, count, 10)}
    fill(poisoned.inbox, good | bad)
    began = time.monotonic()
    assert poisoned.once() == {}
    disturbed = time.monotonic() - began
    named = {Path(record["source"]["path"]).name: record for record in poisoned.lines()}
    assert {named[name]["decision"] for name in good} == {"accept"}
    assert {reason["code"] for name in bad for reason in named[name]["reasons"]} <= {
        "processing-limit",
        "document-unreadable",
    }
    spins = sum(content.startswith(b"%PDF- spin") for content in bad.values())
    own = spins * limit / 2  # of two workers, each that spins holds one
    rate = clean / max(disturbed - own, 0.01)
    say(f"{count} good, {len(bad)} bad: clean {clean:.1f} s, poisoned {disturbed:.1f} s, good ones kept {rate:.0%}")
    assert rate >= 0.8


@pytest.mark.parametrize("fault", ["full disk", "few open files"])
def test_when_the_machine_runs_out_nothing_is_half_done(room: MailRoom, fault: str, say: Say) -> None:
    rounds = 10 if FULL else 1
    starved = 0
    for turn in range(rounds):
        files = {f"{turn}-{rank:02}.pdf": pdf(f"accept {turn} {rank}") + b" " * 30_000 + END for rank in range(6)}
        big = {f"{turn}-99.pdf": pdf(f"accept {turn}") + b" " * 700_000 + END}
        fill(room.inbox, files | big)

        def starve(turn: int = turn) -> None:
            if fault == "full disk":
                resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
            else:
                resource.setrlimit(resource.RLIMIT_NOFILE, (16 - turn % 5, 16 - turn % 5))

        # With a few descriptors more it gets through, and must have done all then.
        status = room.start("--once", before=starve).wait(timeout=60)
        starved += status == 1
        assert status == 1 or len(room.lines()) == 7 * (turn + 1)
        assert "Traceback" not in room.said()
        assert room.once() == {}
        assert len(room.lines()) == 7 * (turn + 1)
        assert_all_is_well(room)
    assert starved > rounds / 3
    say(f"{rounds} times, of which {starved} could not go on: each time it went on afterwards")


def test_a_read_only_maildir_is_a_fault_and_its_mail_gets_its_records_once(
    room: MailRoom, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    rounds = 10 if FULL else 1
    monkeypatch.setattr("pipeline.sources.feed.FIRST_PAUSE", 0.05)
    for name in ("new", "cur", "tmp"):
        (room.root / "box" / name).mkdir(parents=True)
    room.configure(watch="folders = []\nmaildirs = [{ path = 'box' }]", poll=0.1)
    real = Path.rename
    for turn in range(rounds):
        fill(room.root / "box" / "new", {f"{turn}.x": mail(message_id=f"<{turn}@example.org>")})

        def refuse(self: Path, target: Path) -> Path:
            if self.parent.name == "new":
                raise OSError(30, "Read-only file system", str(self))
            return real(self, target)

        monkeypatch.setattr(Path, "rename", refuse)
        with room.at_work() as watch:
            room.wait_for(lambda: watch.faults.get("box") == "Read-only file system")
            room.wait_for_records(turn + 1)
        monkeypatch.setattr(Path, "rename", real)
        assert room.once() == {}
        assert not list((room.root / "box" / "new").iterdir())
        assert len(room.lines()) == turn + 1
    assert_all_is_well(room)
    say(f"{rounds} times")


def test_a_storm_of_files_is_found_whatever_is_announced(room: MailRoom, say: Say) -> None:
    """All at once while the daemon sleeps, so that announcements are lost; the daemon stays small."""
    count = 20_000 if FULL else 500
    seconds = 3600 if FULL else 120
    room.configure(settle=0.2, poll=1.0)
    daemon = room.start()
    room.wait_for(lambda: "at work" in room.said())
    daemon.send_signal(signal.SIGSTOP)
    for rank in range(count):
        (room.inbox / f"{rank:05}.docx").write_bytes(b"PK\x03\x04")
        if rank % 100 == 0:
            (room.inbox / f"{rank:05}.pdf").write_bytes(pdf(f"accept {rank}") + END)
    daemon.send_signal(signal.SIGCONT)
    documents = len(range(0, count, 100))
    room.wait_for_records(documents, seconds)
    room.wait_for(lambda: room.rows("SELECT count(*) FROM sightings WHERE state = 'ignored'") == [(count,)], seconds)
    peak = peak_memory(daemon.pid)
    assert room.stop(daemon) == 0
    assert len(room.lines()) == documents
    assert_all_is_well(room)
    say(f"{count + documents} files: all found, none twice; the daemon took {peak // 1_000_000} MB at most")
    assert peak < 300_000_000


def peak_memory(pid: int) -> int:
    """Bytes of memory that the process has held at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def test_the_same_documents_from_everywhere_give_no_second_record(room: MailRoom, tmp_path: Path, say: Say) -> None:
    """Twice, shuffled, renamed, and the same mail from a folder and a Maildir."""
    count = 300 if FULL else 15
    fill(room.inbox, requests(count))
    assert room.once() == {}
    before = lines(room)
    for path in sorted(room.inbox.iterdir(), reverse=True):
        path.rename(room.inbox / f"again-{path.name}")
    for name in ("new", "cur", "tmp"):
        (room.root / "box" / name).mkdir(parents=True)
    for path in room.inbox.glob("*.eml"):
        fill(room.root / "box" / "new", {f"{path.name}.host": path.read_bytes()})
    room.inbox.rename(room.root / "elsewhere")
    room.configure(watch="folders = [{ path = 'elsewhere' }]\nmaildirs = [{ path = 'box' }]", settle=0.05)
    assert room.once() == {}
    assert lines(room) == before
    assert_all_is_well(room)
    say(f"{len(before)} documents, three times over: no second record")
