"""`pipeline review`, `pipeline accounts` and `pipeline audit`: as they are typed, and as they are served."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from dovecot import free_port
from review_house import PASSWORD
from rooms import fill, pdf, settings_in, treat
from scanned_forms import ROOT

from pipeline.config import ConfigError, load
from pipeline.store.records import DATABASE_NAME


def write_config(root: Path, review: str = "") -> Path:
    path = root / "config.toml"
    path.write_text(f"[paths]\ndata = 'data'\nspecs = '{ROOT / 'forms_specs'}'\n[review]\n{review}\n")
    (root / "password").write_text(PASSWORD + "\n")
    return path


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *arguments, "--config", str(root / "config.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_accounts_are_made_closed_and_shown(tmp_path: Path) -> None:
    write_config(tmp_path)
    secret = ("--password-file", str(tmp_path / "password"))
    assert run(tmp_path, "accounts", "add", "marie", "--role", "reviewer", *secret).returncode == 0
    again = run(tmp_path, "accounts", "add", "marie", "--role", "reviewer", *secret)
    assert (again.returncode, "existe déjà" in again.stderr) == (2, True)
    assert run(tmp_path, "accounts", "disable", "marie").returncode == 0
    assert "closed" in run(tmp_path, "accounts", "list").stdout
    nobody = run(tmp_path, "review")
    assert (nobody.returncode, "pipeline accounts add" in nobody.stderr) == (2, True)
    assert run(tmp_path, "accounts", "enable", "marie").returncode == 0
    (tmp_path / "password").write_text("short\n")
    assert run(tmp_path, "accounts", "password", "marie", *secret).returncode == 2
    assert PASSWORD.encode() not in (tmp_path / "data" / DATABASE_NAME).read_bytes()


def test_the_trail_is_proved_and_a_change_in_it_is_found(tmp_path: Path) -> None:
    write_config(tmp_path)
    assert run(tmp_path, "audit", "verify").returncode == 2
    treat(fill(tmp_path / "in", {"a.pdf": pdf(), "b.pdf": pdf("doubt")}), settings_in(tmp_path / "data"))
    assert run(tmp_path, "audit", "verify").returncode == 0
    with sqlite3.connect(tmp_path / "data" / DATABASE_NAME) as database:
        database.execute("UPDATE documents SET record = replace(record, 'review', 'accept')")
    changed = run(tmp_path, "audit", "verify")
    assert (changed.returncode, "records that are not as the audit trail has them: 1" in changed.stdout) == (1, True)


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ('host = "0.0.0.0"', "host"),
        ('certificate = "a.crt"', "certificate and key"),
        ('email_entry = "never"', "email_entry"),
        ("checked_share = 2", "checked_share"),
    ],
)
def test_a_setting_that_would_endanger_is_refused(tmp_path: Path, setting: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        load(write_config(tmp_path, setting))


def test_off_this_machine_behind_a_named_proxy(tmp_path: Path) -> None:
    assert load(write_config(tmp_path, 'host = "0.0.0.0"\nproxies = ["10.0.0.1"]')).review.host == "0.0.0.0"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_it_is_served_over_tls_and_ends_when_asked(tmp_path: Path) -> None:
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*make.split(), "-keyout", "review.key", "-out", "review.crt"], cwd=tmp_path, check=True, capture_output=True
    )
    port = free_port()
    write_config(tmp_path, f'certificate = "review.crt"\nkey = "review.key"\nport = {port}')
    secret = ("--password-file", str(tmp_path / "password"))
    assert run(tmp_path, "accounts", "add", "marie", "--role", "reviewer", *secret).returncode == 0
    command = [sys.executable, "-m", "pipeline", "review", "--config", str(tmp_path / "config.toml")]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        assert f"https://127.0.0.1:{port}/" in server.stderr.readline()
        context = ssl.create_default_context(cafile=str(tmp_path / "review.crt"))
        with urllib.request.urlopen(f"https://localhost:{port}/healthz", context=context, timeout=20) as answer:
            assert json.load(answer) == {"healthy": True}
    finally:
        server.send_signal(signal.SIGTERM)
    assert server.wait(20) in (0, -signal.SIGTERM)
