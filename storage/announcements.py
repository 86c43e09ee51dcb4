"""Reading announcements: drafts for a decision, and what a page or a tick of the clock needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
    Reach,
)
from bot.policy.announcements.fields import Field, Fields, Kind
from bot.policy.announcements.known import (
    NO_ANNOUNCING_NEEDS,
    NOTHING_ANNOUNCED,
    AnnouncingKnown,
    AnnouncingNeeds,
)
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, MessageId, PersonId, UserId
from bot.policy.people import Account, Duty, Person, Role
from storage.coming_in import read_class_names
from storage.tables import (
    accounts,
    announcements,
    deliveries,
    group_chat_ids,
    group_class_groups,
    group_members,
    group_seats,
    groups,
    people,
    person_duties,
)

_repetition = announcements.alias("repetition")
_REPEATED_BY = (
    select(func.min(_repetition.c.id))
    .where(_repetition.c.repeats == announcements.c.id)
    .correlate(announcements)
    .scalar_subquery()
    .label("repeated_by")
)
_ANNOUNCEMENTS = select(announcements, accounts.c.user_id, _REPEATED_BY).join(
    accounts, accounts.c.id == announcements.c.author
)
_DELIVERIES = (
    select(deliveries, group_chat_ids.c.chat_id)
    .join(
        group_chat_ids,
        and_(
            group_chat_ids.c.group_id == deliveries.c.group_id,
            group_chat_ids.c.is_current.is_(True),
        ),
    )
    .order_by(deliveries.c.group_id)
)


async def read_announcements(
    connection: AsyncConnection, numbers: Iterable[int]
) -> dict[AnnouncementId, Announcement]:
    """Announcements by their numbers, with the groups that they are for."""
    wanted = tuple(numbers)
    rows = (await connection.execute(_ANNOUNCEMENTS.where(announcements.c.id.in_(wanted)))).all()
    by_announcement: dict[int, list[Delivery]] = defaultdict(list)
    for row in await connection.execute(
        _DELIVERIES.where(deliveries.c.announcement_id.in_(wanted))
    ):
        by_announcement[row.announcement_id].append(_delivery(row))
    return {
        AnnouncementId(row.id): _announcement(row, tuple(by_announcement[row.id])) for row in rows
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        chat=ChatId(row.chat_id),
        state=DeliveryState(row.state),
        message=None if row.message_id is None else MessageId(row.message_id),
        sent_at=row.sent_at,
    )


def _announcement(row: Row[Any], its_deliveries: tuple[Delivery, ...]) -> Announcement:
    return Announcement(
        id=AnnouncementId(row.id),
        author=UserId(row.user_id),
        state=AnnouncementState(row.state),
        revision=row.revision,
        fields=Fields(
            kind=None if row.kind is None else Kind(row.kind),
            class_groups=tuple(name for name in row.class_groups.split("\n") if name),
            day=row.day,
            hours=tuple(int(hour) for hour in row.hours.split()),
            subject=row.subject,
            room=row.room,
            new_hours=tuple(int(hour) for hour in row.new_hours.split()),
            new_day=row.new_day,
            note=row.note,
        ),
        awaiting=None if row.awaiting is None else Field(row.awaiting),
        page=None if row.page_message_id is None else MessageId(row.page_message_id),
        deliveries=its_deliveries,
        wished_at=row.wished_at,
        raised_because=row.raised_because,
        urgent=row.urgent,
        replaces=_number(row.replaces),
        repeats=_number(row.repeats),
        repeated_by=_number(row.repeated_by),
        asked_again=row.asked_again_at is not None,
        erased=row.erased_at is not None,
    )


def _number(value: int | None) -> AnnouncementId | None:
    return None if value is None else AnnouncementId(value)


async def next_number(connection: AsyncConnection) -> AnnouncementId:
    """What the next announcement will be called. Ours alone within the transaction that asks."""
    highest = await connection.scalar(select(func.max(announcements.c.id)))
    return AnnouncementId((highest or 0) + 1)


async def waiting_for_words(connection: AsyncConnection, user: UserId) -> Sequence[AnnouncementId]:
    """Drafts of somebody that wait for words, the one touched last first."""
    rows = await connection.scalars(
        select(announcements.c.id)
        .join(accounts, accounts.c.id == announcements.c.author)
        .where(
            accounts.c.user_id == user,
            announcements.c.state == AnnouncementState.DRAFT.value,
            announcements.c.awaiting.is_not(None),
        )
        .order_by(announcements.c.touched_at.desc(), announcements.c.id.desc())
    )
    return [AnnouncementId(number) for number in rows]


async def read_reaches(connection: AsyncConnection, user: UserId) -> tuple[Reach, ...]:
    """Every group that is ours, by title, with its class groups and whether ``user`` has a seat."""
    rows = await connection.execute(
        select(
            groups.c.id,
            groups.c.state,
            groups.c.member_count,
            group_chat_ids.c.chat_id,
            group_seats.c.user_id.label("seat"),
        )
        .join(
            group_chat_ids,
            and_(group_chat_ids.c.group_id == groups.c.id, group_chat_ids.c.is_current.is_(True)),
        )
        .outerjoin(
            group_seats,
            and_(group_seats.c.group_id == groups.c.id, group_seats.c.user_id == user),
        )
        .where(groups.c.state.in_((GroupState.MANAGED.value, GroupState.SUSPENDED.value)))
        .order_by(groups.c.title, groups.c.id)
    )
    found = rows.all()
    classes: dict[int, set[str]] = defaultdict(set)
    for number, name in await connection.execute(select(group_class_groups)):
        classes[number].add(name)
    return tuple(
        Reach(
            chat=ChatId(row.chat_id),
            state=GroupState(row.state),
            class_groups=frozenset(classes[row.id]),
            members=row.member_count,
            is_keeper=row.seat is not None,
        )
        for row in found
    )


async def read_members(
    connection: AsyncConnection, asked: Iterable[tuple[ChatId, UserId]]
) -> frozenset[tuple[ChatId, UserId]]:
    """Of these, the accounts that are in the group, by Telegram's word."""
    wanted = frozenset(asked)
    if not wanted:
        return frozenset()
    rows = await connection.execute(
        select(group_chat_ids.c.chat_id, accounts.c.user_id)
        .join(group_members, group_members.c.group_id == group_chat_ids.c.group_id)
        .join(accounts, accounts.c.id == group_members.c.account_id)
        .where(
            group_chat_ids.c.chat_id.in_({chat for chat, _ in wanted}),
            accounts.c.user_id.in_({user for _, user in wanted}),
        )
    )
    return wanted & {(ChatId(chat), UserId(user)) for chat, user in rows}


