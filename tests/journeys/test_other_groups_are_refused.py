"""The bot does not stay in a group that staff do not run, and says so once (B.6, first half)."""

from collections.abc import Awaitable, Callable
from itertools import permutations

import pytest

from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from tests.journeys.finding import (
    OPEN,
    TITLE,
    deliver_in,
    effects,
    is_in,
    leave_school,
    news,
    nonce_offered,
    said,
    said_in,
    state_of,
    waiting_kinds,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B6_GROUPS

Somebody = Callable[[World], Awaitable[int]]


def a_refusal(world: World) -> list[str]:
    """What a group reads when the bot does not stay: the same for everybody."""
    return [said(world, "group-refused", Language.BOTH)]


async def student(world: World) -> int:
    return await world.student("Bram Bakker", "4H2")


async def guardian(world: World) -> int:
    return await world.join_school("Gerda Bakker", Role.GUARDIAN)


async def stranger(world: World) -> int:
    return world.stranger("Xander Xavier")


async def unlinked_teacher(world: World) -> int:
    await world.enrol("Piet Pieters", Role.STAFF)
    return world.stranger("Piet Pieters")


async def former_teacher(world: World) -> int:
    user = await world.teacher("Olga Oud")
    await leave_school(world, "Olga Oud")
    return user


OWNERS = [
    pytest.param(student, "student", id="student"),
    pytest.param(guardian, "guardian", id="guardian"),
    pytest.param(stranger, None, id="stranger"),
    pytest.param(unlinked_teacher, None, id="teacher who linked no account"),
    pytest.param(former_teacher, None, id="teacher who left school"),
]


@pytest.mark.parametrize(("owner", "manager"), OWNERS)
async def test_group_of_anybody_but_staff_gets_one_neutral_text_and_is_left(
    world: World, owner: Somebody, manager: str | None
):
    user = await owner(world)
    chat = world.act.create_group(user, "onze klas")
    theirs = news(world, user)

    world.act.add_bot(user, chat, RIGHTS)
    await world.quiet()

    (refused,) = await world.events("bot:group:refused")
    assert refused["reason"] == "b6-owner-not-staff"
    assert refused["manager"] == manager
    assert said_in(world, chat) == a_refusal(world)
    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"
    assert theirs.heard == []
    assert world.calls("setChatPermissions") == []


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_staff_who_add_the_bot_to_a_group_of_students_are_a_signal(world: World, kind: str):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas", [anna], kind=kind)

    world.act.add_bot(anna, chat)
    await world.quiet()

    (signal,) = await world.events("bot:staff:took-part")
    assert signal["weight"] == "signal"
    assert signal["manager"] == "student"
    assert said_in(world, chat) == a_refusal(world)
    assert not is_in(world, chat)


async def test_student_who_adds_the_bot_is_information_and_no_signal(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")

    world.act.add_bot(bram, chat)
    await world.quiet()

    assert await world.events("bot:staff:took-part") == []
    (refused,) = await world.events("bot:group:refused")
    assert refused["weight"] == "information"
    assert refused["added_by_role"] == "student"


async def test_start_group_link_cannot_bring_the_bot_into_a_group_of_students(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(bram, "onze klas", [anna])

    world.act.add_bot(anna, chat, payload=nonce_offered(world, anna))
    await world.quiet()

    assert not is_in(world, chat)
    assert len(await world.events("bot:staff:took-part")) == 1
    assert await world.events("bot:group:adopted") == []


async def test_refused_group_that_adds_the_bot_again_within_a_day_reads_no_second_text(
    world: World,
):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat)
    await world.quiet()

    for _ in range(3):
        await world.later(hours=1)
        world.act.add_bot(bram, chat)
        await world.quiet()

    assert not is_in(world, chat)
    assert said_in(world, chat) == a_refusal(world)
    assert len(await world.events("bot:group:refused")) == 4


async def test_refused_group_that_adds_the_bot_again_after_a_day_reads_the_text_again(
    world: World,
):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat)
    await world.quiet()

    await world.later(hours=25)
    world.act.add_bot(bram, chat)
    await world.quiet()

    assert said_in(world, chat) == a_refusal(world) * 2
    assert not is_in(world, chat)


async def test_locked_group_of_students_is_left_although_nothing_can_be_said_there(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.set_permissions(bram, chat, {"can_send_messages": False})

    world.act.add_bot(bram, chat)
    await world.quiet()

    assert said_in(world, chat) == []
    assert not is_in(world, chat)
    assert [row["state"] for row in await effects(world, "SendGroupNotice")] == ["failed"]
    assert await world.events("bot:effect:failed") == []


async def test_bot_that_was_thrown_out_before_it_could_leave_is_content_with_that(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.telegram.faults.add("getChat", "delay", seconds=0.2)
    world.act.add_bot(bram, chat)

    world.act.remove_bot(bram, chat)
    await world.quiet()

    assert await state_of(world, chat) == "left"
    assert said_in(world, chat) == []
    assert await world.events("bot:effect:failed") == []


async def test_channel_is_left_without_a_word(world: World):
    anna = await world.teacher("Anna de Vries")
    channel = world.act.create_channel(anna, "Nieuws van Anna")

    world.act.add_bot(anna, channel, RIGHTS)
    await world.quiet()

    assert not is_in(world, channel)
    assert said_in(world, channel) == []
    assert [e["reason"] for e in await world.events("bot:group:refused")] == [
        "b5-channel-not-a-group"
    ]


async def test_refused_group_is_looked_at_no_more(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat)
    await world.quiet()
    looks = len(world.calls("getChat"))

    await world.later(minutes=30)

    assert len(world.calls("getChat")) == looks


async def test_messages_of_a_refused_group_are_left_alone(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.set_permissions(bram, chat, OPEN)
    world.telegram.faults.add("leaveChat", "500", count=2)
    world.act.add_bot(bram, chat, RIGHTS)
    world.act.write(bram, chat, "wat doet die bot hier")
    await world.quiet()

    await world.later(minutes=1)

    assert not is_in(world, chat)
    assert world.calls("deleteMessage") == []
    assert world.calls("deleteMessages") == []


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_updates_about_being_added_by_a_student_may_come_in_any_order(
    resting_world: World, order: tuple[int, ...]
):
    world = resting_world
    async with running(world):
        bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat, RIGHTS)
    world.act.write(bram, chat, "wat doet die bot hier")
    assert waiting_kinds(world) == ["my_chat_member", "message", "message"]

    deliver_in(world, order)
    async with running(world):
        assert not is_in(world, chat)
        assert said_in(world, chat) == a_refusal(world)
        assert len(await world.events("bot:group:refused")) == 1


async def test_update_about_being_added_that_was_lost_is_made_up_for_by_a_message(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat, RIGHTS)
    world.act.write(bram, chat, "wat doet die bot hier")

    deliver_in(world, (2,))
    async with running(world):
        assert not is_in(world, chat)
        (refused,) = await world.events("bot:group:refused")
        assert refused["added_by"] is None


async def test_group_that_staff_take_over_is_adopted_when_the_bot_is_added_again(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(bram, TITLE, [anna])
    world.act.add_bot(bram, chat)
    await world.quiet()
    world.act.transfer_ownership(bram, chat, anna)
    world.act.demote(anna, chat, bram)

    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    assert await state_of(world, chat) == "managed"
