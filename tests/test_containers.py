"""What can be known of the containers without an engine: their files agree with each other and with the program."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from scanned_forms import ROOT

from pipeline.arguments import parser
from pipeline.config import load

FOLDER = ROOT / "deploy" / "containers"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service.get("image") == "access-request-pipeline")
ours = pytest.mark.parametrize("name", OURS)
each_service = pytest.mark.parametrize("name", sorted(SERVICES))


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", (FOLDER / dockerfile).read_text(encoding="utf-8")))
    return [(name, words) for name, _, words in (line.partition(" ") for line in text.splitlines() if line)]


@pytest.mark.parametrize("dockerfile", ["Dockerfile", "Dockerfile.dovecot"])
def test_everything_that_is_copied_is_there_and_reaches_the_engine(dockerfile: str) -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name, words in instructions(dockerfile):
        if name == "COPY" and not words.startswith("--from"):
            for source in words.split()[:-1]:
                assert (ROOT / source).exists()
                assert any(fnmatch(source, pattern) for pattern in let_in), source


def test_the_image_runs_as_nobody_in_particular_from_a_release_that_is_named() -> None:
    steps = instructions("Dockerfile")
    assert [words for name, words in steps if name == "USER"] == ["10001"]
    assert all(re.match(r"debian:\d+-slim|base", words) for name, words in steps if name == "FROM")


def test_the_images_packages_are_of_the_locks_versions_and_without_the_tests() -> None:
    whole, run = (
        set(re.findall(r"(?m)^([a-z0-9._-]+==\S+)", (ROOT / name).read_text()))
        for name in ("requirements.lock", "requirements-run.lock")
    )
    assert run < whole
    names = {each.partition("==")[0] for each in run}
    assert {"psycopg", "distributed", "s3fs", "onnxruntime"} <= names
    assert not names & {"pytest", "mypy", "playwright", "moto"}


@ours
def test_each_of_ours_can_change_nothing_but_its_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]


@each_service
def test_no_secret_stands_in_the_environment_and_each_is_made(name: str) -> None:
    service = SERVICES[name]
    for variable in service.get("environment", {}):
        assert not re.search("PASSWORD|SECRET|KEY|TOKEN", variable) or variable.endswith("_FILE")
    made = (FOLDER / "make-secrets").read_text(encoding="utf-8")
    for secret in service.get("secrets", ()):
        assert COMPOSE["secrets"][secret]["file"] == f"./secrets/{secret}"
        assert secret.removesuffix(".pem").removesuffix(".key") in made


@each_service
def test_pages_and_mail_are_offered_to_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", ["watch", "review"])
def test_its_command_is_one_of_the_programs(name: str) -> None:
    given = parser().parse_args(SERVICES[name]["command"])
    assert str(given.config) == "/etc/pipeline/config.toml"


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_its_options_are_dasks(name: str) -> None:
    command = [sys.executable, "-m", "dask", SERVICES[name]["entrypoint"][1], "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    for option in SERVICES[name]["command"]:
        assert not option.startswith("--") or option.partition("=")[0] in told


def test_the_settings_name_places_that_the_services_have() -> None:
    settings = load(FOLDER / "pipeline.toml")
    needed: dict[str, list[object]] = {
        "watch": [settings.paths.data, settings.paths.originals, *(each.path for each in settings.watch.folders)],
        "review": [settings.paths.data, settings.paths.originals],
        "worker": [settings.paths.originals],
    }
    for name, paths in needed.items():
        places = {volume.split(":")[1] for volume in SERVICES[name]["volumes"]}
        assert {str(each) for each in paths} <= places, name
    secrets: dict[str, list[object]] = {
        "watch": [settings.database.password_file, settings.dask.key, settings.watch.mailboxes[0].password_file],
        "review": [settings.database.password_file, settings.review.certificate, settings.review.key],
    }
    for name, files in secrets.items():
        assert {Path(str(each)).name for each in files} <= set(SERVICES[name]["secrets"])
    assert settings.database.url.split("@")[1].startswith("database:")
    assert settings.dask.scheduler == "tls://scheduler:8786"
    assert settings.watch.mailboxes[0].host in SERVICES


def test_what_is_mounted_as_settings_is_there() -> None:
    for config in COMPOSE["configs"].values():
        assert (FOLDER / config["file"]).is_file()
    assert {name for service in SERVICES.values() for name in service.get("depends_on", ())} <= set(SERVICES)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no OpenSSL here")
def test_the_secrets_to_try_with_hold_together_and_are_kept(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "make-secrets", tmp_path)
    for _ in range(2):
        subprocess.run([tmp_path / "make-secrets"], check=True, capture_output=True, timeout=60)
        made = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    assert set(COMPOSE["secrets"]) <= set(made)
    assert made["mail-users"].split(b"}")[1] == made["mail-password"]
    for name, host in (("cluster", "scheduler"), ("review", "localhost"), ("dovecot", "dovecot")):
        chain = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain.load_cert_chain(tmp_path / "secrets" / f"{name}.pem", tmp_path / "secrets" / f"{name}.key")
        checked = subprocess.run(
            ["openssl", "verify", "-CAfile", "authority.pem", "-verify_hostname", host, f"{name}.pem"],
            cwd=tmp_path / "secrets",
            capture_output=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr
    before = made
    subprocess.run([tmp_path / "make-secrets"], check=True, capture_output=True, timeout=60)
    assert {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()} == before
