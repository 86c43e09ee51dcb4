"""``school-year``: the preview, the question, and what is written."""

import sqlite3
from pathlib import Path

import pytest

HEADER = "rol;id;naam;klas\n"
STAFF = "docent;ADA;Ada;\n"


def file_of(folder: Path, *students: int) -> str:
    path = folder / "next-year.csv"
    rows = "".join(f"leerling;{number};Leerling {number};4H2\n" for number in students)
    path.write_text(f"{HEADER}{STAFF}{rows}", encoding="utf-8")
    return str(path)


def everything_in(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "groepswacht.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def years(folder: Path) -> list[tuple[int, int]]:
    connection = sqlite3.connect(folder / "groepswacht.db")
    try:
        return list(connection.execute("SELECT leavers, groups FROM school_years"))
    finally:
        connection.close()


@pytest.fixture
def last_year(command, folder):
    command("import-people", file_of(folder, *range(10)), "--yes")


def test_year_when_yes_then_shown_first_and_begun(command, folder, last_year):
    result = command("school-year", file_of(folder, *range(2, 12)), "--yes")

    assert result.exit_code == 0
    shown = result.stdout
    for line in ("Nieuw / added: 2.", "Leerling 0", "Left since the last school year: 2."):
        assert line in shown
    assert shown.endswith("Het schooljaar is begonnen.\nThe school year has begun.\n")
    assert years(folder) == [(2, 0)]


def test_year_when_there_is_no_terminal_then_shown_and_nothing_is_written(
    command, folder, last_year
):
    before = everything_in(folder)

    result = command("school-year", file_of(folder, *range(2, 12)))

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert "Nieuw / added: 2." in result.stdout
    assert everything_in(folder) == before


@pytest.mark.parametrize(
    ("options", "code", "begun"),
    [
        pytest.param(["--yes"], 1, [], id="refused"),
        pytest.param(["--yes", "--allow-gone"], 0, [(6, 0)], id="allowed"),
    ],
)
def test_year_when_the_file_is_half_then_only_with_an_explicit_yes(
    command, folder, last_year, options, code, begun
):
    result = command("school-year", file_of(folder, *range(4)), *options)

    assert result.exit_code == code
    assert "remarkably many people are gone" in result.stdout
    assert years(folder) == begun


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param(HEADER, id="nobody"),
        pytest.param(f"{HEADER}kok;1;Noor;\n", id="with an error"),
    ],
)
def test_year_when_the_file_is_no_roster_then_told_and_nothing_is_written(
    command, folder, last_year, content
):
    path = folder / "wrong.csv"
    path.write_text(content, encoding="utf-8")
    before = everything_in(folder)

    result = command("school-year", str(path), "--yes", "--allow-gone")

    assert result.exit_code == 1
    assert everything_in(folder) == before


@pytest.mark.parametrize("written", ["morgen", "2026-13-01", "2020-01-01"])
def test_year_when_the_date_is_wrong_then_told_and_nothing_is_written(
    command, folder, last_year, written
):
    result = command(
        "school-year", file_of(folder, *range(10)), "--yes", "--confirm-before", written
    )

    assert result.exit_code == 2
    assert "--confirm-before" in result.stderr
    assert years(folder) == []


def test_year_when_begun_again_then_there_is_nothing_to_do(command, folder, last_year):
    command("school-year", file_of(folder, *range(10)), "--yes")

    result = command("school-year", file_of(folder, *range(10)))

    assert result.exit_code == 0
    assert "There is nothing to do." in result.stdout
    assert len(years(folder)) == 1


def test_year_when_a_name_reads_as_markup_then_stands_as_it_is(command, folder, last_year):
    path = folder / "names.csv"
    path.write_text(f"{HEADER}{STAFF}leerling;1;[red]Noor;4H2\n", encoding="utf-8")

    result = command("school-year", str(path), "--yes", "--allow-gone")

    assert "[red]Noor" in result.stdout
