"""Announcements typed in one line: what is recognised, and what is said back instead of guessed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.announcements.fields import Field, Fields, Kind, missing
from bot.policy.announcements.one_line import Problem, read, read_lesson

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
CLASSES = ("4H2", "4H", "5V1", "5V2", "Brugklas A")
HOURS = tuple(range(1, 9))


def line(text: str):
    return read(text, class_groups=CLASSES, hours=HOURS, today=MONDAY)


def fields(kind: Kind, *hours: int, subject: str = "", **more: Any) -> Fields:
    given_fields: dict[str, Any] = {"day": MONDAY, "class_groups": ("4H2",), **more}
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
        *(
            pytest.param(text, fields(Kind.CANCELLED, 3, subject="wi"), id=text)
            for text in (
                "4H2 wi 3e uur uitval",
                "klas 4H2 wi uitval 3e lesuur",
                "uitval 4H2: wi, uur 3",
                "4H2 wi valt het 3e uur uit",
                "4H2 wi 3e uur gaat niet door",
                "4H2 geen les wi 3e",
                "4H2 wi 3u uitval",
                "4H2 wi uitval 3e uur ma 23 nov",
                "4H2 wi uitval 3e uur vandaag",
                "4H2 wi is cancelled 3rd period",
                "4H2 no class wi lesson 3",
            )
        ),
        *(
            pytest.param(text, fields(Kind.MOVED, 3, subject="wi", new_hours=(5,)), id=text)
            for text in (
                "4H2 wi verplaatst van 3e naar 5e uur",
                "4H2 wi verzet 3e uur -> 5e uur",
                "4H2 wi moved from lesson 3 to 5",
                "4H2 wi rescheduled 3rd period to 5th",
            )
        ),
        *(
            pytest.param(text, fields(Kind.ROOM, 3, subject="wi", room="104"), id=text)
            for text in (
                "4H2 wi 3e uur lokaalwijziging naar 104",
                "4H2 wi 3e uur lokaalwissel lokaal 104",
                "4H2 wi 3e uur nieuw lokaal in 104",
                "4H2 wi lesson 3 different room to 104",
            )
        ),
        *(
            pytest.param(
                text, fields(Kind.CANCELLED, 1, 2, subject="wi", class_groups=classes), id=text
            )
            for text, classes in (
                ("4H2 uitval wi 1e + 2e", ("4H2",)),
                ("4H2/5V1 uitval wi 1e en 2e uur", ("4H2", "5V1")),
                ("4H2, 5V1: uitval wi 1+2 uur", ("4H2", "5V1")),
                ("4H2 & 5V1 cancelled wi 1st & 2nd lesson", ("4H2", "5V1")),
            )
        ),
        pytest.param(
            "4H2 uitval 1e, 2e en 4e uur Mens en Maatschappij",
            fields(Kind.CANCELLED, 1, 2, 4, subject="Mens en Maatschappij"),
            id="a list of hours, a subject with a small word in it",
        ),
        pytest.param(
            "4H2 verplaatst wi 3e uur di 24-11 naar 4e uur do 26 nov",
            fields(
                Kind.MOVED,
                3,
                subject="wi",
                new_hours=(4,),
                day=TUESDAY,
                new_day=date(2026, 11, 26),
            ),
            id="days in two ways of writing, in the order of the line",
        ),
        pytest.param(
            "4H2\u200b uitval\u202e 3e uur w\u200bi",
            fields(Kind.CANCELLED, 3, subject="wi"),
            id="signs that nobody sees",
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
        pytest.param(
            "4H2 uitval 3e uur wi ma 24 nov", (Problem.UNCLEAR_DAY, "ma 24 nov"), id="no Monday"
        ),
        pytest.param(
            "4H2 uitval 3e uur wi volgende vrijdag",
            (Problem.UNCLEAR_DAY, "volgende vrijdag"),
            id="this Friday or the one after",
        ),
        pytest.param(
            "4H2 uitval 3e uur wi di of do", (Problem.UNCLEAR_DAY, "24-11, 26-11"), id="two days"
        ),
        pytest.param(
            "4H2 uitval 3e uur wi i.v.m. ziekte docent", (Problem.HEALTH, "ziekte"), id="illness"
        ),
        pytest.param(
            "4H2 wi cancelled lesson 3, Ms Smit is ill", (Problem.HEALTH, "ill"), id="ill"
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


def test_reason_when_it_is_no_ones_health_then_stays_as_it_was_typed():
    found = line("4H2 uitval 3e uur wi ivm vergadering")

    assert (found.fields.subject, found.problems) == ("wi ivm vergadering", ())


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("3", Kind.CANCELLED, {"hours": (3,)}, id="an hour"),
        pytest.param("3+4", Kind.CANCELLED, {"hours": (3, 4)}, id="two hours"),
        pytest.param("3 wi", Kind.CANCELLED, {"hours": (3,), "subject": "wi"}, id="and a subject"),
        pytest.param(
            "3e uur wi morgen",
            Kind.CANCELLED,
            {"hours": (3,), "subject": "wi", "day": TUESDAY},
            id="and a day",
        ),
        pytest.param(
            "3 wi naar 5",
            Kind.MOVED,
            {"hours": (3,), "subject": "wi", "new_hours": (5,)},
            id="to another hour",
        ),
        pytest.param(
            "3 wi 104",
            Kind.ROOM,
            {"hours": (3,), "subject": "wi", "room": "104"},
            id="in another room",
        ),
        pytest.param("naar 5", None, {"hours": (5,), "new_hours": (5,)}, id="the new hour"),
        pytest.param("wiskunde", Kind.CANCELLED, {"subject": "wiskunde"}, id="no hour"),
    ],
)
def test_answer_when_an_hour_was_asked_for_then_a_number_is_one(text, kind, expected):
    found = read_lesson(text, kind=kind, hours=HOURS, today=MONDAY, day=MONDAY)

    assert found.fields == Fields(**{"kind": kind, "day": MONDAY, **expected})
    assert found.problems == ()


@given(text=st.text(max_size=300), kind=st.sampled_from([*Kind, None]))
def test_answer_when_anything_then_never_raises_and_names_only_hours_of_the_school(text, kind):
    found = read_lesson(text, kind=kind, hours=HOURS, today=MONDAY, day=MONDAY).fields

    assert {*found.hours, *found.new_hours} <= set(HOURS)


@given(text=st.text(max_size=300))
def test_line_when_anything_then_never_raises_and_names_only_what_the_school_has(text):
    found = line(text).fields

    assert set(found.class_groups) <= set(CLASSES)
    assert {*found.hours, *found.new_hours} <= set(HOURS)
    assert found.day is not None
    assert found.day >= MONDAY
