"""Other ways a bot may be reached: a connected account (Secretary mode) and a guest mention.

The product must not react to these; they are here to show that it does not.
"""

from bot.sandbox.people.writing import Writing
from bot.sandbox.serialize import chat_json, user_json
from bot.sandbox.state import BusinessConnection, Json


class Secretary(Writing):
    """Verbs about connected accounts and guest mentions."""

    def connect_business(
        self, user: int, rights: Json | None = None, *, enabled: bool = True
    ) -> str:
        """Connect one's account to the bot, or with `enabled=False` disconnect it again."""
        old = next((c for c in self._world.connections.values() if c.user_id == user), None)
        connection = BusinessConnection(
            id=old.id if old and not enabled else f"sandbox_{next(self._world.serial):06d}",
            user_id=user,
            date=self._world.clock.unix(),
            rights=rights or {},
            is_enabled=enabled,
        )
        self._world.connections[connection.id] = connection
        update: Json = {
            "id": connection.id,
            "user": user_json(self._world, self._world.user(user)),
            "user_chat_id": user,
            "date": connection.date,
            "can_reply": bool(connection.rights.get("can_reply")),
            "is_enabled": enabled,
        }
        if connection.rights:
            update["rights"] = connection.rights
        self._world.updates.add("business_connection", update)
        return connection.id

    def business_message(self, owner: int, peer: int, text: str, *, outgoing: bool = False) -> int:
        """Let a message pass through a connected account; `outgoing` when its owner wrote it."""
        found = [c for c in self._world.connections.values() if c.user_id == owner]
        if not found or not found[-1].is_enabled:
            msg = f"the account of {owner} is not connected"
            raise ValueError(msg)
        number = next(self._world.serial)
        writer = owner if outgoing else peer
        update: Json = {
            "message_id": number,
            "from": user_json(self._world, self._world.user(writer)),
            "chat": chat_json(self._world, self._world.private_chat(peer)),
            "date": self._world.clock.unix(),
            "business_connection_id": found[-1].id,
            **self._text(text, None),
        }
        self._world.updates.add("business_message", update)
        return number

    def guest_summon(self, user: int, text: str, reply_text: str | None = None) -> str:
        """Mention the bot in a chat it is not in; returns the id of the guest query."""
        query_id = str(next(self._world.query_ids))
        number = next(self._world.serial)
        chat: Json = {"id": user, "first_name": self._world.user(user).first_name}
        update: Json = {
            "message_id": number,
            "from": user_json(self._world, self._world.user(user)),
            "chat": chat | {"type": "private"},
            "date": self._world.clock.unix(),
            "guest_query_id": query_id,
            **self._text(text, None),
        }
        if reply_text is not None:
            answered = {k: update[k] for k in ("from", "chat", "date")}
            update["reply_to_message"] = answered | {"message_id": number - 1, "text": reply_text}
        self._world.updates.add("guest_message", update)
        return query_id
