"""What all parts of the people's side share: the world, and how a person is refused."""

from typing import NoReturn

from bot.sandbox.errors import RefusedByTelegram
from bot.sandbox.rights import has_right, is_in_chat, may
from bot.sandbox.state import Chat, Member
from bot.sandbox.world import World

# What a telephone shows when Telegram refuses, by what was tried.
REFUSALS = {
    "not-in-chat": "You are not a member of this chat.",
    "locked": "Only admins can send messages here.",
    "restricted": "You are not allowed to send messages in this group.",
    "bot-blocked": "You have blocked this bot.",
    "no-right": "Sorry, you do not have the rights to do this.",
    "not-yours": "You can only do this with your own messages.",
    "message-gone": "This message no longer exists.",
    "too-late": "This message is too old for this.",
    "link-expired": "This invite link has expired.",
    "banned": "You are banned from this group.",
    "bot-no-groups": "This bot can't be added to groups.",
    "public-needs-admin": "Bots can only be added to public groups by administrators.",
    "owner": "The owner of the group can't be changed this way.",
    "not-your-admin": "You can only change administrators that you added yourself.",
    "upgraded": "This group was upgraded to a supergroup.",
    "button-gone": "This button no longer exists.",
    "not-this-chat": "This chat can't be chosen: it does not meet the bot's conditions.",
    "not-anonymous": "You can't send messages as this group.",
    "not-your-channel": "You can only write as channels of your own.",
    "sender-banned": "The administrators of this group do not let you write as a channel.",
    "already-in": "Already a member.",
    "no-request": "This request was already handled.",
    "caption-too-long": "This caption is too long.",
    "deactivated": "This account was deleted.",
    "private-account": "You can't do this in a private chat.",
}


class Side:
    """A person's view on the world."""

    def __init__(self, world: World) -> None:
        """Look at `world`; several views may share one."""
        self._world = world

    def _refuse(
        self, why: str, chat: Chat | None = None, user: int = 0, what: str = ""
    ) -> NoReturn:
        """Refuse, and remember it beside the chat: the bot hears nothing of it."""
        text = REFUSALS[why]
        if chat is not None:
            self._world.note(chat, user, what, text)
        raise RefusedByTelegram(text)

    def _chat(self, user: int, chat: int) -> Chat:
        """Return the chat that `user` calls `chat`; the bot's id and one's own: the private one."""
        self._world.user(user)
        if chat in {user, self._world.bot.id}:
            return self._world.private_chat(user)
        return self._world.chat(chat)

    def _inside(self, user: int, chat: int, what: str = "") -> tuple[Chat, Member]:
        """Return the group and the membership of somebody who must be in it."""
        found = self._chat(user, chat)
        if found.type == "private":
            self._refuse("private-account", found, user, what)
        if found.migrated_to is not None:
            self._refuse("upgraded", found, user, what)
        member = self._world.member(found, user)
        if member is None or not is_in_chat(member):
            self._refuse("not-in-chat", found, user, what)
        return found, member

    def _with_right(self, user: int, chat: int, right: str, what: str) -> tuple[Chat, Member]:
        found, member = self._inside(user, chat, what)
        if not has_right(member, right):
            self._refuse("no-right", found, user, what)
        return found, member

    def _with_permission(self, user: int, chat: int, name: str, what: str) -> tuple[Chat, Member]:
        found, member = self._inside(user, chat, what)
        if not may(found, member, name):
            self._refuse("no-right", found, user, what)
        return found, member
