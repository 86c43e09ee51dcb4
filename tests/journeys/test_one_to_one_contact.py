"""What somebody who writes to the bot in private gets: help, and never a conversation (B.7)."""

import io
from collections.abc import Awaitable, Callable

import pytest

from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from storage.tables import seen_updates
from tests.journeys.everyone import help_shown
from tests.journeys.finding import (
    button_under,
    effects,
    everything_on_disk,
    leave_school,
    news,
    rows,
    said,
    state_of,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.B7

MARKER = "xylofoonzwaluw"
"""A word that nobody else uses."""

NOW = 1_795_420_800


async def student(world: World) -> int:
    return await world.student("Bram Bakker")


async def guardian(world: World) -> int:
    return await world.join_school("Gerda Bakker", Role.GUARDIAN)


async def stranger(world: World) -> int:
    return world.stranger("Xander Xavier")


async def former_teacher(world: World) -> int:
    user = await world.teacher("Olga Oud")
    await leave_school(world, "Olga Oud")
    return user


async def unlinked_teacher(world: World) -> int:
    await world.enrol("Piet Pieters", Role.STAFF)
    return world.stranger("Piet Pieters")


Somebody = Callable[[World], Awaitable[int]]
EVERYBODY = pytest.mark.parametrize(
    ("somebody", "who"),
    [
        pytest.param(student, "student", id="student"),
        pytest.param(guardian, "guardian", id="guardian"),
        pytest.param(stranger, "stranger", id="stranger"),
        pytest.param(former_teacher, "stranger", id="teacher who left school"),
    ],
)
NOT_STAFF = pytest.mark.parametrize(
    "somebody",
    [student, guardian, stranger, former_teacher, unlinked_teacher],
    ids=lambda each: each.__name__,
)


# --- one kind answer ---------------------------------------------------------------------------


@EVERYBODY
async def test_private_message_gets_one_kind_answer_then_peace_then_another(
    world: World, somebody: Somebody, who: str
):
    user = await somebody(world)
    theirs = news(world, user)

    for text in ("hallo", "is daar iemand", "hallooo"):
        world.act.write(user, user, text)
        await world.quiet()
    once = theirs.heard
    await world.later(hours=13)
    world.act.write(user, user, "hoi weer")
    await world.quiet()

    answer = said(world, f"kind-answer-{who}")
    assert once == [answer]
    assert theirs.heard == [answer, answer]
    assert len(await world.events("bot:contact:answered")) == 2
    assert await world.events("bot:contact:staff-asked-for") == []


async def test_peace_lasts_from_the_last_answer(world: World):
    bram = await world.student("Bram Bakker")
    his = news(world, bram)
    world.act.write(bram, bram, "hallo")
    await world.quiet()

    await world.later(hours=11)
    world.act.write(bram, bram, "hallo nog een keer")
    await world.quiet()
    await world.later(hours=2)
    world.act.write(bram, bram, "en nog eens")
    await world.quiet()

    assert len(his.heard) == 2


async def test_school_chooses_how_long_the_peace_lasts(opens):
    async with opens(private_chat={"answer_pause_hours": 2}) as world, running(world):
        bram = await world.student("Bram Bakker")
        his = news(world, bram)
        world.act.write(bram, bram, "hallo")
        await world.quiet()

        await world.later(hours=2, minutes=1)
        world.act.write(bram, bram, "hallo nog een keer")
        await world.quiet()

        assert len(his.heard) == 2


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location"])
async def test_message_without_words_gets_the_kind_answer_too(world: World, kind: str):
    bram = await world.student("Bram Bakker")
    his = news(world, bram)

    world.act.send_media(bram, bram, kind)
    await world.quiet()

    assert his.heard == [said(world, "kind-answer-student")]


async def test_answer_is_in_the_language_of_the_telephone(world: World):
    emma = world.stranger("Emma Evans", language_code="en-GB")

    world.act.write(emma, emma, "hello there")
    await world.quiet()

    assert world.heard_by(emma) == [said(world, "kind-answer-stranger", Language.ENGLISH)]


async def test_staff_get_help_and_no_signal(world: World):
    anna = await world.teacher("Anna de Vries")
    her = news(world, anna)

    world.act.write(anna, anna, "kan ik het nummer van de mentor krijgen")
    await world.quiet()

    assert her.heard == [help_shown(world, Role.STAFF)]
    assert await world.events("bot:contact:staff-asked-for") == []


@pytest.mark.parametrize("command", ["/start", "/help"])
@EVERYBODY
async def test_greeting_is_answered_and_is_no_signal(
    world: World, somebody: Somebody, who: str, command: str
):
    user = await somebody(world)
    theirs = news(world, user)

    world.act.write(user, user, command)
    await world.quiet()

    assert theirs.heard == [help_shown(world, None if who == "stranger" else Role(who))]
    assert await world.events("bot:contact:staff-asked-for") == []


@pytest.mark.parametrize("text", ["/start", "/help"])
@EVERYBODY
async def test_greeting_that_is_pressed_again_and_again_is_answered_once_a_minute(
    world: World, somebody: Somebody, who: str, text: str
):
    user = await somebody(world)
    theirs = news(world, user)

    for _ in range(3):
        world.act.write(user, user, text)
        await world.quiet()
    once = theirs.heard
    await world.later(minutes=2)
    world.act.write(user, user, text)
    await world.quiet()

    assert once == [help_shown(world, None if who == "stranger" else Role(who))]
    assert theirs.heard == once * 2


async def test_staff_who_write_on_and_on_get_help_once_a_minute(world: World):
    anna = await world.teacher("Anna de Vries")
    her = news(world, anna)

    for text in ("hallo", "/help", "/start"):
        world.act.write(anna, anna, text)
        await world.quiet()
    once = her.heard
    await world.later(minutes=2)
    world.act.write(anna, anna, "hallo")
    await world.quiet()

    assert once == [help_shown(world, Role.STAFF)]
    assert her.heard == once * 2


@pytest.mark.parametrize(
    "text",
    ["hallo", "/start", "/start AAAA-BBBB-CCCC", "AAAA-BBBB-CCCC", "/nieuwegroep", "/kanaal"],
)
async def test_another_bot_that_writes_gets_nothing_at_all(world: World, text: str):
    robot = world.stranger("Quizbot", is_bot=True, username="quiz_bot")
    count = len(await world.events())
    message = {
        "message_id": 1,
        "date": NOW,
        "chat": {"id": robot, "type": "private", "first_name": "Quizbot"},
        "from": {"id": robot, "is_bot": True, "first_name": "Quizbot"},
        "text": text,
    }

    world.telegram.inject_update({"message": message})
    await world.quiet()

    assert world.calls("sendMessage") == []
    assert len(await world.events()) == count


# --- asking for a member of staff --------------------------------------------------------------


async def test_asking_for_staff_is_a_signal_and_the_words_are_nowhere(
    world: World, logs: io.StringIO
):
    await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")
    his = news(world, bram)

    world.act.write(bram, bram, f"mag ik het nummer van mevrouw de Vries {MARKER}")
    await world.quiet()

    (signal,) = await world.events("bot:contact:staff-asked-for")
    assert (signal["weight"], signal["role"]) == ("signal", "student")
    assert his.heard == [said(world, "kind-answer-student")]
    assert MARKER.encode() not in everything_on_disk(world)
    assert MARKER not in logs.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "kan ik met mijn mentor praten",
        "hoe kan ik meneer Kok bereiken",
        "can I text my teacher",
        "mag ik de vries appen",
        "MAG IK MET MĲN MÉNTOR PRATEN",
    ],
)
async def test_ways_of_asking_for_staff(world: World, text: str):
    await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")

    world.act.write(bram, bram, text)
    await world.quiet()

    assert len(await world.events("bot:contact:staff-asked-for")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ik wil praten met de vertrouwenspersoon",
        "hoe bereik ik de schoolpsycholoog",
        "I want to talk to a counsellor in confidence",
        "welk nummer heeft het lokaal van mijn docent",
        "valt wiskunde uit",
    ],
)
async def test_asking_for_help_in_confidence_or_for_something_else_is_no_signal(
    world: World, text: str
):
    await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")

    world.act.write(bram, bram, text)
    await world.quiet()

    assert await world.events("bot:contact:staff-asked-for") == []


