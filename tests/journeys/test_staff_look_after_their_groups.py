"""Staff look after their groups: how each is doing, its link, a colleague, the end of it."""

from io import BytesIO
from typing import Any

import pytest
import segno

from bot.callback_data import Press, Verb, format_data, opens
from bot.policy.effects import Language, Page
from bot.policy.ids import ChatId
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from bot.sandbox.errors import RefusedByTelegram
from tests.journeys.finding import (
    button_under,
    effects,
    group,
    is_in,
    leave_school,
    news,
    said,
    said_in,
    state_of,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE
TITLE = "4H2 rooster"


async def asks(world: World, user: int, command: str) -> None:
    """Somebody types a command."""
    world.act.write(user, user, command)
    await world.quiet()


async def taps(world: World, user: int, button: str) -> tuple[int, str]:
    """Somebody taps a button of the bot's; what it was."""
    message, data = button_under(world, user, button)
    world.act.press(user, user, message, data)
    await world.quiet()
    return message, data


async def forges(world: World, user: int, data: str) -> None:
    """A changed telephone makes up a press, under a message of the bot's own."""
    person = world.telegram.world.users[user]
    message = world.act.look(user, user)["messages"][-1]["message_id"]
    sender = {"id": user, "is_bot": False, "first_name": person.first_name}
    bot = {"id": world.telegram.bot.id, "is_bot": True, "first_name": "Groepswacht"}
    press = {
        "id": f"{user}{message}{len(await world.events())}",
        "from": sender,
        "chat_instance": "1",
        "data": data,
        "message": {
            "message_id": message,
            "date": world.telegram.world.clock.unix(),
            "chat": {"id": user, "type": "private", "first_name": person.first_name},
            "from": bot,
            "text": "…",
        },
    }
    world.telegram.inject_update({"callback_query": press})
    await world.quiet()


def opening(page: Page, chat: int) -> str:
    return format_data(opens(page, ChatId(chat)))


def pressing(verb: Verb, chat: int, argument: str = "") -> str:
    return format_data(Press(verb=verb, chat=ChatId(chat), argument=argument))


def last(world: World, user: int) -> dict[str, Any]:
    """The last message that the bot wrote to somebody."""
    seen = world.act.look(user, user)["messages"]
    found: dict[str, Any] = [one for one in seen if one["by_bot"]][-1]
    return found


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on the buttons under a message."""
    return [button["text"] for row in message["buttons"] for button in row]


async def tags(world: World, *sources: str) -> list[str]:
    """What the log says of how staff look after groups."""
    own = ("staff:group:", "staff:link:", "bot:link:", "telegram:group:handed-over")
    kept = [event["tag"] for event in await world.events()]
    return [
        tag for tag in kept if tag.startswith(sources or own) and tag != "staff:group:confirmed"
    ]


async def two_of_staff(world: World) -> tuple[int, int, int]:
    """A group of a teacher in which a colleague has a seat."""
    anna, jan = await world.teacher("Anna de Vries"), await world.teacher("Jan Bakker")
    chat = await world.managed_group(anna, jan)
    world.act.promote(anna, chat, jan)
    await world.quiet()
    return anna, jan, chat


# --- the list and one group --------------------------------------------------------------------


async def test_groups_when_a_teacher_has_none_then_is_told_how_to_make_one(world: World) -> None:
    anna = await world.teacher("Anna de Vries")

    await asks(world, anna, "/groepen")

    assert world.heard_by(anna)[-1] == said(world, "groups-none")


@pytest.mark.parametrize("command", ["/groepen", "/groups"])
@pytest.mark.parametrize("role", [Role.STUDENT, Role.GUARDIAN, None])
async def test_groups_when_asked_for_by_whom_they_are_not_then_are_not_shown(
    world: World, role: Role | None, command: str
) -> None:
    await two_of_staff(world)
    xander = world.stranger("Xander")
    world.act.start_bot(xander)
    await world.quiet()
    if role is not None:
        xander = await world.join_school("Sanne Visser", role)
    hears = news(world, xander)

    await asks(world, xander, command)

    assert hears.heard == [said(world, "command-refused")]
    (refused,) = await world.events("bot:command:refused")
    assert refused["command"] == "groups"


async def test_groups_when_a_teacher_has_some_then_each_leads_to_how_it_is_doing(
    world: World,
) -> None:
    anna, _, chat = await two_of_staff(world)
    await world.managed_group(anna, title="5V1 natuurkunde")

    await asks(world, anna, "/groepen")
    assert labels(last(world, anna)) == ["✅ 4H2 rooster", "✅ 5V1 natuurkunde"]

    _, data = await taps(world, anna, "✅ 4H2 rooster")
    text = last(world, anna)["text"]
    assert data == opening(Page.GROUP, chat)
    assert text.splitlines() == [
        TITLE,
        "",
        "✅ Op slot: alleen beheerders schrijven. Nagekeken vandaag 09:00.",
        "✅ Eigenaar: jij.",
        "✅ 2 beheerders van school.",
        f"✅ {said(world, 'group-link-there')}",
        "✅ De groep voldoet aan de afspraken.",
        f"⚠️ {said(world, 'group-serves-none')}",
        "▫️ 2 leden, zonder bots. 2 staan op de lijst van school.",
        "",
        "Laatst bekeken: vandaag 09:00.",
    ]


async def test_group_when_something_is_wrong_then_says_what_and_what_to_do(world: World) -> None:
    anna, _, chat = await two_of_staff(world)
    world.act.set_topics(anna, chat, on=True)
    await world.later(minutes=10)

    await asks(world, anna, "/groepen")
    await taps(world, anna, "⚠️ 4H2 rooster")

    assert said(world, "item-forum") in last(world, anna)["text"]
    assert await state_of(world, chat) == "suspended"


async def test_group_when_members_came_in_then_says_whom_the_school_knows(world: World) -> None:
    anna, _, chat = await two_of_staff(world)
    bram, xander = await world.student("Bram Smit", "4H2"), world.stranger("Xander")
    for user in (bram, xander):
        world.act.join(user, chat=chat, added_by=anna)
    await world.quiet()

    await asks(world, anna, "/groepen")
    await taps(world, anna, "✅ 4H2 rooster")

    line = next(each for each in last(world, anna)["text"].splitlines() if "leden" in each)
    assert line.startswith("⚠️ 4 leden, zonder bots. 3 staan op de lijst van school. 1 ")


async def test_group_when_opened_by_staff_without_a_seat_then_stays_closed(world: World) -> None:
    _, _, chat = await two_of_staff(world)
    piet = await world.teacher("Piet Jansen")
    pages = (Page.GROUP, Page.GROUP_LINK, Page.GROUP_CLASSES, Page.GROUP_MEMBERS, Page.HAND_OVER)

    for page in pages:
        await forges(world, piet, opening(page, chat))

    told = world.heard_by(piet)
    assert not any(TITLE in text for text in told)
    refused = await world.events("bot:command:refused")
    assert [event["command"] for event in refused] == [page.value for page in pages]


async def test_group_when_its_title_is_made_of_tricks_then_reads_as_text(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    title = "<b>4H2</b>\u202e\u200b & " + "x" * 110
    await world.managed_group(anna, title=title)

    await asks(world, anna, "/groepen")
    (label,) = labels(last(world, anna))
    assert label.startswith("✅ <b>4H2</b> & xxx")
    assert len(label) == 32

    await taps(world, anna, label)
    assert last(world, anna)["text"].splitlines()[0] == "<b>4H2</b> & " + "x" * 110


async def test_look_when_asked_for_then_the_bot_looks(world: World) -> None:
    anna, _, _ = await two_of_staff(world)
    await asks(world, anna, "/groepen")
    await taps(world, anna, "✅ 4H2 rooster")

    await taps(world, anna, "Kijk opnieuw")

    asked = [one for one in await effects(world, "InspectGroup") if one["why"] == "asked"]
    assert [one["state"] for one in asked] == ["done"]


# --- the join link -----------------------------------------------------------------------------


def picture_of(link: str) -> bytes:
    drawn = BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=20, border=4)
    return drawn.getvalue()


def link_in(message: dict[str, Any]) -> str:
    return next(word for word in message["text"].split() if word.startswith("https://t.me/"))


async def test_link_when_opened_then_comes_as_a_picture_that_holds_it(world: World) -> None:
    anna, jan, chat = await two_of_staff(world)

    await taps(world, anna, "Link en QR")

    shown = last(world, anna)
    link = link_in(shown)
    assert shown["text"] == said(
        world, "link-shown", title=TITLE, classes=said(world, "link-no-classes"), link=link
    )
    assert world.act.file_of(anna, anna, shown["message_id"]) == picture_of(link)
    assert link in world.act.group_as_seen(chat)["links"]
    await forges(world, jan, opening(Page.GROUP_LINK, chat))
    assert link_in(last(world, jan)) == link


async def test_link_when_renewed_then_the_leaked_one_lets_nobody_ask(world: World) -> None:
    anna, _, _ = await two_of_staff(world)
    await taps(world, anna, "Link en QR")
    leaked = link_in(last(world, anna))
    xander = world.stranger("Xander")

    pressed = await taps(world, anna, "Nieuwe link")
    fresh = link_in(last(world, anna))
    # The same press comes again: from the telephone, and from a changed one.
    world.act.press(anna, anna, *pressed)
    await world.quiet()
    await forges(world, anna, pressed[1])

    assert fresh != leaked
    assert link_in(last(world, anna)) == fresh
    with pytest.raises(RefusedByTelegram):
        world.act.join(xander, leaked)
    assert world.act.join(xander, fresh) is False
    assert await tags(world) == ["staff:link:renewed", "bot:link:ended"]
    assert len(world.calls("createChatInviteLink")) == 2
    assert [call["invite_link"] for call in world.calls("revokeChatInviteLink")] == [leaked]


async def test_link_when_renewed_by_a_student_then_stays(world: World) -> None:
    _, _, chat = await two_of_staff(world)
    bram = await world.student("Bram Smit", "4H2")

    await forges(world, bram, pressing(Verb.NEW_LINK, chat, "none"))

    assert len(world.calls("createChatInviteLink")) == 1
    (refused,) = await world.events("bot:command:refused")
    assert refused["command"] == "group-link"


async def test_link_when_the_bot_stops_before_it_is_made_then_comes_after_the_restart(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        anna, _, _ = await two_of_staff(world)
        await taps(world, anna, "Link en QR")
        leaked = link_in(last(world, anna))
        message, data = button_under(world, anna, "Nieuwe link")
    world.act.press(anna, anna, message, data)
    world.telegram.faults.add("createChatInviteLink", "500")

    async with running(world):
        pass
    async with running(world):
        await world.later(minutes=1)
        fresh = link_in(last(world, anna))

    assert fresh != leaked
    assert [call["invite_link"] for call in world.calls("revokeChatInviteLink")] == [leaked]


# --- class groups and members ------------------------------------------------------------------


async def test_classes_when_chosen_then_ones_own_come_first_and_each_tap_shows(
    world: World,
) -> None:
    anna = await world.join_school("Anna de Vries", Role.STAFF, classes=("4H2",))
    for year in (10, 2, 1):
        for letter in "ABCDEFGHIJ":
            await world.enrol(
                f"Leerling {year}{letter}", Role.STUDENT, classes=(f"{year}{letter}",)
            )
    await world.managed_group(anna)

    await taps(world, anna, "Klassen kiezen")
    shown = labels(last(world, anna))
    assert shown[:4] == ["4H2", "1A", "1B", "1C"]
    assert shown[-2:] == ["›", "Terug naar de groep"]
    assert len(shown) == 26

    await taps(world, anna, "›")
    await taps(world, anna, "10J")
    shown = labels(last(world, anna))
    assert shown[-3:] == ["✓ 10J", "‹", "Terug naar de groep"]
    assert last(world, anna)["text"].endswith("Gekozen: 10J")


async def test_members_when_some_do_not_belong_then_each_is_named_and_has_a_button(
    world: World,
) -> None:
    anna, _, chat = await two_of_staff(world)
    bram = await world.student("Bram Smit", "4H2")
    tricks = ("<b>Sanne</b>", "\u202eXander\u200b", "x" * 200)
    for user in (bram, *(world.stranger(name) for name in tricks)):
        world.act.join(user, chat=chat, added_by=anna)
    await world.quiet()

    await forges(world, anna, opening(Page.GROUP_MEMBERS, chat))

    shown = last(world, anna)
    assert "1. <b>Sanne</b>: niet bekend bij school" in shown["text"]
    assert "2. Xander: niet bekend bij school" in shown["text"]
    assert labels(shown) == [
        "✕ 1. <b>Sanne</b>",
        "✕ 2. Xander",
        "✕ 3. " + "x" * 29 + "…",
        "Terug naar de groep",
    ]
    assert "Bram" not in shown["text"]


# --- a second administrator --------------------------------------------------------------------


async def test_owner_when_alone_then_is_asked_each_week_until_it_is_so(world: World) -> None:
    anna, jan = await world.teacher("Anna de Vries"), await world.teacher("Jan Bakker")
    chat = await world.managed_group(anna, jan)
    hears = news(world, anna)
    question = said(world, "second-administrator")

    await world.later(days=6)
    assert question not in hears.heard
    await world.later(days=1, minutes=5)
    assert hears.heard.count(question) == 1
    await world.later(minutes=30)
    assert hears.heard.count(question) == 1

    world.act.promote(anna, chat, jan)
    await world.quiet()
    await world.later(days=8)
    assert hears.heard.count(question) == 1
    assert await state_of(world, chat) == "managed"
    assert len(await world.events("bot:group:second-asked")) == 2


# --- handing over ------------------------------------------------------------------------------


async def offered(world: World) -> tuple[int, int, int]:
    """A group that its owner has offered to a colleague."""
    anna, jan, chat = await two_of_staff(world)
    await asks(world, anna, "/groepen")
    await taps(world, anna, "✅ 4H2 rooster")
    await taps(world, anna, "Overdragen")
    await taps(world, anna, "Jan Bakker")
    return anna, jan, chat


ACCEPTS = "Ja, ik neem de groep over"


async def test_group_when_handed_over_then_both_are_thanked_and_it_is_recorded(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        anna, jan, chat = await offered(world)
    # Nothing of an offer lives in the bot's memory.
    async with running(resting_world) as world:
        hears, theirs = news(world, anna), news(world, jan)
        await taps(world, jan, ACCEPTS)
        assert hears.heard == [said(world, "hand-over-now", title=TITLE, name="Jan Bakker")]

        world.act.transfer_ownership(anna, chat, jan)
        await world.quiet()

        assert hears.heard[1:] == [said(world, "group-handed-over")]
        assert theirs.heard == [said(world, "group-is-yours")]
        assert await tags(world) == [
            "staff:group:offered",
            "staff:group:offer-answered",
            "telegram:group:handed-over",
        ]
        assert (await group(world, chat))["offered_to"] is None
        # What the former owner still has on his telephone does nothing any more.
        await forges(world, anna, pressing(Verb.CLOSE_GROUP, chat))
        await forges(world, anna, pressing(Verb.HAND_OVER, chat, "to:1"))
        assert await state_of(world, chat) == "managed"


async def test_offer_when_declined_then_the_owner_hears_and_chooses_again(world: World) -> None:
    anna, jan, chat = await offered(world)

    await taps(world, jan, "Nee, liever niet")

    assert last(world, jan)["text"] == said(world, "offer-declined", title=TITLE)
    assert last(world, anna)["text"].startswith(said(world, "hand-over-declined"))
    assert "Jan Bakker" in labels(last(world, anna))
    assert (await group(world, chat))["offered_to"] is None


async def test_offer_when_withdrawn_then_the_colleagues_old_button_does_nothing(
    world: World,
) -> None:
    anna, jan, chat = await offered(world)
    await taps(world, anna, "Trek de vraag in")
    hears = news(world, anna)

    await taps(world, jan, ACCEPTS)

    assert last(world, jan)["text"] == said(world, "offer-over", title=TITLE)
    assert hears.heard == []
    assert await tags(world) == ["staff:group:offered", "staff:group:offer-withdrawn"]
    assert (await group(world, chat))["offer_accepted_at"] is None


async def test_offer_when_answered_after_a_week_then_is_over(world: World) -> None:
    _, jan, chat = await offered(world)

    await world.later(days=7)
    await taps(world, jan, ACCEPTS)

    assert last(world, jan)["text"] == said(world, "offer-over", title=TITLE)
    assert (await group(world, chat))["offer_accepted_at"] is None


@pytest.mark.parametrize("who", ["another colleague", "a student", "the owner"])
async def test_offer_when_somebody_else_accepts_it_then_stands_as_it_was(
    world: World, who: str
) -> None:
    anna, _, chat = await offered(world)
    somebody = anna
    if who == "another colleague":
        somebody = await world.teacher("Piet Jansen")
        world.act.promote(anna, chat, somebody)
        await world.quiet()
    if who == "a student":
        somebody = await world.student("Bram Smit", "4H2")

    await forges(world, somebody, pressing(Verb.HAND_OVER, chat, "accept"))

    assert (await group(world, chat))["offer_accepted_at"] is None
    assert await world.events("staff:group:offer-answered") == []


async def test_offer_when_the_colleague_has_left_school_then_cannot_be_accepted(
    world: World,
) -> None:
    _, jan, chat = await offered(world)
    await leave_school(world, "Jan Bakker")

    await taps(world, jan, ACCEPTS)

    assert (await group(world, chat))["offer_accepted_at"] is None
    assert await world.events("staff:group:offer-answered") == []


async def test_group_when_offered_to_a_student_with_a_seat_by_a_forged_press_then_is_not(
    world: World,
) -> None:
    anna, _, chat = await two_of_staff(world)
    await world.student("Bram Smit", "4H2")

    for argument in ("to:3", "to:", "to:999999999999", "to:-1", "accept", "withdraw"):
        await forges(world, anna, pressing(Verb.HAND_OVER, chat, argument))

    assert await tags(world) == []
    assert (await group(world, chat))["offered_to"] is None


# --- closing -----------------------------------------------------------------------------------


async def test_group_when_closed_then_says_so_there_and_the_bot_leaves(world: World) -> None:
    anna, jan, chat = await two_of_staff(world)
    await asks(world, anna, "/groepen")
    await taps(world, anna, "✅ 4H2 rooster")
    await taps(world, anna, "Sluiten")
    assert last(world, anna)["text"] == said(world, "close-what-happens", title=TITLE)

    pressed = await taps(world, anna, "Ja, sluit de groep")

    assert said_in(world, chat)[-1] == said(world, "group-closed", Language.BOTH)
    assert not is_in(world, chat)
    assert await state_of(world, chat) == "left"
    assert last(world, anna)["text"].startswith(said(world, "groups-closed"))
    # Once more, by the owner and by a colleague who had a seat: nothing is left to close.
    for user in (anna, jan):
        await forges(world, user, pressed[1])
    assert await tags(world) == ["staff:group:closed"]
    assert len(world.calls("leaveChat")) == 1


@pytest.mark.parametrize("who", ["a colleague with a seat", "a student", "a stranger"])
async def test_group_when_closed_by_whom_it_is_not_then_goes_on(world: World, who: str) -> None:
    _, jan, chat = await two_of_staff(world)
    somebody = jan
    if who == "a student":
        somebody = await world.student("Bram Smit", "4H2")
    if who == "a stranger":
        somebody = world.stranger("Xander")
        world.act.start_bot(somebody)

    await forges(world, somebody, pressing(Verb.CLOSE_GROUP, chat))

    assert is_in(world, chat)
    assert await state_of(world, chat) == "managed"
    (refused,) = await world.events("bot:command:refused")
    assert refused["command"] == "close-group"


async def test_group_when_closed_by_an_administrator_of_the_school_then_is_left(
    world: World,
) -> None:
    _, _, chat = await two_of_staff(world)
    head = await world.teacher("Hilde Vos", Duty.ADMINISTRATOR)

    await forges(world, head, opening(Page.CLOSE_GROUP, chat))
    await taps(world, head, "Ja, sluit de groep")

    (closed,) = await world.events("staff:group:closed")
    assert closed["as_owner"] is False
    assert not is_in(world, chat)


async def test_group_when_closed_while_the_bot_only_observes_then_nothing_happens_there(
    opens: Any,
) -> None:
    async with opens(observe_only=True) as resting, running(resting) as world:
        anna = await world.teacher("Anna de Vries")
        chat = world.act.create_group(owner=anna, title=TITLE)
        world.act.add_bot(anna, chat, ["can_restrict_members", "can_delete_messages",
                                       "can_invite_users", "can_pin_messages"])  # fmt: skip
        world.act.set_permissions(anna, chat, {})
        await world.quiet()
        await world.later(minutes=10)

        await forges(world, anna, pressing(Verb.NEW_LINK, chat, "none"))
        await forges(world, anna, pressing(Verb.CLOSE_GROUP, chat))

        assert is_in(world, chat)
        assert said_in(world, chat) == []
        for method in ("createChatInviteLink", "leaveChat", "revokeChatInviteLink"):
            assert world.calls(method) == []
        assert last(world, anna)["text"].startswith(said(world, "groups-closed"))


# --- a new group -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/nieuwegroep", "/newgroup"])
async def test_new_group_when_made_then_its_owner_is_led_on(world: World, command: str) -> None:
    anna = await world.teacher("Anna de Vries")
    await asks(world, anna, command)
    chat = world.act.create_group(owner=anna, title=TITLE)

    world.act.press_request_chat(anna, chat)
    await world.quiet()

    ready = last(world, anna)
    assert ready["text"] == said(world, "group-ready")
    assert labels(ready) == ["Klassen kiezen", "Link en QR", "Tweede beheerder"]
    await taps(world, anna, "Tweede beheerder")
    assert last(world, anna)["text"] == said(world, "second-how", title=TITLE)


@pytest.mark.parametrize("command", ["/newgroup", "/channel", "/nieuwegroep", "/kanaal"])
async def test_new_group_when_a_student_asks_then_is_refused_and_recorded(
    world: World, command: str
) -> None:
    bram = await world.student("Bram Smit", "4H2")
    hears = news(world, bram)

    await asks(world, bram, command)

    assert hears.heard == [said(world, "command-refused")]
    assert len(await world.events("bot:command:refused")) == 1


async def test_list_when_there_are_many_groups_then_is_turned_page_by_page(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    for number in range(10, 20):
        await world.managed_group(anna, title=f"Groep {number}")

    await asks(world, anna, "/groepen")
    assert labels(last(world, anna)) == [f"✅ Groep {number}" for number in range(10, 18)] + ["›"]

    await taps(world, anna, "›")
    assert labels(last(world, anna)) == ["✅ Groep 18", "✅ Groep 19", "‹"]
