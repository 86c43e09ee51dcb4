"""What we remember of groups."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.groups import ChatKind, GroupState, Seat
from bot.policy.ids import ChatId, MessageId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberGroup:
    """A chat that the bot has been added to, or one that a member of staff points out.

    A chat that we know already keeps its number and its history, its state, deadline and
    confirmation included; an ``added_by`` that was not known yet is filled in. A chat that we had
    left starts again at *pending*: nobody has confirmed it, nothing has been explained, no lock
    has been proved. Only ``refused_at`` stays.
    """

    chat: ChatId
    kind: ChatKind
    title: str
    added_by: UserId | None
    deadline_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmGroup:
    """A member of staff asked us to manage this group."""

    chat: ChatId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGroupState:
    """The group enters a state; ``deadline_at`` is when it ends by itself, if it does.

    ``refused_at`` is set when the group was told why the bot does not stay.
    """

    chat: ChatId
    state: GroupState
    deadline_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberLook:
    """What an inspection saw of a group."""

    chat: ChatId
    kind: ChatKind
    title: str
    seats: tuple[Seat, ...]
    linked_channel: ChatId | None
    explained: frozenset[str]
    lock_proved_at: datetime | None
    open_since: datetime | None
    member_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLook:
    """The next look at this group is due then."""

    chat: ChatId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberSeat:
    """Somebody got or lost an administrator's seat between two looks (a ``chat_member`` update).

    So the next look does not take it for a change that nobody reported. A seat that was held
    already keeps what the last look saw of it.
    """

    chat: ChatId
    user: UserId
    seated: bool
    is_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberOwner:
    """Telegram said in the group that it has this owner now, or none that shows.

    Whoever owned it before keeps an ordinary seat until the next look.
    """

    chat: ChatId
    user: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateGroup:
    """Telegram made a supergroup of a basic group: same group, new chat id.

    No lock has been proved in the new chat. If the new id has come to be known as a group of its
    own already, because Telegram's queues overtook one another, that one was this group: its id
    goes to the old one and the two are one from now on. A second time it changes nothing.
    """

    old: ChatId
    new: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberNotice:
    """The pinned house rules are this message."""

    chat: ChatId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberInviteLink:
    """A link that the bot made. ``asks_approval`` is false for the primary link."""

    chat: ChatId
    url: str
    asks_approval: bool


GroupChange = (
    RememberGroup
    | ConfirmGroup
    | SetGroupState
    | RememberLook
    | ScheduleLook
    | RememberSeat
    | RememberOwner
    | MigrateGroup
    | RememberNotice
    | RememberInviteLink
)
