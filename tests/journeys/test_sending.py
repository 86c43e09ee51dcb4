"""What was decided is carried out once, whatever Telegram and the network do (our own order)."""

import io
import json

import pytest
from sqlalchemy import update

from bot.app import running_bot
from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from storage.tables import outbox
from tests.journeys.everyone import help_shown
from tests.journeys.finding import (
    LOCKED,
    OPEN,
    allowed_in,
    change,
    effects,
    is_in,
    is_there,
    news,
    removed_by,
    said,
    state_of,
    time_passes,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.HOUSE


async def states(world: World, kind: str = "SendPrivateNotice") -> list[str]:
    return [row["state"] for row in await effects(world, kind)]


def sent_to(world: World, user: int) -> list[float]:
    """When messages reached somebody, in Telegram's time."""
    return [c.at for c in world.telegram.calls_of("sendMessage") if c.params["chat_id"] == user]


# --- Telegram asks for patience ----------------------------------------------------------------


async def test_chat_that_telegram_wants_left_in_peace_waits_while_others_go_on(world: World):
    xander, yara = world.stranger("Xander Xavier"), world.stranger("Yara Yilmaz")
    start = world.telegram.clock.now().timestamp()
    world.telegram.faults.add("sendMessage", "429", retry_after=40, chat_id=xander)

    world.act.write(xander, xander, "hallo")
    world.act.write(yara, yara, "hallo")
    await world.quiet()

    assert [at - start >= 40 for at in sent_to(world, xander)] == [True]
    assert [at - start < 5 for at in sent_to(world, yara)] == [True]
    assert world.telegram.faults.waiting == []


async def test_long_patience_is_kept_over_a_restart(resting_world: World):
    world = resting_world
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("sendMessage", "429", retry_after=1800)
    async with running(world):
        world.act.write(xander, xander, "hallo")
        await world.quiet()
        waiting = await states(world)

    time_passes(world, minutes=20)
    async with running(world):
        too_early = world.heard_by(xander)
        time_passes(world, minutes=11)
        await world.quiet()

        assert waiting == ["pending"]
        assert too_early == []
        assert world.heard_by(xander) == [said(world, "kind-answer-stranger")]


async def test_many_people_at_once_are_all_answered_within_telegrams_limits(world: World):
    world.telegram.limiter.on = True
    users = [world.stranger(f"Iemand {n}") for n in range(14)]

    for user in users:
        world.act.start_bot(user, "AAAA-BBBB-CCCC")
        world.act.write(user, user, "/help")
    await world.quiet()

    # A breach of the limits would be a violation, of which there must be none.
    assert {len(world.heard_by(user)) for user in users} == {2}


async def test_messages_to_one_person_keep_their_order(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")
    world.telegram.faults.add("sendMessage", "502", count=2)

    world.act.start_bot(bram, "AAAA-BBBB-CCCC")
    world.act.start_bot(bram, code)
    world.act.write(bram, bram, "/help")
    await world.quiet()

    assert world.heard_by(bram) == [
        said(world, "code-unknown"),
        said(world, "welcome-student"),
        help_shown(world, Role.STUDENT),
    ]


# --- the network -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["500", "502"])
async def test_call_that_telegram_could_not_take_is_tried_until_it_can(world: World, kind: str):
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("sendMessage", kind, count=3)

    world.act.write(xander, xander, "hallo")
    await world.quiet()

    assert world.heard_by(xander) == [said(world, "kind-answer-stranger")]
    assert await states(world) == ["done"]


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        pytest.param("deliver_then_drop", 1, id="it arrived, the answer did not"),
        pytest.param("drop", 0, id="nobody knows whether it arrived"),
        pytest.param("garbage_json", 0, id="the answer was unreadable"),
    ],
)
async def test_message_whose_answer_was_lost_is_unknown_and_never_sent_again(
    resting_world: World, kind: str, arrived: int
):
    world = resting_world
    xander = world.stranger("Xander Xavier")
    async with running(world):
        world.telegram.faults.add("sendMessage", kind)
        world.act.write(xander, xander, "hallo")
        await world.quiet()
        await world.later(hours=2)

    async with running(world):
        await world.later(hours=2)

        assert len(world.heard_by(xander)) == arrived
        assert await states(world) == ["unknown"]
        (failed,) = await world.events("bot:effect:failed")
        assert (failed["unknown"], failed["effect"]) == (True, "SendPrivateNotice")


