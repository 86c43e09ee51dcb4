from dataclasses import replace

import pytest

from bot.policy.broadcast_groups.group_items import ItemFacts, failing_items, missing_rights
from bot.policy.groups import REQUIRED_RIGHTS, ChatKind
from bot.policy.notices import NOTICES, Item
from tests.policy.world import (
    BOT_SEAT,
    CHANNEL,
    COLLEAGUE,
    COLLEAGUE_SEAT,
    GOOD_LOOK,
    OWNER_SEAT,
    STUDENT_SEAT,
    TEACHER,
)

STAFF = frozenset({TEACHER.user, COLLEAGUE.user})


def items(*, registered=False, owner_is_staff=True, **look):
    facts = ItemFacts(
        look=replace(GOOD_LOOK, **look),
        staff=STAFF,
        owner_is_staff=owner_is_staff,
        channel_registered=registered,
    )
    return failing_items(facts)


@pytest.mark.parametrize(
    ("look", "failing"),
    [
        pytest.param({}, (), id="in order"),
        pytest.param({"kind": ChatKind.GROUP}, (Item.BASIC_GROUP,), id="a basic group"),
        pytest.param({"username": "groep2b"}, (Item.NOT_PRIVATE,), id="public"),
        pytest.param({"is_forum": True}, (Item.FORUM,), id="topics are on"),
        pytest.param(
            {"seats": (replace(OWNER_SEAT, is_anonymous=True),)},
            (Item.ANONYMOUS_ADMINISTRATOR,),
            id="anonymous owner",
        ),
        pytest.param(
            {"seats": (OWNER_SEAT, replace(COLLEAGUE_SEAT, is_anonymous=True))},
            (Item.ANONYMOUS_ADMINISTRATOR,),
            id="anonymous administrator",
        ),
        pytest.param(
            {"seats": (OWNER_SEAT, replace(BOT_SEAT, is_anonymous=True))},
            (Item.BOT_ADMINISTRATOR,),
            id="a bot is never a person without a name",
        ),
        pytest.param({"boosts_unrestrict": 1}, (Item.BOOSTS,), id="boosts lift the lock"),
        pytest.param({"linked_channel": CHANNEL}, (Item.LINKED_CHANNEL,), id="unknown channel"),
        pytest.param({"linked_channel": CHANNEL, "registered": True}, (), id="registered channel"),
        pytest.param({"in_community": True}, (Item.COMMUNITY,), id="in a community"),
        pytest.param({"own_rights": frozenset()}, (Item.RIGHTS_MISSING,), id="no rights"),
        pytest.param(
            {"own_rights": frozenset(REQUIRED_RIGHTS) | {"can_promote_members"}},
            (),
            id="more rights than needed",
        ),
        pytest.param(
            {"seats": (OWNER_SEAT, STUDENT_SEAT)},
            (Item.ADMINISTRATOR_NOT_STAFF,),
            id="a student's seat",
        ),
        pytest.param({"seats": (OWNER_SEAT, COLLEAGUE_SEAT)}, (), id="staff alone"),
        pytest.param(
            {"seats": (OWNER_SEAT, COLLEAGUE_SEAT, BOT_SEAT)},
            (Item.BOT_ADMINISTRATOR,),
            id="staff and another bot",
        ),
        pytest.param(
            {"owner_is_staff": False}, (Item.OWNER_NOT_STAFF,), id="the owner is no longer staff"
        ),
        pytest.param(
            {"owner_is_staff": False, "seats": (COLLEAGUE_SEAT,)},
            (Item.OWNER_HIDDEN,),
            id="no owner shows",
        ),
        pytest.param(
            {"seats": (), "own_rights": frozenset(), "is_forum": True},
            (Item.FORUM, Item.RIGHTS_MISSING, Item.OWNER_HIDDEN),
            id="several, in their own order",
        ),
    ],
)
def test_items_when_group_is_so_then_these_fail(look, failing):
    assert items(**look) == failing


@pytest.mark.parametrize("right", REQUIRED_RIGHTS)
def test_rights_when_one_is_missing_then_it_is_named(right):
    look = replace(GOOD_LOOK, own_rights=frozenset(REQUIRED_RIGHTS) - {right})

    assert missing_rights(look) == (right,)
    assert items(own_rights=look.own_rights) == (Item.RIGHTS_MISSING,)


def test_every_item_and_every_right_has_a_text():
    assert {key for key in NOTICES if key.startswith("item-")} == {f"item-{item}" for item in Item}
    assert {key for key in NOTICES if key.startswith("right-")} == {
        f"right-{right}" for right in REQUIRED_RIGHTS
    }


def test_text_of_an_item_has_a_place_for_rights_only_where_they_are_missing():
    assert {item for item in Item if NOTICES[f"item-{item}"]} == {Item.RIGHTS_MISSING}
    assert NOTICES["item-rights-missing"] == frozenset({"rights"})
