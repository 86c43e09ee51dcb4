"""python-telegram-bot's way to Telegram, on aiohttp instead of httpx: several times the throughput.

Its errors say what a sender must know: was the request surely not delivered (``NotSent``), or may
it have been (``TimedOut``, ``NetworkError``)? The bot's token is part of every address, so nothing
that an HTTP library says about a failure may pass: errors are made anew here, without a cause, and
an answer that is not the Bot API's own is dropped unread. Nothing here knows what a call is for.
"""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# Connections that Telegram has closed meanwhile cost an unknown delivery: let go of them first.
IDLE_CONNECTION_SECONDS = 15.0
# What asyncio takes over at once (its high-water mark): a smaller body cannot be waited for.
SENT_AT_ONCE_BYTES = 64 * 1024
# For a 429 that a machine before Telegram's gives, without a time.
FLOOD_PAUSE_SECONDS = 5

_TOKEN_IN_ADDRESS = re.compile(r"/bot(\d+:[\w-]+)")
_NEVER_SENT = (
    aiohttp.ClientConnectorError,  # refused, unreachable, no such name, TLS, the proxy too
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
# Whose text names a host and a port, and never the path.
_NAMES_HOST_ONLY = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorDNSError,
    aiohttp.ClientProxyConnectionError,
)


class NotSent(NetworkError):  # noqa: N818 -- named as the library's own TimedOut is
    """The request surely did not reach Telegram: sending it again does nothing twice."""

    __slots__ = ()


class ServerFault(NetworkError):  # noqa: N818 -- the same
    """Telegram's servers could not do it now (a 5xx): later, the same call may succeed."""

    __slots__ = ()


class FloodWait(RetryAfter):
    """Telegram wants to be left in peace for ``retry_after`` seconds (429); nothing was done.

    Its own class, because the library's warns of a coming type whenever it is made.
    """

    __slots__ = ("_seconds",)

    def __init__(self, seconds: int) -> None:
        TelegramError.__init__(self, f"Flood control exceeded. Retry in {seconds} seconds")
        self._seconds = seconds

    @property
    def retry_after(self) -> int:
        """Whole seconds."""
        return self._seconds

    def __reduce__(self) -> tuple[type, tuple[float]]:  # type: ignore[override] # as the library does
        return self.__class__, (self._seconds,)


class GarbledAnswer(NetworkError):  # noqa: N818 -- the same
    """What came back is not an answer of the Bot API; the call may have been carried out."""

    __slots__ = ()

    def __init__(self, message: str = "Invalid server response") -> None:
        super().__init__(message)


class AiohttpRequest(BaseRequest):
    """A pool of kept-alive connections to the Bot API. Times are in seconds, ``None`` is for ever.

    ``read_timeout`` bounds each wait for a piece of the answer, ``write_timeout`` the sending of a
    whole body (``media_write_timeout`` if it holds files), ``connect_timeout`` name lookup, TCP and
    TLS together, ``pool_timeout`` the wait for one of ``connection_pool_size`` connections.
    ``proxy`` is the address of an HTTP proxy; ``proxy_from_environment`` reads it from
    ``HTTPS_PROXY`` and its kin, with ``NO_PROXY``.
    """

    __slots__ = (
        "_connect_timeout",
        "_media_write_timeout",
        "_pool_size",
        "_pool_timeout",
        "_proxies",
        "_proxy",
        "_proxy_from_environment",
        "_read_timeout",
        "_session",
        "_slots",
        "_write_timeout",
    )

    def __init__(
        self,
        *,
        connection_pool_size: int = 64,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
        proxy: str | None = None,
        proxy_from_environment: bool = False,
    ) -> None:
        self._pool_size = connection_pool_size
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_write_timeout = media_write_timeout
        self._proxy = proxy
        self._proxy_from_environment = proxy_from_environment
        self._proxies: dict[str, str | None] = {}
        self._slots = asyncio.Semaphore(connection_pool_size)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long a piece of the answer is waited for, unless a call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool; a second time does nothing."""
        if self._session is not None:
            return
        connector = aiohttp.TCPConnector(
            limit=self._pool_size,
            keepalive_timeout=IDLE_CONNECTION_SECONDS,
            socket_factory=_open_socket,
        )
        self._slots = asyncio.Semaphore(self._pool_size)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close every connection; a second time does nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Carry out one call; status and body of the answer (python-telegram-bot: BaseRequest).

        Raises ``NotSent``, ``ServerFault``, ``TimedOut``, ``FloodWait`` or ``NetworkError``.
        """
        has_files = request_data is not None and request_data.contains_files
        usual_write = self._media_write_timeout if has_files else self._write_timeout
        patience = _timeout(
            _given(connect_timeout, self._connect_timeout), _given(read_timeout, self._read_timeout)
        )
        failure: NetworkError
        try:
            body = _body_of(request_data, _given(write_timeout, usual_write))
            async with self._slot(_given(pool_timeout, self._pool_timeout)):
                status, retry_after, answer = await self._call(method, url, body, patience)
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 -- its text may hold the address, and so the token
            failure = _translated(error)
        else:
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return status, answer
            return status, _refusal(url, status, retry_after, answer)
        # Raised here, outside the handler, so that the library's own error is not its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. What is not one is neither quoted nor logged: it may be about people."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise GarbledAnswer
        return _Answer(answer)

    async def _call(
        self, method: str, url: str, body: aiohttp.Payload | None, patience: aiohttp.ClientTimeout
    ) -> tuple[int, str | None, bytes]:
        if self._session is None:
            raise NotSent("The connection to Telegram is not open")
        async with self._session.request(
            method,
            url,
            data=body,
            timeout=patience,
            proxy=self._proxy_for(url),
            # Telegram never redirects, and the address of another host must not get the token.
            allow_redirects=False,
        ) as response:
            return response.status, response.headers.get("Retry-After"), await response.read()

    @asynccontextmanager
    async def _slot(self, patience: float | None) -> AsyncIterator[None]:
        """One of the pool's connections. The connector's own queue would share the connect time."""
        if not await _acquired(self._slots, patience):
            raise NotSent("All connections to Telegram are in use; the request was not sent")
        try:
            yield
        finally:
            self._slots.release()

    def _proxy_for(self, url: str) -> str | None:
        if self._proxy is not None or not self._proxy_from_environment:
            return self._proxy
        parts = urlsplit(url)
        if parts.netloc not in self._proxies:
            skip = proxy_bypass(parts.netloc)
            self._proxies[parts.netloc] = None if skip else getproxies().get(parts.scheme)
        return self._proxies[parts.netloc]


