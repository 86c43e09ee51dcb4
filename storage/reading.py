"""From needs to what is known: one query a table for a whole batch of updates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.coming_in.known import ComingInKnown, ComingInNeeds, JoinRequest
from bot.policy.groups import Channel, ChatKind, Group, GroupState, Seat
from bot.policy.ids import AccountId, ChatId, GroupId, MessageId, PersonId, UserId
from bot.policy.known import Code, Contact, Known, Needs, Nonce
from bot.policy.people import Account, Duty, Person, Role
from bot.policy.school_years.year_known import NO_YEAR_NEEDS, YearNeeds
from storage.announcements import names_of, read_announcing
from storage.coming_in import (
    read_children,
    read_class_names,
    read_members,
    read_requests,
    with_classes,
)
from storage.desk import read_desk
from storage.numbers import Numbers
from storage.own_data import read_own_data
from storage.school_year import read_year
from storage.tables import (
    LEAVES,
    accounts,
    channels,
    contacts,
    group_chat_ids,
    group_links,
    group_seats,
    groups,
    linking_codes,
    nonces,
    outbox,
    people,
    person_class_groups,
    person_duties,
    wrong_codes,
)

WRONG_CODES_READ = 50
"""How many wrong codes of an account are read at most: more than any limit counts."""

NOT_LEFT_YET = frozenset({"pending", "sending", "withheld"})
"""States of the last leaving of a group in which the bot is still there, as it should be."""

_added_by = accounts.alias("added_by_account")
_confirmed_by = accounts.alias("confirmed_by_account")
_owner = accounts.alias("owner_account")
_offered_to = accounts.alias("offered_to_account")
_offered_by = accounts.alias("offered_by_account")
_current = group_chat_ids.alias("current_chat_id")


def _among(name: str) -> Any:  # noqa: ANN401 (SQLAlchemy's own type for an expanding parameter)
    return bindparam(name, expanding=True)


# Built once: building a statement costs more than running it.
_GROUPS = (
    select(
        group_chat_ids.c.chat_id,
        _current.c.chat_id.label("current_chat"),
        groups,
        _added_by.c.user_id.label("added_by_user"),
        _confirmed_by.c.user_id.label("confirmed_by_user"),
        _owner.c.user_id.label("owner_user"),
        _offered_to.c.user_id.label("offered_to_user"),
        _offered_by.c.user_id.label("offered_by_user"),
        select(outbox.c.state)
        .where(outbox.c.group_id == groups.c.id, outbox.c.effect == LEAVES)
        .order_by(outbox.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("leave"),
    )
    .select_from(
        group_chat_ids.join(groups, groups.c.id == group_chat_ids.c.group_id)
        .join(_current, and_(_current.c.group_id == groups.c.id, _current.c.is_current.is_(True)))
        .outerjoin(_added_by, _added_by.c.id == groups.c.added_by)
        .outerjoin(_confirmed_by, _confirmed_by.c.id == groups.c.confirmed_by)
        .outerjoin(_owner, _owner.c.id == groups.c.owner)
        .outerjoin(_offered_to, _offered_to.c.id == groups.c.offered_to)
        .outerjoin(_offered_by, _offered_by.c.id == groups.c.offered_by)
    )
    .where(group_chat_ids.c.chat_id.in_(_among("chats")))
)
_SEATS = select(group_seats).where(group_seats.c.group_id.in_(_among("groups")))
_ACCOUNTS = (
    select(accounts, people.c.role, people.c.active)
    .select_from(accounts.outerjoin(people, people.c.id == accounts.c.person_id))
    .where(accounts.c.user_id.in_(_among("users")))
)
_CLASS_GROUPS = select(person_class_groups).where(
    person_class_groups.c.person_id.in_(_among("people"))
)
_DUTIES = select(person_duties).where(person_duties.c.person_id.in_(_among("people")))
_CHANNELS = (
    select(channels.c.chat_id, accounts.c.user_id)
    .join(accounts, accounts.c.id == channels.c.account_id)
    .where(channels.c.chat_id.in_(_among("chats")))
)
_CONTACTS = (
    select(accounts.c.user_id, contacts.c.answered_at, contacts.c.greeted_at)
    .join(accounts, accounts.c.id == contacts.c.account_id)
    .where(accounts.c.user_id.in_(_among("users")))
)
_WRONG_CODES = (
    select(accounts.c.user_id, wrong_codes.c.at)
    .join(accounts, accounts.c.id == wrong_codes.c.account_id)
    .where(accounts.c.user_id.in_(_among("users")))
    .order_by(wrong_codes.c.at.desc())
    .limit(WRONG_CODES_READ)
)
_CODES = (
    select(
        linking_codes,
        people.c.role,
        people.c.active,
        exists().where(accounts.c.person_id == linking_codes.c.person_id).label("has_account"),
    )
    .join(people, people.c.id == linking_codes.c.person_id)
    .where(linking_codes.c.code_hash.in_(_among("hashes")))
)
_NONCES = (
    select(nonces, accounts.c.user_id)
    .join(accounts, accounts.c.id == nonces.c.account_id)
    .where(nonces.c.nonce_hash.in_(_among("hashes")))
)
_LINKS = (
    select(group_chat_ids.c.chat_id, group_links.c.url)
    .join(group_links, group_links.c.group_id == group_chat_ids.c.group_id)
    .where(
        group_chat_ids.c.chat_id.in_(_among("chats")),
        group_links.c.asks_approval.is_(True),
        group_links.c.ended_at.is_(None),
    )
    .order_by(group_links.c.id.desc())
)


async def read_known(
    connection: AsyncConnection, needs: Needs, at: datetime, numbers: Numbers
) -> Known:
    """Read what ``needs`` names; ``numbers`` learns our own numbers of what was found."""
    coming = needs.coming_in
    requests = await read_requests(connection, coming, at)
    members = await read_members(connection, coming.members_in)
    chats = needs.chats | {request.chat for request in requests}
    known_groups = await _read_groups(connection, chats, numbers)
    if coming.classes:
        known_groups = await with_classes(connection, known_groups, numbers)
    users = needs.users | {request.user for request in requests}
    users |= {present.user for each in members.values() for present in each}
    users |= _people_of(known_groups.values()) if needs.group_people else frozenset()
    announcing = await read_announcing(connection, needs.announcing)
    users |= announcing.authors
    known_accounts = await _read_accounts(connection, users, numbers)
    codes = await _read_codes(connection, needs.code_hashes)
    persons = [*(a.person for a in known_accounts.values()), *(c.person for c in codes.values())]
    return Known(
        at=at,
        groups=known_groups,
        accounts=known_accounts,
        channels=await _read_channels(connection, needs.channels, numbers),
        contacts=await _read_contacts(connection, needs.contacts),
        codes=codes,
        coming_in=ComingInKnown(
            requests=requests,
            members=members,
            children=await read_children(connection, persons) if coming.classes else {},
            class_names=await read_class_names(connection) if coming.class_names else frozenset(),
        ),
        nonces=await _read_nonces(connection, needs.nonce_hashes),
        announcing=announcing,
        own_data=await read_own_data(connection, needs.own_data),
        year=await read_year(connection, needs.year | _consents_of(requests, coming)),
        desk=await read_desk(connection, needs.desk),
        staff_names=(await names_of(connection, Role.STAFF) if needs.staff_names else frozenset()),
        links=await _read_links(connection, needs.chats) if needs.group_links else {},
    )


async def _rows(
    connection: AsyncConnection, statement: Select[Any], **among: Iterable[Any]
) -> list[Row[Any]]:
    result = await connection.execute(
        statement, {name: tuple(values) for name, values in among.items()}
    )
    return list(result.all())


async def _read_groups(
    connection: AsyncConnection, chats: frozenset[ChatId], numbers: Numbers
) -> dict[ChatId, Group]:
    if not chats:
        return {}
    rows = await _rows(connection, _GROUPS, chats=chats)
    seats: dict[int, list[Seat]] = defaultdict(list)
    if rows:
        for seat in await _rows(connection, _SEATS, groups={row.id for row in rows}):
            seats[seat.group_id].append(
                Seat(
                    user=UserId(seat.user_id),
                    is_owner=seat.is_owner,
                    is_anonymous=seat.is_anonymous,
                    is_bot=seat.is_bot,
                )
            )
    for row in rows:
        numbers.groups[ChatId(row.chat_id)] = GroupId(row.id)
    return {ChatId(row.chat_id): _group(row, tuple(seats[row.id])) for row in rows}


def _consents_of(requests: Iterable[JoinRequest], needs: ComingInNeeds) -> YearNeeds:
    """Whether a request can be decided may hang on consent."""
    if not needs.classes:
        return NO_YEAR_NEEDS
    return YearNeeds(consents_of=frozenset(request.user for request in requests))


def _people_of(found: Iterable[Group]) -> frozenset[UserId]:
    named = {
        user
        for g in found
        for user in (g.added_by, g.confirmed_by, g.owner, g.offered_to, g.offered_by)
    }
    seated = {seat.user for g in found for seat in g.seats}
    return frozenset(user for user in named | seated if user is not None)


def _group(row: Row[Any], seats: tuple[Seat, ...]) -> Group:
    def user(number: int | None) -> UserId | None:
        return None if number is None else UserId(number)

    return Group(
        chat=ChatId(row.current_chat),
        state=GroupState(row.state),
        kind=ChatKind(row.kind),
        added_by=user(row.added_by_user),
        confirmed_by=user(row.confirmed_by_user),
        owner=user(row.owner_user),
        seats=seats,
        linked_channel=None if row.linked_channel is None else ChatId(row.linked_channel),
        deadline_at=row.deadline_at,
        refused_at=row.refused_at,
        left_at=row.left_at,
        leaving=row.leave in NOT_LEFT_YET,
        explained=frozenset(row.explained.split()),
        looked_at=row.looked_at,
        lock_proved_at=row.lock_proved_at,
        open_since=row.open_since,
        notice=None if row.notice_message_id is None else MessageId(row.notice_message_id),
        second_asked_at=row.second_asked_at,
        offered_to=user(row.offered_to_user),
        offered_by=user(row.offered_by_user),
        offered_at=row.offered_at,
        offer_accepted_at=row.offer_accepted_at,
        reconfirm_before=row.reconfirm_before,
        reconfirm_asked_at=row.reconfirm_asked_at,
        classes_asked_at=row.classes_asked_at,
        members_told_at=row.members_told_at,
    )


async def _read_accounts(
    connection: AsyncConnection, users: frozenset[UserId], numbers: Numbers
) -> dict[UserId, Account]:
    if not users:
        return {}
    rows = await _rows(connection, _ACCOUNTS, users=users)
    linked = await _read_people(connection, [row for row in rows if row.person_id is not None])
    for row in rows:
        numbers.accounts[UserId(row.user_id)] = AccountId(row.id)
        if row.person_id is not None:
            numbers.people[UserId(row.user_id)] = PersonId(row.person_id)
    return {
        UserId(row.user_id): Account(
            user=UserId(row.user_id), person=linked.get(row.person_id), language=row.language
        )
        for row in rows
    }


async def _read_people(
    connection: AsyncConnection, rows: Iterable[Row[Any]]
) -> Mapping[int, Person]:
    """The people of rows that carry ``person_id``, ``role`` and ``active``."""
    by_id = {row.person_id: row for row in rows}
    if not by_id:
        return {}
    classes: dict[int, set[str]] = defaultdict(set)
    for row in await _rows(connection, _CLASS_GROUPS, people=by_id):
        classes[row.person_id].add(row.class_group)
    duties: dict[int, set[Duty]] = defaultdict(set)
    for row in await _rows(connection, _DUTIES, people=by_id):
        duties[row.person_id].add(Duty(row.duty))
    return {
        number: Person(
            id=PersonId(number),
            role=Role(row.role),
            active=row.active,
            class_groups=frozenset(classes[number]),
            duties=frozenset(duties[number]),
        )
        for number, row in by_id.items()
    }


async def _read_codes(connection: AsyncConnection, hashes: frozenset[str]) -> dict[str, Code]:
    if not hashes:
        return {}
    rows = await _rows(connection, _CODES, hashes=hashes)
    code_people = await _read_people(connection, rows)
    return {row.code_hash: _code(row, code_people) for row in rows}


def _code(row: Row[Any], code_people: Mapping[int, Person]) -> Code:
    return Code(
        person=code_people[row.person_id],
        expires_at=row.expires_at,
        spent=row.spent_at is not None,
        revoked=row.revoked_at is not None,
        person_has_account=row.has_account,
    )


async def _read_channels(
    connection: AsyncConnection, chats: frozenset[ChatId], numbers: Numbers
) -> dict[ChatId, Channel]:
    if not chats:
        return {}
    rows = await _rows(connection, _CHANNELS, chats=chats)
    owners = await _read_accounts(connection, frozenset(UserId(r.user_id) for r in rows), numbers)
    return {
        ChatId(row.chat_id): Channel(chat=ChatId(row.chat_id), registered_by=owners[row.user_id])
        for row in rows
    }


async def _read_contacts(
    connection: AsyncConnection, users: frozenset[UserId]
) -> dict[UserId, Contact]:
    if not users:
        return {}
    dealings = {row.user_id: row for row in await _rows(connection, _CONTACTS, users=users)}
    wrong: dict[int, list[datetime]] = defaultdict(list)
    for row in await _rows(connection, _WRONG_CODES, users=users):
        wrong[row.user_id].append(row.at)
    return {
        user: Contact(
            wrong_codes=tuple(wrong[user]),
            answered_at=dealings[user].answered_at if user in dealings else None,
            greeted_at=dealings[user].greeted_at if user in dealings else None,
        )
        for user in users
    }


async def _read_nonces(connection: AsyncConnection, hashes: frozenset[str]) -> dict[str, Nonce]:
    if not hashes:
        return {}
    return {
        row.nonce_hash: Nonce(
            user=UserId(row.user_id), expires_at=row.expires_at, spent=row.spent_at is not None
        )
        for row in await _rows(connection, _NONCES, hashes=hashes)
    }


async def _read_links(
    connection: AsyncConnection, chats: frozenset[ChatId]
) -> dict[ChatId, tuple[str, ...]]:
    links: dict[ChatId, list[str]] = defaultdict(list)
    for row in await _rows(connection, _LINKS, chats=chats):
        links[ChatId(row.chat_id)].append(row.url)
    return {chat: tuple(urls) for chat, urls in links.items()}