@pytest.mark.parametrize("kind", ["drop", "deliver_then_drop", "garbage_json", "500", "401"])
async def test_lock_whose_answer_was_lost_is_simply_put_on_again(world: World, kind: str):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.telegram.faults.add("setChatPermissions", kind)

    chat = await world.managed_group(anna, bram)

    assert allowed_in(world, chat) == LOCKED
    assert await states(world, "LockGroup") == ["done"]


async def test_removal_whose_answer_was_lost_is_done_again(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.telegram.faults.add("deleteMessage", "deliver_then_drop")
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(bram, chat, "hallo allemaal")
    await world.quiet()

    assert removed_by(world, chat, message) == "by the bot"
    assert await states(world, "DeleteMessages") == ["done"]
    assert await world.events("bot:message:not-removable") == []


async def test_look_that_failed_is_made_again(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.telegram.faults.add("getChatAdministrators", "500", count=2)
    world.telegram.faults.add("getChat", "drop")

    chat = await world.managed_group(anna, bram)

    assert await state_of(world, chat) == "managed"
    assert await world.events("bot:effect:failed") == []


async def test_refusal_whose_answer_was_lost_does_not_keep_the_bot_in_the_group(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")
    world.telegram.faults.add("sendMessage", "deliver_then_drop", chat_id=chat)
    world.telegram.faults.add("leaveChat", "500", count=2)

    world.act.add_bot(bram, chat)
    await world.quiet()

    assert not is_in(world, chat)
    assert await states(world, "SendGroupNotice") == ["unknown"]


# --- people who do not want to hear ------------------------------------------------------------


async def test_message_to_somebody_who_blocked_the_bot_has_failed(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.block_bot(anna)

    world.act.promote(anna, chat, bram)
    await world.quiet()
    await world.later(hours=1)

    assert (await states(world))[-1] == "failed"
    assert [e["reason"] for e in await world.events("bot:effect:failed")] == ["blocked-by-user"]


async def test_message_to_an_account_that_ended_has_failed(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.promote(anna, chat, bram)
    world.act.deactivate(anna)

    await world.quiet()

    assert (await states(world))[-1] == "failed"


# --- stopping and starting ---------------------------------------------------------------------


async def test_message_that_waited_when_the_bot_stopped_is_sent_once_when_it_is_back(
    resting_world: World,
):
    world = resting_world
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("sendMessage", "429", retry_after=300)
    async with running(world):
        world.act.write(xander, xander, "hallo")
        await world.quiet()
        before = world.heard_by(xander)

    time_passes(world, hours=1)
    async with running(world):
        answered = world.heard_by(xander)
    async with running(world):
        assert before == []
        assert answered == world.heard_by(xander) == [said(world, "kind-answer-stranger")]


async def test_message_that_was_on_its_way_when_the_process_died_is_unknown(
    resting_world: World,
):
    """What a process that is killed between the call and the answer leaves: a row *sending*."""
    world = resting_world
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("sendMessage", "429", retry_after=300)
    async with running(world):
        world.act.write(xander, xander, "hallo")
        await world.quiet()
    await change(world, update(outbox).values(state="sending"))

    async with running(world):
        await world.later(hours=1)

        assert world.heard_by(xander) == []
        assert await states(world) == ["unknown"]
        assert [e["unknown"] for e in await world.events("bot:process:started")] == [0, 1]
        assert [e["unknown"] for e in await world.events("bot:effect:failed")] == [True]


async def test_removal_and_lock_that_waited_when_the_bot_stopped_are_done_when_it_is_back(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
        time_passes(world, minutes=2)
        # The lock waits behind it, for Telegram wants the whole chat left in peace.
        world.telegram.faults.add("deleteMessage", "429", retry_after=900)
        world.act.set_permissions(anna, chat, OPEN)
        message = world.act.write(bram, chat, "hallo allemaal")
        await world.quiet()
        not_yet = is_there(world, chat, message) and allowed_in(world, chat) != LOCKED

    time_passes(world, minutes=16)
    async with running(world):
        assert not_yet
        assert not is_there(world, chat, message)
        assert allowed_in(world, chat) == LOCKED


async def test_bot_that_is_stopped_as_soon_as_it_has_started_ends_in_order(
    resting_world: World, logs: io.StringIO
):
    """Its clock's first ticks are under way then, and hold the database."""
    world = resting_world

    for _ in range(5):
        async with running_bot(world.settings, world.school, clock=world.clock):
            pass

    levels = [json.loads(line)["level"] for line in logs.getvalue().splitlines()]
    assert set(levels) == {"info"}
    assert len(await world.events("bot:process:started")) == 5


async def test_answer_that_makes_no_sense_any_more_is_given_up_and_shown(world: World):
    xander = world.stranger("Xander Xavier")
    world.telegram.faults.add("sendMessage", "500", count=10_000)
    world.act.write(xander, xander, "hallo")
    await world.quiet()

    for _ in range(30):
        await world.later(minutes=15)
    world.telegram.faults.clear()
    await world.later(hours=1)

    assert world.heard_by(xander) == []
    assert await states(world) == ["failed"]
    assert len(await world.events("bot:effect:failed")) == 1


# --- the trial ---------------------------------------------------------------------------------


async def test_trial_decides_the_same_and_touches_no_group(opens):
    async with opens(observe_only=True) as world, running(world):
        anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
        chat = await world.managed_group(anna, bram)
        message = world.act.write(bram, chat, "hallo allemaal")
        others = world.act.create_group(bram, "onze klas", [anna])
        world.act.add_bot(anna, others)
        await world.quiet()

        assert [e["observe_only"] for e in await world.events("bot:process:started")] == [True]
        assert len(await world.events("bot:group:adopted")) == 1
        assert len(await world.events("bot:message:refused")) == 1
        assert len(await world.events("bot:staff:took-part")) == 1
        assert len(await world.events("bot:group:refused")) == 1
        assert is_there(world, chat, message)
        assert is_in(world, others)
        assert "can_send_messages" in allowed_in(world, chat)
        kinds = {row["effect"]: row["state"] for row in await effects(world)}
        assert {kinds[kind] for kind in ("LockGroup", "DeleteMessages", "LeaveGroup")} == {
            "withheld"
        }
        changing = {c.method for c in world.telegram.calls} - {
            "getMe",
            "getUpdates",
            "getChat",
            "getChatAdministrators",
            "getChatMember",
            "getChatMemberCount",
            "sendMessage",
            # The menus in private chats.
            "setMyCommands",
            "deleteMyCommands",
        }
        assert changing == set()
        assert all(chat > 0 for chat in (c["chat_id"] for c in world.calls("sendMessage")))


async def test_trial_still_answers_people_in_private(opens):
    async with opens(observe_only=True) as world, running(world):
        anna = await world.teacher("Anna de Vries")
        emma = world.stranger("Emma Evans", language_code="en")
        hers = news(world, anna)

        world.act.write(anna, anna, "/help")
        world.act.write(emma, emma, "hello")
        await world.quiet()

        assert hers.heard == [help_shown(world, Role.STAFF)]
        assert world.heard_by(emma) == [said(world, "kind-answer-stranger", Language.ENGLISH)]


async def test_trial_that_ends_does_what_was_only_written_down_from_then_on(opens, database):
    async with opens(observe_only=True) as world:
        async with running(world):
            anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
            chat = await world.managed_group(anna, bram)
        world.school = world.school.model_copy(update={"observe_only": False})

        async with running(world):
            await world.later(minutes=7)
            message = world.act.group_as_seen(chat)["pinned"]

            assert allowed_in(world, chat) == LOCKED
            assert len(message) == 1
            assert await state_of(world, chat) == "managed"


async def test_effects_that_failed_ask_for_a_look_and_never_loop(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.act.write(anna, anna, "/help")
    chat = world.act.create_group(anna, "4H2 rooster", [bram])
    world.act.add_bot(anna, chat, RIGHTS)
    world.act.promote(anna, chat, world.telegram.bot.id, ["can_delete_messages"])
    await world.quiet()
    looks = len(world.calls("getChat"))

    for _ in range(3):
        await world.later(minutes=7)

    assert len(world.calls("getChat")) - looks <= 3
