"""Staff who reply to, or name, one student in a managed group are a signal (B.4)."""

import pytest

from bot.policy.people import Role
from bot.policy.rules import Article
from tests.journeys.finding import OPEN, is_there, news
from tests.journeys.world import World, running

ARTICLE = Article.B4

SIGNAL = "bot:staff:addressed-student"


async def a_class(world: World) -> tuple[int, int, int]:
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker", "4H2")
    return anna, bram, await world.managed_group(anna, bram)


def naming(*users: int) -> list[dict[str, object]]:
    """Entities that make the words "jij" of a text name these people."""
    return [
        {"type": "text_mention", "offset": 4 * at, "length": 3, "user": user}
        for at, user in enumerate(users)
    ]


async def test_reply_of_staff_to_a_student_stays_and_is_a_signal(resting_world: World):
    world = resting_world
    async with running(world):
        anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)
    question = world.act.write(bram, chat, "waarom valt het uit")
    answer = world.act.write(anna, chat, "Kom straks even langs", reply_to=question)

    async with running(world):
        (signal,) = await world.events(SIGNAL)
        assert signal["weight"] == "signal"
        assert signal["rule"] == "b4-staff-addressed-student"
        assert is_there(world, chat, answer)
        assert not is_there(world, chat, question)


async def test_message_of_staff_that_names_one_student_is_a_signal_about_both(world: World):
    anna, bram, chat = await a_class(world)

    message = world.act.write(anna, chat, "jij blijft even na", entities=naming(bram))
    await world.quiet()

    (signal,) = await world.events(SIGNAL)
    accounts = {e["role"]: e["account_id"] for e in await world.events("bot:account:linked")}
    assert (signal["user"], signal["student"]) == (accounts["staff"], accounts["student"])
    assert is_there(world, chat, message)


async def test_caption_that_names_a_student_is_a_signal(world: World):
    anna, bram, chat = await a_class(world)
    message = world.act.send_media(anna, chat, "photo", caption="jij bent nu aan de beurt")
    await world.quiet()
    before = await world.events(SIGNAL)
    telegram = world.telegram.world
    content = telegram.chat(chat).messages[message].content

    named = {"type": "text_mention", "offset": 0, "length": 3}
    person = {"id": bram, "is_bot": False, "first_name": "Bram Bakker"}
    world.telegram.inject_update(
        {
            "message": {
                "message_id": message + 1000,
                "date": telegram.clock.unix(),
                "chat": {"id": chat, "type": "supergroup", "title": "4H2 rooster"},
                "from": {"id": anna, "is_bot": False, "first_name": "Anna de Vries"},
                **content,
                "caption_entities": [{**named, "user": person}],
            }
        }
    )
    await world.quiet()

    assert before == []
    assert len(await world.events(SIGNAL)) == 1


async def test_message_that_names_a_guardian_is_a_signal(world: World):
    anna, _bram, chat = await a_class(world)
    gerda = await world.join_school("Gerda Bakker", Role.GUARDIAN)

    world.act.write(anna, chat, "jij moet even bellen", entities=naming(gerda))
    await world.quiet()

    assert len(await world.events(SIGNAL)) == 1


async def test_nobody_hears_of_the_signal_from_the_bot(world: World):
    anna, bram, chat = await a_class(world)
    both = news(world, anna), news(world, bram)

    world.act.write(anna, chat, "jij blijft even na", entities=naming(bram))
    await world.quiet()

    assert [each.heard for each in both] == [[], []]


async def test_message_that_names_several_students_is_no_signal(world: World):
    anna, bram, chat = await a_class(world)
    cem = await world.student("Cem Celik", "4H2")

    world.act.write(anna, chat, "jij jij komen maandag", entities=naming(bram, cem))
    await world.quiet()

    assert await world.events(SIGNAL) == []


async def test_message_that_names_the_same_student_twice_is_a_signal(world: World):
    anna, bram, chat = await a_class(world)

    world.act.write(anna, chat, "jij jij komt maandag", entities=naming(bram, bram))
    await world.quiet()

    assert len(await world.events(SIGNAL)) == 1


@pytest.mark.parametrize("other", [Role.STAFF, None], ids=["a colleague", "a stranger"])
async def test_message_that_names_somebody_else_is_no_signal(world: World, other: Role | None):
    anna, _bram, chat = await a_class(world)
    name = "Kees Kok"
    user = world.stranger(name) if other is None else await world.join_school(name, other)

    world.act.write(anna, chat, "jij hebt pleinwacht", entities=naming(user))
    await world.quiet()

    assert await world.events(SIGNAL) == []


async def test_edit_of_a_message_is_not_a_second_signal(world: World):
    anna, bram, chat = await a_class(world)
    message = world.act.write(anna, chat, "jij blijft even na", entities=naming(bram))
    await world.quiet()

    world.act.edit(anna, chat, message, "jij blijft straks na", entities=naming(bram))
    await world.quiet()

    assert len(await world.events(SIGNAL)) == 1


async def test_reply_of_staff_to_a_colleague_or_to_the_bot_is_no_signal(world: World):
    anna, _bram, chat = await a_class(world)
    (rules,) = world.act.group_as_seen(chat)["pinned"]
    own = world.act.write(anna, chat, "Het derde uur valt uit")

    world.act.write(anna, chat, "Lees dit ook even", reply_to=rules)
    world.act.write(anna, chat, "En het vierde ook", reply_to=own)
    await world.quiet()

    assert await world.events(SIGNAL) == []


async def test_student_who_names_staff_is_no_signal_about_staff(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, OPEN)

    world.act.write(bram, chat, "jij bent de beste docent", entities=naming(anna))
    await world.quiet()

    assert await world.events(SIGNAL) == []
    assert len(await world.events("bot:message:refused")) == 1


async def test_group_that_is_not_managed_yet_keeps_its_conversations_to_itself(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, "4H2 rooster", [bram], username="rooster_4h2")
    world.act.add_bot(anna, chat, ["can_delete_messages", "can_restrict_members"])
    await world.quiet()

    world.act.write(anna, chat, "jij blijft even na", entities=naming(bram))
    world.act.write(bram, chat, "waarom dan")
    await world.quiet()

    assert await world.events(SIGNAL) == []
    assert await world.events("bot:message:refused") == []
