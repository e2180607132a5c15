"""A real Dovecot on loopback, as an ordinary process with its own folder, and a line to it that can be cut."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROGRAM = shutil.which("dovecot", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
WHY_SKIPPED = "there is no Dovecot here: install Debian's dovecot-imapd"
USER, PASSWORD = "access", "secret"
SETTINGS = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
{encryption}
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{base}/mail
mail_max_userip_connections = 100
# Where the machine has no watch left to give (inotify), mail is looked for so often, instead of every half minute.
mailbox_idle_check_interval = 1 secs
{more}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """The server. `more`: further settings; `encrypted`: it has a certificate of its own making, in `certificate`.

    Use `remove` at the end.
    """

    def __init__(self, more: str = "", *, encrypted: bool = False) -> None:
        # Not where the tests' files are: those are for their owner alone, and as root the mail is not root's.
        self.base = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.base.chmod(0o755)
        root = os.geteuid() == 0
        user = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
        entry = pwd.getpwnam(user)
        for name in ("run", "mail", "home"):
            (self.base / name).mkdir(mode=0o755)
            if root:
                os.chown(self.base / name, entry.pw_uid, entry.pw_gid)
        self.port, self.tls_port = free_port(), free_port() if encrypted else 0
        self.certificate = self.base / "certificate.pem"
        encryption = (
            f"ssl = yes\nssl_cert = <{self.certificate}\nssl_key = <{self.base}/key.pem" if encrypted else "ssl = no"
        )
        if encrypted:
            make_certificate(self.certificate, self.base / "key.pem")
        group = subprocess.run(
            ["id", "-gn", user], capture_output=True, text=True, check=True
        ).stdout.strip()  # fmt: skip
        text = SETTINGS.format(
            base=self.base,
            user=user,
            group=group,
            password=PASSWORD,
            port=self.port,
            more=more,
            encryption=encryption,
            tls_port=self.tls_port,
        )
        (self.base / "dovecot.conf").write_text(text)
        self.start()

    def start(self) -> None:
        assert PROGRAM
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while True:
            with suppress(OSError, imaplib.IMAP4.error):
                self.client().logout()
                return
            assert time.monotonic() < deadline, (self.base / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def put(self, mails: Sequence[bytes], folder: str = "INBOX") -> None:
        client = self.client()
        for mail in mails:
            status, _ = client.append(folder, None, None, mail)
            assert status == "OK"
        client.logout()

    def count(self, folder: str) -> int:
        """Mails in the folder that are not marked as deleted; 0 when there is no such folder."""
        client = self.client()
        if client.select(folder, readonly=True)[0] != "OK":
            return 0
        found = client.search(None, "UNDELETED")[1]
        client.logout()
        return len(found[0].split()) if found and found[0] else 0

    def forget_numbers(self) -> None:
        """The numbering is lost, as after a restored backup: UIDVALIDITY changes. To be called when stopped."""
        for path in (self.base / "mail").glob("dovecot*"):
            path.unlink()
        # It is the second in which the numbering is made.
        time.sleep(1.1)


def make_certificate(certificate: Path, key: Path) -> None:
    """For 127.0.0.1, signed by itself; with OpenSSL, which Dovecot's package brings."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-out", certificate, "-keyout", key], check=True, capture_output=True)


class Line:
    """A line from a port of its own to the server. Each connection is cut after so many bytes; 0: never."""

    def __init__(self, port: int) -> None:
        self.cut_after: list[int] = []
        self.cuts = 0
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            theirs = socket.create_connection(("127.0.0.1", self._server))
            left = [self.cut_after.pop(0) if self.cut_after else 1 << 60]
            for pair in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._carry, args=(*pair, left), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while chunk := source.recv(4096):
                sink.sendall(chunk[: max(0, left[0])])
                left[0] -= len(chunk)
                if left[0] <= 0:
                    self.cuts += 1
                    break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
