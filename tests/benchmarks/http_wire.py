"""The smallest HTTP/1.1 server side that bots need: fast enough never to be what is measured.

Written on `asyncio.Protocol` because a web framework in front of the pretend Bot API would be
slower than the quickest bot. Nothing about Telegram belongs here, and nothing public may be
served with it: it trusts its clients.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any, cast
from urllib.parse import parse_qsl

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
CONTENT_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r]+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 409: "Conflict"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: the path without query, and the parameters from query and body together."""

    path: str
    parameters: dict[str, Any]


class Connection(asyncio.Protocol):
    """One client. `answer` is called for each request and replies now or later, on this object."""

    def __init__(
        self,
        answer: Callable[["Connection", Request], None],
        gone: Callable[["Connection"], None],
    ) -> None:
        self._answer = answer
        self._gone = gone
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        # A stream server gives stream transports; uvloop's do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the server: a poll that waits on this connection will never be answered."""
        del exc
        self._transport = None
        self._gone(self)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete; keep the rest until more comes."""
        self._buffer += data
        while (request := self._take_request()) is not None:
            self._answer(self, request)

    def reply(self, status: int, body: bytes) -> bool:
        """Send a JSON answer; `False` when the client is no longer there."""
        if self._transport is None or self._transport.is_closing():
            return False
        head = (
            f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        return True

    def _take_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._buffer[:end])
        start = end + 4
        if CHUNKED.search(head):
            unchunked = take_chunks(self._buffer, start)
            if unchunked is None:
                return None
            body, end_of_request = unchunked
        else:
            length = CONTENT_LENGTH.search(head)
            end_of_request = start + (int(length[1]) if length else 0)
            if len(self._buffer) < end_of_request:
                return None
            body = bytes(self._buffer[start:end_of_request])
        del self._buffer[:end_of_request]
        return read_request(head, body)


def take_chunks(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    """The body of a chunked request (RFC 9112, 7.1) and where it ends; None while incomplete."""
    body = b""
    while (end := buffer.find(b"\r\n", start)) >= 0:
        size = int(bytes(buffer[start:end]).split(b";")[0], 16)
        start = end + 2
        if len(buffer) < start + size + 2:
            return None
        if size == 0:
            return body, start + 2
        body += buffer[start : start + size]
        start += size + 2
    return None


def read_request(head: bytes, body: bytes) -> Request:
    """Path and parameters, in each of the four ways in which the Bot API takes them."""
    target = head.split(b" ", 2)[1].decode()
    path, _, query = target.partition("?")
    parameters: dict[str, Any] = dict(parse_qsl(query)) if query else {}
    if body:
        found = CONTENT_TYPE.search(head)
        parameters |= read_body(found[1] if found else b"", body)
    return Request(path=path, parameters=parameters)


def read_body(content_type: bytes, body: bytes) -> dict[str, Any]:
    """The parameters of a JSON, form or multipart body."""
    kind = content_type.lower()
    if kind.startswith(b"application/json"):
        loaded = json.loads(body)
        return loaded if isinstance(loaded, dict) else {}
    if kind.startswith(b"multipart/form-data"):
        parsed = message_from_bytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload()
            for part in parsed.walk()
            if not part.is_multipart()
        }
    return dict(parse_qsl(body.decode()))
