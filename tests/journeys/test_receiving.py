"""Every update is recorded once, and none holds up those behind it (our own order)."""

import io
from typing import Any

import pytest

from bot.policy.rules import Article
from storage.tables import dead_letters, seen_updates
from tests.journeys.finding import (
    LOCKED,
    allowed_in,
    deliver_in,
    everything_on_disk,
    news,
    rows,
    said,
    time_passes,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

MARKER = "xylofoonzwaluw"

PERSON = {"id": 5_000_000_900, "is_bot": False, "first_name": "Iemand"}
PRIVATE = {"id": 5_000_000_900, "type": "private", "first_name": "Iemand"}
GROUP = {"id": -1_002_300_000_900, "type": "supergroup", "title": "Een groep"}
NOW = 1_795_420_800
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Groepswacht"}


def member_change(status: str, **more: object) -> dict[str, Any]:
    return {
        "chat": GROUP,
        "from": PERSON,
        "date": NOW,
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": {"user": BOT, "status": status, **more},
    }


POISON: dict[str, dict[str, Any]] = {
    "banned without until_date": {"my_chat_member": member_change("kicked")},
    "restricted without anything": {"my_chat_member": member_change("restricted")},
    "message is a text": {"message": MARKER},
    "message is empty": {"message": {}},
    "message is a list": {"message": [1, 2]},
    "message without a chat": {"message": {"message_id": 1, "date": NOW, "text": MARKER}},
    "date is a text": {
        "message": {"message_id": 1, "date": MARKER, "chat": PRIVATE, "from": PERSON, "text": "x"}
    },
    "chat of an unknown type": {
        "my_chat_member": {**member_change("member"), "chat": {"id": -5, "type": MARKER}}
    },
    "query without a sender": {"callback_query": {"id": "1", "data": MARKER}},
    "join request without a date": {"chat_join_request": {"chat": GROUP, "from": PERSON}},
    "too large an id": {
        "message": {
            "message_id": 1,
            "date": NOW,
            "chat": {**PRIVATE, "id": 10**30},
            "from": {**PERSON, "id": 10**30},
            "text": MARKER,
        }
    },
}
EACH_POISON = pytest.mark.parametrize(
    "update", [pytest.param(update, id=name) for name, update in POISON.items()]
)

HARMLESS: dict[str, dict[str, Any]] = {
    "nothing at all": {},
    "an unknown kind": {"hologram_update": {"text": MARKER}},
    "an unknown status": {"my_chat_member": member_change("hologram")},
    "an answer to a poll": {
        "poll_answer": {
            "poll_id": "1",
            "option_ids": [],
            "option_persistent_ids": [],
            "user": PERSON,
        }
    },
    "an unknown field": {
        "message": {
            "message_id": 1,
            "date": NOW,
            "chat": PRIVATE,
            "from": PERSON,
            "text": "hallo",
            "hologram": {"a": 1},
        }
    },
}


async def test_update_is_answered(world: World):
    xander = world.stranger("Xander Xavier")

    world.act.write(xander, xander, "hallo")
    await world.quiet()

    assert len(world.heard_by(xander)) == 1


# --- poison ------------------------------------------------------------------------------------


@EACH_POISON
async def test_poison_is_set_aside_without_a_word_and_those_behind_it_go_on(
    world: World, update: dict[str, Any], logs: io.StringIO
):
    xander = world.stranger("Xander Xavier")

    number = world.telegram.inject_update(update)
    world.act.write(xander, xander, "hallo")
    await world.quiet()

    (aside,) = await rows(world, dead_letters.select())
    assert aside["update_id"] == number
    assert len(await world.events("bot:update:set-aside")) == 1
    assert world.heard_by(xander) == [said(world, "kind-answer-stranger")]
    assert MARKER.encode() not in everything_on_disk(world)
    assert MARKER not in logs.getvalue()


@pytest.mark.parametrize(
    "update", [pytest.param(update, id=name) for name, update in HARMLESS.items()]
)
async def test_strange_update_is_counted_and_does_no_harm(world: World, update: dict[str, Any]):
    xander = world.stranger("Xander Xavier")

    number = world.telegram.inject_update(update)
    world.act.write(xander, xander, "hallo")
    await world.quiet()

    assert await rows(world, dead_letters.select()) == []
    assert number in {row["update_id"] for row in await rows(world, seen_updates.select())}
    assert len(world.heard_by(xander)) == 1


async def test_poison_between_others_of_the_same_chat_hinders_none(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    for n in range(20):
        world.act.write(bram, chat, f"bericht nummer {n}")
        for update in POISON.values():
            world.telegram.inject_update(update)

    async with running(world):
        assert len(await world.events("bot:message:refused")) == 20
        assert len(await world.events("bot:update:set-aside")) == 20 * len(POISON)
        assert allowed_in(world, chat) == LOCKED


async def test_poison_is_not_asked_for_again(resting_world: World):
    world = resting_world
    async with running(world):
        world.telegram.inject_update(POISON["banned without until_date"])
        await world.quiet()

    async with running(world):
        assert len(await rows(world, dead_letters.select())) == 1


# --- trouble between Telegram and the bot ------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["409", "401", "500", "502", "429", "garbage_json", "drop", "deliver_then_drop"]
)
async def test_poll_that_went_wrong_loses_and_doubles_nothing(world: World, kind: str):
    xander, yara = world.stranger("Xander Xavier"), world.stranger("Yara Yilmaz")
    world.telegram.faults.add("getUpdates", kind)

    world.act.write(xander, xander, "hallo")
    world.act.write(yara, yara, "hallo")
    await world.quiet()

    assert world.telegram.faults.waiting == []
    assert [len(world.heard_by(user)) for user in (xander, yara)] == [1, 1]
    assert len(await world.events("bot:contact:answered")) == 2


async def test_other_poller_is_named_to_the_operator(world: World, logs: io.StringIO):
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("getUpdates", "409")

    world.act.write(xander, xander, "hallo")
    await world.quiet()

    assert "another process polls with this token" in logs.getvalue()


async def test_updates_that_telegram_delivers_again_are_recorded_once(resting_world: World):
    world = resting_world
    xander = world.stranger("Xander Xavier")
    async with running(world):
        pass
    world.act.write(xander, xander, "hallo")
    queue = world.telegram.world.updates
    kept = list(queue.waiting)
    async with running(world):
        first = world.heard_by(xander)
    queue.waiting.extend(kept)

    async with running(world):
        await world.later(hours=13)

        assert len(first) == 1
        assert world.heard_by(xander) == first
        assert len(await world.events("bot:contact:answered")) == 1


async def test_stop_in_the_middle_of_a_flood_loses_and_doubles_nothing(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    for n in range(300):
        world.act.write(bram, chat, f"bericht nummer {n}")
    kept = list(world.telegram.world.updates.waiting)

    for _ in range(3):
        world.telegram.world.updates.waiting.clear()
        world.telegram.world.updates.waiting.extend(kept)
        async with running(world):
            pass

    assert len(await world.events("bot:message:refused")) == 300
    assert [m["text"] for m in world.act.group_as_seen(chat)["messages"] if m["text"]] == [
        m["text"] for m in world.act.group_as_seen(chat)["messages"] if m["by_bot"] and m["text"]
    ]


async def test_update_id_that_starts_anew_after_a_quiet_week_is_heard(resting_world: World):
    world = resting_world
    xander = world.stranger("Xander Xavier")
    async with running(world):
        world.act.write(xander, xander, "hallo")
        await world.quiet()
    assert world.heard_by(xander) != []
    time_passes(world, days=8)
    world.telegram.world.updates.next_id = 17

    async with running(world):
        world.act.write(xander, xander, "hallo weer")
        await world.quiet()

        assert len(world.heard_by(xander)) == 2


# --- being away --------------------------------------------------------------------------------


async def test_being_away_longer_than_telegram_keeps_updates_is_written_down(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        xander = world.stranger("Xander Xavier")
        world.act.write(xander, xander, "hallo")
        await world.quiet()

    time_passes(world, hours=30)
    async with running(world):
        # The first poll is answered when there is something to tell.
        world.act.write(xander, xander, "hallo weer")
        await world.quiet()

        (gap,) = await world.events("bot:intake:gap-found")
        assert gap["weight"] == "signal"
        assert 30 * 3600 - 5 <= gap["seconds"] <= 30 * 3600 + 5


async def test_being_away_for_a_night_is_nothing_to_write_down(resting_world: World):
    world = resting_world
    async with running(world):
        xander = world.stranger("Xander Xavier")
        world.act.write(xander, xander, "hallo")
        await world.quiet()

    time_passes(world, hours=20)
    async with running(world):
        world.act.write(xander, xander, "hallo weer")
        await world.quiet()

        assert await world.events("bot:intake:gap-found") == []
        assert len(world.heard_by(xander)) == 2


async def test_group_is_looked_at_again_after_a_long_absence(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
        her = news(world, anna)
    world.act.promote(anna, chat, bram)
    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    time_passes(world, hours=30)

    async with running(world):
        await world.tick()

        assert allowed_in(world, chat) == LOCKED
        assert len(her.heard) == 1


async def test_updates_of_one_chat_are_recorded_in_their_order(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
    for _ in range(10):
        world.act.promote(anna, chat, bram)
        world.act.demote(anna, chat, bram)
    deliver_in(world, range(20))

    async with running(world):
        seated = [e["seated"] for e in await world.events("telegram:administrator:changed")]
        assert seated == [True, False] * 10
