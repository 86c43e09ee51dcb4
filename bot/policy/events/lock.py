"""The lock: only administrators send (B.6, second half); staff who address one student (B.4)."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Evidence, Weight
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class LockProved(BaseEvent):
    """A look found the lock on for the first time, or again after it was found off.

    ``open_seconds``: from the moment that it was found off, 0 the first time.
    ``open_seconds_at_most``: from the last moment at which it was proved on.
    """

    tag: ClassVar[str] = "bot:lock:proved"

    chat: ChatId
    open_seconds: int
    open_seconds_at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDrifted(BaseEvent):
    """A look found that members may do what only administrators may: ``opened`` names it."""

    tag: ClassVar[str] = "bot:lock:drifted"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(BaseEvent):
    """A message, edit or post as a channel that only administrators may write is removed."""

    tag: ClassVar[str] = "bot:message:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId | None
    role: Role | None
    kind: str
    edited: bool
    as_channel: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNotRemovable(BaseEvent):
    """A message that should go is older than Telegram removes, or Telegram would not."""

    tag: ClassVar[str] = "bot:message:not-removable"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId | None
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAddressedStudent(BaseEvent):
    """A member of staff replied to, or named, one student in a managed group (B.4): look at it."""

    tag: ClassVar[str] = "bot:staff:addressed-student"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId
    student: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousWriter(BaseEvent):
    """An anonymous administrator wrote: kept, but nobody can be named as the author (A.3)."""

    tag: ClassVar[str] = "telegram:message:written-anonymously"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested(BaseEvent):
    """Somebody asked to join a group of ours; what was decided follows."""

    tag: ClassVar[str] = "telegram:member:join-requested"

    chat: ChatId
    user: UserId
    role: Role | None


LockEvent = (
    LockProved
    | LockDrifted
    | MessageRefused
    | MessageNotRemovable
    | StaffAddressedStudent
    | AnonymousWriter
    | JoinRequested
)
