"""Everything that our tables hold about one account and the person that it is linked to.

For whoever asks for it himself (GDPR article 15), so never about anybody else: what names other
people, or numbers of other accounts, is left out, and of a family only how many there are. The
table below is the whole of it: docs/privacy.md is compared with it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.events import AccountLinked, Event
from bot.policy.ids import UserId
from storage.codec import plan_of
from storage.engine import reading
from storage.erasing import kept_until, named_beside
from storage.tables import (
    accounts,
    announcements,
    channels,
    contacts,
    data_requests,
    duty_proposals,
    events,
    evidence,
    group_members,
    group_seats,
    groups,
    guardian_consents,
    guardianships,
    join_requests,
    linking_codes,
    nonces,
    outbox,
    people,
    person_class_groups,
    person_duties,
    roster_uploads,
    sightings,
    wrong_codes,
)

Value = str | int | bool | datetime | None
Entry = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Whom it is about, in our numbers. ``person`` is ``None`` while nobody is linked."""

    account: int
    user: UserId
    person: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyData:
    """What is stored about somebody, by section: rows of plain values, times in UTC.

    ``kept_until``: until when something about the account has to be kept, whatever he wishes.
    ``happened``: how many events there are by rule, the most first. ``children``: the names of a
    guardian's children, for the guardian's own eyes; they stand in no file.
    """

    sections: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    kept_until: datetime | None = None
    happened: tuple[tuple[str, int], ...] = ()
    children: tuple[str, ...] = ()

    def of(self, section: str) -> tuple[Entry, ...]:
        """The rows of a section; none if it is empty."""
        return self.sections.get(section, ())

    def one(self, section: str) -> Entry:
        """The only row of a section; an empty one if there is none."""
        return next(iter(self.of(section)), {})


def _account(me: Me) -> Select[Any]:
    return select(
        accounts.c.user_id.label("telegram_id"),
        accounts.c.first_seen_at,
        accounts.c.linked_at,
        accounts.c.unlinked_at,
        accounts.c.erase_at,
        accounts.c.language,
    ).where(accounts.c.id == me.account)


def _person(me: Me) -> Select[Any]:
    return select(
        people.c.name, people.c.school_id, people.c.role, people.c.active, people.c.left_at
    ).where(people.c.id == me.person)


def _class_groups(me: Me) -> Select[Any]:
    return select(person_class_groups.c.class_group).where(
        person_class_groups.c.person_id == me.person
    )


def _duties(me: Me) -> Select[Any]:
    return select(person_duties.c.duty).where(person_duties.c.person_id == me.person)


def _family(me: Me) -> Select[Any]:
    guardians = select(func.count()).where(guardianships.c.student_id == me.person)
    children = select(func.count()).where(guardianships.c.guardian_id == me.person)
    return select(
        guardians.scalar_subquery().label("guardians"),
        children.scalar_subquery().label("children"),
    )


def _consents(me: Me) -> Select[Any]:
    return select(guardian_consents.c.given_at, guardian_consents.c.withdrawn_at).where(
        or_(
            guardian_consents.c.student_id == me.person,
            guardian_consents.c.guardian_id == me.person,
        )
    )


def _codes(me: Me) -> Select[Any]:
    return select(
        linking_codes.c.made_at,
        linking_codes.c.expires_at,
        linking_codes.c.spent_at,
        linking_codes.c.revoked_at,
    ).where(or_(linking_codes.c.person_id == me.person, linking_codes.c.spent_by == me.account))


def _wrong_codes(me: Me) -> Select[Any]:
    return select(wrong_codes.c.at).where(wrong_codes.c.account_id == me.account)


def _answers(me: Me) -> Select[Any]:
    return select(contacts.c.answered_at, contacts.c.greeted_at).where(
        contacts.c.account_id == me.account
    )


def _group_links(me: Me) -> Select[Any]:
    return select(nonces.c.expires_at, nonces.c.spent_at).where(nonces.c.account_id == me.account)


def _channels(me: Me) -> Select[Any]:
    return select(channels.c.chat_id.label("telegram_id"), channels.c.registered_at).where(
        channels.c.account_id == me.account
    )


