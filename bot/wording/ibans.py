"""Bank account numbers (ISO 13616), with or without spaces."""

import re
from collections.abc import Iterator
from typing import Final

from bot.wording.findings import Finding, Kind, finding
from bot.wording.folding import Folded

_BEGINNING: Final = re.compile(r"(?<![a-z0-9])[a-z]{2}[ .\-]?\d\d")
_BETWEEN: Final = frozenset(" .-\n")
_DUTCH: Final = re.compile(r"nl\d\d[a-z]{4}\d{10}")
_LONGEST: Final = 34
# Length by country (SWIFT's IBAN registry); those of other countries are not looked for.
_LENGTHS: Final = {
    "nl": 18, "be": 16, "de": 22, "fr": 27, "gb": 22, "es": 24, "it": 27, "lu": 20, "pl": 28,
    "pt": 25, "at": 20, "ch": 21, "ie": 22, "dk": 18, "no": 15, "se": 24, "fi": 18, "tr": 26,
    "lt": 20, "ee": 20, "lv": 21, "cz": 24, "hu": 28, "ro": 24, "bg": 22, "gr": 27,
}  # fmt: skip


def ibans(folded: Folded, allowed: frozenset[str]) -> list[Finding]:
    """Every account number but those in ``allowed`` (lower case, no spaces).

    A Dutch one is found even with a digit mistyped: it may be somebody's account all the same.
    """
    found = []
    for match in _BEGINNING.finditer(folded.text):
        reached = _account_at(folded.text, match.start())
        if reached is not None and reached[0] not in allowed:
            start, end = folded.span(match.start(), reached[1])
            found.append(finding(Kind.IBAN, start, end))
    return found


def compact(iban: str) -> str:
    """As it is compared: lower case, without spaces and signs."""
    return "".join(sign for sign in iban.lower() if sign.isalnum())


def _account_at(text: str, start: int) -> tuple[str, int] | None:
    """The account number that begins here, and where it ends."""
    length = _LENGTHS.get(text[start : start + 2])
    for account, end in _growing(text, start):
        if len(account) == length and (_checks(account) or _DUTCH.fullmatch(account)):
            return account, end
    return None


def _growing(text: str, start: int) -> Iterator[tuple[str, int]]:
    account, gap = "", 0
    for place in range(start, len(text)):
        sign = text[place]
        if sign in _BETWEEN and gap == 0:
            gap = 1
            continue
        if not (sign.isascii() and sign.isalnum()) or len(account) == _LONGEST:
            return
        account, gap = account + sign, 0
        yield account, place + 1


def _checks(account: str) -> bool:
    """ISO 7064: letters as numbers from 10, the first four signs last, remainder 1 of 97."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
