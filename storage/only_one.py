"""One bot process a SQLite database: two would both perform the same outbox."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


class AlreadyRunningError(Exception):
    """Another bot process works with this database."""


@contextmanager
def only_one(database_url: str) -> Iterator[None]:
    """Hold the database for this process; the system lets go of it when the process ends.

    The command line's other commands need no lock: they add to the database beside the bot.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"another bot process works with {url.database}"
            raise AlreadyRunningError(message) from error
        yield
