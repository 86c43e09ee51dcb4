"""Announcements typed in one line: what is recognised, and what is said back instead of guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.announcements.fields import Field, Fields, Kind, missing
from bot.policy.announcements.one_line import Problem, read

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
CLASSES = ("4H2", "4H", "5V1", "5V2", "Brugklas A")
HOURS = tuple(range(1, 9))


def line(text: str):
    return read(text, class_groups=CLASSES, hours=HOURS, today=MONDAY)


def fields(kind: Kind, *hours: int, subject: str = "", **more: object) -> Fields:
    given_fields = {"day": MONDAY, "class_groups": ("4H2",), **more}
    return Fields(kind=kind, hours=hours, subject=subject, **given_fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "4H2 uitval 3e uur wiskunde",
            fields(Kind.CANCELLED, 3, subject="wiskunde"),
            id="cancelled",
        ),
        pytest.param(
            "wiskunde 3e uur valt uit 4h2",
            fields(Kind.CANCELLED, 3, subject="wiskunde"),
            id="in another order, in small letters",
        ),
        pytest.param(
            "4H2 uitval 3e en 4e uur wiskunde morgen",
            fields(Kind.CANCELLED, 3, 4, subject="wiskunde", day=TUESDAY),
            id="two hours, tomorrow",
        ),
        pytest.param(
            "4H2 uitval 3-5 uur Engels",
            fields(Kind.CANCELLED, 3, 4, 5, subject="Engels"),
            id="a range of hours",
        ),
        pytest.param(
            "4H2 uitval lesuur 3 t/m 4 wiskunde",
            fields(Kind.CANCELLED, 3, 4, subject="wiskunde"),
            id="a range in words",
        ),
        pytest.param(
            "4H2 maths cancelled period 3",
            fields(Kind.CANCELLED, 3, subject="maths"),
            id="English",
        ),
        pytest.param(
            "4H2 verplaatst 3e uur wiskunde naar 5e uur",
            fields(Kind.MOVED, 3, subject="wiskunde", new_hours=(5,)),
            id="moved",
        ),
        pytest.param(
            "4H2 verplaatst 3e uur wiskunde ma naar 4e uur di",
            fields(Kind.MOVED, 3, subject="wiskunde", new_hours=(4,), new_day=TUESDAY),
            id="moved to another day",
        ),
        pytest.param(
            "4H2 5V1 ander lokaal 2e uur Frans naar lokaal B1.06",
            fields(Kind.ROOM, 2, subject="Frans", room="B1.06", class_groups=("4H2", "5V1")),
            id="room, two classes",
        ),
        pytest.param(
            "4H2 vervanging 3e uur natuurkunde",
            fields(Kind.SUBSTITUTION, 3, subject="natuurkunde"),
            id="substitution",
        ),
        pytest.param(
            "4H2 let op: neem vrijdag je gymspullen mee, 3e uur",
            fields(Kind.PRACTICAL, note="neem vrijdag je gymspullen mee, 3e uur"),
            id="practical stays as it was written",
        ),
        pytest.param(
            "4H2 uitval 3e uur lichamelijke opvoeding 24-11",
            fields(Kind.CANCELLED, 3, subject="lichamelijke opvoeding", day=TUESDAY),
            id="a date in numbers",
        ),
        pytest.param(
            "4H2 uitval 3e uur wi 8 januari",
            fields(Kind.CANCELLED, 3, subject="wi", day=date(2027, 1, 8)),
            id="a date next year",
        ),
        pytest.param(
            "Brugklas A uitval 1e uur biologie",
            fields(Kind.CANCELLED, 1, subject="biologie", class_groups=("Brugklas A",)),
            id="a class of two words",
        ),
        pytest.param(
            "4H uitval 1e uur biologie",
            fields(Kind.CANCELLED, 1, subject="biologie", class_groups=("4H",)),
            id="the shorter of two classes",
        ),
    ],
)
def test_line_when_it_says_everything_then_every_field_is_found(text, expected):
    found = line(text)

    assert found.fields == expected
    assert found.problems == ()
    assert missing(found.fields) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("4H2 uitval 9e uur wi", (Problem.UNKNOWN_HOUR, "9"), id="no such hour"),
        pytest.param("4H7 uitval 3e uur wi", (Problem.UNKNOWN_CLASS, "4H7"), id="no such class"),
        pytest.param(
            "4H2 uitval 3e uur wi 31-02", (Problem.UNKNOWN_DAY, "31-02"), id="no such day"
        ),
        pytest.param("4H2 uitval 3e uur wi 20-11", (Problem.DAY_PAST, "20-11"), id="a day past"),
        pytest.param(
            "4H2 uitval vervanging 3e uur wi",
            (Problem.TWO_KINDS, "vervanging, uitval"),
            id="two kinds",
        ),
        pytest.param("4H2 uitval 3e uur " + "x" * 70, (Problem.TOO_LONG, "x" * 20), id="too long"),
    ],
)
def test_line_when_something_cannot_be_then_it_is_said_back_and_not_guessed(text, problem):
    assert line(text).problems == (problem,)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("4H2", (Field.KIND,), id="nothing but a class"),
        pytest.param("uitval", (Field.HOURS, Field.SUBJECT), id="a kind"),
        pytest.param("4H2 verplaatst 3e uur wi", (Field.NEW_HOURS,), id="moved, but where to"),
        pytest.param("4H2 ander lokaal 3e uur wi", (Field.ROOM,), id="another room, but which"),
        pytest.param("4H2 let op", (Field.NOTE,), id="practical without a word"),
    ],
)
def test_line_when_something_is_missing_then_it_is_asked_for(text, wanted):
    assert missing(line(text).fields) == wanted


@given(text=st.text(max_size=300))
def test_line_when_anything_then_never_raises_and_names_only_what_the_school_has(text):
    found = line(text).fields

    assert set(found.class_groups) <= set(CLASSES)
    assert {*found.hours, *found.new_hours} <= set(HOURS)
    assert found.day is not None
    assert found.day >= MONDAY
