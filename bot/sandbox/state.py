"""The state of the pretend Telegram, as plain data: people, chats, memberships, messages, links.

No rule and no JSON lives here. Members and links are replaced, never changed, so that an update
can show the old one beside the new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

GROUP_ANONYMOUS_BOT: Final = 1087968824
CHANNEL_BOT: Final = 136817688
SERVICE_NOTIFICATIONS: Final = 777000
SPECIAL_USERS: Final = frozenset({GROUP_ANONYMOUS_BOT, CHANNEL_BOT, SERVICE_NOTIFICATIONS})
FOREVER: Final = 0


@dataclass(slots=True)
class User:
    """A person, or a bot; `started`, `blocked` are about the person's chat with our bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None
    phone_number: str | None = None
    bio: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    chats: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A membership: one person in one chat, also after leaving it."""

    user_id: int
    status: str
    rights: frozenset[str] = frozenset()
    permissions: Mapping[str, bool] | None = None
    until_date: int = FOREVER
    is_member: bool = True
    custom_title: str | None = None
    promoted_by: int | None = None
    invited_by: int | None = None
    joined: int = 0
    was_removed: bool = False
    was_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file somebody sent: its content as it came, and what Telegram knows of it."""

    id: str
    unique_id: str
    kind: str
    content: bytes
    name: str | None = None
    mime_type: str | None = None


@dataclass(slots=True, kw_only=True)
class Message:
    """A message of a chat; `content` holds its Bot API fields (text, entities, photo …)."""

    id: int
    chat_id: int
    date: int
    from_id: int | None
    content: Json
    kind: str = "text"
    sender_chat_id: int | None = None
    author_signature: str | None = None
    reply_to: int | None = None
    markup: Json | None = None
    edit_date: int | None = None
    forward_origin: Json | None = None
    extras: Json = field(default_factory=dict)
    is_service: bool = False
    pinned_id: int | None = None
    real_sender: int | None = None
    heard: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    deleted_by: int | None = None
    deleted_how: str | None = None
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteLink:
    """An invite link of one creator; `used` counts who came in by it."""

    url: str
    creator: int
    is_primary: bool = False
    is_revoked: bool = False
    creates_join_request: bool = False
    name: str | None = None
    expire_date: int | None = None
    member_limit: int | None = None
    used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """Somebody waiting to be let in, through a link or a public name; `told`: the bot knows."""

    user_id: int
    date: int
    link: str | None
    bio: str | None = None
    told: bool = False


@dataclass(slots=True, kw_only=True)
class Query:
    """A press of an inline button, until it is answered or too old."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    born: float
    answer: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessConnection:
    """A person's account connected to the bot (Secretary mode)."""

    id: str
    user_id: int
    date: int
    rights: Json
    is_enabled: bool = True


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat: the bot's private chats, groups, supergroups, and channels as senders."""

    id: int
    type: str
    created: int
    title: str | None = None
    username: str | None = None
    description: str | None = None
    permissions: Mapping[str, bool] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    member_count: int = 0
    administrators: dict[int, None] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    pinned: list[int] = field(default_factory=list)
    links: dict[str, InviteLink] = field(default_factory=dict)
    primary_links: dict[int, str] = field(default_factory=dict)
    pending_by_link: dict[str, int] = field(default_factory=dict)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    banned_senders: dict[int, int] = field(default_factory=dict)
    boosts: dict[int, int] = field(default_factory=dict)
    unrestrict_boost_count: int = 0
    slow_mode_delay: int = 0
    has_protected_content: bool = False
    join_by_request: bool = False
    has_hidden_members: bool = False
    is_forum: bool = False
    migrated_to: int | None = None
    migrated_from: int | None = None
    linked_chat_id: int | None = None
    keyboard: Json | None = None
    keyboard_message: int | None = None
    bot_action: tuple[str, int] | None = None
    refusals: list[Json] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandScope:
    """Whom a list of commands is for: a `BotCommandScope` with a language ("": every language)."""

    type: str = "default"
    chat_id: int | None = None
    user_id: int | None = None
    language: str = ""


@dataclass(slots=True)
class Profile:
    """What the bot has told Telegram about itself, by scope and language."""

    commands: dict[CommandScope, list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    rights: dict[bool, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered when the bot does not poll; an empty address: nowhere."""

    url: str = ""
    secret_token: str | None = None
    max_connections: int = 40
    ip_address: str | None = None
    last_error_date: int | None = None
    last_error_message: str | None = None
