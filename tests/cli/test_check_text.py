"""``check-text``: findings at their places, names out of the roster, and nothing kept."""

import json

import pytest


def test_check_text_when_something_stops_it_then_three_with_article_and_place(command):
    result = command("check-text", "Wiskunde vervalt. App me maar op 06-12345678.")

    assert result.exit_code == 3
    assert "privécontact (B.7)" in result.stdout
    assert ">>App me<< maar op" in result.stdout
    assert "telefoonnummer (A.2)" in result.stdout
    assert ">>06-12345678<<." in result.stdout


def test_check_text_when_there_is_no_database_then_none_is_made_and_that_is_said(command, folder):
    result = command("check-text", "Geen les voor Şeyma Yıldız.")

    assert result.exit_code == 0
    assert "no name is recognised" in result.stderr
    assert list(folder.iterdir()) == []


def test_check_text_when_a_student_is_named_then_three_and_staff_may_be(command, roster):
    command("import-people", str(roster), "--yes")

    student = command("check-text", "Geen les voor Seyma Yildiz.")
    staff = command("check-text", "Anna de Vries vervangt vandaag.")

    assert (student.exit_code, staff.exit_code) == (3, 0)
    assert ">>Seyma Yildiz<<" in student.stdout


def test_check_text_when_only_hints_then_zero_and_told(command):
    result = command("check-text", "De docent is ziek.")

    assert result.exit_code == 0
    assert ">>docent is ziek<<" in result.stdout


def test_check_text_when_asked_for_json_then_places_as_telegram_counts(command):
    result = command("check-text", "🎉 bel 0612345678", "--json")

    assert json.loads(result.stdout) == [
        {
            "kind": "phone-number",
            "article": "A.2",
            "severity": "stops",
            "start": 6,
            "end": 16,
            "utf16_offset": 7,
            "utf16_length": 10,
        }
    ]


def test_check_text_when_it_is_in_a_file_then_read_from_there(command, folder):
    path = folder / "bericht.txt"
    path.write_text("\ufeff4H2 is het 3e uur vrij.\n", encoding="utf-8")

    result = command("check-text", "--file", str(path))

    assert result.exit_code == 0
    assert "Niets gevonden." in result.stdout


@pytest.mark.parametrize(
    ("text", "option"),
    [
        pytest.param("bel 0182-512345", ["--own-number", "0182 512345"], id="number"),
        pytest.param("mail x@meander.example", ["--own-domain", "meander.example"], id="domain"),
    ],
)
def test_check_text_when_it_names_the_schools_own_then_zero(command, text, option):
    assert command("check-text", text).exit_code == 3
    assert command("check-text", text, *option).exit_code == 0


def test_check_text_when_media_go_along_then_consent_is_asked(command):
    result = command("check-text", "Poster", "--media")

    assert result.exit_code == 3
    assert "(A.5)" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no text"),
        pytest.param(["tekst", "--file", "bericht.txt"], id="two texts"),
        pytest.param(["--file", "missing.txt"], id="no such file"),
        pytest.param(["tekst", "--own-number", "receptie"], id="no number"),
    ],
)
def test_check_text_when_it_cannot_be_done_then_two_and_calmly(command, arguments):
    result = command("check-text", *arguments)

    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_check_text_when_the_file_is_no_utf_8_then_two(command, folder):
    path = folder / "bericht.txt"
    path.write_bytes("privé".encode("latin-1"))

    result = command("check-text", "--file", str(path))

    assert result.exit_code == 2
    assert "UTF-8" in result.stderr
