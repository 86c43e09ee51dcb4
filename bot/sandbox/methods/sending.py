"""Sending: sendMessage, sendPhoto, sendDocument, and reading the text of editMessageText."""

from typing import Any, Final

from bot.sandbox import posting
from bot.sandbox.access import Access, check_chat, check_reachable
from bot.sandbox.errors import BotApiError, fail
from bot.sandbox.formatting import formatted, parse_html
from bot.sandbox.markup import keep_keyboard, read_markup
from bot.sandbox.parameters import Upload
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
    ]
)


def not_modelled(params: Json) -> None:
    """Raise 501 for what the sandbox does not pretend: topics, business replies, rich messages."""
    for name in NOT_MODELLED & params.keys():
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


def _send(
    world: World, params: Json, content: Json, kind: str, permission: str, refusal: str
) -> Json:
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
    return _send(world, params, content, "text", "can_send_messages", "no-right-to-send-text")


def send_photo(world: World, params: Json) -> Json:
    """Send a photo, uploaded or by the id of an earlier one."""
    not_modelled(params)
    content = {"photo": [_file(world, params, "photo") | {"width": 800, "height": 600}]}
    content |= _caption(world, params)
    return _send(world, params, content, "photo", "can_send_photos", "no-right-to-send-photos")


def send_document(world: World, params: Json) -> Json:
    """Send a file, uploaded or by the id of an earlier one."""
    not_modelled(params)
    file = _file(world, params, "document")
    upload = params["document"]
    if isinstance(upload, Upload):
        file |= {"file_name": upload.name, "mime_type": upload.mime_type}
    content = {"document": file} | _caption(world, params)
    return _send(
        world, params, content, "document", "can_send_documents", "no-right-to-send-documents"
    )


def _caption(world: World, params: Json) -> Json:
    if not params.get("caption"):
        return {}
    text, entities = read_text(world, params, text="caption", entities="caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise fail("caption-too-long")
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _file(world: World, params: Json, name: str) -> Json:
    given: Any = params.get(name)
    if given is None or given == "":
        raise fail("no-photo" if name == "photo" else "no-document")
    if isinstance(given, Upload):
        file_id = store_file(world, given.name, given.content)
    elif given in world.files:
        file_id = given
    else:
        raise fail("wrong-file")
    return file_json(world, file_id)


def store_file(world: World, name: str, content: bytes) -> str:
    """Keep a file and return its id."""
    file_id = f"AgACAgQAAxSANDBOX{next(world.serial):08d}"
    world.files[file_id] = (name, content)
    return file_id


def file_json(world: World, file_id: str) -> Json:
    """Return the fields all files share."""
    size = len(world.files[file_id][1])
    return {"file_id": file_id, "file_unique_id": f"AQAD{file_id[-8:]}", "file_size": size}


METHODS: Final = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
}
