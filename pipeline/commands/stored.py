"""What several commands ask of the store before they begin."""

from __future__ import annotations

from pipeline.commands import UsageError
from pipeline.config import Settings
from pipeline.store.records import Store, exists, open_store


def open_existing(settings: Settings) -> Store:
    """The store; raises `UsageError` where nothing was ever entered, rather than make an empty one."""
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    return open_store(settings)
