"""A member of staff sets up a group app, and the bot takes it under its care (B.6, first half)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import pytest

from bot.policy.effects import Language
from bot.policy.notices import Item
from bot.policy.people import Role
from bot.policy.rules import Article
from bot.sandbox import RefusedByTelegram
from tests.journeys.finding import (
    LOCKED,
    TITLE,
    allowed_in,
    button_under,
    deliver_in,
    group,
    is_in,
    news,
    nonce_offered,
    said,
    said_in,
    state_of,
    waiting_kinds,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B6_GROUPS

PLAIN: list[str] = []
"""No rights at all: the bot is an ordinary member."""


async def is_ready(world: World, chat: int) -> bool:
    """Whether a group is managed, locked, and its lock was read back."""
    found = await group(world, chat)
    return (
        found["state"] == "managed"
        and found["lock_proved_at"] is not None
        and found["open_since"] is None
        and allowed_in(world, chat) == LOCKED
    )


# --- the three ways to ask ---------------------------------------------------------------------


async def test_group_picked_from_the_list_of_own_chats_is_adopted(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    her = news(world, anna)

    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    world.act.press_request_chat(anna, chat)
    await world.quiet()

    assert await is_ready(world, chat)
    assert her.heard[1:] == [
        said(world, "group-being-checked"),
        said(world, "group-ready"),
    ]
    assert [e["how"] for e in await world.events("staff:group:confirmed")] == ["rights", "button"]


async def test_basic_group_picked_from_the_list_becomes_a_supergroup_and_is_adopted(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE, kind="group")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()

    new = world.act.press_request_chat(anna, chat)
    await world.quiet()

    assert new != chat
    assert await is_ready(world, new)


async def test_list_offers_only_groups_that_the_presser_owns_and_that_are_private(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()

    (button,) = world.act.look(anna, anna)["keyboard"]["keyboard"][0]

    wanted = button["request_chat"]
    assert wanted["chat_is_created"] is True
    assert wanted["chat_has_username"] is False
    assert wanted["chat_is_channel"] is False
    for refused in (
        world.act.create_group(kees, "van Kees", [anna]),
        world.act.create_group(anna, "openbaar", username="openbaar_4h2"),
    ):
        with pytest.raises(RefusedByTelegram, match="can't be chosen"):
            world.act.press_request_chat(anna, refused)


async def test_group_brought_by_a_start_group_link_is_adopted(world: World):
    anna = await world.teacher("Anna de Vries")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(anna, TITLE)

    world.act.add_bot(anna, chat, RIGHTS, payload=nonce_offered(world, anna))
    await world.quiet()

    assert await is_ready(world, chat)
    assert {e["how"] for e in await world.events("staff:group:confirmed")} == {"rights", "link"}


async def test_start_group_link_without_rights_asks_for_them_and_then_adopts(world: World):
    anna = await world.teacher("Anna de Vries")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(anna, TITLE)
    her = news(world, anna)

    world.act.add_bot(anna, chat, payload=nonce_offered(world, anna))
    await world.quiet()
    explained = her.heard
    world.act.promote(anna, chat, world.telegram.bot.id, RIGHTS)
    await world.quiet()

    assert explained == [
        said(world, "group-items", items=Item.RIGHTS_MISSING, rights=" ".join(RIGHTS))
    ]
    assert await is_ready(world, chat)


async def test_start_group_link_works_once(world: World):
    anna = await world.teacher("Anna de Vries")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    nonce = nonce_offered(world, anna)
    first, second = (world.act.create_group(anna, title) for title in ("eerste", "tweede"))

    world.act.add_bot(anna, first, payload=nonce)
    await world.quiet()
    world.act.add_bot(anna, second, payload=nonce)
    await world.quiet()

    assert [e["how"] for e in await world.events("staff:group:confirmed")] == ["link"]
    assert (await group(world, second))["confirmed_by"] is None
    assert [e["command"] for e in await world.events("bot:command:refused")] == ["start"]
    assert said_in(world, second) == []


async def test_start_group_link_used_by_a_colleague_confirms_nothing(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(kees, "van Kees", [anna])

    world.act.add_bot(kees, chat, payload=nonce_offered(world, anna))
    await world.quiet()

    assert await world.events("staff:group:confirmed") == []
    assert await state_of(world, chat) == "pending"


async def test_start_group_link_that_waited_too_long_confirms_nothing(world: World):
    anna = await world.teacher("Anna de Vries")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    nonce = nonce_offered(world, anna)
    chat = world.act.create_group(anna, TITLE)

    await world.later(minutes=31)
    world.act.add_bot(anna, chat, payload=nonce)
    await world.quiet()

    assert await world.events("staff:group:confirmed") == []


async def test_owner_who_makes_the_bot_administrator_has_the_group_adopted(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    her = news(world, anna)
    world.act.add_bot(anna, chat)
    await world.quiet()
    waited_in_silence = her.heard == [] and await state_of(world, chat) == "pending"

    world.act.promote(anna, chat, world.telegram.bot.id, RIGHTS)
    await world.quiet()

    assert waited_in_silence
    assert await is_ready(world, chat)
    assert her.heard == [said(world, "group-ready")]


async def test_group_that_a_colleague_with_a_seat_brought_is_adopted_and_its_owner_told(
    world: World,
):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, TITLE, [kees])
    world.act.promote(anna, chat, kees, [*RIGHTS, "can_promote_members"])
    hers, his = news(world, anna), news(world, kees)

    world.act.add_bot(kees, chat, RIGHTS)
    await world.quiet()

    assert await is_ready(world, chat)
    assert hers.heard == [said(world, "group-ready")]
    assert his.heard == []


async def test_owner_is_asked_once_when_rights_came_from_somebody_whose_word_no_longer_counts(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, TITLE, [kees])
    world.act.promote(anna, chat, kees, [*RIGHTS, "can_promote_members"])
    world.act.add_bot(kees, chat, RIGHTS)
    world.act.demote(anna, chat, kees)
    her = news(world, anna)

    async with running(world):
        asked = her.heard
        await world.later(minutes=7)
        message, data = button_under(world, anna, "Ja, beheer deze groep")
        world.act.press(anna, anna, message, data)
        await world.quiet()

        assert asked == [said(world, "group-confirm")]
        assert await is_ready(world, chat)
        assert her.heard[1:] == [said(world, "group-being-checked"), said(world, "group-ready")]


# --- what the owner has to mend first ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something with which a group does not comply, and how its owner mends it."""

    item: Item
    make: Callable[[World, int, int], object]
    mend: Callable[[World, int, int], object]


