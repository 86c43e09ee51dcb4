"""The bot's update queue: what waits, for how long, who polls, which kinds are asked for.

Bodies are serialised when they are made, so that what happened cannot change afterwards. Left out
of the real server's behaviour: holding a repeated poll with the same offset for three seconds.
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import fail
from bot.sandbox.state import Json

KINDS: Final = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)
ONLY_IF_ASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LIFETIME: Final = 86_400
QUERY_LIFETIME: Final = 150
MOST_AT_ONCE: Final = 100
LONGEST_POLL: Final = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One update in the queue, already serialised."""

    update_id: int
    kind: str
    body: bytes
    expires: float


def encode(value: object) -> bytes:
    """Serialise as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


class UpdateQueue:
    """Updates between Telegram and one bot."""

    def __init__(self, clock: SandboxClock, first_update_id: int | None = None) -> None:
        """Start empty; the first id is random, as at the real server after a quiet week."""
        self.clock = clock
        self.next_id = first_update_id or random.SystemRandom().randrange(10**8, 2 * 10**9)
        self.waiting: deque[Waiting] = deque()
        self.allowed: frozenset[str] = KINDS - ONLY_IF_ASKED
        self.allowed_is_default = True
        self.on_new: Callable[[], None] | None = None
        self.made = 0
        self._poll: asyncio.Future[None] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot asks for; `None` keeps the earlier choice."""
        if kinds is None:
            return
        asked = frozenset(kinds) & KINDS
        self.allowed_is_default = not asked
        self.allowed = asked or KINDS - ONLY_IF_ASKED

    def wants(self, kind: str) -> bool:
        """Tell whether an update of this kind would be kept if it were made now."""
        return kind in self.allowed

    def add(self, kind: str, payload: Json, *, lifetime: float = LIFETIME) -> int | None:
        """Queue an update and wake the poller; return its id, or None if it is not asked for."""
        if kind not in self.allowed:
            return None
        return self._append(kind, {kind: payload}, lifetime)

    def inject(self, update: Json) -> int:
        """Queue a raw update as given, however wrong; an `update_id` is given to it if absent."""
        if "update_id" in update:
            body = encode(update)
            self._put(Waiting(int(update["update_id"]), "injected", body, self._expiry(LIFETIME)))
            self.next_id = max(self.next_id, int(update["update_id"]) + 1)
            return int(update["update_id"])
        return self._append("injected", update, LIFETIME)

    def _append(self, kind: str, fields: Json, lifetime: float) -> int:
        update_id = self.next_id
        self.next_id += 1
        body = encode({"update_id": update_id, **fields})
        self._put(Waiting(update_id, kind, body, self._expiry(lifetime)))
        return update_id

    def _expiry(self, lifetime: float) -> float:
        return self.clock.now().timestamp() + lifetime

    def _put(self, update: Waiting) -> None:
        self.waiting.append(update)
        self.made += 1
        self.wake()
        if self.on_new is not None:
            self.on_new()

    def wake(self) -> None:
        """Let the waiting poll look again at once."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def end_poll(self, key: str = "other-poller") -> None:
        """End the poll under way with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(fail(key))
            self._poll = None

    def confirm(self, offset: int) -> None:
        """Forget what the offset acknowledges; a negative one keeps only the last ones."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while self.waiting and self.waiting[0].update_id < offset:
            self.waiting.popleft()

    def due(self, limit: int) -> list[Waiting]:
        """Return the oldest updates that have not run out; those that have are dropped."""
        now = self.clock.now().timestamp()
        while self.waiting and self.waiting[0].expires <= now:
            self.waiting.popleft()
        batch: list[Waiting] = []
        for update in self.waiting:
            if update.expires > now:
                batch.append(update)
                if len(batch) == limit:
                    break
        return batch

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Waiting]:  # noqa: ASYNC109  Telegram's own parameter
        """Serve getUpdates: at most `limit` updates, waiting up to `timeout` real seconds."""
        self.end_poll()
        self.confirm(offset)
        limit = min(max(limit, 1), MOST_AT_ONCE)
        batch = self.due(limit)
        loop = asyncio.get_running_loop()
        end = loop.time() + min(max(timeout, 0), LONGEST_POLL)
        while not batch and (left := end - loop.time()) > 0:
            self._poll = poll = loop.create_future()
            timer = loop.call_later(left, _finish, poll)
            try:
                await poll
            finally:
                timer.cancel()
            batch = self.due(limit)
        return batch


def _finish(poll: "asyncio.Future[None]") -> None:
    if not poll.done():
        poll.set_result(None)
