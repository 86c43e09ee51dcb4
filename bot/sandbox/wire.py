"""Bytes in JSON, for the people's side over HTTP: `{"base64": "…"}` stands for a file's content.

Both ends use these two functions, so that a verb gives and takes `bytes` in another process too.
"""

import base64
import json
from typing import Any

_MARK = "base64"


def dumps(value: object) -> bytes:
    """Serialise as compact JSON; `bytes` anywhere inside become an object of their own."""
    return json.dumps(value, separators=(",", ":"), default=_wrapped).encode()


def loads(body: bytes) -> Any:  # noqa: ANN401  it comes from outside, and is checked by the caller
    """Read what `dumps` wrote; raise ValueError if it is not JSON, or not base64 inside."""
    return json.loads(body, object_hook=_unwrapped)


def _wrapped(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {_MARK: base64.b64encode(value).decode("ascii")}
    msg = f"a {type(value).__name__} has no place in JSON"
    raise TypeError(msg)


def _unwrapped(value: dict[str, Any]) -> object:
    if value.keys() == {_MARK}:
        return base64.b64decode(value[_MARK], validate=True)
    return value
