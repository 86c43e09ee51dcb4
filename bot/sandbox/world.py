"""The world the sandbox plays in: one bot, its chats and people, behind one event loop.

Everything is in memory and every change is made synchronously, so one change is never seen half
done. Rules and JSON live elsewhere.
"""

from dataclasses import dataclass
from itertools import count
from typing import Final

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import RefusedByTelegram
from bot.sandbox.rights import OPEN_GROUP, is_administrator, is_in_chat
from bot.sandbox.state import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    SERVICE_NOTIFICATIONS,
    BusinessConnection,
    Chat,
    Json,
    Member,
    Profile,
    Query,
    StoredFile,
    User,
    Webhook,
)
from bot.sandbox.updates import UpdateQueue

FIRST_USER: Final = 5_000_000_001
FIRST_GROUP: Final = 4_700_000_001
FIRST_SUPERGROUP: Final = 1_002_300_000_001
FIRST_QUERY: Final = 4_382_000_000_000_000_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the bot's owner chose at BotFather; all of it is read back with getMe."""

    can_join_groups: bool = True
    can_read_all_group_messages: bool = False
    can_connect_to_business: bool = False
    supports_guest_queries: bool = False
    hears_other_bots: bool = False


class World:
    """People, chats, queries and the update queue."""

    def __init__(
        self, clock: SandboxClock, bot: User, features: Features, first_update_id: int | None
    ) -> None:
        """Start with nobody but the bot and Telegram's own accounts."""
        self.clock = clock
        self.bot = bot
        self.features = features
        self.updates = UpdateQueue(clock, first_update_id)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.usernames: dict[str, int] = {}
        self.met: set[int] = set(_TELEGRAMS_OWN) | {bot.id}
        self.seen_chats: set[int] = set()
        self.queries: dict[str, Query] = {}
        self.connections: dict[str, BusinessConnection] = {}
        self.links: dict[str, int] = {}
        self.profile = Profile()
        self.webhook = Webhook()
        self.files: dict[str, StoredFile] = {}
        self.file_paths: dict[str, tuple[str, int]] = {}
        self.user_ids = count(FIRST_USER)
        self.group_ids = count(FIRST_GROUP)
        self.supergroup_ids = count(FIRST_SUPERGROUP)
        self.query_ids = count(FIRST_QUERY)
        self.serial = count(1)
        for user in _TELEGRAMS_OWN.values():
            self.users[user.id] = user
        if bot.username:
            self.usernames[bot.username.lower()] = bot.id

    # --- finding -------------------------------------------------------------------------------
    def user(self, user_id: int) -> User:
        """Return a person, or raise LookupError: the call was wrong, not refused."""
        try:
            return self.users[user_id]
        except KeyError:
            msg = f"there is no user {user_id} in the sandbox"
            raise LookupError(msg) from None

    def chat(self, chat_id: int) -> Chat:
        """Return a chat, or raise LookupError: the call was wrong, not refused."""
        try:
            return self.chats[chat_id]
        except KeyError:
            msg = f"there is no chat {chat_id} in the sandbox"
            raise LookupError(msg) from None

    def member(self, chat: Chat, user_id: int) -> Member | None:
        """Return the membership as it is now: what has run out of time is lifted first.

        Telegram sends bots nothing when a restriction or ban runs out.
        """
        member = chat.members.get(user_id)
        if member is None or not member.until_date or member.until_date > self.clock.unix():
            return member
        status = "member" if member.status == "restricted" and member.is_member else "left"
        lifted = Member(
            user_id=user_id, status=status, joined=member.joined, invited_by=member.invited_by
        )
        self.put_member(chat, lifted)
        return lifted

    def bot_member(self, chat: Chat) -> Member | None:
        """Return the bot's own membership."""
        return self.member(chat, self.bot.id)

    # --- changing ------------------------------------------------------------------------------
    def put_member(self, chat: Chat, member: Member) -> None:
        """Store a membership and keep the counts and indexes right."""
        before = is_in_chat(chat.members.get(member.user_id))
        after = is_in_chat(member)
        chat.members[member.user_id] = member
        chat.member_count += after - before
        if is_administrator(member):
            chat.administrators[member.user_id] = None
        else:
            chat.administrators.pop(member.user_id, None)
        user = self.user(member.user_id)
        (user.chats.add if after else user.chats.discard)(chat.id)
        if user is self.bot and after:
            self.seen_chats.add(chat.id)

    def private_chat(self, user_id: int) -> Chat:
        """Return the chat between a person and the bot, made at its first use."""
        chat = self.chats.get(user_id)
        if chat is None:
            chat = self.chats[user_id] = Chat(id=user_id, type="private", created=self.clock.unix())
        return chat

    def new_chat(self, kind: str, title: str, username: str | None = None) -> Chat:
        """Make an empty group, supergroup or channel."""
        chat_id = -next(self.group_ids if kind == "group" else self.supergroup_ids)
        chat = Chat(
            id=chat_id,
            type=kind,
            created=self.clock.unix(),
            title=title,
            permissions=dict(OPEN_GROUP),
        )
        self.chats[chat_id] = chat
        if username:
            self.take_username(username, chat_id)
            chat.username = username
        return chat

    def take_username(self, username: str, owner: int) -> None:
        """Claim a public name for a person or chat."""
        if self.usernames.setdefault(username.lower(), owner) != owner:
            text = "Sorry, this username is already taken."
            raise RefusedByTelegram(text)

    def free_username(self, username: str | None) -> None:
        """Give a public name back."""
        if username:
            self.usernames.pop(username.lower(), None)

    def note(self, chat: Chat, user_id: int, what: str, why: str) -> None:
        """Keep a person's refused attempt, to show it beside what the bot deleted."""
        entry: Json = {"user": user_id, "what": what, "why": why, "date": self.clock.unix()}
        chat.refusals.append(entry)


_TELEGRAMS_OWN: Final = {
    SERVICE_NOTIFICATIONS: User(SERVICE_NOTIFICATIONS, "Telegram"),
    GROUP_ANONYMOUS_BOT: User(
        GROUP_ANONYMOUS_BOT, "Group", username="GroupAnonymousBot", is_bot=True
    ),
    CHANNEL_BOT: User(CHANNEL_BOT, "Channel", username="Channel_Bot", is_bot=True),
}
