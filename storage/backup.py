"""A copy of the database while the bot goes on working (SQLite's online backup).

Either the whole copy stands at its place, proved and on the disk, or nothing does. PostgreSQL has
its own tools for this.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from storage.chain import Verdict, verify
from storage.engine import open_engine, reading


class NotSqliteError(Exception):
    """The database is not a file, so there is no file to copy."""


class BackupFailedError(Exception):
    """The copy is not right, and has been removed again."""


def database_file(database_url: str) -> Path | None:
    """The file of a SQLite database; ``None`` for a database that is none."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database) if is_file and url.database else None


class InUseError(Exception):
    """The place for the copy is a database that is in use."""


async def back_up(database_url: str, target: Path, *, overwrite: bool = False) -> Verdict:
    """Copy the database to ``target``; answer what its log proves to be.

    Raises ``NotSqliteError``, ``FileExistsError`` (unless ``overwrite``), ``InUseError``,
    ``BackupFailedError``, or the system's ``OSError`` and ``sqlite3.Error``; then ``target`` is as
    it was.
    """
    source = database_file(database_url)
    if source is None:
        raise NotSqliteError
    _refuse_unfit(source, target, overwrite=overwrite)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        # Made here, so that nobody else can read it: it holds the names of everybody at school.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, unfinished)
        verdict = await _prove(unfinished)
        _to_disk(unfinished)
        _put_in_place(unfinished, target, overwrite=overwrite)
    finally:
        _remove(unfinished)
    return verdict


def _refuse_unfit(source: Path, target: Path, *, overwrite: bool) -> None:
    if not target.exists():
        return
    if not overwrite:
        raise FileExistsError(target)
    # A database in use has a -wal beside it, which would be read as part of the copy.
    if target.samefile(source) or Path(f"{target}-wal").exists():
        raise InUseError(target)


def _remove(unfinished: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{unfinished}{ending}").unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as ours,
        closing(sqlite3.connect(target)) as copy,
    ):
        ours.execute("PRAGMA busy_timeout=10000")
        ours.backup(copy)
        # One file by itself, without a -wal beside it that could be forgotten.
        copy.execute("PRAGMA journal_mode=DELETE")


async def _prove(copy: Path) -> Verdict:
    with closing(sqlite3.connect(copy)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        message = "the copy is damaged"
        raise BackupFailedError(message)
    engine = open_engine(f"sqlite+aiosqlite:///{copy}")
    try:
        async with reading(engine) as connection:
            verdict = await verify(connection)
    finally:
        await engine.dispose()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return verdict


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _put_in_place(unfinished: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        unfinished.replace(target)
    else:
        _put_in_free_place(unfinished, target)
    folder = os.open(target.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _put_in_free_place(unfinished: Path, target: Path) -> None:
    """Raises ``FileExistsError`` where a file has come to stand meanwhile: a rename would not."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network drives know no links: take the place first, and then fill it.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            unfinished.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise
