"""Messages that exist: edit, delete, pin, and the answer to a pressed button."""

from typing import Any, Final

from bot.sandbox import posting
from bot.sandbox.access import Access, check_chat, check_message
from bot.sandbox.errors import fail
from bot.sandbox.markup import read_markup
from bot.sandbox.methods.sending import caption_content, not_modelled, text_content
from bot.sandbox.rights import has_right, is_administrator, is_in_chat, may
from bot.sandbox.serialize import message_json
from bot.sandbox.state import Chat, Json, Message
from bot.sandbox.updates import QUERY_LIFETIME
from bot.sandbox.world import World

MOST_AT_ONCE: Final = 100
CAPTIONED: Final = frozenset({"photo", "document"})
BY_BOT: Final = "by the bot"


def _editable(world: World, params: Json) -> tuple[Chat, Message]:
    not_modelled(params)
    return check_message(
        world, params.get("chat_id"), params.get("message_id"), Access.EDIT, "edit-not-found"
    )


def _check_own(world: World, message: Message) -> None:
    other_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if message.from_id != world.bot.id or message.is_service or other_keyboard:
        raise fail("edit-forbidden")


def edit_message_text(world: World, params: Json) -> Json:
    """Replace the text; the buttons go away unless they are given again."""
    content = text_content(world, params)
    chat, message = _editable(world, params)
    _check_own(world, message)
    if message.kind != "text":
        raise fail("edit-no-text")
    markup = read_markup(chat, params.get("reply_markup"), inline_only=True)
    return _edited(world, chat, message, content, markup)


def edit_message_caption(world: World, params: Json) -> Json:
    """Replace the text under a file or photo; it and the buttons go away unless given again."""
    not_modelled(params)
    caption = caption_content(world, params)
    chat, message = _editable(world, params)
    _check_own(world, message)
    if message.kind not in CAPTIONED:
        raise fail("edit-no-caption")
    kept = {k: v for k, v in message.content.items() if not k.startswith("caption")}
    markup = read_markup(chat, params.get("reply_markup"), inline_only=True)
    return _edited(world, chat, message, kept | caption, markup)


def edit_message_reply_markup(world: World, params: Json) -> Json:
    """Replace the buttons only."""
    chat, message = _editable(world, params)
    _check_own(world, message)
    markup = read_markup(chat, params.get("reply_markup"), inline_only=True)
    return _edited(world, chat, message, message.content, markup)


def _edited(world: World, chat: Chat, message: Message, content: Json, markup: Json | None) -> Json:
    if content == message.content and markup == message.markup:
        raise fail("not-modified")
    message.markup = markup
    posting.edit(world, chat, message, content, by_bot=True)
    return message_json(world, message)


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    """Apply td's rules: MessagesManager can_delete_message, can_revoke_message."""
    own = message.from_id == world.bot.id
    too_old = posting.is_too_old_to_delete(world, message)
    if chat.type == "private":
        if too_old:
            raise fail("delete-not-for-everyone")
        return
    member = world.bot_member(chat)
    if chat.type == "group":
        if posting.is_creation(message):
            raise fail("delete-forbidden")
        if too_old or not (own or is_administrator(member)):
            raise fail("delete-not-for-everyone")
        return
    if too_old or posting.is_creation(message):
        raise fail("delete-forbidden")
    if not (own or has_right(member, "can_delete_messages")):
        raise fail("delete-forbidden")


def delete_message(world: World, params: Json) -> bool:
    """Delete one message."""
    if not params.get("message_id"):
        raise fail("message-id-missing")
    chat, message = check_message(
        world, params.get("chat_id"), params["message_id"], Access.WRITE, "delete-not-found"
    )
    _check_deletable(world, chat, message)
    posting.delete(world, chat, message, by=world.bot.id, how=BY_BOT)
    return True


def delete_messages(world: World, params: Json) -> bool:
    """Delete 1 to 100 messages: unknown ones are skipped, one that may not go stops all."""
    ids: list[Any] = params.get("message_ids") or []
    if not ids:
        raise fail("message-ids-missing")
    if len(ids) > MOST_AT_ONCE:
        raise fail("message-ids-too-many")
    if not all(isinstance(i, int) and i > 0 for i in ids):
        raise fail("message-ids-invalid")
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    found = [m for m in (posting.find(chat, i) for i in dict.fromkeys(ids)) if m is not None]
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        posting.delete(world, chat, message, by=world.bot.id, how=BY_BOT)
    return True


def _check_may_pin(world: World, chat: Chat) -> None:
    if chat.type == "private":
        return
    member = world.bot_member(chat)
    if not is_in_chat(member) or not may(chat, member, "can_pin_messages"):
        raise fail("pin-forbidden")


def pin_chat_message(world: World, params: Json) -> bool:
    """Pin a message; the bot hears its own pin."""
    not_modelled(params)
    chat, message = check_message(
        world, params.get("chat_id"), params.get("message_id"), Access.WRITE, "pin-not-found"
    )
    _check_may_pin(world, chat)
    if message.is_service:
        raise fail("pin-service")
    posting.pin(world, chat, message, world.bot.id)
    return True


def unpin_chat_message(world: World, params: Json) -> bool:
    """Unpin a message, or the one on top."""
    not_modelled(params)
    if not params.get("message_id"):
        chat = check_chat(world, params.get("chat_id"), Access.WRITE)
        if not chat.pinned:
            raise fail("unpin-not-found")
        _check_may_pin(world, chat)
        chat.pinned.pop()
        return True
    chat, message = check_message(
        world, params.get("chat_id"), params["message_id"], Access.WRITE, "unpin-not-found"
    )
    _check_may_pin(world, chat)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    return True


def unpin_all_chat_messages(world: World, params: Json) -> bool:
    """Unpin everything."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    _check_may_pin(world, chat)
    chat.pinned.clear()
    return True


def answer_callback_query(world: World, params: Json) -> bool:
    """Answer a press within the time its update lives; the telephone shows the first answer."""
    query = world.queries.get(str(params.get("callback_query_id", "")))
    now = world.clock.now().timestamp()
    if query is None or now - query.born > QUERY_LIFETIME:
        raise fail("query-too-old")
    if query.answer is None:
        query.answer = {
            "text": params.get("text", ""),
            "show_alert": bool(params.get("show_alert")),
            "url": params.get("url", ""),
        }
    return True


METHODS: Final = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "answerCallbackQuery": answer_callback_query,
}
