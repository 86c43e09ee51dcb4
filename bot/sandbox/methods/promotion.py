"""Administrators: promote, demote, and their titles."""

from dataclasses import replace
from typing import Final

from bot.sandbox import membership
from bot.sandbox.access import Access, check_chat
from bot.sandbox.errors import fail
from bot.sandbox.methods.chats import find_member
from bot.sandbox.rights import CHANNEL_ONLY_RIGHTS, has_right, is_in_chat, rights_named
from bot.sandbox.serialize import can_be_edited
from bot.sandbox.state import Json, Member
from bot.sandbox.world import World

LONGEST_TITLE: Final = 16


def promote_chat_member(world: World, params: Json) -> bool:
    """Make somebody an administrator with rights the bot has; without rights: demote."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type not in {"supergroup", "channel"}:
        raise fail("supergroups-and-channels-only")
    target = find_member(world, chat, params.get("user_id"))
    rights = rights_named({n: v for n, v in params.items() if n not in {"chat_id", "user_id"}})
    if chat.type == "supergroup":
        rights -= CHANNEL_ONLY_RIGHTS
    me = world.bot_member(chat)
    if target.status == "creator":
        raise fail("restrict-owner")
    if target.user_id == world.bot.id:
        raise fail("promote-self")
    if not has_right(me, "can_promote_members"):
        raise fail("promote-forbidden")
    if target.status == "administrator" and not can_be_edited(world, chat, target):
        raise fail("admin-required")
    if not all(has_right(me, r) for r in rights - {"is_anonymous"}):
        raise fail("right-forbidden")
    membership.change(world, chat, world.bot.id, _promoted(world, target, rights))
    return True


def _promoted(world: World, target: Member, rights: frozenset[str]) -> Member:
    if not rights:
        status = "member" if is_in_chat(target) else target.status
        return replace(target, status=status, rights=rights, promoted_by=None, custom_title=None)
    return replace(
        target,
        status="administrator",
        rights=rights,
        permissions=None,
        until_date=0,
        is_member=True,
        promoted_by=target.promoted_by or world.bot.id,
    )


def set_title(world: World, params: Json) -> bool:
    """Set the title of an administrator that the bot made one."""
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type != "supergroup":
        raise fail("supergroups-only")
    target = find_member(world, chat, params.get("user_id"))
    if target.status == "creator":
        raise fail("title-of-owner")
    if target.status != "administrator":
        raise fail("title-not-administrator")
    if not can_be_edited(world, chat, target):
        raise fail("title-forbidden")
    title = str(params.get("custom_title", ""))[:LONGEST_TITLE] or None
    membership.change(world, chat, world.bot.id, replace(target, custom_title=title))
    return True


METHODS: Final = {
    "promoteChatMember": promote_chat_member,
    "setChatAdministratorCustomTitle": set_title,
}
