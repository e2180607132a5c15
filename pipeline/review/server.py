"""`pipeline review`: the pages served until somebody ends it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from socket import socket

import uvicorn

from pipeline.config import Settings
from pipeline.review import queue
from pipeline.review.accounts import accounts
from pipeline.review.application import application
from pipeline.review.pictures import Gallery
from pipeline.review.visit import House
from pipeline.specs import load_specs
from pipeline.store.records import open_store
from pipeline.walled.walls import Walls

LOGGER = logging.getLogger(__name__)
DRAIN_SECONDS = 5


class NobodyError(Exception):
    """There is no account: nobody could sign in."""


class TellingServer(uvicorn.Server):
    """Says when it can be reached, not before."""

    listening: Callable[[], None]

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.listening()


def serve(settings: Settings, target: str, started: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT. started: told the address. Raises `NobodyError`, `StoreError`, `SpecError`."""
    specs = load_specs(settings.paths.specs)
    with open_store(settings) as store, Walls(settings, target=target) as walls:
        if not any(not account.disabled for account in accounts(store)):
            raise NobodyError(
                "aucun compte : créez-en un avec `pipeline accounts add NAME --role admin` / "
                "no account: make one with `pipeline accounts add NAME --role admin`"
            )
        gallery = Gallery(walls)
        house = House(settings, store, specs, gallery)
        review = settings.review
        scheme = "https" if review.certificate else "http"
        server = TellingServer(
            uvicorn.Config(
                application(house),
                host=review.host,
                port=review.port,
                ssl_certfile=review.certificate or None,
                ssl_keyfile=review.key or None,
                proxy_headers=bool(review.proxies),
                forwarded_allow_ips=list(review.proxies),
                server_header=False,
                access_log=False,  # addresses of documents would do no harm, but who looked at what is the trail's
                log_config=None,
                timeout_graceful_shutdown=DRAIN_SECONDS,
                h11_max_incomplete_event_size=1 << 16,
            )
        )
        show_first(house)
        server.listening = lambda: started(f"{scheme}://{review.host}:{review.port}/")
        try:
            server.run()
        finally:
            gallery.close()


def show_first(house: House) -> None:
    """The reading process takes seconds to start: it begins with what the first person will look at."""
    with house.store.transaction() as session:
        lines, _ = queue.waiting(session, queue.Filters())
    found = house.find_record(lines[0].id) if lines else None
    if found:
        house.gallery.start(*found)
