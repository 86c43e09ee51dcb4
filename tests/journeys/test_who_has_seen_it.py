"""Who has seen an announcement: counted for its author, by name only where it was urgent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.pages.listing import A_PAGE
from bot.policy.announcements.draft import AnnouncementState, DeliveryState
from bot.policy.people import Duty
from bot.policy.rules import Article
from storage.tables import announcements, deliveries, sightings
from tests.journeys.finding import button_under, change, news, rows, said, time_passes
from tests.journeys.test_an_announcement import (
    ONE_LINE,
    a_class_group,
    anna_and_her_group,
    announced_in,
    press_of,
    seen_button,
    state_of,
    states,
    tapped,
    ticked,
    typed,
)
from tests.journeys.world import World, running

ARTICLE = Article.A2

URGENT = "/bericht 4H2 uitval 2e uur wiskunde"
CALM = "/bericht 4H2 uitval 6e uur wiskunde"
REPEAT = "Herhaal in dezelfde groepen"


async def announced(world: World, user: int, line: str) -> None:
    """Somebody sends an announcement, and it has gone out."""
    await typed(world, user, line)
    await tapped(world, user, "Verstuur")
    await ticked(world)


async def joined(world: World, owner: int, chat: int, *names: str) -> list[int]:
    """Students of 4H2 who come into the group."""
    users = [await world.student(name, "4H2") for name in names]
    for user in users:
        world.act.join(user, chat=chat, added_by=owner)
    await world.quiet()
    return users


async def pressed(world: World, chat: int, *users: int) -> None:
    """People press Seen under the last announcement of a group."""
    message, _, data = seen_button(world, chat)
    for user in users:
        world.act.press(user, chat, message, data)
    await world.quiet()


async def asked(world: World) -> None:
    """Let the clock ask whether to repeat."""
    assert world.bot is not None
    await world.bot.jobs.announcements.ask_whether_to_repeat()
    await world.quiet()


async def opened(world: World, user: int, argument: str) -> str:
    """What somebody reads who opens the page, also by a button that nobody gave him."""
    world.telegram.inject_update({"callback_query": press_of(user, 1, f"v1:open:0:{argument}")})
    await world.quiet()
    return world.heard_by(user)[-1]


# --- names -------------------------------------------------------------------------------------


async def test_author_when_it_is_urgent_then_reads_who_has_not_seen_it(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    carla, _ = await joined(world, anna, chat, "Carla Claes", "Daan Dekker")
    await world.later(minutes=6)
    await announced(world, anna, URGENT)
    await pressed(world, chat, bram, carla)

    await tapped(world, anna, "Wie zag het")

    page = world.heard_by(anna)[-1]
    assert "Gezien door 2 van 4 leden." in page
    assert "4H2: 2 van 3" in page
    assert page.endswith("Nog niet gezien door 1:\n• Daan Dekker")

    await tapped(world, anna, "Wel gezien")
    assert world.heard_by(anna)[-1].endswith("Gezien door 2:\n• Bram Bakker\n• Carla Claes")


async def test_author_when_it_is_not_urgent_then_reads_numbers_and_no_names(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    await joined(world, anna, chat, "Carla Claes")
    await announced(world, anna, CALM)
    await pressed(world, chat, bram)

    await tapped(world, anna, "Wie zag het")

    page = world.heard_by(anna)[-1]
    assert "4H2: 1 van 2" in page
    assert ("Carla" in page, "Bram" in page) == (False, False)
    assert await opened(world, anna, "seen-by:1.y.0") == page


async def test_names_when_there_are_many_then_come_eight_at_a_time(world: World):
    anna, _, chat = await anna_and_her_group(world)
    names = [f"Leerling {letter}" for letter in "ABCDEFGHIJ"]
    await joined(world, anna, chat, *names)
    await announced(world, anna, URGENT)

    await tapped(world, anna, "Wie zag het")
    first = world.heard_by(anna)[-1]
    await tapped(world, anna, "›")

    assert [name in first for name in names] == [True] * A_PAGE + [False] * 2
    assert [name in world.heard_by(anna)[-1] for name in names] == [False] * A_PAGE + [True] * 2


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param("seen-by:1", id="the page"),
        pytest.param("seen-by:1.y.0", id="the names"),
        pytest.param("seen-by", id="the list"),
        pytest.param("ask-again:1", id="the question"),
    ],
)
async def test_names_when_a_colleague_or_a_student_asks_then_are_not_shown(
    world: World, argument: str
):
    anna, bram, chat = await anna_and_her_group(world)
    piet = await world.teacher("Piet")
    await joined(world, anna, chat, "Carla Claes")
    await announced(world, anna, URGENT)
    await pressed(world, chat, bram)

    read = [await opened(world, user, argument) for user in (piet, bram)]

    assert read[0] == said(world, "announcement-none")
    assert not any(name in text for text in read for name in ("Carla", "Bram", "iskunde"))


async def test_coordinator_when_it_was_urgent_then_finds_it_and_reads_the_names(world: World):
    anna, _, chat = await anna_and_her_group(world)
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await joined(world, anna, chat, "Carla Claes")
    await announced(world, anna, URGENT)
    await announced(world, anna, CALM)

    await typed(world, noor, "/berichten")
    await tapped(world, noor, "Dringend, wie zag het")
    await tapped(world, noor, "23 november 2026 · Anna de Vries")

    assert world.heard_by(noor)[-1].endswith("Nog niet gezien door 1:\n• Carla Claes")
    assert await opened(world, noor, "seen-by:2") == said(world, "announcement-none")


async def test_names_when_the_days_are_over_then_are_gone_and_nobody_is_counted_twice(
    world: World,
):
    anna, bram, chat = await anna_and_her_group(world)
    await joined(world, anna, chat, "Carla Claes")
    await announced(world, anna, URGENT)
    await pressed(world, chat, bram)
    await ticked(world)
    await world.later(days=7)
    assert world.bot is not None
    await world.bot.jobs.forget_what_is_old()

    await pressed(world, chat, bram)
    await ticked(world)

    assert await rows(world, select(sightings)) == []
    assert seen_button(world, chat)[1] == "👀 Gezien / Seen · 1"
    page = await opened(world, anna, "seen-by:1.n.0")
    assert said(world, "seen-not-kept") in page
    assert "Carla" not in page


async def test_member_when_he_comes_in_late_then_counts_and_is_missing_until_he_presses(
    world: World,
):
    anna, bram, chat = await anna_and_her_group(world)
    await announced(world, anna, URGENT)
    await pressed(world, chat, bram)

    (daan,) = await joined(world, anna, chat, "Daan Dekker")
    late = await opened(world, anna, "seen-by:1")
    await pressed(world, chat, daan)

    assert late.endswith("Nog niet gezien door 1:\n• Daan Dekker")
    assert "4H2: 2 van 2" in await opened(world, anna, "seen-by:1")


# --- whether to repeat -------------------------------------------------------------------------


async def a_neglected_one(world: World) -> tuple[int, int, int]:
    """An announcement about the third hour (10:30), sent at nine, seen by nobody."""
    anna, bram, chat = await anna_and_her_group(world)
    await announced(world, anna, ONE_LINE)
    return anna, bram, chat


async def test_author_when_few_have_seen_it_then_is_asked_once_and_nothing_goes_by_itself(
    world: World,
):
    anna, _, chat = await a_neglected_one(world)
    await world.later(minutes=69)
    await asked(world)
    hears = news(world, anna)
    assert await world.events("bot:announcement:repeat-asked") == []

    await world.later(minutes=2)
    for _ in range(3):
        await asked(world)

    (page,) = hears.heard
    assert page.startswith("De les is dichtbij en nog weinig mensen zagen dit.")
    assert len(announced_in(world, chat)) == 1


async def test_repetition_when_tapped_twice_then_goes_out_once_and_answers_the_first(
    world: World,
):
    anna, _, chat = await a_neglected_one(world)
    first = seen_button(world, chat)[0]
    await world.later(minutes=71)
    await asked(world)
    message, data = button_under(world, anna, REPEAT)

    for _ in range(2):
        world.telegram.inject_update({"callback_query": press_of(anna, message, data)})
    await world.quiet()
    await ticked(world)

    _, again = announced_in(world, chat)
    assert again.startswith("Herhaling")
    (reply,) = [c for c in world.calls("sendMessage") if "reply_parameters" in c]
    assert reply["reply_parameters"]["message_id"] == first
    assert await states(world) == [DeliveryState.SENT, DeliveryState.SENT]
    assert len(await world.events("staff:announcement:repeated")) == 1


async def test_question_when_the_bot_restarts_then_is_not_asked_again_and_still_answered(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, _, chat = await a_neglected_one(world)
        await world.later(minutes=71)
        await asked(world)
        hears = news(world, anna)
    async with running(world):
        await asked(world)
        assert hears.heard == []
        await tapped(world, anna, REPEAT)

        assert len(announced_in(world, chat)) == 2


async def test_repetition_when_pressed_by_a_colleague_then_nothing_goes_out(world: World):
    _, bram, chat = await a_neglected_one(world)
    piet = await world.teacher("Piet")

    for user in (piet, bram):
        world.telegram.inject_update({"callback_query": press_of(user, 1, "v1:repeat:0:1")})
    await world.quiet()

    assert len(announced_in(world, chat)) == 1


async def test_author_when_enough_have_seen_it_then_is_not_asked(world: World):
    anna, bram, chat = await a_neglected_one(world)
    await pressed(world, chat, bram, anna)

    await world.later(minutes=71)
    await asked(world)

    assert await world.events("bot:announcement:repeat-asked") == []


@pytest.mark.parametrize("button", ["Trek in", "Corrigeer"])
async def test_author_when_it_was_taken_back_or_replaced_then_is_not_asked(
    world: World, button: str
):
    anna, bram, chat = await a_neglected_one(world)
    await tapped(world, anna, button)
    if button == "Corrigeer":
        await tapped(world, anna, "Vak")
        await typed(world, anna, "Frans")
        await tapped(world, anna, "Verstuur")
        await pressed(world, chat, anna, bram)

    await world.later(minutes=71)
    await asked(world)

    assert await world.events("bot:announcement:repeat-asked") == []


@pytest.mark.parametrize("by", [timedelta(minutes=95), timedelta(days=1, minutes=71)])
async def test_author_when_the_lesson_has_begun_then_is_not_asked(world: World, by: timedelta):
    await a_neglected_one(world)

    await world.later(seconds=by.total_seconds())
    await asked(world)

    assert await world.events("bot:announcement:repeat-asked") == []


async def test_withdrawal_when_it_was_repeated_then_takes_both_back(world: World):
    anna, _, chat = await a_neglected_one(world)
    await world.later(minutes=71)
    await asked(world)
    await tapped(world, anna, REPEAT)
    await ticked(world)
    assert len(announced_in(world, chat)) == 2

    await tapped(world, anna, "Trek in")

    assert announced_in(world, chat) == []
    assert [await state_of(world, n) for n in (1, 2)] == [AnnouncementState.WITHDRAWN] * 2


async def test_correction_when_it_was_repeated_then_marks_both_as_replaced(world: World):
    anna, _, chat = await a_neglected_one(world)
    await world.later(minutes=71)
    await asked(world)
    await tapped(world, anna, REPEAT)
    await ticked(world)

    await tapped(world, anna, "Corrigeer")
    await tapped(world, anna, "Vak")
    await typed(world, anna, "Frans")
    await tapped(world, anna, "Verstuur")

    *marked, corrected = announced_in(world, chat)
    assert [text.startswith("Vervangen") for text in marked] == [True, True]
    assert "Frans valt uit." in corrected


# --- what is forgotten -------------------------------------------------------------------------


async def forgotten(world: World, **by: float) -> None:
    time_passes(world, **by)
    assert world.bot is not None
    await world.bot.jobs.forget_what_is_old()
    await world.quiet()


async def test_words_when_the_term_is_over_then_are_erased_and_the_group_keeps_its_message(opens):
    async with opens(retention={"announcements_days": 3}) as world, running(world):
        anna, bram, chat = await anna_and_her_group(world)
        await announced(world, anna, ONE_LINE)
        (shown,) = announced_in(world, chat)
        await forgotten(world, days=2)
        assert (await rows(world, select(announcements)))[0]["subject"] == "wiskunde"

        await forgotten(world, days=1, minutes=1)
        await pressed(world, chat, bram)
        await ticked(world)
        await change(world, update(deliveries).values(shown=7))
        await ticked(world)

        (row,) = await rows(world, select(announcements))
        assert [row[word] for word in ("subject", "room", "note", "raised_because")] == [""] * 4
        assert announced_in(world, chat) == [shown]
        page = await opened(world, anna, "announcement:1")
        assert page.startswith(said(world, "announcement-erased"))


async def test_words_when_it_still_has_to_go_out_then_stay(opens):
    async with opens(retention={"announcements_days": 1}) as world, running(world):
        anna, _, chat = await anna_and_her_group(world)
        await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde vrijdag")
        await change(world, update(announcements).values(wished_at=None))
        await tapped(world, anna, "Later")
        await tapped(world, anna, "donderdag 26 november 07:30")
        await tapped(world, anna, "Verstuur")
        await forgotten(world, days=2)
        await forgotten(world, hours=23)
        await ticked(world)

        (text,) = announced_in(world, chat)
        assert "Wiskunde valt uit." in text


async def test_drafts_when_thrown_away_or_left_alone_then_are_erased_and_no_number_comes_twice(
    world: World,
):
    anna, _, _ = await anna_and_her_group(world)
    for _ in range(3):
        await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Weggooien")

    await forgotten(world, hours=25)
    found = await rows(world, select(announcements).order_by(announcements.c.id))
    assert [(row["id"], row["subject"]) for row in found] == [
        (1, "wiskunde"),
        (2, "wiskunde"),
        (3, ""),
    ]
    await forgotten(world, days=30)
    assert [row["id"] for row in await rows(world, select(announcements))] == [3]

    await typed(world, anna, ONE_LINE)
    assert [row["id"] for row in await rows(world, select(announcements))] == [3, 4]


# --- groups that go ----------------------------------------------------------------------------


async def scheduled_in_two(world: World) -> tuple[int, int, int]:
    """Waits for tomorrow morning, in two groups."""
    anna, _, chat = await anna_and_her_group(world)
    other = await a_class_group(world, anna, name="4H2")
    await world.later(hours=13)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
    await tapped(world, anna, "Verstuur")
    return anna, chat, other


async def test_group_when_the_bot_is_out_before_its_turn_then_its_author_reads_why(world: World):
    anna, chat, other = await scheduled_in_two(world)

    world.act.remove_bot(anna, chat)
    await world.quiet()
    await world.later(hours=10)
    await ticked(world)
    await ticked(world)

    assert len(announced_in(world, other)) == 1
    assert sorted(await states(world)) == [DeliveryState.FAILED, DeliveryState.SENT]
    page = world.heard_by(anna)[-1]
    assert "Verstuurd naar 1 van 2 groepen" in page
    assert "❗ 4H2 rooster: " + said(world, "announcement-gone") in page


async def test_group_when_its_owner_deletes_it_then_its_author_reads_that_it_failed(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    # Whoever deletes a group takes everybody out of it, and Telegram tells a bot nothing.
    held = world.telegram.world
    for member in list(held.chats[chat].members.values()):
        held.put_member(held.chats[chat], replace(member, status="left"))

    await tapped(world, anna, "Verstuur")
    await ticked(world)

    assert await states(world) == [DeliveryState.FAILED]
    assert "❗ 4H2 rooster: " in world.heard_by(anna)[-1]
    assert await state_of(world) == AnnouncementState.SENT
