"""Everything the bot may do to the world, as a closed set.

No effect imposes a measure on a person: there is no class here for it, and there must never
be one. Effects name Telegram's chats and users; the outbox stores our own ids, so that a
group that changes its chat id still gets what was meant for it. ``repeatable`` says whether
doing it twice is harmless: what is not, is marked before the call and shown as *unknown*,
never sent again, when the answer was lost. ``coalesces``: while one waits, another for the same
chat adds nothing; once it is under way it may, for it has not seen what came after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import ClassVar

from bot.policy.ids import ChatId, MessageId, UserId

DELETED_AT_ONCE = 100
"""Message ids that Telegram takes in one call (Bot API: deleteMessages)."""


class Priority(IntEnum):
    """Lower goes first."""

    URGENT = 0
    ANSWER = 10
    ROUTINE = 20
    BACKGROUND = 30


class Lane(StrEnum):
    """Effects of different lanes never wait for one another."""

    WRITE = "write"
    MODERATE = "moderate"
    LOOK = "look"


class Purpose(StrEnum):
    """What a message is for: decides what follows once it has been sent."""

    ANSWER = "answer"
    HOUSE_RULES = "house-rules"
    REFUSAL = "refusal"


class Keyboard(StrEnum):
    """The buttons under a private message."""

    NONE = "none"
    PICK_GROUP = "pick-group"
    PICK_CHANNEL = "pick-channel"
    CONFIRM_GROUP = "confirm-group"
    GROUP_READY = "group-ready"
    GROUP_CLASSES = "group-classes"
    GROUP_MEMBERS = "group-members"
    RECONFIRM = "reconfirm"
    REMOVE = "remove"


class Language(StrEnum):
    """The language of a message; groups get both."""

    DUTCH = "nl"
    ENGLISH = "en"
    BOTH = "both"


class Page(StrEnum):
    """What the bot can show in a private chat, drawn from our tables when it is shown."""

    RULES = "rules"
    LANGUAGE = "language"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENTS = "announcements"
    REVIEW = "review"
    SEEN_BY = "seen-by"
    ASK_AGAIN = "ask-again"
    HELP = "help"
    MY_DATA = "my-data"
    MY_DATA_FILE = "my-data-file"
    STOP = "stop"
    DATA_ASKED = "data-asked"
    GROUPS = "groups"
    GROUP = "group"
    GROUP_CLASSES = "group-classes"
    GROUP_MEMBERS = "group-members"
    GROUP_LINK = "group-link"
    GROUP_SECOND = "group-second"
    HAND_OVER = "hand-over"
    GROUP_OFFER = "group-offer"
    CLOSE_GROUP = "close-group"
    IMPORT = "import"
    IMPORT_PREVIEW = "import-preview"
    IMPORT_RUN = "import-run"
    CODES = "codes"
    CODE_PAPERS = "code-papers"
    LINKS = "links"
    PERSON = "person"
    REVOKE_LINK = "revoke-link"
    DUTIES = "duties"
    DUTY_PROPOSAL = "duty-proposal"
    DATA_REQUESTS = "data-requests"
    SCHOOL_YEAR = "school-year"
    CONSENT = "consent"
    CONSENT_WITHDRAWN = "consent-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effect:
    lane: ClassVar[Lane] = Lane.MODERATE
    priority: ClassVar[Priority] = Priority.ROUTINE
    repeatable: ClassVar[bool] = True
    coalesces: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPrivateNotice(_Effect):
    """Send a text of the catalogue to one account, by its key.

    ``declines``: this says why the account's request to join the group ``about`` is declined, by
    the code of the rule. Declining follows when it has been said, or could not be: with the request
    ends the permission to write to somebody who never wrote to the bot.
    """

    lane: ClassVar[Lane] = Lane.WRITE
    priority: ClassVar[Priority] = Priority.ANSWER
    repeatable: ClassVar[bool] = False

    user: UserId
    key: str
    language: Language = Language.DUTCH
    values: Mapping[str, str | int] = field(default_factory=dict)
    keyboard: Keyboard = Keyboard.NONE
    about: ChatId | None = None
    declines: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage(_Effect):
    """Show a page of the bot as a new message, with a file if it has one.

    What stands on it is read when it is sent, so that the outbox holds none of it. ``argument``
    says, beside the group ``about``, which of its kind it is: numbers and codes, never names.
    """

    lane: ClassVar[Lane] = Lane.WRITE
    priority: ClassVar[Priority] = Priority.ANSWER
    repeatable: ClassVar[bool] = False
    coalesces: ClassVar[bool] = True

    user: UserId
    page: Page
    language: Language
    about: ChatId | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage(_Effect):
    """Show a page in the place of another one, whose button was pressed."""

    lane: ClassVar[Lane] = Lane.WRITE
    priority: ClassVar[Priority] = Priority.ANSWER
    coalesces: ClassVar[bool] = True

    user: UserId
    page: Page
    language: Language
    message: MessageId
    about: ChatId | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGroupNotice(_Effect):
    """Send a text of the catalogue to a group, in both languages."""

    lane: ClassVar[Lane] = Lane.WRITE
    repeatable: ClassVar[bool] = False

    chat: ChatId
    key: str
    purpose: Purpose
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAnnouncement(_Effect):
    """Send an announcement to a group. Its words are read when it is sent.

    ``silent``: telephones do not sound. One that is no longer to be sent by then is left out.
    """

    lane: ClassVar[Lane] = Lane.WRITE
    repeatable: ClassVar[bool] = False

    chat: ChatId
    announcement: int
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUrgentAnnouncement(SendAnnouncement):
    """The same, ahead of everything else that waits."""

    priority: ClassVar[Priority] = Priority.URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAnnouncement(_Effect):
    """Show an announcement as it is by now: how many have seen it, replaced, withdrawn."""

    lane: ClassVar[Lane] = Lane.WRITE
    priority: ClassVar[Priority] = Priority.BACKGROUND
    coalesces: ClassVar[bool] = True

    chat: ChatId
    announcement: int
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMessage(_Effect):
    """Pin one of the bot's own messages, without a sound."""

    chat: ChatId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMessages(_Effect):
    """Remove messages of one chat, at most a hundred in a call."""

    priority: ClassVar[Priority] = Priority.URGENT

    chat: ChatId
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockGroup(_Effect):
    """Let only administrators send: all sixteen permissions named, reactions left on (B.6)."""

    priority: ClassVar[Priority] = Priority.URGENT
    coalesces: ClassVar[bool] = True

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePrimaryLink(_Effect):
    """Replace the bot's primary invite link, which ends the old one."""

    repeatable: ClassVar[bool] = True

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateJoinLink(_Effect):
    """Make an invite link that asks for approval.

    ``asked_by``: who asked for a new one, and sees it in ``language`` once Telegram has made it.
    """

    coalesces: ClassVar[bool] = True

    chat: ChatId
    asked_by: UserId | None = None
    language: Language = Language.DUTCH


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeJoinLink(_Effect):
    """End an invite link of ours: whoever uses it from now on is told that it has expired."""

    chat: ChatId
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveJoinRequest(_Effect):
    """Let somebody in who asks to join. ``reason`` is the code of the rule."""

    priority: ClassVar[Priority] = Priority.ANSWER

    chat: ChatId
    user: UserId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineJoinRequest(_Effect):
    """Take away a request to join. ``reason`` is the code of the rule."""

    chat: ChatId
    user: UserId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember(_Effect):
    """Take somebody out of a group, free to come back by its link. Only because staff tapped it."""

    priority: ClassVar[Priority] = Priority.ANSWER

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class BanSenderChat(_Effect):
    """Stop a channel from posting in a group."""

    priority: ClassVar[Priority] = Priority.URGENT

    chat: ChatId
    sender_chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveGroup(_Effect):
    """Leave. In the lane of messages, so that it waits for what is still to be said there."""

    lane: ClassVar[Lane] = Lane.WRITE

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectGroup(_Effect):
    """Look at a group: type, owner, administrators, permissions, own rights. Changes nothing.

    ``not_before``: a look that is planned, because Telegram would still show what it showed last.
    """

    lane: ClassVar[Lane] = Lane.LOOK
    coalesces: ClassVar[bool] = True

    chat: ChatId
    why: str
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCommandMenu(_Effect):
    """Show one account the commands that are for it, in its language, in the menu of its chat.

    Which those are is read when it is done, so that the last one done is always right.
    """

    priority: ClassVar[Priority] = Priority.BACKGROUND
    coalesces: ClassVar[bool] = True

    user: UserId


