"""Announcements: confirmed, stopped, delivered, corrected, taken back. Never their words."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementConfirmed(BaseEvent):
    """Its author confirmed an announcement. ``raised``: urgent for a reason that he gave."""

    tag: ClassVar[str] = "staff:announcement:confirmed"

    user: UserId
    announcement: int
    kind: str
    groups: int
    urgent: bool
    raised: bool
    scheduled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementStopped(BaseEvent):
    """The check found what may not go into a group (A.2): ``findings`` are the kinds of it."""

    tag: ClassVar[str] = "bot:announcement:stopped"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    announcement: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDoubted(BaseEvent):
    """Its author handed a stopped text to a second person: ``findings`` are what stopped it."""

    tag: ClassVar[str] = "staff:announcement:doubted"

    user: UserId
    announcement: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementReviewed(BaseEvent):
    """A second person let a stopped text go out, or returned it for a ``reason``."""

    tag: ClassVar[str] = "staff:announcement:reviewed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    announcement: int
    approved: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDelivered(BaseEvent):
    """Telegram took an announcement for a group."""

    tag: ClassVar[str] = "bot:announcement:delivered"

    chat: ChatId
    announcement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementCorrected(BaseEvent):
    """An announcement was replaced; ``by`` is the one that takes its place."""

    tag: ClassVar[str] = "staff:announcement:corrected"

    user: UserId
    announcement: int
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementWithdrawn(BaseEvent):
    """Its author took an announcement back, in ``groups`` groups."""

    tag: ClassVar[str] = "staff:announcement:withdrawn"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    announcement: int
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementWritten(BaseEvent):
    """Staff wrote in a group by hand. ``findings``: kinds of what had better not stand there."""

    tag: ClassVar[str] = "staff:announcement:written"

    chat: ChatId
    user: UserId
    findings: tuple[str, ...]
    edited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementResent(BaseEvent):
    """Its author had it sent once more where it failed, or nobody could say that it arrived."""

    tag: ClassVar[str] = "staff:announcement:resent"

    user: UserId
    announcement: int
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementRepeatAsked(BaseEvent):
    """Its author was asked whether to repeat it: ``seen`` of ``members`` had pressed Seen."""

    tag: ClassVar[str] = "bot:announcement:repeat-asked"

    user: UserId
    announcement: int
    seen: int
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementRepeated(BaseEvent):
    """Its author had it said once more; ``by`` is the announcement that does so."""

    tag: ClassVar[str] = "staff:announcement:repeated"

    user: UserId
    announcement: int
    by: int
    groups: int


AnnouncementEvent = (
    AnnouncementConfirmed
    | AnnouncementStopped
    | AnnouncementDelivered
    | AnnouncementDoubted
    | AnnouncementReviewed
    | AnnouncementResent
    | AnnouncementRepeatAsked
    | AnnouncementRepeated
    | AnnouncementCorrected
    | AnnouncementWithdrawn
    | AnnouncementWritten
)
