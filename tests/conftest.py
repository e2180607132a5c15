"""Servers that several files of tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgresql import PROGRAM, WHY_SKIPPED, PostgreSQL


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    if PROGRAM is None:
        pytest.skip(WHY_SKIPPED)
    server = PostgreSQL()
    yield server
    server.remove()
