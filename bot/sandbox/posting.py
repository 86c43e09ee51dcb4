"""What happens to messages: posting, editing, deleting, pinning, and whether the bot hears of it.

Used by the bot's methods and by the people's side alike; neither's rights are checked here.
"""

from typing import Final

from bot.sandbox.formatting import utf16_slice
from bot.sandbox.rights import is_administrator, is_in_chat
from bot.sandbox.serialize import chat_json, message_json, user_json
from bot.sandbox.state import Chat, Json, Message
from bot.sandbox.updates import LIFETIME
from bot.sandbox.world import World

# Client.cpp:need_skip_update_message: the bot's own doing is not told to it, but for these.
OWN_SERVICE_MESSAGES: Final = frozenset(
    {"new_chat_title", "new_chat_photo", "delete_chat_photo", "left_chat_member", "pinned_message"}
)
DELETABLE_FOR: Final = 48 * 3600
NEVER_DELETED: Final = frozenset({"group_chat_created", "supergroup_chat_created"})


def post(  # noqa: PLR0913  all of them are named
    world: World,
    chat: Chat,
    *,
    from_id: int | None,
    content: Json,
    kind: str = "text",
    sender_chat_id: int | None = None,
    author_signature: str | None = None,
    reply_to: int | None = None,
    markup: Json | None = None,
    forward_origin: Json | None = None,
    extras: Json | None = None,
    pinned_id: int | None = None,
    real_sender: int | None = None,
) -> Message:
    """Put a message in a chat, and an update in the queue if the bot hears it."""
    chat.last_message_id += 1
    message = Message(
        id=chat.last_message_id,
        chat_id=chat.id,
        date=world.clock.unix(),
        from_id=from_id,
        content=content,
        kind=kind,
        sender_chat_id=sender_chat_id,
        author_signature=author_signature,
        reply_to=reply_to,
        markup=markup,
        forward_origin=forward_origin,
        extras=extras or {},
        is_service=kind == "service",
        pinned_id=pinned_id,
        real_sender=real_sender if real_sender is not None else from_id,
    )
    chat.messages[message.id] = message
    message.heard = hears(world, chat, message)
    if message.heard:
        world.updates.add(_kind_of_update(chat, "message"), message_json(world, message))
    return message


def _kind_of_update(chat: Chat, kind: str) -> str:
    if chat.type == "channel":
        return "channel_post" if kind == "message" else "edited_channel_post"
    return kind


def service(
    world: World,
    chat: Chat,
    from_id: int,
    content: Json,
    *,
    sender_chat_id: int | None = None,
    pinned_id: int | None = None,
) -> Message:
    """Put a service message in a chat."""
    return post(
        world,
        chat,
        from_id=from_id,
        content=content,
        kind="service",
        sender_chat_id=sender_chat_id,
        pinned_id=pinned_id,
    )


def hears(world: World, chat: Chat, message: Message) -> bool:
    """Tell whether a message reaches the bot: its own rights and privacy mode decide."""
    if chat.type == "private":
        return message.from_id != world.bot.id or _own_service(message)
    member = world.bot_member(chat)
    if not is_in_chat(member):
        left = message.content.get("left_chat_member")
        return left is not None and left["id"] == world.bot.id
    if message.from_id == world.bot.id:
        return _own_service(message)
    if message.is_service or is_administrator(member):
        return message.is_service or _bot_may_hear_sender(world, message)
    if not _bot_may_hear_sender(world, message):
        return False
    return world.features.can_read_all_group_messages or _is_meant_for_bot(world, chat, message)


def _own_service(message: Message) -> bool:
    return message.is_service and (
        message.pinned_id is not None or not OWN_SERVICE_MESSAGES.isdisjoint(message.content)
    )


def _bot_may_hear_sender(world: World, message: Message) -> bool:
    if world.features.hears_other_bots or message.sender_chat_id is not None:
        return True
    return message.from_id is None or not world.users[message.from_id].is_bot


def _is_meant_for_bot(world: World, chat: Chat, message: Message) -> bool:
    answered = chat.messages.get(message.reply_to) if message.reply_to else None
    if answered is not None and answered.from_id == world.bot.id:
        return True
    text = message.content.get("text") or message.content.get("caption") or ""
    entities = message.content.get("entities") or message.content.get("caption_entities") or ()
    name = (world.bot.username or "").lower()
    for entity in entities:
        piece = utf16_slice(text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "bot_command" and ("@" not in piece or piece.endswith(f"@{name}")):
            return True
        if entity["type"] == "mention" and piece == f"@{name}":
            return True
        if entity["type"] == "text_mention" and entity["user"]["id"] == world.bot.id:
            return True
    return False


def edit(world: World, chat: Chat, message: Message, content: Json, *, by_bot: bool) -> None:
    """Replace the content of a message; the bot hears of edits that are not its own."""
    message.content = content
    message.edit_date = world.clock.unix()
    if not by_bot and hears(world, chat, message):
        kind = _kind_of_update(chat, "edited_message")
        world.updates.add(kind, message_json(world, message), lifetime=LIFETIME)


def delete(world: World, chat: Chat, message: Message, *, by: int, how: str) -> None:
    """Take a message out of the chat; bots are told of nobody's deletions."""
    message.deleted_at = world.clock.unix()
    message.deleted_by = by
    message.deleted_how = how
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)


def is_too_old_to_delete(world: World, message: Message) -> bool:
    """Tell whether 48 hours have passed: then no bot can delete it, whatever its rights."""
    return world.clock.unix() - message.date >= DELETABLE_FOR


def is_creation(message: Message) -> bool:
    """Tell whether this is the message of the chat's own creation, which cannot be deleted."""
    return not NEVER_DELETED.isdisjoint(message.content)


def find(chat: Chat, message_id: int) -> Message | None:
    """Return a message that is still there."""
    message = chat.messages.get(message_id)
    return message if message is not None and message.deleted_at is None else None


def pin(world: World, chat: Chat, message: Message, by: int) -> None:
    """Pin a message on top, with its service message; pinning the top one again does nothing."""
    if chat.pinned and chat.pinned[-1] == message.id:
        return
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    service(world, chat, by, {}, pinned_id=message.id)


def callback_json(world: World, query_id: str, user_id: int, message: Message, data: str) -> Json:
    """Return a `CallbackQuery`; an administrator who is anonymous shows their own name here."""
    return {
        "id": query_id,
        "from": user_json(world, world.users[user_id]),
        "message": message_json(world, message),
        "chat_instance": str(message.chat_id * 1_000_003 + world.bot.id),
        "data": data,
    }


def reaction_json(
    world: World, chat: Chat, message: Message, user_id: int, old: list[Json], new: list[Json]
) -> Json:
    """Return a `MessageReactionUpdated`; an anonymous administrator reacts as the chat."""
    member = world.member(chat, user_id)
    hidden = member is not None and "is_anonymous" in member.rights
    actor: Json = (
        {"actor_chat": chat_json(world, chat)}
        if hidden
        else {"user": user_json(world, world.users[user_id])}
    )
    return {
        "chat": chat_json(world, chat),
        "message_id": message.id,
        **actor,
        "date": world.clock.unix(),
        "old_reaction": old,
        "new_reaction": new,
    }
