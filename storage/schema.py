"""Bringing a database to today's tables. Alembic is imported only when there is work for it."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import reading

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0003"
"""The newest revision in ``storage/migrations/versions``."""


class SchemaTooNewError(Exception):
    """The database was made by a newer Groepswacht than this one."""


async def migrate(engine: AsyncEngine) -> bool:
    """Bring the database up to date; answer whether anything had to be done."""
    async with reading(engine) as connection:
        current = await connection.run_sync(_revision)
    if current == HEAD:
        return False
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)
    return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (0.4 s of start-up, only to migrate)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise SchemaTooNewError from error
        raise
