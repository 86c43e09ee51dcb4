"""What we remember of announcements: drafts, what became of them in each group, who saw them."""

from dataclasses import dataclass

from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    DeliveryState,
)
from bot.policy.ids import ChatId, MessageId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnnouncement:
    """From now on the announcement is as it stands here, the groups that it is for included.

    What has become of it in a group already stays as it was.
    """

    announcement: Announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnnouncementState:
    """The announcement enters a state; nothing else of it changes."""

    announcement: AnnouncementId
    state: AnnouncementState


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberPage:
    """Its author sees the announcement in this message."""

    announcement: AnnouncementId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDelivery:
    """How far an announcement came with one group. ``error``: why not, as a code.

    ``repeated``: it may stand there already, and says so when it is sent once more.
    """

    announcement: AnnouncementId
    chat: ChatId
    state: DeliveryState
    message: MessageId | None = None
    error: str | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSighting:
    """Somebody pressed "Gezien"; a second press changes nothing."""

    announcement: AnnouncementId
    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCount:
    """The number under the announcement in this group is brought up to date."""

    announcement: AnnouncementId
    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProgress:
    """Its author is shown that so many groups are done; ``ended``: nothing is on its way now."""

    announcement: AnnouncementId
    settled: int
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberAskedAgain:
    """Its author has been asked whether to repeat it, and is not asked once more."""

    announcement: AnnouncementId


AnnouncementChange = (
    KeepAnnouncement
    | SetAnnouncementState
    | RememberPage
    | SetDelivery
    | RecordSighting
    | ShowCount
    | ShowProgress
    | RememberAskedAgain
)
