"""Home addresses: a street with a house number, or a postcode.

A street where something public is (a museum, a sports hall) is a hint: an excursion needs it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.wording.findings import Finding, Kind, Severity, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set

_LISTS: Final[Mapping[str, Any]] = read("home_addresses")
_NOT_STREETS: Final = word_set(_LISTS["not_streets"])
_PUBLIC: Final = word_set(_LISTS["public"])
# "Treinstation", "stadsmuseum"; a short word ends too many others.
_ENDS_PUBLIC: Final = tuple(word for word in sorted(_PUBLIC) if len(word) > len("zaal"))
_HOME: Final = word_set(_LISTS["home"])
_NOT_NUMBERS: Final = word_set(_LISTS["after_number"])
_ENDINGS: Final = "|".join(_LISTS["endings"].split())
_BARE: Final = "|".join(_LISTS["bare"].split())
_ENGLISH: Final = "|".join(_LISTS["english"].split())

_NUMBER: Final = r"(\d{1,4})(?: ?[-/]? ?(?:[a-z]{1,3}|\d{1,3}))?(?![\w:,.]\d|\w)"
_DUTCH_STREET: Final = re.compile(rf"(?<![\w-])([a-z'-]{{2,40}}?(?:{_ENDINGS})) {_NUMBER}")
_TWO_WORDS: Final = re.compile(rf"(?<![\w-])([a-z'-]{{3,20}} (?:{_ENDINGS})) {_NUMBER}")
# "Nr 12 van de Wilgenstraat", and a street that is called after its kind alone: "Singel 88".
_NUMBER_FIRST: Final = re.compile(
    rf"(?<!\w)(?:nr|nummer|huisnummer)\.? (\d{{1,4}}[a-z]?) (?:van|in|aan|op) (?:de |het )?"
    rf"([a-z'-]{{2,40}}?(?:{_ENDINGS}))(?!\w)"
)
_BARE_STREET: Final = re.compile(rf"(?<![\w-])({_BARE}) {_NUMBER}")
_AFTER_PLACE_WORD: Final = re.compile(
    rf"(?:aan|op|adres:?|bezorgen op|thuis,?) (?:de |het )?((?:[a-z]+[ -]){{0,2}}[a-z]{{5,30}})"
    rf" {_NUMBER}"
)
_ENGLISH_STREET: Final = re.compile(
    rf"(?<!\w)(\d{{1,4}}[a-z]?) ([a-z']{{2,20}} (?:[a-z']{{2,20}} )?(?:{_ENGLISH}))(?!\w)"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a street and a house number, and in which groups of its pattern they are."""

    pattern: re.Pattern[str]
    street: int
    number: int
    capital: bool = False


_FORMS: Final = (
    _Form(_DUTCH_STREET, 1, 2),
    _Form(_TWO_WORDS, 1, 2, capital=True),
    _Form(_NUMBER_FIRST, 2, 1),
    _Form(_BARE_STREET, 1, 2, capital=True),
    _Form(_ENGLISH_STREET, 2, 1, capital=True),
)
_POSTCODE: Final = re.compile(r"(?<!\w)([1-9]\d{3}) ?([a-z]{2})(?!\w)")
_NO_POSTCODE: Final = frozenset({"sa", "sd", "ss"})
_WORD: Final = re.compile(r"[^\W_]+")


def home_addresses(folded: Folded, allowed: frozenset[str]) -> list[Finding]:
    """Every address but those in ``allowed`` (``comparable``)."""
    found = []
    for start, end, certain in (*_streets(folded), *_homes(folded), *_postcodes(folded)):
        if comparable(folded.text[start:end]) in allowed:
            continue
        severity = Severity.STOPS if certain else _severity(folded.text, start, end)
        found.append(finding(Kind.HOME_ADDRESS, *folded.span(start, end), severity))
    return found


def comparable(address: str) -> str:
    """An address without spaces and signs, as two of them are compared."""
    return "".join(sign for sign in address.lower() if sign.isalnum())


def _streets(folded: Folded) -> Iterator[tuple[int, int, bool]]:
    for form in _FORMS:
        for match in form.pattern.finditer(folded.text):
            named = folded.cased[match.start(form.street) : match.end(form.street)]
            is_street = named.split()[-1].lower() not in _NOT_STREETS
            is_name = named[:1].isupper() or not form.capital
            if is_street and is_name and not _counts_something(folded.text, match.end(form.number)):
                yield (*match.span(), False)


def _homes(folded: Folded) -> Iterator[tuple[int, int, bool]]:
    """Any capital name with a number after "op" or "aan", where the text speaks of a home."""
    for match in _AFTER_PLACE_WORD.finditer(folded.text):
        named = folded.cased[match.start(1) : match.end(1)].split()[-1]
        if not named[:1].isupper() or named.lower() in _NOT_STREETS:
            continue
        if _counts_something(folded.text, match.end(2)):
            continue
        if _words_around(folded.text, match.start(1), match.end(1)) & _HOME:
            yield match.start(1), match.end(), True


def _postcodes(folded: Folded) -> Iterator[tuple[int, int, bool]]:
    for match in _POSTCODE.finditer(folded.text):
        letters = folded.cased[match.start(2) : match.end(2)]
        if letters.isupper() and match[2] not in _NO_POSTCODE:
            yield (*match.span(), False)


def _counts_something(text: str, end: int) -> bool:
    """As in "Weg 3 uur": what follows the number says that it counts something."""
    word = _WORD.match(text[end:].lstrip(" ")[:20])
    return word is not None and word.group() in _NOT_NUMBERS


def _severity(text: str, start: int, end: int) -> Severity:
    around = _words_around(text, start, end)
    if around & _HOME:
        return Severity.STOPS
    is_public = bool(around & _PUBLIC) or any(word.endswith(_ENDS_PUBLIC) for word in around)
    return Severity.HINT if is_public else Severity.STOPS


def _words_around(text: str, start: int, end: int) -> frozenset[str]:
    """The words of the lines and sentences around a place, at most 160 characters away."""
    reach = 160
    before = re.split(r"[!?\n]", text[max(start - reach, 0) : start])[-1]
    after = re.split(r"[!?\n]", text[end : end + reach])[0]
    return frozenset(_WORD.findall(f"{before} {after}"))
