"""Administrators and owners: promoting, demoting, restricting, handing over."""

from dataclasses import replace

from bot.sandbox import membership, posting
from bot.sandbox.people.groups import Groups, Rights
from bot.sandbox.rights import (
    BASIC_GROUP_RIGHTS,
    GROUP_RIGHTS,
    OPEN_GROUP,
    PERMISSIONS,
    has_right,
    is_in_chat,
    rights_named,
)
from bot.sandbox.serialize import user_json
from bot.sandbox.state import Chat, Json, Member


class Administration(Groups):
    """Verbs about who is in charge."""

    def promote(
        self,
        user: int,
        chat: int,
        member: int,
        rights: Rights | None = None,
        custom_title: str | None = None,
    ) -> int:
        """Make somebody an administrator; return the chat's id, a new one after an upgrade.

        Without `rights`: all but anonymity and promoting; in a basic group that keeps it basic,
        while chosen rights upgrade it to a supergroup, as clients do.
        """
        found, own = self._inside(user, chat, "promote")
        chosen = rights_named(rights) if rights is not None else None
        default = GROUP_RIGHTS - {"can_promote_members"}
        self._check_may_change(found, own, member)
        if found.type == "group" and chosen is not None:
            found = membership.upgrade(self._world, found, user)
            own = membership.current(self._world, found, user)
        if found.type == "group":
            chosen = BASIC_GROUP_RIGHTS
        granted = chosen if chosen is not None else default
        if own.status != "creator" and not granted <= own.rights:
            self._refuse("no-right", found, user, "promote")
        target = membership.current(self._world, found, member)
        if not is_in_chat(target):
            membership.enter(self._world, found, [member], actor_id=user)
            target = membership.current(self._world, found, member)
        new = replace(
            target,
            status="administrator",
            rights=granted,
            permissions=None,
            until_date=0,
            custom_title=custom_title or target.custom_title,
            promoted_by=target.promoted_by or user,
        )
        membership.change(self._world, found, user, new)
        return found.id

    def _check_may_change(self, chat: Chat, own: Member, member: int) -> None:
        target = membership.current(self._world, chat, member)
        if target.status == "creator":
            self._refuse("owner", chat, own.user_id, "promote")
        if own.status == "creator":
            return
        if not has_right(own, "can_promote_members"):
            self._refuse("no-right", chat, own.user_id, "promote")
        if target.status == "administrator" and target.promoted_by != own.user_id:
            self._refuse("not-your-admin", chat, own.user_id, "promote")

    def demote(self, user: int, chat: int, member: int, *, as_restricted: bool = False) -> bool:
        """Take an administrator's rights; with `as_restricted` as recorded of some clients."""
        found, own = self._inside(user, chat, "demote")
        self._check_may_change(found, own, member)
        target = membership.current(self._world, found, member)
        if target.status == "administrator":
            new = replace(
                target,
                status="restricted" if as_restricted else "member",
                rights=frozenset(),
                permissions=dict(OPEN_GROUP) if as_restricted else None,
                custom_title=None,
                promoted_by=None,
            )
            membership.change(self._world, found, user, new)
        return True

    def restrict(
        self,
        user: int,
        chat: int,
        member: int,
        permissions: dict[str, bool],
        until_date: int = 0,
    ) -> bool:
        """Restrict somebody; permissions that are not named are taken away."""
        found, _own = self._with_right(user, chat, "can_restrict_members", "restrict")
        target = membership.current(self._world, found, member)
        if found.type != "supergroup" or target.status in {"creator", "administrator"}:
            self._refuse("no-right", found, user, "restrict")
        new = replace(
            target,
            status="restricted",
            is_member=is_in_chat(target),
            permissions={p: bool(permissions.get(p, False)) for p in PERMISSIONS},
            until_date=membership.end_of(self._world, until_date) if until_date else 0,
        )
        membership.change(self._world, found, user, new)
        return True

    def unrestrict(self, user: int, chat: int, member: int) -> bool:
        """Lift a restriction."""
        found, _own = self._with_right(user, chat, "can_restrict_members", "unrestrict")
        target = membership.current(self._world, found, member)
        if target.status == "restricted":
            status = "member" if target.is_member else "left"
            new = replace(target, status=status, permissions=None, until_date=0)
            membership.change(self._world, found, user, new)
        return True

    def set_anonymous(self, user: int, chat: int, member: int | None = None, *, on: bool) -> bool:
        """Let oneself (the owner) or an administrator write anonymously, or no longer."""
        found, own = self._inside(user, chat, "set_anonymous")
        if member is not None and member != user:
            self._check_may_change(found, own, member)
            own = membership.current(self._world, found, member)
        elif own.status != "creator" and not has_right(own, "can_promote_members"):
            self._refuse("no-right", found, user, "set_anonymous")
        rights = own.rights | {"is_anonymous"} if on else own.rights - {"is_anonymous"}
        membership.change(self._world, found, user, replace(own, rights=rights))
        return True

    def set_custom_title(self, user: int, chat: int, member: int, title: str) -> bool:
        """Give an administrator a title."""
        found, own = self._inside(user, chat, "set_custom_title")
        target = membership.current(self._world, found, member)
        if member != user:
            self._check_may_change(found, own, member)
        membership.change(self._world, found, user, replace(target, custom_title=title))
        return True

    def transfer_ownership(self, user: int, chat: int, new_owner: int) -> bool:
        """Hand the group over; the old owner stays as an administrator.

        The bot gets the service message only: whether the real server sends `chat_member` updates
        besides is not known.
        """
        found, own = self._inside(user, chat, "transfer_ownership")
        target = membership.current(self._world, found, new_owner)
        if own.status != "creator" or not is_in_chat(target):
            self._refuse("owner", found, user, "transfer_ownership")
        self._crown(found, target)
        self._world.put_member(
            found, replace(own, status="administrator", rights=GROUP_RIGHTS, promoted_by=new_owner)
        )
        person = user_json(self._world, self._world.user(new_owner))
        posting.service(self._world, found, user, {"chat_owner_changed": {"new_owner": person}})
        return True

    def _crown(self, chat: Chat, member: Member) -> None:
        crowned = replace(
            member,
            status="creator",
            rights=GROUP_RIGHTS | (member.rights & {"is_anonymous"}),
            permissions=None,
            promoted_by=None,
        )
        self._world.put_member(chat, crowned)

    def _owner_left(self, chat: Chat, user: int, new_owner: int | None) -> None:
        """Announce who will own the chat, if anybody; here the new owner takes over at once."""
        content: Json = {}
        if new_owner is not None:
            content["new_owner"] = user_json(self._world, self._world.user(new_owner))
            self._crown(chat, membership.current(self._world, chat, new_owner))
        posting.service(self._world, chat, user, {"chat_owner_left": content})
