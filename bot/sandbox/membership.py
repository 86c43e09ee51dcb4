"""Who is in a chat and how: every change of a membership, with the updates it makes.

`my_chat_member` when the bot's own membership changes; `chat_member` for others only if the bot is
an administrator. Rights of whoever does it are checked elsewhere.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.sandbox import posting
from bot.sandbox.rights import (
    BASIC_GROUP_RIGHTS,
    GROUP_RIGHTS,
    has_right,
    is_administrator,
    is_in_chat,
)
from bot.sandbox.serialize import chat_json, link_json, member_json, user_json
from bot.sandbox.state import GROUP_ANONYMOUS_BOT, Chat, InviteLink, JoinRequest, Json, Member
from bot.sandbox.world import World

# Above these sizes Telegram leaves out the service messages (telegram.md, B).
MOST_FOR_JOIN_MESSAGES: Final = 10_000
MOST_FOR_LEAVE_MESSAGES: Final = 100
SHORTEST_SENTENCE: Final = 30
LONGEST_SENTENCE: Final = 366 * 86_400


def current(world: World, chat: Chat, user_id: int) -> Member:
    """Return the membership, or one that says `left` for somebody who was never there."""
    return world.member(chat, user_id) or Member(user_id=user_id, status="left")


def end_of(world: World, until_date: int) -> int:
    """Return `until_date`, or 0 (for ever) when it is too near or too far, as documented."""
    left = until_date - world.clock.unix()
    return until_date if SHORTEST_SENTENCE <= left <= LONGEST_SENTENCE else 0


def change(
    world: World,
    chat: Chat,
    actor_id: int,
    new: Member,
    *,
    link: InviteLink | None = None,
    via: str | None = None,
) -> None:
    """Replace a membership and tell the bot, if it is to know.

    `via` names the field of `ChatMemberUpdated` that tells how somebody came in besides a link:
    `via_join_request` or `via_chat_folder_invite_link`.
    """
    old = current(world, chat, new.user_id)
    is_bot = new.user_id == world.bot.id
    heard = is_bot or (
        world.updates.wants("chat_member") and is_administrator(world.bot_member(chat))
    )
    before = member_json(world, chat, old) if heard else {}
    world.put_member(chat, new)
    if not heard or (old.status == new.status == "left"):
        return
    after = member_json(world, chat, new)
    if before == after:
        return
    update: Json = {
        "chat": chat_json(world, chat),
        "from": user_json(world, world.users[actor_id]),
        "date": world.clock.unix(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    if link is not None:
        update["invite_link"] = link_json(world, chat, link)
    if via is not None:
        update[via] = True
    world.updates.add("my_chat_member" if is_bot else "chat_member", update)


def enter(
    world: World,
    chat: Chat,
    user_ids: Iterable[int],
    *,
    actor_id: int,
    link: InviteLink | None = None,
    via: str | None = None,
    rights: frozenset[str] | None = None,
) -> None:
    """Let people into a chat, with the service message of a joining."""
    entered = []
    for user_id in user_ids:
        old = current(world, chat, user_id)
        if is_in_chat(old):
            continue
        new = _entering(world, old, actor_id, rights)
        change(world, chat, actor_id, new, link=link, via=via)
        entered.append(user_id)
    if entered and chat.type != "channel" and chat.member_count <= MOST_FOR_JOIN_MESSAGES:
        people = [user_json(world, world.users[u]) for u in entered]
        content: Json = {"new_chat_participant": people[0], "new_chat_member": people[0]}
        sender = entered[0] if via is not None or link is not None else actor_id
        posting.service(world, chat, sender, content | {"new_chat_members": people})


def _entering(world: World, old: Member, actor_id: int, rights: frozenset[str] | None) -> Member:
    now = world.clock.unix()
    fresh = Member(user_id=old.user_id, status="member", joined=now, invited_by=actor_id)
    if old.was_owner:
        return replace(fresh, status="creator", rights=GROUP_RIGHTS)
    if rights is not None:
        return replace(fresh, status="administrator", rights=rights, promoted_by=actor_id)
    if old.status == "restricted":
        return replace(old, is_member=True, joined=now, invited_by=actor_id)
    return fresh


def go(world: World, chat: Chat, user_id: int, *, actor_id: int, banned_until: int | None) -> None:
    """Take somebody out: by themselves, or removed, or banned until `banned_until` (0: for ever).

    A removal from a basic group reads `left` in the update, and still later calls of a removed bot
    are told that it was kicked (td: on_update_chat_participant; chatForbidden).
    """
    old = current(world, chat, user_id)
    gone = Member(
        user_id=user_id,
        status="left",
        was_owner=old.status == "creator",
        was_removed=actor_id != user_id,
    )
    if banned_until is not None and chat.type != "group":
        gone = replace(gone, status="kicked", until_date=banned_until)
    elif old.status == "restricted" and actor_id == user_id:
        gone = replace(old, is_member=False)
    was_in = is_in_chat(old)
    count = chat.member_count
    change(world, chat, actor_id, gone)
    if was_in and chat.type != "channel" and count <= MOST_FOR_LEAVE_MESSAGES:
        person = user_json(world, world.users[user_id])
        content = {"left_chat_participant": person, "left_chat_member": person}
        posting.service(world, chat, actor_id, content)


def forget_messages_of(world: World, chat: Chat, user_id: int, *, by: int) -> None:
    """Delete all of somebody's messages, as a ban from a supergroup always does."""
    how = "ban by the bot" if by == world.bot.id else "ban by a person"
    for message in chat.messages.values():
        if message.from_id == user_id and message.deleted_at is None and not message.is_service:
            posting.delete(world, chat, message, by=by, how=how)