async def test_asking_again_is_a_signal_each_time_and_answered_once(world: World):
    bram = await world.student("Bram Bakker")
    his = news(world, bram)

    for _ in range(3):
        world.act.write(bram, bram, "kan ik met mijn mentor praten")
        await world.quiet()

    assert len(await world.events("bot:contact:staff-asked-for")) == 3
    assert len(his.heard) == 1


async def test_words_of_a_picture_are_read_too(world: World):
    bram = await world.student("Bram Bakker")

    world.act.send_media(bram, bram, "photo", caption=f"kan ik mijn mentor appen {MARKER}")
    await world.quiet()

    assert len(await world.events("bot:contact:staff-asked-for")) == 1
    assert MARKER.encode() not in everything_on_disk(world)


# --- commands of staff -------------------------------------------------------------------------


@NOT_STAFF
async def test_commands_of_staff_used_by_somebody_else_are_refused_and_written_down(
    world: World, somebody: Somebody
):
    user = await somebody(world)
    theirs = news(world, user)
    commands = ["nieuwegroep", "kanaal", "bericht", "groepen", "codes", "nieuwegroep"]

    for command in commands:
        world.act.write(user, user, f"/{command}")
    await world.quiet()

    assert theirs.heard == [said(world, "command-refused")]
    asked = ["groups" if command == "groepen" else command for command in commands]
    assert [e["command"] for e in await world.events("bot:command:refused")] == asked
    assert world.act.look(user, user)["keyboard"] is None


