"""May the bot reach this chat at all? The first questions of every call, in Telegram's order.

Ported from Client.cpp: check_chat, check_chat_access, check_message.
"""

from enum import Enum, auto
from typing import Any, Final

from bot.sandbox import posting
from bot.sandbox.errors import fail
from bot.sandbox.rights import is_in_chat
from bot.sandbox.state import SPECIAL_USERS, Chat, Message
from bot.sandbox.world import World

REQUESTER_REACHABLE_FOR: Final = 300


class Access(Enum):
    """What a call wants of a chat."""

    READ = auto()
    READ_MEMBERS = auto()
    EDIT = auto()
    WRITE = auto()


def check_chat(world: World, chat_id: Any, access: Access) -> Chat:  # noqa: ANN401  it comes from outside, and is checked here
    """Return the chat of a call, or raise what Telegram answers."""
    if chat_id is None or chat_id == "":
        raise fail("chat-id-empty")
    if isinstance(chat_id, str):
        chat_id = world.usernames.get(chat_id.removeprefix("@").lower())
        if chat_id is not None and chat_id not in world.chats:
            chat_id = None
    if chat_id in world.users and chat_id in world.met and chat_id not in SPECIAL_USERS:
        return _check_private(world, chat_id, access)
    chat = world.chats.get(chat_id)
    if chat is None or not (chat.username or chat.id in world.seen_chats):
        raise fail("chat-not-found")
    if chat.type == "private":
        raise fail("chat-not-found")
    return _check_group(world, chat, access)


def _check_private(world: World, user_id: int, access: Access) -> Chat:
    user = world.users[user_id]
    if user.deactivated and access in {Access.EDIT, Access.WRITE}:
        raise fail("user-deactivated")
    return world.private_chat(user_id)


def _check_group(world: World, chat: Chat, access: Access) -> Chat:
    member = world.bot_member(chat)
    writes = access is Access.WRITE
    edits = writes or access is Access.EDIT
    if chat.type == "group":
        if access is Access.READ_MEMBERS:
            writes = edits = True
        if chat.migrated_to is not None:
            if writes:
                raise fail("upgraded", migrate_to_chat_id=chat.migrated_to)
            return chat
        if edits and not is_in_chat(member):
            raise fail(_outside("group", removed=member is not None and member.was_removed))
        return chat
    if member is not None and member.status == "kicked":
        raise fail(_outside(chat.type, removed=True))
    if not is_in_chat(member) and (edits or not chat.username):
        raise fail(_outside(chat.type, removed=False))
    return chat


def _outside(kind: str, *, removed: bool) -> str:
    return f"kicked-from-{kind}" if removed else f"not-in-{kind}"


def check_reachable(world: World, chat: Chat) -> None:
    """Raise if a person cannot be written to: never started, or blocked the bot.

    Somebody waiting to be let into a group can be written to for five minutes, by a bot that was
    told of the request (Bot API, ChatJoinRequest.user_chat_id).
    """
    if chat.type != "private":
        return
    user = world.users[chat.id]
    if user.is_bot:
        raise fail("to-a-bot")
    if user.blocked:
        raise fail("blocked-by-user")
    if not user.started and not _is_waiting(world, user.id):
        raise fail("never-started")


def _is_waiting(world: World, user_id: int) -> bool:
    now = world.clock.unix()
    for chat_id in world.bot.chats:
        request = world.chats[chat_id].requests.get(user_id)
        if request is None or not request.told:
            continue
        if now - request.date <= REQUESTER_REACHABLE_FOR:
            return True
    return False


def check_message(
    world: World,
    chat_id: Any,  # noqa: ANN401  it comes from outside, and is checked here
    message_id: Any,  # noqa: ANN401  the same
    access: Access,
    not_found: str,
) -> tuple[Chat, Message]:
    """Return the message of a call with its chat, or raise what Telegram answers."""
    chat = check_chat(world, chat_id, access)
    message = posting.find(chat, message_id or 0)
    if message is None:
        raise fail(not_found)
    return chat, message


def known_user(world: World, user_id: Any) -> int:  # noqa: ANN401  it comes from outside, and is checked here
    """Return a user id that the bot has met; others do not exist for it."""
    if not isinstance(user_id, int) or user_id <= 0:
        raise fail("user-id-invalid")
    if user_id not in world.met:
        raise fail("user-not-found")
    return user_id
