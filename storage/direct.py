"""aiosqlite that sends to its thread only what waits for the disk or for another process.

aiosqlite runs every step of every statement in a thread: three or four crossings a statement, some
forty for a small transaction. Each costs more than the statement itself, which only touches memory,
and on a busy machine each waits for the interpreter's lock. Here such a statement runs at once, in
some tens of microseconds; beginning a transaction (another process may hold the file) and
committing it (the disk must have it) still go to the thread: the bot stands still for neither.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_WAITING_CALLS = frozenset({"commit", "close"})
_WAITING_STATEMENTS = ("BEGIN", "COMMIT", "PRAGMA")


class DirectConnection(aiosqlite.Connection):
    """An aiosqlite connection whose short statements run where they are called."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (aiosqlite's own signature)
        if _waits(fn, args) or not self._running or self._connection is None:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite leaves it untyped
        return fn(*args, **kwargs)


def _waits(fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """Whether a step may wait for the disk or for another process."""
    of_connection = isinstance(getattr(fn, "__self__", None), sqlite3.Connection)
    if of_connection and fn.__name__ in _WAITING_CALLS:
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith(_WAITING_STATEMENTS)


def connect(database: str) -> DirectConnection:
    """Open a SQLite file; the connection begins no transaction by itself.

    Its thread and the event loop take turns with it and never use it at once, which SQLite's
    serialized mode would allow as well.
    """

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(database, check_same_thread=False)

    connection = DirectConnection(opened, 64)
    # A connection that was left open must not keep the process alive.
    connection._thread.daemon = True  # noqa: SLF001 (what SQLAlchemy does for its own)
    return connection
