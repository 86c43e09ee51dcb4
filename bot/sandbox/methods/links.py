"""Invite links of the bot, and the people who wait behind them."""

from dataclasses import replace
from typing import Final

from bot.sandbox import links, membership
from bot.sandbox.access import Access, check_chat
from bot.sandbox.errors import fail
from bot.sandbox.rights import has_right, is_in_chat
from bot.sandbox.serialize import link_json
from bot.sandbox.state import Chat, InviteLink, Json
from bot.sandbox.world import World


def _manageable(world: World, params: Json) -> Chat:
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    if chat.type == "private":
        raise fail("links-private")
    if not has_right(world.bot_member(chat), "can_invite_users"):
        raise fail("links-forbidden")
    return chat


def _limits(params: Json) -> Json:
    creates_request = bool(params.get("creates_join_request"))
    if creates_request and params.get("member_limit"):
        raise fail("link-limit-and-request")
    return {
        "name": (params.get("name") or "")[: links.LONGEST_NAME] or None,
        "expire_date": params.get("expire_date") or None,
        "member_limit": params.get("member_limit") or None,
        "creates_join_request": creates_request,
    }


def export_chat_invite_link(world: World, params: Json) -> str:
    """Make a new primary link of the bot; its earlier one is revoked."""
    chat = _manageable(world, params)
    old = chat.links.get(chat.primary_links.get(world.bot.id, ""))
    if old is not None:
        links.keep(world, chat, replace(old, is_revoked=True))
    link = links.make(world, chat, world.bot.id, is_primary=True)
    chat.primary_links[world.bot.id] = link.url
    return link.url


def create_chat_invite_link(world: World, params: Json) -> Json:
    """Make another link."""
    chat = _manageable(world, params)
    return link_json(world, chat, links.make(world, chat, world.bot.id, **_limits(params)))


def _own(world: World, chat: Chat, params: Json) -> InviteLink:
    link = chat.links.get(params.get("invite_link", ""))
    if link is None:
        raise fail("link-unknown")
    if link.creator != world.bot.id:
        raise fail("admin-required")
    return link


def edit_chat_invite_link(world: World, params: Json) -> Json:
    """Change a link that is not the primary one."""
    chat = _manageable(world, params)
    link = _own(world, chat, params)
    if link.is_primary or link.is_revoked:
        raise fail("link-unknown")
    link = replace(link, **_limits(params))
    links.keep(world, chat, link)
    return link_json(world, chat, link)


def revoke_chat_invite_link(world: World, params: Json) -> Json:
    """Revoke a link; for the primary one a new one is made, as Telegram does."""
    chat = _manageable(world, params)
    link = replace(_own(world, chat, params), is_revoked=True)
    links.keep(world, chat, link)
    if link.is_primary:
        fresh = links.make(world, chat, world.bot.id, is_primary=True)
        chat.primary_links[world.bot.id] = fresh.url
    return link_json(world, chat, link)


def _settle(world: World, params: Json, *, let_in: bool) -> bool:
    chat = check_chat(world, params.get("chat_id"), Access.WRITE)
    user_id = params.get("user_id")
    if not isinstance(user_id, int) or user_id <= 0:
        raise fail("user-id-invalid")
    if not has_right(world.bot_member(chat), "can_invite_users"):
        raise fail("requests-forbidden")
    if user_id not in world.users:
        raise fail("request-user")
    if is_in_chat(world.member(chat, user_id)):
        raise fail("already-participant")
    if user_id not in chat.requests:
        raise fail("request-missing")
    membership.settle_request(world, chat, user_id, actor_id=world.bot.id, let_in=let_in)
    return True


def approve_chat_join_request(world: World, params: Json) -> bool:
    """Let a waiting person in."""
    return _settle(world, params, let_in=True)


def decline_chat_join_request(world: World, params: Json) -> bool:
    """Send a waiting person away."""
    return _settle(world, params, let_in=False)


METHODS: Final = {
    "exportChatInviteLink": export_chat_invite_link,
    "createChatInviteLink": create_chat_invite_link,
    "editChatInviteLink": edit_chat_invite_link,
    "revokeChatInviteLink": revoke_chat_invite_link,
    "approveChatJoinRequest": approve_chat_join_request,
    "declineChatJoinRequest": decline_chat_join_request,
}