class _Answer(dict[str, Any]):
    """python-telegram-bot takes ``result`` out of every answer; one without it is garbled."""

    __slots__ = ()

    def __missing__(self, key: str) -> NoReturn:
        raise GarbledAnswer


class _Upload(aiohttp.Payload):
    """A body that takes its time, with an end to it: aiohttp itself waits for ever to write."""

    def __init__(self, body: aiohttp.Payload, patience: float | None) -> None:
        super().__init__(body, headers=body.headers)
        self._body = body
        self._patience = patience

    @property
    def size(self) -> int | None:
        return self._body.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        async with asyncio.timeout(self._patience):
            await self._body.write(writer)

    async def close(self) -> None:
        await self._body.close()


def _body_of(data: RequestData | None, patience: float | None) -> aiohttp.Payload | None:
    """JSON, which costs a tenth of a form to write; multipart where files must go along."""
    if data is None:
        return None
    if data.contains_files:
        return _Upload(_multipart(data), patience)
    text = json.dumps(data.parameters, separators=(",", ":")).encode()
    if len(text) <= SENT_AT_ONCE_BYTES:
        return aiohttp.BytesPayload(text, content_type="application/json")
    return _Upload(aiohttp.BytesIOPayload(BytesIO(text), content_type="application/json"), patience)


def _multipart(data: RequestData) -> aiohttp.Payload:
    # Telegram takes names as they are: quoting would make "rooster%203H2.pdf" of a space.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in data.multipart_data.items():
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=media_type)
    return form()


def _open_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """A socket that sends small requests at once, and notices a peer that is silently gone."""
    family, kind, protocol, _, _ = address
    opened = socket.socket(family=family, type=kind, proto=protocol)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return opened


async def _acquired(slots: asyncio.Semaphore, patience: float | None) -> bool:
    if not slots.locked():
        return await slots.acquire()
    try:
        async with asyncio.timeout(patience):
            return await slots.acquire()
    except TimeoutError:
        return False


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)


def _given(value: ODVInput[float], usual: float | None) -> float | None:
    return usual if isinstance(value, DefaultValue) else value


def _translated(error: Exception) -> NetworkError:
    """The same failure in words of ours. Names of classes are safe, most texts are not."""
    kind = type(error).__name__
    if isinstance(error, _NEVER_SENT):
        where = str(error) if type(error) in _NAMES_HOST_ONLY else kind
        return NotSent(f"No connection to Telegram: {where}")
    if isinstance(error, TimeoutError):
        return TimedOut(f"Telegram did not answer in time: {kind}")
    return NetworkError(f"The connection to Telegram was lost: {kind}")


def _refusal(url: str, status: int, retry_after: str | None, answer: bytes) -> bytes:
    """The body of an answer that is not a success, without the token, or the error that it means.

    Machines before Telegram's answer in HTML and may quote the address: that is never passed on.
    """
    own_words = _words_of(answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise FloodWait(_seconds_to_wait(own_words, retry_after))
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise TimedOut(_phrase(status))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerFault(_phrase(status))
    return b"{}" if own_words is None else _without_token(url, answer)


def _words_of(answer: bytes) -> dict[str, Any] | None:
    try:
        words = json.loads(answer)
    except ValueError:
        return None
    return words if isinstance(words, dict) else None


def _seconds_to_wait(own_words: dict[str, Any] | None, header: str | None) -> int:
    """Bot API: ResponseParameters.retry_after; RFC 9110: the header Retry-After."""
    parameters = (own_words or {}).get("parameters")
    told = str(parameters.get("retry_after") if isinstance(parameters, dict) else header)
    return int(told) if told.isdecimal() else FLOOD_PAUSE_SECONDS


def _without_token(url: str, answer: bytes) -> bytes:
    for token in _TOKEN_IN_ADDRESS.findall(url):
        for written in (token, quote(token, safe="")):
            answer = answer.replace(written.encode(), b"[token]")
    return answer


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase} ({status})"
    except ValueError:
        return f"Unknown HTTP status ({status})"
