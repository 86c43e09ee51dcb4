"""What the log holds: facts of the past, append-only.

A field called ``chat`` or ``user`` names a Telegram chat or account here; storage replaces it by
our own number before it is written, so the log holds no Telegram id. No field may hold a name,
a title or the text of a message: what must be quoted is ``Evidence``, kept apart, with an end.
Every tag is described in docs/events.md; a tag's payload never changes without a new version.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.policy.ids import ChatId, MessageId, PersonId, UserId
from bot.policy.people import Duty, Role


class Weight(StrEnum):
    """What an event asks of people: nothing, to know it, or to look at it."""

    RECORD = "record"
    INFORMATION = "information"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a person may have to read back: the words of a removed message.

    Not part of the chained log; erased at ``keep_until``.
    """

    message: MessageId
    kind: str
    text: str | None
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    tag: ClassVar[str]
    version: ClassVar[int] = 1
    weight: ClassVar[Weight] = Weight.RECORD


# --- groups: coming and going (B.6, first half) ------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAdded(_Event):
    """Somebody added the bot to a chat, or the bot was pointed to one."""

    tag: ClassVar[str] = "telegram:group:bot-added"

    chat: ChatId
    user: UserId | None
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRemoved(_Event):
    """Somebody took the bot out of a chat."""

    tag: ClassVar[str] = "telegram:group:bot-removed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId | None
    role: Role | None
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRightsChanged(_Event):
    """Somebody changed what the bot may do in a chat. ``missing``: the rights it now lacks."""

    tag: ClassVar[str] = "telegram:group:bot-rights-changed"

    chat: ChatId
    user: UserId | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfirmed(_Event):
    """A member of staff asked us to manage a group: ``how`` is button, link or rights."""

    tag: ClassVar[str] = "staff:group:confirmed"

    chat: ChatId
    user: UserId
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAdopted(_Event):
    """The group complies and is managed from now on."""

    tag: ClassVar[str] = "bot:group:adopted"

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRefused(_Event):
    """The bot does not stay: ``reason`` is the rule's code, ``manager`` who manages it by role."""

    tag: ClassVar[str] = "bot:group:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    reason: str
    manager: Role | None
    added_by: UserId | None
    added_by_role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTookPart(_Event):
    """A member of staff added the bot to a group that staff do not manage (B.6): look at it."""

    tag: ClassVar[str] = "bot:staff:took-part"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId
    manager: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupExplained(_Event):
    """The owner was told what is still missing: ``items`` are the codes of the failing items."""

    tag: ClassVar[str] = "bot:group:explained"

    chat: ChatId
    user: UserId
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSuspended(_Event):
    """A managed group no longer complies: ``items`` are the codes of the failing items."""

    tag: ClassVar[str] = "bot:group:suspended"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResumed(_Event):
    """A suspended group complies again."""

    tag: ClassVar[str] = "bot:group:resumed"

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMigrated(_Event):
    """Telegram gave the group a new chat id. The group stays the same one to us."""

    tag: ClassVar[str] = "telegram:group:migrated"

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLost(_Event):
    """A look found that the bot is no longer in the group."""

    tag: ClassVar[str] = "bot:group:lost"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(_Event):
    """The group has another owner, or none that shows."""

    tag: ClassVar[str] = "telegram:group:owner-changed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId | None
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorChanged(_Event):
    """Somebody gave or took an administrator's seat."""

    tag: ClassVar[str] = "telegram:administrator:changed"

    chat: ChatId
    user: UserId
    role: Role | None
    by: UserId | None
    seated: bool


