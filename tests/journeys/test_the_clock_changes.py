"""Announcements that wait, while the clock on the wall, or the machine's own, is set."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.announcements.draft import AnnouncementState
from bot.policy.rules import Article
from tests.journeys.finding import time_passes
from tests.journeys.test_an_announcement import (
    a_class_group,
    anna_and_her_group,
    announced_in,
    seen_button,
    state_of,
    tapped,
    ticked,
    typed,
)
from tests.journeys.world import A_SCHOOL_DAY, World, running

ARTICLE = Article.A2

# Fridays before the nights in which Dutch clocks go forward, and back; then the Monday after, as
# the wall shows it and in UTC.
SPRING = pytest.param(
    datetime(2027, 3, 26, 14, tzinfo=UTC),
    "maandag 29 maart 07:30",
    datetime(2027, 3, 29, 5, 30, tzinfo=UTC),
    id="summer time begins",
)
AUTUMN = pytest.param(
    datetime(2027, 10, 29, 14, tzinfo=UTC),
    "maandag 1 november 07:30",
    datetime(2027, 11, 1, 6, 30, tzinfo=UTC),
    id="winter time begins",
)


async def at(world: World, moment: datetime) -> None:
    """It becomes a moment, without a tick; then the clock ticks for announcements."""
    time_passes(world, seconds=(moment - world.clock.now()).total_seconds())
    await ticked(world)


async def opened_on(world: World, friday: datetime) -> tuple[int, int]:
    """A teacher and her group on that day."""
    time_passes(world, seconds=(friday - A_SCHOOL_DAY).total_seconds())
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker", "4H2")
    return anna, await a_class_group(world, anna, bram)


@pytest.mark.parametrize(("friday", "wish", "due"), [SPRING, AUTUMN])
async def test_announcement_when_wished_after_the_change_then_goes_by_the_clock_on_the_wall(
    resting_world: World, friday: datetime, wish: str, due: datetime
):
    world = resting_world
    async with running(world):
        anna, chat = await opened_on(world, friday)
        day = f"{due.day}-{due.month}"
        await typed(world, anna, f"/bericht 4H2 uitval 6e uur wiskunde {day}")
        await tapped(world, anna, "Later")
        await tapped(world, anna, wish)
        await tapped(world, anna, "Verstuur")
        assert await state_of(world) == AnnouncementState.SCHEDULED
        await at(world, due - timedelta(hours=2))
    async with running(world):
        await at(world, due - timedelta(minutes=1))
        assert announced_in(world, chat) == []
        await at(world, due + timedelta(seconds=1))
        assert len(announced_in(world, chat)) == 1
        await at(world, due + timedelta(hours=2))

        assert len(announced_in(world, chat)) == 1


@pytest.mark.parametrize(
    ("evening", "due"),
    [
        pytest.param(
            datetime(2027, 3, 27, 21, tzinfo=UTC),
            datetime(2027, 3, 28, 5, tzinfo=UTC),
            id="summer time begins",
        ),
        pytest.param(
            datetime(2027, 10, 30, 20, tzinfo=UTC),
            datetime(2027, 10, 31, 6, tzinfo=UTC),
            id="winter time begins",
        ),
    ],
)
async def test_quiet_hours_when_the_clock_changes_in_them_then_end_by_the_clock_on_the_wall(
    world: World, evening: datetime, due: datetime
):
    anna, chat = await opened_on(world, evening)
    monday = evening + timedelta(days=2)
    line = f"/bericht 4H2 uitval 6e uur wiskunde {monday.day}-{monday.month}"
    await typed(world, anna, line)
    await tapped(world, anna, "Verstuur")

    await at(world, due - timedelta(minutes=1))
    assert announced_in(world, chat) == []
    await at(world, due + timedelta(seconds=1))

    assert len(announced_in(world, chat)) == 1


# --- the machine's own clock ---------------------------------------------------------------------


def set_back(world: World, **by: float) -> None:
    """Somebody sets the machine's clock back; Telegram's goes on."""
    world.clock.advance(-timedelta(**by))


async def test_announcement_when_the_clock_is_set_back_after_it_went_then_does_not_go_again(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        anna, _, chat = await anna_and_her_group(world)
        await world.later(hours=13)
        await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
        await tapped(world, anna, "Verstuur")
        await world.later(hours=9, minutes=1)
        await ticked(world)
        assert len(announced_in(world, chat)) == 1

        set_back(world, hours=2)
        await ticked(world)
    async with running(world):
        await ticked(world)
        await at(world, world.clock.now() + timedelta(hours=3))

        assert len(announced_in(world, chat)) == 1


async def test_announcement_when_the_clock_is_set_back_before_it_goes_then_waits_for_its_time(
    world: World,
):
    anna, _, chat = await anna_and_her_group(world)
    await world.later(hours=13)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur wiskunde morgen")
    await tapped(world, anna, "Verstuur")
    await world.later(hours=8, minutes=30)

    set_back(world, hours=2)
    await ticked(world)
    assert announced_in(world, chat) == []
    await world.later(hours=2, minutes=31)
    await ticked(world)

    assert len(announced_in(world, chat)) == 1


async def test_counter_when_the_clock_is_set_back_then_does_not_stand_still(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 6e uur wiskunde")
    await tapped(world, anna, "Verstuur")
    message, _, data = seen_button(world, chat)
    world.act.press(bram, chat, message, data)
    await world.quiet()
    await ticked(world)

    set_back(world, hours=2)
    world.act.press(anna, chat, message, data)
    await world.quiet()
    await ticked(world)

    assert seen_button(world, chat)[1] == "👀 Gezien / Seen · 2"


async def test_announcement_when_confirmed_after_the_clock_was_set_back_then_goes_at_once(
    world: World,
):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 6e uur wiskunde")
    await tapped(world, anna, "Verstuur")
    await world.later(hours=1)

    set_back(world, hours=2)
    await typed(world, anna, "/bericht 4H2 uitval 7e uur wiskunde")
    await tapped(world, anna, "Verstuur")
    await ticked(world)

    assert len(announced_in(world, chat)) == 2


async def test_jobs_when_the_clock_is_set_back_then_do_not_wait_until_it_is_that_late_again(
    world: World,
):
    assert world.bot is not None
    jobs = world.bot.jobs._scheduler.get_jobs()  # noqa: SLF001 (what the scheduler waits for)
    for job in jobs:
        job.modify(next_run_time=job.next_run_time + timedelta(hours=2))

    # The time of day of the scheduler is the machine's own; the loop's timer tells of it too.
    set_back(world, hours=2)

    now = datetime.now(UTC)
    late = [job.name for job in jobs if job.next_run_time > now + 2 * job.trigger.interval]
    assert late == []
    assert len(jobs) > 1


async def test_groups_when_the_clock_is_set_back_then_are_still_looked_at(world: World):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    await world.later(minutes=7)
    before = len(looks_at(world, chat))

    set_back(world, hours=2)
    await world.later(minutes=2)

    assert len(looks_at(world, chat)) == before + 1


def looks_at(world: World, chat: int) -> list[object]:
    return [call for call in world.calls("getChat") if call["chat_id"] == chat]
