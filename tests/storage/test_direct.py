"""Only what waits for the disk or for another process leaves the event loop."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from storage.direct import connect


async def where(database: Path, statement: str) -> str:
    """The thread in which ``statement`` runs, as a function of SQL sees it."""
    connection = await connect(str(database))
    seen: list[str] = []
    await connection.create_function(
        "here", 0, lambda: seen.append(threading.current_thread().name)
    )
    await connection.execute(statement)
    await connection.close()
    return seen[0]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("SELECT here()", id="reading"),
        pytest.param("CREATE TABLE t AS SELECT here()", id="writing"),
    ],
)
async def test_statement_when_it_only_touches_memory_then_runs_where_it_is_called(
    tmp_path: Path, statement: str
) -> None:
    assert await where(tmp_path / "d.db", statement) == threading.current_thread().name


async def test_begin_when_another_process_holds_the_file_then_the_loop_goes_on(
    tmp_path: Path,
) -> None:
    holder = sqlite3.connect(tmp_path / "d.db", isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    connection = await connect(str(tmp_path / "d.db"))
    await connection.execute("PRAGMA busy_timeout=10000")

    begin = asyncio.create_task(connection.execute("BEGIN IMMEDIATE"))
    turns = 0
    while turns < 1000:
        await asyncio.sleep(0)  # noqa: TID251 (gives the loop a turn, waits for nothing)
        turns += 1
    still_waiting = not begin.done()
    holder.execute("COMMIT")
    await begin

    assert still_waiting
    await connection.close()
    holder.close()


async def test_commit_runs_in_the_thread_and_is_there_for_others(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "d.db"))
    await connection.execute("CREATE TABLE t (n)")
    await connection.execute("INSERT INTO t VALUES (1)")

    await connection.commit()

    other = sqlite3.connect(tmp_path / "d.db")
    assert other.execute("SELECT n FROM t").fetchall() == [(1,)]
    other.close()
    await connection.close()


async def test_closed_connection_refuses_to_work(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "d.db"))
    await connection.close()

    with pytest.raises(ValueError, match=r"closed|no active"):
        await connection.execute("SELECT 1")