def _member_of(me: Me) -> Select[Any]:
    return (
        select(groups.c.title.label("group"), group_members.c.since, group_members.c.how)
        .join(groups, groups.c.id == group_members.c.group_id)
        .where(group_members.c.account_id == me.account)
        .order_by(group_members.c.since)
    )


def _administers(me: Me) -> Select[Any]:
    return (
        select(groups.c.title.label("group"), groups.c.state, group_seats.c.is_owner)
        .join(groups, groups.c.id == group_seats.c.group_id)
        .where(group_seats.c.user_id == me.user)
    )


def _set_up(me: Me) -> Select[Any]:
    return select(
        groups.c.title.label("group"),
        groups.c.state,
        func.coalesce(groups.c.owner == me.account, false()).label("owner"),
        func.coalesce(groups.c.added_by == me.account, false()).label("added_bot"),
        func.coalesce(groups.c.confirmed_by == me.account, false()).label("confirmed"),
        func.coalesce(groups.c.offered_to == me.account, false()).label("offered"),
    ).where(
        or_(
            groups.c.owner == me.account,
            groups.c.added_by == me.account,
            groups.c.confirmed_by == me.account,
            groups.c.offered_to == me.account,
            groups.c.offered_by == me.account,
        )
    )


def _join_requests(me: Me) -> Select[Any]:
    return (
        select(
            groups.c.title.label("group"),
            join_requests.c.asked_at,
            join_requests.c.state,
            join_requests.c.settled_at,
        )
        .join(groups, groups.c.id == join_requests.c.group_id)
        .where(join_requests.c.account_id == me.account)
        .order_by(join_requests.c.id)
    )


def _data_requests(me: Me) -> Select[Any]:
    mine = data_requests.c.account_id == me.account
    return (
        select(data_requests.c.kind, data_requests.c.asked_at, data_requests.c.done_at)
        .where(_or_mine(mine, data_requests.c.person_id, me))
        .order_by(data_requests.c.id)
    )


def _rosters(me: Me) -> Select[Any]:
    return select(
        roster_uploads.c.made_at, roster_uploads.c.state, roster_uploads.c.settled_at
    ).where(roster_uploads.c.account_id == me.account)


def _duty_proposals(me: Me) -> Select[Any]:
    return select(
        duty_proposals.c.duty,
        duty_proposals.c.grants,
        duty_proposals.c.proposed_at,
        duty_proposals.c.decided_at,
        duty_proposals.c.state,
    ).where(
        or_(
            duty_proposals.c.person_id == me.person,
            duty_proposals.c.proposed_by == me.account,
            duty_proposals.c.decided_by == me.account,
        )
    )


def _announcements(me: Me) -> Select[Any]:
    return (
        select(
            announcements.c.kind,
            announcements.c.class_groups.label("class_group"),
            announcements.c.subject,
            announcements.c.room,
            announcements.c.note.label("text"),
            announcements.c.raised_because,
            announcements.c.state,
            announcements.c.made_at,
        )
        .where(announcements.c.author == me.account)
        .order_by(announcements.c.id)
    )


def _seen(me: Me) -> Select[Any]:
    return (
        select(groups.c.title.label("group"), sightings.c.at)
        .join(groups, groups.c.id == sightings.c.group_id)
        .where(sightings.c.account_id == me.account)
        .order_by(sightings.c.at)
    )


def _sent(me: Me) -> Select[Any]:
    return (
        select(outbox.c.effect.label("kind"), outbox.c.made_at, outbox.c.state)
        .where(outbox.c.account_id == me.account)
        .order_by(outbox.c.id)
    )


def _evidence(me: Me) -> Select[Any]:
    return (
        select(
            evidence.c.kind,
            evidence.c.text,
            events.c.recorded_at,
            evidence.c.keep_until,
            groups.c.title.label("group"),
        )
        .join(events, events.c.seq == evidence.c.event_seq)
        .outerjoin(groups, groups.c.id == events.c.group_id)
        .where(_about(me))
        .order_by(evidence.c.id)
    )


