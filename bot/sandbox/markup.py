"""Keyboards: what may stand in one, and how it is kept.

Ported from Client.cpp (get_inline_keyboard_button, get_keyboard_button) and td's ReplyMarkup.cpp.
"""

from typing import Final

from bot.sandbox.errors import fail
from bot.sandbox.state import Chat, Json

MOST_DATA_BYTES: Final = 64
INLINE_ACTIONS: Final = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
PRIVATE_ONLY: Final = {
    "request_chat": "chat-request-private",
    "request_users": "user-request-private",
    "request_contact": "contact-request-private",
}


def read_markup(chat: Chat, raw: Json | None, *, inline_only: bool = False) -> Json | None:
    """Check a reply markup for `chat`; return it, or None if there is none to speak of."""
    if raw is None:
        return None
    if "inline_keyboard" in raw:
        rows = [[_inline_button(b) for b in row] for row in raw["inline_keyboard"] if row]
        return {"inline_keyboard": rows} if rows else None
    if inline_only:
        return None
    if "keyboard" in raw:
        rows = [[_reply_button(chat, b) for b in row] for row in raw["keyboard"] if row]
        return {**raw, "keyboard": rows}
    if raw.get("remove_keyboard") or raw.get("force_reply"):
        return dict(raw)
    return None


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise fail("inline-button", "expected an Object")
    if not isinstance(button.get("text"), str):
        raise fail("inline-button", 'can\'t find field "text"')
    # Empty data counts as none at all.
    if INLINE_ACTIONS.isdisjoint(button) or button.get("callback_data") == "":
        raise fail("text-buttons")
    data = button.get("callback_data")
    if data is not None and len(str(data).encode()) > MOST_DATA_BYTES:
        raise fail("button-data")
    return dict(button)


def _reply_button(chat: Chat, button: object) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise fail("keyboard-button", 'can\'t find field "text"')
    for request, error in PRIVATE_ONLY.items():
        if request in button and chat.type != "private":
            raise fail(error)
    request_chat = button.get("request_chat")
    if request_chat is not None and not {"request_id", "chat_is_channel"} <= set(request_chat):
        raise fail("keyboard-button", 'can\'t find field "request_id"')
    return dict(button)


def keep_keyboard(chat: Chat, message_id: int, markup: Json | None) -> None:
    """Show or take away the reply keyboard of a chat, as clients do."""
    if markup is None:
        return
    if "keyboard" in markup:
        chat.keyboard = markup
        chat.keyboard_message = message_id
    elif markup.get("remove_keyboard"):
        chat.keyboard = chat.keyboard_message = None


def find_button(markup: Json | None, *, data: str | None, text: str | None) -> Json | None:
    """Return the inline button with this data or, without data, this text."""
    if markup is None:
        return None
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            if button.get("callback_data") == data if data is not None else button["text"] == text:
                found: Json = button
                return found
    return None