ODD_TEXTS = {
    "HTML": "<b>vet</b> & <a href='https://example.org'>link</a> </b>",
    "right to left": "مرحبا /nieuwegroep \u202egroepsapp",
    "zero width": "/nieuwe\u200bgroep",
    "zero width only": "\u200b\u200c\u200d",
    "very long": "m" * 4096,
    "format marks": "{group} {0} %s %(x)s {",
    "emoji": "👨‍👩‍👧‍👦" * 50,
    "only a slash": "/",
    "a slash and a space": "/ start",
    "a command for another bot": "/nieuwegroep@another_bot",
    "upper case": "/NIEUWEGROEP",
    "null bytes": "hallo\x00daar",
    "lines": "/start\nabc",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=name) for name, t in ODD_TEXTS.items()])
async def test_odd_texts_break_nothing_and_bring_at_most_one_answer(world: World, text: str):
    bram = await world.student("Bram Bakker")
    his = news(world, bram)

    world.telegram.inject_update(
        {
            "message": {
                "message_id": 9000,
                "date": world.telegram.clock.unix(),
                "chat": {"id": bram, "type": "private", "first_name": "Bram"},
                "from": {"id": bram, "is_bot": False, "first_name": "Bram"},
                "text": text,
            }
        }
    )
    await world.quiet()

    assert await world.events("bot:update:set-aside") == []
    assert await world.events("bot:effect:failed") == []
    assert len(his.heard) <= 1
    assert await effects(world, "SendGroupNotice") == []


async def test_edited_command_does_not_run_again(world: World):
    code = await world.enrol("Anna de Vries", Role.STAFF)
    anna = world.stranger("Anna de Vries")
    message = world.act.write(anna, anna, "/help")
    await world.quiet()
    told = len(world.heard_by(anna))

    world.act.edit(anna, anna, message, f"/start {code}")
    await world.quiet()

    assert await world.events("bot:account:linked") == []
    assert len(world.heard_by(anna)) == told


# --- buttons -----------------------------------------------------------------------------------

CONFIRM = "Ja, beheer deze groep"


async def asked_to_confirm(world: World) -> tuple[int, int, int, str]:
    """A teacher whom the bot asks whether to manage a group, and the button under it."""
    async with running(world):
        anna, kees = await world.teacher("Anna de Vries"), await world.teacher("Kees Kok")
    chat = world.act.create_group(anna, "4H2 rooster", [kees])
    world.act.promote(anna, chat, kees, [*RIGHTS, "can_promote_members"])
    world.act.add_bot(kees, chat, RIGHTS)
    world.act.demote(anna, chat, kees)
    async with running(world):
        message, data = button_under(world, anna, CONFIRM)
    return anna, chat, message, data


def pressed(world: World, user: int, data: str | None, **more: object) -> None:
    """A press as a modified telephone may send it, of a button that was never shown to it."""
    message = {
        "message_id": 9000,
        "date": world.telegram.clock.unix(),
        "chat": {"id": user, "type": "private", "first_name": "Iemand"},
    }
    query: dict[str, object] = {
        "id": "1",
        "from": {"id": user, "is_bot": False, "first_name": "Iemand", "language_code": "nl"},
        "chat_instance": "1",
        "message": message,
        **more,
    }
    if data is not None:
        query["data"] = data
    world.telegram.inject_update({"callback_query": query})


@pytest.mark.parametrize("somebody", [student, stranger], ids=lambda each: each.__name__)
async def test_button_pressed_by_the_wrong_person_confirms_nothing(
    resting_world: World, somebody: Somebody
):
    world = resting_world
    _anna, chat, _message, data = await asked_to_confirm(world)
    async with running(world):
        user = await somebody(world)

        pressed(world, user, data)
        await world.quiet()

        assert await state_of(world, chat) == "pending"
        assert [e["command"] for e in await world.events("bot:command:refused")] == [
            "confirm-group"
        ]


async def test_button_of_another_group_pressed_by_staff_without_a_seat_has_it_not_adopted(
    resting_world: World,
):
    world = resting_world
    _anna, chat, _message, data = await asked_to_confirm(world)
    async with running(world):
        olga = await world.teacher("Olga Oud")

        pressed(world, olga, data)
        await world.quiet()

        assert await state_of(world, chat) == "pending"


