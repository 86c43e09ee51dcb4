"""Invite links: making them, and whether one still lets somebody in."""

import secrets

from bot.sandbox.serialize import LINK_START
from bot.sandbox.state import Chat, InviteLink
from bot.sandbox.world import World

LONGEST_NAME = 32


def make(
    world: World,
    chat: Chat,
    creator: int,
    *,
    name: str | None = None,
    expire_date: int | None = None,
    member_limit: int | None = None,
    creates_join_request: bool = False,
    is_primary: bool = False,
) -> InviteLink:
    """Make a link and remember it."""
    link = InviteLink(
        url=LINK_START + secrets.token_urlsafe(12),
        creator=creator,
        is_primary=is_primary,
        name=name[:LONGEST_NAME] if name else None,
        expire_date=expire_date or None,
        member_limit=member_limit or None,
        creates_join_request=creates_join_request,
    )
    keep(world, chat, link)
    return link


def keep(world: World, chat: Chat, link: InviteLink) -> None:
    """Store a link, new or changed."""
    chat.links[link.url] = link
    world.links[link.url] = chat.id


def is_open(world: World, link: InviteLink) -> bool:
    """Tell whether a link still lets people in."""
    if link.is_revoked or (link.member_limit is not None and link.used >= link.member_limit):
        return False
    return link.expire_date is None or link.expire_date > world.clock.unix()
