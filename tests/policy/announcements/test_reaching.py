"""Which groups a year, a class and a button mean."""

import pytest

from bot.policy.announcements.draft import Reach
from bot.policy.announcements.fields import tidied
from bot.policy.announcements.reaching import fingerprint, of_class, of_year, years_of
from bot.policy.broadcast_groups.class_groups import class_key
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId


def reach(chat: int, *classes: str) -> Reach:
    return Reach(
        chat=ChatId(chat), state=GroupState.MANAGED, class_groups=frozenset(classes), members=30
    )


FOUR, FIVE, BOTH, CLUSTER, NONE = (
    reach(-1, "4H2"),
    reach(-2, "5V1"),
    reach(-3, "4H2", "5V1"),
    reach(-4, "wisB3"),
    reach(-5),
)
ALL = (FOUR, FIVE, BOTH, CLUSTER, NONE)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        pytest.param("4", (FOUR, BOTH), id="a year"),
        pytest.param("x", (CLUSTER, NONE), id="of no year"),
        pytest.param("3", (), id="nobody's year"),
    ],
)
def test_year_when_asked_for_then_every_group_that_is_for_it(year, expected):
    assert of_year(ALL, year) == expected


def test_class_when_asked_for_by_its_key_then_every_group_that_serves_it():
    assert of_class(ALL, class_key("5V1")) == (FIVE, BOTH)
    assert of_class(ALL, "zz") == ()


def test_group_when_for_two_years_then_stands_under_both():
    assert years_of(BOTH) == {"4", "5"}


def test_fingerprint_when_groups_differ_then_differs_and_order_does_not_matter():
    one, other = ChatId(-1), ChatId(-2)

    assert fingerprint([one, other]) == fingerprint([other, one])
    assert len({fingerprint(each) for each in ([], [one], [other], [one, other])}) == 4


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param(" wis  kunde ", "wis kunde", id="spaces"),
        pytest.param("een\r\ntwee\n", "een\ntwee", id="lines stay"),
        pytest.param("\u202ewis\u200bkunde\x00", "wiskunde", id="what nobody sees"),
        pytest.param("👩‍🏫", "👩‍🏫", id="a picture of several signs"),
        pytest.param("\u200b\u2060 \u200d", "", id="nothing at all"),
        pytest.param("...", "", id="only stops"),
    ],
)
def test_words_when_tidied_then_what_is_seen_is_left(typed, kept):
    assert tidied(typed) == kept
