"""A managed group stops complying: it is left, or its owner gets a day to mend it (B.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.policy.effects import Language
from bot.policy.notices import Item
from bot.policy.rules import Article
from storage.tables import people
from tests.journeys.finding import (
    LOCKED,
    TITLE,
    allowed_in,
    is_in,
    leave_school,
    news,
    said,
    said_in,
    state_of,
)
from tests.journeys.finding import change as alter
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B6_GROUPS


def told_to_mend(world: World, change: "Change", until: str) -> str:
    """What the owner reads when a group is suspended."""
    rights = " ".join(change.rights)
    return said(world, "group-suspended", items=change.item, until=until, rights=rights)


# --- the owner ---------------------------------------------------------------------------------


async def test_group_that_passes_to_a_student_is_left_at_once(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)

    world.act.transfer_ownership(anna, chat, bram)
    await world.quiet()

    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"
    assert [e["reason"] for e in await world.events("bot:group:refused")] == ["b6-owner-not-staff"]
    assert [e["role"] for e in await world.events("telegram:group:owner-changed")] == ["student"]
    assert said_in(world, chat)[1:] == [said(world, "group-refused", Language.BOTH)]


async def test_group_that_changes_hands_is_no_signal_about_whoever_added_the_bot(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)

    world.act.transfer_ownership(anna, chat, bram)
    await world.quiet()

    assert await world.events("bot:staff:took-part") == []


async def test_group_that_passes_to_a_colleague_stays_managed(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = await world.managed_group(anna, kees)

    world.act.transfer_ownership(anna, chat, kees)
    await world.quiet()

    assert await state_of(world, chat) == "managed"
    assert allowed_in(world, chat) == LOCKED
    assert [e["role"] for e in await world.events("telegram:group:owner-changed")] == ["staff"]


async def test_owner_who_leaves_the_group_to_a_student_has_it_left(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)

    world.act.leave(anna, chat, new_owner=bram)
    await world.quiet()

    assert not is_in(world, chat)


async def test_owner_who_leaves_without_an_heir_has_a_day_to_come_back(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)

    world.act.leave(anna, chat)
    await world.quiet()
    suspended = await state_of(world, chat)
    await world.later(hours=25)

    assert suspended == "suspended"
    assert [e["items"] for e in await world.events("bot:group:suspended")] == [["owner-hidden"]]
    assert not is_in(world, chat)


async def test_owner_who_is_no_longer_on_the_list_has_a_day_and_then_the_group_is_left(
    world: World,
):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    her = news(world, anna)

    await leave_school(world, "Anna de Vries")
    await world.later(minutes=7)
    suspended, told = await state_of(world, chat), her.heard
    (row,) = await world.events("bot:group:suspended")
    await world.later(hours=23)
    stayed = is_in(world, chat)
    await world.later(hours=1, minutes=10)

    until = (row["recorded_at"] + timedelta(hours=24)).isoformat()
    assert suspended == "suspended"
    assert told == [said(world, "group-suspended", items="owner-not-staff", until=until)]
    assert stayed
    assert not is_in(world, chat)
    assert [e["reason"] for e in await world.events("bot:group:refused")] == ["b6-owner-not-staff"]
    assert await world.events("telegram:group:owner-changed") == []


async def test_owner_who_was_left_out_of_the_list_by_mistake_loses_nothing(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    her = news(world, anna)

    await leave_school(world, "Anna de Vries")
    await world.later(minutes=7)
    locked = allowed_in(world, chat) == LOCKED
    await alter(world, update(people).where(people.c.name == "Anna de Vries").values(active=True))
    await world.later(minutes=7)

    assert locked
    assert await state_of(world, chat) == "managed"
    assert her.heard[1:] == [said(world, "group-resumed")]


async def test_suspended_group_whose_owner_hands_it_to_a_colleague_goes_on(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = await world.managed_group(anna, kees)
    await leave_school(world, "Anna de Vries")
    await world.later(minutes=7)

    world.act.transfer_ownership(anna, chat, kees)
    world.act.demote(kees, chat, anna)
    await world.quiet()
    await world.later(minutes=7)

    assert await state_of(world, chat) == "managed"


async def test_suspended_group_that_passes_to_a_student_is_left_at_once(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    await leave_school(world, "Anna de Vries")
    await world.later(minutes=7)

    world.act.transfer_ownership(anna, chat, bram)
    await world.quiet()

    assert not is_in(world, chat)


async def test_ownership_that_changed_while_the_bot_was_down_is_found_at_the_first_look(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
    world.act.transfer_ownership(anna, chat, bram)
    world.telegram.world.updates.waiting.clear()

    async with running(world):
        await world.later(minutes=7)

        assert not is_in(world, chat)


# --- what the owner can mend -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that goes wrong in a managed group, and how its owner mends it.

    ``seen_at_once``: Telegram tells bots of it; else the next look finds it.
    """

    item: Item
    make: Callable[[World, int, int, int], object]
    mend: Callable[[World, int, int, int], object]
    seen_at_once: bool = False
    rights: tuple[str, ...] = ()


