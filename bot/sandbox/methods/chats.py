"""Chats: reading them, their default permissions, leaving."""

from typing import Any, Final

from bot.sandbox import membership
from bot.sandbox.access import Access, check_chat, known_user
from bot.sandbox.errors import fail
from bot.sandbox.rights import has_right, is_administrator, is_permitted_by
from bot.sandbox.serialize import full_chat_json, member_json, visible_administrators
from bot.sandbox.state import Chat, Json, Member
from bot.sandbox.world import World


def get_chat(world: World, params: Json) -> Json:
    """Read a chat. An upgraded group still answers, with what it was."""
    return full_chat_json(world, check_chat(world, params.get("chat_id"), Access.READ))


def get_chat_administrators(world: World, params: Json) -> list[Json]:
    """List owner and administrators; this works for a plain member too."""
    chat = check_chat(world, params.get("chat_id"), Access.READ_MEMBERS)
    if chat.type == "private":
        raise fail("no-administrators")
    return visible_administrators(world, chat, return_bots=bool(params.get("return_bots")))


def find_member(world: World, chat: Chat, user_id: Any) -> Member:  # noqa: ANN401  it comes from outside, and is checked here
    """Return a membership for a call; somebody known who was never there has left."""
    user_id = known_user(world, user_id)
    member = world.member(chat, user_id)
    if chat.has_hidden_members and user_id != world.bot.id:
        hidden = not is_administrator(member) and not is_administrator(world.bot_member(chat))
        if hidden:
            raise fail("admin-required")
    return member or Member(user_id=user_id, status="left")


def get_chat_member(world: World, params: Json) -> Json:
    """Read one membership."""
    user_id = params.get("user_id")
    access = Access.READ if user_id == world.bot.id else Access.READ_MEMBERS
    chat = check_chat(world, params.get("chat_id"), access)
    if chat.type == "private":
        if user_id not in {world.bot.id, chat.id}:
            raise fail("member-not-found")
        status = "kicked" if user_id == world.bot.id and world.users[chat.id].blocked else "member"
        return member_json(world, chat, Member(user_id=int(user_id or 0), status=status))
    return member_json(world, chat, find_member(world, chat, user_id))


def get_chat_member_count(world: World, params: Json) -> int:
    """Count the members, bots and restricted ones included."""
    chat = check_chat(world, params.get("chat_id"), Access.READ_MEMBERS)
    return 2 if chat.type == "private" else chat.member_count


def set_chat_permissions(world: World, params: Json) -> bool:
    """Set what members may do by default; no update tells anyone."""
    raw = params.get("permissions")
    if raw is None:
        raise fail("permissions-not-found")
    independent = bool(params.get("use_independent_chat_permissions"))
    permissions = is_permitted_by(raw, independent=independent)
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type in {"private", "channel"}:
        raise fail(f"permissions-{chat.type}")
    if not has_right(world.bot_member(chat), "can_restrict_members"):
        raise fail("permissions-forbidden")
    chat.permissions = permissions
    return True


def leave_chat(world: World, params: Json) -> bool:
    """Leave a group; the bot hears of its own leaving."""
    chat = check_chat(world, params.get("chat_id"), Access.READ)
    if chat.type == "private":
        raise fail("leave-private")
    member = membership.current(world, chat, world.bot.id)
    if member.status not in {"left", "kicked"}:
        membership.go(world, chat, world.bot.id, actor_id=world.bot.id, banned_until=None)
    return True


METHODS: Final = {
    "getChat": get_chat,
    "getChatAdministrators": get_chat_administrators,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "setChatPermissions": set_chat_permissions,
    "leaveChat": leave_chat,
}
