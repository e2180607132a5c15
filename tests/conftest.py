"""Servers that several files of tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgresql import PROGRAM, WHY_SKIPPED, PostgreSQL

# The files with most to do, which are begun first, so that none is left alone at the end.
LONGEST = (
    "test_review_browser.py",
    "test_reliability.py",
    "test_main.py",
    "test_samples.py",
    "test_reprocess.py",
    "test_watch.py",
    "test_review_guard.py",
    "test_dask.py",
    "test_authoring.py",
    "test_review_command.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    if PROGRAM is None:
        pytest.skip(WHY_SKIPPED)
    server = PostgreSQL()
    yield server
    server.remove()
