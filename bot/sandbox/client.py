"""The people's side from another process: the same verbs as `People`, over HTTP."""

import inspect
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession

from bot.sandbox import wire
from bot.sandbox.errors import RefusedByTelegram
from bot.sandbox.people import VERBS, People
from bot.sandbox.state import Json

CONTROLS = frozenset({"faults", "clear_faults", "inject", "advance", "set_clock", "limiter"})


class PeopleClient:
    """Every verb of `People` is an awaitable method with the same arguments.

    Besides them the controls, by keyword: faults, clear_faults, inject, advance, set_clock,
    limiter. `RefusedByTelegram` is raised as in this process; a call that makes no sense raises
    ValueError.
    """

    def __init__(self, base: str) -> None:
        """Talk to the sandbox at `base`, which ends in `/sandbox`."""
        self._base = base.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection."""
        self._session = ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        await self.close()

    async def close(self) -> None:
        """Close the connection; the client may be used again after it."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session

    async def do(self, verb: str, **given: Any) -> Any:  # noqa: ANN401  it comes from outside, and is checked here
        """Do one verb and return its result."""
        sent = wire.dumps(given)
        headers = {"Content-Type": "application/json"}
        async with self._open().post(f"{self._base}/{verb}", data=sent, headers=headers) as answer:
            body: Json = wire.loads(await answer.read())
        if body["ok"]:
            return body["result"]
        if "refused" in body:
            raise RefusedByTelegram(body["refused"])
        raise ValueError(body["error"])

    async def read(self, what: str, **query: int) -> Any:  # noqa: ANN401  it comes from outside, and is checked here
        """Read `calls` (since=number), `violations` or `clock`."""
        async with self._open().get(f"{self._base}/{what}", params=query) as answer:
            body: Json = await answer.json()
        return body["result"]

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Any]]:
        """Return the method of a verb."""
        if verb not in VERBS and verb not in CONTROLS:
            raise AttributeError(verb)

        async def method(*values: Any, **given: Any) -> Any:  # noqa: ANN401  it comes from outside, and is checked here
            if values:
                bound = inspect.signature(getattr(People, verb)).bind(None, *values, **given)
                given = {name: v for name, v in bound.arguments.items() if name != "self"}
            return await self.do(verb, **given)

        return method