def _link(world: World, anna: int, chat: int) -> None:
    world.act.link_channel(anna, chat, world.act.create_channel(anna, "Nieuws van Anna"))


def _seat_another_bot(world: World, anna: int, chat: int) -> None:
    robot = world.stranger("Quizbot", is_bot=True, username="quiz_bot")
    world.act.join(robot, chat=chat, added_by=anna)
    world.act.promote(anna, chat, robot)


CHANGES = {
    "student promoted": Change(
        item=Item.ADMINISTRATOR_NOT_STAFF,
        make=lambda w, anna, chat, bram: w.act.promote(anna, chat, bram),
        mend=lambda w, anna, chat, bram: w.act.demote(anna, chat, bram),
        seen_at_once=True,
    ),
    "another bot promoted": Change(
        item=Item.BOT_ADMINISTRATOR,
        make=lambda w, anna, chat, _: _seat_another_bot(w, anna, chat),
        mend=lambda w, anna, chat, _: w.act.demote(anna, chat, w.names["Quizbot"]),
        seen_at_once=True,
    ),
    "bot demoted": Change(
        item=Item.RIGHTS_MISSING,
        make=lambda w, anna, chat, _: w.act.demote(anna, chat, w.telegram.bot.id),
        mend=lambda w, anna, chat, _: w.act.promote(anna, chat, w.telegram.bot.id, RIGHTS),
        seen_at_once=True,
        rights=tuple(RIGHTS),
    ),
    "bot demoted to restricted": Change(
        item=Item.RIGHTS_MISSING,
        make=lambda w, anna, chat, _: w.act.demote(
            anna, chat, w.telegram.bot.id, as_restricted=True
        ),
        mend=lambda w, anna, chat, _: w.act.promote(anna, chat, w.telegram.bot.id, RIGHTS),
        seen_at_once=True,
        rights=tuple(RIGHTS),
    ),
    "one right taken": Change(
        item=Item.RIGHTS_MISSING,
        make=lambda w, anna, chat, _: w.act.promote(anna, chat, w.telegram.bot.id, RIGHTS[:-1]),
        mend=lambda w, anna, chat, _: w.act.promote(anna, chat, w.telegram.bot.id, RIGHTS),
        seen_at_once=True,
        rights=(RIGHTS[-1],),
    ),
    "made public": Change(
        item=Item.NOT_PRIVATE,
        make=lambda w, anna, chat, _: w.act.set_username(chat, "rooster_4h2", anna),
        mend=lambda w, anna, chat, _: w.act.set_username(chat, None, anna),
    ),
    "boosters let through": Change(
        item=Item.BOOSTS,
        make=lambda w, anna, chat, _: w.act.set_unrestrict_boosts(anna, chat, 1),
        mend=lambda w, anna, chat, _: w.act.set_unrestrict_boosts(anna, chat, 0),
    ),
    "administrator anonymous": Change(
        item=Item.ANONYMOUS_ADMINISTRATOR,
        make=lambda w, anna, chat, _: w.act.set_anonymous(anna, chat, on=True),
        mend=lambda w, anna, chat, _: w.act.set_anonymous(anna, chat, on=False),
    ),
    "topics": Change(
        item=Item.FORUM,
        make=lambda w, anna, chat, _: w.act.set_topics(anna, chat, on=True),
        mend=lambda w, anna, chat, _: w.act.set_topics(anna, chat, on=False),
    ),
    "channel linked": Change(
        item=Item.LINKED_CHANNEL,
        make=lambda w, anna, chat, _: _link(w, anna, chat),
        mend=lambda w, anna, chat, _: w.act.link_channel(anna, chat, None),
    ),
}
EACH_CHANGE = pytest.mark.parametrize(
    "change", [pytest.param(change, id=name) for name, change in CHANGES.items()]
)


