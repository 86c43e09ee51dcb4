"""Coming in and going out: links, requests, being added and removed."""

from dataclasses import replace

from bot.sandbox import links, membership
from bot.sandbox.people.administration import Administration
from bot.sandbox.rights import has_right, is_administrator, is_in_chat, may
from bot.sandbox.state import Chat, InviteLink


class Joining(Administration):
    """Verbs about being in a group or not."""

    def join(
        self,
        user: int,
        link: str | None = None,
        chat: int | None = None,
        added_by: int | None = None,
    ) -> bool:
        """Join by a link, by a public name (`chat`), or added by somebody.

        False means that a request now waits for approval.
        """
        if added_by is not None:
            return self._add(user, chat or 0, added_by)
        found, used = self._target(user, link, chat)
        self._check_may_come_in(user, found)
        if found.join_by_request or (used is not None and used.creates_join_request):
            membership.request_to_join(self._world, found, user, used)
            return False
        if used is not None:
            used = replace(used, used=used.used + 1)
            links.keep(self._world, found, used)
        membership.enter(self._world, found, [user], actor_id=user, link=used)
        return True

    def request_join(self, user: int, link: str | None = None, chat: int | None = None) -> bool:
        """Ask to be let in; refused when the link or chat lets people in at once."""
        found, used = self._target(user, link, chat)
        if not found.join_by_request and not (used is not None and used.creates_join_request):
            msg = "this link lets people in at once"
            raise ValueError(msg)
        self.join(user, link, chat)
        return True

    def _target(
        self, user: int, link: str | None, chat: int | None
    ) -> tuple[Chat, InviteLink | None]:
        self._world.user(user)
        if link is None:
            found = self._world.chat(chat or 0)
            if not found.username:
                self._refuse("no-right", found, user, "join")
            return found, None
        chat_id = self._world.links.get(link)
        if chat_id is None:
            self._refuse("link-expired")
        found = self._world.chat(chat_id)
        used = found.links[link]
        if found.migrated_to is not None or not links.is_open(self._world, used):
            self._refuse("link-expired", found, user, "join")
        return found, used

    def _add(self, user: int, chat: int, added_by: int) -> bool:
        found, adder = self._inside(added_by, chat, "add")
        member = self._world.member(found, user)
        banned = member is not None and member.status == "kicked"
        if not may(found, adder, "can_invite_users") or (
            banned and not has_right(adder, "can_restrict_members")
        ):
            self._refuse("no-right", found, added_by, "add")
        if is_in_chat(member):
            self._refuse("already-in", found, added_by, "add")
        membership.enter(self._world, found, [user], actor_id=added_by)
        return True

    def join_by_folder(self, user: int, chat: int, by: int) -> bool:
        """Join by the link of a chat folder that `by`, who may invite, shares.

        The bot is told that it was a folder, not which link. False: a request waits for approval.
        """
        found, _sharer = self._with_right(by, chat, "can_invite_users", "share_folder")
        self._check_may_come_in(user, found)
        if found.join_by_request:
            membership.request_to_join(self._world, found, user, None)
            return False
        membership.enter(
            self._world, found, [user], actor_id=user, via="via_chat_folder_invite_link"
        )
        return True

    def join_by_community(self, user: int, chat: int) -> bool:
        """Join as a member of the community that the group belongs to (Bot API 10.2).

        The bot sees somebody come in by themselves, without a link: the fields that tell more are
        younger than the schema. Whether approval can be asked for here is not known: it is not.
        """
        found = self._world.chat(chat)
        if found.type != "supergroup" or found.migrated_to is not None:
            self._refuse("no-right", found, user, "join")
        self._check_may_come_in(user, found)
        membership.enter(self._world, found, [user], actor_id=user)
        return True

    def _check_may_come_in(self, user: int, chat: Chat) -> None:
        self._world.user(user)
        member = self._world.member(chat, user)
        if is_in_chat(member):
            self._refuse("already-in", chat, user, "join")
        if member is not None and member.status == "kicked":
            self._refuse("banned", chat, user, "join")

    def cancel_request(self, user: int, chat: int) -> bool:
        """Take one's request back; bots hear nothing."""
        found = self._world.chat(chat)
        if user not in found.requests:
            self._refuse("no-request", found, user, "cancel_request")
        membership.settle_request(self._world, found, user, actor_id=user, let_in=False)
        return True

    def decide_join(self, user: int, chat: int, requester: int, *, approve: bool) -> bool:
        """Let somebody in or send them away, as an administrator."""
        found, _member = self._with_right(user, chat, "can_invite_users", "decide_join")
        if requester not in found.requests:
            self._refuse("no-request", found, user, "decide_join")
        membership.settle_request(self._world, found, requester, actor_id=user, let_in=approve)
        return True

    def create_link(
        self,
        user: int,
        chat: int,
        name: str | None = None,
        *,
        expire_date: int | None = None,
        member_limit: int | None = None,
        creates_join_request: bool = False,
    ) -> str:
        """Make an invite link by hand, as any administrator can; the bot hears nothing of it."""
        found, _member = self._with_right(user, chat, "can_invite_users", "create_link")
        link = links.make(
            self._world,
            found,
            user,
            name=name,
            expire_date=expire_date,
            member_limit=member_limit,
            creates_join_request=creates_join_request,
        )
        return link.url

    def leave(self, user: int, chat: int, new_owner: int | None = None) -> bool:
        """Leave a group. An owner who leaves makes a `chat_owner_left` service message."""
        found, member = self._inside(user, chat, "leave")
        was_owner = member.status == "creator"
        membership.go(self._world, found, user, actor_id=user, banned_until=None)
        if was_owner:
            self._owner_left(found, user, new_owner)
        return True

    def remove(
        self, user: int, chat: int, member: int, *, ban: bool = True, until_date: int = 0
    ) -> bool:
        """Remove somebody, the bot included; clients ban from supergroups when they remove."""
        found, own = self._inside(user, chat, "remove")
        target = membership.current(self._world, found, member)
        if target.status == "creator":
            self._refuse("owner", found, user, "remove")
        allowed = has_right(own, "can_restrict_members") or (
            found.type == "group" and target.invited_by == user
        )
        not_own_admin = (
            is_administrator(target) and own.status != "creator" and target.promoted_by != user
        )
        if not allowed or not_own_admin:
            self._refuse("no-right", found, user, "remove")
        until = membership.end_of(self._world, until_date) if until_date else 0
        membership.go(
            self._world, found, member, actor_id=user, banned_until=until if ban else None
        )
        return True

    def unban(self, user: int, chat: int, member: int) -> bool:
        """Lift a ban."""
        found, _own = self._with_right(user, chat, "can_restrict_members", "unban")
        target = membership.current(self._world, found, member)
        if target.status == "kicked":
            left = replace(target, status="left", until_date=0, was_removed=False)
            membership.change(self._world, found, user, left)
        return True

    def remove_bot(self, user: int, chat: int, *, ban: bool = True) -> bool:
        """Remove the bot from a group."""
        return self.remove(user, chat, self._world.bot.id, ban=ban)
