"""The chain: whoever touches the log is found out; whoever erases what has to go is not."""

import sqlite3
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.policy.decision import Decision
from bot.policy.events import CodeRefused, Evidence, MessageRefused
from bot.policy.ids import MessageId
from bot.policy.known import Known
from bot.policy.limits import Limits
from bot.policy.rules import Rule
from storage.chain import GENESIS, Verdict
from storage.due import forget
from storage.ledger import Unit
from storage.tables import events, evidence
from tests.storage.conftest import ANNA, CHAT, NOON, Books

TEN = 10
COLUMNS = [
    pytest.param("tag", "bot:code:accepted", id="tag"),
    pytest.param("version", 2, id="version"),
    pytest.param("weight", "record", id="weight"),
    pytest.param("rule", "b6-left", id="rule"),
    pytest.param("group_id", 1, id="group"),
    pytest.param("account_id", 2, id="account"),
    pytest.param("person_id", 1, id="person"),
    pytest.param("happened_at", "2026-03-01 12:00:00.000000", id="when it happened"),
    pytest.param("recorded_at", "2026-03-01 12:00:00.000000", id="when it was recorded"),
    pytest.param("payload", '{"reason":"another","user":1}', id="payload"),
    pytest.param("hash", "f" * 64, id="hash"),
]
COPY = """
    INSERT INTO events
    SELECT :new, tag, version, weight, rule, group_id, account_id, person_id,
           happened_at, recorded_at, payload, hash
    FROM events WHERE seq = :old
"""


def decided(decision: Decision, _known: Known) -> Decision:
    return decision


def refusal(number: int) -> Unit:
    event = CodeRefused(user=ANNA, reason=str(number))
    return Unit(judge=lambda _known: Decision(rule=Rule.CODE_UNKNOWN, events=(event,)))


@pytest.fixture
async def log(books: Books) -> Books:
    """A log of ten events, without the triggers: whoever has the file can take those away."""
    for number in range(1, TEN + 1):
        await books.ledger.record(refusal(number))
    for trigger in ("events_are_never_changed", "events_are_never_removed"):
        await books.sql(f"DROP TRIGGER {trigger}")
    return books


async def test_log_when_untouched_then_verifies_with_its_head(log):
    verdict = await log.verdict()

    (head,) = await log.rows(select(events.c.hash).where(events.c.seq == TEN))
    assert verdict == Verdict(checked=TEN, broken_at=None, head=head.hash)


async def test_log_when_empty_then_verifies_and_its_head_is_the_beginning(books):
    assert await books.verdict() == Verdict(checked=0, broken_at=None, head=GENESIS)


@pytest.mark.parametrize("seq", [1, 5, TEN], ids=["first", "middle", "last"])
@pytest.mark.parametrize(("column", "value"), COLUMNS)
async def test_event_when_altered_then_is_named(log, column, value, seq):
    change = f"UPDATE events SET {column} = :value WHERE seq = :seq"  # noqa: S608 -- names of ours
    await log.sql(change, value=value, seq=seq)

    verdict = await log.verdict()

    assert (verdict.whole, verdict.broken_at, verdict.reason) == (False, seq, "altered")


@pytest.mark.parametrize("seq", [1, 5, TEN - 1])
async def test_event_when_removed_then_its_place_is_named(log, seq):
    await log.sql("DELETE FROM events WHERE seq = :seq", seq=seq)

    assert (await log.verdict()).broken_at == seq


@pytest.mark.parametrize("seq", [1, 5, TEN - 1])
async def test_event_when_removed_and_the_rest_moved_up_then_is_found(log, seq):
    await log.sql("DELETE FROM events WHERE seq = :seq", seq=seq)
    for later in range(seq + 1, TEN + 1):
        await log.sql("UPDATE events SET seq = :new WHERE seq = :old", old=later, new=later - 1)

    assert (await log.verdict()).broken_at == seq


async def test_event_when_slipped_in_then_is_found(log):
    for later in range(TEN, 4, -1):
        await log.sql("UPDATE events SET seq = :new WHERE seq = :old", old=later, new=later + 1)
    await log.sql(COPY, new=5, old=4)

    assert (await log.verdict()).broken_at == 5


@pytest.mark.parametrize("seq", [0, -3], ids=["zero", "negative"])
async def test_event_when_slipped_in_before_the_first_then_is_found(log, seq):
    await log.sql(COPY, new=seq, old=1)

    assert not (await log.verdict()).whole


