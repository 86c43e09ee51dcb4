"""A database that fails: told clearly at the start, survived while running, nothing lost."""

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox import Telegram
from bot.sandbox.server import serve
from storage.engine import open_engine
from storage.schema import migrate
from tests.robustness.bot_life import begin, nursery
from tests.robustness.journey import (
    FIRST_UPDATE,
    Journey,
    comes_to_an_end,
    disposed,
    prepared_journey,
    rows,
    within,
)

ROOT = Path(__file__).parents[2]
CANNOT = 2
"""The exit status of a command that could not be carried out."""

LONGER_THAN_SQLITE_WAITS = 11.0


async def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look again and again until it holds."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await within(0.02, asyncio.Event())
    pytest.fail("it did not come to pass")


def words_of(journey: Journey) -> str:
    log = journey.birth.log
    return log.read_text(encoding="utf-8") if log.exists() else ""


def waiting(journey: Journey) -> int:
    """Updates that Telegram still has: not acknowledged."""
    return len(journey.telegram.world.updates.waiting)


def something_happens(journey: Journey, messages: int) -> None:
    goal = len(journey.done.unwanted) + messages
    while len(journey.done.unwanted) < goal:
        journey.unwanted()
    journey.guess()


# --- while running -----------------------------------------------------------------------------


