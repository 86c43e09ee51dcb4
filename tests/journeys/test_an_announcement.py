"""A teacher announces a change of the timetable, and sees that it arrived."""

import pytest
from sqlalchemy import insert, select, update

from bot.policy.announcements.draft import AnnouncementState, DeliveryState
from bot.policy.people import Duty
from bot.policy.rules import Article
from storage.tables import announcements, deliveries, group_class_groups, people
from tests.journeys.finding import button_under, change, effects, group, news, rows, said, texts_in
from tests.journeys.world import World, running

ARTICLE = Article.A2

ONE_LINE = "/bericht 4H2 uitval 3e uur wiskunde"
MESSAGE = (
    "❌ 4H2 · vandaag, maandag 23 november · 3e uur\n"
    "Wiskunde valt uit.\n"
    "\n"
    "4H2 · today, Monday 23 November · lesson 3: Wiskunde is cancelled.\n"
    "\n"
    "— Anna de Vries"
)


async def a_class_group(world: World, owner: int, *members: int, name: str = "4H2") -> int:
    """A managed group of a member of staff that serves a class group."""
    chat = await world.managed_group(owner, *members, title=f"{name} rooster")
    row = await group(world, chat)
    await change(world, insert(group_class_groups).values(group_id=row["id"], class_group=name))
    return chat


async def anna_and_her_group(world: World) -> tuple[int, int, int]:
    """A teacher, a student of 4H2, and their group."""
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker", "4H2")
    return anna, bram, await a_class_group(world, anna, bram)


async def typed(world: World, user: int, text: str) -> None:
    world.act.write(user, user, text)
    await world.quiet()


async def tapped(world: World, user: int, label: str) -> None:
    message, data = button_under(world, user, label)
    world.act.press(user, user, message, data)
    await world.quiet()


async def ticked(world: World) -> None:
    """Let the clock tick for announcements."""
    assert world.bot is not None
    await world.bot.jobs.announcements.tick()
    await world.quiet()


def announced_in(world: World, chat: int) -> list[str]:
    """The announcements that stand in a group."""
    return [text for text in texts_in(world, chat) if text and "Anna de Vries" in text]


async def states(world: World) -> list[str]:
    found = await rows(world, select(deliveries).order_by(deliveries.c.announcement_id))
    return [row["state"] for row in found]


async def state_of(world: World, number: int = 1) -> str:
    (found,) = await rows(world, select(announcements).where(announcements.c.id == number))
    return str(found["state"])


# --- composing ---------------------------------------------------------------------------------


async def test_line_when_it_says_everything_then_one_tap_sends_it(world: World):
    anna, _, chat = await anna_and_her_group(world)

    await typed(world, anna, ONE_LINE)
    assert announced_in(world, chat) == []
    await tapped(world, anna, "Verstuur")

    assert announced_in(world, chat) == [MESSAGE]
    assert await states(world) == [DeliveryState.SENT]
    (call,) = [
        c for c in world.calls("sendMessage") if c["chat_id"] == chat and "Wiskunde" in c["text"]
    ]
    assert call["protect_content"] is True
    assert [
        event["announcement"] for event in await world.events("bot:announcement:delivered")
    ] == [1]


async def test_buttons_when_tapped_then_the_same_message_with_four_taps_and_one_word(world: World):
    anna, _, chat = await anna_and_her_group(world)

    await typed(world, anna, "/bericht")
    await tapped(world, anna, "❌ Les valt uit")
    await tapped(world, anna, "3")
    await typed(world, anna, "wiskunde")
    await tapped(world, anna, "Verstuur")

    assert announced_in(world, chat) == [MESSAGE]


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        pytest.param("/bericht 4H2 uitval 9e uur wi", "line-unknown-hour", "9", id="no such hour"),
        pytest.param(
            "/bericht 4H7 uitval 3e uur wi", "line-unknown-class", "4H7", id="no such class"
        ),
        pytest.param("/bericht 5V1 uitval 3e uur wi", "line-not-your-class", "5V1", id="no group"),
    ],
)
async def test_line_when_something_cannot_be_then_is_said_back_and_nothing_begins(
    world: World, line: str, key: str, words: str
):
    anna, _, _ = await anna_and_her_group(world)
    await world.student("Vera", "5V1")
    hears = news(world, anna)

    await typed(world, anna, line)

    assert hears.heard == [said(world, key, words=words)]
    assert await rows(world, select(announcements)) == []