def _events(me: Me) -> Select[Any]:
    return (
        select(
            events.c.seq.label("number"),
            events.c.tag,
            events.c.rule,
            events.c.weight,
            events.c.happened_at,
            events.c.recorded_at,
            events.c.payload,
            func.coalesce(_about(me), literal(value=False)).label("mine"),
        )
        .where(or_(_about(me), named_beside(me.account)))
        .order_by(events.c.seq)
    )


def _about(me: Me) -> ColumnElement[bool]:
    """Events about the account, but for those of another person to whom it once belonged."""
    of_account = events.c.account_id == me.account
    if me.person is None:
        return of_account
    linked = events.alias("linked")
    former = select(linked.c.person_id).where(
        linked.c.account_id == me.account,
        linked.c.tag == AccountLinked.tag,
        linked.c.person_id != me.person,
    )
    not_of_former = or_(events.c.person_id.is_(None), events.c.person_id.not_in(former))
    return or_(and_(of_account, not_of_former), events.c.person_id == me.person)


def _or_mine(mine: ColumnElement[bool], person: Any, me: Me) -> ColumnElement[bool]:  # noqa: ANN401 (a column)
    return mine if me.person is None else or_(mine, person == me.person)


SECTIONS: Mapping[str, Callable[[Me], Select[Any]]] = {
    "account": _account,
    "person": _person,
    "class-groups": _class_groups,
    "duties": _duties,
    "family": _family,
    "consents": _consents,
    "codes": _codes,
    "wrong-codes": _wrong_codes,
    "answers": _answers,
    "group-links": _group_links,
    "channels": _channels,
    "member-of": _member_of,
    "administers": _administers,
    "set-up": _set_up,
    "join-requests": _join_requests,
    "data-requests": _data_requests,
    "rosters": _rosters,
    "duty-proposals": _duty_proposals,
    "announcements": _announcements,
    "seen": _seen,
    "sent": _sent,
    "evidence": _evidence,
    "events": _events,
}
"""Everything, in the order in which the file tells it."""

ON_THE_PAGE = (
    "account",
    "person",
    "class-groups",
    "duties",
    "family",
    "member-of",
    "administers",
    "join-requests",
    "data-requests",
    "evidence",
)
"""What the page in the chat tells of; the rest may be long, and stands in the file."""

_PLAIN: Mapping[str, tuple[str, ...]] = {kind.tag: plan_of(kind).plain for kind in get_args(Event)}


async def read_my_data(
    engine: AsyncEngine, user: UserId, *, signals_for: timedelta, names: Iterable[str] = SECTIONS
) -> MyData:
    """What is stored about an account; nothing if we never saw it."""
    async with reading(engine) as connection:
        found = (
            await connection.execute(
                select(accounts.c.id, accounts.c.person_id).where(accounts.c.user_id == user)
            )
        ).one_or_none()
        if found is None:
            return MyData()
        me = Me(account=found.id, user=user, person=found.person_id)
        return MyData(
            sections={
                name: tuple([_entry(row) for row in await connection.execute(SECTIONS[name](me))])
                for name in names
            },
            kept_until=await kept_until(connection, me.account, signals_for),
            happened=await _happened(connection, me),
            children=await _children(connection, me),
        )


def _entry(row: Row[Any]) -> Entry:
    values = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's own public name)
    if "payload" in values:
        payload, mine = json.loads(values.pop("payload")), values.pop("mine")
        # The rest of a payload is about others, or numbers of theirs.
        plain = _PLAIN.get(values["tag"], ()) if mine else ()
        values["details"] = json.dumps({name: payload[name] for name in plain if name in payload})
    return values


async def _happened(connection: AsyncConnection, me: Me) -> tuple[tuple[str, int], ...]:
    count = func.count()
    rows = await connection.execute(
        select(events.c.rule, count.label("times"))
        .where(_about(me))
        .group_by(events.c.rule)
        .order_by(count.desc(), events.c.rule)
    )
    return tuple((row.rule, row.times) for row in rows)


async def _children(connection: AsyncConnection, me: Me) -> tuple[str, ...]:
    rows = await connection.scalars(
        select(people.c.name)
        .join(guardianships, guardianships.c.student_id == people.c.id)
        .where(guardianships.c.guardian_id == me.person, people.c.active.is_(True))
        .order_by(people.c.id)
    )
    return tuple(rows)
