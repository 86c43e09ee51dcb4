"""Whoever comes into a group without asking is seen; who does not belong, staff may take out."""

import pytest
from sqlalchemy import select, update

from bot.policy.broadcast_groups.class_groups import class_key
from bot.policy.rules import Article
from storage.tables import accounts, people
from tests.journeys.finding import (
    change,
    effects,
    leave_school,
    news,
    rows,
    said,
)
from tests.journeys.joining import a_class_group, clock_ticks, members_known, members_of
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

UNASKED = "telegram:member:came-in-unasked"


def comes_in(world: World, way: str, user: int, anna: int, chat: int) -> None:
    """Somebody gets in past the link that asks for approval."""
    match way:
        case "link":
            world.act.join(user, world.act.create_link(anna, chat))
        case "folder":
            world.act.join_by_folder(user, chat, by=anna)
        case "added":
            world.act.join(user, chat=chat, added_by=anna)
        case "other":
            world.act.join_by_community(user, chat)


async def number_of(world: World, user: int) -> int:
    (found,) = await rows(world, select(accounts).where(accounts.c.user_id == user))
    return int(found["id"])


def forged(world: World, user: int, data: str) -> None:
    """A press that the person's changed telephone made up, under a message of the bot's."""
    message = world.act.look(user, user)["messages"][-1]["message_id"]
    telegram = world.telegram.world
    person = telegram.users[user]
    telegram.updates.add(
        "callback_query",
        {
            "id": str(1000 + len(telegram.updates.waiting)),
            "from": {"id": user, "is_bot": False, "first_name": person.first_name},
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": message,
                "date": telegram.clock.unix(),
                "chat": {"id": user, "type": "private", "first_name": person.first_name},
                "from": {"id": telegram.bot.id, "is_bot": True, "first_name": "Groepswacht"},
                "text": "…",
            },
        },
    )


# --- seen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["link", "folder", "added", "other"])
async def test_stranger_when_coming_in_unasked_then_is_recorded_listed_and_not_removed(
    world: World, way: str
):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")

    comes_in(world, way, xander, anna, chat)
    await world.quiet()
    await clock_ticks(world)

    assert [(e["how"], e["belongs"]) for e in await world.events(UNASKED)] == [(way, False)]
    assert [e["weight"] for e in await world.events(UNASKED)] == ["information"]
    assert world.heard_by(anna).count(said(world, "group-outsiders")) == 1
    assert xander in members_of(world, chat)


async def test_student_of_the_class_when_added_by_hand_then_the_owner_is_left_in_peace(
    world: World,
):
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")

    comes_in(world, "added", bram, anna, chat)
    await world.quiet()
    await clock_ticks(world)

    assert [e["belongs"] for e in await world.events(UNASKED)] == [True]
    assert said(world, "group-outsiders") not in world.heard_by(anna)


async def test_owner_when_many_outsiders_come_in_then_is_told_once_in_a_while(world: World):
    anna, chat = await a_class_group(world, "4H2")
    link = world.act.create_link(anna, chat)
    text = said(world, "group-outsiders")

    for n in range(20):
        world.act.join(world.stranger(f"Vreemde {n}"), link)
        await world.quiet()
        await clock_ticks(world)
    assert world.heard_by(anna).count(text) == 1

    await world.later(minutes=11)
    await clock_ticks(world)
    assert world.heard_by(anna).count(text) == 2

    await world.later(minutes=11)
    await clock_ticks(world)
    assert world.heard_by(anna).count(text) == 2