async def test_button_pressed_again_and_again_does_nothing_twice(resting_world: World):
    world = resting_world
    anna, chat, message, data = await asked_to_confirm(world)
    async with running(world):
        for _ in range(5):
            world.act.press(anna, anna, message, data)
        await world.quiet()
        await world.later(days=3)
        world.act.press(anna, anna, message, data)
        await world.quiet()

        assert await state_of(world, chat) == "managed"
        assert len(await world.events("bot:group:adopted")) == 1
        assert len(world.calls("exportChatInviteLink")) == 1


async def test_press_stops_the_clock_on_the_telephone(resting_world: World):
    world = resting_world
    anna, _chat, message, data = await asked_to_confirm(world)
    async with running(world):
        query = world.act.press(anna, anna, message, data)
        await world.quiet()

        assert world.act.callback(str(query)) == {"text": "", "show_alert": False, "url": ""}


FORGED = {
    "empty": "",
    "another version": "v9:group:-1002300000001",
    "an unknown purpose": "v1:sanction:1",
    "no number": "v1:group:abc",
    "too large a number": "v1:group:-99999999999999999999999",
    "a group that is not there": "v1:group:-1009999999999",
    "a person instead of a group": "v1:group:5000000001",
    "SQL": "v1:group:1;DROP TABLE events",
    "nothing": None,
}


async def test_forged_buttons_change_nothing(world: World):
    bram = await world.student("Bram Bakker")

    for data in FORGED.values():
        pressed(world, bram, data)
    await world.quiet()

    assert await world.events("bot:update:set-aside") == []
    assert await world.events("staff:group:confirmed") == []
    assert [c.error for c in world.telegram.calls_of("answerCallbackQuery")] == [
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    ] * len(FORGED)


@pytest.mark.parametrize(
    "data", ["v1:group:-1009999999999", "v1:group:5000000001"], ids=["unknown chat", "a person"]
)
async def test_forged_button_of_staff_makes_the_bot_look_and_find_nothing(world: World, data: str):
    anna = await world.teacher("Anna de Vries")

    pressed(world, anna, data)
    await world.quiet()
    await world.later(minutes=7)

    assert await world.events("bot:group:adopted") == []
    assert await world.events("bot:update:set-aside") == []
    assert await world.events("bot:effect:failed") == []


async def test_old_button_is_answered_kindly(world: World):
    bram = await world.student("Bram Bakker")
    telegram = world.telegram.world
    world.act.write(bram, bram, "hallo")
    await world.quiet()
    answer = max(telegram.chats[bram].messages)
    telegram.chats[bram].messages[answer].markup = {
        "inline_keyboard": [[{"text": "Oude knop", "callback_data": "v0:iets"}]]
    }

    query = world.act.press(bram, bram, answer, "v0:iets")
    await world.quiet()

    assert (world.act.callback(str(query)) or {})["text"] == said(world, "toast-old")


# --- ways by which nothing may come in ---------------------------------------------------------


async def test_business_guest_and_channel_updates_bring_no_answer_and_no_record(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    both = news(world, anna), news(world, bram)
    world.telegram.world.updates.allow(
        ["message", "business_message", "business_connection", "guest_message", "channel_post"]
    )
    count, heard = len(await world.events()), len(await rows(world, seen_updates.select()))

    world.act.connect_business(anna)
    world.act.business_message(anna, bram, "kan ik met mijn mentor praten")
    world.act.business_message(anna, bram, "/start abc", outgoing=True)
    world.act.guest_summon(bram, "@groepswacht_bot /nieuwegroep")
    channel = {"id": -1_002_300_000_900, "type": "channel", "title": "Roddels van Bram"}
    post = {"message_id": 1, "date": NOW, "chat": channel, "text": "/nieuwegroep"}
    world.telegram.inject_update({"channel_post": post})
    await world.quiet()

    assert len(await rows(world, seen_updates.select())) == heard + 5
    assert [each.heard for each in both] == [[], []]
    assert len(await world.events()) == count
    assert [c.method for c in world.telegram.calls if c.method.startswith("send")] == [
        "sendMessage"
    ] * 2


async def test_bot_asks_for_no_business_and_no_guest_updates(world: World):
    asked = world.telegram.world.updates.allowed

    assert not {kind for kind in asked if "business" in kind or "guest" in kind}
    assert {"chat_member", "my_chat_member", "edited_message"} <= asked


async def test_code_typed_with_other_words_is_not_taken_for_one(world: World):
    code = await world.enrol("Anna de Vries", Role.STAFF)
    anna = world.stranger("Anna de Vries")

    world.act.write(anna, anna, f"mijn code is {code} geloof ik")
    await world.quiet()

    assert await world.events("bot:account:linked") == []
    assert code.encode() not in everything_on_disk(world)
