"""``kill -9`` at any moment of a fan-out: no group missed, none twice unless shown as unknown."""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.app import AT_ONCE
from bot.callback_data import Press, Verb, format_data
from bot.policy.effects import Lane
from tests.benchmarks.fan_out_school import SEND, confirm, counted, line, many_groups, sent_to
from tests.journeys.finding import button_under
from tests.journeys.world import running
from tests.robustness.bot_life import begin, nursery
from tests.robustness.journey import Journey, WatchedTelegram, prepared_journey, rows, within

MOMENTS = int(os.environ.get("FAN_OUT_KILLS", "30"))
"""How often the bot is killed while groups still wait, over all seeds together."""

SEEDS = (515, 626, 737)
GROUPS = 45
"""A fan-out of a second and a half at thirty a second."""

MOST_LIVES = 4
"""For each moment: a life may end before anything has been confirmed, or after all is sent."""

BETWEEN_LIVES = timedelta(seconds=3)
LONGEST_LIFE = 2.5
WRITES_AGAIN_AFTER = 1.0


@dataclass
class Author:
    """A coordinator who announces, and announces again as soon as it has gone out."""

    journey: Journey
    groups: list[int]
    pressed: set[int] = field(default_factory=set)
    wrote_at: float = 0.0

    @property
    def user(self) -> int:
        return self.journey.teachers[1]

    def read(self, query: str) -> list[Any]:
        return rows(self.journey.birth.database_url, query)

    def groups_that_wait(self) -> int:
        """Groups of announcements on their way that have not been settled."""
        (row,) = self.read("""
            SELECT count(*) AS n FROM deliveries JOIN announcements AS a ON a.id = announcement_id
            WHERE a.state = 'sending' AND deliveries.state = 'pending'
        """)
        return int(row["n"])

    async def announces(self) -> None:
        """Write, tap, and begin anew, until cancelled."""
        while True:
            self.does_the_next_thing()
            await within(0.03, asyncio.Event())

    def does_the_next_thing(self) -> None:
        world = self.journey.world
        try:
            message, _ = button_under(world, self.user, SEND)
        except AssertionError:
            message = None
        if message is not None and message not in self.pressed:
            confirm(world, self.user)
            self.pressed.add(message)
        elif not self.groups_that_wait() and time.monotonic() - self.wrote_at > WRITES_AGAIN_AFTER:
            self.wrote_at = time.monotonic()
            world.act.write(self.user, self.user, line("4H2", 8))


class Assassin:
    """Strikes at the n-th message to a group, before or after it is taken, or at a moment."""

    def __init__(self, telegram: WatchedTelegram, chance: random.Random) -> None:
        self._now = asyncio.Event()
        self._messages = chance.randint(1, GROUPS)
        self._when = chance.choice(("before", "after"))
        self._later = chance.uniform(0.0, 0.04) if chance.random() < 0.5 else 0.0
        telegram.on_call = self._hear

    def _hear(self, method: str, when: str) -> None:
        self._messages -= method == "sendMessage" and when == self._when
        if self._messages <= 0:
            self._now.set()

    async def wait(self) -> None:
        await within(LONGEST_LIFE, self._now)
        await within(self._later, asyncio.Event())


async def a_life(author: Author, context: Any) -> bool:
    """A process of the bot until it is killed; whether groups still waited then."""
    journey = author.journey
    journey.telegram.clock.advance(BETWEEN_LIVES.total_seconds())
    journey.world.clock.advance(BETWEEN_LIVES)
    assassin = Assassin(journey.telegram, journey.chance)
    life = begin(context, journey.birth_now())
    announcing = asyncio.create_task(author.announces())
    await assassin.wait()
    over = life.over
    life.kill()
    announcing.cancel()
    await asyncio.gather(announcing, return_exceptions=True)
    assert not over, journey.birth.log.read_text()[-2_000:]
    return author.groups_that_wait() > 0


async def comes_to_an_end(journey: Journey) -> None:
    """A last life, undisturbed, until nothing waits any more."""
    journey.telegram.on_call = lambda _method, _when: None
    journey.telegram.clock.advance(BETWEEN_LIVES.total_seconds())
    journey.world.clock.advance(BETWEEN_LIVES)
    async with running(journey.world) as world:
        assert world.bot is not None
        for _ in range(2):
            await world.bot.jobs.announcements.tick()
            await world.quiet()


def reached(author: Author) -> Counter[tuple[int, int]]:
    """How often each announcement stands in each group, by what Telegram took."""
    numbers = [row["id"] for row in author.read("SELECT id FROM announcements")]
    button = {format_data(Press(verb=Verb.SEEN, argument=str(n))): n for n in numbers}
    found: Counter[tuple[int, int]] = Counter()
    for call in sent_to(counted(author.journey.world), author.groups):
        ((seen,),) = call.params["reply_markup"]["inline_keyboard"]
        found[button[seen["callback_data"]], int(call.params["chat_id"])] += 1
    return found


def deliveries(author: Author) -> dict[tuple[int, int], str]:
    """What the bot says of each announcement in each group."""
    found = author.read("""
        SELECT announcement_id, chat_id, d.state FROM deliveries AS d
        JOIN group_chat_ids USING (group_id) JOIN announcements AS a ON a.id = announcement_id
        WHERE a.state IN ('sending', 'sent')
    """)
    return {(row["announcement_id"], row["chat_id"]): row["state"] for row in found}


@pytest.mark.parametrize("seed", SEEDS)
async def test_fan_out_when_killed_at_random_moments_then_no_group_is_missed_and_none_has_it_twice(
    tmp_path, seed
):
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    context, wanted = nursery(), -(-MOMENTS // len(SEEDS))
    async with prepared_journey(tmp_path, seed) as journey:
        groups = await many_groups(journey.world, journey.teachers[1], GROUPS, "4H2")
        author, moments, lives = Author(journey, groups), 0, 0
        while moments < wanted and lives < wanted * MOST_LIVES:
            lives += 1
            moments += await a_life(author, context)
        await comes_to_an_end(journey)

        assert moments == wanted
        states = {row["state"] for row in author.read("SELECT state FROM announcements")}
        assert states <= {"sent", "draft"}
        assert "sent" in states
        said, taken = deliveries(author), reached(author)
        assert set(said.values()) <= {"sent", "unknown"}
        certain = {key for key, state in said.items() if state == "sent"}
        assert {key: taken[key] for key in certain} == dict.fromkeys(certain, 1)
        assert max(taken.values()) == 1
        assert taken.keys() <= said.keys()
        unknown = len(said) - len(certain)
        assert unknown <= lives * AT_ONCE[Lane.WRITE]
        shown = author.read("""
            SELECT seq FROM events WHERE tag = 'bot:effect:failed'
            AND json_extract(payload, '$.unknown')
            AND json_extract(payload, '$.effect') LIKE 'Send%Announcement'
        """)
        assert len(shown) == unknown
        assert author.read("SELECT id FROM outbox WHERE state IN ('pending', 'sending')") == []
        assert author.read("SELECT * FROM dead_letters") == []
        assert await journey.world.log_is_whole()
        assert journey.telegram.violations == []
        print(f"{moments} moments, {len(said)} deliveries, {unknown} unknown")  # noqa: T201 -- with -s