def _anonymous(world: World, anna: int, chat: int, *, on: bool) -> None:
    world.act.set_anonymous(anna, chat, on=on)


def _link(world: World, anna: int, chat: int) -> None:
    world.act.link_channel(anna, chat, world.act.create_channel(anna, "Nieuws van Anna"))


def _seat_another_bot(world: World, anna: int, chat: int) -> None:
    robot = world.stranger("Quizbot", is_bot=True, username="quiz_bot")
    world.act.join(robot, chat=chat, added_by=anna)
    world.act.promote(anna, chat, robot)


FAULTS = [
    Fault(
        item=Item.NOT_PRIVATE,
        make=lambda world, anna, chat: world.act.set_username(chat, "rooster_4h2", anna),
        mend=lambda world, anna, chat: world.act.set_username(chat, None, anna),
    ),
    Fault(
        item=Item.FORUM,
        make=lambda world, anna, chat: world.act.set_topics(anna, chat, on=True),
        mend=lambda world, anna, chat: world.act.set_topics(anna, chat, on=False),
    ),
    Fault(
        item=Item.ANONYMOUS_ADMINISTRATOR,
        make=lambda world, anna, chat: _anonymous(world, anna, chat, on=True),
        mend=lambda world, anna, chat: _anonymous(world, anna, chat, on=False),
    ),
    Fault(
        item=Item.BOOSTS,
        make=lambda world, anna, chat: world.act.set_unrestrict_boosts(anna, chat, 1),
        mend=lambda world, anna, chat: world.act.set_unrestrict_boosts(anna, chat, 0),
    ),
    Fault(
        item=Item.LINKED_CHANNEL,
        make=_link,
        mend=lambda world, anna, chat: world.act.link_channel(anna, chat, None),
    ),
    Fault(
        item=Item.BOT_ADMINISTRATOR,
        make=_seat_another_bot,
        mend=lambda world, anna, chat: world.act.demote(anna, chat, world.names["Quizbot"]),
    ),
]
EACH_FAULT = pytest.mark.parametrize("fault", [pytest.param(f, id=f.item) for f in FAULTS])


