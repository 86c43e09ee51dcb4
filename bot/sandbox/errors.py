"""Every refusal of the pretend Telegram: the texts as data, each with the place it was read in.

The table holds what Telegram's own servers say; `describe` turns a raw error into the answer of
the Bot API exactly as `Client::fail_query_with_error` does. No text may be written anywhere else.
"""

from dataclasses import dataclass
from typing import Any, Final

_API: Final = "telegram-bot-api/Client.cpp:"
_TD: Final = "td/telegram/"
_SERVER: Final = "Telegram's server, passed on by Client.cpp:fail_query_with_error"


class BotApiError(Exception):
    """A call of the bot that Telegram refuses."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        """Keep the HTTP status, the description and the `ResponseParameters`."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class RefusedByTelegram(Exception):  # noqa: N818  a modelled outcome, in the agreed words
    """Something a person tried and Telegram did not let happen; the bot hears nothing of it."""

    def __init__(self, text: str) -> None:
        """Keep what the person sees on the screen."""
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Text:
    """One error: the code and message before `describe`, and where it was read."""

    code: int
    message: str
    source: str
    verbatim: bool = False


# The substitutions of Client.cpp:fail_query_with_error for errors with code 400:
# message of TDLib or of the server -> (code, message of the Bot API).
SUBSTITUTIONS: Final[dict[str, tuple[int, str]]] = {
    "MESSAGE_NOT_MODIFIED": (
        400,
        (
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        ),
    ),
    "WC_CONVERT_URL_INVALID": (400, "Wrong HTTP URL specified"),
    "EXTERNAL_URL_INVALID": (400, "Wrong HTTP URL specified"),
    "WEBPAGE_CURL_FAILED": (400, "Failed to get HTTP URL content"),
    "WEBPAGE_MEDIA_EMPTY": (400, "Wrong type of the web page content"),
    "MEDIA_GROUPED_INVALID": (400, "Can't use the media of the specified type in the album"),
    "REPLY_MARKUP_TOO_LONG": (400, "reply markup is too long"),
    "INPUT_USER_DEACTIVATED": (403, "Forbidden: user is deactivated"),
    "USER_IS_BLOCKED": (403, "bot was blocked by the user"),
    "USER_ADMIN_INVALID": (400, "user is an administrator of the chat"),
    "File generation failed": (400, "can't upload file by URL"),
    "CHAT_ABOUT_NOT_MODIFIED": (400, "chat description is not modified"),
    "PACK_SHORT_NAME_INVALID": (400, "invalid sticker set name is specified"),
    "PACK_SHORT_NAME_OCCUPIED": (400, "sticker set name is already occupied"),
    "STICKER_EMOJI_INVALID": (400, "invalid sticker emojis"),
    "QUERY_ID_INVALID": (
        400,
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "MESSAGE_DELETE_FORBIDDEN": (400, "message can't be deleted"),
}
LEAST_ERROR: Final = 400
BAD_REQUEST: Final = 400
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
PREFIXES: Final[dict[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    500: "Internal Server Error",
}

TEXTS: Final[dict[str, Text]] = {
    # token, method, polling
    "unauthorized": Text(
        401, "Unauthorized", "telegram-bot-api/ClientManager.cpp:send", verbatim=True
    ),
    "method-not-found": Text(404, "Not Found: method not found", _API + "on_cmd", verbatim=True),
    "webhook-active": Text(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
        _API + "process_get_updates_query",
        verbatim=True,
    ),
    "other-poller": Text(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        _API + "abort_long_poll",
        verbatim=True,
    ),
    "webhook-set-meanwhile": Text(
        409, "Conflict: terminated by setWebhook request", _API + "abort_long_poll", verbatim=True
    ),
    "webhook-needs-https": Text(
        400, "bad webhook: An HTTPS URL must be provided for webhook", _API + "do_set_webhook"
    ),
    # access to a chat
    "chat-id-empty": Text(400, "chat_id is empty", _API + "check_chat"),
    "chat-not-found": Text(400, "chat not found", _API + "TdOnCheckChatCallback"),
    "user-deactivated": Text(403, "user is deactivated", _API + "check_chat_access"),
    "blocked-by-user": Text(400, "USER_IS_BLOCKED", _SERVER),
    "to-a-bot": Text(403, "bot can't send messages to bots", _SERVER),
    "never-started": Text(
        403,
        "bot can't initiate conversation with a user",
        _TD + "MessagesManager.cpp:on_send_message_fail",
    ),
    "kicked-from-group": Text(
        403, "bot was kicked from the group chat", _API + "check_chat_access"
    ),
    "not-in-group": Text(403, "bot is not a member of the group chat", _API + "check_chat_access"),
    "kicked-from-supergroup": Text(
        403, "bot was kicked from the supergroup chat", _API + "check_chat_access"
    ),
    "not-in-supergroup": Text(
        403, "bot is not a member of the supergroup chat", _API + "check_chat_access"
    ),
    "kicked-from-channel": Text(
        403, "bot was kicked from the channel chat", _API + "check_chat_access"
    ),
    "not-in-channel": Text(
        403, "bot is not a member of the channel chat", _API + "check_chat_access"
    ),
    "upgraded": Text(
        400, "group chat was upgraded to a supergroup chat", _API + "check_chat_access"
    ),
    "supergroups-only": Text(
        400, "method is available only for supergroups", _API + "process_restrict_chat_member_query"
    ),
    "supergroups-and-channels-only": Text(
        400,
        "method is available for supergroup and channel chats only",
        _API + "process_promote_chat_member_query",
    ),
    # parameters
    "user-id-invalid": Text(400, "invalid user_id specified", _API + "get_user_id"),
    "message-id-missing": Text(
        400, "Message identifier is not specified", _API + "process_delete_message_query"
    ),
    "message-ids-missing": Text(
        400, "Message identifiers are not specified", _API + "process_delete_messages_query"
    ),
    "message-ids-too-many": Text(
        400, "too many message identifiers specified", _API + "get_message_ids"
    ),
    "message-ids-invalid": Text(
        400, "invalid message identifier specified", _API + "get_message_ids"
    ),
    "permissions-not-found": Text(
        400, "can't parse permissions: Permissions must be an Object", _API + "get_chat_permissions"
    ),
    "parameter-missing": Text(400, 'parameter "{}" is required', _API + "get_required_string_arg"),
    "sender-chat-empty": Text(400, "sender_chat_id is empty", _API + "check_chat_no_fail"),
    # sending
    "text-empty": Text(400, "Message text is empty", _API + "get_input_message_text"),
    "text-too-long": Text(
        400, "Message is too long", _TD + "MessagesManager.cpp:on_send_message_fail"
    ),
    "caption-too-long": Text(
        400, "Message caption is too long", _TD + "MessagesManager.cpp:on_send_message_fail"
    ),
    "bad-entities": Text(400, "Can't parse entities: {}", _API + "get_formatted_text"),
    "parse-mode": Text(400, "Unsupported parse_mode", _API + "get_formatted_text"),
    "no-right-to-send-text": Text(
        400,
        "Not enough rights to send text messages to the chat",
        _TD + "MessageContent.cpp:can_send_message_content",
    ),
    "no-right-to-send-photos": Text(
        400,
        "Not enough rights to send photos to the chat",
        _TD + "MessageContent.cpp:can_send_message_content",
    ),
    "no-right-to-send-documents": Text(
        400,
        "Not enough rights to send documents to the chat",
        _TD + "MessageContent.cpp:can_send_message_content",
    ),
    "reply-not-found": Text(
        400, "message to be replied not found", _API + "check_reply_parameters"
    ),
    "markup-not-object": Text(400, "Object expected as reply markup", _API + "get_reply_markup"),
    "inline-button": Text(
        400, "Can't parse inline keyboard button: {}", _API + "get_inline_keyboard_button"
    ),
    "keyboard-button": Text(400, "Can't parse keyboard button: {}", _API + "get_keyboard_button"),
    "text-buttons": Text(
        400,
        "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        _API + "get_inline_keyboard_button",
    ),
    "button-data": Text(400, "BUTTON_DATA_INVALID", _SERVER),
    "chat-request-private": Text(
        400,
        "Chats can be requested in private chats only",
        _TD + "ReplyMarkup.cpp:get_keyboard_button",
    ),
    "user-request-private": Text(
        400,
        "Users can be requested in private chats only",
        _TD + "ReplyMarkup.cpp:get_keyboard_button",
    ),
    "contact-request-private": Text(
        400,
        "Phone number can be requested in private chats only",
        _TD + "ReplyMarkup.cpp:get_keyboard_button",
    ),
    "no-photo": Text(400, "There is no photo in the request", _API + "process_send_photo_query"),
    "no-document": Text(
        400, "There is no document in the request", _API + "process_send_document_query"
    ),
    "no-image": Text(400, "IMAGE_PROCESS_FAILED", _SERVER),
    "photo-dimensions": Text(400, "PHOTO_INVALID_DIMENSIONS", _SERVER),
    "photo-too-big": Text(
        400,
        "file of size {} bytes is too big for a photo; the maximum size is 10485760 bytes",
        _TD + "files/FileManager.cpp:check_full_local_location",
    ),
    "file-empty": Text(400, "File must be non-empty", _TD + "files/FileManager.cpp:check_file"),
    "request-too-large": Text(
        413, "Request Entity Too Large", "telegram-bot-api: HTTP server", verbatim=True
    ),
    "other-kind-of-file": Text(
        400, "Can't use file of type {} as {}", _TD + "files/FileManager.cpp:get_input_file_id"
    ),
    "wrong-file": Text(
        400,
        "Wrong remote file identifier specified: can't unserialize it",
        _TD + "FileManager.cpp:from_persistent_id",
    ),
    # editing, deleting, pinning
    "edit-not-found": Text(400, "message to edit not found", _API + "check_message"),
    "edit-no-text": Text(
        400,
        "There is no text in the message to edit",
        _TD + "MessagesManager.cpp:edit_message_text",
    ),
    "edit-no-caption": Text(
        400,
        "There is no caption in the message to edit",
        _TD + "MessagesManager.cpp:edit_message_caption",
    ),
    "edit-forbidden": Text(
        400, "Message can't be edited", _TD + "MessagesManager.cpp:edit_message"
    ),
    "not-modified": Text(400, "MESSAGE_NOT_MODIFIED", _SERVER),
    "delete-not-found": Text(400, "message to delete not found", _API + "check_message"),
    "delete-forbidden": Text(400, "MESSAGE_DELETE_FORBIDDEN", _SERVER),
    "delete-not-for-everyone": Text(
        400,
        "Message can't be deleted for everyone",
        _TD + "MessagesManager.cpp:delete_messages",
    ),
    "pin-not-found": Text(400, "message to pin not found", _API + "check_message"),
    "unpin-not-found": Text(400, "message to unpin not found", _API + "check_message"),
    "pin-forbidden": Text(
        400,
        "Not enough rights to manage pinned messages in the chat",
        _TD + "MessagesManager.cpp:can_pin_messages",
    ),
    "pin-service": Text(
        400, "A service message can't be pinned", _TD + "MessagesManager.cpp:pin_dialog_message"
    ),
    # members
    "no-administrators": Text(
        400,
        "there are no administrators in the private chat",
        _API + "process_get_chat_administrators_query",
    ),
    "user-not-found": Text(400, "User not found", _TD + "UserManager.cpp:get_input_user"),
    "member-not-found": Text(
        400, "Member not found", _TD + "DialogParticipantManager.cpp:get_dialog_participant"
    ),
    "admin-required": Text(400, "CHAT_ADMIN_REQUIRED", _SERVER),
    "permissions-forbidden": Text(
        400,
        "Not enough rights to change chat permissions",
        _TD + "DialogManager.cpp:set_dialog_permissions",
    ),
    "permissions-private": Text(
        400,
        "Can't change private chat permissions",
        _TD + "DialogManager.cpp:set_dialog_permissions",
    ),
    "permissions-channel": Text(
        400,
        "Can't change channel chat permissions",
        _TD + "DialogManager.cpp:set_dialog_permissions",
    ),
    "restrict-forbidden": Text(
        400,
        "Not enough rights to restrict/unrestrict chat member",
        _TD + "DialogParticipantManager.cpp:restrict_channel_participant",
    ),
    "restrict-self": Text(
        400,
        "Can't restrict self",
        _TD + "DialogParticipantManager.cpp:restrict_channel_participant",
    ),
    "restrict-administrator": Text(400, "USER_ADMIN_INVALID", _SERVER),
    "restrict-owner": Text(
        400,
        "Can't remove chat owner",
        _TD + "DialogParticipantManager.cpp:set_channel_participant_status_impl",
    ),
    "ban-private": Text(
        400,
        "Can't ban members in private chats",
        _TD + "DialogParticipantManager.cpp:ban_dialog_participant",
    ),
    "kick-inviter": Text(
        400,
        "Need to be inviter of a user to kick it from a basic group",
        _TD + "DialogParticipantManager.cpp:delete_chat_participant",
    ),
    "kick-administrator": Text(
        400,
        "Only the creator of a basic group can kick group administrators",
        _TD + "DialogParticipantManager.cpp:delete_chat_participant",
    ),
    "promote-forbidden": Text(
        400,
        "Not enough rights",
        _TD + "DialogParticipantManager.cpp:promote_channel_participant",
    ),
    "promote-self": Text(
        400,
        "Can't promote self",
        _TD + "DialogParticipantManager.cpp:promote_channel_participant",
    ),
    "right-forbidden": Text(400, "RIGHT_FORBIDDEN", _SERVER),
    "title-of-owner": Text(
        400,
        "only creator can edit their custom title",
        _API + "process_set_chat_administrator_custom_title_query",
    ),
    "title-not-administrator": Text(
        400,
        "user is not an administrator",
        _API + "process_set_chat_administrator_custom_title_query",
    ),
    "title-forbidden": Text(
        400,
        "not enough rights to change custom title of the user",
        _API + "process_set_chat_administrator_custom_title_query",
    ),
    "leave-private": Text(
        400, "Can't leave private and secret chats", _TD + "DialogManager.cpp:leave_dialog"
    ),
    # links and requests
    "links-forbidden": Text(
        400,
        "Not enough rights to manage chat invite link",
        _TD + "DialogInviteLinkManager.cpp:can_manage_dialog_invite_links",
    ),
    "links-private": Text(
        400,
        "Can't invite members to a private chat",
        _TD + "DialogInviteLinkManager.cpp:can_manage_dialog_invite_links",
    ),
    "link-limit-and-request": Text(
        400,
        "Member limit can't be specified for links requiring administrator approval",
        _TD + "DialogInviteLinkManager.cpp:edit_dialog_invite_link",
    ),
    "link-unknown": Text(400, "INVITE_HASH_EXPIRED", _SERVER),
    "requests-forbidden": Text(
        400,
        "Not enough rights to manage chat join requests",
        _TD + "DialogInviteLinkManager.cpp:process_dialog_join_request",
    ),
    "request-missing": Text(400, "HIDE_REQUESTER_MISSING", _SERVER),
    "request-user": Text(400, "USER_ID_INVALID", _SERVER),
    "already-participant": Text(400, "USER_ALREADY_PARTICIPANT", _SERVER),
    # the rest
    "query-too-old": Text(400, "QUERY_ID_INVALID", _SERVER),
    "action-unknown": Text(400, "Wrong parameter action in request", _API + "get_chat_action"),
    "action-forbidden": Text(400, "CHAT_WRITE_FORBIDDEN", _SERVER),
    # commands
    "command-invalid": Text(400, "BOT_COMMAND_INVALID", _SERVER),
    "commands-too-many": Text(400, "BOT_COMMANDS_TOO_MUCH", _SERVER),
    "command-unreadable": Text(400, "Can't parse BotCommand: {}", _API + "get_bot_commands"),
    "command-empty": Text(400, "Command must be non-empty", _TD + "BotCommand.cpp:set_commands"),
    "command-too-long": Text(
        400, "Command length must not exceed 32", _TD + "BotCommand.cpp:set_commands"
    ),
    "command-description-empty": Text(
        400, "Command description must be non-empty", _TD + "BotCommand.cpp:set_commands"
    ),
    "command-description-too-long": Text(
        400,
        "Command description length must not exceed 256",
        _TD + "BotCommand.cpp:set_commands",
    ),
    "language-invalid": Text(
        400, "Invalid language code specified", _TD + "BotCommand.cpp:set_commands"
    ),
    "scope-unknown": Text(
        400,
        "Can't parse BotCommandScope: Unsupported type specified",
        _API + "get_bot_command_scope",
    ),
    "scope-private": Text(
        400,
        "Can't use specified scope in private chats",
        _TD + "BotCommandScope.cpp:get_bot_command_scope",
    ),
    "scope-channel": Text(
        400,
        "Can't change commands in channel chats",
        _TD + "BotCommandScope.cpp:get_bot_command_scope",
    ),
    # downloads
    "file-id-missing": Text(400, "file_id not specified", _API + "check_remote_file_id"),
    "file-unavailable": Text(
        400,
        "wrong file_id or the file is temporarily unavailable",
        _API + "on_update_file",
    ),
    "file-too-big": Text(400, "file is too big", _API + "on_update_file"),
    "file-not-found": Text(404, "Not Found", "telegram-bot-api: file endpoint", verbatim=True),
}


def describe(code: int, message: str) -> tuple[int, str]:
    """Turn a raw error into (status, description), as `Client::fail_query_with_error` does."""
    from_server = all(c == "_" or c.isdigit() or "A" <= c <= "Z" for c in message)
    if code < LEAST_ERROR or code == NOT_FOUND or (code == FORBIDDEN and from_server):
        code = BAD_REQUEST
    if code == BAD_REQUEST:
        code, message = SUBSTITUTIONS.get(message, (400, message))
    prefix = PREFIXES.get(code)
    if prefix is None:
        return 400, f"Bad Request: {message}"
    if message.startswith(prefix) or not message:
        return code, message or prefix
    second = message[1:2]
    if second == "_" or "A" <= second <= "Z":
        return code, f"{prefix}: {message}"
    return code, f"{prefix}: {message[0].lower()}{message[1:]}"


def fail(key: str, *values: object, **parameters: int) -> BotApiError:
    """Return the error named `key`, its placeholders filled, ready to be raised."""
    text = TEXTS[key]
    message = text.message.format(*values) if values else text.message
    code, description = (text.code, message) if text.verbatim else describe(text.code, message)
    return BotApiError(code, description, dict(parameters) or None)


def too_many_requests(retry_after: int) -> BotApiError:
    """Return the flood error (Query.cpp: set_retry_after_error)."""
    return BotApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )
