"""What we remember of a school year that begins, and of guardians' consent."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.ids import ChatId, PersonId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSchoolYear:
    """A school year begins. ``by``: the administrator; ``None`` for the command line."""

    by: UserId | None
    confirm_before: datetime
    groups: int
    leavers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitReconfirmation:
    """The group's owner has until ``before`` to say that it goes on; nobody has asked him yet."""

    chat: ChatId
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberReconfirmationAsked:
    """The group's owner has now been asked, or reminded."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmGroup:
    """The group goes on this school year."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropClassGroups:
    """These class groups are no more; the group no longer serves them."""

    chat: ChatId
    class_groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """A guardian consents to a child being in group apps of school."""

    student: PersonId
    guardian: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent:
    """A guardian takes that back; when it was given stays known."""

    student: PersonId
    guardian: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberChoice:
    """What the school's file says now, as it was written in the log."""

    name: str
    value: str


SchoolYearChange = (
    BeginSchoolYear
    | AwaitReconfirmation
    | RememberReconfirmationAsked
    | ReconfirmGroup
    | DropClassGroups
    | GiveConsent
    | WithdrawConsent
    | RememberChoice
)
