"""A channel as the professional account of a member of staff (B.5)."""

from collections.abc import Awaitable, Callable

import pytest

from bot.policy.people import Role
from bot.policy.rules import Article
from bot.sandbox import RefusedByTelegram
from storage.tables import accounts, channels
from tests.journeys.finding import (
    leave_school,
    news,
    rows,
    said,
    state_of,
    texts_in,
)
from tests.journeys.world import World

ARTICLE = Article.B5


async def registers(world: World, user: int, channel: int) -> None:
    """Somebody registers a channel, by the bot's own button."""
    world.act.write(user, user, "/kanaal")
    await world.quiet()
    world.act.press_request_chat(user, channel)
    await world.quiet()


async def owner_on_record(world: World, channel: int) -> int:
    found = await rows(
        world,
        accounts.select()
        .join(channels, channels.c.account_id == accounts.c.id)
        .where(channels.c.chat_id == channel),
    )
    (account,) = found
    return int(account["user_id"])


def shared(user: int, chat: int, request: int) -> dict[str, object]:
    """What a modified telephone can send without having been offered any button."""
    return {
        "message": {
            "message_id": 9000,
            "date": 1795420800,
            "chat": {"id": user, "type": "private", "first_name": "Iemand"},
            "from": {"id": user, "is_bot": False, "first_name": "Iemand"},
            "chat_shared": {"request_id": request, "chat_id": chat},
        }
    }


async def test_channel_that_its_owner_picks_is_registered(world: World):
    anna = await world.teacher("Anna de Vries")
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    her = news(world, anna)

    await registers(world, anna, channel)

    assert await owner_on_record(world, channel) == anna
    assert len(await world.events("staff:channel:registered")) == 1
    assert her.heard == [said(world, "new-channel"), said(world, "channel-registered")]


async def test_list_offers_only_channels_of_the_presser(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    world.act.write(anna, anna, "/kanaal")
    await world.quiet()

    for other in (
        world.act.create_channel(kees, "Nieuws van Kees"),
        world.act.create_group(anna, "een groep"),
    ):
        with pytest.raises(RefusedByTelegram, match="can't be chosen"):
            world.act.press_request_chat(anna, other)


async def test_channel_registered_twice_stands_there_once(world: World):
    anna = await world.teacher("Anna de Vries")
    channel = world.act.create_channel(anna, "Nieuws van Anna")

    await registers(world, anna, channel)
    await registers(world, anna, channel)

    assert await owner_on_record(world, channel) == anna


async def student(world: World) -> int:
    return await world.student("Bram Bakker")


async def guardian(world: World) -> int:
    return await world.join_school("Gerda Bakker", Role.GUARDIAN)


async def stranger(world: World) -> int:
    user = world.stranger("Xander Xavier")
    world.act.start_bot(user)
    await world.quiet()
    await world.later(hours=13)
    return user


async def former_teacher(world: World) -> int:
    user = await world.teacher("Olga Oud")
    await leave_school(world, "Olga Oud")
    return user


NOT_STAFF = pytest.mark.parametrize(
    "somebody", [student, guardian, stranger, former_teacher], ids=lambda each: each.__name__
)


@NOT_STAFF
async def test_command_of_anybody_but_staff_is_refused_and_offers_no_list(
    world: World, somebody: Callable[[World], Awaitable[int]]
):
    user = await somebody(world)
    theirs = news(world, user)

    world.act.write(user, user, "/kanaal")
    await world.quiet()

    assert theirs.heard == [said(world, "command-refused")]
    assert [e["command"] for e in await world.events("bot:command:refused")] == ["kanaal"]
    assert world.act.look(user, user)["keyboard"] is None


@NOT_STAFF
async def test_forged_choice_of_anybody_but_staff_registers_nothing(
    world: World, somebody: Callable[[World], Awaitable[int]]
):
    user = await somebody(world)
    channel = world.act.create_channel(user, "Nep-nieuws van school")

    world.telegram.inject_update(shared(user, channel, request=2))
    await world.quiet()

    assert await rows(world, channels.select()) == []
    assert [e["rule"] for e in await world.events("bot:command:refused")] == [
        "b5-channel-register-refused"
    ]


async def test_forged_choice_with_an_unknown_number_does_nothing(world: World):
    anna = await world.teacher("Anna de Vries")
    channel = world.act.create_channel(anna, "Nieuws van Anna")

    world.telegram.inject_update(shared(anna, channel, request=77))
    await world.quiet()

    assert await rows(world, channels.select()) == []


async def test_channel_of_somebody_who_left_school_speaks_no_more(world: World):
    anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, "4H2 rooster", [kees])
    channel = world.act.create_channel(kees, "Nieuws van Kees")
    await registers(world, kees, channel)
    world.act.add_bot(
        anna,
        chat,
        ["can_restrict_members", "can_delete_messages", "can_invite_users", "can_pin_messages"],
    )
    await world.quiet()
    world.act.link_channel(anna, chat, channel)
    await world.later(minutes=7)
    complied = await state_of(world, chat)

    await leave_school(world, "Kees Kok")
    world.act.post_in_channel(kees, channel, "Ik ben er nog steeds")
    await world.later(minutes=7)

    assert complied == "managed"
    assert texts_in(world, chat)[1:] == []
    assert await state_of(world, chat) == "suspended"


async def test_channel_registered_for_one_group_says_nothing_about_another(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    await registers(world, anna, channel)

    message = world.act.write(anna, chat, "Toetsweek begint maandag", as_chat=channel)
    await world.quiet()

    assert world.calls("banChatSenderChat") == []
    # It is linked to no group: whoever reads it here cannot know whose it is.
    assert message not in {m["message_id"] for m in world.act.group_as_seen(chat)["messages"]}


async def test_channel_is_registered_although_its_owner_cannot_be_told(world: World):
    anna = await world.teacher("Anna de Vries")
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.write(anna, anna, "/kanaal")
    await world.quiet()
    world.act.block_bot(anna)

    world.telegram.inject_update(shared(anna, channel, request=2))
    await world.quiet()

    (failed,) = await world.events("bot:effect:failed")
    assert (failed["effect"], failed["group_id"]) == ("SendPrivateNotice", None)
    assert await owner_on_record(world, channel) == anna
    assert await world.events("bot:update:set-aside") == []