async def test_disk_when_it_is_full_then_nothing_is_acknowledged_until_there_is_room(tmp_path):
    async with prepared_journey(tmp_path, seed=91) as journey:
        life = begin(nursery(), journey.next_life())
        await until(lambda: '"started"' in words_of(journey) and waiting(journey) == 0)
        # Neither the write-ahead log nor the file may grow, as on a disk that has no room left.
        largest = max(path.stat().st_size for path in tmp_path.glob("school.db*"))
        resource.prlimit(life.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

        something_happens(journey, 400)
        await until(lambda: "the database cannot record" in words_of(journey))
        left = waiting(journey)
        recorded = journey.seen_updates()
        acknowledged = set(range(FIRST_UPDATE, journey.telegram.world.updates.next_id - left))
        assert not life.over
        resource.prlimit(life.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        await until(lambda: waiting(journey) == 0)
        life.kill()
        await comes_to_an_end(journey)

        assert left > 0
        assert acknowledged - recorded == set()


async def test_database_when_held_for_long_by_another_process_then_nothing_is_lost(tmp_path):
    async with prepared_journey(tmp_path, seed=92) as journey:
        life = begin(nursery(), journey.next_life())
        await until(lambda: '"started"' in words_of(journey) and waiting(journey) == 0)
        with closing(sqlite3.connect(tmp_path / "school.db", isolation_level=None)) as other:
            await until(lambda: try_to_hold(other))
            something_happens(journey, 20)
            await within(LONGER_THAN_SQLITE_WAITS, asyncio.Event())
            await until(lambda: "database is locked" in words_of(journey))
            held = waiting(journey)
            other.execute("ROLLBACK")
        await until(lambda: waiting(journey) == 0)
        assert not life.over
        life.kill()
        await comes_to_an_end(journey)

        assert held > 20


def try_to_hold(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


async def test_database_when_it_turns_out_to_be_damaged_then_nothing_is_acknowledged(tmp_path):
    async with prepared_journey(tmp_path, seed=93, start=datetime.now(UTC)) as journey:
        life = begin(nursery(), journey.birth)
        await until(lambda: '"started"' in words_of(journey) and waiting(journey) == 0)
        path = tmp_path / "school.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))

        something_happens(journey, 5)
        await until(lambda: "cannot record" in words_of(journey))
        await within(0.5, asyncio.Event())

        assert not life.over
        assert waiting(journey) >= 6
        life.kill()


async def test_second_bot_when_started_on_the_same_database_then_says_so_and_harms_nothing(
    tmp_path,
):
    async with prepared_journey(tmp_path, seed=94, start=datetime.now(UTC)) as journey:
        life = begin(nursery(), journey.birth_now())
        await until(lambda: '"started"' in words_of(journey))

        status, told = await run_bot_command(journey.birth.base_url, journey.birth.database_url)
        something_happens(journey, 10)
        await until(lambda: waiting(journey) == 0)
        life.kill()
        await comes_to_an_end(journey)

        assert status == CANNOT
        assert told_in_both(told, "draait al een bot", "works with this database already")


# --- at the start ------------------------------------------------------------------------------


async def run_bot_command(base_url: str, database_url: str, *before: str) -> tuple[int | None, str]:
    """``python -m bot run``: its exit status, and what it said."""
    environment = os.environ | {
        "BOT_TOKEN": Telegram().token,
        "TELEGRAM_BASE_URL": base_url,
        "DATABASE_URL": database_url,
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        *before,
        sys.executable,
        "-m",
        "bot",
        "run",
        env=environment,
        cwd=Path(database_url.partition("///")[2]).parents[1],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, told.decode()


def told_in_both(told: str, dutch: str, english: str) -> bool:
    return dutch in told and english in told and "Traceback" not in told


async def refused_at_the_start(folder: Path, *before: str) -> str:
    """What the bot says when it cannot work with ``folder/school.db``; it must end by itself."""
    async with serve(Telegram()) as server:
        url = f"sqlite+aiosqlite:///{folder / 'school.db'}"
        status, told = await run_bot_command(server.base_url, url, *before)
    assert status == CANNOT, told
    return told


def without_the_rights_of_root() -> tuple[str, ...]:
    """A way to run a program for which the permissions of files count, also for root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everything, and setpriv, which takes that away, is missing")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with today's tables."""
    path = tmp_path_factory.mktemp("template") / "empty.db"

    async def make() -> None:
        async with disposed(open_engine(f"sqlite+aiosqlite:///{path}")) as engine:
            await migrate(engine)

    asyncio.run(make())
    return path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Beste ouders, hierbij het rooster.\n" * 200, id="a letter"),
        pytest.param(b"SQLite format 3\x00" + os.urandom(8_000), id="a damaged database"),
    ],
)
async def test_start_when_the_file_is_no_database_then_says_so_and_leaves_it_alone(folder, content):
    path = folder / "school.db"
    path.write_bytes(content)

    told = await refused_at_the_start(folder)

    assert told_in_both(told, "De database werkt niet mee", "The database does not cooperate")
    assert path.read_bytes() == content


async def test_start_when_the_database_is_of_a_newer_version_then_says_so(folder, template):
    shutil.copy(template, folder / "school.db")
    with closing(sqlite3.connect(folder / "school.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    told = await refused_at_the_start(folder)

    assert told_in_both(told, "van een nieuwere Groepswacht", "of a newer Groepswacht")


async def test_start_when_the_file_may_only_be_read_then_says_so(folder, template):
    before = without_the_rights_of_root()
    path = Path(shutil.copy(template, folder / "school.db"))
    path.chmod(0o444)

    told = await refused_at_the_start(folder, *before)

    assert told_in_both(told, "De database werkt niet mee", "The database does not cooperate")


async def test_start_when_the_folder_may_only_be_read_then_says_so(folder, template):
    before = without_the_rights_of_root()
    shutil.copy(template, folder / "school.db")
    folder.chmod(0o555)
    try:
        told = await refused_at_the_start(folder, *before)
    finally:
        folder.chmod(0o755)

    assert told_in_both(told, "Dat lukte niet", "That did not work")


async def test_start_when_a_file_stands_where_the_folder_should_be_then_says_so(folder):
    (folder / "here").write_text("")

    told = await refused_at_the_start(folder / "here")

    assert told_in_both(told, "Dat lukte niet", "That did not work")


async def test_start_when_the_folder_does_not_exist_then_makes_it(tmp_path):
    async with prepared_journey(tmp_path / "new" / "deeper", seed=95) as journey:
        assert rows(journey.birth.database_url, "SELECT count(*) AS n FROM events")[0]["n"] > 0


async def test_start_when_another_process_holds_the_database_then_says_so(folder, template):
    path = Path(shutil.copy(template, folder / "school.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        told = await refused_at_the_start(folder)

    assert told_in_both(told, "De database werkt niet mee", "The database does not cooperate")
