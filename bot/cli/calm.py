"""Expected trouble, told calmly: what happened, what now. A traceback is for our own mistakes.

No text of an error of Telegram's library may come through here: some of them hold the token.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from bot.cli.printing import warn

CANNOT: Final = 2
"""The command could not be carried out: wrong settings, no database, wrong use."""

NOT_IN_ORDER: Final = 1
"""The command was carried out, and what it looked at is not in order; or a person said no."""

INTERRUPTED: Final = 130


class StopError(Exception):
    """The command ends here, with these words and this exit code."""

    def __init__(self, dutch: str, english: str, *, code: int = CANNOT) -> None:
        super().__init__(english)
        self.dutch, self.english, self.code = dutch, english, code


@contextmanager
def calm() -> Iterator[None]:
    """Tell expected trouble on stderr and exit with its code; let everything else through."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        stop = _told(error)
        if stop is None:
            raise
        warn(stop.dutch, stop.english)
        raise typer.Exit(stop.code) from None


def _told(error: Exception) -> StopError | None:
    from config.problems import ConfigError  # noqa: PLC0415 (the rest of the command has it by now)
    from storage.ledger import StorageUnavailableError  # noqa: PLC0415
    from storage.only_one import AlreadyRunningError  # noqa: PLC0415
    from storage.schema import SchemaTooNewError  # noqa: PLC0415

    match error:
        case StopError():
            return error
        case ConfigError():
            return StopError(str(error), "")
        case SchemaTooNewError():
            return StopError(
                "De database is van een nieuwere Groepswacht. Werk deze installatie bij.",
                "The database is of a newer Groepswacht. Update this installation.",
            )
        case AlreadyRunningError():
            return StopError(
                "Er draait al een bot op deze database. Stop die eerst.",
                "A bot works with this database already. Stop that one first.",
            )
        case StorageUnavailableError():
            return _database_trouble(str(error))
        case ModuleNotFoundError(name="asyncpg"):
            return StopError(
                "PostgreSQL vraagt een onderdeel dat ontbreekt: installeer de extra 'postgres'.",
                "PostgreSQL needs a part that is missing: install the extra 'postgres'.",
            )
        case _:
            return _storage_trouble(error)


def _storage_trouble(error: Exception) -> StopError | None:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    if isinstance(error, DBAPIError):
        # Only the driver's own words: the statement may hold names.
        return _database_trouble(str(error.orig))
    if isinstance(error, sqlite3.Error):
        return _database_trouble(str(error))
    if isinstance(error, OSError) and error.errno not in (None, errno.EPIPE):
        where = f" ({error.filename})" if error.filename else ""
        return StopError(
            f"Dat lukte niet{where}: {error.strerror}.",
            f"That did not work{where}: {error.strerror}.",
        )
    return None


def _database_trouble(what: str) -> StopError:
    return StopError(
        f"De database werkt niet mee: {what}. Er is niets gewijzigd. "
        "Kijk naar DATABASE_URL, de rechten op het bestand en de vrije ruimte.",
        f"The database does not cooperate: {what}. Nothing was changed. "
        "Look at DATABASE_URL, the permissions of the file and the free space.",
    )