async def read_coordinators(connection: AsyncConnection) -> tuple[Account, ...]:
    """The coordinators at school who have linked an account."""
    rows = await connection.execute(
        select(accounts.c.user_id, accounts.c.language, people.c.id)
        .join(people, people.c.id == accounts.c.person_id)
        .join(person_duties, person_duties.c.person_id == people.c.id)
        .where(
            people.c.active.is_(True),
            people.c.role == Role.STAFF.value,
            person_duties.c.duty == Duty.COORDINATOR.value,
        )
        .order_by(people.c.id)
    )
    return tuple(
        Account(
            user=UserId(user),
            language=language,
            person=Person(
                id=PersonId(number), role=Role.STAFF, duties=frozenset({Duty.COORDINATOR})
            ),
        )
        for user, language, number in rows
    )


async def read_deliveries(
    connection: AsyncConnection, asked: Iterable[tuple[int, ChatId]]
) -> dict[tuple[int, ChatId], DeliveryState]:
    """How far announcements came with groups."""
    wanted = frozenset(asked)
    if not wanted:
        return {}
    rows = await connection.execute(
        select(deliveries.c.announcement_id, group_chat_ids.c.chat_id, deliveries.c.state)
        .join(group_chat_ids, group_chat_ids.c.group_id == deliveries.c.group_id)
        .where(
            deliveries.c.announcement_id.in_({number for number, _ in wanted}),
            group_chat_ids.c.chat_id.in_({chat for _, chat in wanted}),
        )
    )
    return {(number, ChatId(chat)): DeliveryState(state) for number, chat, state in rows}


# --- what the clock makes due ------------------------------------------------------------------


async def announcements_due(
    connection: AsyncConnection, at: datetime, most: int
) -> Sequence[tuple[AnnouncementId, UserId]]:
    """Scheduled announcements whose moment has come, with their authors, the oldest first."""
    rows = await connection.execute(
        select(announcements.c.id, accounts.c.user_id)
        .join(accounts, accounts.c.id == announcements.c.author)
        .where(
            announcements.c.state == AnnouncementState.SCHEDULED.value,
            announcements.c.wished_at <= at,
        )
        .order_by(announcements.c.wished_at)
        .limit(most)
    )
    return [(AnnouncementId(number), UserId(user)) for number, user in rows]


