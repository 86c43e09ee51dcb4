"""The transport, against real servers on this machine: HTTP that answers, TCP that breaks."""

import asyncio
import io
import json
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.request import (
    AiohttpRequest,
    FloodWait,
    GarbledAnswer,
    NotSent,
    ServerFault,
    _open_socket,
)

TOKEN = "123456789:AAE-made-up-token_of-the-usual-length42"
MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 5, "type": "private"}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def http(handler: Handler) -> AsyncIterator[str]:
    application = web.Application(client_max_size=2**26)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def tcp(connection: Connection) -> AsyncIterator[str]:
    served: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError):
            await connection(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**16)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*filter(None, served))


@asynccontextmanager
async def bot_at(address: str, **options) -> AsyncIterator[Bot]:
    request = AiohttpRequest(**options)
    bot = Bot(
        TOKEN, base_url=f"{address}/bot", request=request, get_updates_request=AiohttpRequest()
    )
    async with request:
        yield bot


def answering(status: int, body: object, **headers: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        await request.read()
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return handle


def unused_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def listen(caplog: pytest.LogCaptureFixture) -> None:
    """Every log line except the library's own debugging, which writes the address of every bot."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="telegram")


def everything_said(error: BaseException | None, seen: frozenset[int] = frozenset()) -> str:
    """Every text of an error, of its arguments and of the errors behind it."""
    if error is None or id(error) in seen:
        return ""
    seen |= {id(error)}
    own = f"{error}{error!r}{error.args!r}{getattr(error, '__dict__', {})!r}"
    trace = "".join(traceback.format_exception(error))
    behind = everything_said(error.__cause__, seen) + everything_said(error.__context__, seen)
    return own + trace + behind


async def test_parameters_when_without_files_then_go_as_json():
    seen: dict[str, Any] = {}

    async def handle(request: web.Request) -> web.Response:
        seen["path"] = request.path
        seen["type"] = request.content_type
        seen["body"] = await request.json()
        return web.json_response({"ok": True, "result": MESSAGE})

    async with http(handle) as address, bot_at(address) as bot:
        message = await bot.send_message(
            5, 'É "2" <b>', parse_mode="HTML", protect_content=True, api_kwargs={"extra": [1, 2]}
        )

    assert message.message_id == 7
    assert seen == {
        "path": f"/bot{TOKEN}/sendMessage",
        "type": "application/json",
        "body": {
            "chat_id": 5,
            "text": 'É "2" <b>',
            "parse_mode": "HTML",
            "protect_content": True,
            "extra": [1, 2],
        },
    }


@pytest.mark.parametrize("as_handle", [False, True], ids=["bytes", "file handle"])
async def test_files_when_sent_then_go_as_multipart_with_their_names_unquoted(as_handle):
    seen: dict[str, Any] = {}
    content = bytes(range(256)) * 1000

    async def handle(request: web.Request) -> web.Response:
        seen["length"] = request.content_length is not None
        form = await request.post()
        document = form["document"]
        assert isinstance(document, web.FileField)
        seen["file"] = (document.filename, document.content_type, document.file.read())
        seen["fields"] = {name: form[name] for name in form if name != "document"}
        return web.json_response({"ok": True, "result": MESSAGE})

    file = InputFile(
        io.BytesIO(content) if as_handle else content,
        filename='róoster "3H2" week 7.pdf',
        read_file_handle=not as_handle,
    )
    async with http(handle) as address, bot_at(address) as bot:
        await bot.send_document(5, file, caption="ïs", reply_parameters=None)

    assert seen == {
        "length": True,
        "file": ('róoster "3H2" week 7.pdf', "application/pdf", content),
        "fields": {"chat_id": "5", "caption": "ïs"},
    }


async def test_retrieve_when_asked_then_gets_the_bytes_of_a_file():
    content = b"\x00\xff" * 4_000_000

    async with http(answering(200, content)) as address, AiohttpRequest() as request:
        assert await request.retrieve(f"{address}/file/bot{TOKEN}/photo.jpg") == content


async def test_answers_when_big_then_are_read_whole():
    updates = [{"update_id": n, "junk": "x" * 5000} for n in range(1000)]

    async with (
        http(answering(200, {"ok": True, "result": updates})) as address,
        AiohttpRequest() as request,
    ):
        assert await request.post(f"{address}/bot{TOKEN}/getUpdates", RequestData()) == updates


@pytest.mark.parametrize(
    ("status", "body", "expected", "text"),
    [
        pytest.param(
            400,
            {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
            BadRequest,
            "Chat not found",
            id="400",
        ),
        pytest.param(
            403,
            {"ok": False, "description": "Forbidden: bot was blocked by the user"},
            Forbidden,
            "Forbidden: bot was blocked by the user",
            id="403",
        ),
        pytest.param(
            401,
            {"ok": False, "description": "Unauthorized"},
            InvalidToken,
            "Unauthorized",
            id="401",
        ),
        pytest.param(
            400,
            {"ok": False, "description": "x", "parameters": {"migrate_to_chat_id": -1009}},
            ChatMigrated,
            "Group migrated to supergroup. New chat id: -1009",
            id="migrated",
        ),
        pytest.param(
            429,
            {"ok": False, "description": "x", "parameters": {"retry_after": 11}},
            FloodWait,
            "Flood control exceeded. Retry in 11 seconds",
            id="429",
        ),
        pytest.param(
            429,
            b"<html>Too many</html>",
            FloodWait,
            "Flood control exceeded. Retry in 5 seconds",
            id="429 of another machine",
        ),
        pytest.param(
            500,
            {"ok": False, "description": "x"},
            ServerFault,
            "Internal Server Error (500)",
            id="500",
        ),
        pytest.param(
            502, b"<html>nginx</html>", ServerFault, "Bad Gateway (502)", id="502 in HTML"
        ),
        pytest.param(
            530, b"", ServerFault, "Unknown HTTP status (530)", id="a status that nobody knows"
        ),
        pytest.param(
            504, b"<html>nginx</html>", TimedOut, "Gateway Timeout (504)", id="504 may be delivered"
        ),
        pytest.param(400, b"<html>nginx</html>", BadRequest, "Bad Request (400)", id="400 in HTML"),
        pytest.param(302, b"", NetworkError, "Found (302)", id="redirect"),
        pytest.param(
            200, b"\xff\x00<html>", GarbledAnswer, "Invalid server response", id="garbage"
        ),
        pytest.param(200, b"[1]", GarbledAnswer, "Invalid server response", id="not an object"),
        pytest.param(200, b'{"ok": true', GarbledAnswer, "Invalid server response", id="cut off"),
        pytest.param(
            200, {"ok": False}, GarbledAnswer, "Invalid server response", id="without a result"
        ),
    ],
)
async def test_refusals_when_answered_then_raise_their_kind(status, body, expected, text, caplog):
    listen(caplog)

    async with http(answering(status, body)) as address, bot_at(address) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(5, "Kim is ziek")

    assert (type(caught.value), str(caught.value)) == (expected, text)
    assert "Kim" not in caplog.text
    assert "html" not in caplog.text


async def test_429_when_another_machine_names_a_time_then_it_is_kept():
    handler = answering(429, b"slow down", **{"Retry-After": "17"})

    async with http(handler) as address, bot_at(address) as bot:
        with pytest.raises(RetryAfter) as caught:
            await bot.get_me()

    assert caught.value.retry_after == 17


async def test_redirect_when_answered_then_is_not_followed():
    paths = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with http(handle) as address, bot_at(address) as bot:
        with pytest.raises(NetworkError):
            await bot.get_me()

    assert paths == [f"/bot{TOKEN}/getMe"]


# --- what breaks on the way ---------------------------------------------------------------------


async def lose_after_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def lose_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok": true')
    await writer.drain()


async def reset_after_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def speak_no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    await writer.drain()


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def stop_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok": true')
    await writer.drain()
    await reader.read()


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        pytest.param(lose_after_request, NetworkError, id="closed after the request"),
        pytest.param(reset_after_request, NetworkError, id="reset after the request"),
        pytest.param(lose_halfway, NetworkError, id="closed within the answer"),
        pytest.param(speak_no_http, NetworkError, id="no HTTP"),
        pytest.param(never_answer, TimedOut, id="no answer in time"),
        pytest.param(stop_halfway, TimedOut, id="stops within the answer"),
    ],
)
async def test_connection_when_lost_after_sending_then_may_have_been_delivered(
    connection, expected, caplog
):
    listen(caplog)

    async with tcp(connection) as address, bot_at(address, read_timeout=0.1) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(5, "x")

    assert type(caught.value) is expected
    assert TOKEN not in everything_said(caught.value) + caplog.text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("http://127.0.0.1:{port}", id="refused"),
        pytest.param("http://no-such-host.invalid", id="no such name"),
        pytest.param("http://", id="no address"),
        pytest.param("http://[half", id="not an address"),
        pytest.param("gopher://127.0.0.1", id="not HTTP"),
    ],
)
async def test_connection_when_impossible_then_surely_not_sent(address, caplog):
    listen(caplog)

    async with bot_at(address.format(port=unused_port())) as bot:
        with pytest.raises(NotSent) as caught:
            await bot.send_message(5, "x")

    assert TOKEN not in everything_said(caught.value) + caplog.text
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_connection_when_the_server_speaks_no_tls_then_surely_not_sent():
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with tcp(handle) as address, bot_at(address.replace("http:", "https:")) as bot:
        with pytest.raises(NotSent) as caught:
            await bot.get_me()

    assert TOKEN not in everything_said(caught.value)


async def test_connection_when_tls_takes_too_long_then_surely_not_sent():
    async with (
        tcp(never_answer) as address,
        bot_at(address.replace("http:", "https:"), connect_timeout=0.1) as bot,
    ):
        with pytest.raises(NotSent) as caught:
            await bot.get_me()

    assert TOKEN not in everything_said(caught.value)
    assert str(caught.value) == "No connection to Telegram: ConnectionTimeoutError"


async def test_request_when_not_opened_then_surely_not_sent():
    with pytest.raises(NotSent):
        await AiohttpRequest().post("http://127.0.0.1/bot1:x/getMe", RequestData())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"<p>No /bot%s/getMe here</p>", 404, id="HTML quotes the address"),
        pytest.param(b'{"ok":false,"description":"no /bot%s/getMe"}', 404, id="JSON quotes it"),
        pytest.param(b'{"ok":false,"description":"no /bot%s/getMe"}', 400, id="so does a 400"),
        pytest.param(b"<p>/bot%s/getMe</p>", 502, id="so does a gateway"),
        pytest.param(b"<p>/bot%s/getMe</p>", 200, id="so does a captive portal"),
    ],
)
@pytest.mark.parametrize("written", [TOKEN, TOKEN.replace(":", "%3A")], ids=["plain", "quoted"])
async def test_token_when_an_answer_quotes_it_then_goes_nowhere(body, status, written, caplog):
    listen(caplog)

    handler = answering(status, body % written.encode())
    async with http(handler) as address, bot_at(address) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.get_me()

    assert written not in everything_said(caught.value) + caplog.text


async def test_body_when_the_server_stops_reading_then_times_out():
    given_up = asyncio.Event()

    async def read_little(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        assert isinstance(writer.transport, asyncio.Transport)
        writer.transport.pause_reading()
        await given_up.wait()
        writer.transport.abort()

    options = {"write_timeout": 0.2, "media_write_timeout": 0.2, "read_timeout": None}
    async with tcp(read_little) as address, bot_at(address, **options) as bot:
        with pytest.raises(TimedOut) as of_file:
            await bot.send_document(5, b"x" * 30_000_000)
        with pytest.raises(TimedOut) as of_json:
            await bot.send_message(5, "x" * 30_000_000)
        given_up.set()

    assert TOKEN not in everything_said(of_file.value) + everything_said(of_json.value)


# --- the pool -----------------------------------------------------------------------------------


class Gate:
    """A server that counts who waits, and answers when told to."""

    def __init__(self, full_at: int) -> None:
        self.open = asyncio.Event()
        self.full = asyncio.Event()
        self.most = 0
        self.connections: set[object] = set()
        self._waiting = 0
        self._full_at = full_at

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.connections.add(request.transport)
        self._waiting += 1
        self.most = max(self.most, self._waiting)
        if self._waiting == self._full_at:
            self.full.set()
        await self.open.wait()
        self._waiting -= 1
        return web.json_response({"ok": True, "result": body["n"]})


def numbered(n: int) -> RequestData:
    return RequestData([RequestParameter.from_input("n", n)])


async def test_calls_when_two_hundred_at_once_then_share_the_pool_and_keep_their_answers():
    gate = Gate(full_at=16)

    async with (
        http(gate.handle) as address,
        AiohttpRequest(connection_pool_size=16, pool_timeout=None) as request,
    ):
        calls = [
            asyncio.create_task(request.post(f"{address}/bot{TOKEN}/x", numbered(n)))
            for n in range(200)
        ]
        await gate.full.wait()
        gate.open.set()
        answers = await asyncio.gather(*calls)

    assert answers == list(range(200))
    assert gate.most == 16
    assert len(gate.connections) == 16


async def test_pool_when_full_for_too_long_then_surely_not_sent_and_usable_again():
    gate = Gate(full_at=1)

    async with http(gate.handle) as address, AiohttpRequest(connection_pool_size=1) as request:
        url = f"{address}/bot{TOKEN}/x"
        first = asyncio.create_task(request.post(url, numbered(1)))
        await gate.full.wait()
        with pytest.raises(NotSent) as caught:
            await request.post(url, numbered(2), pool_timeout=0.05)
        gate.open.set()

        assert [await first, await request.post(url, numbered(3))] == [1, 3]

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_call_when_cancelled_then_the_others_go_on():
    gate = Gate(full_at=3)

    async with http(gate.handle) as address, AiohttpRequest(connection_pool_size=3) as request:
        url = f"{address}/bot{TOKEN}/x"
        calls = [asyncio.create_task(request.post(url, numbered(n))) for n in range(3)]
        await gate.full.wait()
        waiting = asyncio.create_task(request.post(url, numbered(8), pool_timeout=None))
        calls[1].cancel()
        results = asyncio.gather(*calls, waiting, return_exceptions=True)
        gate.open.set()
        first, cancelled, third, after = await results

        assert (first, type(cancelled), third, after) == (0, asyncio.CancelledError, 2, 8)
        assert await request.post(url, numbered(9)) == 9


async def test_connection_when_answered_then_is_kept_for_the_next_call():
    connections = []

    async def handle(request: web.Request) -> web.Response:
        connections.append(request.transport)
        response = web.json_response({"ok": True, "result": True})
        response.set_cookie("tracked", "yes")
        assert "Cookie" not in request.headers
        return response

    async with http(handle) as address, AiohttpRequest() as request:
        # By name: cookies of a bare address are not kept by anybody.
        named = address.replace("127.0.0.1", "localhost")
        for _ in range(3):
            assert await request.post(f"{named}/bot{TOKEN}/x", RequestData()) is True

    assert (len(connections), len(set(connections))) == (3, 1)


async def test_request_when_shut_down_then_can_be_opened_again():
    async with http(answering(200, {"ok": True, "result": 1})) as address:
        request = AiohttpRequest()
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(f"{address}/bot{TOKEN}/x", RequestData()) == 1
            await request.shutdown()
            await request.shutdown()


def test_sockets_when_opened_then_send_at_once():
    with _open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 1))) as opened:
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0


async def test_timeout_when_given_with_a_call_then_goes_before_the_usual_one():
    async with tcp(never_answer) as address, bot_at(address, read_timeout=None) as bot:
        assert bot.request.read_timeout is None
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.05)


# --- proxies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "through_proxy"),
    [
        pytest.param("given", True, id="given"),
        pytest.param("environment", True, id="from the environment"),
        pytest.param("not asked for", False, id="environment not asked for"),
        pytest.param("exempt", False, id="host named in NO_PROXY"),
    ],
)
async def test_proxy_when_set_then_is_used_only_if_asked_for(how, through_proxy, monkeypatch):
    async with (
        http(answering(200, {"ok": True, "result": "direct"})) as address,
        http(answering(200, {"ok": True, "result": "proxy"})) as proxy,
    ):
        for name in ("HTTP_PROXY", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("http_proxy", "" if how == "given" else proxy)
        if how == "exempt":
            monkeypatch.setenv("no_proxy", "127.0.0.1")
        request = AiohttpRequest(
            proxy=proxy if how == "given" else None,
            proxy_from_environment=how in {"environment", "exempt"},
        )
        async with request:
            answer: object = await request.post(f"{address}/bot{TOKEN}/getMe", RequestData())

    assert answer == ("proxy" if through_proxy else "direct")


async def test_proxy_when_it_refuses_then_surely_not_sent():
    async with (
        http(answering(407, b"who are you")) as proxy,
        bot_at("https://127.0.0.1", proxy=proxy) as bot,
    ):
        with pytest.raises(NotSent) as caught:
            await bot.get_me()

    assert TOKEN not in everything_said(caught.value)


async def test_token_when_calls_succeed_then_stays_out_of_the_logs(caplog):
    listen(caplog)

    async with (
        http(answering(200, {"ok": True, "result": MESSAGE})) as address,
        bot_at(address) as bot,
    ):
        await bot.send_message(5, "Kim is ziek")

    assert json.dumps(MESSAGE) not in caplog.text
    assert TOKEN not in caplog.text
    assert "Kim" not in caplog.text
