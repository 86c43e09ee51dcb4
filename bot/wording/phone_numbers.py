"""Phone numbers, in digits or in words, and everything in school that only looks like one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.wording.findings import Finding, Kind, Severity, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set

_LISTS: Final[Mapping[str, Any]] = read("phone_numbers")
_REGIONS: Final[tuple[str, ...]] = tuple(_LISTS["regions"])
_LABELS: Final = word_set(_LISTS["other_numbers"])
_CONTEXT: Final = word_set(_LISTS["phone_words"])
_JOINERS: Final = word_set(_LISTS["joiners"])
_SIMPLE: Final[dict[str, str]] = {
    word: digits for digits, listed in _LISTS["said"].items() for word in listed.split()
}
_TENS: Final = word_set(_LISTS["tens"])
# Dutch says the unit first: "tweeentwintig" is 22.
_SAID: Final[dict[str, str]] = {
    f"{unit}en{ten}": f"{tens[0]}{units}"
    for unit, units in _SIMPLE.items()
    for ten, tens in _SIMPLE.items()
    if units in set("123456789") and tens in _TENS
} | _SIMPLE

_MOBILE: Final = re.compile(r"06\d{8}")
_SHORTEST, _LONGEST = 9, 15
# National, 0031, 31, and a mobile number without its first digit.
_FIRST_DIGITS: Final = frozenset("036")
_BEGINNINGS: Final = frozenset({"06", "31", "0031"})
_MOST_PARTS = 16
_FEWEST_WORDS = 5
_WIDEST_GAP = 6
# Numbers of services, which are nobody's own.
_IMPERSONAL: Final = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)
# "29-06": the second half of a date or score begins no number.
_GOES_ON: Final = re.compile(r"\d[-/.:]")
_TOKEN: Final = re.compile(r"[^\W_]+")
_GAP: Final = re.compile(r"[ \n\t\-./()+,_*'\[\]:|\\]*")
# A date with its year, and a time that is said to be one: parts of these begin no number.
_DATE: Final = re.compile(r"(?<!\d)[0-3]?\d[-/. ][01]?\d[-/. ]20[2-3]\d(?!\d)")
_TIME: Final = re.compile(
    r"(?<![\d.:])(?:[01]?\d|2[0-3])"
    r"(?::[0-5]\d(?![\d:])|\.[0-5]\d(?= ?(?:uur|u\b|-|tot|t/m|am\b|pm\b)))"
)
_ROOM: Final = re.compile(r"(?<![\d.\-])\d\.\d\d(?![.\-]?\d)")
_PRICE: Final = re.compile(r"€ ?\d+(?:[.,]\d\d)?")


@dataclass(frozen=True, slots=True)
class _Part:
    """Digits as written or said, and where. ``spoken``: written as a word."""

    digits: str
    start: int
    end: int
    spoken: bool


def phone_numbers(folded: Folded, allowed: frozenset[str]) -> list[Finding]:
    """Every phone number but those in ``allowed`` (E.164) and those of services."""
    found: list[Finding] = []
    for run in _runs(folded.text):
        at = 0
        while at < len(run):
            reached = _number_at(folded.text, run, at)
            if reached is None:
                at += 1
                continue
            last, number, severity = reached
            if e164(number) not in allowed and not _is_of_a_service(number):
                start, end = folded.span(run[at].start, run[last].end)
                found.append(finding(Kind.PHONE_NUMBER, start, end, severity))
            at = last + 1
    return found


def own_numbers(written: frozenset[str]) -> frozenset[str]:
    """A school's numbers in E.164. Raises ``ValueError`` for one that is no phone number."""
    own = set()
    for each in written:
        try:
            own.add(e164(phonenumbers.parse(each, _REGIONS[0])))
        except phonenumbers.NumberParseException:
            message = "a number of the school is no phone number"
            raise ValueError(message) from None
    return frozenset(own)


