"""The pretend Telegram as one object: it takes the bot's calls, and keeps a log of them.

Order of checks for every call, as in Client.cpp: token (in the server), method known, parameters,
then the method's own. Faults and the flood limiter stand before all of them.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import BotApiError, fail, too_many_requests
from bot.sandbox.faults import Faults
from bot.sandbox.limiter import Limiter
from bot.sandbox.methods import HANDLERS
from bot.sandbox.parameters import METHODS, Upload, looks_like_method, read
from bot.sandbox.people import People
from bot.sandbox.state import Json, User
from bot.sandbox.updates import Waiting
from bot.sandbox.world import Features, World

# Obviously no real token, in the form of one: digits, a colon, 35 characters.
DEFAULT_TOKEN: Final = "7000000001:SANDBOX_sandbox_SANDBOX_sandbox_one"  # noqa: S105  made up, and says so
TOKEN_FORM: Final = re.compile(r"(\d+):[A-Za-z0-9_-]{35}")
CALLS_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the bot, with what came of it."""

    number: int
    at: float
    method: str
    params: Json
    result: Any = None
    error: str | None = None
    code: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something the bot did that it must not do: tests assert that there are none."""

    kind: str
    method: str
    text: str
    at: float


class Telegram:
    """Telegram, as far as one bot and the people around it can tell."""

    def __init__(  # noqa: PLR0913  all of them are named
        self,
        clock: SandboxClock | None = None,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "groepswacht_bot",
        can_read_all_group_messages: bool = False,  # noqa: FBT001, FBT002  the agreed interface
        *,
        bot_name: str = "Groepswacht",
        can_join_groups: bool = True,
        can_connect_to_business: bool = False,
        supports_guest_queries: bool = False,
        hears_other_bots: bool = False,
        limiter: bool = False,
        first_update_id: int | None = None,
    ) -> None:
        """Start an empty world with one bot in it."""
        form = TOKEN_FORM.fullmatch(token)
        if form is None:
            msg = "a token is digits, a colon and 35 letters, digits, _ or -"
            raise ValueError(msg)
        self.token = token
        self.clock = clock or SandboxClock()
        bot = User(int(form[1]), bot_name, username=bot_username, is_bot=True)
        features = Features(
            can_join_groups=can_join_groups,
            can_read_all_group_messages=can_read_all_group_messages,
            can_connect_to_business=can_connect_to_business,
            supports_guest_queries=supports_guest_queries,
            hears_other_bots=hears_other_bots,
        )
        self.world = World(self.clock, bot, features, first_update_id)
        self.people = People(self.world)
        self.faults = Faults()
        self.limiter = Limiter(self.clock, on=limiter)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.violations: list[Violation] = []
        self._call_count = 0

    @property
    def bot(self) -> User:
        """Return the bot's own account."""
        return self.world.bot

    def inject_update(self, update: Json) -> int:
        """Put a raw update in the queue, however wrong, and return its id."""
        return self.world.updates.inject(update)

    def calls_of(self, method: str) -> list[Call]:
        """Return the logged calls of one method, oldest first."""
        return [c for c in self.calls if c.method.lower() == method.lower()]

    def calls_since(self, number: int) -> list[Call]:
        """Return the logged calls after the one with this number."""
        fresh: deque[Call] = deque()
        for call in reversed(self.calls):
            if call.number <= number:
                break
            fresh.appendleft(call)
        return list(fresh)

    def violate(self, kind: str, method: str, text: str) -> None:
        """Note something the bot must not do."""
        at = self.clock.now().timestamp()
        self.violations.append(Violation(kind=kind, method=method, text=text, at=at))

    async def call(self, method: str, params: Json | None = None) -> Any:  # noqa: ANN401  it comes from outside, and is checked here
        """Make one call of the Bot API in this process; raise `BotApiError` on a refusal.

        getUpdates gives a list of updates as they were serialised.
        """
        raw = params or {}
        try:
            result = await self._answer(method, raw)
        except BotApiError as refused:
            self._log(method, raw, error=refused.description, code=refused.code)
            raise
        self._log(method, raw, result=result)
        return result

    async def _answer(self, name: str, raw: Json) -> Any:  # noqa: ANN401  it comes from outside, and is checked here
        method = METHODS.get(name.lower())
        if method is None:
            raise self._unknown(name)
        params, wrong = read(method, raw)
        for text in wrong:
            self.violate("parameters", method.name, text)
        if self.limiter.on and self.limiter.counts(name):
            self._check_flood(method.name, params)
        if method.name == "getUpdates":
            return await self._get_updates(params)
        return HANDLERS[name.lower()](self.world, params)

    def _unknown(self, name: str) -> BotApiError:
        self.violate("method", name, "the sandbox does not model this method")
        if not looks_like_method(name):
            return fail("method-not-found")
        return BotApiError(501, f"Not Implemented: the sandbox does not model {name}")

    def _check_flood(self, method: str, params: Json) -> None:
        breach = self.limiter.wait(params.get("chat_id"))
        if breach is not None:
            seconds, which = breach
            self.violate("flood", method, which)
            raise too_many_requests(seconds)

    async def _get_updates(self, params: Json) -> list[Waiting]:
        if self.world.webhook.url:
            raise fail("webhook-active")
        self.world.updates.allow(params.get("allowed_updates"))
        return await self.world.updates.poll(
            params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
        )

    def _log(
        self,
        method: str,
        params: Json,
        result: object = None,
        error: str | None = None,
        code: int = 200,
    ) -> None:
        if method.lower() == "getupdates":
            if error is None and not result:
                return
            if isinstance(result, list):
                result = [w.update_id for w in result]
        self._call_count += 1
        kept = {k: _without_content(v) for k, v in params.items()}
        self.calls.append(
            Call(
                number=self._call_count,
                at=self.clock.now().timestamp(),
                method=method,
                params=kept,
                result=result,
                error=error,
                code=code,
            )
        )


def _without_content(value: object) -> object:
    return f"<file {value.name}>" if isinstance(value, Upload) else value