async def going_out(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Announcements on their way, or with groups that still wait.

    Rows of ``id``, ``user_id`` and ``language`` of the author, ``page_message_id``, and how many
    groups are ``waiting``, ``settled``, and ``shown_settled`` before the author.
    """
    waits = func.sum(deliveries.c.state == DeliveryState.PENDING.value)
    rows = await connection.execute(
        select(
            announcements.c.id,
            announcements.c.shown_settled,
            announcements.c.page_message_id,
            accounts.c.user_id,
            accounts.c.language,
            waits.label("waiting"),
            (func.count() - waits).label("settled"),
        )
        .join(deliveries, deliveries.c.announcement_id == announcements.c.id)
        .join(accounts, accounts.c.id == announcements.c.author)
        .where(announcements.c.state == AnnouncementState.SENDING.value)
        .group_by(announcements.c.id)
    )
    return rows.all()


async def counts_to_show(
    connection: AsyncConnection, at: datetime, pause: timedelta, most: int
) -> list[tuple[AnnouncementId, ChatId, MessageId]]:
    """Where the number of "Gezien" is out of date, and was not shown anew within ``pause``."""
    rows = await connection.execute(
        select(deliveries.c.announcement_id, group_chat_ids.c.chat_id, deliveries.c.message_id)
        .join(
            group_chat_ids,
            and_(
                group_chat_ids.c.group_id == deliveries.c.group_id,
                group_chat_ids.c.is_current.is_(True),
            ),
        )
        .where(
            deliveries.c.seen != deliveries.c.shown,
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.message_id.is_not(None),
            or_(
                deliveries.c.shown_at.is_(None),
                deliveries.c.shown_at <= at - pause,
                # The clock was set back: nobody waits until it is that late again.
                deliveries.c.shown_at > at,
            ),
        )
        .order_by(deliveries.c.shown_at)
        .limit(most)
    )
    return [(AnnouncementId(n), ChatId(chat), MessageId(message)) for n, chat, message in rows]


# --- what is put before people -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """An announcement and one group, as it is shown there. ``seen``: by how many, so far.

    ``announcement`` comes without its groups: of a school's 1,500 this reads one at a time.
    ``corrects``: the message there that this one takes the place of, or says once more.
    ``repeated``: it may stand there already. ``message``: what stands there now.
    """

    announcement: Announcement
    author: str
    state: DeliveryState
    class_groups: tuple[str, ...]
    seen: int
    repeated: bool
    corrects: MessageId | None
    message: MessageId | None


async def read_posting(connection: AsyncConnection, number: int, chat: ChatId) -> Posting | None:
    """An announcement as it is shown in a group; ``None`` if it is not for that group."""
    found = (await connection.execute(_ANNOUNCEMENTS.where(announcements.c.id == number))).first()
    delivery = (
        await connection.execute(
            _DELIVERIES.where(
                deliveries.c.announcement_id == number, group_chat_ids.c.chat_id == chat
            )
        )
    ).first()
    if found is None or delivery is None:
        return None
    announcement = _announcement(found, ())
    classes = await connection.scalars(
        select(group_class_groups.c.class_group)
        .where(group_class_groups.c.group_id == delivery.group_id)
        .order_by(group_class_groups.c.class_group)
    )
    corrects = None
    answers = announcement.replaces or announcement.repeats
    if answers is not None:
        corrects = await connection.scalar(
            select(deliveries.c.message_id).where(
                deliveries.c.announcement_id == answers,
                deliveries.c.group_id == delivery.group_id,
            )
        )
    return Posting(
        announcement=announcement,
        author=await author_name(connection, announcement.author),
        state=DeliveryState(delivery.state),
        class_groups=tuple(classes),
        seen=delivery.seen,
        repeated=delivery.repeated,
        corrects=None if corrects is None else MessageId(corrects),
        message=None if delivery.message_id is None else MessageId(delivery.message_id),
    )


async def author_name(connection: AsyncConnection, user: UserId) -> str:
    """What the author is called on the roster; empty once nobody is linked to the account."""
    name: str | None = await connection.scalar(
        select(people.c.name)
        .join(accounts, accounts.c.person_id == people.c.id)
        .where(accounts.c.user_id == user)
    )
    return name or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReport:
    """What became of an announcement in one group, for its author. ``gone``: we are not there."""

    chat: ChatId
    title: str
    state: DeliveryState
    error: str | None
    members: int | None
    seen: int
    gone: bool


async def read_report(connection: AsyncConnection, number: int) -> tuple[GroupReport, ...]:
    """What became of an announcement in each of its groups, by title."""
    rows = await connection.execute(
        _DELIVERIES.with_only_columns(
            group_chat_ids.c.chat_id,
            groups.c.title,
            groups.c.member_count,
            groups.c.state.label("group_state"),
            deliveries.c.state,
            deliveries.c.error,
            deliveries.c.seen,
        )
        .join(groups, groups.c.id == deliveries.c.group_id)
        .where(deliveries.c.announcement_id == number)
        .order_by(None)
        .order_by(groups.c.title, groups.c.id)
    )
    return tuple(
        GroupReport(
            chat=ChatId(row.chat_id),
            title=row.title,
            state=DeliveryState(row.state),
            error=row.error,
            members=row.member_count,
            seen=row.seen,
            gone=row.group_state == GroupState.LEFT.value,
        )
        for row in rows
    )


async def titles_of(connection: AsyncConnection, chats: Iterable[ChatId]) -> dict[ChatId, str]:
    """What groups are called."""
    rows = await connection.execute(
        select(group_chat_ids.c.chat_id, groups.c.title)
        .join(groups, groups.c.id == group_chat_ids.c.group_id)
        .where(group_chat_ids.c.chat_id.in_(tuple(chats)))
    )
    return {ChatId(chat): title for chat, title in rows}


# Built once: a private message needs it too.
_NAMES = select(people.c.name).where(
    people.c.role == bindparam("of_role"), people.c.active.is_(True)
)


async def names_of(connection: AsyncConnection, role: Role) -> frozenset[str]:
    """The names of everybody with a role who is at school."""
    return frozenset(await connection.scalars(_NAMES, {"of_role": role.value}))


async def roster(
    connection: AsyncConnection,
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The names of students, the names of staff, and the class groups of the school."""
    return (
        await names_of(connection, Role.STUDENT),
        await names_of(connection, Role.STAFF),
        await read_class_names(connection),
    )


async def recent_of(
    connection: AsyncConnection, user: UserId, most: int
) -> Sequence[AnnouncementId]:
    """The author's announcements that were not thrown away, the one touched last first."""
    rows = await connection.scalars(
        select(announcements.c.id)
        .join(accounts, accounts.c.id == announcements.c.author)
        .where(
            accounts.c.user_id == user,
            announcements.c.state != AnnouncementState.DISCARDED.value,
        )
        .order_by(announcements.c.touched_at.desc(), announcements.c.id.desc())
        .limit(most)
    )
    return [AnnouncementId(number) for number in rows]


# --- for a decision ----------------------------------------------------------------------------


def _beside(announcement: Announcement) -> Iterable[AnnouncementId]:
    others = (announcement.replaces, announcement.repeats, announcement.repeated_by)
    return (other for other in others if other is not None)


async def read_announcing(connection: AsyncConnection, needs: AnnouncingNeeds) -> AnnouncingKnown:
    """What decisions about announcements ask for."""
    if needs is NO_ANNOUNCING_NEEDS:
        return NOTHING_ANNOUNCED
    waiting = {user: await waiting_for_words(connection, user) for user in needs.waiting_of}
    numbers = {*needs.numbers, *(number for each in waiting.values() for number in each)}
    found = await read_announcements(connection, numbers)
    for _ in range(2):
        # What one replaces comes with it; then, of each, what it repeats and what repeats it.
        beside = {other for a in found.values() for other in _beside(a)} - found.keys()
        if beside:
            found |= await read_announcements(connection, beside)
    authors = frozenset(a.author for a in found.values()) if needs.with_authors else frozenset()
    return AnnouncingKnown(
        announcements=found,
        authors=authors,
        reaches={user: await read_reaches(connection, user) for user in needs.reaches_of | authors},
        waiting={user: tuple(found[n] for n in each) for user, each in waiting.items()},
        members=await read_members(connection, needs.members),
        deliveries=await read_deliveries(connection, needs.deliveries),
        student_names=(
            await names_of(connection, Role.STUDENT) if needs.student_names else frozenset()
        ),
        coordinators=await read_coordinators(connection) if needs.coordinators else (),
        next_number=await next_number(connection) if needs.new else AnnouncementId(1),
    )