def e164(number: phonenumbers.PhoneNumber) -> str:
    """The one way to write a number (ITU-T E.164), such as "+31182512345"."""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_of_a_service(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _IMPERSONAL


def _runs(text: str) -> Iterator[list[_Part]]:
    """Numbers that stand together, with nothing between them but signs and words like "dash"."""
    hidden = [m.span() for p in (_DATE, _TIME, _ROOM, _PRICE) for m in p.finditer(text)]
    covered = bytearray(len(text) + 1)
    for start, end in hidden:
        covered[start:end] = b"\1" * (end - start)
    run: list[_Part] = []
    end = 0
    for match in _TOKEN.finditer(text):
        part = None if covered[match.start()] else _part(match)
        joins = match.group() in _JOINERS
        if part is None and joins and run:
            end = match.end()
            continue
        gap = text[end : match.start()]
        apart = len(gap) > _WIDEST_GAP or not _GAP.fullmatch(gap)
        if run and (part is None or apart):
            yield run
            run = []
        if part is not None:
            run.append(part)
            end = match.end()
    if run:
        yield run


def _part(match: re.Match[str]) -> _Part | None:
    word = match.group()
    if word in _SAID:
        return _Part(_SAID[word], match.start(), match.end(), spoken=True)
    digits = word if word.isdecimal() else _digits_with_letters(word)
    if digits is None or not digits.isascii():
        return None
    return _Part(digits, match.start(), match.end(), spoken=False)


_SPOKEN_PART: Final = re.compile("|".join(sorted(_SAID, key=len, reverse=True)) + r"|\d")
_SPOKEN: Final = re.compile(rf"(?:{_SPOKEN_PART.pattern}){{2,16}}")
_LONGEST_SPOKEN: Final = 40
_LOOK: Final = str.maketrans("oilsb", "01158")
_GLUED: Final = re.compile(r"(?:nr|nummer|tel|mob|bel|app|sms)?(0\d{9}|31\d{9}|0)")


def _digits_with_letters(word: str) -> str | None:
    """As in "o6" and "l2"; "1e" and "4h2" have none, and "tel0612345678" has a number in it."""
    if any(sign.isdigit() for sign in word) and not set(word) - set("0123456789oilsb"):
        return word.translate(_LOOK)
    glued = _GLUED.fullmatch(word)
    if glued:
        return glued.group(1)
    # "nulzes", "0six": at most a few, so that no long word is tried for long.
    if len(word) <= _LONGEST_SPOKEN and _SPOKEN.fullmatch(word):
        return "".join(_SAID.get(part, part) for part in _SPOKEN_PART.findall(word))
    return None


def _number_at(
    text: str, run: Sequence[_Part], at: int
) -> tuple[int, phonenumbers.PhoneNumber, Severity] | None:
    """The longest phone number that begins at a part of a run: its last part, and how sure."""
    plus = text[max(run[at].start - 2, 0) : run[at].start].strip(" (")[-1:] == "+"
    if run[at].digits[0] not in _FIRST_DIGITS and not plus:
        return None
    if _GOES_ON.fullmatch(text[max(run[at].start - 2, 0) : run[at].start]):
        return None
    best = None
    for last in range(at, min(at + _MOST_PARTS, len(run))):
        parts = run[at : last + 1]
        digits = _said_digits(parts)
        if len(digits) > _LONGEST + 3:
            break
        if len(digits) < _SHORTEST or _is_something_else(text, parts):
            continue
        number = _parsed(digits, plus=plus) or _without_zero(text, parts, digits)
        if number is None:
            number = _dutch_mobile(digits)
        if number is not None:
            best = (last, number, _severity(text, parts))
    return best


def _said_digits(parts: Sequence[_Part]) -> str:
    """The digits of parts; "thirty four" is 34."""
    digits, tens = "", False
    for part in parts:
        if tens and part.spoken and len(part.digits) == 1 and part.digits != "0":
            digits = digits[:-1] + part.digits
        else:
            digits += part.digits
        tens = part.spoken and part.digits in _TENS
    return digits


def _is_something_else(text: str, parts: Sequence[_Part]) -> bool:
    """A few words among digits ("drie 10.30"), or a row of single lesson hours."""
    spoken = [part for part in parts if part.spoken]
    if spoken and len(spoken) < len(parts) and parts[0].digits[0] != "0":
        return True
    if spoken and len(spoken) == len(parts) and len(parts) < _FEWEST_WORDS:
        return True
    # A list of numbers ("0.14, 0.15, 1.06", "opgaven 01 02 03"); "06, 12345678" is none.
    begins = 1 if parts[0].digits in _BEGINNINGS and len(parts) > 1 else 0
    listed = ", " in text[parts[begins].start : parts[-1].start]
    return not spoken and (listed or _counts_up(parts))


def _counts_up(parts: Sequence[_Part]) -> bool:
    """Whether each number is one more than the one before it, and none is a single digit."""
    numbers = [int(part.digits) for part in parts if len(part.digits) > 1]
    few = 3
    return len(numbers) == len(parts) >= few and all(b == a + 1 for a, b in pairwise(numbers))


def _parsed(digits: str, *, plus: bool) -> phonenumbers.PhoneNumber | None:
    if plus or digits.startswith("00"):
        bare = digits.removeprefix("00") if not plus else digits
        return _valid(f"+{_without_trunk_zero(bare)}", None)
    if digits.startswith(("316", "3106")):
        return _valid(f"+{_without_trunk_zero(digits)}", None)
    if not digits.startswith("0"):
        return None
    for region in _REGIONS:
        number = _valid(digits, region)
        # Abroad a home number may be any row of digits: only mobile ones are told by themselves.
        if number is not None and (region == _REGIONS[0] or _is_mobile(number)):
            return number
    return None


def _dutch_mobile(digits: str) -> phonenumbers.PhoneNumber | None:
    """06 and eight digits, also of a row that is not given out: a slip leads to somebody."""
    return phonenumbers.parse(digits, "NL") if _MOBILE.fullmatch(digits) else None


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    return bool(phonenumbers.number_type(number) == PhoneNumberType.MOBILE)


def _without_trunk_zero(digits: str) -> str:
    """As in "+31 (0)6 ..." as "+316 ..."."""
    for code in ("31", "32", "49", "44", "33"):
        if digits.startswith(f"{code}0"):
            return code + digits[len(code) + 1 :]
    return digits


def _without_zero(
    text: str, parts: Sequence[_Part], digits: str
) -> phonenumbers.PhoneNumber | None:
    """As in "mijn nummer is 612345678": a mobile number without its first digit."""
    mobile = 9
    if len(digits) != mobile or not digits.startswith("6"):
        return None
    before = _TOKEN.findall(text[max(parts[0].start - 30, 0) : parts[0].start])[-3:]
    return _valid(f"0{digits}", "NL") if _CONTEXT.intersection(before) else None


def _valid(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _severity(text: str, parts: Sequence[_Part]) -> Severity:
    """An unbroken number that is called something else ("kandidaatnummer") is a hint."""
    if len(parts) > 1:
        return Severity.STOPS
    before = _TOKEN.findall(text[max(parts[0].start - 40, 0) : parts[0].start])[-2:]
    return Severity.HINT if _LABELS.intersection(before) else Severity.STOPS
