"""The small world in which every contender is measured: one bot, one owner, twenty groups.

Only values and the JSON objects of the Bot API that describe them. No state, no network: both the
server (which answers with these objects) and the driver (which feeds them) build on this file.
Shapes: https://core.telegram.org/bots/api (10.1).
"""

from typing import Any, Final

Json = dict[str, Any]
"""One object of the Bot API, ready for `json.dumps`."""

TOKEN: Final = "8000000001:" + "A" * 35
"""Made up. Everything that speaks to this server must know it, or is answered with 401."""

BOT_ID: Final = 8_000_000_001
OWNER_ID: Final = 7_000_000_001
FIRST_GROUP_ID: Final = -1_001_000_000_001
FIRST_MEMBER_ID: Final = 6_000_000_000
MEMBERS_PER_GROUP: Final = 25

ADMINISTRATOR_RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
    "can_send_welcome_messages",
)

CHAT_PERMISSIONS: Final = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)

LOCKED: Final = {name: name == "can_react_to_messages" for name in CHAT_PERMISSIONS}
"""Only administrators can send; reactions stay on."""

TEXTS: Final = (
    "Is het eerste uur echt vervallen?",
    "Weet iemand welk lokaal?",
    "haha ja",
    "Mijn zusje heeft ook het vierde uur vrij, klopt dat wel volgens het rooster van vandaag?",
    "ok",
)


def group_ids(count: int) -> list[int]:
    """The Telegram ids of the first `count` groups."""
    return [FIRST_GROUP_ID - number for number in range(count)]


def bot_user() -> Json:
    """The bot, as `User`."""
    return {
        "id": BOT_ID,
        "is_bot": True,
        "first_name": "Groepswacht",
        "username": "groepswacht_bench_bot",
    }


def bot_itself() -> Json:
    """The answer of `getMe`: `User` with the fields that only this method gives."""
    return bot_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def person(user_id: int) -> Json:
    """A human being, as `User`."""
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": f"Persoon {user_id}",
        "language_code": "nl",
    }


def chat(chat_id: int) -> Json:
    """A supergroup (negative id) or a private chat, as `Chat`."""
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": f"Persoon {chat_id}"}
    return {"id": chat_id, "type": "supergroup", "title": f"Klas {FIRST_GROUP_ID - chat_id + 1}"}


def full_chat(chat_id: int, permissions: dict[str, bool]) -> Json:
    """The answer of `getChat`: `ChatFullInfo`; `permissions` count for groups only."""
    full = chat(chat_id) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    return full if chat_id > 0 else full | {"permissions": permissions}


def chat_member(user_id: int) -> Json:
    """What `getChatMember` says in every group: the owner, the bot, or an ordinary member."""
    if user_id == OWNER_ID:
        return {"user": person(OWNER_ID), "status": "creator", "is_anonymous": False}
    if user_id == BOT_ID:
        return {
            "user": bot_user(),
            "status": "administrator",
            "can_be_edited": False,
            "is_anonymous": False,
        } | dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
    return {"user": person(user_id), "status": "member"}


def unwanted_message(chat_id: int, message_id: int, date: int) -> Json:
    """An update with a message by an ordinary member of `chat_id`. `date` in Unix seconds."""
    group = FIRST_GROUP_ID - chat_id
    sender = FIRST_MEMBER_ID + group * MEMBERS_PER_GROUP + message_id % MEMBERS_PER_GROUP
    return {
        "message": {
            "message_id": message_id,
            "from": person(sender),
            "chat": chat(chat_id),
            "date": date,
            "text": TEXTS[message_id % len(TEXTS)],
        }
    }


def private_start(user_id: int, code: str, date: int) -> Json:
    """An update with `/start <code>`, as Telegram sends it when somebody follows a deep link."""
    return {
        "message": {
            "message_id": 1,
            "from": person(user_id),
            "chat": chat(user_id),
            "date": date,
            "text": f"/start {code}",
            "entities": [{"type": "bot_command", "offset": 0, "length": len("/start")}],
        }
    }


def bot_becomes_administrator(chat_id: int, date: int) -> Json:
    """An update: the owner adds the bot to `chat_id` with every right of an administrator."""
    return {
        "my_chat_member": {
            "chat": chat(chat_id),
            "from": person(OWNER_ID),
            "date": date,
            "old_chat_member": {"user": bot_user(), "status": "left"},
            "new_chat_member": chat_member(BOT_ID),
        }
    }


def sent_message(chat_id: int, message_id: int, date: int, text: str) -> Json:
    """The answer of `sendMessage`: the bot's own `Message`."""
    return {
        "message_id": message_id,
        "from": bot_user(),
        "chat": chat(chat_id),
        "date": date,
        "text": text,
    }


def invite_link(chat_id: int, *, primary: bool, asks_first: bool) -> Json:
    """A `ChatInviteLink` made by the bot; `asks_first` = who follows it must be let in."""
    kind = "AAAA" if primary else "BBBB"
    return {
        "invite_link": f"https://t.me/+{kind}{-chat_id}",
        "creator": bot_user(),
        "creates_join_request": asks_first,
        "is_primary": primary,
        "is_revoked": False,
    }
