"""What waits: found again after a restart, for the chat ids of then, with what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from bot.policy.changes import (
    ConfirmGroup,
    MigrateGroup,
    RememberGroup,
    RememberOwner,
    RememberSeat,
    SetGroupState,
)
from bot.policy.decision import Decision
from bot.policy.effects import (
    DeleteMessages,
    Effect,
    InspectGroup,
    LeaveGroup,
    LockGroup,
    Purpose,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.groups import ChatKind, Group, GroupState
from bot.policy.ids import ChatId, EffectId, MessageId, UserId
from bot.policy.known import Known, Needs
from bot.policy.rules import Rule
from storage.due import forget
from storage.engine import reading
from storage.ledger import Unit
from storage.outbox import (
    _EFFECTS,
    FINAL,
    EffectState,
    Settlement,
    Waiting,
    read_effects,
    withheld_leaves,
)
from storage.tables import UNSETTLED, group_seats, groups, outbox
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


REFUSAL = SendGroupNotice(chat=CHAT, key="group-refused", purpose=Purpose.REFUSAL)
LEAVE = LeaveGroup(chat=CHAT)
LOOK = InspectGroup(chat=CHAT, why="poll")
LEFT = SetGroupState(chat=CHAT, state=GroupState.LEFT)
BACK = RememberGroup(
    chat=CHAT, kind=ChatKind.SUPERGROUP, title="weer", added_by=None, deadline_at=NOON
)


async def begin(books: Books, number: int) -> bool:
    nothing = Decision(rule=Rule.BOOKKEEPING)
    unit = Unit(judge=lambda _known: nothing, commutes=True, begins=EffectId(number))
    return (await books.ledger.record(unit)).began


async def ended(books: Books) -> list[tuple[str, str, str | None]]:
    rows = await books.rows(select(outbox).order_by(outbox.c.id))
    return [(row.effect, row.state, row.error) for row in rows]


async def known(books: Books) -> Group:
    found = []

    def judge(known: Known) -> Decision:
        found.append(known.groups[CHAT])
        return Decision(rule=Rule.BOOKKEEPING)

    await books.ledger.record(Unit(judge=judge, needs=Needs(chats=frozenset((CHAT,)))))
    return found[0]


async def test_effect_when_begun_then_once_and_only_while_it_waits(books):
    await books.know_group()
    await decide(books, LOOK)

    assert [await begin(books, 1), await begin(books, 1), await begin(books, 2)] == [
        True,
        False,
        False,
    ]


async def test_look_when_postponed_while_another_waits_then_gives_way(books):
    await books.know_group()
    await decide(books, LOOK)
    await begin(books, 1)
    await decide(books, LOOK)
    await settle(books, Settlement(id=EffectId(1), state=EffectState.PENDING, due_at=NOON))

    assert await ended(books) == [
        ("InspectGroup", "done", "superseded"),
        ("InspectGroup", "pending", None),
    ]
    assert await begin(books, 1) is False


async def test_group_when_it_comes_back_then_is_neither_left_nor_told_why(books):
    await books.know_group()
    await decide(books, REFUSAL, LEAVE, changes=(LEFT,))
    await decide(books, LockGroup(chat=CHAT), changes=(BACK,))

    assert await ended(books) == [
        ("SendGroupNotice", "failed", "superseded"),
        ("LeaveGroup", "failed", "superseded"),
        ("LockGroup", "pending", None),
    ]
    assert await begin(books, 2) is False


async def test_leaving_when_it_was_on_its_way_as_the_group_came_back_then_is_not_tried_again(books):
    await books.know_group()
    await decide(books, LEAVE, changes=(LEFT,))
    await begin(books, 1)
    await decide(books, changes=(BACK,))
    await settle(books, Settlement(id=EffectId(1), state=EffectState.PENDING, due_at=NOON))

    assert await ended(books) == [("LeaveGroup", "failed", "superseded")]


@pytest.mark.parametrize(
    ("state", "leaving"),
    [
        (EffectState.PENDING, True),
        (EffectState.SENDING, True),
        (EffectState.WITHHELD, True),
        (EffectState.DONE, False),
        (EffectState.FAILED, False),
    ],
    ids=str,
)
async def test_group_when_left_then_is_being_left_until_that_is_done(books, state, leaving):
    await books.know_group()
    await decide(books, LEAVE, changes=(LEFT,))
    books.now = NOON + timedelta(seconds=5)
    await settle(books, Settlement(id=EffectId(1), state=state, leaves=True))

    group = await known(books)

    assert (group.leaving, group.left_at) == (leaving, books.now)


async def test_leaving_when_withheld_then_is_found_until_another_follows(books):
    await books.know_group()
    await decide(books, LEAVE, changes=(LEFT,))
    await settle(books, Settlement(id=EffectId(1), state=EffectState.WITHHELD))

    async with reading(books.engine) as connection:
        assert [each.effect for each in await withheld_leaves(connection)] == [LEAVE]
    await decide(books, LEAVE)
    async with reading(books.engine) as connection:
        assert await withheld_leaves(connection) == []


async def test_group_when_told_of_again_then_only_what_was_not_known_is_filled_in(books):
    await decide(books, changes=(replace(BACK, title=""),))
    for title, user in (("4H2 rooster", ANNA), ("anders", UserId(ANNA + 1))):
        await decide(books, changes=(replace(BACK, title=title, added_by=user),))

    (row,) = await books.rows(select(groups.c.title))
    assert (row.title, (await known(books)).added_by) == ("4H2 rooster", ANNA)


async def test_group_when_two_rows_become_one_then_nothing_that_people_did_is_lost(books):
    await books.know_group(CHAT)
    await decide(books, changes=(replace(BACK, chat=NEW),))
    seats = tuple(RememberSeat(chat=c, user=UserId(n), seated=True, is_bot=False)
                  for c, n in ((CHAT, 7), (NEW, 8)))  # fmt: skip
    managed = SetGroupState(chat=NEW, state=GroupState.MANAGED)
    confirm, owner = ConfirmGroup(chat=NEW, by=ANNA), RememberOwner(chat=NEW, user=ANNA)
    await decide(books, changes=(*seats, confirm, owner, managed))
    await decide(books, changes=(MigrateGroup(old=CHAT, new=NEW),))

    group = await known(books)

    assert (group.chat, group.state, group.confirmed_by, group.owner) == (
        NEW, GroupState.MANAGED, ANNA, ANNA,
    )  # fmt: skip
    assert {(seat.user, seat.is_owner) for seat in group.seats} == {
        (7, False), (8, False), (ANNA, True),
    }  # fmt: skip
    (row,) = await books.rows(select(groups.c.adopted_at).where(groups.c.id == 1))
    assert row.adopted_at == NOON


async def test_effects_when_long_settled_then_are_erased_but_never_the_newest(books):
    await books.know_group()
    await decide(books, LOOK, EVERY[1])
    await settle(books, *(Settlement(id=EffectId(n), state=EffectState.DONE) for n in (1, 2)))
    left = []
    for days in (6, 7, 365):
        await forget(
            books.engine,
            NOON + timedelta(days=days),
            codes_for=timedelta(days=90),
            dead_letters_for=timedelta(days=30),
        )
        left.append([row.id for row in await books.rows(select(outbox.c.id))])

    assert left == [[1, 2], [2], [2]]


async def test_group_when_left_long_ago_then_its_title_and_seats_are_forgotten(books):
    await books.know_group()
    seat = RememberSeat(chat=CHAT, user=ANNA, seated=True, is_bot=False)
    await decide(books, changes=(seat, LEFT))
    for days, expected in ((29, ("4H2 rooster", 1)), (30, ("", 0))):
        await forget(
            books.engine,
            NOON + timedelta(days=days),
            codes_for=timedelta(days=90),
            dead_letters_for=timedelta(days=30),
        )
        (row,) = await books.rows(select(groups.c.title))
        assert (row.title, await books.count(group_seats)) == expected


async def test_waiting_when_read_then_by_its_own_index(books):
    query = str(_EFFECTS.where(outbox.c.state.in_(UNSETTLED)).compile(dialect=sqlite.dialect()))
    (first, *_) = await books.rows(text(f"EXPLAIN QUERY PLAN {query}".replace("IS 1", "= 1")))

    assert "outbox_waiting" in first.detail