async def test_events_when_two_change_places_then_are_found(log):
    for old, new in ((4, 99), (5, 4), (99, 5)):
        await log.sql("UPDATE events SET seq = :new WHERE seq = :old", old=old, new=new)

    assert (await log.verdict()).broken_at == 4


async def test_tail_when_cut_off_then_is_found_by_a_head_that_was_noted(log):
    noted = (await log.verdict()).head
    await log.sql("DELETE FROM events WHERE seq > 7")

    assert (await log.verdict()).whole
    verdict = await log.verdict(noted)
    assert (verdict.whole, verdict.broken_at, verdict.reason) == (False, 8, "cut off")


async def test_log_when_it_has_grown_since_a_head_was_noted_then_verifies(log):
    noted = (await log.verdict()).head
    await log.ledger.record(refusal(TEN + 1))

    assert (await log.verdict(noted)).whole


async def test_log_when_begun_anew_then_is_found_by_a_head_that_was_noted(log):
    noted = (await log.verdict()).head
    await log.sql("DELETE FROM events")
    await log.ledger.record(refusal(1))

    assert (await log.verdict()).whole
    assert not (await log.verdict(noted)).whole


async def test_log_when_longer_than_a_page_then_every_event_is_checked(log):
    for number in range(TEN + 1, 1_100):
        await log.ledger.record(refusal(number))
    await log.sql("UPDATE events SET rule = 'b6-left' WHERE seq = 1090")

    assert (await log.verdict()).broken_at == 1_090


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE events SET rule = 'b6-left' WHERE seq = 1", id="update"),
        pytest.param("UPDATE events SET seq = 9 WHERE seq = 1", id="renumber"),
        pytest.param("DELETE FROM events WHERE seq = 1", id="delete"),
        pytest.param("DELETE FROM events", id="delete all"),
        pytest.param(COPY.replace("INSERT", "INSERT OR REPLACE"), id="insert or replace"),
        pytest.param(COPY.replace("INSERT", "REPLACE"), id="replace"),
        pytest.param(COPY + " ON CONFLICT (seq) DO UPDATE SET rule = 'x'", id="upsert"),
        pytest.param("UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1", id="update or replace"),
    ],
)
async def test_log_when_changed_by_sql_then_the_database_refuses(books, statement):
    for number in (1, 2):
        await books.ledger.record(refusal(number))
    before = await books.rows(select(events))

    with pytest.raises(DBAPIError, match="append-only"):
        await books.sql(statement, **values_of(statement))

    assert await books.rows(select(events)) == before


async def test_log_when_replaced_by_another_program_then_the_database_refuses(books, database):
    """A connection without our settings, as any tool opens one."""
    for number in (1, 2):
        await books.ledger.record(refusal(number))
    before = await books.rows(select(events))

    with (
        closing(sqlite3.connect(database)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(COPY.replace("INSERT", "INSERT OR REPLACE"), {"old": 1, "new": 2})

    assert await books.rows(select(events)) == before


def values_of(statement: str) -> dict[str, Any]:
    return {"old": 1, "new": 2} if ":old" in statement else {}


async def test_evidence_when_its_time_has_come_then_is_erased_and_the_log_still_verifies(books):
    await books.know_group()
    kept = [
        Evidence(message=MessageId(n), kind="text", text=f"tekst {n}", keep_until=until)
        for n, until in ((1, NOON), (2, NOON + Limits().removed_message_retention))
    ]
    for each in kept:
        event = MessageRefused(
            chat=CHAT, user=ANNA, role=None, kind="text", edited=False, as_channel=False,
            evidence=each,
        )  # fmt: skip
        decision = Decision(rule=Rule.MESSAGE_REFUSED, events=(event,))
        await books.ledger.record(Unit(judge=partial(decided, decision)))
    noted = (await books.verdict()).head

    limits = Limits()
    await forget(
        books.engine,
        NOON,
        codes_for=limits.codes_retention,
        dead_letters_for=limits.dead_letters_retention,
    )

    left = await books.rows(select(evidence.c.message_id, evidence.c.text).order_by(evidence.c.id))
    assert [tuple(row) for row in left] == [(2, "tekst 2")]
    assert (await books.verdict(noted)).whole
    (payload,) = {row.payload for row in await books.rows(select(events.c.payload))}
    assert "tekst" not in payload
