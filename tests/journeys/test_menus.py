"""Command menus: everybody sees what is for him, in his language, and nobody sees others'."""

import pytest

from bot.policy.commands import commands_for
from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from tests.journeys.everyone import account_of, asks, help_shown, menu_seen, presses
from tests.journeys.finding import button_under, news
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

STRANGERS = ["regels", "mijngegevens", "taal", "stop", "help"]
STRANGERS_IN_ENGLISH = ["rules", "mydata", "language", "stop", "help"]


def menu_of(role: Role, *duties: Duty, language: Language = Language.DUTCH) -> list[str]:
    return [spec.spoken(language) for spec in commands_for(account_of(role, *duties))]


@pytest.mark.parametrize(
    ("spoken", "shown"),
    [
        pytest.param("nl", STRANGERS, id="Dutch"),
        pytest.param("en", STRANGERS_IN_ENGLISH, id="English"),
        pytest.param("tr", STRANGERS, id="another language"),
    ],
)
async def test_menu_when_a_stranger_then_is_the_one_for_everyone(
    world: World, spoken: str, shown: list[str]
) -> None:
    sanne = world.stranger("Sanne", language_code=spoken)
    world.act.start_bot(sanne)
    await world.quiet()

    assert menu_seen(world, sanne) == shown


async def test_menu_when_in_a_group_then_is_empty(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)

    assert [world.act.commands_seen(user, chat) for user in (anna, bram)] == [[], []]


@pytest.mark.parametrize(
    ("role", "duties"),
    [
        pytest.param(Role.STUDENT, (), id="student"),
        pytest.param(Role.GUARDIAN, (), id="guardian"),
        pytest.param(Role.STAFF, (), id="staff"),
        pytest.param(Role.STAFF, (Duty.ADMINISTRATOR,), id="administrator"),
    ],
)
async def test_menu_when_linked_then_is_the_same_as_the_help(
    world: World, role: Role, duties: tuple[Duty, ...]
) -> None:
    user = await world.join_school("Robin Roos", role, *duties)
    hears = news(world, user)

    await asks(world, user, "/help")

    assert menu_seen(world, user) == menu_of(role, *duties)
    assert hears.heard == [help_shown(world, role, *duties)]


async def test_menu_when_another_language_is_chosen_then_speaks_it(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/taal")

    message, data = button_under(world, bram, "English")
    world.act.press(bram, bram, message, data)
    await world.quiet()

    assert menu_seen(world, bram) == STRANGERS_IN_ENGLISH
    assert menu_seen(world, bram) == menu_of(Role.STUDENT, language=Language.ENGLISH)


async def test_menu_when_a_language_was_chosen_before_linking_then_keeps_it(world: World) -> None:
    code = await world.enrol("Anna de Vries", Role.STAFF)
    anna = world.stranger("Anna de Vries", language_code="nl")
    world.act.start_bot(anna)
    await asks(world, anna, "/language")
    message, data = button_under(world, anna, "English")
    world.act.press(anna, anna, message, data)
    await world.quiet()

    world.act.start_bot(anna, code)
    await world.quiet()

    assert menu_seen(world, anna) == menu_of(Role.STAFF, language=Language.ENGLISH)


async def test_menu_when_somebody_stops_then_is_a_strangers_again(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    assert menu_seen(world, anna) != STRANGERS

    await asks(world, anna, "/stop")
    await presses(world, anna, "button-stop")

    assert menu_seen(world, anna) == STRANGERS


@pytest.mark.parametrize("kind", ["500", "429", "drop", "garbage_json"])
async def test_menu_when_telegram_will_not_take_it_at_the_start_then_the_bot_starts(
    resting_world: World, kind: str
) -> None:
    resting_world.telegram.faults.add("deleteMyCommands", kind)
    sanne = resting_world.stranger("Sanne")
    resting_world.act.start_bot(sanne)

    async with running(resting_world) as world:
        assert world.heard_by(sanne) == [help_shown(world, None)]
        assert menu_seen(world, sanne) == []

    async with running(resting_world) as world:
        assert menu_seen(world, sanne) == STRANGERS


async def test_menu_when_asked_for_often_while_the_bot_rests_then_is_set_once(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        bram = await world.student("Bram Bakker")
        await asks(world, bram, "/taal")
        message, data = button_under(world, bram, "English")
    before = len(resting_world.calls("setMyCommands"))
    for _ in range(50):
        resting_world.act.press(bram, bram, message, data)

    async with running(resting_world) as world:
        # Two at the start are everybody's. One that is under way stands for none after it.
        assert len(world.calls("setMyCommands")) - before - 2 <= 5
        assert menu_seen(world, bram) == STRANGERS_IN_ENGLISH
