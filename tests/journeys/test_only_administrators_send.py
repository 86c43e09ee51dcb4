"""In a managed group only administrators send (B.6, second half)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram import Message

from bot.gather.posts import CONTENT
from bot.policy.effects import Language
from bot.policy.groups import PERMISSIONS
from bot.policy.rules import Article
from bot.sandbox import RefusedByTelegram, posting
from bot.sandbox.state import Json
from storage.tables import evidence, group_links
from tests.journeys.finding import (
    LOCKED,
    OPEN,
    allowed_in,
    effects,
    group,
    is_there,
    kept_words,
    removed_by,
    rows,
    said,
    said_in,
    state_of,
    texts_in,
    time_passes,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B6_LOCK

BY_BOT = "by the bot"
EVERYTHING = dict.fromkeys(PERMISSIONS, True)
MEDIA = (
    "photo",
    "document",
    "voice",
    "video",
    "video_note",
    "audio",
    "animation",
    "sticker",
    "location",
)


async def a_class(world: World) -> tuple[int, int, int]:
    """A teacher, a student, and their managed group."""
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker", "4H2")
    return anna, bram, await world.managed_group(anna, bram)


def post(world: World, chat: int, author: int, **content: object) -> int:
    """A message of any kind, also one that no telephone of the sandbox can make."""
    telegram = world.telegram.world
    return posting.post(telegram, telegram.chat(chat), from_id=author, content=content).id


def send(world: World, user: int, chat: int, kind: str) -> int:
    """Somebody sends a message of this kind, if Telegram lets him."""
    if kind == "text":
        return world.act.write(user, chat, "hallo allemaal")
    if kind == "contact":
        return world.act.send_contact(user, chat, "0612345678", "Bram")
    return world.act.send_media(user, chat, kind)


# --- the lock ----------------------------------------------------------------------------------


async def test_lock_names_all_sixteen_permissions_leaves_reactions_and_is_read_back(world: World):
    _anna, _bram, chat = await a_class(world)

    (call,) = world.calls("setChatPermissions")
    methods = [c.method for c in world.telegram.calls if c.params.get("chat_id") == chat]
    assert sorted(call["permissions"]) == sorted(PERMISSIONS)
    assert [name for name, on in call["permissions"].items() if on] == LOCKED
    assert call["use_independent_chat_permissions"] is True
    assert allowed_in(world, chat) == LOCKED
    assert methods[methods.index("setChatPermissions") + 1] == "getChat"
    assert [e["open_seconds"] for e in await world.events("bot:lock:proved")] == [0]


async def test_links_are_replaced_by_one_that_asks_for_approval(world: World):
    await a_class(world)

    found = await rows(world, group_links.select().order_by(group_links.c.id))
    assert len(world.calls("exportChatInviteLink")) == 1
    assert [call["creates_join_request"] for call in world.calls("createChatInviteLink")] == [True]
    assert [row["asks_approval"] for row in found] == [False, True]


async def test_house_rules_are_pinned_without_a_sound(world: World):
    _anna, _bram, chat = await a_class(world)

    (pinned,) = world.act.group_as_seen(chat)["pinned"]
    assert said_in(world, chat) == [said(world, "house-rules", Language.BOTH)]
    assert (await group(world, chat))["notice_message_id"] == pinned
    assert [call["disable_notification"] for call in world.calls("pinChatMessage")] == [True]


async def test_house_rules_come_once_however_often_the_group_is_looked_at(world: World):
    anna, _bram, chat = await a_class(world)

    for _ in range(3):
        world.act.set_permissions(anna, chat, OPEN)
        await world.later(minutes=7)

    assert len(said_in(world, chat)) == 1
    assert len(world.calls("exportChatInviteLink")) == 1


async def test_telegram_itself_lets_no_student_send(world: World):
    _anna, bram, chat = await a_class(world)

    for kind in ("text", "contact", *MEDIA):
        with pytest.raises(RefusedByTelegram, match="Only admins can send"):
            send(world, bram, chat, kind)


async def test_student_may_react(world: World):
    anna, bram, chat = await a_class(world)
    message = world.act.write(anna, chat, "Het derde uur valt uit")
    await world.quiet()

    world.act.react(bram, chat, message, "👍")
    await world.quiet()

    assert is_there(world, chat, message)


# --- what somebody else writes is removed ------------------------------------------------------


async def test_message_of_a_student_is_removed_and_its_words_are_kept_for_a_while(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(bram, chat, "wie heeft de antwoorden van wiskunde")
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    (refused,) = await world.events("bot:message:refused")
    assert (refused["role"], refused["kind"], refused["edited"]) == ("student", "text", False)
    assert await kept_words(world) == ["wie heeft de antwoorden van wiskunde"]


async def test_words_that_were_kept_are_erased_in_time_and_the_log_stays_whole(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    world.act.write(bram, chat, "wie heeft de antwoorden van wiskunde")
    await world.quiet()
    assert world.bot is not None

    time_passes(world, days=29)
    await world.bot.jobs.forget_what_is_old()
    kept = await kept_words(world)
    time_passes(world, days=1, hours=1)
    await world.bot.jobs.forget_what_is_old()

    assert kept == ["wie heeft de antwoorden van wiskunde"]
    assert await kept_words(world) == []
    assert await world.log_is_whole()


async def test_school_that_keeps_no_words_keeps_none(opens):
    async with opens(retention={"removed_messages_days": 0}) as world, running(world):
        anna, bram, chat = await a_class(world)
        world.act.set_permissions(anna, chat, OPEN)

        message = world.act.write(bram, chat, "wie heeft de antwoorden van wiskunde")
        await world.quiet()

        assert removed_by(world, chat, message) == BY_BOT
        assert await rows(world, evidence.select()) == []


async def test_media_of_every_kind_are_removed(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, EVERYTHING)

    messages = {kind: world.act.send_media(bram, chat, kind, caption="kijk dit") for kind in MEDIA}
    await world.quiet()

    removed = {kind: removed_by(world, chat, message) for kind, message in messages.items()}
    assert removed == dict.fromkeys(MEDIA, BY_BOT)
    assert [e["kind"] for e in await world.events("bot:message:refused")] == list(MEDIA)


NEWER: dict[str, tuple[Json, str]] = {
    "a dice": ({"dice": {"emoji": "🎲", "value": 4}}, "dice"),
    "a rich message": ({"rich_message": {"blocks": []}}, "rich_message"),
    "a kind that nobody knows yet": ({"hologram": {"file_id": "AgAD"}}, "unknown"),
    "a live photo": (
        {
            "live_photo": {
                "file_id": "AgAD",
                "file_unique_id": "AQAD",
                "width": 1,
                "height": 1,
                "duration": 1,
            }
        },
        "live_photo",
    ),
}


@pytest.mark.parametrize(
    ("content", "kind"), [pytest.param(*case, id=name) for name, case in NEWER.items()]
)
async def test_message_without_words_or_of_a_new_kind_is_removed_all_the_same(
    world: World, content: Json, kind: str
):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, EVERYTHING)

    message = post(world, chat, bram, **content)
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    assert [e["kind"] for e in await world.events("bot:message:refused")] == [kind]


def test_every_kind_of_content_is_one_that_the_library_knows():
    assert set(CONTENT) <= set(Message.__slots__)


async def test_edit_of_an_older_message_is_removed(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, "4H2 rooster", [bram])
    message = world.act.write(bram, chat, "hoi")
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()
    untouched = is_there(world, chat, message)

    await world.later(hours=1)
    world.act.edit(bram, chat, message, "app mij voor de antwoorden")
    await world.quiet()

    assert untouched
    assert removed_by(world, chat, message) == BY_BOT
    (refused,) = await world.events("bot:message:refused")
    assert refused["edited"] is True
    assert refused["recorded_at"] - refused["happened_at"] < timedelta(minutes=1)


async def test_message_in_the_name_of_a_channel_is_removed_and_the_channel_stopped(world: World):
    anna, bram, chat = await a_class(world)
    channel = world.act.create_channel(bram, "Roddels van Bram")
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(bram, chat, "lees dit eens", as_chat=channel)
    await world.quiet()
    world.act.set_permissions(anna, chat, OPEN)

    assert removed_by(world, chat, message) == BY_BOT
    (refused,) = await world.events("bot:message:refused")
    assert (refused["as_channel"], refused["user"]) == (True, None)
    with pytest.raises(RefusedByTelegram, match="do not let you write as a channel"):
        world.act.write(bram, chat, "en nog een keer", as_chat=channel)


async def test_booster_who_writes_in_spite_of_the_lock_is_undone_and_the_owner_told(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_unrestrict_boosts(anna, chat, 1)
    world.act.set_boosts(bram, chat, 1)

    message = world.act.write(bram, chat, "ik mag toch wel schrijven")
    await world.later(minutes=7)

    assert removed_by(world, chat, message) == BY_BOT
    assert allowed_in(world, chat) == LOCKED
    assert [e["items"] for e in await world.events("bot:group:suspended")] == [["boosts"]]


async def test_message_of_a_guardian_or_stranger_is_removed_too(world: World):
    anna, _bram, chat = await a_class(world)
    xander = world.stranger("Xander Xavier")
    world.act.join(xander, chat=chat, added_by=anna)
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(xander, chat, "kan iemand mij helpen")
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    assert [e["role"] for e in await world.events("bot:message:refused")] == [None]


async def test_other_bot_that_writes_is_undone(opens):
    async with opens() as world:
        world.telegram.world.features = type(world.telegram.world.features)(hears_other_bots=True)
        async with running(world):
            anna, _bram, chat = await a_class(world)
            robot = world.stranger("Quizbot", is_bot=True, username="quiz_bot")
            world.act.join(robot, chat=chat, added_by=anna)
            world.act.set_permissions(anna, chat, OPEN)

            message = world.act.write(robot, chat, "Tijd voor een quiz")
            await world.quiet()

            assert removed_by(world, chat, message) == BY_BOT


async def test_flood_of_messages_is_removed_in_few_calls(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    messages = [world.act.write(bram, chat, f"spam nummer {n}") for n in range(250)]

    async with running(world):
        removed = [call["message_ids"] for call in world.calls("deleteMessages")]

        assert {removed_by(world, chat, message) for message in messages} == {BY_BOT}
        assert sorted(number for batch in removed for number in batch) == messages
        assert max(len(batch) for batch in removed) <= 100
        assert len(removed) <= 5
        assert len(await world.events("bot:message:refused")) == 250


async def test_message_that_arrived_while_the_bot_was_down_is_removed_when_it_is_back(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    message = world.act.write(bram, chat, "de bot slaapt dus nu kan het")
    time_passes(world, hours=5)

    async with running(world):
        assert removed_by(world, chat, message) == BY_BOT
        assert allowed_in(world, chat) == LOCKED
        (refused,) = await world.events("bot:message:refused")
        assert refused["recorded_at"] - refused["happened_at"] >= timedelta(hours=4, minutes=59)


async def test_message_older_than_48_hours_is_written_down_as_not_removable(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram, chat = await a_class(world)
        world.act.set_permissions(anna, chat, OPEN)
    message = world.act.write(bram, chat, "hoi")
    time_passes(world, hours=47)
    world.act.edit(bram, chat, message, "nu staat hier iets anders")
    time_passes(world, hours=2)

    async with running(world):
        assert is_there(world, chat, message)
        (kept,) = await world.events("bot:message:not-removable")
        assert kept["reason"] == "older-than-48-hours"
        assert kept["weight"] == "signal"
        assert await world.events("bot:message:refused") == []
        assert world.calls("deleteMessage") == []


async def test_right_to_remove_that_was_taken_is_written_down_as_not_removable(world: World):
    anna, bram, chat = await a_class(world)
    world.telegram.faults.add("getChat", "delay", seconds=0.2)
    world.act.promote(anna, chat, world.telegram.bot.id, ["can_restrict_members"])
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(bram, chat, "nu kan niemand dit weghalen")
    await world.quiet()

    assert is_there(world, chat, message)
    assert [e["reason"] for e in await world.events("bot:message:not-removable")] == [
        "cannot-be-deleted"
    ]
    assert await state_of(world, chat) == "suspended"
    assert allowed_in(world, chat) == LOCKED


async def test_message_that_a_person_removed_first_is_no_trouble(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    message = world.act.write(bram, chat, "oeps verkeerde groep")
    world.act.delete(bram, chat, message)

    async with running(world):
        assert {row["state"] for row in await effects(world, "DeleteMessages")} == {"done"}
        assert await world.events("bot:message:not-removable") == []


# --- what stays --------------------------------------------------------------------------------


async def test_message_of_staff_stays_also_when_edited(world: World):
    anna, _bram, chat = await a_class(world)

    message = world.act.write(anna, chat, "Het derde uur valt uit")
    await world.quiet()
    world.act.edit(anna, chat, message, "Het vierde uur valt uit")
    await world.quiet()

    assert texts_in(world, chat)[1:] == ["Het vierde uur valt uit"]
    assert await world.events("bot:message:refused") == []


async def test_message_of_a_colleague_who_is_administrator_stays(world: World):
    anna, _bram, chat = await a_class(world)
    kees = await world.teacher("Kees Kok")
    world.act.promote(anna, chat, kees)
    await world.quiet()

    message = world.act.write(kees, chat, "Gym is buiten vandaag")
    await world.quiet()

    assert is_there(world, chat, message)


async def test_message_of_an_anonymous_administrator_stays_but_has_to_be_mended(world: World):
    anna, _bram, chat = await a_class(world)
    world.act.set_anonymous(anna, chat, on=True)
    await world.quiet()

    message = world.act.write(anna, chat, "Het derde uur valt uit")
    await world.quiet()

    assert is_there(world, chat, message)
    assert len(await world.events("telegram:message:written-anonymously")) == 1
    assert await state_of(world, chat) == "suspended"


async def test_message_of_a_student_with_a_seat_stays_and_the_seat_is_the_question(world: World):
    anna, bram, chat = await a_class(world)
    world.act.promote(anna, chat, bram)

    message = world.act.write(bram, chat, "ik ben nu beheerder")
    await world.quiet()

    assert is_there(world, chat, message)
    assert [e["items"] for e in await world.events("bot:group:suspended")] == [
        ["administrator-not-staff"]
    ]


async def test_post_of_the_registered_linked_channel_stays(world: World):
    anna, _bram, chat = await a_class(world)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.write(anna, anna, "/kanaal")
    await world.quiet()
    world.act.press_request_chat(anna, channel)
    await world.quiet()
    world.act.link_channel(anna, chat, channel)
    await world.later(minutes=7)

    world.act.post_in_channel(anna, channel, "Toetsweek begint maandag")
    await world.quiet()

    assert texts_in(world, chat)[1:] == ["Toetsweek begint maandag"]
    assert await state_of(world, chat) == "managed"


async def test_post_of_a_registered_channel_that_was_linked_just_now_stays(world: World):
    anna, _bram, chat = await a_class(world)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.write(anna, anna, "/kanaal")
    await world.quiet()
    world.act.press_request_chat(anna, channel)
    await world.quiet()

    world.act.link_channel(anna, chat, channel)
    world.act.post_in_channel(anna, channel, "Toetsweek begint maandag")
    await world.quiet()

    assert texts_in(world, chat)[1:] == ["Toetsweek begint maandag"]
    assert world.calls("banChatSenderChat") == []
    assert await world.events("bot:message:refused") == []


async def test_post_of_a_linked_channel_that_nobody_registered_is_removed(world: World):
    anna, _bram, chat = await a_class(world)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.link_channel(anna, chat, channel)

    world.act.post_in_channel(anna, channel, "Toetsweek begint maandag")
    await world.quiet()

    assert texts_in(world, chat)[1:] == []
    assert world.calls("banChatSenderChat") == []


SERVICE: dict[str, Callable[[World, int, int, int], object]] = {
    "somebody joined": lambda w, anna, _bram, chat: w.act.join(
        w.stranger("Daan Dijk"), chat=chat, added_by=anna
    ),
    "somebody left": lambda w, _anna, bram, chat: w.act.leave(bram, chat),
    "a new title": lambda w, anna, _bram, chat: w.act.set_title(anna, chat, "4H2 berichten"),
    "a pin by hand": lambda w, anna, _bram, chat: w.act.pin(
        anna, chat, w.act.write(anna, chat, "Lees dit")
    ),
    "a boost": lambda w, _anna, bram, chat: w.act.set_boosts(bram, chat, 1),
    "a community, newer than the library": lambda w, anna, _bram, chat: post(
        w, chat, anna, community_chat_added={"community": {"id": 1, "name": "School"}}
    ),
    "a community that a student came by": lambda w, _anna, bram, chat: post(
        w, chat, bram, community_chat_joined={"community": {"id": 1, "name": "School"}}
    ),
}


@pytest.mark.parametrize("happen", [pytest.param(f, id=name) for name, f in SERVICE.items()])
async def test_service_messages_stay(world: World, happen: Callable[..., object]):
    anna, bram, chat = await a_class(world)

    happen(world, anna, bram, chat)
    await world.quiet()

    assert world.calls("deleteMessage") == []
    assert world.calls("deleteMessages") == []
    assert await world.events("bot:message:refused") == []


async def test_own_pin_of_the_bot_is_heard_and_left_alone(world: World):
    _anna, _bram, chat = await a_class(world)

    pins = [
        m for m in world.act.history(chat)["messages"] if m["by_bot"] and m["kind"] == "service"
    ]
    assert [(m["heard_by_bot"], m["deleted"]) for m in pins] == [(True, None)]


# --- people who want to join -------------------------------------------------------------------


async def test_request_to_join_is_left_to_staff_and_written_down(world: World):
    _anna, _bram, chat = await a_class(world)
    cem = await world.student("Cem Celik", "4H2")
    (link,) = [
        row["url"] for row in await rows(world, group_links.select()) if row["asks_approval"]
    ]

    world.act.request_join(cem, link)
    await world.quiet()

    assert world.act.group_as_seen(chat)["requests"] == [cem]
    assert [e["role"] for e in await world.events("telegram:member:join-requested")] == ["student"]
    assert world.calls("approveChatJoinRequest") == []
