"""Members: restrict, ban, unban, and the chats somebody writes as."""

from dataclasses import replace
from typing import Final

from bot.sandbox import membership
from bot.sandbox.access import Access, check_chat, known_user
from bot.sandbox.errors import fail
from bot.sandbox.methods.chats import find_member
from bot.sandbox.parameters import LEGACY_PERMISSIONS
from bot.sandbox.rights import (
    MEDIA_PERMISSIONS,
    has_right,
    is_administrator,
    is_in_chat,
    is_permitted_by,
)
from bot.sandbox.state import Chat, Json, Member
from bot.sandbox.world import World


def _check_may_restrict(world: World, chat: Chat, target: Member) -> None:
    """Apply td's order: owner, self, own right; the server's: administrators are safe."""
    if target.status == "creator":
        raise fail("restrict-owner")
    if target.user_id == world.bot.id:
        raise fail("restrict-self")
    if not has_right(world.bot_member(chat), "can_restrict_members"):
        raise fail("restrict-forbidden")
    if is_administrator(target):
        raise fail("restrict-administrator")


def restrict_chat_member(world: World, params: Json) -> bool:
    """Give one person fewer permissions than the others, or all of them back."""
    legacy: Json = {n: params[n] for n in LEGACY_PERMISSIONS if n in params}
    if "permissions" not in params and not legacy:
        raise fail("permissions-not-found")
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type != "supergroup":
        raise fail("supergroups-only")
    target = find_member(world, chat, params.get("user_id"))
    if "permissions" in params:
        independent = bool(params.get("use_independent_chat_permissions"))
        permissions = is_permitted_by(params["permissions"], independent=independent)
    else:
        permissions = _from_legacy(legacy, target)
    _check_may_restrict(world, chat, target)
    status = "member" if all(permissions.values()) and is_in_chat(target) else "restricted"
    new = replace(
        target,
        status=status,
        is_member=is_in_chat(target),
        permissions=permissions if status == "restricted" else None,
        until_date=membership.end_of(world, params.get("until_date", 0)),
    )
    if status == "member":
        new = replace(new, until_date=0)
    membership.change(world, chat, world.bot.id, new)
    return True


def _from_legacy(given: Json, target: Member) -> dict[str, bool]:
    """The form before `permissions` leaves alone what it cannot name."""
    media = given.get("can_send_media_messages", False)
    raw: Json = {n: given.get(n, False) for n in LEGACY_PERMISSIONS if "media" not in n}
    raw |= dict.fromkeys(MEDIA_PERMISSIONS, media)
    permissions = is_permitted_by(raw, independent=False)
    if target.status == "restricted" and target.permissions is not None:
        for kept in (
            "can_send_polls",
            "can_change_info",
            "can_invite_users",
            "can_pin_messages",
            "can_manage_topics",
        ):
            permissions[kept] = target.permissions[kept]
    return permissions


def ban_chat_member(world: World, params: Json) -> bool:
    """Remove somebody; from a supergroup with all their messages, and for good."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type == "private":
        raise fail("ban-private")
    user_id = known_user(world, params.get("user_id"))
    target = membership.current(world, chat, user_id)
    if chat.type == "group":
        return _kick_from_group(world, chat, target)
    _check_may_restrict(world, chat, target)
    until = membership.end_of(world, params.get("until_date", 0))
    membership.go(world, chat, user_id, actor_id=world.bot.id, banned_until=until)
    membership.forget_messages_of(world, chat, user_id, by=world.bot.id)
    return True


def _kick_from_group(world: World, chat: Chat, target: Member) -> bool:
    if is_administrator(target):
        raise fail("kick-administrator")
    if target.invited_by != world.bot.id and not is_administrator(world.bot_member(chat)):
        raise fail("kick-inviter")
    if is_in_chat(target):
        membership.go(world, chat, target.user_id, actor_id=world.bot.id, banned_until=None)
    return True


def unban_chat_member(world: World, params: Json) -> bool:
    """Lift a ban; a member is removed by it, unless `only_if_banned`."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type not in {"supergroup", "channel"}:
        raise fail("supergroups-and-channels-only")
    user_id = known_user(world, params.get("user_id"))
    target = membership.current(world, chat, user_id)
    if params.get("only_if_banned") and target.status != "kicked":
        return True
    _check_may_restrict(world, chat, target)
    if is_in_chat(target):
        membership.go(world, chat, user_id, actor_id=world.bot.id, banned_until=None)
    elif target.status != "left":
        membership.change(world, chat, world.bot.id, Member(user_id=user_id, status="left"))
    return True


def _sender_chat_call(world: World, params: Json) -> tuple[Chat, int]:
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    sender = params.get("sender_chat_id")
    if sender is None:
        raise fail("sender-chat-empty")
    if not has_right(world.bot_member(chat), "can_restrict_members"):
        raise fail("restrict-forbidden")
    if sender not in world.chats:
        raise fail("chat-not-found")
    return chat, int(sender)


def ban_chat_sender_chat(world: World, params: Json) -> bool:
    """Ban a channel: its owner cannot write as any of their channels until it is lifted."""
    chat, sender = _sender_chat_call(world, params)
    owner = next((u for u in world.chats[sender].administrators), None)
    chat.banned_senders[sender] = owner or 0
    return True


def unban_chat_sender_chat(world: World, params: Json) -> bool:
    """Lift the ban of a channel."""
    chat, sender = _sender_chat_call(world, params)
    chat.banned_senders.pop(sender, None)
    return True


METHODS: Final = {
    "restrictChatMember": restrict_chat_member,
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "banChatSenderChat": ban_chat_sender_chat,
    "unbanChatSenderChat": unban_chat_sender_chat,
}
