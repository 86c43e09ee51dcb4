"""Migrations: they make exactly the tables that the code knows, once."""

import sqlite3
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from storage.engine import open_engine, reading
from storage.schema import HEAD, MIGRATIONS, SchemaTooNewError, migrate
from storage.tables import groups, metadata, person_duties


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


async def test_database_of_an_earlier_version_when_migrated_then_keeps_its_rows(tmp_path):
    path = tmp_path / "new" / "school.db"
    opened = open_engine(f"sqlite+aiosqlite:///{path}")
    async with opened.begin() as connection:
        await connection.run_sync(upgraded_to, "0001")
        await connection.execute(text(_GROUP_OF_0001))
        await connection.execute(text(_DUTY_OF_0001[0]))
        await connection.execute(text(_DUTY_OF_0001[1]))

    assert await migrate(opened) is True

    async with reading(opened) as connection:
        group = (await connection.execute(select(groups))).one()
        duty = (await connection.execute(select(person_duties))).one()
    await opened.dispose()
    assert (group.title, group.member_count, group.reconfirm_before) == ("4H2", None, None)
    assert (duty.duty, duty.granted) == ("coordinator", False)


def upgraded_to(connection, revision):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


_GROUP_OF_0001 = """
    INSERT INTO groups (state, kind, title, first_seen_at)
    VALUES ('managed', 'supergroup', '4H2', '2026-11-02 08:00:00')
"""
_DUTY_OF_0001 = (
    """
    INSERT INTO people (id, school_id, name, role, active, imported_at)
    VALUES (1, 'd1', 'Anna', 'staff', 1, '2026-11-02 08:00:00')
    """,
    "INSERT INTO person_duties (person_id, duty) VALUES (1, 'coordinator')",
)