async def test_drafts_when_several_wait_then_a_reply_goes_to_its_own(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    await typed(world, anna, "/bericht 4H2 uitval 4e uur")
    found = await rows(world, select(announcements).order_by(announcements.c.id))

    world.act.write(anna, anna, "Frans", reply_to=found[0]["page_message_id"])
    await world.quiet()
    await typed(world, anna, "wiskunde")

    found = await rows(world, select(announcements).order_by(announcements.c.id))
    assert [row["subject"] for row in found] == ["Frans", "wiskunde"]


async def test_draft_when_the_bot_restarts_then_goes_on_where_it_was(resting_world: World):
    world = resting_world
    async with running(world):
        anna, _, chat = await anna_and_her_group(world)
        await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    async with running(world):
        await typed(world, anna, "wiskunde")
        await tapped(world, anna, "Verstuur")

        assert announced_in(world, chat) == [MESSAGE]


# --- what stops it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("Bram Bakker is ziek vandaag", id="a student's name"),
        pytest.param("vragen? bel 06-12345678", id="a phone number"),
        pytest.param("app me even als je te laat bent", id="invitation to private contact"),
    ],
)
async def test_text_when_it_holds_what_does_not_belong_then_cannot_be_sent(world: World, note: str):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, f"/bericht 4H2 let op {note}")

    with pytest.raises(AssertionError, match="nobody offered"):
        button_under(world, anna, "Verstuur")
    world.act.press(anna, anna, *forged(world, anna, "v1:send:0:1.2"))
    await world.quiet()

    assert announced_in(world, chat) == []
    (stopped,) = await world.events("bot:announcement:stopped")
    assert stopped["findings"] != []


def forged(world: World, user: int, data: str) -> tuple[int, str]:
    """A button that was never shown, under the last message of the bot."""
    message = max(world.telegram.world.chats[user].messages)
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    world.telegram.world.chats[user].messages[message].markup = markup
    return message, data


# --- who may, and once -------------------------------------------------------------------------


async def test_command_when_typed_by_a_student_then_is_refused_and_recorded(world: World):
    _, bram, chat = await anna_and_her_group(world)

    await typed(world, bram, ONE_LINE)

    assert announced_in(world, chat) == []
    (refused,) = await world.events("bot:command:refused")
    assert refused["command"] == "bericht"


