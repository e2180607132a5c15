"""The store's tables brought to the newest schema, step by step, by Alembic: loaded only where there is a step to make,
for it takes half as long to load as all else that a command about the store needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = max(path.stem for path in (MIGRATIONS / "versions").glob("step_*.py")).removeprefix("step_")
VERSION_TABLE = "alembic_version"


class SchemaError(Exception):
    """The tables are of a step that this program does not know."""


def upgrade(connection: Connection) -> None:
    """Within the connection's transaction. Raises `SchemaError`, and SQLAlchemy's errors."""
    if step_of(connection) == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise SchemaError(str(error)) from error


def step_of(connection: Connection) -> str | None:
    """Of which step the tables are; None where there are none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return found
