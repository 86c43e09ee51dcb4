"""Migrations: they make exactly the tables that the code knows, once."""

import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from storage.engine import open_engine, reading
from storage.schema import HEAD, SchemaTooNewError, migrate
from storage.tables import metadata


@pytest.fixture
async def engine(tmp_path):
    opened = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'school.db'}")
    yield opened
    await opened.dispose()


async def test_migrations_when_run_then_make_exactly_the_tables_of_the_code(engine):
    await migrate(engine)

    async with reading(engine) as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True}), metadata
            )
        )
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert differences == []
    assert names == {*metadata.tables, "alembic_version"}


async def test_migrations_when_run_twice_then_the_second_time_nothing_happens(engine):
    assert await migrate(engine) is True
    assert await migrate(engine) is False


async def test_database_when_made_by_a_newer_version_then_is_refused_and_left_alone(
    engine, tmp_path
):
    await migrate(engine)
    path = tmp_path / "new" / "school.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaTooNewError):
        await migrate(engine)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("9999",)
        ]


async def test_head_when_migrated_then_is_the_version_that_the_database_says(engine, tmp_path):
    await migrate(engine)

    with closing(sqlite3.connect(tmp_path / "new" / "school.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


async def test_migration_when_it_breaks_halfway_then_leaves_nothing_behind(engine, tmp_path):
    path = tmp_path / "new" / "school.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE seen_updates (something INTEGER)")

    with pytest.raises(DBAPIError):
        await migrate(engine)

    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert made.fetchall() == [("seen_updates",)]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="readers hold up nobody"),
        pytest.param("synchronous", 2, id="a commit has reached the disk"),
        pytest.param("foreign_keys", 1, id="references are kept"),
        pytest.param("recursive_triggers", 1, id="no replacing in the log"),
    ],
)
async def test_connection_when_opened_then_is_set_up(engine, pragma, value):
    async with reading(engine) as connection:
        assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value
