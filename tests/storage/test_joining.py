"""Class groups, members and requests to join: kept, due, moved along with a group, and erased."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from bot.policy.changes import (
    ForgetMember,
    JudgeRequestsAgain,
    MigrateGroup,
    PostponeJoinRequest,
    RecordMembersTold,
    RememberJoinRequest,
    RememberMember,
    SetGroupClassGroups,
    SetGroupState,
    SettleJoinRequest,
)
from bot.policy.coming_in.joining import RequestState, Way
from bot.policy.coming_in.known import ComingInNeeds
from bot.policy.decision import Decision
from bot.policy.effects import ApproveJoinRequest
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, UserId
from bot.policy.known import Needs
from bot.policy.rules import Rule
from storage.due import forget
from storage.engine import reading
from storage.joining import groups_to_look_through, requests_due
from storage.ledger import Unit
from storage.numbers import Numbers
from storage.outbox import EffectState, read_effects
from storage.reading import read_known
from storage.tables import (
    accounts,
    group_class_groups,
    group_members,
    join_requests,
    people,
)
from tests.storage.conftest import ANNA, CHAT, NOON

NEW = ChatId(-1_009_999_999_999)
BRAM, CEM = UserId(7_123_456_789), UserId(7_123_456_790)
DEADLINE = NOON + timedelta(hours=48)
MONTH = timedelta(days=31)


def _ruled(decision, _known):
    return decision


async def decide(books, *changes, effects=()):
    decision = Decision(rule=Rule.BOOKKEEPING, changes=changes, effects=effects)
    await books.ledger.record(Unit(judge=partial(_ruled, decision)))


def asks(user=BRAM, chat=CHAT, state=RequestState.WAITING, **more):
    return RememberJoinRequest(
        chat=chat, user=user, state=state, **{"deadline_at": DEADLINE, **more}
    )


async def a_managed_group(books, chat=CHAT):
    await books.know_group(chat)
    await decide(books, SetGroupState(chat=chat, state=GroupState.MANAGED))


async def known(books, **needs):
    async with reading(books.engine) as connection:
        wanted = Needs(coming_in=ComingInNeeds(classes=True, **needs))
        return await read_known(connection, wanted, books.now, Numbers())


async def states(books):
    rows = await books.rows(select(join_requests).order_by(join_requests.c.id))
    return [row.state for row in rows]


async def due(books, at):
    async with reading(books.engine) as connection:
        return len(await requests_due(connection, at, 100))


# --- requests ----------------------------------------------------------------------------------


async def test_request_when_remembered_twice_then_is_one(books):
    await a_managed_group(books)

    await decide(books, asks(), asks(state=RequestState.DECIDING))

    assert await states(books) == ["deciding"]


async def test_request_when_settled_then_the_next_is_another(books):
    await a_managed_group(books)
    gone = SettleJoinRequest(chat=CHAT, user=BRAM, state=RequestState.DECLINED)

    await decide(books, asks(), gone, asks())

    assert await states(books) == ["declined", "waiting"]


async def test_request_that_is_being_decided_when_settled_if_waiting_then_stays(books):
    await a_managed_group(books)
    elsewhere = SettleJoinRequest(
        chat=CHAT, user=BRAM, state=RequestState.ELSEWHERE, waiting_only=True
    )

    await decide(books, asks(state=RequestState.DECIDING), elsewhere)
    assert await states(books) == ["deciding"]

    await decide(books, asks(), elsewhere)
    assert await states(books) == ["elsewhere"]


async def test_request_of_a_stranger_when_its_deadline_passes_then_is_due(books):
    await a_managed_group(books)
    await decide(books, asks())

    assert await due(books, DEADLINE - timedelta(seconds=1)) == 0
    assert await due(books, DEADLINE) == 1


async def test_request_when_postponed_then_is_due_only_then_or_when_all_are_judged_again(books):
    await a_managed_group(books)
    later = DEADLINE + timedelta(hours=1)
    postponed = PostponeJoinRequest(chat=CHAT, user=BRAM, judge_at=later)
    await decide(books, asks(state=RequestState.DECIDING), postponed)

    assert await due(books, DEADLINE) == 0
    assert await due(books, later) == 1
    await decide(books, JudgeRequestsAgain())
    assert await due(books, DEADLINE) == 1


async def test_request_when_the_account_is_linked_by_then_is_due_at_once(books):
    await a_managed_group(books)
    await decide(books, asks(), asks(user=CEM))
    await enrol(books, BRAM)

    assert await due(books, NOON) == 1
    await decide(books, SetGroupState(chat=CHAT, state=GroupState.SUSPENDED))
    assert await due(books, NOON) == 0


async def test_request_when_read_by_account_then_lately_ended_ones_come_along(books):
    await a_managed_group(books)
    await decide(
        books, asks(), SettleJoinRequest(chat=CHAT, user=BRAM, state=RequestState.DECLINED)
    )

    assert len((await known(books, asked_by=frozenset({BRAM}))).coming_in.requests) == 1
    assert (await known(books, asked_by=frozenset({CEM}))).coming_in.requests == ()
    books.now = NOON + timedelta(hours=2)
    assert (await known(books, asked_by=frozenset({BRAM}))).coming_in.requests == ()


async def test_request_when_read_then_its_group_and_account_come_with_it(books):
    await a_managed_group(books)
    classes = SetGroupClassGroups(chat=CHAT, class_groups=frozenset({"4H2", "1A"}))
    await decide(books, asks(), classes)

    found = await known(books, asked_in=frozenset({CHAT}))

    assert found.groups[CHAT].class_groups == {"4H2", "1A"}
    assert [request.user for request in found.coming_in.requests] == [BRAM]
    assert BRAM in found.accounts


async def test_approval_when_the_bot_restarts_then_is_for_the_same_account(books):
    await a_managed_group(books)
    approval = ApproveJoinRequest(chat=CHAT, user=BRAM, reason="house-join-of-the-class")
    await decide(books, asks(), effects=(approval,))

    async with reading(books.engine) as connection:
        found = await read_effects(connection, EffectState.PENDING)

    assert [item.effect for item in found] == [approval]


# --- members -----------------------------------------------------------------------------------


async def enrol(books, user):
    """Link an account to a person, past our own code."""
    async with books.engine.begin() as connection:
        row = {"id": 61, "school_id": "s61", "name": "Bram", "role": "student", "active": True}
        await connection.execute(people.insert().values(imported_at=NOON, **row))
        await connection.execute(
            update(accounts).where(accounts.c.user_id == user).values(person_id=61)
        )


async def look_through(books, at):
    async with reading(books.engine) as connection:
        return await groups_to_look_through(connection, at, timedelta(minutes=10), 100)


async def test_member_when_remembered_and_forgotten_then_is_there_and_gone(books):
    await a_managed_group(books)
    came = RememberMember(chat=CHAT, user=BRAM, way=Way.FOLDER)

    await decide(books, came, came)
    found = (await known(books, members_in=frozenset({CHAT}))).coming_in.members[CHAT]
    assert [(member.user, member.changed_at) for member in found] == [(BRAM, NOON)]

    await decide(books, ForgetMember(chat=CHAT, user=BRAM))
    assert await books.count(group_members) == 0


async def test_group_when_somebody_came_in_then_is_looked_through_once(books):
    await a_managed_group(books)
    assert await look_through(books, NOON) == []
    await decide(books, RememberMember(chat=CHAT, user=BRAM, way=Way.ADDED))
    assert await look_through(books, NOON) == [CHAT]

    await decide(books, RecordMembersTold(chat=CHAT))
    assert await look_through(books, NOON + timedelta(hours=1)) == []


async def test_group_when_a_member_leaves_school_then_is_looked_through_after_the_pause(books):
    await a_managed_group(books)
    await decide(books, RememberMember(chat=CHAT, user=BRAM, way=Way.ADDED))
    await enrol(books, BRAM)
    await decide(books, RecordMembersTold(chat=CHAT))
    async with books.engine.begin() as connection:
        await connection.execute(update(people).values(left_at=NOON + timedelta(minutes=1)))

    assert await look_through(books, NOON + timedelta(minutes=9)) == []
    assert await look_through(books, NOON + timedelta(minutes=10)) == [CHAT]


# --- with the group ----------------------------------------------------------------------------


async def everything_of(books, chat, *users):
    await decide(
        books,
        SetGroupClassGroups(chat=chat, class_groups=frozenset({"4H2", str(abs(chat))})),
        *(RememberMember(chat=chat, user=user, way=Way.LINK) for user in users),
        *(asks(user=user, chat=chat) for user in users),
    )


async def test_two_rows_of_one_group_when_folded_then_nothing_is_lost(books):
    await a_managed_group(books)
    await books.know_group(NEW)
    await everything_of(books, CHAT, ANNA, BRAM)
    await everything_of(books, NEW, BRAM, CEM)

    await decide(books, MigrateGroup(old=CHAT, new=NEW))

    found = await known(books, members_in=frozenset({NEW}), asked_in=frozenset({NEW}))
    assert found.groups[NEW].class_groups == {"4H2", str(abs(CHAT)), str(abs(NEW))}
    assert {member.user for member in found.coming_in.members[NEW]} == {ANNA, BRAM, CEM}
    assert sorted(request.user for request in found.coming_in.requests) == [ANNA, BRAM, CEM]
    assert sorted(await states(books)) == ["elsewhere", "waiting", "waiting", "waiting"]


async def test_group_when_left_then_who_asks_is_answered_elsewhere_and_the_rest_goes_in_a_month(
    books,
):
    await a_managed_group(books)
    await everything_of(books, CHAT, BRAM)
    await decide(books, SetGroupState(chat=CHAT, state=GroupState.LEFT))
    assert await states(books) == ["elsewhere"]

    for at, left in ((NOON + timedelta(days=29), 1), (NOON + MONTH, 0)):
        await forget(
            books.engine, at, codes_for=timedelta(days=30), dead_letters_for=timedelta(days=30)
        )
        counts = [await books.count(t) for t in (group_members, join_requests)]
        assert counts == [left, left]
    assert await books.count(group_class_groups) == 0


async def test_group_when_it_starts_again_then_serves_no_class_and_holds_nobody(books):
    await a_managed_group(books)
    await everything_of(books, CHAT, BRAM)
    await decide(books, SetGroupState(chat=CHAT, state=GroupState.LEFT))

    await books.know_group()

    assert await books.count(group_class_groups) == 0
    assert await books.count(group_members) == 0


async def test_requests_when_they_still_wait_then_are_not_erased(books):
    await a_managed_group(books)
    await decide(books, asks())

    await forget(
        books.engine,
        NOON + MONTH * 2,
        codes_for=timedelta(days=30),
        dead_letters_for=timedelta(days=30),
    )

    assert await states(books) == ["waiting"]
