"""State as Bot API objects, key by key as Client.cpp writes them (classes `Json…`).

Two undocumented habits of the real server are kept: old fields it still sends
(`can_send_media_messages`, `can_manage_voice_chats`, `all_members_are_administrators`,
`new_chat_participant`, `left_chat_participant`, `can_reply` of a connection) and one newer than
API 10.1 (`can_send_welcome_messages`). Whoever appears in an answer is known to the bot from then.
"""

from collections.abc import Mapping

from bot.sandbox.rights import (
    CHANNEL_ONLY_RIGHTS,
    MEDIA_PERMISSIONS,
    PERMISSIONS,
    has_right,
    is_in_chat,
)
from bot.sandbox.state import Chat, InviteLink, Json, Member, Message, User
from bot.sandbox.world import World

ADMINISTRATOR_KEYS = (
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_direct_messages",
    "can_manage_tags",
    "is_anonymous",
)
SHOWN_OF_LINK = 8
LINK_START = "https://t.me/+"


def user_json(world: World, user: User) -> Json:
    """Return a `User`."""
    world.met.add(user.id)
    result: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.last_name:
        result["last_name"] = user.last_name
    if user.username:
        result["username"] = user.username
    if user.language_code and not user.is_bot:
        result["language_code"] = user.language_code
    return result


def me_json(world: World) -> Json:
    """Return the bot as getMe shows it."""
    features = world.features
    return user_json(world, world.bot) | {
        "can_join_groups": features.can_join_groups,
        "can_read_all_group_messages": features.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": features.can_connect_to_business,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": features.supports_guest_queries,
        "supports_join_request_queries": False,
    }


def chat_json(world: World, chat: Chat) -> Json:
    """Return a `Chat`."""
    result: Json = {"id": chat.id}
    if chat.type == "private":
        user = world.users[chat.id]
        result["first_name"] = user.first_name
        if user.last_name:
            result["last_name"] = user.last_name
        if user.username:
            result["username"] = user.username
        result["type"] = "private"
        return result
    result["title"] = chat.title
    if chat.username:
        result["username"] = chat.username
    result["type"] = chat.type
    if chat.is_forum:
        result["is_forum"] = True
    if chat.type == "group":
        named = [p for p in PERMISSIONS if p not in _NOT_COUNTED]
        result["all_members_are_administrators"] = all(chat.permissions[p] for p in named)
    return result


_NOT_COUNTED = frozenset({"can_react_to_messages", "can_edit_tag", "can_manage_topics"})


def permissions_json(given: Mapping[str, bool]) -> Json:
    """Return a `ChatPermissions`, with the old field in its old place."""
    result: Json = {
        "can_send_messages": given["can_send_messages"],
        "can_send_media_messages": any(given[p] for p in MEDIA_PERMISSIONS),
    }
    result.update((p, given[p]) for p in PERMISSIONS if p != "can_send_messages")
    return result


def full_chat_json(world: World, chat: Chat) -> Json:
    """Return a `ChatFullInfo`, as the bot may see it."""
    result = chat_json(world, chat)
    if chat.type == "private":
        bio = world.users[chat.id].bio
        result |= {"active_usernames": [result["username"]]} if "username" in result else {}
        result |= {"bio": bio} if bio else {}
        result["accepted_gift_types"] = _gifts(on=True)
    else:
        result |= _group_details(world, chat)
        result["accepted_gift_types"] = _gifts(on=False)
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        result["pinned_message"] = message_json(world, pinned, with_reply=False)
    result["max_reaction_count"] = 11
    result["accent_color_id"] = abs(chat.id) % 7
    return result


def _gifts(*, on: bool) -> Json:
    return {
        "unlimited_gifts": on,
        "limited_gifts": on,
        "unique_gifts": on,
        "premium_subscription": on,
        "gifts_from_channels": on,
    }


def _group_details(world: World, chat: Chat) -> Json:
    details: Json = {}
    if chat.username:
        details["active_usernames"] = [chat.username]
    if chat.description:
        details["description"] = chat.description
    own_link = chat.primary_links.get(world.bot.id)
    if own_link and has_right(world.bot_member(chat), "can_invite_users"):
        details["invite_link"] = own_link
    if chat.type == "channel":
        return details | ({"linked_chat_id": chat.linked_chat_id} if chat.linked_chat_id else {})
    details["permissions"] = permissions_json(chat.permissions)
    flags = {
        "join_by_request": chat.join_by_request,
        "has_hidden_members": chat.has_hidden_members,
        "slow_mode_delay": chat.slow_mode_delay,
        "unrestrict_boost_count": chat.unrestrict_boost_count,
        "linked_chat_id": chat.linked_chat_id,
        "has_protected_content": chat.has_protected_content,
    }
    return details | {name: value for name, value in flags.items() if value}


