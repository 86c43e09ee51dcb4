"""Somebody opens a group by hand, of which Telegram tells the bot nothing (B.6, second half)."""

from bot.policy.groups import PERMISSIONS
from bot.policy.rules import Article
from tests.journeys.finding import (
    LOCKED,
    OPEN,
    allowed_in,
    is_there,
    removed_by,
    time_passes,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B6_LOCK


async def a_class(world: World) -> tuple[int, int, int]:
    """A teacher, a student, and their managed group, looked at a moment ago."""
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker", "4H2")
    chat = await world.managed_group(anna, bram)
    await world.later(seconds=1)
    return anna, bram, chat


async def test_group_opened_by_hand_is_found_by_the_poll_and_closed_again(world: World):
    anna, _bram, chat = await a_class(world)

    world.act.set_permissions(anna, chat, OPEN)
    await world.quiet()
    open_until_the_poll = "can_send_messages" in allowed_in(world, chat)
    await world.later(minutes=7)

    (drifted,) = await world.events("bot:lock:drifted")
    _first, again = await world.events("bot:lock:proved")
    assert open_until_the_poll
    assert drifted["opened"] == ["can_send_messages"]
    assert drifted["weight"] == "signal"
    assert allowed_in(world, chat) == LOCKED
    assert again["open_seconds"] in {0, 1}
    assert 400 <= again["open_seconds_at_most"] <= 440


async def test_open_seconds_count_on_while_telegram_does_not_let_the_bot_close(world: World):
    anna, _bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    world.telegram.faults.add("setChatPermissions", "500", count=3)
    await world.later(minutes=7)

    time_passes(world, seconds=40)
    await world.quiet()

    *_, again = await world.events("bot:lock:proved")
    assert allowed_in(world, chat) == LOCKED
    assert again["open_seconds"] >= 35
    assert len(await world.events("bot:lock:drifted")) == 1


async def test_message_gives_an_open_group_away_at_once(world: World):
    anna, bram, chat = await a_class(world)
    time_passes(world, minutes=2)
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(bram, chat, "hee de groep is open")
    await world.quiet()

    assert removed_by(world, chat, message) == "by the bot"
    assert allowed_in(world, chat) == LOCKED
    *_, again = await world.events("bot:lock:proved")
    assert again["open_seconds_at_most"] <= 130


async def test_lock_opened_within_a_minute_of_a_look_is_closed_when_the_minute_is_over(
    world: World,
):
    anna, bram, chat = await a_class(world)
    await world.later(minutes=7)
    world.act.set_permissions(anna, chat, OPEN)
    world.act.write(bram, chat, "hee de groep is open")
    await world.quiet()
    not_yet = allowed_in(world, chat) != LOCKED

    time_passes(world, minutes=1, seconds=1)
    await world.quiet()

    assert not_yet
    assert allowed_in(world, chat) == LOCKED


async def test_messages_one_after_another_do_not_make_the_bot_look_for_each(world: World):
    anna, bram, chat = await a_class(world)
    time_passes(world, minutes=2)
    world.act.set_permissions(anna, chat, OPEN)
    looks = len(world.calls("getChat"))

    for n in range(30):
        world.act.set_permissions(anna, chat, OPEN)
        world.act.write(bram, chat, f"nog een bericht {n}")
        await world.quiet()

    assert len(world.calls("getChat")) - looks <= 4


async def test_each_permission_that_is_opened_is_closed_again(world: World):
    anna, _bram, chat = await a_class(world)
    each = [name for name in PERMISSIONS if name not in LOCKED]
    after = {}

    for permission in each:
        world.act.set_permissions(anna, chat, {permission: True})
        await world.later(minutes=7)
        after[permission] = allowed_in(world, chat)

    drifted = [e["opened"] for e in await world.events("bot:lock:drifted")]
    assert drifted == [[permission] for permission in each]
    assert after == dict.fromkeys(each, LOCKED)


async def test_reactions_that_staff_switch_off_are_left_off(world: World):
    anna, _bram, chat = await a_class(world)

    world.act.set_permissions(anna, chat, {"can_react_to_messages": False})
    await world.later(minutes=7)

    assert await world.events("bot:lock:drifted") == []
    assert allowed_in(world, chat) == []


async def test_group_that_was_opened_while_the_bot_was_down_is_closed_when_it_is_back(
    opens,
):
    async with opens() as world:
        async with running(world):
            anna, _bram, chat = await a_class(world)
        world.act.set_permissions(anna, chat, OPEN)
        time_passes(world, hours=3)

        async with running(world):
            await world.tick()

            assert allowed_in(world, chat) == LOCKED
            *_, again = await world.events("bot:lock:proved")
            assert again["open_seconds_at_most"] >= 3 * 3600 - 1


async def test_administrator_who_keeps_opening_the_group_does_not_make_the_bot_race(world: World):
    anna, _bram, chat = await a_class(world)
    world.telegram.faults.add("setChatPermissions", "delay", seconds=0.05, count=100)
    world.act.set_permissions(anna, chat, OPEN)
    calls = len(world.calls("setChatPermissions"))

    for _ in range(3):
        await world.later(minutes=7)
        world.act.set_permissions(anna, chat, OPEN)

    assert len(world.calls("setChatPermissions")) - calls <= 3


async def test_bot_that_may_no_longer_restrict_says_so_and_locks_when_it_may_again(world: World):
    anna, bram, chat = await a_class(world)
    world.act.promote(anna, chat, world.telegram.bot.id, ["can_delete_messages"])
    world.act.set_permissions(anna, chat, OPEN)
    await world.quiet()
    await world.later(minutes=7)
    still_open = "can_send_messages" in allowed_in(world, chat)
    message = world.act.write(bram, chat, "de bot kan niets meer")
    await world.quiet()

    world.act.promote(anna, chat, world.telegram.bot.id, RIGHTS)
    await world.quiet()

    assert still_open
    assert not is_there(world, chat, message)
    assert allowed_in(world, chat) == LOCKED
    assert len(await world.events("bot:lock:drifted")) == 1
