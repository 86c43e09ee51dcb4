"""Pages of the private chat: opened by a command, shown once, closed to whom they are not for."""

from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from tests.journeys.everyone import rules_shown
from tests.journeys.finding import button_under, effects, news
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE


async def test_rules_when_a_stranger_asks_then_are_shown(world: World) -> None:
    sanne = world.stranger("Sanne")
    world.act.start_bot(sanne)
    await world.quiet()
    hears = news(world, sanne)

    world.act.write(sanne, sanne, "/regels")
    await world.quiet()

    assert hears.heard == [rules_shown(world)]


async def test_rules_when_asked_for_by_an_edit_then_are_not_shown(world: World) -> None:
    sanne = world.stranger("Sanne")
    world.act.start_bot(sanne)
    written = world.act.write(sanne, sanne, "/taal")
    await world.quiet()
    hears = news(world, sanne)

    world.act.edit(sanne, sanne, written, "/regels")
    await world.quiet()

    assert hears.heard == []


async def test_page_when_asked_for_many_times_while_one_waits_then_is_shown_once(
    resting_world: World,
) -> None:
    sanne = resting_world.stranger("Sanne")
    resting_world.act.start_bot(sanne)
    for _ in range(30):
        resting_world.act.write(sanne, sanne, "/regels")

    async with running(resting_world) as world:
        heard = world.heard_by(sanne)
        # One that is under way does not stand for the ones that come after it.
        assert 1 <= heard.count(rules_shown(world)) <= 3


async def test_language_when_chosen_then_the_page_and_all_that_follows_speak_it(
    world: World,
) -> None:
    bram = await world.student("Bram")
    world.act.write(bram, bram, "/taal")
    await world.quiet()
    message, data = button_under(world, bram, "English")

    world.act.press(bram, bram, message, data)
    await world.quiet()
    assert button_under(world, bram, "✓ English") == (message, data)

    world.act.write(bram, bram, "/rules")
    await world.quiet()
    assert world.heard_by(bram)[-1] == rules_shown(world, Role.STUDENT, Language.ENGLISH)


async def test_language_when_pressed_twice_then_the_page_stays_as_it_is(world: World) -> None:
    bram = await world.student("Bram")
    world.act.write(bram, bram, "/taal")
    await world.quiet()
    message, data = button_under(world, bram, "✓ Nederlands")
    hears = news(world, bram)

    for _ in range(2):
        world.act.press(bram, bram, message, data)
        await world.quiet()

    assert hears.heard == []
    assert {row["state"] for row in await effects(world, "EditPage")} == {"done"}


async def test_page_when_its_message_is_gone_then_is_shown_anew(world: World) -> None:
    bram = await world.student("Bram")
    world.act.write(bram, bram, "/taal")
    await world.quiet()
    message, data = button_under(world, bram, "English")

    world.act.press(bram, bram, message, data)
    world.act.delete(bram, bram, message)
    await world.quiet()

    shown, _ = button_under(world, bram, "✓ English")
    assert shown > message
