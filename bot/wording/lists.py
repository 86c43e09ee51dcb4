"""The lists and patterns of ``data/*.toml``, read once.

A school or a linguist changes words there; the meaning of every table is told in its file.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final


def read(name: str) -> Mapping[str, Any]:
    """The table in ``data/<name>.toml``."""
    written = files("bot.wording").joinpath("data", f"{name}.toml").read_bytes()
    return tomllib.loads(written.decode("utf-8"))


def word_set(listed: object) -> frozenset[str]:
    """A list of words, or one string with words parted by spaces and lines."""
    if isinstance(listed, str):
        return frozenset(listed.split())
    if isinstance(listed, list) and all(isinstance(word, str) for word in listed):
        return frozenset(listed)
    message = "a list of words holds words only"
    raise ValueError(message)


def _confusables() -> dict[str, str]:
    """Each letter that looks like one of ours; the capital of a lower-case letter as well."""
    table: dict[str, str] = {}
    for ours, theirs in _LETTERS["lookalikes"].items():
        table.update(dict.fromkeys(theirs.split(), ours))
    # Letters in black circles and squares, and flags that spell words: 26 letters in a row.
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        table.update({chr(first + place): chr(ord("a") + place) for place in range(26)})
    return table


_LETTERS: Final = read("letters")
CONFUSABLES: Final[Mapping[str, str]] = _confusables()
INVISIBLE: Final = frozenset(_LETTERS["invisible"])
LEET: Final[Mapping[str, str]] = dict(_LETTERS["leet"])
