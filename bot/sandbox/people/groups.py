"""Making groups and channels, upgrading them, and putting the bot in or out."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox import membership, posting
from bot.sandbox.people.writing import Writing
from bot.sandbox.rights import (
    BASIC_GROUP_RIGHTS,
    CHANNEL_ONLY_RIGHTS,
    GROUP_RIGHTS,
    has_right,
    is_administrator,
    is_in_chat,
    may,
    rights_named,
)
from bot.sandbox.serialize import chat_json
from bot.sandbox.state import SERVICE_NOTIFICATIONS, Chat, Member

Rights = Mapping[str, Any] | list[str] | tuple[str, ...]


class Groups(Writing):
    """Verbs about whole groups."""

    def create_group(
        self,
        owner: int,
        title: str,
        members: Iterable[int] = (),
        kind: str = "supergroup",
        username: str | None = None,
    ) -> int:
        """Make a group ("group": a basic one) and return its id."""
        if kind not in {"group", "supergroup"}:
            msg = "kind is group or supergroup"
            raise ValueError(msg)
        self._world.user(owner)
        chat = self._world.new_chat(kind, title, username)
        now = self._world.clock.unix()
        rights = GROUP_RIGHTS if kind == "supergroup" else BASIC_GROUP_RIGHTS
        self._world.put_member(
            chat, Member(user_id=owner, status="creator", rights=rights, joined=now)
        )
        created = "group_chat_created" if kind == "group" else "supergroup_chat_created"
        posting.service(self._world, chat, owner, {created: True})
        others = [m for m in members if m not in {owner, self._world.bot.id}]
        membership.enter(self._world, chat, others, actor_id=owner)
        return chat.id

    def create_channel(self, owner: int, title: str, username: str | None = None) -> int:
        """Make a channel, to write as or to link to a group; its inside is not modelled."""
        chat = self._world.new_chat("channel", title, username)
        now = self._world.clock.unix()
        self._world.put_member(chat, Member(user_id=owner, status="creator", joined=now))
        return chat.id

    def upgrade(self, user: int, chat: int) -> int:
        """Turn a basic group into a supergroup and return the new id."""
        found, member = self._inside(user, chat, "upgrade")
        if found.type != "group" or member.status != "creator":
            self._refuse("no-right", found, user, "upgrade")
        return membership.upgrade(self._world, found, user).id

    def add_bot(
        self,
        user: int,
        chat: int,
        as_admin_rights: Rights | None = None,
        payload: str | None = None,
    ) -> int:
        """Add the bot and return the chat's id, a new one if giving rights upgraded the group.

        `payload` is that of a startgroup link: the client sends `/start@bot payload` after it.
        """
        if not self._world.features.can_join_groups:
            self._refuse("bot-no-groups")
        found, member = self._inside(user, chat, "add_bot")
        found = self._put_bot_in(found, member, as_admin_rights)
        if payload is not None:
            text = f"/start@{self._world.bot.username} {payload}"
            self._write_start(user, found, text)
        return found.id

    def _put_bot_in(self, chat: Chat, member: Member, wanted: Rights | None) -> Chat:
        user, world = member.user_id, self._world
        if chat.username and not is_administrator(member):
            self._refuse("public-needs-admin", chat, user, "add_bot")
        rights = rights_named(wanted) - CHANNEL_ONLY_RIGHTS if wanted is not None else None
        if rights:
            self._check_may_grant(chat, member, rights)
            if chat.type == "group":
                chat = membership.upgrade(world, chat, user)
        elif not may(chat, member, "can_invite_users"):
            self._refuse("no-right", chat, user, "add_bot")
        bot = membership.current(world, chat, world.bot.id)
        if is_in_chat(bot) and rights:
            from_now = Member(
                user_id=bot.user_id,
                status="administrator",
                rights=rights,
                promoted_by=user,
                joined=bot.joined,
                invited_by=bot.invited_by,
            )
            membership.change(world, chat, user, from_now)
        elif not is_in_chat(bot):
            membership.enter(world, chat, [bot.user_id], actor_id=user, rights=rights or None)
        return chat

    def _check_may_grant(self, chat: Chat, member: Member, rights: frozenset[str]) -> None:
        grantable = member.status == "creator" or (
            has_right(member, "can_promote_members") and rights <= member.rights
        )
        if not grantable:
            self._refuse("no-right", chat, member.user_id, "promote")

    def post_in_channel(self, user: int, channel: int, text: str) -> int:
        """Post in one's channel; a linked group gets it as an automatic forward from 777000."""
        found, member = self._inside(user, channel, "post_in_channel")
        if found.type != "channel" or not is_administrator(member):
            self._refuse("no-right", found, user, "post_in_channel")
        world = self._world
        post = posting.post(
            world,
            found,
            from_id=None,
            sender_chat_id=channel,
            content={"text": text},
            real_sender=user,
        )
        if found.linked_chat_id is not None:
            origin = {
                "type": "channel",
                "date": post.date,
                "chat": chat_json(world, found),
                "message_id": post.id,
            }
            posting.post(
                world,
                world.chat(found.linked_chat_id),
                from_id=SERVICE_NOTIFICATIONS,
                sender_chat_id=channel,
                content={"text": text},
                forward_origin=origin,
                extras={"is_automatic_forward": True},
            )
        return post.id

    def link_channel(self, user: int, chat: int, channel: int | None) -> bool:
        """Link a channel of one's own to a group, or take the link away."""
        found, member = self._inside(user, chat, "link_channel")
        if member.status != "creator":
            self._refuse("no-right", found, user, "link_channel")
        if found.linked_chat_id is not None:
            self._world.chat(found.linked_chat_id).linked_chat_id = None
        found.linked_chat_id = channel
        if channel is not None:
            self._world.chat(channel).linked_chat_id = found.id
        return True