def upgrade(world: World, chat: Chat, actor_id: int) -> Chat:
    """Turn a basic group into a supergroup: a new chat with a new id, the old one frozen."""
    new = world.new_chat("supergroup", chat.title or "")
    new.permissions = dict(chat.permissions)
    new.description = chat.description
    new.migrated_from = chat.id
    for member in [m for m in chat.members.values() if is_in_chat(m)]:
        moved = member
        if member.status == "administrator":
            moved = replace(member, rights=member.rights | BASIC_GROUP_RIGHTS)
        if member.user_id == world.bot.id:
            change(world, new, actor_id, moved)
        else:
            world.put_member(new, moved)
    chat.migrated_to = new.id
    posting.service(world, chat, actor_id, {"migrate_to_chat_id": new.id})
    posting.service(
        world,
        new,
        GROUP_ANONYMOUS_BOT,
        {"migrate_from_chat_id": chat.id},
        sender_chat_id=new.id,
    )
    return new


def request_to_join(world: World, chat: Chat, user_id: int, link: InviteLink | None) -> None:
    """Put somebody in the waiting line; the bot hears of it if it may let people in.

    A request replaces an earlier one of the same person, and is told of again.
    """
    if user_id in chat.requests:
        _end_request(chat, user_id)
    told = has_right(world.bot_member(chat), "can_invite_users")
    request = JoinRequest(
        user_id=user_id,
        date=world.clock.unix(),
        link=link.url if link else None,
        bio=world.users[user_id].bio,
        told=told,
    )
    chat.requests[user_id] = request
    if link is not None:
        chat.pending_by_link[link.url] = chat.pending_by_link.get(link.url, 0) + 1
    if not told:
        return
    update: Json = {
        "chat": chat_json(world, chat),
        "from": user_json(world, world.users[user_id]),
        "user_chat_id": user_id,
        "date": request.date,
    }
    if request.bio:
        update["bio"] = request.bio
    if link is not None:
        update["invite_link"] = link_json(world, chat, link)
    world.updates.add("chat_join_request", update)


def _end_request(chat: Chat, user_id: int) -> InviteLink | None:
    """Take somebody out of the waiting line; return the link they came by, if it was one."""
    request = chat.requests.pop(user_id)
    link = chat.links.get(request.link) if request.link else None
    if link is not None:
        chat.pending_by_link[link.url] -= 1
    return link


def settle_request(world: World, chat: Chat, user_id: int, *, actor_id: int, let_in: bool) -> None:
    """Let a waiting person in, or send them away (Telegram tells bots nothing of the latter)."""
    link = _end_request(chat, user_id)
    if not let_in:
        return
    if link is not None:
        chat.links[link.url] = link = replace(link, used=link.used + 1)
    enter(world, chat, [user_id], actor_id=actor_id, link=link, via="via_join_request")