@EACH_CHANGE
async def test_managed_group_is_suspended_its_owner_told_once_and_resumed_when_mended(
    world: World, change: Change
):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    her = news(world, anna)

    change.make(world, anna, chat, bram)
    await world.quiet()
    if not change.seen_at_once:
        await world.later(minutes=7)
    suspended, told = await state_of(world, chat), her.heard
    (row,) = await world.events("bot:group:suspended")
    await world.later(hours=3)
    change.mend(world, anna, chat, bram)
    await world.later(minutes=7)

    until = (row["recorded_at"] + timedelta(hours=24)).isoformat()
    assert suspended == "suspended"
    assert row["items"] == [change.item]
    assert told == [told_to_mend(world, change, until)]
    assert her.heard == [*told, said(world, "group-resumed")]
    assert await state_of(world, chat) == "managed"
    assert allowed_in(world, chat) == LOCKED
    assert len(await world.events("bot:group:resumed")) == 1


@EACH_CHANGE
async def test_managed_group_that_is_not_mended_is_left_after_a_day(world: World, change: Change):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    change.make(world, anna, chat, bram)
    await world.quiet()
    await world.later(minutes=7)

    await world.later(hours=23)
    stayed = is_in(world, chat)
    await world.later(hours=1, minutes=10)

    assert stayed
    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"


async def test_suspended_group_stays_locked(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.set_unrestrict_boosts(anna, chat, 1)
    await world.later(minutes=7)

    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    await world.later(minutes=7)

    assert await state_of(world, chat) == "suspended"
    assert allowed_in(world, chat) == LOCKED


async def test_deadline_is_not_put_off_by_a_second_fault(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.set_unrestrict_boosts(anna, chat, 1)
    await world.later(minutes=7)

    await world.later(hours=20)
    world.act.promote(anna, chat, bram)
    await world.quiet()
    await world.later(hours=4)

    assert not is_in(world, chat)


async def test_suspended_group_whose_owner_no_longer_hears_the_bot_is_still_left(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.block_bot(anna)
    world.act.promote(anna, chat, bram)
    await world.quiet()

    await world.later(hours=25)

    assert not is_in(world, chat)
    (failed,) = await world.events("bot:effect:failed")
    assert (failed["effect"], failed["reason"]) == ("SendPrivateNotice", "blocked-by-user")


# --- the bot itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ban", [pytest.param(True, id="banned"), pytest.param(False, id="put out")]
)
async def test_bot_that_is_removed_writes_it_down_and_calls_there_no_more(world: World, ban: bool):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    number = world.telegram.calls[-1].number

    world.act.remove_bot(anna, chat, ban=ban)
    await world.quiet()
    await world.later(hours=1)

    (removed,) = await world.events("telegram:group:bot-removed")
    assert (removed["was"], removed["role"]) == ("managed", "staff")
    assert await state_of(world, chat) == "left"
    fresh = [c.method for c in world.telegram.calls_since(number) if c.method != "getUpdates"]
    assert fresh == []


async def test_bot_that_was_removed_while_it_was_down_finds_out(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
    world.act.remove_bot(anna, chat)
    world.telegram.world.updates.waiting.clear()

    async with running(world):
        await world.later(minutes=7)
        await world.later(minutes=2)

        assert await state_of(world, chat) == "left"
        assert [e["was"] for e in await world.events("bot:group:lost")] == ["managed"]


async def test_group_that_is_brought_back_after_a_removal_starts_anew(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.remove_bot(anna, chat)
    await world.quiet()
    world.act.set_permissions(anna, chat, {"can_send_messages": True})

    world.act.unban(anna, chat, world.telegram.bot.id)
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    assert await state_of(world, chat) == "managed"
    assert allowed_in(world, chat) == LOCKED
    assert len(await world.events("bot:group:adopted")) == 2


async def test_group_may_be_renamed_and_is_told_by_its_new_title(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    her = news(world, anna)

    world.act.set_title(anna, chat, "4H2 & 4H3 <rooster>")
    world.act.promote(anna, chat, bram)
    await world.quiet()
    world.act.demote(anna, chat, bram)
    await world.quiet()

    assert her.heard[-1] == said(world, "group-resumed", group="4H2 & 4H3 <rooster>")
    assert TITLE not in her.heard[-1]
