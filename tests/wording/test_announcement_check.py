"""The check of what an author typed: read together, placed in each field, with the school's own."""

from typing import Any

import pytest

from bot.policy.announcements.fields import Field, Fields, Kind
from bot.wording.allowed import NOTHING_OWN, Allowed
from bot.wording.announcement import Roster, checked
from bot.wording.findings import Kind as Found

ROSTER = Roster(
    students=frozenset({"Bram Bakker", "Roos de Wit"}),
    staff=frozenset({"Karin de Vries"}),
    class_groups=frozenset({"4H2"}),
)


def lesson(subject: str, room: str = "", **more: Any) -> Fields:
    return Fields(kind=Kind.CANCELLED, hours=(3,), subject=subject, room=room, **more)


def note(text: str) -> Fields:
    return Fields(kind=Kind.PRACTICAL, note=text)


@pytest.mark.parametrize(
    ("fields", "kinds", "places"),
    [
        pytest.param(lesson("wiskunde", "104"), (), {}, id="clean"),
        pytest.param(
            note("vraag Bram Bakker"),
            (Found.STUDENT_NAME,),
            {Field.NOTE: ((6, 17),)},
            id="a name in a note",
        ),
        pytest.param(
            lesson("mevrouw De Vries", "ziek thuis"),
            (Found.HEALTH_NEAR_PERSON,),
            {Field.SUBJECT: ((0, 16),), Field.ROOM: ((0, 4),)},
            id="a name in one field, health in the next",
        ),
        pytest.param(
            lesson("wi Bram", "Bakker"),
            (Found.STUDENT_NAME,),
            {Field.SUBJECT: ((3, 7),), Field.ROOM: ((0, 6),)},
            id="a name over two fields",
        ),
        pytest.param(
            lesson("wi 06-1234", "5678"),
            (Found.PHONE_NUMBER,),
            {Field.SUBJECT: ((3, 10),), Field.ROOM: ((0, 4),)},
            id="a number over two fields",
        ),
        pytest.param(
            lesson("wiskunde", note="Bram Bakker"), (), {}, id="what is not shown stops nothing"
        ),
        pytest.param(
            note("Roos uit 4H2 leest voor"),
            (Found.STUDENT_NAME,),
            {Field.NOTE: ((0, 4),)},
            id="an ordinary word beside a class of the school",
        ),
    ],
)
def test_check_when_fields_are_read_together_then_each_has_its_places(fields, kinds, places):
    found = checked(fields, ROSTER, NOTHING_OWN)

    assert (found.stops, dict(found.places)) == (kinds, places)


def test_check_when_it_is_the_schools_own_then_nothing_stops():
    own = Allowed(phone_numbers=frozenset({"0182 512345"}), accounts=frozenset({"schoolnaam"}))
    text = note("bel 0182-512345 of kijk op t.me/schoolnaam")

    assert checked(text, ROSTER, own).stops == ()
    assert set(checked(text, ROSTER, NOTHING_OWN).stops) == {
        Found.PHONE_NUMBER,
        Found.PERSONAL_LINK,
    }
