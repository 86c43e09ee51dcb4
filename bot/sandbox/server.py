"""The pretend Telegram over HTTP: the Bot API for the bot, `/sandbox/…` for people and tests.

On loopback only, unless somebody says otherwise. One plain aiohttp handler without routing: it
serves several thousand simple calls a second.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage

from bot.sandbox import files, wire
from bot.sandbox.errors import TEXTS, BotApiError, RefusedByTelegram, fail
from bot.sandbox.faults import Fault, malformed_update
from bot.sandbox.parameters import Upload
from bot.sandbox.people import VERBS, People
from bot.sandbox.state import Json
from bot.sandbox.telegram import Telegram
from bot.sandbox.updates import Waiting, encode
from bot.sandbox.webhook import Deliverer

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
LARGEST_REQUEST: Final = 64 * 1024 * 1024
_HTTP_FAULTS: Final = {
    "500": (500, "Internal Server Error"),
    "502": (502, "Bad Gateway"),
    "401": (401, "Unauthorized"),
    "409": (
        409,
        TEXTS["other-poller"].message,
    ),
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """A running sandbox: where the bot and the people find it, and the state itself."""

    base_url: str
    people_url: str
    telegram: Telegram
    deliverer: Deliverer

    async def delivered(self) -> None:
        """Wait until the webhook has been given what was waiting for it."""
        await self.deliverer.idle()

    @property
    def people(self) -> People:
        """Return the people's side in this process."""
        return self.telegram.people

    @property
    def file_url(self) -> str:
        """Return the address of files, in python-telegram-bot's form."""
        return self.base_url.removesuffix("/bot") + "/file/bot"