@EACH_FAULT
async def test_group_that_does_not_comply_is_explained_once_and_adopted_when_mended(
    world: World, fault: Fault
):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    fault.make(world, anna, chat)
    her = news(world, anna)

    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()
    await world.later(minutes=7)
    explained, unlocked = her.heard, allowed_in(world, chat) != LOCKED
    fault.mend(world, anna, chat)
    await world.later(minutes=7)

    assert explained == [said(world, "group-items", items=fault.item)]
    assert unlocked
    assert await is_ready(world, chat)
    assert her.heard[1:] == [said(world, "group-ready")]


@EACH_FAULT
async def test_group_that_is_not_mended_is_left_at_the_deadline(world: World, fault: Fault):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    fault.make(world, anna, chat)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    await world.later(hours=23)
    stayed = is_in(world, chat)
    await world.later(hours=1, minutes=10)

    assert stayed
    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"
    assert [e["reason"] for e in await world.events("bot:group:refused")] == ["b6-deadline-passed"]
    assert await world.events("bot:staff:took-part") == []


async def test_basic_group_is_explained_and_adopted_when_it_is_a_supergroup(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE, kind="group")
    her = news(world, anna)
    world.act.add_bot(anna, chat)
    world.act.promote(anna, chat, world.telegram.bot.id)
    await world.quiet()
    explained = her.heard

    new = world.act.upgrade(anna, chat)
    await world.quiet()

    assert explained == [said(world, "group-items", items=Item.BASIC_GROUP)]
    assert await is_ready(world, new)
    assert (await group(world, new))["id"] == (await group(world, chat))["id"]


async def test_several_faults_are_explained_together_and_again_when_some_are_mended(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE, username="rooster_4h2")
    world.act.set_unrestrict_boosts(anna, chat, 1)
    her = news(world, anna)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    world.act.set_username(chat, None, anna)
    await world.later(minutes=7)

    assert her.heard == [
        said(world, "group-items", items=f"{Item.NOT_PRIVATE} {Item.BOOSTS}"),
        said(world, "group-items", items=Item.BOOSTS),
    ]


@pytest.mark.parametrize("right", RIGHTS)
async def test_each_right_that_is_missing_is_named_and_given_later(world: World, right: str):
    anna = await world.teacher("Anna de Vries")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(anna, TITLE)
    her = news(world, anna)
    some = [name for name in RIGHTS if name != right]

    world.act.add_bot(anna, chat, some, payload=nonce_offered(world, anna))
    await world.quiet()
    explained = her.heard
    world.act.promote(anna, chat, world.telegram.bot.id, RIGHTS)
    await world.quiet()

    assert explained == [said(world, "group-items", items=Item.RIGHTS_MISSING, rights=right)]
    assert await is_ready(world, chat)


