"""Forgetting which Telegram account a number stood for: not before nothing needs it any more."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.policy.changes import LinkAccount, RecordWrongCode, UnlinkAccount
from bot.policy.decision import Decision
from bot.policy.effects import SetCommandMenu
from bot.policy.events import (
    CommandRefused,
    Evidence,
    MessageRefused,
    StaffAddressedStudent,
    StaffAskedFor,
)
from bot.policy.ids import MessageId, PersonId, UserId
from bot.policy.people import Role, UnlinkReason
from bot.policy.rules import Rule
from storage.erasing import GUESSES_FOR, LOOK_AGAIN_AFTER, erase_accounts, kept_until
from storage.ledger import Unit
from storage.tables import (
    accounts,
    contacts,
    group_members,
    groups,
    join_requests,
    people,
    wrong_codes,
)
from tests.storage.conftest import ANNA, CHAT, NOON, Books

BRAM = UserId(5_000_000_002)
SIGNALS_FOR = timedelta(days=365)
REFUSED = CommandRefused(user=BRAM, role=None, command="codes")


async def record(books: Books, *events, changes=(), effects=()):
    decision = Decision(
        rule=Rule.BOOKKEEPING, events=events, changes=tuple(changes), effects=tuple(effects)
    )
    await books.ledger.record(Unit(judge=lambda _known: decision))


async def stop(books: Books, why=UnlinkReason.STOP):
    await record(books, changes=[UnlinkAccount(user=BRAM, why=why)])


async def erase(books: Books, after=timedelta()):
    await erase_accounts(books.engine, books.now + after, signals_for=SIGNALS_FOR)


async def bram(books: Books):
    (row,) = await books.rows(select(accounts).where(accounts.c.user_id != ANNA))
    return row


async def is_forgotten(books: Books) -> bool:
    row = await bram(books)
    return row.user_id == -row.id


async def test_account_when_it_stops_then_is_replaced_by_our_own_number_below_zero(books):
    await record(books, REFUSED)
    await stop(books)
    await erase(books)

    row = await bram(books)
    assert (row.user_id, row.language, row.erase_at) == (-row.id, None, None)


async def test_account_when_it_does_not_stop_then_is_kept(books):
    await record(books, REFUSED)
    await erase(books, timedelta(days=3650))

    assert (await bram(books)).user_id == BRAM


async def test_account_when_forgotten_and_back_then_is_somebody_new(books):
    await record(books, REFUSED)
    await stop(books)
    await erase(books)
    await record(books, REFUSED)

    rows = await books.rows(select(accounts.c.user_id).order_by(accounts.c.id))
    assert [row.user_id for row in rows] == [-1, BRAM]
    assert (await books.verdict()).whole


async def know_group(books: Books):
    await books.know_group()
    await books.sql("UPDATE groups SET added_by = NULL")


async def message_removed(books: Books):
    await know_group(books)
    words = Evidence(
        message=MessageId(1), kind="text", text="hoi", keep_until=NOON + timedelta(days=30)
    )
    await record(
        books,
        MessageRefused(
            chat=CHAT, user=BRAM, role=None, kind="text", edited=False, as_channel=False,
            evidence=words,
        ),
    )  # fmt: skip


async def asked_for_staff(books: Books):
    await record(books, StaffAskedFor(user=BRAM, role=None))


async def addressed_by_staff(books: Books):
    await know_group(books)
    await record(books, StaffAddressedStudent(chat=CHAT, user=ANNA, student=BRAM))


async def guessed(books: Books):
    await record(books, changes=[RecordWrongCode(user=BRAM)])


@pytest.mark.parametrize(
    ("trail", "kept_for"),
    [
        pytest.param(message_removed, timedelta(days=30), id="evidence"),
        pytest.param(asked_for_staff, SIGNALS_FOR, id="a signal"),
        pytest.param(addressed_by_staff, SIGNALS_FOR, id="a signal that names it beside staff"),
        pytest.param(guessed, GUESSES_FOR, id="wrong codes"),
    ],
)
async def test_account_when_it_leaves_a_trail_then_is_kept_until_that_ends(books, trail, kept_for):
    await trail(books)
    await stop(books)
    await erase(books)
    assert (await bram(books)).erase_at == NOON + kept_for

    await erase(books, kept_for - timedelta(seconds=1))
    assert not await is_forgotten(books)

    await erase(books, kept_for)
    assert await is_forgotten(books)
    assert await books.count(wrong_codes) == 0


async def test_trail_when_it_grows_meanwhile_then_is_kept_longer(books):
    await guessed(books)
    await stop(books)
    await erase(books)
    await asked_for_staff(books)

    await erase(books, GUESSES_FOR)

    assert (await bram(books)).erase_at == NOON + SIGNALS_FOR


async def test_account_with_a_like_number_when_it_is_in_a_signal_then_keeps_nobody_else(books):
    await know_group(books)
    numbers = [UserId(6_000_000_000 + each) for each in range(12)]
    for user in numbers:
        await record(books, CommandRefused(user=user, role=None, command="codes"))
    twelfth = numbers[-1]
    await record(books, StaffAddressedStudent(chat=CHAT, user=numbers[5], student=twelfth))

    kept = {}
    async with books.engine.connect() as connection:
        for row in (await connection.execute(select(accounts.c.id, accounts.c.user_id))).all():
            kept[row.user_id] = await kept_until(connection, row.id, SIGNALS_FOR)

    assert {user for user, until in kept.items() if until} == {numbers[5], twelfth}


async def owns_a_group(books: Books, number: int):
    await know_group(books)
    await books.sql("UPDATE groups SET owner = :n", n=number)


async def is_in_a_group(books: Books, number: int):
    await know_group(books)
    async with books.engine.begin() as connection:
        await connection.execute(
            insert(group_members).values(group_id=1, account_id=number, since=NOON, how="link")
        )


async def asks_to_join(books: Books, number: int):
    await know_group(books)
    async with books.engine.begin() as connection:
        await connection.execute(
            insert(join_requests).values(
                group_id=1, account_id=number, asked_at=NOON, deadline_at=NOON, state="waiting"
            )
        )


async def something_is_to_be_sent(books: Books, _number: int):
    await record(books, effects=[SetCommandMenu(user=BRAM)])


@pytest.mark.parametrize(
    "use", [owns_a_group, is_in_a_group, asks_to_join, something_is_to_be_sent]
)
async def test_account_when_something_still_needs_it_then_is_looked_at_again(books, use):
    await record(books, REFUSED)
    await stop(books)
    await use(books, 1)

    await erase(books)

    row = await bram(books)
    assert (row.user_id, row.erase_at) == (BRAM, NOON + LOOK_AGAIN_AFTER)


async def test_account_when_linked_again_then_is_no_longer_to_be_forgotten(books):
    await record(books, REFUSED)
    await stop(books)
    async with books.engine.begin() as connection:
        await connection.execute(
            insert(people).values(
                school_id="1", name="Bram", role=Role.STUDENT.value, active=True, imported_at=NOON
            )
        )
    link = LinkAccount(user=BRAM, person=PersonId(1), code_hash="x", language="nl")
    await record(books, changes=[link])

    await erase(books, timedelta(days=1))

    row = await bram(books)
    assert (row.user_id, row.person_id, row.unlinked_at, row.erase_at) == (BRAM, 1, None, None)


@pytest.mark.parametrize(
    ("why", "left"),
    [
        pytest.param(UnlinkReason.STOP, (None, 0), id="who stops himself"),
        pytest.param(UnlinkReason.REVOKED, ("en", 1), id="whose link is ended"),
    ],
)
async def test_unlinked_when_so_then_language_and_dealings(books, why, left):
    await record(books, REFUSED)
    async with books.engine.begin() as connection:
        await connection.execute(update(accounts).values(language="en"))
        await connection.execute(insert(contacts).values(account_id=1, answered_at=NOON))

    await stop(books, why)

    assert ((await bram(books)).language, await books.count(contacts)) == left


@pytest.mark.parametrize(
    ("why", "how", "left"),
    [
        pytest.param(UnlinkReason.STOP, "request", 0, id="stops-who-was-let-in"),
        pytest.param(UnlinkReason.STOP, "link", 1, id="stops-who-came-in-unasked"),
        pytest.param(UnlinkReason.REVOKED, "request", 1, id="revoked"),
        pytest.param(UnlinkReason.LEFT_SCHOOL, "request", 1, id="left-school"),
    ],
)
async def test_unlinked_when_it_asked_to_join_then_that_ends_and_owners_see_who_is_in(
    books, why, how, left
):
    await record(books, REFUSED)
    await asks_to_join(books, 1)
    async with books.engine.begin() as connection:
        await connection.execute(
            insert(group_members).values(group_id=1, account_id=1, since=NOON, how=how)
        )

    await stop(books, why)

    (request,) = await books.rows(select(join_requests.c.state, join_requests.c.settled_at))
    assert tuple(request) == ("withdrawn", NOON)
    assert await books.count(group_members) == left
    assert await books.count(groups) == 1


async def test_accounts_when_many_then_all_are_forgotten(books):
    users = [UserId(6_000_000_000 + each) for each in range(450)]
    await record(
        books, changes=[UnlinkAccount(user=u, why=UnlinkReason.LEFT_SCHOOL) for u in users]
    )

    await erase(books)

    rows = await books.rows(select(accounts.c.id, accounts.c.user_id))
    assert len(rows) == 450
    assert all(row.user_id == -row.id for row in rows)
