"""An announcement as our own tables hold it, and the groups that it can go to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.policy.announcements.fields import Field, Fields
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, MessageId, UserId

AnnouncementId = NewType("AnnouncementId", int)
"""A row of the announcements: our own number."""


class AnnouncementState(StrEnum):
    """Where an announcement is in its life. Only a draft can be changed."""

    DRAFT = "draft"
    DOUBTED = "doubted"
    """Handed to a second person, who approves it or returns it."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class DeliveryState(StrEnum):
    """How far an announcement came with one group.

    ``UNKNOWN``: nobody can say; never sent again by itself. ``WITHHELD``: the bot only observes.
    """

    CHOSEN = "chosen"
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An announcement and one group. ``message`` is what stands there, once it has been sent."""

    chat: ChatId
    state: DeliveryState
    message: MessageId | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """``revision`` goes up with each change, so that a button shows which text it was under.

    ``awaiting``: the field that the author was asked to type. ``page``: the message in which the
    author sees it. ``wished_at``: when it is to go out, if not at once. ``raised_because``: why it
    is urgent although its lesson is not near. ``urgent``: it went ahead of everything else.
    ``repeats``: the announcement that this one says once more; ``repeated_by``: the one that says
    this one once more. ``asked_again``: its author has been asked whether to repeat it.
    ``erased``: its words are no longer kept.
    """

    id: AnnouncementId
    author: UserId
    state: AnnouncementState
    fields: Fields
    revision: int = 1
    awaiting: Field | None = None
    page: MessageId | None = None
    deliveries: tuple[Delivery, ...] = ()
    wished_at: datetime | None = None
    raised_because: str = ""
    urgent: bool = False
    replaces: AnnouncementId | None = None
    repeats: AnnouncementId | None = None
    repeated_by: AnnouncementId | None = None
    asked_again: bool = False
    erased: bool = False

    @property
    def chosen(self) -> tuple[ChatId, ...]:
        """The groups that it is, or will be, for."""
        return tuple(each.chat for each in self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A group that somebody may announce in, with whom it is for and how many that are."""

    chat: ChatId
    state: GroupState
    class_groups: frozenset[str] = frozenset()
    members: int | None = None
    is_keeper: bool = False