JoiningEffect = ApproveJoinRequest | DeclineJoinRequest | RemoveMember
"""Effects in a group that are about one account."""

PrivateEffect = SendPrivateNotice | SendPage | EditPage | SetCommandMenu
"""Effects that are for one account, and that only this account sees."""

Effect = (
    SendPrivateNotice
    | SendPage
    | EditPage
    | SetCommandMenu
    | SendGroupNotice
    | SendAnnouncement
    | SendUrgentAnnouncement
    | EditAnnouncement
    | PinMessage
    | DeleteMessages
    | LockGroup
    | ReplacePrimaryLink
    | CreateJoinLink
    | RevokeJoinLink
    | ApproveJoinRequest
    | DeclineJoinRequest
    | RemoveMember
    | BanSenderChat
    | LeaveGroup
    | InspectGroup
)

EFFECTS: tuple[type[Effect], ...] = (
    SendPrivateNotice,
    SendPage,
    EditPage,
    SetCommandMenu,
    SendGroupNotice,
    SendAnnouncement,
    SendUrgentAnnouncement,
    EditAnnouncement,
    PinMessage,
    DeleteMessages,
    LockGroup,
    ReplacePrimaryLink,
    CreateJoinLink,
    RevokeJoinLink,
    ApproveJoinRequest,
    DeclineJoinRequest,
    RemoveMember,
    BanSenderChat,
    LeaveGroup,
    InspectGroup,
)
