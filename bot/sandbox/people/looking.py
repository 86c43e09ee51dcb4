"""Looking: what somebody sees of their chats, and what nobody sees: all that happened in one."""

from bot.sandbox import commands
from bot.sandbox.people.base import Side
from bot.sandbox.rights import KIND_PERMISSION, is_administrator, is_in_chat, may
from bot.sandbox.state import SPECIAL_USERS, Chat, Json, Member, Message


class Looking(Side):
    """Verbs that change nothing."""

    def users(self) -> list[Json]:
        """List all people with an account."""
        return [
            {
                "id": u.id,
                "name": f"{u.first_name} {u.last_name or ''}".strip(),
                "username": u.username,
                "is_bot": u.is_bot,
                "started": u.started,
                "blocked": u.blocked,
                "deactivated": u.deactivated,
            }
            for u in self._world.users.values()
            if u.id not in SPECIAL_USERS
        ]

    def chats_of(self, user: int) -> list[Json]:
        """List somebody's chats: the one with the bot first, then their groups."""
        person = self._world.user(user)
        found = [self._world.chats[c] for c in sorted(person.chats, reverse=True)]
        if user in self._world.chats:
            found.insert(0, self._world.chats[user])
        return [self._summary(c, user) for c in found if c.migrated_to is None]

    def _summary(self, chat: Chat, user: int) -> Json:
        member = self._world.member(chat, user)
        return {
            "id": chat.id,
            "type": chat.type,
            "title": chat.title or self._world.bot.first_name,
            "status": member.status if member else "member",
            "last_message_id": chat.last_message_id,
        }

    def look(self, user: int, chat: int, last: int | None = None) -> Json:
        """Return a chat as somebody sees it: messages, members, permissions, pins, own links.

        `last` limits the messages to the newest ones. `can_write` is what the text field shows.
        """
        found = self._chat(user, chat)
        if found.type != "private":
            found, member = self._visible(user, found)
            view = self._group_view(user, found, member)
        else:
            view = {"can_write": not self._world.user(user).blocked, "keyboard": found.keyboard}
        shown = [self._message(m) for m in _newest(found, last) if m.deleted_at is None]
        view |= {"messages": shown, "pinned": found.pinned[:], "bot_action": self._action(found)}
        return self._summary(found, user) | view

    def _action(self, chat: Chat) -> str | None:
        """Return what the bot shows it is doing, such as `typing`."""
        action, until = chat.bot_action or ("", 0)
        return action if self._world.clock.unix() < until else None

    def _visible(self, user: int, chat: Chat) -> tuple[Chat, Member]:
        member = self._world.member(chat, user)
        if not is_in_chat(member) and not chat.username:
            self._refuse("not-in-chat", chat, user, "look")
        return chat, member or Member(user_id=user, status="left")

    def _group_view(self, user: int, chat: Chat, member: Member) -> Json:
        shows_members = is_administrator(member) or not chat.has_hidden_members
        return {
            "can_write": may(chat, member, KIND_PERMISSION["text"]),
            "member_count": chat.member_count,
            "members": self._members(chat) if shows_members else [],
            "permissions": dict(chat.permissions),
            "links": [u for u, link in chat.links.items() if link.creator == user],
            "requests": list(chat.requests) if is_administrator(member) else [],
            "migrated_to": chat.migrated_to,
            "linked_chat_id": chat.linked_chat_id,
        }

    def _members(self, chat: Chat) -> list[Json]:
        return [
            {
                "id": m.user_id,
                "name": self._name(m.user_id),
                "status": m.status,
                "rights": sorted(m.rights),
                "custom_title": m.custom_title,
            }
            for m in [self._world.member(chat, u) for u in list(chat.members)]
            if m is not None and is_in_chat(m)
        ]

    def group_as_seen(self, chat: int) -> Json:
        """Return a group as its owner would see it, whoever asks: for tests and the page."""
        found = self._world.chat(chat)
        owner = next((u for u in found.administrators), 0)
        member = self._world.member(found, owner) or Member(user_id=0, status="left")
        messages = [self._message(m) for m in found.messages.values() if m.deleted_at is None]
        bot = self._world.bot_member(found)
        return {
            "id": found.id,
            "type": found.type,
            "title": found.title,
            "username": found.username,
            **self._group_view(owner, found, member),
            "members": self._members(found),
            "links": list(found.links),
            "requests": list(found.requests),
            "pinned": found.pinned[:],
            "messages": messages,
            "bot_status": bot.status if bot else "left",
            "bot_rights": sorted(bot.rights) if bot else [],
        }

    def history(self, chat: int, last: int | None = None) -> Json:
        """Return all that happened in a chat: every message, who deleted it, and who was refused.

        `deleted` tells the bot's removals from people's own; `refused` holds what Telegram did not
        let people send or do at all.
        """
        found = self._world.chats[chat] if chat in self._world.chats else self._world.chat(chat)
        messages = [
            self._message(m)
            | {
                "deleted": m.deleted_how,
                "deleted_by": m.deleted_by,
                "deleted_at": m.deleted_at,
                "heard_by_bot": m.heard,
            }
            for m in _newest(found, last)
        ]
        return {"messages": messages, "refused": list(found.refusals)}

    def commands_seen(self, user: int, chat: int) -> list[Json]:
        """Return the bot's commands in somebody's menu in a chat: command, description."""
        found = self._chat(user, chat)
        if found.type != "private":
            self._visible(user, found)
        return commands.shown_to(self._world, user, found)

    def _message(self, message: Message) -> Json:
        markup = message.markup or {}
        return {
            "message_id": message.id,
            "from": message.from_id,
            "name": self._name(message.from_id) if message.from_id else None,
            "by_bot": message.from_id == self._world.bot.id,
            "sender_chat": message.sender_chat_id,
            "kind": message.kind,
            "text": message.content.get("text") or message.content.get("caption"),
            "caption": message.content.get("caption"),
            "entities": message.content.get("entities")
            or message.content.get("caption_entities")
            or [],
            "document": _document(message.content.get("document")),
            "photo": _photo(message.content.get("photo")),
            "is_protected": "has_protected_content" in message.extras,
            "service": sorted(message.content) if message.is_service else [],
            "date": message.date,
            "edited": message.edit_date,
            "reply_to": message.reply_to,
            "forwarded": message.forward_origin is not None,
            "buttons": markup.get("inline_keyboard", []),
            "keyboard": markup.get("keyboard"),
        }

    def _name(self, user: int) -> str:
        person = self._world.users[user]
        return f"{person.first_name} {person.last_name or ''}".strip()


def _document(shown: Json | None) -> Json | None:
    if shown is None:
        return None
    return {
        "name": shown.get("file_name"),
        "size": shown["file_size"],
        "mime_type": shown.get("mime_type"),
    }


def _photo(sizes: list[Json] | None) -> Json | None:
    if sizes is None:
        return None
    largest = sizes[-1]
    return {"width": largest["width"], "height": largest["height"], "size": largest["file_size"]}


def _newest(chat: Chat, last: int | None) -> list[Message]:
    if last is None:
        return list(chat.messages.values())
    first = max(chat.last_message_id - last, 0) + 1
    numbers = range(first, chat.last_message_id + 1)
    return [chat.messages[n] for n in numbers if n in chat.messages]
