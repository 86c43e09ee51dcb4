"""``kill -9`` at any moment: no update lost, nothing recorded twice, nothing said twice."""

import asyncio
import random

import pytest

from tests.robustness.bot_life import begin, nursery
from tests.robustness.journey import (
    Journey,
    WatchedTelegram,
    comes_to_an_end,
    prepared_journey,
    within,
)

KILLS = 25
"""In each of four journeys: a hundred in all."""

LONGEST_LIFE = 1.2
"""Seconds. A life that chance would let grow older is killed then."""


class Assassin:
    """Chooses the moment: after so long, or at so many-th call of the bot, before or after it."""

    def __init__(self, telegram: WatchedTelegram, chance: random.Random) -> None:
        self.now = asyncio.Event()
        self._seconds = chance.uniform(0.0, 0.6)
        self._calls = chance.randint(1, 25)
        self._when = chance.choice(("before", "after"))
        self._by_clock = chance.random() < 0.5
        telegram.on_call = self._hear

    def _hear(self, _method: str, when: str) -> None:
        self._calls -= when == self._when
        if self._calls <= 0:
            self.now.set()

    async def wait(self) -> None:
        if self._by_clock:
            await within(self._seconds, asyncio.Event())
        else:
            await within(LONGEST_LIFE, self.now)


async def a_life(journey: Journey, context) -> None:
    chance = journey.chance
    for _ in range(chance.randint(0, 2)):
        journey.something_happens()
    assassin = Assassin(journey.telegram, chance)
    life = begin(context, journey.next_life())
    interruptions = asyncio.create_task(_meanwhile(journey))
    await assassin.wait()
    assert not life.over, journey.birth.log.read_text()[-2000:]
    life.kill()
    interruptions.cancel()
    await asyncio.gather(interruptions, return_exceptions=True)


async def _meanwhile(journey: Journey) -> None:
    while True:
        await within(journey.chance.uniform(0.0, 0.25), asyncio.Event())
        journey.something_happens()


@pytest.mark.parametrize("seed", [1101, 2202, 3303, 4404])
async def test_journey_when_killed_at_random_moments_then_nothing_is_lost_or_done_twice(
    tmp_path, seed
):
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    context = nursery()
    async with prepared_journey(tmp_path, seed, people_to_link=12) as journey:
        for _ in range(KILLS):
            await a_life(journey, context)
        await comes_to_an_end(journey)


FAR_AWAY = 0.05
WAITING = 600


@pytest.mark.parametrize("seed", [55, 66])
async def test_six_hundred_waiting_when_killed_while_far_away_then_none_is_lost(tmp_path, seed):
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    context = nursery()
    async with prepared_journey(tmp_path, seed, people_to_link=0) as journey:
        journey.next_life()
        while len(journey.done.unwanted) < WAITING:
            journey.unwanted()
        waiting = len(journey.telegram.world.updates.waiting)
        journey.telegram.faults.add("*", "delay", count=1_000_000, seconds=FAR_AWAY)

        goals = [waiting - recorded for recorded in (100, 200, 400, 500)]
        left = [await _left_after_a_life(journey, context, goal) for goal in goals]
        await comes_to_an_end(journey)

        assert left == goals


async def _left_after_a_life(journey: Journey, context, goal: int) -> int:
    """Kill the bot soon after it has acknowledged until so many are left; how many are left."""
    updates = journey.telegram.world.updates
    reached = asyncio.Event()

    def on_call(_method: str, _when: str) -> None:
        if len(updates.waiting) <= goal:
            reached.set()

    journey.telegram.on_call = on_call
    life = begin(context, journey.next_life())
    assert await within(10, reached)
    await within(journey.chance.uniform(0, FAR_AWAY), asyncio.Event())
    life.kill()
    journey.telegram.on_call = lambda _method, _when: None
    return len(updates.waiting)