async def test_owner_when_the_bot_restarts_before_telling_then_is_told_after_it(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, chat = await a_class_group(world, "4H2")
        comes_in(world, "folder", world.stranger("Xander Xavier"), anna, chat)
        await world.quiet()

    async with running(world):
        await clock_ticks(world)

        assert world.heard_by(anna).count(said(world, "group-outsiders")) == 1


async def test_member_when_leaving_school_then_the_owner_is_told(world: World):
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    comes_in(world, "added", bram, anna, chat)
    await world.quiet()
    await clock_ticks(world)
    await world.later(minutes=11)

    await leave_school(world, "Bram Bakker")
    await change(
        world,
        update(people).where(people.c.name == "Bram Bakker").values(left_at=world.clock.now()),
    )
    await clock_ticks(world)

    assert world.heard_by(anna).count(said(world, "group-outsiders")) == 1
    assert bram in members_of(world, chat)


async def test_member_when_leaving_the_group_then_is_no_longer_known_to_be_in_it(world: World):
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    comes_in(world, "added", bram, anna, chat)
    await world.quiet()
    assert await members_known(world) == 1

    world.act.leave(bram, chat)
    await world.quiet()

    assert await members_known(world) == 0
    assert [e["by"] for e in await world.events("telegram:member:went")] == [None]


async def test_stranger_who_waits_when_added_by_hand_then_waits_no_longer(world: World):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    link = world.act.create_link(anna, chat, creates_join_request=True)
    world.act.request_join(xander, link)
    await world.quiet()

    world.act.decide_join(anna, chat, xander, approve=True)
    await world.quiet()
    await clock_ticks(world)

    assert [e["role"] for e in await world.events("telegram:member:came-in")] == [None]
    assert world.heard_by(anna).count(said(world, "group-outsiders")) == 1


# --- taken out, by a tap -----------------------------------------------------------------------


async def test_outsider_when_the_owner_taps_then_is_out_and_may_come_back(world: World):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    comes_in(world, "folder", xander, anna, chat)
    await world.quiet()

    forged(world, anna, f"v1:remove:{chat}:{await number_of(world, xander)}")
    await world.quiet()

    assert xander not in members_of(world, chat)
    assert len(await world.events("staff:member:removed")) == 1
    assert world.calls("banChatMember") == []
    assert await members_known(world) == 0
    comes_in(world, "folder", xander, anna, chat)


async def test_removal_when_replayed_then_takes_nobody_out_twice(world: World):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    comes_in(world, "folder", xander, anna, chat)
    await world.quiet()
    data = f"v1:remove:{chat}:{await number_of(world, xander)}"
    forged(world, anna, data)
    await world.quiet()

    forged(world, anna, data)
    await world.quiet()

    assert len(await world.events("staff:member:removed")) == 1
    assert len(world.calls("unbanChatMember")) == 1


@pytest.mark.parametrize("who", ["student", "stranger", "keeper of another group", "staff"])
async def test_removal_when_tapped_by_somebody_else_then_nobody_goes(world: World, who: str):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    comes_in(world, "folder", xander, anna, chat)
    presser = await world.teacher("Dirk de Docent")
    if who == "student":
        presser = await world.student("Bram Bakker", "4H2")
    elif who == "stranger":
        presser = world.stranger("Yara Yilmaz")
        world.act.start_bot(presser)
    elif who == "keeper of another group":
        await world.managed_group(presser, title="1A rooster")
    await world.quiet()

    forged(world, presser, f"v1:remove:{chat}:{await number_of(world, xander)}")
    await world.quiet()

    assert xander in members_of(world, chat)
    assert await world.events("staff:member:removed") == []
    assert [e["command"] for e in await world.events("bot:command:refused")] == ["group-members"]


async def test_removal_of_an_administrator_when_tapped_then_nobody_goes(world: World):
    anna, chat = await a_class_group(world, "4H2")
    dirk = await world.teacher("Dirk de Docent")
    comes_in(world, "added", dirk, anna, chat)
    world.act.promote(anna, chat, dirk)
    await world.quiet()

    forged(world, anna, f"v1:remove:{chat}:{await number_of(world, dirk)}")
    await world.quiet()

    assert dirk in members_of(world, chat)
    assert await effects(world, "RemoveMember") == []


async def test_removal_of_somebody_of_another_group_when_tapped_then_nobody_goes(world: World):
    anna, chat = await a_class_group(world, "4H2")
    other = await world.managed_group(anna, title="1A rooster")
    xander = world.stranger("Xander Xavier")
    comes_in(world, "folder", xander, anna, other)
    await world.quiet()

    forged(world, anna, f"v1:remove:{chat}:{await number_of(world, xander)}")
    await world.quiet()

    assert xander in members_of(world, other)
    assert world.calls("unbanChatMember") == []


# --- for which classes -------------------------------------------------------------------------


async def test_class_when_the_owner_taps_it_then_who_waits_for_it_comes_in_at_once(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    bram, cem = await world.student("Bram Bakker", "4H2"), await world.student("Cem Celik", "1A")
    link = world.act.create_link(anna, chat, creates_join_request=True)
    for student in (bram, cem):
        world.act.request_join(student, link)
    await world.quiet()

    await chooses(world, anna, chat, "4H2")
    assert bram in members_of(world, chat)
    assert world.act.group_as_seen(chat)["requests"] == [cem]

    await chooses(world, anna, chat, "1A")
    assert cem in members_of(world, chat)
    assert [e["class_groups"] for e in await world.events("staff:group:class-groups-set")] == [
        ["4H2"],
        ["1A", "4H2"],
    ]


async def test_class_when_chosen_then_others_who_wait_are_declined_a_little_later(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    cem = await world.student("Cem Celik", "1A")
    await world.student("Bram Bakker", "4H2")
    world.act.request_join(cem, world.act.create_link(anna, chat, creates_join_request=True))
    await world.quiet()
    await chooses(world, anna, chat, "4H2")

    await world.later(minutes=3)
    await clock_ticks(world)

    assert world.act.group_as_seen(chat)["requests"] == []
    assert world.heard_by(cem)[-1] == said(world, "join-another-class")


async def test_class_when_tapped_twice_then_is_as_before(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    await world.student("Bram Bakker", "4H2")

    for _ in range(2):
        await chooses(world, anna, chat, "4H2")

    chosen = await world.events("staff:group:class-groups-set")
    assert [e["class_groups"] for e in chosen] == [["4H2"], []]


@pytest.mark.parametrize("who", ["student", "colleague"])
async def test_class_when_tapped_by_somebody_else_then_nothing_changes(world: World, who: str):
    _anna, chat = await a_class_group(world, "4H2")
    presser = await world.student("Cem Celik", "1A")
    if who == "colleague":
        presser = await world.teacher("Dirk de Docent")
    hears = news(world, presser)

    await chooses(world, presser, chat, "1A")

    assert await world.events("staff:group:class-groups-set") == []
    assert hears.heard == [said(world, "command-refused")]


async def test_class_that_is_no_class_when_tapped_then_nothing_changes(world: World):
    anna, chat = await a_class_group(world, "4H2")

    forged(world, anna, f"v1:class:{chat}:0000000000")
    await world.quiet()

    assert await world.events("staff:group:class-groups-set") == []


async def test_owner_when_asked_for_classes_then_finds_them_two_taps_away(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    bram = await world.student("Bram Bakker", "4H2")
    world.act.request_join(bram, world.act.create_link(anna, chat, creates_join_request=True))
    await world.quiet()

    await taps(world, anna, "Klassen kiezen")
    await taps(world, anna, "4H2")

    assert bram in members_of(world, chat)


async def test_owner_when_told_of_an_outsider_then_takes_him_out_two_taps_away(world: World):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    comes_in(world, "folder", xander, anna, chat)
    await world.quiet()
    await clock_ticks(world)

    await taps(world, anna, "Leden bekijken")
    await taps(world, anna, "Xander")

    assert xander not in members_of(world, chat)


async def taps(world: World, user: int, part: str) -> None:
    """Tap the last button with this in its label."""
    for message in reversed(world.act.look(user, user)["messages"]):
        for button in (button for row in message["buttons"] for button in row):
            if part in button["text"]:
                world.act.press(user, user, message["message_id"], button["callback_data"])
                await world.quiet()
                return
    raise AssertionError(f"nobody offered {part}")


async def chooses(world: World, user: int, chat: int, name: str) -> None:
    """Tap a class group."""
    forged(world, user, f"v1:class:{chat}:{class_key(name)}")
    await world.quiet()
