"""What every command needs before it starts: the settings, the school's choices, the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.calm import StopError
from bot.cli.printing import warn
from config.logging import LogLevel, configure_logging
from config.school import SchoolConfig, load_school
from config.settings import Settings, load_settings
from storage.backup import database_file
from storage.engine import open_engine
from storage.schema import migrate

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the operator and the school decided."""

    settings: Settings
    school: SchoolConfig


def set_up(*, token_required: bool = False, talks: bool = False) -> Setup:
    """Read the configuration, and scrub from now on what must not be seen.

    ``talks``: a command that goes on logs as the settings say; the others only when it goes wrong.
    Raises ``ConfigError``.
    """
    settings = load_settings(token_required=token_required)
    level = settings.log_level if talks else LogLevel.WARNING
    configure_logging(level, settings.log_format, secrets=settings.secrets)
    if not settings.database_url.startswith("sqlite"):
        # The log's triggers and the order of its numbers are proved on SQLite alone so far.
        raise StopError(
            "PostgreSQL werkt in deze versie nog niet. Gebruik SQLite: "
            "DATABASE_URL=sqlite+aiosqlite:///groepswacht.db",
            "PostgreSQL does not work in this version yet. Use SQLite: "
            "DATABASE_URL=sqlite+aiosqlite:///groepswacht.db",
        )
    if talks:
        log.info("configured", school=str(settings.school_config or "the defaults"))
    return Setup(settings=settings, school=load_school(settings.school_config))


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database, brought up to date; a new one is made, and that is said."""
    file = database_file(settings.database_url)
    is_new = file is not None and not file.exists()
    engine = open_engine(settings.database_url)
    try:
        await migrate(engine)
        if is_new:
            warn(f"Nieuwe database gemaakt: {file}", f"A new database was made: {file}")
        yield engine
    finally:
        await engine.dispose()
