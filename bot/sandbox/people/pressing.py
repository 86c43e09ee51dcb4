"""Buttons: inline ones, reply keyboards, and handing the bot a chat or a contact."""

from typing import Any

from bot.sandbox import posting
from bot.sandbox.markup import find_button
from bot.sandbox.people.groups import Groups
from bot.sandbox.rights import is_in_chat, rights_named
from bot.sandbox.state import Chat, Json, Query
from bot.sandbox.updates import QUERY_LIFETIME


class Pressing(Groups):
    """Verbs about buttons."""

    def press(
        self,
        user: int,
        chat: int,
        message_id: int | None = None,
        data: str | None = None,
        text: str | None = None,
    ) -> str | int:
        """Press a button: an inline one by data or text, else the reply keyboard's by text.

        Returns the id of the callback query, or of the message that a keyboard button sends.
        Pressing works in a locked group too: reading is enough.
        """
        found = self._chat(user, chat)
        if message_id is None:
            return self._press_keyboard(user, found, text or "")
        message = posting.find(found, message_id)
        readable = found.type == "private" or is_in_chat(self._world.member(found, user))
        if message is None or not readable:
            self._refuse("message-gone", found, user, "press")
        button = find_button(message.markup, data=data, text=text)
        if button is None:
            self._refuse("button-gone", found, user, "press")
        if "callback_data" not in button:
            msg = "this button opens something on the telephone; the bot hears nothing of it"
            raise ValueError(msg)
        world = self._world
        query = Query(
            id=str(next(world.query_ids)),
            user_id=user,
            chat_id=found.id,
            message_id=message.id,
            data=button["callback_data"],
            born=world.clock.now().timestamp(),
        )
        world.queries[query.id] = query
        update = posting.callback_json(world, query.id, user, message, query.data)
        world.updates.add("callback_query", update, lifetime=QUERY_LIFETIME)
        return query.id

    def callback(self, query: str) -> Json | None:
        """Return what the bot answered to a press: text, show_alert, url; None so far."""
        return self._world.queries[query].answer

    def _keyboard_button(self, user: int, chat: Chat, text: str) -> Json:
        rows = (chat.keyboard or {}).get("keyboard", ())
        button: Json | None = next((b for row in rows for b in row if b["text"] == text), None)
        if button is None:
            self._refuse("button-gone", chat, user, "press")
        return button

    def _press_keyboard(self, user: int, chat: Chat, text: str) -> int:
        button = self._keyboard_button(user, chat, text)
        if "request_contact" in button:
            return self.share_own_contact(user)
        if "request_chat" in button or "request_users" in button:
            msg = "answer this button with press_request_chat or press_request_users"
            raise ValueError(msg)
        return self.write(user, chat.id, text)

    def share_own_contact(self, user: int) -> int:
        """Share one's own number with the bot, as a request_contact button does."""
        person = self._world.user(user)
        return self.send_contact(
            user,
            user,
            person.phone_number or "",
            person.first_name,
            person.last_name,
            contact_user=user,
            reply_to=self._world.private_chat(user).keyboard_message,
        )

    def _request(self, user: int, kind: str, text: str | None) -> tuple[Chat, Json]:
        chat = self._world.private_chat(user)
        rows = (chat.keyboard or {}).get("keyboard", ())
        wanted = [b[kind] for row in rows for b in row if kind in b and text in {None, b["text"]}]
        if not wanted:
            self._refuse("button-gone", chat, user, "press")
        return chat, wanted[0]

    def press_request_chat(self, user: int, chat: int, button: str | None = None) -> int:
        """Answer a KeyboardButtonRequestChat by choosing `chat`; return the chat's id after it.

        The client offers only chats that meet the conditions, and adds the bot with the rights
        asked for. A basic group is upgraded by that, so that the id returned may be new.
        """
        private, wanted = self._request(user, "request_chat", button)
        found = self._world.chat(chat)
        self._check_offered(user, private, found, wanted)
        found = self._bring_bot(user, found, wanted)
        shared: Json = {"request_id": wanted["request_id"], "chat_id": found.id}
        if wanted.get("request_title"):
            shared["title"] = found.title
        if wanted.get("request_username") and found.username:
            shared["username"] = found.username
        self._share(user, private, {"chat_shared": shared})
        return found.id

    def _share(self, user: int, private: Chat, content: Json) -> None:
        self._open_private(user)
        posting.post(
            self._world,
            private,
            from_id=user,
            content=content,
            kind="service",
            reply_to=private.keyboard_message,
        )
        if (private.keyboard or {}).get("one_time_keyboard"):
            private.keyboard = private.keyboard_message = None

    def _check_offered(self, user: int, private: Chat, chat: Chat, wanted: Json) -> None:
        member = self._world.member(chat, user)
        conditions: list[Any] = [
            is_in_chat(member),
            chat.migrated_to is None,
            bool(wanted["chat_is_channel"]) == (chat.type == "channel"),
            not wanted.get("chat_is_forum"),
            wanted.get("chat_has_username") in {None, bool(chat.username)},
            not wanted.get("chat_is_created") or (member and member.status == "creator"),
        ]
        if wanted.get("user_administrator_rights") and member and member.status != "creator":
            needed = rights_named(wanted["user_administrator_rights"])
            conditions.append(member.status == "administrator" and needed <= member.rights)
        if not all(conditions):
            self._refuse("not-this-chat", private, user, "press_request_chat")

    def _bring_bot(self, user: int, chat: Chat, wanted: Json) -> Chat:
        rights = rights_named(wanted.get("bot_administrator_rights"))
        bot = self._world.bot_member(chat)
        is_in = is_in_chat(bot)
        if not is_in and not (wanted.get("bot_is_member") or rights):
            return chat
        if is_in and (not rights or (bot is not None and rights <= bot.rights)):
            return chat
        if not is_in and not self._world.features.can_join_groups:
            self._refuse("bot-no-groups", chat, user, "press_request_chat")
        member = self._world.member(chat, user)
        if member is None:
            self._refuse("not-in-chat", chat, user, "press_request_chat")
        return self._put_bot_in(chat, member, sorted(rights) if rights else None)

    def press_request_users(self, user: int, users: list[int], button: str | None = None) -> bool:
        """Answer a KeyboardButtonRequestUsers by choosing people."""
        private, wanted = self._request(user, "request_users", button)
        if not 1 <= len(users) <= wanted.get("max_quantity", 1):
            self._refuse("not-this-chat", private, user, "press_request_users")
        people = []
        for user_id in users:
            person = self._world.user(user_id)
            shared: Json = {"user_id": user_id}
            if wanted.get("request_name"):
                shared["first_name"] = person.first_name
                if person.last_name:
                    shared["last_name"] = person.last_name
            if wanted.get("request_username") and person.username:
                shared["username"] = person.username
            people.append(shared)
        content = {"users_shared": {"request_id": wanted["request_id"], "users": people}}
        self._share(user, private, content)
        return True
