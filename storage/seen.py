"""Who has seen an announcement, and of whom nobody knows it yet: for its author, and for the tick.

Members are those whom we know to be where it stands: they came in, or they pressed there. Telegram
tells a bot of nobody else: of a group that is older than its bot, some are missing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.announcements.draft import AnnouncementId, AnnouncementState, DeliveryState
from bot.policy.ids import UserId
from bot.policy.people import Role
from storage.tables import (
    accounts,
    announcements,
    deliveries,
    group_members,
    groups,
    people,
    person_class_groups,
    sightings,
)

_GONE_OUT = (AnnouncementState.SENDING.value, AnnouncementState.SENT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody in a group where an announcement stands. ``seen_at``: ``None`` if not yet.

    ``class_groups``: a student's; of others none.
    """

    name: str
    class_groups: tuple[str, ...]
    seen_at: datetime | None


async def readers_of(connection: AsyncConnection, number: int) -> tuple[Reader, ...]:
    """Everybody linked who is known to be where it stands, except its author, by name."""
    stands = select(deliveries.c.group_id).where(
        deliveries.c.announcement_id == number, deliveries.c.state == DeliveryState.SENT.value
    )
    there = union(
        select(group_members.c.account_id).where(group_members.c.group_id.in_(stands)),
        select(sightings.c.account_id).where(sightings.c.announcement_id == number),
    ).subquery()
    author = select(announcements.c.author).where(announcements.c.id == number).scalar_subquery()
    rows = (
        await connection.execute(
            select(people.c.id, people.c.name, people.c.role, sightings.c.at)
            .join(accounts, accounts.c.person_id == people.c.id)
            .join(there, there.c.account_id == accounts.c.id)
            .outerjoin(
                sightings,
                (sightings.c.account_id == accounts.c.id) & (sightings.c.announcement_id == number),
            )
            .where(people.c.active.is_(True), accounts.c.id != author)
            .order_by(people.c.name, people.c.id)
        )
    ).all()
    classes: dict[int, list[str]] = defaultdict(list)
    students = [row.id for row in rows if row.role == Role.STUDENT.value]
    for person, name in await connection.execute(
        select(person_class_groups.c.person_id, person_class_groups.c.class_group)
        .where(person_class_groups.c.person_id.in_(students))
        .order_by(person_class_groups.c.class_group)
    ):
        classes[person].append(name)
    return tuple(
        Reader(name=row.name, class_groups=tuple(classes[row.id]), seen_at=row.at) for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of the members of the groups where it stands have pressed "Gezien"."""

    announcement: AnnouncementId
    author: UserId
    seen: int
    members: int


_KNOWN_THERE = (
    select(func.count())
    .where(group_members.c.group_id == deliveries.c.group_id)
    .correlate(deliveries)
    .scalar_subquery()
)
# Of those whom Telegram counts, one is the bot: it reads nothing. Who came in since the last count
# is known by name.
_COUNTED = func.coalesce(groups.c.member_count, 0) - 1
_MEMBERS = case((_COUNTED < _KNOWN_THERE, _KNOWN_THERE), else_=_COUNTED)
_SHARES = (
    select(
        announcements.c.id,
        accounts.c.user_id,
        func.sum(deliveries.c.seen).label("seen"),
        func.sum(_MEMBERS).label("members"),
    )
    .join(accounts, accounts.c.id == announcements.c.author)
    .join(deliveries, deliveries.c.announcement_id == announcements.c.id)
    .join(groups, groups.c.id == deliveries.c.group_id)
    .where(deliveries.c.state == DeliveryState.SENT.value)
    .group_by(announcements.c.id, accounts.c.user_id)
)


async def shares_of_today(connection: AsyncConnection, today: date) -> Sequence[Share]:
    """Of what is about a lesson of today, and has gone out: how many have seen it.

    Not of what its author has been asked about, nor of what says another one once more.
    """
    rows = await connection.execute(
        _SHARES.where(
            or_(announcements.c.day == today, announcements.c.new_day == today),
            announcements.c.state.in_(_GONE_OUT),
            announcements.c.asked_again_at.is_(None),
            announcements.c.repeats.is_(None),
            announcements.c.erased_at.is_(None),
        )
    )
    return [_share(*row) for row in rows]


async def share_of(connection: AsyncConnection, number: int) -> Share | None:
    """How many have seen one announcement; ``None`` if it stands nowhere."""
    row = (await connection.execute(_SHARES.where(announcements.c.id == number))).first()
    return None if row is None else _share(*row)


def _share(number: int, author: int, seen: int, members: int) -> Share:
    return Share(
        announcement=AnnouncementId(number),
        author=UserId(author),
        seen=int(seen),
        members=max(int(members), 0),
    )


async def urgent_since(
    connection: AsyncConnection, since: datetime, most: int
) -> Sequence[tuple[int, datetime, str]]:
    """Urgent announcements that reached a group after ``since``, the last one first.

    Of each: its number, when, and what its author is called.
    """
    sent_at = func.min(deliveries.c.sent_at)
    rows = await connection.execute(
        select(announcements.c.id, sent_at, func.coalesce(people.c.name, ""))
        .join(deliveries, deliveries.c.announcement_id == announcements.c.id)
        .join(accounts, accounts.c.id == announcements.c.author)
        .outerjoin(people, people.c.id == accounts.c.person_id)
        .where(
            announcements.c.urgent.is_(True),
            deliveries.c.sent_at > since,
        )
        .group_by(announcements.c.id, people.c.name)
        .order_by(announcements.c.id.desc())
        .limit(most)
    )
    return [(number, at, name) for number, at, name in rows]
