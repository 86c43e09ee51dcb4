"""What a roster's file says, what is wrong with it, and what it changes."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import (
    FIRST_ADMINISTRATOR,
    Difference,
    Loss,
    PersonChange,
    RosterPerson,
    RosterPlan,
    RosterRow,
    plan,
)
from bot.policy.rosters.roster_columns import DUTIES, HEADERS, ROLES, column_of, plain
from bot.policy.rosters.roster_file import read_roster
from bot.policy.rosters.roster_troubles import TROUBLES, RosterError, RosterNote, Trouble

DOCUMENT = Path(__file__).parents[2] / "docs" / "roster.md"
SEYMA = RosterRow(school_id="1001", name="Şeyma Yıldız", role=Role.STUDENT)


def read(*lines: str, known: tuple[str, ...] = ()):
    return read_roster("\n".join(lines).encode(), known)


def only_row(*lines: str) -> RosterRow:
    file = read(*lines)
    assert file.errors == ()
    (row,) = file.rows
    return row


def only_error(*lines: str, known: tuple[str, ...] = ()) -> RosterError:
    file = read(*lines, known=known)
    assert file.rows == ()
    (error,) = file.errors
    return error


# --- the bytes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        pytest.param("utf-8", "utf-8-sig", id="UTF-8"),
        pytest.param("utf-8-sig", "utf-8-sig", id="UTF-8 with a mark"),
        pytest.param("utf-16", "utf-16", id="UTF-16 with a mark"),
    ],
)
def test_reading_when_in_an_encoding_then_the_names_are_right(encoding, told):
    file = read_roster("leerlingnummer;naam\n1001;Şeyma Yıldız\n".encode(encoding))

    assert file.rows == (SEYMA,)
    assert file.encoding == told


def test_reading_when_windows_1252_then_the_names_are_right():
    file = read_roster("leerlingnummer;naam\n1001;Zoë Müller\n".encode("cp1252"))

    assert [row.name for row in file.rows] == ["Zoë Müller"]
    assert file.encoding == "cp1252"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_reading_when_another_delimiter_or_line_ending_then_the_same(delimiter, ending):
    lines = ("leerlingnummer;naam;klas", "1001;Şeyma Yıldız;4H2", "")
    text = ending.join(lines).replace(";", delimiter)

    file = read_roster(text.encode())

    assert file.rows == (replace(SEYMA, class_groups=frozenset({"4H2"})),)
    assert file.delimiter == delimiter


def test_reading_when_the_name_holds_the_delimiter_then_quotation_marks_keep_it():
    row = only_row("leerlingnummer,naam", '1001,"Vries, Anna de"')

    assert row.name == "Vries, Anna de"


def test_reading_when_excel_names_its_delimiter_then_lines_are_counted_with_it():
    file = read("sep=;", "leerlingnummer;naam", "1001;")

    assert [(error.line, error.what) for error in file.errors] == [(3, Trouble.NAME_MISSING)]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"", Trouble.EMPTY, id="nothing"),
        pytest.param(b" \r\n ", Trouble.EMPTY, id="blank"),
        pytest.param(b"leerlingnummer;naam\n", Trouble.EMPTY, id="only a header"),
        pytest.param(b"PK\x03\x04\x14\x00", Trouble.WORKBOOK, id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1", Trouble.WORKBOOK, id="xls"),
        pytest.param("id;naam".encode("utf-16-le"), Trouble.ENCODING, id="UTF-16 without mark"),
        pytest.param(b"\xff\xfea", Trouble.ENCODING, id="half a UTF-16 letter"),
        pytest.param(b"id;naam\n1;\x81\xff", Trouble.ENCODING, id="no letters at all"),
        pytest.param(b'leerlingnummer;naam\n1;"x', Trouble.BROKEN_QUOTES, id="quote left open"),
        pytest.param(b"naam;rol\nx;docent", Trouble.NO_ID_COLUMN, id="no id"),
        pytest.param(b"id;rol\n1;docent", Trouble.NO_NAME_COLUMN, id="no name"),
        pytest.param(b"id;voornaam;rol\n1;x;docent", Trouble.NO_NAME_COLUMN, id="half a name"),
        pytest.param(b"id;naam\n1;x", Trouble.NO_ROLE_COLUMN, id="no role"),
        pytest.param(b"code;afkorting;naam\n1;2;x", Trouble.COLUMN_TWICE, id="two ids"),
    ],
)
def test_reading_when_the_file_is_no_roster_then_one_error_and_no_rows(data, what):
    file = read_roster(data)

    assert [error.what for error in file.errors] == [what]
    assert file.rows == ()


# --- the columns -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "role"),
    [
        pytest.param("Leerlingnummer", Role.STUDENT, id="Dutch student"),
        pytest.param("STUDENT NUMBER", Role.STUDENT, id="English student"),
        pytest.param("Personeelsnummer", Role.STAFF, id="number of staff"),
        pytest.param(" Afkorting ", Role.STAFF, id="abbreviation"),
        pytest.param("medewerker-nummer", Role.STAFF, id="with a sign"),
    ],
)
def test_reading_when_the_id_tells_the_role_then_no_column_is_needed(header, role):
    assert only_row(f"{header};Naam", "7;Noor").role is role


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        pytest.param("naam", "Anna de Vries", "Anna de Vries", id="whole"),
        pytest.param("Name", "  Anna\u00a0 de  Vries ", "Anna de Vries", id="spaces"),
        pytest.param(
            "Roepnaam;Tussenvoegsel;Achternaam", "Anna;de;Vries", "Anna de Vries", id="parts"
        ),
        pytest.param("first name;last name", "Anna;Vries", "Anna Vries", id="English parts"),
        pytest.param("Voornaam;Tussenvoegsel;Naam", "Anna;de;Vries", "Anna de Vries", id="surname"),
        pytest.param(
            "Naam;Voornaam;Achternaam", "Vries, A. de;Anna;Vries", "Anna Vries", id="parts win"
        ),
        pytest.param(
            "Voornamen;Roepnaam;Achternaam", "Anna Maria;An;Vries", "An Vries", id="called"
        ),
        pytest.param("naam", "=HYPERLINK(1)", "=HYPERLINK(1)", id="formula is text"),
        pytest.param("naam", "@Anna", "@Anna", id="at is text"),
        pytest.param("naam", "-Anna", "-Anna", id="minus is text"),
        pytest.param("naam", "Zoe\u0308", "Zoë", id="accents are one letter"),
    ],
)
def test_reading_when_a_name_is_written_in_some_way_then_it_is_whole(header, cells, name):
    assert only_row(f"leerlingnummer;{header}", f"1001;{cells}").name == name


@pytest.mark.parametrize(
    ("word", "role"),
    [
        pytest.param("Leerling", Role.STUDENT, id="leerling"),
        pytest.param("pupil", Role.STUDENT, id="pupil"),
        pytest.param("DOCENT", Role.STAFF, id="docent"),
        pytest.param("medewerker", Role.STAFF, id="medewerker"),
        pytest.param("teacher", Role.STAFF, id="teacher"),
    ],
)
def test_reading_when_a_role_is_written_in_some_way_then_it_is_known(word, role):
    assert only_row("id;naam;functie", f"7;Noor;{word}").role is role


@pytest.mark.parametrize("word", ["ouder", "Verzorger", "ouder/verzorger", "parent", "guardian"])
def test_reading_when_a_guardian_has_a_known_child_then_it_is_read(word):
    file = read("id;naam;rol;kind", f"O1;Noor;{word};1001", known=("1001",))

    assert [(row.role, row.children) for row in file.rows] == [(Role.GUARDIAN, frozenset({"1001"}))]


@pytest.mark.parametrize(
    "cell",
    ['"4H2;5V1"', "4H2,5V1", "4H2|5V1", "4H2 / 5V1", "4H2, 5V1,", "5V1 | 4H2"],
)
def test_reading_when_several_classes_stand_in_a_cell_then_each_is_read(cell):
    row = only_row("leerlingnummer;naam;klassen", f"1001;Noor;{cell}")

    assert row.class_groups == frozenset({"4H2", "5V1"})


def test_reading_when_a_class_has_a_slash_inside_then_it_is_one_class():
    row = only_row("leerlingnummer;naam;klas", "1001;Noor;4H/V")

    assert row.class_groups == frozenset({"4H/V"})


def test_reading_when_children_stand_in_numbered_columns_then_all_are_read():
    file = read("id;naam;rol;kind 1;kind 2", "O1;Noor;ouder;1;2", known=("1", "2"))

    assert [row.children for row in file.rows] == [frozenset({"1", "2"})]


@pytest.mark.parametrize(
    ("cell", "duties"),
    [
        pytest.param("Coördinator", {Duty.COORDINATOR}, id="coordinator"),
        pytest.param("teamleider", {Duty.COORDINATOR}, id="team leader"),
        pytest.param("schoolleiding | beheerder", {Duty.LEADERSHIP, Duty.ADMINISTRATOR}, id="two"),
        pytest.param("directie", {Duty.LEADERSHIP}, id="directie"),
        pytest.param("", set(), id="none"),
    ],
)
def test_reading_when_staff_have_duties_then_they_are_read(cell, duties):
    assert only_row("afkorting;naam;taken", f"VRI;Noor;{cell}").duties == frozenset(duties)


def test_reading_when_somebody_is_mentor_then_that_is_no_duty_and_is_told():
    file = read("afkorting;naam;taken", "VRI;Noor;mentor, coordinator")

    assert [row.duties for row in file.rows] == [frozenset({Duty.COORDINATOR})]
    assert file.notes == (RosterNote(line=2, value="mentor"),)


def test_reading_when_a_column_is_absent_then_the_file_says_nothing_about_it():
    assert only_row("leerlingnummer;naam", "1001;Şeyma Yıldız") == SEYMA


def test_reading_when_a_column_is_unknown_then_it_is_named_and_not_read():
    file = read("leerlingnummer;naam;BSN;Mentor", "1001;Noor;123456782;Anna")

    assert file.ignored == ("BSN", "Mentor")
    assert file.errors == ()


# --- the rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column", "what", "value"),
    [
        pytest.param(";Noor;leerling;;;", "id", Trouble.ID_MISSING, "", id="no id"),
        pytest.param(f"{'9' * 65};Noor;leerling;;;", "id", Trouble.ID_TOO_LONG, "", id="long id"),
        pytest.param("A;Noor;leerling;;;", "id", Trouble.ID_TWICE, "A: 2", id="id twice"),
        pytest.param("a;Noor;leerling;;;", "id", Trouble.ID_TWICE, "a: 2", id="twice in capitals"),
        pytest.param("2; ;leerling;;;", "naam", Trouble.NAME_MISSING, "", id="no name"),
        pytest.param(
            f"2;{'n' * 201};leerling;;;", "naam", Trouble.NAME_TOO_LONG, "", id="long name"
        ),
        pytest.param("2;Noor;;;;", "rol", Trouble.ROLE_MISSING, "", id="no role"),
        pytest.param("2;Noor;kok;;;", "rol", Trouble.ROLE_UNKNOWN, "kok", id="unknown role"),
        pytest.param(
            f"2;Noor;leerling;{'k' * 65};;",
            "klas",
            Trouble.CLASS_GROUP_TOO_LONG,
            "",
            id="long class",
        ),
        pytest.param(
            "2;Noor;docent;;conciërge;",
            "taak",
            Trouble.DUTY_UNKNOWN,
            "conciërge",
            id="unknown duty",
        ),
        pytest.param(
            "2;Noor;leerling;;coordinator;", "taak", Trouble.DUTY_NOT_STAFF, "", id="student duty"
        ),
        pytest.param("2;Noor;ouder;;;", "kind", Trouble.CHILD_MISSING, "", id="no child"),
        pytest.param("2;Noor;ouder;;;77", "kind", Trouble.CHILD_UNKNOWN, "77", id="strange child"),
        pytest.param("2;Noor;ouder;;;B", "kind", Trouble.CHILD_UNKNOWN, "B", id="child is staff"),
        pytest.param(
            "2;Noor;docent;;;A", "kind", Trouble.CHILDREN_NOT_GUARDIAN, "", id="staff with child"
        ),
        pytest.param("2;No\x07or;leerling;;;", "naam", Trouble.CONTROL_CHARACTERS, "", id="bell"),
        pytest.param(
            "2;No\u202eor;leerling;;;", "naam", Trouble.CONTROL_CHARACTERS, "", id="turned"
        ),
        pytest.param("2;Noor;leerling;;;;x", "", Trouble.TOO_MANY_CELLS, "", id="too many cells"),
    ],
)
def test_reading_when_a_row_is_wrong_then_its_line_and_column_are_named(line, column, what, value):
    error = only_error("id;naam;rol;klas;taak;kind", "A;Bram;leerling", "B;Anna;docent", line)

    assert error == RosterError(line=4, column=column, what=what, value=value)


def test_reading_when_several_rows_are_wrong_then_every_error_at_once_in_order():
    file = read("id;naam;rol", ";x;kok", "1;Goed;leerling", "2;;leerling")

    assert [(error.line, error.what) for error in file.errors] == [
        (2, Trouble.ID_MISSING),
        (2, Trouble.ROLE_UNKNOWN),
        (4, Trouble.NAME_MISSING),
    ]
    assert file.rows == ()


def test_reading_when_a_cell_spans_lines_then_later_errors_keep_their_line():
    file = read("leerlingnummer;naam;klas", '1;Noor;"4H2\n5V1"', "2;;4H2")

    assert [(error.line, error.what) for error in file.errors] == [(4, Trouble.NAME_MISSING)]


def test_reading_when_the_child_is_no_longer_in_the_students_file_then_an_error():
    error = only_error(
        "id;naam;rol;kind", "1001;Bram;leerling;", "O1;Noor;ouder;1002", known=("1001", "1002")
    )

    assert (error.what, error.value) == (Trouble.CHILD_UNKNOWN, "1002")


def test_reading_when_a_wrong_value_is_long_then_it_is_shortened():
    error = only_error("id;naam;rol", f"1;Noor;{'k' * 500}")

    assert error.value == "k" * 60 + "…"


@given(st.binary(max_size=400))
def test_reading_when_anything_then_rows_or_errors_and_never_both(data):
    file = read_roster(data)

    assert bool(file.rows) is not bool(file.errors)


@given(st.lists(st.text(max_size=12), min_size=3, max_size=9))
def test_reading_when_any_cells_then_each_name_is_on_one_line(cells):
    rows = [";".join(cells[at : at + 3]) for at in range(0, len(cells), 3)]

    for row in read_roster("\n".join(("id;naam;rol", *rows)).encode("utf-8", "replace")).rows:
        assert row.name.splitlines() == [row.name]


# --- the words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [HEADERS, ROLES, DUTIES], ids=["headers", "roles", "duties"])
def test_words_when_compared_then_each_is_in_its_plain_form(words):
    assert [word for word in words if plain(word) != word] == []


def test_troubles_when_told_then_each_has_both_languages():
    assert TROUBLES.keys() == set(Trouble)
    assert all(dutch and english and dutch != english for dutch, english in TROUBLES.values())


# --- documentation -----------------------------------------------------------------------------


def documentation() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_documentation_when_its_example_is_read_then_everybody_in_it():
    example = documentation().split("```csv\n")[1].split("```")[0]

    file = read_roster(example.encode())

    assert [error.what for error in file.errors] == []
    assert [(row.school_id, row.role) for row in file.rows] == [
        ("100234", Role.STUDENT),
        ("100235", Role.STUDENT),
        ("VRI", Role.STAFF),
        ("JAN", Role.STAFF),
        ("O-881", Role.GUARDIAN),
    ]


def test_documentation_when_it_names_headers_then_each_is_read():
    rows = documentation().split("| What | Headers |")[1].split("\n## ")[0].splitlines()[2:]
    named = [word for row in rows if row for word in re.findall("`([^`]+)`", row.split("|")[2])]

    assert len(named) > 30
    assert [word for word in named if column_of(word) is None] == []


# --- what changes ------------------------------------------------------------------------------

BRAM = RosterPerson(
    school_id="1001", name="Bram", role=Role.STUDENT, class_groups=frozenset({"4H2"})
)
ANNA = RosterPerson(
    school_id="VRI", name="Anna", role=Role.STAFF, duties=frozenset({Duty.COORDINATOR})
)
INSTALLER = RosterPerson(school_id=FIRST_ADMINISTRATOR, name="Eerste beheerder", role=Role.STAFF)


def row_of(person: RosterPerson, **changes: Any) -> RosterRow:
    row = RosterRow(school_id=person.school_id, name=person.name, role=person.role)
    return replace(row, **changes)


def crowd(count: int, role: Role = Role.STUDENT) -> list[RosterPerson]:
    return [
        RosterPerson(school_id=f"{role}-{number:03}", name="N", role=role)
        for number in range(count)
    ]


def test_plan_when_somebody_is_new_then_added():
    row = row_of(BRAM, class_groups=BRAM.class_groups)

    assert plan([], [row]) == RosterPlan(added=(BRAM,))


def test_plan_when_nothing_differs_then_unchanged():
    found = plan([BRAM], [row_of(BRAM, class_groups=frozenset({"4H2"}))])

    assert found == RosterPlan(unchanged=1)
    assert found.changes_nothing


@pytest.mark.parametrize(
    ("before", "changes", "differences"),
    [
        pytest.param(BRAM, {"name": "Bram B."}, [("name", "Bram", "Bram B.")], id="name"),
        pytest.param(
            BRAM,
            {"class_groups": frozenset({"5H2", "5H1"})},
            [("class_groups", "4H2", "5H1, 5H2")],
            id="class",
        ),
        pytest.param(ANNA, {"duties": frozenset()}, [("duties", "coordinator", "")], id="duty"),
        pytest.param(
            ANNA,
            {"role": Role.STUDENT},
            [("role", "staff", "student"), ("duties", "coordinator", "")],
            id="role, and the duties with it",
        ),
        pytest.param(
            replace(BRAM, active=False), {}, [("active", "left", "active")], id="comes back"
        ),
    ],
)
def test_plan_when_something_differs_then_what_is_named(before, changes, differences):
    (change,) = plan([before], [row_of(before, **changes)]).changed

    assert change.before == before
    assert change.differences == tuple(
        Difference(what=what, before=old, after=new) for what, old, new in differences
    )


def test_plan_when_the_file_has_no_column_then_what_is_known_stays():
    found = plan([ANNA, BRAM], [row_of(ANNA, name="Anna B."), row_of(BRAM)])

    after = replace(ANNA, name="Anna B.")
    assert found == RosterPlan(changed=(PersonChange(before=ANNA, after=after),), unchanged=1)


def test_plan_when_somebody_is_not_in_the_file_then_gone():
    other = replace(BRAM, school_id="1002")

    assert plan([BRAM, other], [row_of(BRAM)]).gone == (other,)


def test_plan_when_a_role_is_absent_then_nobody_of_it_is_gone():
    assert plan([BRAM, ANNA], [row_of(BRAM)]).gone == ()


def test_plan_when_somebody_left_before_then_not_gone_again():
    former = replace(BRAM, school_id="1002", active=False)

    assert plan([BRAM, former], [row_of(BRAM)]).gone == ()


def test_plan_when_the_first_administrator_is_in_no_file_then_not_gone():
    assert plan([ANNA, INSTALLER], [row_of(ANNA)]).gone == ()


@pytest.mark.parametrize(
    ("count", "gone", "losses"),
    [
        pytest.param(10, 3, (), id="exactly three in ten"),
        pytest.param(10, 4, (Loss(role=Role.STUDENT, gone=4, of=10),), id="more"),
        pytest.param(9, 8, (), id="a small role"),
        pytest.param(100, 31, (Loss(role=Role.STUDENT, gone=31, of=100),), id="31 in 100"),
    ],
)
def test_plan_when_many_are_gone_then_a_large_loss_is_told(count, gone, losses):
    people = crowd(count)

    assert plan(people, [row_of(person) for person in people[gone:]]).large_losses == losses


def test_plan_when_leavers_are_many_then_they_are_not_counted_as_the_role():
    people = crowd(10)
    former = [replace(p, school_id=f"x{p.school_id}", active=False) for p in crowd(90)]

    found = plan([*people, *former], [row_of(person) for person in people[4:]])

    assert found.large_losses == (Loss(role=Role.STUDENT, gone=4, of=10),)