# --- the lock (B.6, second half) ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LockProved(_Event):
    """A look found the lock on for the first time, or again after it was found off.

    ``open_seconds``: from the moment that it was found off, 0 the first time.
    ``open_seconds_at_most``: from the last moment at which it was proved on.
    """

    tag: ClassVar[str] = "bot:lock:proved"

    chat: ChatId
    open_seconds: int
    open_seconds_at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDrifted(_Event):
    """A look found that members may do what only administrators may: ``opened`` names it."""

    tag: ClassVar[str] = "bot:lock:drifted"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(_Event):
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
class MessageNotRemovable(_Event):
    """A message that should go is older than Telegram removes, or Telegram would not."""

    tag: ClassVar[str] = "bot:message:not-removable"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId | None
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAddressedStudent(_Event):
    """A member of staff replied to, or named, one student in a managed group (B.4): look at it."""

    tag: ClassVar[str] = "bot:staff:addressed-student"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId
    student: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousWriter(_Event):
    """An anonymous administrator wrote: kept, but nobody can be named as the author (A.3)."""

    tag: ClassVar[str] = "telegram:message:written-anonymously"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested(_Event):
    """Somebody asked to join a managed group; staff decide."""

    tag: ClassVar[str] = "telegram:member:join-requested"

    chat: ChatId
    user: UserId
    role: Role | None


# --- one-to-one contact (B.7) and channels (B.5) -----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMessageAnswered(_Event):
    """Somebody who is not staff wrote to the bot and got the one kind answer."""

    tag: ClassVar[str] = "bot:contact:answered"

    user: UserId
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAskedFor(_Event):
    """Somebody asked the bot for a member of staff: a signal, no offence; without the text."""

    tag: ClassVar[str] = "bot:contact:staff-asked-for"
    weight: ClassVar[Weight] = Weight.SIGNAL

    user: UserId
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(_Event):
    """Somebody used a command that is not his to use."""

    tag: ClassVar[str] = "bot:command:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    role: Role | None
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRegistered(_Event):
    """A member of staff registered a channel that he owns as a professional account."""

    tag: ClassVar[str] = "staff:channel:registered"

    user: UserId


# --- people ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinked(_Event):
    """An account now belongs to a person of the roster."""

    tag: ClassVar[str] = "bot:account:linked"

    user: UserId
    person: PersonId
    role: Role
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRefused(_Event):
    """A linking code was refused: ``reason`` is the rule's code."""

    tag: ClassVar[str] = "bot:code:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesIssued(_Event):
    """The command line made linking codes."""

    tag: ClassVar[str] = "cli:codes:issued"

    count: int
    first_administrator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImported(_Event):
    """The command line read a roster."""

    tag: ClassVar[str] = "cli:roster:imported"

    added: int
    changed: int
    gone: int


# --- the bot itself ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BotStarted(_Event):
    """The bot starts. ``unknown``: messages of which it cannot say whether they arrived."""

    tag: ClassVar[str] = "bot:process:started"

    observe_only: bool
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFound(_Event):
    """The bot was away longer than Telegram keeps updates: what happened then is not in the log."""

    tag: ClassVar[str] = "bot:intake:gap-found"
    weight: ClassVar[Weight] = Weight.SIGNAL

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSetAside(_Event):
    """An update could not be handled and waits in ``dead_letters``; the ones behind it went on."""

    tag: ClassVar[str] = "bot:update:set-aside"
    weight: ClassVar[Weight] = Weight.SIGNAL

    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFailed(_Event):
    """Telegram would not do what we asked, or the answer was lost (``unknown``)."""

    tag: ClassVar[str] = "bot:effect:failed"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId | None
    user: UserId | None
    effect: str
    reason: str
    unknown: bool


Event = (
    BotAdded
    | BotRemoved
    | BotRightsChanged
    | GroupConfirmed
    | GroupAdopted
    | GroupRefused
    | StaffTookPart
    | GroupExplained
    | GroupSuspended
    | GroupResumed
    | GroupMigrated
    | GroupLost
    | OwnerChanged
    | AdministratorChanged
    | LockProved
    | LockDrifted
    | MessageRefused
    | MessageNotRemovable
    | StaffAddressedStudent
    | AnonymousWriter
    | JoinRequested
    | PrivateMessageAnswered
    | StaffAskedFor
    | CommandRefused
    | ChannelRegistered
    | AccountLinked
    | CodeRefused
    | CodesIssued
    | RosterImported
    | BotStarted
    | GapFound
    | UpdateSetAside
    | EffectFailed
)