async def test_linked_channel_that_its_owner_registers_is_no_fault_any_more(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.link_channel(anna, chat, channel)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    world.act.write(anna, anna, "/kanaal")
    await world.quiet()
    world.act.press_request_chat(anna, channel)
    await world.quiet()
    await world.later(minutes=7)

    assert await is_ready(world, chat)


async def test_student_who_is_administrator_is_explained_to_the_owner_who_asked_and_waited_for(
    world: World,
):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    world.act.promote(anna, chat, bram)
    her = news(world, anna)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()
    await world.later(hours=3)
    explained, waited = her.heard, await state_of(world, chat)

    world.act.demote(anna, chat, bram)
    await world.later(minutes=7)

    assert explained == [said(world, "group-items", items="administrator-not-staff")]
    assert waited == "pending"
    assert await world.events("bot:group:refused") == []
    assert await is_ready(world, chat)


async def test_student_who_stays_administrator_has_the_group_refused_at_the_deadline(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    world.act.promote(anna, chat, bram)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    await world.later(hours=25)

    assert not is_in(world, chat)
    assert [e["reason"] for e in await world.events("bot:group:refused")] == [
        "b6-administrator-not-staff"
    ]


async def test_student_who_is_administrator_has_the_group_refused_at_once_if_nobody_asked(
    world: World,
):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    world.act.promote(anna, chat, bram)

    world.act.add_bot(anna, chat)
    await world.quiet()

    assert not is_in(world, chat)
    assert [e["reason"] for e in await world.events("bot:group:refused")] == [
        "b6-administrator-not-staff"
    ]


async def test_administrator_who_is_staff_without_a_linked_account_is_not_trusted(world: World):
    anna = await world.teacher("Anna de Vries")
    await world.enrol("Kees Kok", Role.STAFF)
    kees = world.stranger("Kees Kok")
    chat = world.act.create_group(anna, TITLE, [kees])
    world.act.promote(anna, chat, kees)

    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    assert await state_of(world, chat) == "pending"
    assert allowed_in(world, chat) != LOCKED


# --- asked for before the bot is there ---------------------------------------------------------


def chosen(user: int, chat: int) -> dict[str, object]:
    """A choice from the list of one's own groups, of which the bot was not made a member."""
    return {
        "message": {
            "message_id": 9000,
            "date": 1795420800,
            "chat": {"id": user, "type": "private", "first_name": "Anna"},
            "from": {"id": user, "is_bot": False, "first_name": "Anna"},
            "chat_shared": {"request_id": 1, "chat_id": chat},
        }
    }


async def test_group_that_was_asked_for_before_the_bot_was_in_it_is_waited_for(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    her = news(world, anna)
    world.telegram.inject_update(chosen(anna, chat))
    await world.quiet()
    await world.later(hours=3)
    told = her.heard

    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    assert told == [said(world, "group-being-checked"), said(world, "group-not-in")]
    assert await is_ready(world, chat)
    assert her.heard[2:] == [said(world, "group-ready")]
    assert await world.events("bot:group:lost") == []


async def test_group_that_the_bot_is_never_added_to_is_given_up_at_the_deadline(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    world.telegram.inject_update(chosen(anna, chat))
    await world.quiet()

    await world.later(hours=25)

    assert await state_of(world, chat) == "left"
    assert [e["was"] for e in await world.events("bot:group:lost")] == ["pending"]


# --- waiting in silence ------------------------------------------------------------------------


async def test_bot_without_rights_waits_in_silence_and_leaves_at_the_deadline(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE)
    her = news(world, anna)
    world.act.add_bot(anna, chat)
    await world.quiet()

    await world.later(hours=12)
    silent = her.heard == [] and said_in(world, chat) == [] and is_in(world, chat)
    await world.later(hours=13)

    assert silent
    assert her.heard == []
    assert said_in(world, chat) == [said(world, "group-refused", Language.BOTH)]
    assert not is_in(world, chat)


async def test_group_whose_owner_does_not_show_is_waited_for_in_silence_and_left(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, TITLE, [kees])
    world.act.promote(anna, chat, kees, [*RIGHTS, "can_promote_members"])
    world.act.leave(anna, chat)
    both = news(world, anna), news(world, kees)
    world.act.add_bot(kees, chat, RIGHTS)
    await world.quiet()

    await world.later(hours=12)
    silent = [each.heard for each in both] == [[], []] and is_in(world, chat)
    await world.later(hours=13)

    assert silent
    assert not is_in(world, chat)
    assert [e["reason"] for e in await world.events("bot:group:refused")] == ["b6-deadline-passed"]


async def test_group_whose_owner_shows_again_is_adopted(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, TITLE, [kees])
    world.act.promote(anna, chat, kees, [*RIGHTS, "can_promote_members"])
    world.act.leave(anna, chat)
    world.act.add_bot(kees, chat, RIGHTS)
    await world.quiet()

    world.act.join(anna, chat=chat, added_by=kees)
    await world.later(minutes=7)

    assert await is_ready(world, chat)


async def test_basic_group_that_is_never_upgraded_is_left_at_the_deadline(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = world.act.create_group(anna, TITLE, kind="group")
    world.act.add_bot(anna, chat)
    world.act.promote(anna, chat, world.telegram.bot.id)
    await world.quiet()

    await world.later(hours=25)

    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"


async def test_group_brought_by_a_student_to_a_group_of_staff_is_left_in_silence_for_its_owner(
    world: World,
):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    her = news(world, anna)

    world.act.add_bot(bram, chat)
    await world.quiet()
    stays_for_now = is_in(world, chat)
    await world.later(hours=25)

    assert stays_for_now
    assert not is_in(world, chat)
    assert her.heard == []
    assert await world.events("bot:staff:took-part") == []


# --- Telegram's queues overtake one another ----------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_updates_about_being_added_may_come_in_any_order(
    resting_world: World, order: tuple[int, ...]
):
    world = resting_world
    async with running(world):
        anna = await world.teacher("Anna de Vries")
        world.act.write(anna, anna, "/nieuwegroep")
        await world.quiet()
    chat = world.act.create_group(anna, TITLE)
    world.act.add_bot(anna, chat, RIGHTS, payload=nonce_offered(world, anna))
    assert waiting_kinds(world) == ["my_chat_member", "message", "message"]

    deliver_in(world, order)
    async with running(world):
        assert await is_ready(world, chat)
        assert len(await world.events("bot:group:adopted")) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_updates_about_a_migration_may_come_in_any_order(
    resting_world: World, order: tuple[int, ...]
):
    world = resting_world
    async with running(world):
        anna = await world.teacher("Anna de Vries")
        old = world.act.create_group(anna, TITLE, kind="group")
        world.act.add_bot(anna, old)
        world.act.promote(anna, old, world.telegram.bot.id)
        await world.quiet()
    new = world.act.upgrade(anna, old)
    assert waiting_kinds(world) == ["my_chat_member", "message", "message"]

    deliver_in(world, order)
    async with running(world):
        await world.later(minutes=7)

        assert await is_ready(world, new)
        assert (await group(world, new))["id"] == (await group(world, old))["id"]
        assert len(await world.events("telegram:group:migrated")) == 1
        assert len(await world.events("bot:group:adopted")) == 1
        assert said_in(world, new) == [said(world, "house-rules", Language.BOTH)]


async def test_migration_that_is_told_twice_changes_nothing_more(resting_world: World):
    world = resting_world
    async with running(world):
        anna = await world.teacher("Anna de Vries")
        old = world.act.create_group(anna, TITLE, kind="group")
        world.act.add_bot(anna, old)
        world.act.promote(anna, old, world.telegram.bot.id)
        await world.quiet()
    new = world.act.upgrade(anna, old)

    deliver_in(world, (0, 1, 2, 1, 0, 2))
    async with running(world):
        await world.later(minutes=7)

        assert await is_ready(world, new)
        assert len(await world.events("telegram:group:migrated")) == 1
        assert len(await world.events("bot:group:adopted")) == 1


async def test_migration_found_by_a_look_alone_is_followed(resting_world: World):
    world = resting_world
    async with running(world):
        anna = await world.teacher("Anna de Vries")
        old = world.act.create_group(anna, TITLE, kind="group")
        world.act.add_bot(anna, old)
        world.act.promote(anna, old, world.telegram.bot.id)
        await world.quiet()
    new = world.act.upgrade(anna, old)

    deliver_in(world, ())
    async with running(world):
        await world.later(minutes=7)
        await world.later(minutes=7)

        assert await is_ready(world, new)
        assert (await group(world, new))["id"] == (await group(world, old))["id"]
