"""What an administrator sets by hand in a group. The bot is told of the title only."""

from bot.sandbox import posting
from bot.sandbox.people.base import Side
from bot.sandbox.rights import PERMISSIONS


class GroupSettings(Side):
    """Verbs about a group's settings."""

    def set_permissions(self, user: int, chat: int, permissions: dict[str, bool]) -> bool:
        """Change what members may do by default; what is not named stays. Bots hear nothing."""
        found, _member = self._with_right(user, chat, "can_restrict_members", "set_permissions")
        unknown = permissions.keys() - set(PERMISSIONS)
        if unknown:
            msg = f"there is no permission {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        found.permissions = {**found.permissions, **permissions}
        return True

    def set_title(self, user: int, chat: int, title: str) -> bool:
        """Rename the group, with its service message."""
        found, _member = self._with_permission(user, chat, "can_change_info", "set_title")
        found.title = title
        posting.service(self._world, found, user, {"new_chat_title": title})
        return True

    def set_description(self, user: int, chat: int, description: str) -> bool:
        """Change the description; bots hear nothing."""
        found, _member = self._with_permission(user, chat, "can_change_info", "set_description")
        found.description = description
        return True

    def set_slow_mode(self, user: int, chat: int, seconds: int) -> bool:
        """Set the slow mode (shown by getChat, not enforced here); bots hear nothing."""
        found, _member = self._with_right(user, chat, "can_restrict_members", "set_slow_mode")
        found.slow_mode_delay = seconds
        return True

    def set_protected_content(self, user: int, chat: int, *, on: bool) -> bool:
        """Forbid saving and forwarding; bots hear nothing."""
        found, _member = self._with_right(user, chat, "can_change_info", "set_protected_content")
        found.has_protected_content = on
        return True

    def set_join_by_request(self, user: int, chat: int, *, on: bool) -> bool:
        """Let people in only after approval, also by the public name; bots hear nothing."""
        found, _member = self._with_right(user, chat, "can_invite_users", "set_join_by_request")
        found.join_by_request = on
        return True

    def set_hidden_members(self, user: int, chat: int, *, on: bool) -> bool:
        """Show the member list to administrators only; bots hear nothing."""
        found, _member = self._with_right(user, chat, "can_restrict_members", "set_hidden_members")
        found.has_hidden_members = on
        return True

    def set_topics(self, user: int, chat: int, *, on: bool) -> bool:
        """Show the group as one with topics, or no longer; topics themselves are not modelled."""
        found, member = self._inside(user, chat, "set_topics")
        if found.type != "supergroup" or member.status != "creator":
            self._refuse("no-right", found, user, "set_topics")
        found.is_forum = on
        return True

    def set_unrestrict_boosts(self, user: int, chat: int, count: int) -> bool:
        """Let people who boosted the group `count` times write in spite of the lock (0: nobody)."""
        found, _member = self._with_right(
            user, chat, "can_restrict_members", "set_unrestrict_boosts"
        )
        found.unrestrict_boost_count = count
        return True

    def set_boosts(self, user: int, chat: int, count: int) -> bool:
        """Boost the group `count` times, with its service message when it is more than before."""
        found, _member = self._inside(user, chat, "set_boosts")
        more = count - found.boosts.get(user, 0)
        found.boosts[user] = count
        if more > 0:
            posting.service(self._world, found, user, {"boost_added": {"boost_count": more}})
        return True

    def pin(self, user: int, chat: int, message_id: int) -> bool:
        """Pin a message."""
        found = self._chat(user, chat)
        if found.type != "private":
            found, _member = self._with_permission(user, chat, "can_pin_messages", "pin")
        message = posting.find(found, message_id)
        if message is None:
            self._refuse("message-gone", found, user, "pin")
        posting.pin(self._world, found, message, user)
        return True

    def unpin(self, user: int, chat: int, message_id: int) -> bool:
        """Unpin a message; bots hear nothing."""
        found = self._chat(user, chat)
        if found.type != "private":
            found, _member = self._with_permission(user, chat, "can_pin_messages", "unpin")
        if message_id in found.pinned:
            found.pinned.remove(message_id)
        return True
