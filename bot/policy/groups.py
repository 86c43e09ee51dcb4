"""A group as Telegram shows it, and as we remember it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.people import Account

# The sixteen fields of ChatPermissions (Bot API 10.1). All are named in every call, because
# an omitted field means "not allowed" for most and "follow another field" for three of them.
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)

ALLOWED_WHEN_LOCKED = frozenset({"can_react_to_messages"})
"""B.6: members may react, and nothing else ("berichten versturen uitsluitend door beheerder")."""

REQUIRED_RIGHTS = (
    "can_restrict_members",
    "can_delete_messages",
    "can_invite_users",
    "can_pin_messages",
)
"""Administrator rights without which the bot cannot keep a group locked."""


class ChatKind(StrEnum):
    """Telegram's kinds of chat that a bot can be added to."""

    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class GroupState(StrEnum):
    """Where a group is in its life with us."""

    PENDING = "pending"
    MANAGED = "managed"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An administrator of a chat, as ``getChatAdministrators`` lists it."""

    user: UserId
    is_owner: bool = False
    is_anonymous: bool = False
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLook:
    """What Telegram says of a chat at one moment: the result of an inspection.

    ``allowed`` names the default permissions that are on; ``own_rights`` the bot's own
    administrator rights (empty while it is an ordinary member). ``seats`` leaves out the
    bot itself; an owner who hides or has left is simply not in it. ``member_count``: everybody,
    the bot and other bots included.
    """

    chat: ChatId
    kind: ChatKind
    title: str = ""
    is_member: bool = True
    username: str | None = None
    allowed: frozenset[str] = frozenset()
    seats: tuple[Seat, ...] = ()
    own_rights: frozenset[str] = frozenset()
    linked_channel: ChatId | None = None
    is_forum: bool = False
    boosts_unrestrict: int = 0
    in_community: bool = False
    member_count: int | None = None

    @property
    def owner(self) -> Seat | None:
        """The owner's seat, if Telegram shows it."""
        return next((seat for seat in self.seats if seat.is_owner), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as our own tables hold it.

    ``chat`` is its chat id now, also when it was found by an earlier one: what is done in a group
    by message id must never reach the messages of another chat.

    Times are aware and in UTC. ``confirmed_by`` is the member of staff who asked us to manage
    it (button, link or by making the bot administrator); ``explained`` the failing items that
    the owner was last told of; ``lock_proved_at`` when a look last found the lock on;
    ``open_since`` when a look first found it off; ``deadline_at`` when waiting ends;
    ``refused_at`` when the group was last told why the bot does not stay; ``left_at`` when we left,
    of a group that is left. ``leaving``: the bot is still there, because its leaving waits, or is
    withheld while it only observes. ``second_asked_at``: when the owner was last asked for a second
    administrator; ``offered_to`` and what goes with it: the colleague who is to take it over.
    ``reconfirm_before``: until when the owner has to say that the group goes on this school year;
    ``None`` when he has. ``reconfirm_asked_at``: when he was last asked. ``class_groups``: those
    that it serves, where they are asked for; ``classes_asked_at``: when the owner was asked for
    them. ``members_told_at``: until when its members were looked through for outsiders.
    """

    chat: ChatId
    state: GroupState
    kind: ChatKind = ChatKind.SUPERGROUP
    added_by: UserId | None = None
    confirmed_by: UserId | None = None
    owner: UserId | None = None
    seats: tuple[Seat, ...] = ()
    linked_channel: ChatId | None = None
    deadline_at: datetime | None = None
    refused_at: datetime | None = None
    left_at: datetime | None = None
    leaving: bool = False
    explained: frozenset[str] = frozenset()
    looked_at: datetime | None = None
    lock_proved_at: datetime | None = None
    open_since: datetime | None = None
    notice: MessageId | None = None
    second_asked_at: datetime | None = None
    offered_to: UserId | None = None
    offered_by: UserId | None = None
    offered_at: datetime | None = None
    offer_accepted_at: datetime | None = None
    reconfirm_before: datetime | None = None
    reconfirm_asked_at: datetime | None = None
    class_groups: frozenset[str] = frozenset()
    classes_asked_at: datetime | None = None
    members_told_at: datetime | None = None

    def seat_of(self, user: UserId) -> Seat | None:
        """The administrator's seat that ``user`` held when we last looked."""
        return next((seat for seat in self.seats if seat.user == user), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that a member of staff registered as a professional account (B.5)."""

    chat: ChatId
    registered_by: Account
