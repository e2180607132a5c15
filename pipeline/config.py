"""Settings from config.toml: checked once, then passed on as a value."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.model import Kind


class ConfigError(Exception):
    """The configuration is wrong; the text says which file and key, and why."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Paths(Section):
    """Where things are; relative paths are relative to the configuration file."""

    data: Path = Path("data")
    specs: Path = Path("forms_specs")


class Limits(Section):
    """What a document may cost before it is refused."""

    max_bytes: int = Field(40_000_000, gt=0)
    max_pages: int = Field(50, gt=0)
    max_page_pixels: int = Field(100_000_000, gt=0)
    seconds_per_document: float = Field(120.0, gt=0)
    memory_bytes: int = Field(1_600_000_000, gt=0)
    max_mail_parts: int = Field(50, gt=0)
    max_mail_depth: int = Field(10, gt=0)


class Rules(Section):
    timezone: str = "America/Toronto"
    first_accepted_edition: str = Field("2022-03", pattern=r"^\d{4}-\d{2}$")
    cutoff: date = date(2022, 3, 31)
    shared_mailboxes: tuple[str, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as error:
            raise ValueError(f"no such time zone: {name}") from error
        return name


class Ocr(Section):
    """The engines, by name in `pipeline.ocr.ENGINES`; each reading of a field asks them in this order."""

    engines: tuple[str, ...] = ("paddle", "tesseract")


class Confidence(Section):
    """The error rate that an automatic decision may have, per kind of field: 0.0001 is 1 wrong in 10,000."""

    text: float = Field(0.005, gt=0, lt=1)
    phone: float = Field(0.005, gt=0, lt=1)
    digits: float = Field(0.005, gt=0, lt=1)
    email: float = Field(0.0001, gt=0, lt=1)
    choice: float = Field(0.005, gt=0, lt=1)
    signature: float = Field(0.005, gt=0, lt=1)
    date: float = Field(0.005, gt=0, lt=1)

    def threshold(self, kind: Kind) -> float:
        """The least confidence with which a reading of this kind is acted on."""
        return 1.0 - float(getattr(self, kind.value))


class Settings(Section):
    paths: Paths = Paths()
    limits: Limits = Limits()
    rules: Rules = Rules()
    ocr: Ocr = Ocr()
    confidence: Confidence = Confidence()


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
    paths = Paths(data=base / settings.paths.data, specs=base / settings.paths.specs)
    return settings.model_copy(update={"paths": paths})
