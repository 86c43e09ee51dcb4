"""What waits: found again after a restart, for the chat ids of then, with what became of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.policy.changes import MigrateGroup, RememberGroup
from bot.policy.decision import Decision
from bot.policy.effects import (
    DeleteMessages,
    Effect,
    InspectGroup,
    LockGroup,
    Purpose,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.groups import ChatKind
from bot.policy.ids import ChatId, EffectId, MessageId
from bot.policy.rules import Rule
from storage.engine import reading
from storage.ledger import Unit
from storage.outbox import FINAL, EffectState, Settlement, Waiting, read_effects
from storage.tables import outbox
from tests.storage.conftest import ANNA, CHAT, NOON, Books, opened

NEW = ChatId(-1_009_999_999_999)
EVERY = (
    SendPrivateNotice(user=ANNA, key="group-ready", values={"days": 3}, about=CHAT),
    SendGroupNotice(chat=CHAT, key="house-rules", purpose=Purpose.HOUSE_RULES),
    DeleteMessages(chat=CHAT, messages=(MessageId(7), MessageId(8))),
    LockGroup(chat=CHAT),
)


async def decide(books: Books, *effects: Effect, **more: object) -> None:
    decision = Decision(rule=Rule.ADOPT, effects=effects, **more)  # type: ignore[arg-type]
    await books.ledger.record(Unit(judge=lambda _known: decision))


async def settle(books: Books, *settlements: Settlement) -> None:
    nothing = Decision(rule=Rule.BOOKKEEPING)
    await books.ledger.record(Unit(judge=lambda _known: nothing, settles=settlements))


async def waiting(books: Books, state: EffectState = EffectState.PENDING) -> list[Waiting]:
    async with reading(books.engine) as connection:
        return await read_effects(connection, state)


async def test_effects_when_the_process_starts_again_then_wait_as_they_did(books, database):
    await books.know_group()
    await decide(books, *EVERY)
    handed = list(books.waiting[-1])

    async with opened(database) as after:
        assert await waiting(after) == handed
    assert [each.effect for each in handed] == list(EVERY)


async def test_effects_when_the_group_has_moved_then_are_for_its_new_chat(books):
    await books.know_group()
    await decide(books, *EVERY)
    await decide(books, changes=(MigrateGroup(old=CHAT, new=NEW),))

    found = await waiting(books)

    assert [getattr(each.effect, "chat", None) for each in found] == [None, NEW, NEW, NEW]


async def test_effects_when_the_new_chat_was_known_first_then_none_is_left_without_a_chat(books):
    """Telegram's queues overtake one another: the bot's seat in the new chat may come first."""
    await books.know_group(CHAT)
    await books.know_group(NEW)
    await decide(books, LockGroup(chat=CHAT), InspectGroup(chat=CHAT, why="poll"))
    await decide(books, InspectGroup(chat=NEW, why="bot-added"))
    await decide(books, changes=(MigrateGroup(old=CHAT, new=NEW),))

    found = await waiting(books)

    assert [each.effect.chat for each in found] == [NEW] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize("state", EffectState, ids=str)
async def test_effect_when_settled_then_is_in_that_state_and_no_other(books, state):
    await books.know_group()
    await decide(books, LockGroup(chat=CHAT))
    await settle(books, Settlement(id=EffectId(1), state=state, error="not-enough-rights"))

    found = {other: await waiting(books, other) for other in EffectState}

    assert {other: len(items) for other, items in found.items()} == {
        other: int(other is state) for other in EffectState
    }
    (row,) = await books.rows(select(outbox))
    assert (row.settled_at, row.error) == (NOON if state in FINAL else None, "not-enough-rights")


async def test_effect_when_postponed_then_waits_until_its_new_moment_and_counts_the_try(books):
    await books.know_group()
    await decide(books, LockGroup(chat=CHAT))
    later = NOON + timedelta(seconds=90)
    await settle(
        books,
        Settlement(id=EffectId(1), state=EffectState.SENDING),
        Settlement(id=EffectId(1), state=EffectState.PENDING, due_at=later, flooded=True),
    )

    (found,) = await waiting(books)

    assert (found.due_at, found.attempts, found.flooded) == (later, 1, True)
    assert found.made_at == NOON


async def test_effect_when_settled_then_keeps_its_moment(books):
    await books.know_group()
    await decide(books, LockGroup(chat=CHAT))
    await settle(books, Settlement(id=EffectId(1), state=EffectState.DONE))

    (row,) = await books.rows(select(outbox.c.due_at, outbox.c.attempts))
    assert tuple(row) == (NOON, 1)


@pytest.mark.parametrize("state", [EffectState.SENDING, *sorted(FINAL)], ids=str)
async def test_look_when_an_earlier_one_no_longer_waits_then_is_queued(books, state):
    await books.know_group()
    look = InspectGroup(chat=CHAT, why="poll")
    await decide(books, look)
    await settle(books, Settlement(id=EffectId(1), state=state))

    await decide(books, look)

    assert await books.count(outbox) == 2


async def test_removal_when_asked_for_twice_then_counts_twice(books):
    await books.know_group()
    for _ in range(2):
        await decide(books, DeleteMessages(chat=CHAT, messages=(MessageId(7),)))

    assert [each.effect.messages for each in await waiting(books)] == [(7,), (7,)]  # type: ignore[union-attr]


async def test_group_when_it_was_left_and_comes_back_then_its_old_effects_are_for_it(books):
    await books.know_group()
    await decide(books, LockGroup(chat=CHAT))
    remember = RememberGroup(
        chat=CHAT, kind=ChatKind.SUPERGROUP, title="weer", added_by=None, deadline_at=NOON
    )
    await decide(books, changes=(remember,))

    assert [each.effect for each in await waiting(books)] == [LockGroup(chat=CHAT)]
