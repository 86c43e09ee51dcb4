"""The queue between the groups and the bot, with the rules of `getUpdates`.

An update stays until a request with a higher offset acknowledges it: that rule decides how much a
bot loses when it is killed. https://core.telegram.org/bots/api#getupdates
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from tests.benchmarks.world import Json

LIMIT = 100
LONGEST_POLL = 50.0
FIRST_UPDATE_ID = 100_000_001
Client = TypeVar("Client")
NOTHING = b'{"ok":true,"result":[]}'


@dataclass(slots=True, kw_only=True)
class Poll(Generic[Client]):
    """A `getUpdates` request that waits for something to happen."""

    client: Client
    limit: int
    timer: asyncio.TimerHandle


class UpdateQueue(Generic[Client]):
    """Updates in order, as bytes, and at most one poll that waits for them."""

    def __init__(self, answer: Callable[[Client, bytes], None]) -> None:
        self._answer = answer
        self._waiting: deque[bytes] = deque()
        self._first_waiting = FIRST_UPDATE_ID
        self._poll: Poll[Client] | None = None
        self._next_id = FIRST_UPDATE_ID
        self._allowed: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_polled(self) -> bool:
        """A poll is waiting."""
        return self._poll is not None

    def allow(self, kinds: list[str]) -> None:
        """Remember `allowed_updates`; an empty list means every kind that is fed here."""
        self._allowed = frozenset(kinds)

    def encode(self, updates: list[Json]) -> list[bytes]:
        """Number the updates that the bot asked for; writing JSON is no part of what is timed."""
        bodies = []
        for update in updates:
            if self._allowed and self._allowed.isdisjoint(update):
                continue
            bodies.append(json.dumps({"update_id": self._next_id} | update).encode())
            self._next_id += 1
        return bodies

    def put(self, bodies: list[bytes]) -> None:
        """Queue encoded updates, in the order of their numbers, and wake the poll that waits."""
        self._waiting.extend(bodies)
        self.wake()

    def add(self, updates: list[Json]) -> None:
        """Encode and queue at once."""
        self.put(self.encode(updates))

    def acknowledge(self, offset: int) -> None:
        """Forget every update before `offset`."""
        while self._waiting and self._first_waiting < offset:
            self._waiting.popleft()
            self._first_waiting += 1

    def poll(self, client: Client, *, limit: int, timeout: float) -> Client | None:
        """Answer now or when something comes. Returns the older poll that this one ends, if any."""
        ended = self._poll.client if self._poll is not None else None
        self.drop()
        if self._waiting or timeout <= 0:
            self._answer(client, self._batch(limit))
        else:
            timer = asyncio.get_running_loop().call_later(
                min(timeout, LONGEST_POLL), self._time_out
            )
            self._poll = Poll(client=client, limit=limit, timer=timer)
        return ended

    def wake(self) -> None:
        """Answer the poll that waits, if there is one and there is something to give."""
        if self._poll is None or not self._waiting:
            return
        poll = self._poll
        self.drop()
        self._answer(poll.client, self._batch(poll.limit))

    def drop(self, client: Client | None = None) -> None:
        """Forget the poll that waits; with `client`, only when it is that client's."""
        if self._poll is None or (client is not None and self._poll.client is not client):
            return
        self._poll.timer.cancel()
        self._poll = None

    def _batch(self, limit: int) -> bytes:
        number = min(max(limit, 1), LIMIT, len(self._waiting))
        bodies = b",".join(islice(self._waiting, number))
        return b'{"ok":true,"result":[' + bodies + b"]}"

    def _time_out(self) -> None:
        if self._poll is not None:
            client = self._poll.client
            self.drop()
            self._answer(client, NOTHING)
