"""``import-people``: the preview, the question, and what is written."""

import asyncio
from pathlib import Path

import pytest

from bot.policy.rosters.roster import RosterPerson
from storage.engine import open_engine
from storage.people import current_roster


def active_ids(url: str) -> list[str]:
    async def read() -> tuple[RosterPerson, ...]:
        engine = open_engine(url)
        try:
            return await current_roster(engine)
        finally:
            await engine.dispose()

    return [person.school_id for person in asyncio.run(read()) if person.active]


def file_of(folder: Path, *ids: int) -> str:
    path = folder / "students.csv"
    rows = "".join(f"{number};Leerling {number}\n" for number in ids)
    path.write_text(f"leerlingnummer;naam\n{rows}", encoding="utf-8")
    return str(path)


def test_import_when_yes_then_written_after_a_preview(command, roster, database_url):
    result = command("import-people", str(roster), "--yes")

    assert result.exit_code == 0
    assert active_ids(database_url) == ["1001", "1002", "O1", "VRI"]
    for shown in ("Şeyma Yıldız", "[red]Łukasz", "coordinator", "passed over: mentor"):
        assert shown in result.stdout
    assert result.stdout.endswith("Ingelezen.\nImported.\n")


def test_import_when_there_is_no_terminal_then_nothing_is_written(command, roster, database_url):
    result = command("import-people", str(roster))

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert active_ids(database_url) == []


def test_import_when_only_observed_then_nothing_is_written(command, roster, database_url):
    result = command("import-people", str(roster), "--observe", "--yes")

    assert result.exit_code == 0
    assert "Nieuw / added: 4." in result.stdout
    assert active_ids(database_url) == []


def test_import_when_the_file_has_errors_then_all_are_told_and_nothing_is_written(
    command, folder, database_url
):
    path = folder / "bad.csv"
    path.write_text("rol;id;naam\nkok;1;Noor\nleerling;2;\n", encoding="utf-8")

    result = command("import-people", str(path), "--yes")

    assert result.exit_code == 1
    lines = [line.split(":")[0] for line in result.stderr.splitlines()]
    assert [line for line in lines if line.startswith("Regel")] == [
        "Regel 2, rol",
        "Regel 3, naam",
    ]
    assert active_ids(database_url) == []


def test_import_when_columns_are_not_read_then_they_are_named(command, folder):
    path = folder / "r.csv"
    path.write_text("leerlingnummer;naam;BSN\n1;Noor;123\n", encoding="utf-8")

    result = command("import-people", str(path), "--observe")

    assert "Niet gelezen kolommen / columns not read: BSN\n" in result.stdout
    assert "123" not in result.stdout


@pytest.mark.parametrize(
    ("options", "code", "left"),
    [
        pytest.param(["--yes"], 1, 10, id="refused"),
        pytest.param(["--yes", "--allow-gone"], 0, 6, id="allowed"),
    ],
)
def test_import_when_many_are_gone_then_only_with_an_explicit_yes(
    command, folder, database_url, options, code, left
):
    command("import-people", file_of(folder, *range(10)), "--yes")

    result = command("import-people", file_of(folder, *range(6)), *options)

    assert result.exit_code == code
    assert len(active_ids(database_url)) == left


def test_import_when_a_role_changes_then_it_stands_first(command, folder, roster):
    command("import-people", str(roster), "--yes")
    path = folder / "again.csv"
    path.write_text("rol;id;naam\nleerling;1001;Seyma\ndocent;1002;[red]Łukasz\n", encoding="utf-8")

    result = command("import-people", str(path), "--observe")

    changed = result.stdout.split("Gewijzigd / changed")[1]
    assert changed.index("rol / role") < changed.index("Seyma")


def test_import_when_everything_is_known_then_no_question(command, roster):
    command("import-people", str(roster), "--yes")

    result = command("import-people", str(roster))

    assert result.exit_code == 0
    assert "Ongewijzigd / unchanged: 4." in result.stdout


def test_import_when_there_is_no_such_file_then_told_calmly(command):
    result = command("import-people", "nowhere.csv")

    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr


async def test_import_when_the_terminal_knows_no_letters_then_still_done(program, roster):
    code, out, _ = await program(
        "import-people", "roster.csv", "--yes", PYTHONIOENCODING="ascii", COLUMNS="30"
    )

    assert code == 0
    assert "\\u015eeyma" in out