def can_be_edited(world: World, chat: Chat, member: Member) -> bool:
    """Tell whether the bot may change this administrator: it, or one of its own, made it one."""
    if member.user_id == world.bot.id or not has_right(
        world.bot_member(chat), "can_promote_members"
    ):
        return False
    promoter = member.promoted_by
    while promoter is not None and promoter != world.bot.id:
        above = chat.members.get(promoter)
        promoter = above.promoted_by if above is not None else None
    return promoter == world.bot.id


def member_json(world: World, chat: Chat, member: Member) -> Json:
    """Return a `ChatMember` of any kind."""
    result: Json = {
        "user": user_json(world, world.users[member.user_id]),
        "status": member.status,
    }
    if member.status == "creator":
        if member.custom_title:
            result["custom_title"] = member.custom_title
        result["is_anonymous"] = "is_anonymous" in member.rights
    elif member.status == "administrator":
        result["can_be_edited"] = can_be_edited(world, chat, member)
        result.update(rights_json(member.rights, for_channel=chat.type == "channel"))
        if member.custom_title:
            result["custom_title"] = member.custom_title
    elif member.status == "restricted":
        result["until_date"] = member.until_date
        result.update(permissions_json(member.permissions or {}))
        result["is_member"] = member.is_member
    elif member.status == "kicked":
        result["until_date"] = member.until_date
    return result


def rights_json(rights: frozenset[str], *, for_channel: bool) -> Json:
    """Return administrator rights, the channels' own only where they belong."""
    result: Json = {
        name: name in rights
        for name in ADMINISTRATOR_KEYS
        if for_channel or name not in CHANNEL_ONLY_RIGHTS
    }
    result["can_send_welcome_messages"] = False
    result["can_manage_voice_chats"] = result["can_manage_video_chats"]
    return result


def link_json(world: World, chat: Chat, link: InviteLink) -> Json:
    """Return a `ChatInviteLink`; of somebody else's only the beginning is shown."""
    url = link.url
    if link.creator != world.bot.id:
        url = url[: len(LINK_START) + SHOWN_OF_LINK] + "..."
    result: Json = {"invite_link": url}
    if link.name:
        result["name"] = link.name
    result["creator"] = user_json(world, world.users[link.creator])
    if link.expire_date:
        result["expire_date"] = link.expire_date
    if link.member_limit:
        result["member_limit"] = link.member_limit
    if pending := chat.pending_by_link.get(link.url, 0):
        result["pending_join_request_count"] = pending
    result["creates_join_request"] = link.creates_join_request
    result["is_primary"] = link.is_primary
    result["is_revoked"] = link.is_revoked
    return result


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """Return a `Message`; a message it answers is shown one level deep."""
    chat = world.chats[message.chat_id]
    result: Json = {"message_id": message.id}
    if message.from_id is not None:
        result["from"] = user_json(world, world.users[message.from_id])
    if message.author_signature:
        result["author_signature"] = message.author_signature
    if message.sender_chat_id is not None:
        result["sender_chat"] = chat_json(world, world.chats[message.sender_chat_id])
    result["chat"] = chat_json(world, chat)
    result["date"] = message.date
    if message.edit_date is not None:
        result["edit_date"] = message.edit_date
    if message.forward_origin is not None:
        result["forward_origin"] = message.forward_origin
    result.update(message.extras)
    if with_reply and message.reply_to is not None:
        answered = chat.messages.get(message.reply_to)
        if answered is not None and answered.deleted_at is None:
            result["reply_to_message"] = message_json(world, answered, with_reply=False)
    if with_reply and message.pinned_id is not None:
        pinned = chat.messages[message.pinned_id]
        result["pinned_message"] = message_json(world, pinned, with_reply=False)
    result.update(message.content)
    if message.markup is not None and "inline_keyboard" in message.markup:
        result["reply_markup"] = message.markup
    return result


def visible_administrators(world: World, chat: Chat, *, return_bots: bool) -> list[Json]:
    """Return owner and administrators, without other bots unless asked for."""
    shown = []
    for user_id in chat.administrators:
        member = world.member(chat, user_id)
        is_other_bot = world.users[user_id].is_bot and user_id != world.bot.id
        if member is not None and is_in_chat(member) and (return_bots or not is_other_bot):
            shown.append(member_json(world, chat, member))
    return shown
