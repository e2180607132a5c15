"""Settings from config.toml: checked once, then passed on as a value."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.model import Code, Kind


class ConfigError(Exception):
    """The configuration is wrong; the text says which file and key, and why."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


AnySection = TypeVar("AnySection", bound=Section)


class Paths(Section):
    """Where things are; relative paths are relative to the configuration file."""

    data: Path = Path("data")
    specs: Path = Path("forms_specs")
    drafts: Path = Path("drafts")
    originals: str = ""


class Database(Section):
    """The database of the store: a SQLite file in DATA where there is no `url`, else PostgreSQL."""

    url: str = ""
    password_file: str = ""
    password_variable: str = ""

    @field_validator("url")
    @classmethod
    def _postgresql(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and parts.scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ValueError("postgresql://user@host/database, or nothing for SQLite in [paths] data")
        if parts.password or "password" in parse_qs(parts.query):
            raise ValueError("no password here: give it by password_file or password_variable")
        return url

    @model_validator(mode="after")
    def _one_password(self) -> Database:
        if self.password_file and self.password_variable:
            raise ValueError("password_file or password_variable: one of the two")
        return self


class Limits(Section):
    """What a document may cost before it is refused."""

    max_bytes: int = Field(default=40_000_000, gt=0)
    max_pages: int = Field(default=50, gt=0)
    max_page_pixels: int = Field(default=100_000_000, gt=0)
    seconds_per_document: float = Field(default=30.0, gt=0)
    memory_bytes: int = Field(default=700_000_000, gt=0)
    max_mail_parts: int = Field(default=50, gt=0)
    max_mail_depth: int = Field(default=10, gt=0)


# Words that name a role or a place of work and no person, without accents; see `pipeline.mailboxes` for how they count.
_ROLE_WORDS = """
    info infos information informations renseignement renseignements general contact contacts bonjour hello
    reception receptionniste accueil secretariat administration admin administrateur administrator direction bureau
    office gestion cabinet centre center clinique cliniques clinic pharmacie pharmacies pharmacy rx
    ordonnance ordonnances prescription prescriptions laboratoire labo lab hopital hospital clsc gmf infirmerie
    soins comptoir dossier dossiers archives medical rdv rendezvous appointment appointments
    ti it informatique techno technologie technologies technique techniques systeme systemes reseau reseaux securite
    security sysadmin root webmaster postmaster hostmaster abuse web site
    support soutien aide assistance help helpdesk servicedesk service services client clients clientele customer
    customers
    equipe equipes team teams personnel staff employes tous all groupe group
    rh hr paie payroll comptabilite compta comptes accounting accounts facturation factures billing invoices achat
    achats approvisionnement commande commandes order orders vente ventes sales marketing communication
    communications formation qualite conformite recrutement emploi emplois jobs
    courriel courriels courrier email mail poste noreply donotreply nepasrepondre
    qc quebec mtl montreal canada
"""
SHARED_MAILBOXES: tuple[str, ...] = tuple(_ROLE_WORDS.split())


class Period(Section):
    """From and until which day of reception, both included; without one, always."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


# The reasons that a rule on what is written gives; the others are about the document.
ON_READINGS = frozenset(
    {
        Code.FIELD_MISSING,
        Code.FIELD_INVALID,
        Code.EMAIL_INVALID,
        Code.EMAIL_SHARED_MAILBOX,
        Code.EMAILS_NOT_DIFFERENT,
        Code.SIGNATURE_MISSING,
    }
)


class Rules(Section):
    """The bulletin's rules. `shared_mailboxes` replaces the built-in list and does not add to it.

    in_force: when a rule applies, by its reason code; one that is not named always does.
    """

    timezone: str = "America/Toronto"
    first_accepted_edition: str = Field(default="2022-03", pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    cutoff: date = date(2022, 3, 31)
    shared_mailboxes: tuple[str, ...] = SHARED_MAILBOXES
    in_force: dict[Code, Period] = Field(default_factory=dict)

    @field_validator("in_force")
    @classmethod
    def _of_rules(cls, periods: dict[Code, Period]) -> dict[Code, Period]:
        wrong = sorted(set(periods) - ON_READINGS)
        if wrong:
            raise ValueError(f"{wrong[0]} is no rule on what is written; these are: {', '.join(sorted(ON_READINGS))}")
        return periods

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as error:
            raise ValueError(f"no such time zone: {name}") from error
        return name


# As an address has it behind its at sign, in small letters.
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class Ocr(Section):
    """The engines, by name in `pipeline.ocr.ENGINES`; the first also looks for footers. known_domains: where those who
    ask have their mail, besides `pipeline.language.domains.COMMON`."""

    engines: tuple[str, ...] = ("paddle", "own", "tesseract")
    known_domains: tuple[str, ...] = ()

    @field_validator("known_domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        wrong = sorted(domain for domain in domains if not DOMAIN.fullmatch(domain))
        if wrong:
            raise ValueError(f"{wrong[0]} is no domain in small letters, such as clinique-exemple.qc.ca")
        return domains


class Confidence(Section):
    """The error rate that an automatic decision may have, per kind of field: 0.0001 is 1 wrong in 10,000."""

    text: float = Field(default=0.005, gt=0, lt=1)
    phone: float = Field(default=0.005, gt=0, lt=1)
    digits: float = Field(default=0.005, gt=0, lt=1)
    email: float = Field(default=0.0001, gt=0, lt=1)
    choice: float = Field(default=0.005, gt=0, lt=1)
    signature: float = Field(default=0.005, gt=0, lt=1)
    date: float = Field(default=0.002, gt=0, lt=1)

    def threshold(self, kind: Kind) -> float:
        """The least confidence with which a reading of this kind is acted on."""
        return 1.0 - float(getattr(self, kind.value))


class WatchedFolder(Section):
    """A folder that files appear in; `poll`: its changes are not announced (a network share), so it is only scanned."""

    path: Path
    name: str = ""
    poll: bool = False


class Maildir(Section):
    """A Maildir: what is in its new/ is whole, and goes to cur/ when it is done with."""

    path: Path
    name: str = ""


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Mailbox(Section):
    """A folder of an IMAP account, whose mail goes to `processed` or `failed` when it is done with."""

    host: str
    user: str
    name: str = ""
    port: int = Field(default=993, gt=0, lt=65536)
    security: Literal["tls", "starttls", "none"] = "tls"
    authorities: Path | None = None
    password_file: Path | None = None
    password_variable: str | None = None
    folder: str = "INBOX"
    processed: str = "Processed"
    failed: str = "Failed"
    timeout_seconds: float = Field(default=30.0, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Mailbox:
        if (self.password_file is None) == (self.password_variable is None):
            raise ValueError("password_file or password_variable: one of the two")
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security: a password goes unprotected to this machine alone")
        if len({self.folder, self.processed, self.failed}) < 3:
            raise ValueError("folder, processed and failed are three")
        return self


class Watch(Section):
    """What the daemon takes mail and files from, and how."""

    folders: tuple[WatchedFolder, ...] = (WatchedFolder(path=Path("inbox")),)
    maildirs: tuple[Maildir, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()
    poll_seconds: float = Field(default=10.0, gt=0)
    settle_seconds: float = Field(default=2.0, ge=0)
    unfinished_seconds: float = Field(default=60.0, ge=0)
    records: str = ""
    workers: int = Field(default=0, ge=0)
    log: Literal["text", "json"] = "text"
    port: int = Field(default=0, ge=0, lt=65536)

    @model_validator(mode="after")
    def _named_apart(self) -> Watch:
        names = [
            *map(source_name, self.folders),
            *map(source_name, self.maildirs),
            *map(source_name, self.mailboxes),
        ]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sources are called {twice[0]}: give one another name")
        return self


def source_name(source: WatchedFolder | Maildir | Mailbox) -> str:
    """What the source is called in records and logs."""
    if source.name:
        return source.name
    return source.host if isinstance(source, Mailbox) else source.path.name


class Review(Section):
    """The reviewers' pages. Off this machine only over TLS: our own, or that of a proxy that is trusted."""

    host: str = "127.0.0.1"
    port: int = Field(default=8470, ge=0, lt=65536)
    names: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""
    proxies: tuple[str, ...] = ()
    idle_minutes: float = Field(default=15.0, gt=0)
    longest_hours: float = Field(default=10.0, gt=0)
    desk_minutes: float = Field(default=15.0, gt=0)
    email_entry: Literal["once", "twice", "two-people"] = "twice"
    checked_share: float = Field(default=0.02, ge=0, le=1)
    checked_fields: int = Field(default=3, ge=0)

    @model_validator(mode="after")
    def _protected(self) -> Review:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key: both, or none of the two")
        if self.host not in LOOPBACK and not self.certificate and not self.proxies:
            raise ValueError("host: off this machine only with certificate and key, or behind proxies that are named")
        return self


class Dask(Section):
    """The Dask cluster that reads for `--engine dask`; without a scheduler, one of this machine alone is started."""

    scheduler: str = ""
    certificate: str = ""
    key: str = ""
    authorities: str = ""
    patience_seconds: float = Field(default=60.0, gt=0)

    @model_validator(mode="after")
    def _protected(self) -> Dask:
        address = urlsplit(self.scheduler)
        if self.scheduler and (address.scheme not in ("tcp", "tls") or not address.hostname or not address.port):
            raise ValueError("scheduler: tls://HOST:PORT, or tcp:// on this machine")
        if address.scheme == "tls" and not (self.certificate and self.key and self.authorities):
            raise ValueError("certificate, key and authorities: all three for tls://")
        # Whoever reaches a scheduler may have its workers run anything.
        if address.scheme == "tcp" and address.hostname not in LOOPBACK:
            raise ValueError("scheduler: unprotected on this machine alone; tls:// to another")
        return self


class Settings(Section):
    paths: Paths = Paths()
    database: Database = Database()
    limits: Limits = Limits()
    rules: Rules = Rules()
    ocr: Ocr = Ocr()
    confidence: Confidence = Confidence()
    watch: Watch = Watch()
    dask: Dask = Dask()
    review: Review = Review()


DEFAULT_NAME = "config.toml"


def load(path: Path | None) -> Settings:
    """The settings of `path`, or of config.toml in the working directory, or the built-in ones.

    Paths in the result are absolute. Raises `ConfigError` naming file, key and reason.
    """
    if path is None:
        path = Path(DEFAULT_NAME)
        if not path.is_file():
            return _resolved(Settings(), Path.cwd())
    try:
        settings = Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(explain(path, error))) from error
    return _resolved(settings, path.resolve().parent)