class _Site:
    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.prefix = f"/bot{telegram.token}/"
        self.file_prefix = f"/file/bot{telegram.token}/"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(self.prefix):
            return await self.bot_call(request, path[len(self.prefix) :])
        if path.startswith("/sandbox/"):
            return await self.sandbox_call(request, path.removeprefix("/sandbox/"))
        if path.startswith(self.file_prefix):
            return self.file(path[len(self.file_prefix) :])
        if path.startswith("/bot"):
            return _refusal(fail("unauthorized"))
        return _refusal(fail("method-not-found"))

    async def bot_call(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        try:
            raw = await _parameters(request)
        except ValueError:
            return _refusal(BotApiError(400, "Bad Request: can't parse request"))
        fault = self.telegram.faults.next_for(method.lower(), raw)
        if fault is not None:
            return await self.with_fault(request, method, raw, fault)
        return await self.answer(method, raw)

    async def answer(self, method: str, raw: Json) -> web.Response:
        try:
            result = await self.telegram.call(method, raw)
        except BotApiError as refused:
            return _refusal(refused)
        return _json(_ok_body(result))

    async def with_fault(
        self, request: web.BaseRequest, method: str, raw: Json, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind == "429":
            text = f"Too Many Requests: retry after {fault.retry_after}"
            return _refusal(BotApiError(429, text, {"retry_after": fault.retry_after}))
        if fault.kind in _HTTP_FAULTS:
            return _refusal(BotApiError(*_HTTP_FAULTS[fault.kind]))
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)  # noqa: TID251  the pause is what is asked for
            return await self.answer(method, raw)
        if fault.kind == "malformed_update":
            self.telegram.inject_update(malformed_update(self.telegram.world))
            return await self.answer(method, raw)
        if fault.kind == "garbage_json":
            return _json(b'{"ok":true,"result":[{"upd')
        if fault.kind == "deliver_then_drop":
            await self.answer(method, raw)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def sandbox_call(self, request: web.BaseRequest, verb: str) -> web.StreamResponse:
        if request.method == "GET":
            return self.read_out(request, verb)
        try:
            given = _object(await request.read(), wire.loads)
            if verb in self.controls:
                return _json(encode({"ok": True, "result": self.controls[verb](self, **given)}))
            if verb not in VERBS:
                return _json(encode({"ok": False, "error": f"there is no verb {verb}"}), 404)
            result = getattr(self.telegram.people, verb)(**given)
        except RefusedByTelegram as refused:
            return _json(encode({"ok": False, "refused": refused.text}))
        except (LookupError, TypeError, ValueError) as wrong:
            return _json(encode({"ok": False, "error": str(wrong)}), 400)
        return _json(wire.dumps({"ok": True, "result": result}))

    def read_out(self, request: web.BaseRequest, verb: str) -> web.Response:
        if verb == "calls":
            calls = self.telegram.calls_since(int(request.query.get("since", "0")))
            return _json(encode({"ok": True, "result": [asdict(c) for c in calls]}))
        if verb == "violations":
            found = [asdict(v) for v in self.telegram.violations]
            return _json(encode({"ok": True, "result": found}))
        if verb == "clock":
            return _json(encode({"ok": True, "result": self.telegram.clock.now().isoformat()}))
        return _json(encode({"ok": False, "error": f"there is nothing to read at {verb}"}), 404)

    def add_fault(self, **given: Any) -> bool:  # noqa: ANN401  it comes from outside, and is checked here
        self.telegram.faults.add(**given)
        return True

    def clear_faults(self) -> bool:
        self.telegram.faults.clear()
        return True

    def inject(self, update: Json) -> int:
        return self.telegram.inject_update(update)

    def advance(self, seconds: float) -> str:
        self.telegram.clock.advance(seconds)
        return self.telegram.clock.now().isoformat()

    def set_clock(self, moment: str) -> str:
        self.telegram.clock.set(datetime.fromisoformat(moment))
        return self.telegram.clock.now().isoformat()

    def limit(self, *, on: bool) -> bool:
        self.telegram.limiter.on = on
        return on

    controls: "dict[str, Callable[..., Any]]" = {  # noqa: RUF012  a table, never changed
        "faults": add_fault,
        "clear_faults": clear_faults,
        "inject": inject,
        "advance": advance,
        "set_clock": set_clock,
        "limiter": limit,
    }

    def file(self, path: str) -> web.Response:
        found = files.at_address(self.telegram.world, path)
        if found is None:
            return _refusal(fail("file-not-found"))
        return web.Response(body=found.content, content_type=files.UNKNOWN_TYPE)


def _ok_body(result: object) -> bytes:
    if isinstance(result, list) and result and isinstance(result[0], Waiting):
        return b'{"ok":true,"result":[' + b",".join(w.body for w in result) + b"]}"
    return b'{"ok":true,"result":' + encode(result) + b"}"


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


def _refusal(error: BotApiError) -> web.Response:
    answer: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        answer["parameters"] = error.parameters
    return _json(encode(answer), error.code)


def _object(body: bytes, loads: Callable[[bytes], Any] = json.loads) -> Json:
    value = loads(body or b"{}")
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004  a fault of the request
    return value


async def _parameters(request: web.BaseRequest) -> Json:
    values: Json = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.body_exists:
        return values
    kind = request.content_type
    if kind == "application/json":
        return values | _object(await request.read())
    if kind == "multipart/form-data":
        return values | await _multipart(request)
    text = (await request.read()).decode()
    return values | dict(parse_qsl(text, keep_blank_values=True))


async def _multipart(request: web.BaseRequest) -> Json:
    """Read a form with files; `attach://name` in a parameter stands for the file of that name."""
    values: Json = {}
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            uploads[name] = Upload(value.filename or name, content, value.content_type)
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode()
    for name, value in values.items():
        if isinstance(value, str) and value.startswith("attach://"):
            values[name] = uploads.pop(value.removeprefix("attach://"), value)
    return values | uploads


class _RoomyRequest(web.BaseRequest):
    """aiohttp's request, with room for uploads; its server hands the other arguments over."""

    def __init__(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(message, payload, protocol, writer, task, loop)
        self._client_max_size = LARGEST_REQUEST


@asynccontextmanager
async def serve(
    telegram: Telegram, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Served]:
    """Serve the sandbox while the context lasts; port 0 takes a free one."""
    if host not in LOOPBACK:
        _log.warning("the sandbox is reachable from other machines at %s", host)
    handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] = _Site(telegram).handle
    server = web.Server(handler, request_factory=_RoomyRequest)
    runner = web.ServerRunner(server, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    deliverer = Deliverer(telegram.world)
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        found = runner.addresses[0]
        address = f"http://{f'[{found[0]}]' if ':' in found[0] else found[0]}:{found[1]}"
        yield Served(f"{address}/bot", f"{address}/sandbox", telegram, deliverer)
    finally:
        # A poll that hangs would be waited for until ``shutdown_timeout``.
        telegram.world.updates.end_poll()
        await deliverer.stop()
        await runner.cleanup()
