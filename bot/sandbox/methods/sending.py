"""Sending: sendMessage, and what all messages of the bot share: text, caption, chat, buttons."""

from typing import Final

from bot.sandbox import posting
from bot.sandbox.access import Access, check_chat, check_reachable
from bot.sandbox.errors import BotApiError, fail
from bot.sandbox.formatting import formatted, parse_html
from bot.sandbox.markup import keep_keyboard, read_markup
from bot.sandbox.rights import may
from bot.sandbox.serialize import message_json, user_json
from bot.sandbox.state import Chat, Json
from bot.sandbox.world import World

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
NOT_MODELLED: Final = frozenset(
    [
        "business_connection_id",
        "message_thread_id",
        "direct_messages_topic_id",
        "rich_message",
        "message_effect_id",
        "suggested_post_parameters",
        "inline_message_id",
        "show_caption_above_media",
        "has_spoiler",
        "thumbnail",
    ]
)


def not_modelled(params: Json) -> None:
    """Raise 501 for what the sandbox does not pretend: topics, business replies, spoilers."""
    for name in sorted(NOT_MODELLED & params.keys()):
        if params[name] is False:
            continue
        text = f"Not Implemented: the sandbox does not model the parameter {name}"
        raise BotApiError(501, text)


def read_text(
    world: World, params: Json, *, text: str = "text", entities: str = "entities"
) -> tuple[str, list[Json]]:
    """Return a text and its entities from a call, parsed and completed as Telegram does."""
    source: str = params.get(text, "")
    mode = str(params.get("parse_mode", "")).lower()
    if mode == "html":
        source, marked = parse_html(source)
    elif mode in {"markdown", "markdownv2"}:
        message = "Not Implemented: the sandbox models HTML formatting only"
        raise BotApiError(501, message)
    elif mode:
        raise fail("parse-mode")
    else:
        marked = [_given(e) for e in params.get(entities, ())]
    plain, found = formatted(source, [e for e in (_with_user(world, e) for e in marked) if e])
    return plain, found


def _given(entity: Json) -> Json:
    if entity.get("type") == "text_mention" and "user" in entity:
        rest = {k: v for k, v in entity.items() if k != "user"}
        return rest | {"user_id": entity["user"]["id"]}
    return dict(entity)


def _with_user(world: World, entity: Json) -> Json | None:
    """A mention of a person the bot never met is dropped, as Telegram drops it."""
    if "user_id" not in entity:
        return entity
    user = world.users.get(entity["user_id"])
    if user is None or user.id not in world.met:
        return None
    rest = {k: v for k, v in entity.items() if k != "user_id"}
    return rest | {"user": user_json(world, user)}


def text_content(world: World, params: Json) -> Json:
    """Return the content of a text message."""
    text, entities = read_text(world, params)
    if not text:
        raise fail("text-empty")
    if len(text) > LONGEST_TEXT:
        raise fail("text-too-long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    preview = params.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return content


def send_content(
    world: World, params: Json, content: Json, kind: str, permission: str, refusal: str
) -> Json:
    """Send a content that was read already, if the bot may send this kind here."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    markup = read_markup(chat, params.get("reply_markup"))
    reply_to = _reply_to(chat, params.get("reply_parameters"))
    if chat.type == "private":
        check_reachable(world, chat)
    elif not may(chat, world.bot_member(chat), permission):
        raise fail(refusal)
    extras: Json = {"has_protected_content": True} if params.get("protect_content") else {}
    message = posting.post(
        world,
        chat,
        from_id=world.bot.id,
        content=content,
        kind=kind,
        reply_to=reply_to,
        markup=markup,
        extras=extras,
    )
    chat.bot_action = None
    keep_keyboard(chat, message.id, markup)
    return message_json(world, message)


def _reply_to(chat: Chat, raw: Json | None) -> int | None:
    if not raw:
        return None
    if raw.get("chat_id") not in {None, chat.id}:
        text = "Not Implemented: the sandbox does not model replies in another chat"
        raise BotApiError(501, text)
    message = posting.find(chat, int(raw.get("message_id", 0)))
    if message is not None:
        return message.id
    if raw.get("allow_sending_without_reply"):
        return None
    raise fail("reply-not-found")


def send_message(world: World, params: Json) -> Json:
    """Send a text."""
    not_modelled(params)
    content = text_content(world, params)
    return send_content(
        world, params, content, "text", "can_send_messages", "no-right-to-send-text"
    )


def caption_content(world: World, params: Json) -> Json:
    """Return the caption of a call as fields of a message, none if there is none."""
    text, entities = read_text(world, params, text="caption", entities="caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise fail("caption-too-long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


METHODS: Final = {"sendMessage": send_message}
