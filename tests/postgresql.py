"""A real PostgreSQL in a folder of its own, reached by a socket in it and on loopback, run by nobody of importance."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from secrets import token_hex

import psycopg

from pipeline.config import Database

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
PROGRAM = shutil.which("initdb", path=os.pathsep.join([*map(str, reversed(FOLDERS)), os.environ.get("PATH", "")]))
WHY_SKIPPED = "there is no PostgreSQL here: install Debian's postgresql"
USER, PASSWORD = "pipeline", "secret"
# Nothing here needs to outlast a power cut; kills of the server itself lose nothing by this.
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
max_connections = 100
"""


class PostgreSQL:
    """The server; `database()` gives a new database in it each time. Use `remove` at the end."""

    def __init__(self) -> None:
        assert PROGRAM
        self._programs = Path(PROGRAM).resolve().parent
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self.port = free_port()
        self.password_file = self._folder / "password"
        self.password_file.write_text(PASSWORD + "\n")
        if os.geteuid() == 0:  # the server refuses to be run by root
            names = [entry.pw_name for entry in pwd.getpwall()]
            self._user: str | None = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self._folder, self._user)
            shutil.chown(self.password_file, self._user)
        else:
            self._user = None
        self._data = self._folder / "data"
        self._run("initdb", "-D", str(self._data), "-U", USER, "-E", "UTF8", "--no-sync", "--no-instructions",
                  "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={self.password_file}")  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=self.port, folder=self._folder))
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """mode: `immediate` is as a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self._data))

    def remove(self) -> None:
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def database(self, template: str = "template1") -> Database:
        """A new database, by the socket, where no password is asked for."""
        name = f"test_{token_hex(4)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Database(url=f"postgresql://{USER}@/{name}?host={self._folder}&port={self.port}")

    def over_loopback(self, database: Database, **password: str) -> Database:
        """The same one by a way on which a password is asked for."""
        name = database.url.partition("?")[0].rpartition("/")[2]
        return Database(url=f"postgresql://{USER}@127.0.0.1:{self.port}/{name}", **password)

    def execute(self, statement: str, database: Database | None = None) -> list[tuple[object, ...]]:
        url = database.url if database else f"postgresql://{USER}@/postgres?host={self._folder}&port={self.port}"
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            user=self._user,
            extra_groups=None if self._user is None else [],
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be the server's too, and never end
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{program}: status {done.returncode}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