def explain(path: Path, error: ValidationError) -> list[str]:
    """Each fault of a validation as `file: key: reason`."""
    return [f"{path}: {'.'.join(map(str, fault['loc'])) or '(file)'}: {fault['msg']}" for fault in error.errors()]


def _resolved(settings: Settings, base: Path) -> Settings:
    named = ("data", "specs", "drafts") + (() if "://" in settings.paths.originals else ("originals",))
    paths = _with_files(settings.paths, base, *named)
    return settings.model_copy(
        update={
            "paths": paths,
            "database": _with_files(settings.database, base, "password_file"),
            "watch": _resolved_watch(settings.watch, base),
            "dask": _with_files(settings.dask, base, "certificate", "key", "authorities"),
            "review": _with_files(settings.review, base, "certificate", "key"),
        }
    )


def _with_files(section: AnySection, base: Path, *names: str) -> AnySection:
    """The section, its files (those that are given) below `base`."""
    return section.model_copy(
        update={name: type(path)(base / path) for name in names if (path := getattr(section, name))}
    )


def _resolved_watch(watch: Watch, base: Path) -> Watch:
    def below(path: Path | None) -> Path | None:
        return None if path is None else base / path

    return watch.model_copy(
        update={
            "folders": tuple(folder.model_copy(update={"path": below(folder.path)}) for folder in watch.folders),
            "maildirs": tuple(maildir.model_copy(update={"path": below(maildir.path)}) for maildir in watch.maildirs),
            "mailboxes": tuple(
                mailbox.model_copy(update={"password_file": below(mailbox.password_file)})
                for mailbox in watch.mailboxes
            ),
            "records": str(base / watch.records) if watch.records else "",
        }
    )