async def test_button_when_pressed_twice_then_sends_once(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    message, data = button_under(world, anna, "Verstuur")

    for _ in range(3):
        world.telegram.inject_update({"callback_query": press_of(anna, message, data)})
    await world.quiet()

    assert announced_in(world, chat) == [MESSAGE]


def press_of(user: int, message: int, data: str) -> dict[str, object]:
    return {
        "id": "1",
        "from": {"id": user, "is_bot": False, "first_name": "Iemand", "language_code": "nl"},
        "chat_instance": "1",
        "message": {
            "message_id": message,
            "date": 1,
            "chat": {"id": user, "type": "private", "first_name": "Iemand"},
        },
        "data": data,
    }


async def test_button_under_an_older_text_when_pressed_then_sends_nothing(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    message, old = button_under(world, anna, "Verstuur")
    await tapped(world, anna, "Vak")
    await typed(world, anna, "Frans")

    world.telegram.inject_update({"callback_query": press_of(anna, message, old)})
    await world.quiet()

    assert announced_in(world, chat) == []
    assert await state_of(world) == AnnouncementState.DRAFT


async def test_button_when_pressed_by_a_colleague_then_sends_nothing(world: World):
    anna, _, chat = await anna_and_her_group(world)
    piet = await world.teacher("Piet")
    await typed(world, anna, ONE_LINE)
    message, data = button_under(world, anna, "Verstuur")

    world.telegram.inject_update({"callback_query": press_of(piet, message, data)})
    await world.quiet()

    assert announced_in(world, chat) == []


async def test_coordinator_when_announcing_then_reaches_groups_of_others(world: World):
    _, _, chat = await anna_and_her_group(world)
    noor = await world.teacher("Noor", Duty.COORDINATOR)

    await typed(world, noor, ONE_LINE)
    await tapped(world, noor, "Verstuur")

    assert [text for text in texts_in(world, chat) if text and "— Noor" in text] != []


async def test_author_when_no_staff_any_more_then_what_was_scheduled_does_not_go(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await world.later(hours=13)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
    await tapped(world, anna, "Verstuur")
    assert await state_of(world) == AnnouncementState.SCHEDULED

    await change(world, update(people).where(people.c.name == "Anna de Vries").values(active=False))
    await world.later(hours=10)
    await ticked(world)

    assert announced_in(world, chat) == []


# --- when --------------------------------------------------------------------------------------


async def test_announcement_when_in_quiet_hours_then_waits_for_their_end(resting_world: World):
    world = resting_world
    async with running(world):
        anna, _, chat = await anna_and_her_group(world)
        await world.later(hours=13)
        await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
        await tapped(world, anna, "Verstuur")
        assert await state_of(world) == AnnouncementState.SCHEDULED
        assert announced_in(world, chat) == []
    async with running(world):
        await world.later(hours=8, minutes=30)
        await ticked(world)
        assert announced_in(world, chat) == []
        await world.later(minutes=31)
        await ticked(world)

        assert len(announced_in(world, chat)) == 1


async def test_announcement_when_its_lesson_is_near_then_goes_at_once_and_sounds(world: World):
    anna, _, chat = await anna_and_her_group(world)

    await typed(world, anna, "/bericht 4H2 uitval 2e uur wiskunde")
    await tapped(world, anna, "Verstuur")

    assert [row["effect"] for row in await effects(world, "SendUrgentAnnouncement")] != []
    assert len(announced_in(world, chat)) == 1


async def test_announcement_when_its_lesson_is_over_then_is_not_sent(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await world.later(hours=3)
    await typed(world, anna, "/bericht 4H2 uitval 1e uur wiskunde")
    hears = news(world, anna)

    await tapped(world, anna, "Verstuur")

    assert hears.heard == [said(world, "announcement-lesson-over")]
    assert announced_in(world, chat) == []


# --- seen --------------------------------------------------------------------------------------


def seen_button(world: World, chat: int) -> tuple[int, str, str]:
    """The button under the announcement in a group: message, label, payload."""
    for message in reversed(world.act.group_as_seen(chat)["messages"]):
        for row in message["buttons"]:
            for button in row:
                if "Gezien" in button["text"]:
                    return message["message_id"], button["text"], button["callback_data"]
    raise AssertionError("no announcement stands in the group")


async def test_seen_when_pressed_then_is_counted_once_for_each_person(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    carla = await world.student("Carla", "4H2")
    world.act.join(carla, chat=chat, added_by=anna)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    message, label, data = seen_button(world, chat)
    assert label == "👀 Gezien / Seen"

    for person in (bram, bram, carla):
        world.act.press(person, chat, message, data)
        await world.quiet()
    await ticked(world)

    assert seen_button(world, chat)[1] == "👀 Gezien / Seen · 2"


async def test_seen_when_pressed_by_who_is_not_in_the_group_then_counts_for_nothing(world: World):
    anna, _, chat = await anna_and_her_group(world)
    vera = await world.student("Vera", "5V1")
    stranger = world.stranger("Kevin")
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    message, _, data = seen_button(world, chat)

    for user in (vera, stranger):
        press = press_of(user, message, data)
        press["message"] = {
            "message_id": message,
            "date": 1,
            "chat": {"id": chat, "type": "supergroup", "title": "x"},
        }
        world.telegram.inject_update({"callback_query": press})
    await world.quiet()
    await ticked(world)

    assert seen_button(world, chat)[1] == "👀 Gezien / Seen"


async def test_count_when_refreshed_then_not_again_within_fifteen_seconds(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    carla = await world.student("Carla", "4H2")
    world.act.join(carla, chat=chat, added_by=anna)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    message, _, data = seen_button(world, chat)

    world.act.press(bram, chat, message, data)
    await world.quiet()
    await ticked(world)
    world.act.press(carla, chat, message, data)
    await world.quiet()
    await ticked(world)
    assert seen_button(world, chat)[1] == "👀 Gezien / Seen · 1"

    await world.later(seconds=16)
    await ticked(world)
    assert seen_button(world, chat)[1] == "👀 Gezien / Seen · 2"


# --- corrected and taken back ------------------------------------------------------------------


async def test_correction_when_sent_then_answers_the_old_one_which_is_marked(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    old = seen_button(world, chat)[0]

    await tapped(world, anna, "Corrigeer")
    await tapped(world, anna, "Vak")
    await typed(world, anna, "Frans")
    await tapped(world, anna, "Verstuur")

    marked, corrected = announced_in(world, chat)
    assert marked.startswith("Vervangen")
    assert corrected.startswith("Correctie op een eerder bericht")
    assert "Frans valt uit." in corrected
    (reply,) = [
        c["reply_parameters"] for c in world.calls("sendMessage") if "reply_parameters" in c
    ]
    assert reply["message_id"] == old


async def test_withdrawal_when_fresh_then_the_message_is_gone(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")

    await tapped(world, anna, "Trek in")

    assert announced_in(world, chat) == []
    assert await state_of(world) == AnnouncementState.WITHDRAWN


async def test_withdrawal_when_too_old_to_delete_then_says_so_in_the_group(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde vrijdag")
    await tapped(world, anna, "Verstuur")
    await world.later(hours=49)

    await tapped(world, anna, "Trek in")

    (marked,) = announced_in(world, chat)
    assert marked.startswith("Ingetrokken")


async def test_withdrawal_when_it_still_waits_then_nothing_is_ever_sent(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await world.later(hours=13)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
    await tapped(world, anna, "Verstuur")

    await tapped(world, anna, "Trek in")
    await world.later(hours=12)
    await ticked(world)

    assert announced_in(world, chat) == []


# --- how it went -------------------------------------------------------------------------------


async def test_author_when_it_has_gone_out_then_sees_how_far_it_came(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    await ticked(world)

    assert "Verstuurd naar 1 van 1 groep" in world.heard_by(anna)[-1]
    assert await state_of(world) == AnnouncementState.SENT


async def test_group_when_telegram_loses_the_answer_then_is_unknown_and_not_sent_again(
    world: World,
):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    world.telegram.faults.add("sendMessage", "deliver_then_drop", count=1)

    await tapped(world, anna, "Verstuur")
    await ticked(world)

    assert announced_in(world, chat) == [MESSAGE]
    assert await states(world) == [DeliveryState.UNKNOWN]
    assert "❓" in world.heard_by(anna)[-1]


async def test_trial_when_on_then_nothing_is_announced_and_its_author_is_told(opens):
    async with opens(observe_only=True) as world, running(world):
        anna = await world.teacher("Anna de Vries")
        bram = await world.student("Bram Bakker", "4H2")
        chat = await a_class_group(world, anna, bram)
        await typed(world, anna, ONE_LINE)
        await tapped(world, anna, "Verstuur")
        await ticked(world)

        assert announced_in(world, chat) == []
        assert "🔇" in world.heard_by(anna)[-1]


# --- written by hand ---------------------------------------------------------------------------


async def test_message_when_staff_write_by_hand_then_is_logged_without_its_words(world: World):
    anna, _, chat = await anna_and_her_group(world)
    hears = news(world, anna)

    world.act.write(anna, chat, "Het 3e uur wiskunde valt uit")
    await world.quiet()

    (written,) = await world.events("staff:announcement:written")
    assert written["findings"] == []
    assert hears.heard == []


async def test_message_when_it_invites_to_private_contact_then_stays_and_its_author_hears(
    world: World,
):
    anna, bram, chat = await anna_and_her_group(world)
    others = news(world, bram)

    message = world.act.write(anna, chat, "Vragen over de toets? App me even: 06-12345678")
    await world.quiet()

    (written,) = await world.events("staff:announcement:written")
    assert sorted(written["findings"]) == ["phone-number", "private-contact-invitation"]
    assert "06-1" not in world.heard_by(anna)[-1]
    assert "B.7" in world.heard_by(anna)[-1]
    assert others.heard == []
    assert message in {m["message_id"] for m in world.act.group_as_seen(chat)["messages"]}


# --- a second person ---------------------------------------------------------------------------


STOPPED = "/bericht 4H2 let op Bram Bakker leest morgen zijn gedicht voor"


async def a_doubted_text(world: World) -> tuple[int, int, int]:
    """A text that was stopped and handed over: its author, a coordinator, the group."""
    anna, _, chat = await anna_and_her_group(world)
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await typed(world, anna, STOPPED)
    await tapped(world, anna, "Twijfel, vraag een collega")
    return anna, noor, chat


async def test_doubt_when_a_coordinator_lets_it_go_then_it_goes_out_in_its_authors_name(
    world: World,
):
    _, noor, chat = await a_doubted_text(world)
    assert announced_in(world, chat) == []

    await tapped(world, noor, "Laat gaan")

    (text,) = announced_in(world, chat)
    assert "Bram Bakker leest morgen zijn gedicht voor" in text
    (reviewed,) = await world.events("staff:announcement:reviewed")
    assert reviewed["approved"] is True


async def test_doubt_when_returned_then_its_author_hears_why_and_can_change_it(world: World):
    anna, noor, chat = await a_doubted_text(world)

    await tapped(world, noor, "Te persoonlijk")
    assert said(world, "returned-personal") in world.heard_by(anna)
    await tapped(world, anna, "Tekst")
    await typed(world, anna, "Morgen leest iemand een gedicht voor")
    await tapped(world, anna, "Verstuur")

    assert len(announced_in(world, chat)) == 1


async def test_doubt_when_its_author_presses_the_verdict_then_nothing_goes_out(world: World):
    anna, noor, chat = await a_doubted_text(world)
    _, data = button_under(world, noor, "Laat gaan")

    world.telegram.inject_update({"callback_query": press_of(anna, 1, data)})
    await world.quiet()

    assert announced_in(world, chat) == []
    assert await state_of(world) == AnnouncementState.DOUBTED


async def test_doubt_when_two_coordinators_decide_then_the_first_counts(world: World):
    anna, _, chat = await anna_and_her_group(world)
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    olga = await world.teacher("Olga", Duty.COORDINATOR)
    await typed(world, anna, STOPPED)
    await tapped(world, anna, "Twijfel, vraag een collega")
    message, data = button_under(world, olga, "Laat gaan")

    await tapped(world, noor, "Niet nodig")
    world.act.press(olga, olga, message, data)
    await world.quiet()

    assert announced_in(world, chat) == []
    assert len(await world.events("staff:announcement:reviewed")) == 1


async def test_doubt_when_there_is_no_other_coordinator_then_its_author_is_told(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, STOPPED)
    hears = news(world, anna)

    await tapped(world, anna, "Twijfel, vraag een collega")

    assert hears.heard == [said(world, "announcement-no-reviewer")]


# --- once more ---------------------------------------------------------------------------------


async def test_group_when_unknown_then_its_author_may_send_it_again_and_it_says_so(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    world.telegram.faults.add("sendMessage", "deliver_then_drop", count=1)
    await tapped(world, anna, "Verstuur")
    await ticked(world)

    await tapped(world, anna, "Stuur opnieuw")
    await ticked(world)

    first, again = announced_in(world, chat)
    assert first == MESSAGE
    assert again.startswith("Herhaling")
    assert await states(world) == [DeliveryState.SENT]


async def test_correction_when_the_old_one_still_waits_then_only_the_correction_is_sent(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, _, chat = await anna_and_her_group(world)
        await typed(world, anna, ONE_LINE)
        world.telegram.faults.add("sendMessage", "429", retry_after=3000, chat_id=chat)
        await tapped(world, anna, "Verstuur")
        assert announced_in(world, chat) == []

        await tapped(world, anna, "Corrigeer")
        await tapped(world, anna, "Vak")
        await typed(world, anna, "Frans")
        await tapped(world, anna, "Verstuur")
        await world.later(minutes=51)
        await ticked(world)

        (only,) = announced_in(world, chat)
        assert "Frans valt uit." in only
