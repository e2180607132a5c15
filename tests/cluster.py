"""A Dask cluster in processes of their own on loopback, protected as one of many machines is: each may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from distributed.security import Security
from postgresql import free_port

from pipeline.config import Dask

ROOT = Path(__file__).parent.parent
FOLDERS = (str(Path(__file__).parent), str(ROOT))


class Cluster:
    """A scheduler and workers, started one by one. Use `remove` at the end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._files = certificates(folder)
        self.address = f"tls://127.0.0.1:{free_port()}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def settings(self, *, patience: float) -> Dask:
        certificate, key, authorities = self._files
        return Dask(
            scheduler=self.address,
            certificate=certificate,
            key=key,
            authorities=authorities,
            patience_seconds=patience,
        )

    def start(self, workers: int = 2) -> None:
        """The scheduler if there is none, and so many more workers."""
        if self.scheduler is None:
            port = self.address.rpartition(":")[2]
            self.scheduler = self._run("scheduler", "--host", "tls://127.0.0.1", "--port", port)
        for _ in range(workers):
            worker = ("--nthreads", "1", "--death-timeout", "60")
            self.workers.append(self._run("worker", self.address, *worker, "--local-directory", str(self._folder)))

    def kill_worker(self) -> None:
        """One that works, together with what watches over it."""
        self._kill(self.workers.pop(0))

    def kill_under_watch(self) -> None:
        """One that works; what watches over it starts another."""
        watching = self.workers[0].pid
        for task in Path(f"/proc/{watching}/task").iterdir():
            for child in (task / "children").read_text().split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(int(child), signal.SIGKILL)

    def kill_all(self) -> None:
        if self.scheduler is not None:
            self._kill(self.scheduler)
            self.scheduler = None
        while self.workers:
            self.kill_worker()

    def remove(self) -> None:
        self.kill_all()

    def said(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        certificate, key, authorities = self._files
        tls = ("--tls-cert", certificate, "--tls-key", key, "--tls-ca-file", authorities)
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments, "--no-dashboard", *tls],
                cwd=self._folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": os.pathsep.join((*FOLDERS, os.environ.get("PYTHONPATH", ""))),
                    "DASK_CONFIG": str(ROOT / "deploy" / "dask.yaml"),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """It and its group, at once."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def certificates(folder: Path) -> tuple[str, str, str]:
    """Certificate, key and authorities as files: of one self-signed certificate."""
    made = Security.temporary()  # type: ignore[no-untyped-call]
    contents = {"certificate": made.tls_client_cert, "key": made.tls_client_key, "authorities": made.tls_ca_file}
    for name, content in contents.items():
        (folder / name).write_text(str(content))
        (folder / name).chmod(0o600)
    certificate, key, authorities = (str(folder / name) for name in contents)
    return certificate, key, authorities
