"""The sender and the books: what is written down before a call, after it, and when it breaks.

How it treats Telegram's answers is played in ``tests/journeys/test_sending.py``.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.policy.decision import Decision
from bot.policy.effects import Effect, LockGroup, PinMessage, SendPrivateNotice
from bot.policy.effects import Lane as LaneName
from bot.policy.ids import MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.outcomes import Done
from bot.policy.rules import Rule
from bot.sending.answers import Answer, Leave
from bot.sending.bookkeeping import OutboxRecords
from bot.sending.lanes import Lane
from bot.sending.sender import Sender
from storage.ledger import Unit
from storage.schema import migrate
from storage.tables import outbox
from tests.storage.conftest import ANNA, CHAT, NOON, Books, opened

NOTICE = SendPrivateNotice(user=ANNA, key="already-linked")
LOCK = LockGroup(chat=CHAT)
PIN = PinMessage(chat=CHAT, message=MessageId(7))


async def goes_well(_effect: Effect) -> Answer:
    return Done()


@dataclass
class Telegram:
    """Telegram's side of the sender: ``carry_out`` is what happens there."""

    carry_out: Callable[[Effect], Awaitable[Answer]] = goes_well
    called: list[Effect] = field(default_factory=list)

    async def perform(self, effect: Effect, chat_id: int, leave: Leave) -> Answer:
        await leave()
        self.called.append(effect)
        return await self.carry_out(effect)


@dataclass
class Post:
    """A sender at work on real books."""

    books: Books
    sender: Sender
    task: asyncio.Task[None]
    telegram: Telegram

    async def decide(self, *effects: Effect) -> None:
        decision = Decision(rule=Rule.BOOKKEEPING, effects=effects)
        await self.books.ledger.record(Unit(judge=lambda _known: decision))

    async def states(self) -> dict[str, str]:
        found = await self.books.rows(select(outbox.c.effect, outbox.c.state))
        return {row.effect: row.state for row in found}

    async def quiet(self) -> None:
        async with asyncio.timeout(10):
            while self.sender.rests_until() is not None or not self.books.ledger.idle:
                await asyncio.wait({self.task}, timeout=0.005)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with opened(tmp_path / "school.db") as books:
        await migrate(books.engine)
        await books.know_group()
        telegram = Telegram()
        sender = Sender(
            lanes={name: Lane(at_once=4) for name in LaneName},
            performs=telegram,
            records=OutboxRecords(books.ledger, Limits()),
            clock=Clock(NOON - datetime.now(UTC)),
        )
        books.ledger.on_waiting = sender.add
        task = asyncio.create_task(sender.run())
        yield Post(books, sender, task, telegram)
        sender.stop()
        with suppress(asyncio.CancelledError):
            await task


async def test_effect_when_it_must_not_happen_twice_then_is_marked_before_the_call(post):
    during: dict[str, str] = {}

    async def look_into_the_books(effect: Effect) -> Answer:
        during.update(await post.states())
        return Done()

    post.telegram.carry_out = look_into_the_books
    await post.decide(NOTICE)
    await post.quiet()

    assert during == {"SendPrivateNotice": "sending"}
    assert await post.states() == {"SendPrivateNotice": "done"}


async def test_effect_when_it_may_be_done_again_then_still_waits_during_the_call(post):
    during: dict[str, str] = {}

    async def look_into_the_books(effect: Effect) -> Answer:
        during.update(await post.states())
        return Done()

    post.telegram.carry_out = look_into_the_books
    await post.decide(PIN)
    await post.quiet()

    assert during == {"PinMessage": "pending"}
    assert await post.states() == {"PinMessage": "done"}


async def test_effect_when_it_breaks_on_a_fault_of_ours_then_stops_no_other(post):
    async def breaks_on_two(effect: Effect) -> Answer:
        if effect in (NOTICE, LOCK):
            raise KeyError(effect)
        return Done()

    post.telegram.carry_out = breaks_on_two
    await post.decide(NOTICE, LOCK, PIN)
    await post.quiet()

    states = await post.states()
    assert {name: states[name] for name in ("SendPrivateNotice", "LockGroup", "PinMessage")} == {
        "SendPrivateNotice": "unknown",
        "LockGroup": "failed",
        "PinMessage": "done",
    }


async def test_sender_when_told_to_stop_then_finishes_what_is_on_its_way_and_starts_no_other(post):
    started, let_go = asyncio.Event(), asyncio.Event()

    async def takes_long(_effect: Effect) -> Answer:
        started.set()
        await let_go.wait()
        return Done()

    post.telegram.carry_out = takes_long
    await post.decide(NOTICE, SendPrivateNotice(user=ANNA, key="code-unknown"))
    await started.wait()
    post.sender.stop()
    let_go.set()
    await post.task

    rows = await post.books.rows(select(outbox.c.state).order_by(outbox.c.id))
    assert [row.state for row in rows] == ["done", "pending"]
    assert post.telegram.called == [NOTICE]


async def test_sender_when_ended_during_a_call_then_the_books_say_what_nobody_knows(post):
    started = asyncio.Event()

    async def never_answers(_effect: Effect) -> Answer:
        started.set()
        await asyncio.Event().wait()
        return Done()

    post.telegram.carry_out = never_answers
    await post.decide(NOTICE)
    await started.wait()
    post.task.cancel()
    with suppress(asyncio.CancelledError):
        await post.task

    assert await post.states() == {"SendPrivateNotice": "sending"}
    left = [task for task in asyncio.all_tasks() if "_take_turn" in repr(task)]
    assert left == []


async def test_chat_when_its_call_takes_long_then_holds_up_no_other(post):
    let_go, done = asyncio.Event(), asyncio.Event()
    other = SendPrivateNotice(user=UserId(ANNA + 1), key="already-linked")

    async def one_takes_long(effect: Effect) -> Answer:
        if effect == NOTICE:
            await let_go.wait()
        else:
            done.set()
        return Done()

    post.telegram.carry_out = one_takes_long
    await post.decide(NOTICE, other)
    await asyncio.wait_for(done.wait(), 5)
    let_go.set()
    await post.quiet()

    rows = await post.books.rows(select(outbox.c.state))
    assert [row.state for row in rows] == ["done", "done"]
