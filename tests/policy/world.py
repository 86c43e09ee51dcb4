"""A school in a few values: people, a group that complies, a message. Tests change one field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.policy.broadcast_groups.group_look import LookFacts
from bot.policy.groups import (
    ALLOWED_WHEN_LOCKED,
    REQUIRED_RIGHTS,
    ChatKind,
    ChatLook,
    Group,
    GroupState,
    Seat,
)
from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account, Duty, Person, Role

LIMITS = Limits()
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EARLIER = AT - timedelta(hours=3)

CHAT = ChatId(-1001111111111)
OLD_CHAT = ChatId(-4111)
CHANNEL = ChatId(-1002222222222)
OTHER_CHANNEL = ChatId(-1003333333333)


def account(number: int, role: Role | None, *, active: bool = True, language: str | None = None):
    person = None
    if role is not None:
        person = Person(id=PersonId(number), role=role, active=active)
    return Account(user=UserId(number), person=person, language=language)


TEACHER = account(101, Role.STAFF)
COLLEAGUE = account(102, Role.STAFF, language="en")
LEFT_SCHOOL = account(103, Role.STAFF, active=False)
STUDENT = account(201, Role.STUDENT)
OTHER_STUDENT = account(202, Role.STUDENT)
GUARDIAN = account(301, Role.GUARDIAN)
STRANGER = account(401, None)
COORDINATOR = Account(
    user=UserId(104),
    person=Person(
        id=PersonId(104),
        role=Role.STAFF,
        duties=frozenset({Duty.LEADERSHIP, Duty.COORDINATOR}),
    ),
)
OTHER_BOT = UserId(501)

OWNER_SEAT = Seat(user=TEACHER.user, is_owner=True)
COLLEAGUE_SEAT = Seat(user=COLLEAGUE.user)
STUDENT_SEAT = Seat(user=STUDENT.user)
BOT_SEAT = Seat(user=OTHER_BOT, is_bot=True)

GOOD_LOOK = ChatLook(
    chat=CHAT,
    kind=ChatKind.SUPERGROUP,
    title="2B rooster",
    allowed=ALLOWED_WHEN_LOCKED,
    seats=(OWNER_SEAT,),
    own_rights=frozenset(REQUIRED_RIGHTS),
)

PENDING = Group(
    chat=CHAT,
    state=GroupState.PENDING,
    added_by=TEACHER.user,
    deadline_at=AT + timedelta(hours=12),
)
ASKED = replace(PENDING, confirmed_by=TEACHER.user)
MANAGED = Group(
    chat=CHAT,
    state=GroupState.MANAGED,
    added_by=TEACHER.user,
    confirmed_by=TEACHER.user,
    owner=TEACHER.user,
    seats=(OWNER_SEAT,),
    looked_at=AT - timedelta(minutes=5),
    lock_proved_at=AT - timedelta(minutes=5),
    second_asked_at=AT - timedelta(hours=1),
)
SUSPENDED = Group(
    chat=CHAT,
    state=GroupState.SUSPENDED,
    added_by=TEACHER.user,
    confirmed_by=TEACHER.user,
    owner=TEACHER.user,
    seats=(OWNER_SEAT,),
    explained=frozenset({"forum"}),
    deadline_at=AT + timedelta(hours=12),
    looked_at=AT - timedelta(minutes=5),
    lock_proved_at=AT - timedelta(minutes=5),
    second_asked_at=AT - timedelta(hours=1),
)
LEFT = Group(chat=CHAT, state=GroupState.LEFT)


def look_facts(group=ASKED, **changes):
    """A look at a group of TEACHER's that complies; ``look`` names the fields that differ."""
    look = replace(GOOD_LOOK, **changes.pop("look", {}))
    people = {who.user: who for who in (TEACHER, COLLEAGUE, STUDENT, GUARDIAN, LEFT_SCHOOL)}
    seated = tuple((seat, people[seat.user]) for seat in look.seats if seat.user in people)
    defaults = {
        "at": AT,
        "group": group,
        "look": look,
        "owner": people.get(look.owner.user) if look.owner else None,
        "administrators": seated,
        "added_by": TEACHER,
        "confirmed_by": people.get(group.confirmed_by),
        "channel_registered": False,
    }
    return LookFacts(**{**defaults, **changes})


def any_of_them(parts: Any) -> Any:
    """Events, changes or effects of which a test knows the kind, and the type checker does not."""
    return parts
