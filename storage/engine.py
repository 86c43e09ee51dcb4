"""Opening the database: SQLite with every commit durable, or PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.direct import connect

# FULL: a commit has reached the disk when it returns, also when the power goes.
# recursive_triggers: what REPLACE removes counts as removed, also for the triggers of the log.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-8000",
)


def open_engine(database_url: str) -> AsyncEngine:
    """Open the database of ``database_url``; the folder of a SQLite file is made if need be.

    The caller disposes of the engine: an aiosqlite connection left open keeps a process alive.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_async_engine(url, hide_parameters=True)


def _open_sqlite(url: URL) -> AsyncEngine:
    file = url.database or ""
    Path(file).parent.mkdir(parents=True, exist_ok=True)

    async def connected() -> aiosqlite.Connection:
        return await connect(file)

    # Parameters hold names and messages: they must not get into the text of an error.
    engine = create_async_engine(url, hide_parameters=True, async_creator=connected)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 (SQLAlchemy hands over its own adapter)
    # The driver must not begin transactions by itself: ``_begin`` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:  # noqa: ANN401 (SQLAlchemy's event signature)
    # IMMEDIATE: who begins may write, so nobody is told "database is locked" halfway. A reader
    # (``reads_only``) sees one moment of the database and holds nobody up.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection that sees one moment of the database and never holds up a writer."""
    async with engine.connect() as connection:
        await connection.execution_options(reads_only=True)
        async with connection.begin():
            yield connection
