"""The methods the sandbox knows, with their parameters, and how they are read from a request.

One line per method, own notation: `name:type`, `!` after a required one. Types: id (number or
@name), int, str, bool, list, obj, file. A test holds this table against Telegram's own schema.
What a call has too much or of a wrong type is a fault of the bot: it becomes a violation, and the
call goes on as the real server would let it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.state import Json

_SENDING = (
    "business_connection_id:str message_thread_id:int direct_messages_topic_id:int parse_mode:str "
    "disable_notification:bool protect_content:bool allow_paid_broadcast:bool "
    "message_effect_id:str suggested_post_parameters:obj reply_parameters:obj reply_markup:obj "
)
_RIGHTS = (
    "is_anonymous:bool can_manage_chat:bool can_delete_messages:bool can_manage_video_chats:bool "
    "can_restrict_members:bool can_promote_members:bool can_change_info:bool can_invite_users:bool "
    "can_post_stories:bool can_edit_stories:bool can_delete_stories:bool can_post_messages:bool "
    "can_edit_messages:bool can_pin_messages:bool can_manage_topics:bool "
    "can_manage_direct_messages:bool can_manage_tags:bool"
)
_LINK = "name:str expire_date:int member_limit:int creates_join_request:bool"

_TABLE: Final[dict[str, str]] = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "setWebhook": "url:str! certificate:file ip_address:str max_connections:int "
    "allowed_updates:list drop_pending_updates:bool secret_token:str",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "logOut": "",
    "close": "",
    "sendMessage": _SENDING + "chat_id:id! text:str! entities:list link_preview_options:obj",
    "sendPhoto": _SENDING + "chat_id:id! photo:file! caption:str caption_entities:list "
    "show_caption_above_media:bool has_spoiler:bool",
    "sendDocument": _SENDING + "chat_id:id! document:file! thumbnail:file caption:str "
    "caption_entities:list disable_content_type_detection:bool",
    "editMessageText": "business_connection_id:str chat_id:id message_id:int inline_message_id:str "
    "text:str parse_mode:str entities:list link_preview_options:obj rich_message:obj "
    "reply_markup:obj",
    "editMessageCaption": "business_connection_id:str chat_id:id message_id:int "
    "inline_message_id:str caption:str parse_mode:str caption_entities:list "
    "show_caption_above_media:bool reply_markup:obj",
    "editMessageReplyMarkup": "business_connection_id:str chat_id:id message_id:int "
    "inline_message_id:str reply_markup:obj",
    "sendChatAction": "business_connection_id:str chat_id:id! message_thread_id:int action:str!",
    "getFile": "file_id:str!",
    "deleteMessage": "chat_id:id! message_id:int!",
    "deleteMessages": "chat_id:id! message_ids:list!",
    "pinChatMessage": "business_connection_id:str chat_id:id! message_id:int! "
    "disable_notification:bool",
    "unpinChatMessage": "business_connection_id:str chat_id:id! message_id:int",
    "unpinAllChatMessages": "chat_id:id!",
    "getChat": "chat_id:id!",
    "getChatAdministrators": "chat_id:id! return_bots:bool",
    "getChatMember": "chat_id:id! user_id:int!",
    "getChatMemberCount": "chat_id:id!",
    "setChatPermissions": "chat_id:id! permissions:obj! use_independent_chat_permissions:bool",
    "restrictChatMember": "chat_id:id! user_id:int! permissions:obj! "
    "use_independent_chat_permissions:bool until_date:int",
    "banChatMember": "chat_id:id! user_id:int! until_date:int revoke_messages:bool",
    "unbanChatMember": "chat_id:id! user_id:int! only_if_banned:bool",
    "banChatSenderChat": "chat_id:id! sender_chat_id:int!",
    "unbanChatSenderChat": "chat_id:id! sender_chat_id:int!",
    "promoteChatMember": "chat_id:id! user_id:int! " + _RIGHTS,
    "setChatAdministratorCustomTitle": "chat_id:id! user_id:int! custom_title:str!",
    "exportChatInviteLink": "chat_id:id!",
    "createChatInviteLink": "chat_id:id! " + _LINK,
    "editChatInviteLink": "chat_id:id! invite_link:str! " + _LINK,
    "revokeChatInviteLink": "chat_id:id! invite_link:str!",
    "approveChatJoinRequest": "chat_id:id! user_id:int!",
    "declineChatJoinRequest": "chat_id:id! user_id:int!",
    "leaveChat": "chat_id:id!",
    "answerCallbackQuery": "callback_query_id:str! text:str show_alert:bool url:str cache_time:int",
    "setMyCommands": "commands:list! scope:obj language_code:str",
    "getMyCommands": "scope:obj language_code:str",
    "deleteMyCommands": "scope:obj language_code:str",
    "setMyDefaultAdministratorRights": "rights:obj for_channels:bool",
    "getMyDefaultAdministratorRights": "for_channels:bool",
    "setMyName": "name:str language_code:str",
    "getMyName": "language_code:str",
    "setMyDescription": "description:str language_code:str",
    "getMyDescription": "language_code:str",
    "setMyShortDescription": "short_description:str language_code:str",
    "getMyShortDescription": "language_code:str",
}

# The real server still reads these in restrictChatMember, the form before `permissions`.
LEGACY_PERMISSIONS: Final = (
    "can_send_messages",
    "can_send_media_messages",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
# A name that begins so is very likely a method of the Bot API that is not modelled here.
_METHOD_LIKE: Final = re.compile(
    r"(?i)(add|answer|approve|ban|close|convert|copy|create|decline|delete|edit|export|forward|get|"
    r"gift|hide|leave|log|pin|post|promote|read|refund|remove|reopen|replace|repost|restrict|revoke"
    r"|save|send|set|stop|transfer|unban|unhide|unpin|upgrade|upload|verify)[a-z]+"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Bot API: its name as documented, and its parameters."""

    name: str
    types: Mapping[str, str]
    required: frozenset[str]


def _method(name: str, line: str) -> Method:
    types = {}
    required = set()
    for word in line.split():
        parameter, kind = word.split(":")
        types[parameter] = kind.rstrip("!")
        if kind.endswith("!"):
            required.add(parameter)
    return Method(name, types, frozenset(required))


METHODS: Final[Mapping[str, Method]] = {n.lower(): _method(n, line) for n, line in _TABLE.items()}


def looks_like_method(name: str) -> bool:
    """Tell whether an unknown name is probably a method that exists in Telegram."""
    return _METHOD_LIKE.fullmatch(name) is not None


def read(method: Method, raw: Mapping[str, Any]) -> tuple[Json, list[str]]:
    """Return the parameters in their types, and what is wrong with the call.

    A parameter of a wrong type is left as the real server would take it: absent.
    """
    wrong = [f"unknown parameter {n}" for n in raw if n not in method.types]
    values: Json = {}
    for name, kind in method.types.items():
        if name not in raw or raw[name] is None:
            if name in method.required:
                wrong.append(f"missing parameter {name}")
            continue
        value, ok = _READERS[kind](raw[name])
        if ok:
            values[name] = value
        else:
            wrong.append(f"parameter {name} is not of type {kind}")
    if method.name == "restrictChatMember" and "permissions" not in raw:
        values |= {n: raw[n] in _TRUE for n in LEGACY_PERMISSIONS if n in raw}
    return values, wrong


_TRUE: Final = (True, "true", "True", "1", "yes")
_FALSE: Final = (False, "false", "False", "0", "no", "")


def _int(value: object) -> tuple[Any, bool]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value, True
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value), True
    return None, False


def _id(value: object) -> tuple[Any, bool]:
    if isinstance(value, str) and value.startswith("@"):
        return value, True
    return _int(value)


def _str(value: object) -> tuple[Any, bool]:
    return value, isinstance(value, str)


def _bool(value: object) -> tuple[Any, bool]:
    if isinstance(value, (bool, str)):
        return value in _TRUE, value in _TRUE or value in _FALSE
    return None, False


def _list(value: object) -> tuple[Any, bool]:
    value = _decoded(value)
    return value, isinstance(value, list)


def _obj(value: object) -> tuple[Any, bool]:
    value = _decoded(value)
    return value, isinstance(value, dict)


def _file(value: object) -> tuple[Any, bool]:
    return value, isinstance(value, (str, Upload))


def _decoded(value: object) -> object:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


_READERS: Final = {
    "int": _int,
    "id": _id,
    "str": _str,
    "bool": _bool,
    "list": _list,
    "obj": _obj,
    "file": _file,
}
