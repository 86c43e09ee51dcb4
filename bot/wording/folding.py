"""A text as an eye reads it: one plain letter for every letter that looks like it.

Accents, zero-width characters, letters of other scripts that look like ours, full-width letters,
mathematical letters and emoji digits hide nothing here. Each folded character remembers the place
that it came from, so that a finding is marked in the text as it was written.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.wording.lists import CONFUSABLES, INVISIBLE

_OVERRIDE, _POP = "\u202e", "\u202c"
# Each to a space, so that no place moves; a new line is one.
_CONTROLS = {code: " " for code in (*range(32), 127) if chr(code) != "\n"}
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Mc", "Co", "Cn", "Cs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """``text`` is lower case, ``cased`` the same with its capitals; of equal length.

    ``places`` holds for each of their characters its offset in ``written``.
    """

    written: str
    text: str
    cased: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the written text of folded ``start:end``, with the marks that follow it."""
        places = self.places[start:end]
        first, last = min(places), max(places) + 1
        while last < len(self.written) and not _folded(self.written[last]):
            last += 1
        return first, last


def fold(written: str) -> Folded:
    """Fold a text. Its length counts once: each character is looked at alone."""
    if written.isascii():
        cased = written.translate(_CONTROLS)
        places = range(len(cased))
        return Folded(written=written, text=cased.lower(), cased=cased, places=places)
    pairs: list[tuple[str, int]] = []
    turned: int | None = None
    for place, sign in enumerate(written):
        if sign == _OVERRIDE and turned is None:
            turned = len(pairs)
        elif turned is not None and sign in {_POP, "\n"}:
            pairs[turned:] = reversed(pairs[turned:])
            turned = None
        pairs.extend((letter, place) for letter in _folded(sign))
    if turned is not None:
        pairs[turned:] = reversed(pairs[turned:])
    cased = "".join(letter for letter, _ in pairs)
    return Folded(
        written=written,
        text="".join(_lower(letter) for letter in cased),
        cased=cased,
        places=tuple(place for _, place in pairs),
    )


def plain(text: str) -> str:
    """A folded text alone, for what is compared with one."""
    return fold(text).text


def _lower(letter: str) -> str:
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """What one character folds to: nothing, one character, or a few."""
    if sign.isascii():
        return sign if sign.isprintable() or sign == "\n" else " "
    if sign in CONFUSABLES:
        return CONFUSABLES[sign]
    if sign in INVISIBLE or unicodedata.category(sign) in _INVISIBLE_CATEGORIES:
        return ""
    if sign in "\u2028\u2029\x85":
        return "\n"
    return "".join(_plain_sign(part) for part in unicodedata.normalize("NFKD", sign))


def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign in CONFUSABLES:
        return CONFUSABLES[sign]
    if category in _INVISIBLE_CATEGORIES:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if category == "Zs":
        return " "
    return "-" if category == "Pd" else sign
