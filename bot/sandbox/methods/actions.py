"""What the bot shows it is doing: "typing…", "sending a file…"."""

from typing import Final

from bot.sandbox.access import Access, check_chat, check_reachable
from bot.sandbox.errors import fail
from bot.sandbox.methods.sending import not_modelled
from bot.sandbox.rights import may
from bot.sandbox.state import Json
from bot.sandbox.world import World

ACTIONS: Final = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
# Bot API, sendChatAction: "set for 5 seconds or less".
SHOWN_FOR: Final = 5


def send_chat_action(world: World, params: Json) -> bool:
    """Show what the bot is doing, until its next message or for five seconds."""
    not_modelled(params)
    action = str(params.get("action", "")).lower()
    if action not in ACTIONS:
        raise fail("action-unknown")
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type == "private":
        check_reachable(world, chat)
    elif not may(chat, world.bot_member(chat), "can_send_messages"):
        raise fail("action-forbidden")
    chat.bot_action = (action, world.clock.unix() + SHOWN_FOR)
    return True


METHODS: Final = {"sendChatAction": send_chat_action}
