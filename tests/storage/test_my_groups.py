"""What staff read of their groups, from our own tables."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from bot.policy.changes import (
    AcceptOffer,
    EndInviteLink,
    EndOffer,
    OfferGroup,
    RememberInviteLink,
    RememberLook,
    RememberSecondAsked,
    SetGroupState,
)
from bot.policy.decision import Decision
from bot.policy.groups import ChatKind, Group, GroupState, Seat
from bot.policy.ids import ChatId, UserId
from bot.policy.known import Needs
from bot.policy.people import Role
from bot.policy.rules import Rule
from storage.engine import reading
from storage.ledger import Unit
from storage.my_groups import (
    class_groups_of_school,
    groups_of,
    join_link_of,
    name_of_staff,
    outsiders_of,
    sheet_of,
)
from storage.numbers import Numbers
from storage.reading import read_known
from storage.tables import (
    accounts,
    group_class_groups,
    group_links,
    group_members,
    groups,
    guardianships,
    people,
    person_class_groups,
)
from tests.storage.conftest import ANNA, CHAT, NOON

JAN, BOT = UserId(5_000_000_002), UserId(5_000_000_009)
BRAM, SANNE, MUM, XANDER = (UserId(5_000_000_000 + number) for number in (3, 4, 5, 6))
ELSEWHERE = ChatId(-1_009)


async def does(books, *changes):
    await books.ledger.record(
        Unit(judge=lambda _known: Decision(rule=Rule.BOOKKEEPING, changes=changes))
    )


def look(chat=CHAT, *, owner=ANNA, title="4H2 rooster", others=(JAN,), count=30):
    seats = (
        Seat(user=owner, is_owner=True),
        *(Seat(user=user) for user in others),
        Seat(user=BOT, is_bot=True),
    )
    return RememberLook(
        chat=chat,
        kind=ChatKind.SUPERGROUP,
        title=title,
        seats=seats,
        linked_channel=None,
        explained=frozenset({"forum", "boosts"}),
        lock_proved_at=NOON - timedelta(minutes=1),
        open_since=None,
        member_count=count,
    )


async def enrolled(books, user, name, role, *classes, active=True):
    """Somebody of the roster with a linked account; the person's number."""
    async with books.engine.begin() as connection:
        number = await connection.scalar(
            insert(people)
            .values(school_id=name, name=name, role=role.value, active=active, imported_at=NOON)
            .returning(people.c.id)
        )
        for class_group in classes:
            await connection.execute(
                insert(person_class_groups).values(person_id=number, class_group=class_group)
            )
        known = await connection.scalar(
            update(accounts)
            .where(accounts.c.user_id == user)
            .values(person_id=number)
            .returning(accounts.c.id)
        )
        if known is None:
            await connection.execute(
                insert(accounts).values(user_id=user, person_id=number, first_seen_at=NOON)
            )
    return number


async def comes_in(books, *users):
    async with books.engine.begin() as connection:
        for user in users:
            number = await connection.scalar(
                select(accounts.c.id).where(accounts.c.user_id == user)
            )
            if number is None:
                number = await connection.scalar(
                    insert(accounts)
                    .values(user_id=user, first_seen_at=NOON)
                    .returning(accounts.c.id)
                )
            await connection.execute(
                insert(group_members).values(group_id=1, account_id=number, since=NOON, how="added")
            )


async def managed(books, chat=CHAT, **seen):
    await books.know_group(chat)
    await does(books, look(chat, **seen), SetGroupState(chat=chat, state=GroupState.MANAGED))


async def test_groups_when_somebody_has_seats_then_are_listed_by_title(books):
    await managed(books)
    await managed(books, ELSEWHERE, owner=JAN, others=(ANNA,), title="3M toneel")
    await managed(books, ChatId(-1_010), owner=JAN, others=(), title="Van Jan")
    await managed(books, ChatId(-1_011), title="Gesloten")
    await does(books, SetGroupState(chat=ChatId(-1_011), state=GroupState.LEFT))

    async with reading(books.engine) as connection:
        found = await groups_of(connection, ANNA)

    assert [(line.chat, line.title, line.state, line.is_open) for line in found] == [
        (ELSEWHERE, "3M toneel", GroupState.MANAGED, False),
        (CHAT, "4H2 rooster", GroupState.MANAGED, False),
    ]


async def test_sheet_when_read_then_tells_people_bots_and_members_apart(books):
    await managed(books)
    anna = await enrolled(books, ANNA, "Anna de Vries", Role.STAFF, "4H2")
    await enrolled(books, JAN, "Jan Bakker", Role.STAFF, active=False)
    await enrolled(books, BRAM, "Bram Smit", Role.STUDENT, "4H2")
    await comes_in(books, ANNA, BRAM, XANDER)

    async with reading(books.engine) as connection:
        sheet = await sheet_of(connection, CHAT)

    assert sheet is not None
    assert [(one.user, one.is_owner, one.is_staff, one.name) for one in sheet.keepers] == [
        (ANNA, True, True, "Anna de Vries"),
        (JAN, False, False, "Jan Bakker"),
    ]
    assert sheet.owner is not None
    assert (sheet.owner.person, sheet.staff) == (anna, 1)
    assert (sheet.member_count, sheet.bots) == (30, 2)
    # Bram and Anna; Xander is nobody's, and Jan's school no longer knows him.
    assert (sheet.known, sheet.unknown) == (2, 2)
    assert sheet.explained == ("boosts", "forum")


async def test_sheet_when_the_chat_is_none_of_ours_then_there_is_none(books):
    async with reading(books.engine) as connection:
        assert await sheet_of(connection, ELSEWHERE) is None
        assert await join_link_of(connection, ELSEWHERE) is None


async def test_link_when_another_is_made_then_is_the_newest_that_has_not_ended(books):
    await managed(books)
    old, new = "https://t.me/+old", "https://t.me/+new"
    for url, asks in ((old, True), ("https://t.me/+primary", False), (new, True)):
        await does(books, RememberInviteLink(chat=CHAT, url=url, asks_approval=asks))

    async with reading(books.engine) as connection:
        known = await read_known(
            connection,
            Needs(chats=frozenset({CHAT}), group_links=True),
            NOON,
            Numbers(),
        )
        assert await join_link_of(connection, CHAT) == new
    assert known.links == {CHAT: (new, old)}

    await does(books, EndInviteLink(chat=CHAT, url=new))
    async with reading(books.engine) as connection:
        assert await join_link_of(connection, CHAT) == old


async def test_links_when_the_group_is_left_then_end(books):
    await managed(books)
    await does(books, RememberInviteLink(chat=CHAT, url="https://t.me/+x", asks_approval=True))

    await does(books, SetGroupState(chat=CHAT, state=GroupState.LEFT))

    (row,) = await books.rows(select(group_links.c.ended_at))
    assert row.ended_at == NOON
    async with reading(books.engine) as connection:
        assert await join_link_of(connection, CHAT) is None


async def test_offer_when_made_accepted_and_ended_then_the_group_knows(books):
    await managed(books)
    needs = Needs(chats=frozenset({CHAT}), group_people=True)

    async def seen():
        async with reading(books.engine) as connection:
            known = await read_known(connection, needs, NOON, Numbers())
        return known.groups[CHAT]

    await does(books, OfferGroup(chat=CHAT, to=JAN, by=ANNA), RememberSecondAsked(chat=CHAT))
    found = await seen()
    assert (found.offered_to, found.offered_by, found.offered_at) == (JAN, ANNA, NOON)
    assert found.second_asked_at == NOON
    assert found.offer_accepted_at is None

    await does(books, AcceptOffer(chat=CHAT))
    assert (await seen()).offer_accepted_at == NOON

    await does(books, OfferGroup(chat=CHAT, to=BRAM, by=None))
    found = await seen()
    assert (found.offered_to, found.offered_by, found.offer_accepted_at) == (BRAM, None, None)

    await does(books, EndOffer(chat=CHAT))
    (row,) = await books.rows(select(groups).where(groups.c.id == 1))
    assert (row.offered_to, row.offered_by, row.offered_at) == (None, None, None)


async def test_outsiders_when_read_then_are_those_of_no_class_of_the_group(books):
    await managed(books)
    bram = await enrolled(books, BRAM, "Bram Smit", Role.STUDENT, "4H2")
    await enrolled(books, SANNE, "Sanne Visser", Role.STUDENT, "2B")
    mum = await enrolled(books, MUM, "Mevrouw Smit", Role.GUARDIAN)
    async with books.engine.begin() as connection:
        await connection.execute(insert(guardianships).values(guardian_id=mum, student_id=bram))
        await connection.execute(insert(group_class_groups).values(group_id=1, class_group="4H2"))
    await comes_in(books, BRAM, SANNE, MUM, XANDER)
    group = Group(chat=CHAT, state=GroupState.MANAGED, seats=look().seats)

    async with reading(books.engine) as connection:
        found = await outsiders_of(connection, CHAT, group)
        nowhere = await outsiders_of(connection, ELSEWHERE, group)

    assert [(one.user, one.role) for one in found] == [(SANNE, Role.STUDENT), (XANDER, None)]
    assert nowhere == ()


async def test_class_groups_when_read_then_are_those_of_people_at_school(books):
    await enrolled(books, BRAM, "Bram Smit", Role.STUDENT, "4H2")
    await enrolled(books, SANNE, "Sanne Visser", Role.STUDENT, "2B", "4H2")
    await enrolled(books, XANDER, "Weg", Role.STUDENT, "6V", active=False)

    async with reading(books.engine) as connection:
        assert await class_groups_of_school(connection) == ("2B", "4H2")


async def test_name_when_asked_for_then_is_told_of_staff_at_school_alone(books):
    await enrolled(books, ANNA, "Anna de Vries", Role.STAFF)
    await enrolled(books, JAN, "Jan Bakker", Role.STAFF, active=False)
    await enrolled(books, BRAM, "Bram Smit", Role.STUDENT)

    async with reading(books.engine) as connection:
        names = [await name_of_staff(connection, user) for user in (ANNA, JAN, BRAM, XANDER)]

    assert names == ["Anna de Vries", None, None, None]
