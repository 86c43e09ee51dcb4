"""``verify-log``, ``export-events`` and ``backup`` on a real log."""

import asyncio
import json
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import back_up


@pytest.fixture(autouse=True)
def three_events(command, roster):
    command("import-people", str(roster), "--yes")
    command("codes", "--json", "--class", "4H2")
    command("codes", "--json", "--role", "staff")


def tamper(path: Path, statement: str) -> None:
    """As somebody with the file in hand can: the triggers are taken away first."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER events_are_never_changed")
        connection.execute("DROP TRIGGER events_are_never_removed")
        connection.execute(statement)


def head_of(output: str) -> str:
    return re.findall(r"^[0-9a-f]{64}$", output, re.MULTILINE)[0]


# --- verify-log --------------------------------------------------------------------------------


def test_verify_when_the_log_is_whole_then_its_head_is_told(command):
    result = command("verify-log")

    assert result.exit_code == 0
    assert "3 gebeurtenissen" in result.stdout
    assert command("verify-log", "--head", head_of(result.stdout)).exit_code == 0


def test_verify_when_the_log_grew_then_an_earlier_head_still_proves_it(command):
    head = head_of(command("verify-log").stdout)
    command("codes", "--json", "--role", "ouder")

    assert command("verify-log", "--head", head).exit_code == 0


@pytest.mark.parametrize(
    ("statement", "broken", "word"),
    [
        pytest.param(
            "UPDATE events SET payload = '{}' WHERE seq = 2", 2, "was altered", id="altered"
        ),
        pytest.param("DELETE FROM events WHERE seq = 2", 2, "is missing", id="taken out"),
    ],
)
def test_verify_when_an_event_was_touched_then_the_first_is_named(
    command, folder, statement, broken, word
):
    tamper(folder / "groepswacht.db", statement)

    result = command("verify-log")

    assert result.exit_code == 1
    assert f"event {broken} {word}" in result.stderr


def test_verify_when_the_end_was_cut_off_then_only_the_noted_head_tells(command, folder):
    head = head_of(command("verify-log").stdout)
    tamper(folder / "groepswacht.db", "DELETE FROM events WHERE seq = 3")

    assert command("verify-log").exit_code == 0
    assert command("verify-log", "--head", head).exit_code == 1


# --- export-events -----------------------------------------------------------------------------


def test_export_when_asked_then_every_event_is_a_line_with_its_form(command):
    lines = [json.loads(line) for line in command("export-events").stdout.splitlines()]

    assert [(line["schema"], line["seq"], line["tag"], line["payload"]) for line in lines] == [
        (1, 1, "cli:roster:imported", {"added": 4, "changed": 0, "gone": 0}),
        (1, 2, "cli:codes:issued", {"count": 2, "first_administrator": False}),
        (1, 3, "cli:codes:issued", {"count": 1, "first_administrator": False}),
    ]
    assert all(line["recorded_at"].endswith("+00:00") for line in lines)


def test_export_when_since_a_number_then_only_what_came_after(command):
    lines = command("export-events", "--since", "2").stdout.splitlines()

    assert [json.loads(line)["seq"] for line in lines] == [3]


def test_export_when_into_a_file_then_whole_and_for_this_account_alone(command, folder):
    (folder / "log.jsonl").write_text("old", encoding="utf-8")

    result = command("export-events", "--out", "log.jsonl")

    exported = folder / "log.jsonl"
    assert exported.read_text(encoding="utf-8") == command("export-events").stdout
    assert result.stdout == ""
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert list(folder.glob(".*unfinished*")) == []


def test_export_when_there_is_no_such_folder_then_told_calmly(command):
    result = command("export-events", "--out", "nowhere/log.jsonl")

    assert result.exit_code == 2
    assert "nowhere" in result.stderr


# --- backup ------------------------------------------------------------------------------------


def test_backup_when_made_then_the_copy_is_a_whole_database(command, folder, monkeypatch):
    result = command("backup", "copy.db")

    assert result.exit_code == 0
    copy = folder / "copy.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.glob("*copy.db*")) == ["copy.db"]
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    assert head_of(command("verify-log").stdout) == head_of(result.stdout)


def test_backup_when_the_bot_writes_meanwhile_then_the_copy_is_of_one_moment(folder, database_url):
    with closing(sqlite3.connect(folder / "groepswacht.db")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE people SET name = 'half done'")

        verdict = asyncio.run(back_up(database_url, folder / "copy.db"))

        connection.rollback()
    assert (verdict.whole, verdict.checked) == (True, 3)
    with closing(sqlite3.connect(folder / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM people WHERE name = 'half done'").fetchone() == (
            0,
        )


def test_backup_when_there_is_a_file_then_it_stays_unless_forced(command, folder):
    (folder / "copy.db").write_text("mine", encoding="utf-8")

    refused = command("backup", "copy.db")

    assert refused.exit_code == 2
    assert (folder / "copy.db").read_text(encoding="utf-8") == "mine"
    assert command("backup", "copy.db", "--force").exit_code == 0
    assert (folder / "copy.db").read_bytes().startswith(b"SQLite format 3")


def test_backup_when_onto_the_database_itself_then_refused_even_when_forced(command, folder):
    result = command("backup", "groepswacht.db", "--force")

    assert result.exit_code == 2
    assert command("verify-log").exit_code == 0


def test_backup_when_the_folder_is_missing_then_told_and_nothing_is_left(command, folder):
    result = command("backup", "nowhere/copy.db")

    assert result.exit_code == 2
    assert not (folder / "nowhere").exists()


def test_backup_when_the_log_is_not_whole_then_made_and_told(command, folder):
    tamper(folder / "groepswacht.db", "UPDATE events SET payload = '{}' WHERE seq = 2")

    result = command("backup", "copy.db")

    assert result.exit_code == 1
    assert "event 2" in result.stderr
    assert (folder / "copy.db").exists()
