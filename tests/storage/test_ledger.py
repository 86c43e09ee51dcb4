"""The ledger: what waits together shares a commit, and what fails, fails alone."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select

from bot.policy.changes import RecordAnswer
from bot.policy.decision import Decision
from bot.policy.effects import DeleteMessages, InspectGroup, SendPrivateNotice
from bot.policy.events import CodeRefused, UpdateSetAside
from bot.policy.ids import ChatId, MessageId, UpdateId, UserId
from bot.policy.known import Known, Needs
from bot.policy.rules import Rule
from storage.ledger import HEAVY_BATCH, SetAside, StorageUnavailableError, Unit
from storage.tables import dead_letters, events, outbox, seen_updates
from tests.storage.conftest import ANNA, CHAT, NOON, Books, opened

TOO_LARGE = UserId(2**70)
"""No database of ours holds such a number."""

WANTS_TOO_LARGE = Needs(users=frozenset((TOO_LARGE,)))


class OwnError(Exception):
    """What a unit of a test raises."""


def unit(number: int | None = None, *, user: int = ANNA, **more: Any) -> Unit:
    """A unit of which one event is written, with the number of its update as the reason."""
    decision = Decision(
        rule=Rule.CODE_UNKNOWN, events=(CodeRefused(user=UserId(user), reason=str(number)),)
    )
    update = None if number is None else UpdateId(number)
    return Unit(judge=more.pop("judge", lambda _known: decision), update=update, **more)


def breaking(error: Exception) -> Callable[[Known], Decision]:
    def judge(_known: Known) -> Decision:
        raise error

    return judge


async def reasons(books: Books) -> list[str]:
    found = await books.rows(select(events.c.payload).order_by(events.c.seq))
    return [row.payload.split('"reason":"')[1].split('"')[0] for row in found]


async def together(books: Books, *units: Unit) -> list[Any]:
    """Hand units in at the same moment; the outcome of each."""
    return await asyncio.gather(*map(books.ledger.record, units), return_exceptions=True)


async def commits(books: Books, *units: Unit) -> int:
    """In how many commits units are recorded, as SQLite counts them."""
    before = await books.count(events)
    recorded_at = set()
    books.ledger.on_waiting = lambda _waiting: recorded_at.add(len(recorded_at))
    await together(books, *units)
    assert await books.count(events) == before + len(units)
    return len(recorded_at)


@pytest.mark.parametrize(
    ("commutes", "count"),
    [pytest.param(True, 400, id="commuting"), pytest.param(False, HEAVY_BATCH, id="one by one")],
)
async def test_units_when_they_wait_together_then_share_one_commit(books, commutes, count):
    units = [unit(n, commutes=commutes) for n in range(count)]

    assert await commits(books, *units) == 1
    assert await reasons(books) == [str(n) for n in range(count)]


async def test_units_when_many_wait_that_are_read_one_by_one_then_the_light_ones_go_first(books):
    heavy = [unit(n, commutes=False) for n in range(3 * HEAVY_BATCH)]
    light = [unit(1_000 + n, commutes=True) for n in range(5)]

    assert await commits(books, *heavy, *light) == 3
    assert (await reasons(books))[:5] == ["1000", "1001", "1002", "1003", "1004"]
    assert (await reasons(books))[5:] == [str(n) for n in range(3 * HEAVY_BATCH)]


async def test_unit_when_one_that_changes_its_chat_waits_then_does_not_pass_it(books):
    here, there = (Needs(chats=frozenset({ChatId(chat)})) for chat in (-1_001, -1_002))
    changes = unit(1, commutes=False, needs=here)
    of_the_same, of_another = (
        unit(n, commutes=True, needs=n_) for n, n_ in ((2, here), (3, there))
    )

    await together(books, changes, of_the_same, of_another)

    assert await reasons(books) == ["3", "1", "2"]


async def test_units_when_more_than_a_batch_waits_then_take_as_many_commits_as_needed(books):
    assert await commits(books, *(unit(n, commutes=True) for n in range(1_100))) == 3


async def test_units_when_recorded_one_after_another_then_do_not_wait_for_company(books):
    for n in range(3):
        await books.ledger.record(unit(n))

    assert await reasons(books) == ["0", "1", "2"]


@pytest.mark.parametrize("commutes", [True, False], ids=["commuting", "one by one"])
@pytest.mark.parametrize(
    ("broken", "told"),
    [
        pytest.param({"judge": breaking(OwnError())}, OwnError, id="cannot decide"),
        pytest.param({"user": TOO_LARGE}, OverflowError, id="writes a number too large"),
        pytest.param({"needs": WANTS_TOO_LARGE}, OverflowError, id="reads one too large"),
        pytest.param({"judge": lambda _: None}, AttributeError, id="decides nothing at all"),
    ],
)
async def test_unit_when_it_fails_then_fails_alone_and_leaves_nothing(
    books, broken, told, commutes
):
    outcomes = await together(
        books,
        *(unit(n, commutes=commutes, **(broken if n == 2 else {})) for n in range(5)),
    )

    assert [type(each).__name__ for each in outcomes] == [
        told.__name__ if n == 2 else "Recorded" for n in range(5)
    ]
    assert await reasons(books) == ["0", "1", "3", "4"]
    seen = await books.rows(select(seen_updates.c.update_id).order_by(seen_updates.c.update_id))
    assert [row.update_id for row in seen] == [0, 1, 3, 4]
    assert (await books.verdict()).whole


async def test_commuting_unit_when_it_changes_something_then_is_refused_and_nothing_is_written(
    books,
):
    changing = Decision(rule=Rule.BOOKKEEPING, changes=(RecordAnswer(user=ANNA),))

    outcomes = await together(
        books, unit(1, commutes=True), Unit(judge=lambda _known: changing, commutes=True)
    )

    assert isinstance(outcomes[1], ValueError)
    assert await reasons(books) == ["1"]


@pytest.mark.parametrize("commutes", [True, False], ids=["commuting", "one by one"])
async def test_update_when_delivered_again_then_is_recorded_once(books, commutes):
    first, same_batch = await together(books, *[unit(7, commutes=commutes)] * 2)
    later = await books.ledger.record(unit(7, commutes=commutes))

    assert first.decision is not None
    assert (same_batch.decision, later.decision) == (None, None)
    assert await reasons(books) == ["7"]


async def test_update_when_set_aside_then_leaves_its_number_kind_and_error_only(books):
    aside = Decision(
        rule=Rule.BOOKKEEPING, events=(UpdateSetAside(kind="message", error="KeyError"),)
    )
    await books.ledger.record(
        Unit(
            judge=lambda _known: aside,
            update=UpdateId(9),
            set_aside=SetAside(kind="message", error="KeyError"),
        )
    )

    (row,) = await books.rows(select(dead_letters))
    assert (row.update_id, row.kind, row.error, row.at) == (9, "message", "KeyError", NOON)


async def test_unit_when_it_follows_a_change_in_the_same_batch_then_knows_of_it(books):
    known: list[Known] = []

    def judge(now_known: Known) -> Decision:
        known.append(now_known)
        return Decision(rule=Rule.BOOKKEEPING, changes=(RecordAnswer(user=ANNA),))

    needs = Needs(contacts=frozenset((ANNA,)))
    await together(books, *[Unit(judge=judge, needs=needs)] * 2)

    assert [each.contact(ANNA).answered_at for each in known] == [None, NOON]


async def test_effects_when_committed_then_are_handed_over_in_order_with_their_numbers(books):
    await books.know_group()
    wanted = (
        SendPrivateNotice(user=ANNA, key="already-linked"),
        InspectGroup(chat=CHAT, why="poll"),
    )
    await books.ledger.record(
        Unit(judge=lambda _known: Decision(rule=Rule.BOOKKEEPING, effects=wanted))
    )

    handed = books.waiting[-1]
    assert tuple(each.effect for each in handed) == wanted
    stored = await books.rows(select(outbox.c.id, outbox.c.state).order_by(outbox.c.id))
    assert [(row.id, row.state) for row in stored] == [(each.id, "pending") for each in handed]


async def test_removals_when_decided_together_then_are_one_effect_of_at_most_a_hundred(books):
    await books.know_group()

    def removing(message: int) -> Unit:
        effect = DeleteMessages(chat=CHAT, messages=(MessageId(message),))
        return Unit(
            judge=lambda _known: Decision(rule=Rule.MESSAGE_REFUSED, effects=(effect,)),
            commutes=True,
        )

    await together(books, *(removing(n) for n in range(250)))

    sizes = [len(each.effect.messages) for each in books.waiting[-1]]
    assert sizes == [100, 100, 50]


async def test_looks_when_one_waits_already_then_are_not_queued_again(books):
    await books.know_group()
    look = Unit(
        judge=lambda _known: Decision(
            rule=Rule.BOOKKEEPING, effects=(InspectGroup(chat=CHAT, why="poll"),)
        )
    )

    await together(books, look, look)
    await books.ledger.record(look)

    assert await books.count(outbox) == 1


# --- the database fails ------------------------------------------------------------------------


async def test_batch_when_the_database_is_full_then_leaves_nothing_and_goes_on_when_there_is_room(
    books,
):
    await books.ledger.record(unit(0))
    pages = no_more_pages(books)

    outcomes = await together(books, *(unit(n, judge=long_text(n)) for n in range(1, 6)))
    pages.extend()
    again = await together(books, *(unit(n) for n in range(1, 6)))

    assert {type(each) for each in outcomes} == {StorageUnavailableError}
    assert [each.decision is not None for each in again] == [True] * 5
    assert await reasons(books) == ["0", "1", "2", "3", "4", "5"]
    assert (await books.verdict()).whole


def long_text(number: int) -> Callable[[Known], Decision]:
    event = CodeRefused(user=ANNA, reason=f"{number}" * 200_000)
    return lambda _known: Decision(rule=Rule.CODE_UNKNOWN, events=(event,))


class Pages:
    """How large the database may grow, asked for at the beginning of every transaction."""

    def __init__(self, most: int) -> None:
        self.most = most

    def extend(self) -> None:
        self.most = 1_000_000

    def __call__(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self.most}")


def no_more_pages(books: Books) -> Pages:
    """A disk without room for another page: SQLite never makes the limit less than it has."""
    pages = Pages(1)
    event.listen(books.engine.sync_engine, "begin", pages)
    return pages


async def test_batch_when_somebody_else_holds_the_database_then_leaves_nothing_and_goes_on(
    books, database
):
    event.listen(
        books.engine.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50")
    )
    await books.engine.dispose()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = await together(books, unit(1), unit(2))
        other.execute("ROLLBACK")
    free = await together(books, unit(1), unit(2))

    assert {type(each) for each in held} == {StorageUnavailableError}
    assert [each.decision is not None for each in free] == [True, True]
    assert await reasons(books) == ["1", "2"]


async def test_connection_when_it_is_lost_then_another_takes_its_place(books):
    raw: list[Any] = []
    event.listen(books.engine.sync_engine, "begin", lambda c: raw.append(c.connection))
    await books.ledger.record(unit(1))
    raw[-1].driver_connection._connection.close()  # noqa: SLF001 -- as when the driver's thread lost it

    for _ in range(2):  # whoever is told that the database cannot comes again
        await together(books, unit(2))

    assert await reasons(books) == ["1", "2"]
    assert (await books.verdict()).whole


async def test_ledger_when_told_to_stop_then_records_what_waits_and_refuses_what_comes(database):
    async with opened(database) as books:
        waiting = [asyncio.ensure_future(books.ledger.record(unit(n))) for n in range(700)]
        await asyncio.wait(waiting, timeout=0)
        books.ledger.stop()
        await books.task

        assert all(each.done() and each.result().decision for each in waiting)
        with pytest.raises(StorageUnavailableError):
            await books.ledger.record(unit(701))


async def test_ledger_when_its_worker_is_ended_then_nobody_waits_for_ever(database):
    async with opened(database) as books:
        books.ledger.on_waiting = breaks
        outcomes = await together(books, unit(1))
        await asyncio.wait({books.task})
        with pytest.raises(StorageUnavailableError):
            await books.ledger.record(unit(2))
        books.task = asyncio.create_task(nothing())

    assert [type(each) for each in outcomes] == [StorageUnavailableError]


def breaks(_waiting: object) -> None:
    raise OwnError


async def nothing() -> None:
    """What there is to wait for when the worker has ended already."""


# --- whatever comes, in whatever order ---------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "adds": {"commutes": True},
    "changes": {},
    "fails": {"judge": breaking(OwnError())},
    "fails in a run": {"judge": breaking(OwnError()), "commutes": True},
    "does not fit": {"user": TOO_LARGE},
    "does not fit in a run": {"user": TOO_LARGE, "commutes": True},
}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(
        st.lists(
            st.tuples(st.integers(1, 25), st.sampled_from(sorted(KINDS))),
            max_size=12,
            unique_by=lambda each: each[0],
        ),
        max_size=4,
    )
)
def test_any_units_in_any_batches_are_recorded_once_each_in_order(batches, migrated_file, tmp_path):
    path = Path(shutil.copy(migrated_file, tmp_path / "any.db"))
    asyncio.run(_record_and_compare(path, batches))


def is_light(named: tuple[int, str]) -> bool:
    return bool(KINDS[named[1]].get("commutes"))


async def _record_and_compare(path: Path, batches: list[list[tuple[int, str]]]) -> None:
    expected: list[str] = []
    async with opened(path) as books:
        for batch in batches:
            outcomes = await together(books, *(unit(n, **KINDS[kind]) for n, kind in batch))
            decided = zip(batch, outcomes, strict=True)
            # The light ones are recorded first, each kind in its own order.
            for (number, kind), outcome in sorted(decided, key=lambda one: not is_light(one[0])):
                if str(number) in expected:
                    # Failing again or not: an update that was recorded is not recorded again.
                    assert getattr(outcome, "decision", None) is None
                elif kind in {"adds", "changes"}:
                    assert outcome.decision is not None
                    expected.append(str(number))
                else:
                    assert isinstance(outcome, OwnError | OverflowError)
        assert await reasons(books) == expected
        assert await books.count(seen_updates) == len(expected)
        assert (await books.verdict()).whole
