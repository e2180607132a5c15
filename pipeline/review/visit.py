"""One request of somebody: who they are, what they sent, and the answers that can be given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from pipeline.config import Settings
from pipeline.model import Bilingual, Code, Record
from pipeline.review.accounts import Account, Role
from pipeline.review.pictures import Gallery
from pipeline.review.sessions import Session
from pipeline.review.texts import in_language, speaker, texts
from pipeline.specs import FormSpec
from pipeline.store.records import Store, Stored

FOLDER = Path(__file__).parent
MOST_SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True)
class House:
    """What the pages work with."""

    settings: Settings
    store: Store
    specs: tuple[FormSpec, ...]
    gallery: Gallery

    def find_spec(self, record: Record) -> FormSpec | None:
        """The edition of the record's fields; None where it has none, or where it is no more."""
        name = f"{record.form.number} {record.form.edition}"
        return next((spec for spec in self.specs if spec.name == name), None) if record.fields else None

    def find_record(self, document_id: str) -> tuple[Stored, Record] | None:
        document = self.store.find(document_id)
        record = next(self.store.records([document_id]), None)
        return (document, record) if document and record else None


@dataclass(frozen=True)
class Visit:
    """path: the parts of the address that vary; form, query: what was sent, one value a name."""

    house: House
    session: Session | None
    language: str
    url: URL
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]

    @property
    def account(self) -> Account:
        """Who is there; on pages that need nobody to be, this must not be asked."""
        assert self.session
        return self.session.account

    def say(self, name: str, /, **values: object) -> str:
        return speaker(self.language)(name, **values)

    def word(self, text: Bilingual) -> str:
        return in_language(text, self.language)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        html = TEMPLATES.get_template(template).render(
            say=speaker(self.language),
            word=self.word,
            age=self.age,
            settings=self.house.settings.review,
            moment=self.moment,
            percent=percent,
            language=self.language,
            session=self.session,
            roles=Role,
            codes=Code,
            path=self.url.path,
            **values,
        )
        return HTMLResponse(html, status_code=status)

    def moment(self, when: datetime | str | None) -> str:
        """In the mail room's time."""
        if when is None:
            return ""
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
        return moment.astimezone(ZoneInfo(self.house.settings.rules.timezone)).strftime("%Y-%m-%d %H:%M")

    def age(self, when: datetime) -> str:
        seconds = (datetime.now(UTC) - when).total_seconds()
        if seconds < MOST_SECONDS_OF_A_DAY:
            return self.say("queue.hours", count=max(0, int(seconds // 3600)))
        return self.say("queue.days", count=int(seconds // MOST_SECONDS_OF_A_DAY))

    def refuse(self, status: int, text: str, *, back: str = "/") -> Response:
        """A page that says why not, and what to do."""
        return self.page("refused.html", status, text=text, back=back, status_code=status)


Handler = Callable[[Visit], Response]


def go(where: str) -> Response:
    return RedirectResponse(where, status_code=303)


def png(content: bytes | None) -> Response:
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=900"})


def data(content: object, status: int = 200) -> Response:
    return JSONResponse(content, status_code=status)


def percent(confidence: float) -> str:
    """Never rounded up to certainty."""
    return f"{int(confidence * 1000) / 10:.1f} %".replace(".", ",")


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    assert not any(isinstance(text, Markup) for text in texts().values())
    return made


TEMPLATES = environment()
