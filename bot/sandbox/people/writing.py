"""Writing, sending, editing, deleting, forwarding, reacting."""

from bot.sandbox import posting
from bot.sandbox.errors import RefusedByTelegram
from bot.sandbox.formatting import find_entities, trimmed
from bot.sandbox.methods.sending import LONGEST_CAPTION
from bot.sandbox.people.accounts import Accounts
from bot.sandbox.people.base import REFUSALS
from bot.sandbox.rights import KIND_PERMISSION, has_right, is_administrator, is_in_chat, may
from bot.sandbox.serialize import chat_json, user_json
from bot.sandbox.state import CHANNEL_BOT, GROUP_ANONYMOUS_BOT, Chat, Json, Member, Message


class Writing(Accounts):
    """Verbs about messages."""

    def start_bot(self, user: int, payload: str | None = None) -> int:
        """Press Start in the chat with the bot, as after a `t.me/bot?start=payload` link."""
        if self._world.user(user).blocked:
            self.unblock_bot(user)
        return self.write(user, user, f"/start {payload}" if payload else "/start")

    def write(
        self,
        user: int,
        chat: int,
        text: str,
        reply_to: int | None = None,
        as_chat: int | None = None,
        entities: list[Json] | None = None,
    ) -> int:
        """Write a text and return its message id.

        `as_chat`: the group itself (an anonymous administrator) or a channel of one's own. An
        administrator set anonymous writes as the group anyway. `entities` may hold what people
        choose by hand, such as `{"type": "text_mention", "offset": 0, "length": 4, "user": id}`;
        commands, mentions, links, addresses and numbers are found by themselves.
        """
        return self._send(user, chat, "text", self._text(text, entities), reply_to, as_chat).id

    def _text(self, text: str, given: list[Json] | None) -> Json:
        plain, marked = trimmed(text, [self._hand_made(e) for e in given or ()])
        if not plain:
            msg = "an empty text cannot be sent"
            raise ValueError(msg)
        found = sorted(
            marked + find_entities(plain, taken=marked), key=lambda e: (e["offset"], -e["length"])
        )
        return {"text": plain} | ({"entities": found} if found else {})

    def _hand_made(self, entity: Json) -> Json:
        if isinstance(entity.get("user"), int):
            user = self._world.user(entity["user"])
            return entity | {"user": user_json(self._world, user)}
        return entity

    def _write_start(self, user: int, chat: Chat, text: str) -> None:
        self.write(user, chat.id, text)

    def send_contact(
        self,
        user: int,
        chat: int,
        phone_number: str,
        first_name: str,
        last_name: str | None = None,
        *,
        contact_user: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Share a contact; `contact_user` is the account behind the number, if there is one."""
        contact: Json = {"phone_number": phone_number, "first_name": first_name}
        if last_name:
            contact["last_name"] = last_name
        if contact_user is not None:
            contact["user_id"] = contact_user
        return self._send(user, chat, "contact", {"contact": contact}, reply_to, None).id

    def _caption(self, caption: str | None) -> Json:
        if not caption:
            return {}
        marked = self._text(caption, None)
        if len(marked["text"]) > LONGEST_CAPTION:
            raise RefusedByTelegram(REFUSALS["caption-too-long"])
        entities: Json = {"caption_entities": marked["entities"]} if "entities" in marked else {}
        return {"caption": marked["text"]} | entities

    def _send(
        self,
        user: int,
        chat: int,
        kind: str,
        content: Json,
        reply_to: int | None,
        as_chat: int | None,
        forward_origin: Json | None = None,
    ) -> Message:
        found = self._chat(user, chat)
        sender: Json = {"from_id": user}
        if found.type == "private":
            self._open_private(user)
        else:
            sender = self._sender(user, found, kind, as_chat)
        return posting.post(
            self._world,
            found,
            content=content,
            kind=kind,
            reply_to=reply_to,
            real_sender=user,
            forward_origin=forward_origin,
            **sender,
        )

    def _open_private(self, user: int) -> None:
        person = self._world.user(user)
        chat = self._world.private_chat(user)
        if person.deactivated:
            self._refuse("deactivated", chat, user, "write")
        if person.blocked:
            self._refuse("bot-blocked", chat, user, "write")
        person.started = True
        self._world.met.add(user)

    def _sender(self, user: int, chat: Chat, kind: str, as_chat: int | None) -> Json:
        what = f"write ({kind})"
        _chat, member = self._inside(user, chat.id, what)
        is_anonymous = "is_anonymous" in member.rights and is_administrator(member)
        if as_chat is None and is_anonymous:
            as_chat = chat.id
        if as_chat == chat.id:
            if not is_anonymous:
                self._refuse("not-anonymous", chat, user, what)
            return {
                "from_id": GROUP_ANONYMOUS_BOT,
                "sender_chat_id": chat.id,
                "author_signature": member.custom_title,
            }
        if not may(chat, member, KIND_PERMISSION[kind]):
            default_allows = chat.permissions[KIND_PERMISSION[kind]]
            self._refuse("restricted" if default_allows else "locked", chat, user, what)
        if as_chat is None:
            return {"from_id": user}
        return self._as_channel(user, chat, as_chat, member)

    def _as_channel(self, user: int, chat: Chat, channel: int, member: Member) -> Json:
        own = self._world.member(self._world.chat(channel), user)
        if own is None or own.status != "creator":
            self._refuse("not-your-channel", chat, user, "write as a channel")
        locked = not chat.permissions["can_send_messages"] and channel != chat.linked_chat_id
        if locked and not is_administrator(member):
            self._refuse("locked", chat, user, "write as a channel")
        if user in chat.banned_senders.values() and channel != chat.linked_chat_id:
            self._refuse("sender-banned", chat, user, "write as a channel")
        return {"from_id": CHANNEL_BOT, "sender_chat_id": channel}

    def edit(
        self, user: int, chat: int, message_id: int, text: str, entities: list[Json] | None = None
    ) -> bool:
        """Change the text (or caption) of one's own message; a lock does not hinder that."""
        found, message = self._own(user, chat, message_id, "edit")
        may_always = found.type != "private" and has_right(
            self._world.member(found, user), "can_pin_messages"
        )
        if posting.is_too_old_to_delete(self._world, message) and not may_always:
            self._refuse("too-late", found, user, "edit")
        marked = self._text(text, entities)
        if message.kind == "text":
            content = marked
        else:
            kept = {k: v for k, v in message.content.items() if k != "caption_entities"}
            content = kept | self._caption(text)
        posting.edit(self._world, found, message, content, by_bot=False)
        return True

    def _own(self, user: int, chat: int, message_id: int, what: str) -> tuple[Chat, Message]:
        found = self._chat(user, chat)
        if found.type != "private":
            self._inside(user, chat, what)
        message = posting.find(found, message_id)
        if message is None:
            self._refuse("message-gone", found, user, what)
        if message.real_sender != user or message.is_service:
            self._refuse("not-yours", found, user, what)
        return found, message

    def delete(self, user: int, chat: int, message_id: int) -> bool:
        """Delete a message, one's own or as an administrator; bots hear nothing."""
        found = self._chat(user, chat)
        message = posting.find(found, message_id)
        if message is None:
            self._refuse("message-gone", found, user, "delete")
        if found.type != "private":
            _found, member = self._inside(user, chat, "delete")
            if message.real_sender != user and not has_right(member, "can_delete_messages"):
                self._refuse("no-right", found, user, "delete")
        how = "by its sender" if message.real_sender == user else "by an administrator"
        posting.delete(self._world, found, message, by=user, how=how)
        return True

    def forward(
        self,
        user: int,
        from_chat: int,
        message_id: int,
        to_chat: int,
        *,
        hide_sender: bool = False,
    ) -> int:
        """Forward a message; `hide_sender` as when the writer's privacy forbids a link to them."""
        source = self._chat(user, from_chat)
        message = posting.find(source, message_id)
        if message is None or (source.type != "private" and not self._sees(user, source)):
            self._refuse("message-gone", source, user, "forward")
        if source.has_protected_content or message.extras.get("has_protected_content"):
            self._refuse("no-right", source, user, "forward")
        origin = message.forward_origin or self._origin(message, hide_sender=hide_sender)
        return self._send(user, to_chat, message.kind, dict(message.content), None, None, origin).id

    def forward_foreign(
        self,
        user: int,
        to_chat: int,
        text: str,
        original_sender: int,
        *,
        date: int | None = None,
        hide_sender: bool = False,
    ) -> int:
        """Forward what somebody wrote in a chat that the sandbox does not hold (a direct chat)."""
        person = self._world.user(original_sender)
        when = date or self._world.clock.unix()
        origin: Json = {"type": "user", "date": when}
        if hide_sender:
            name = f"{person.first_name} {person.last_name or ''}".strip()
            origin = {"type": "hidden_user", "date": when, "sender_user_name": name}
        else:
            origin["sender_user"] = user_json(self._world, person)
        return self._send(user, to_chat, "text", self._text(text, None), None, None, origin).id

    def _sees(self, user: int, chat: Chat) -> bool:
        return bool(chat.username) or is_in_chat(self._world.member(chat, user))

    def _origin(self, message: Message, *, hide_sender: bool) -> Json:
        origin: Json = {"date": message.date}
        if message.sender_chat_id is not None:
            sender = self._world.chat(message.sender_chat_id)
            origin |= {"type": "chat", "sender_chat": chat_json(self._world, sender)}
            if message.author_signature:
                origin["author_signature"] = message.author_signature
            return origin
        person = self._world.user(message.from_id or 0)
        if hide_sender:
            name = f"{person.first_name} {person.last_name or ''}".strip()
            return origin | {"type": "hidden_user", "sender_user_name": name}
        return origin | {"type": "user", "sender_user": user_json(self._world, person)}

    def react(self, user: int, chat: int, message_id: int, emoji: str | None) -> bool:
        """React with an emoji, or take the reaction back; only administrator bots hear it."""
        found = self._chat(user, chat)
        message = posting.find(found, message_id)
        if message is None:
            self._refuse("message-gone", found, user, "react")
        if found.type != "private":
            self._with_permission(user, chat, "can_react_to_messages", "react")
        old = message.reactions.get(user, [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        message.reactions[user] = new
        heard = found.type == "private" or is_administrator(self._world.bot_member(found))
        if heard and old != new:
            update = posting.reaction_json(self._world, found, message, user, old, new)
            self._world.updates.add("message_reaction", update)
        return True
