"""A store like Amazon's S3, served on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from urllib.request import urlopen

from postgresql import free_port

KEY, SECRET = "AKIATESTTESTTESTTEST", "not-to-be-seen-by-workers"
SCRIPT = "import sys; from moto.server import main; main(sys.argv[1:])"


class ObjectStores:
    """The server. Use `remove` at the end."""

    def __init__(self) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, "moto does not start"
            time.sleep(0.05)

    @property
    def environment(self) -> dict[str, str]:
        """Where it is, and the keys: for whoever may keep and lend originals."""
        return {
            "AWS_ENDPOINT_URL_S3": self.address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
        }

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    remove = stop

    def _answers(self) -> bool:
        assert self._process.poll() is None
        try:
            with urlopen(self.address, timeout=5):
                return True
        except OSError:
            return False
