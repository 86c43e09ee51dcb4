"""E-mail addresses, also those written with "(at)" and "punt"."""

import re
from collections.abc import Iterator
from typing import Final

from bot.wording.findings import Finding, Kind, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set

_LOCAL: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-")
_AT: Final = re.compile(
    r" ?@ ?| ?[(\[{<] ?(?:at|apenstaartje|@) ?[)\]}>] ?| (?:apenstaartje|apestaartje|at) "
)
_DOT: Final = r"(?: ?\. ?| ?[(\[{<] ?(?:dot|punt|\.) ?[)\]}>] ?| (?:dot|punt) )"
# At most five labels of at most 63 signs (RFC 1035): no text makes this slow.
_DOMAIN: Final = re.compile(rf"[a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{2,63}}){{1,4}}")
_DOTS: Final = re.compile(_DOT)
_SPOKEN_DOT: Final = re.compile(r" (?:dot|punt) $")
_IS_SPOKEN: Final = re.compile(r"dot|punt")
_BARE: Final = "gmail|hotmail|outlook|icloud|ziggo|kpnmail|protonmail"
_PROVIDERS: Final = word_set(read("e_mail_addresses")["providers"])
# "meneervos gmail com"
_WITHOUT_SIGNS: Final = re.compile(
    rf"(?<![\w.])[a-z0-9._-]{{3,40}} (?:{_BARE})[ .](?:com|nl|be|net|de)(?!\w)"
)
_TOP: Final = re.compile(r"[a-z]{2,24}")
_LONGEST_LOCAL: Final = 64
_MOST_SPOKEN: Final = 3


def e_mail_addresses(folded: Folded, domains: frozenset[str]) -> list[Finding]:
    """Every address but those in a school's own ``domains``."""
    found = [
        finding(Kind.E_MAIL_ADDRESS, *folded.span(*match.span()))
        for match in _WITHOUT_SIGNS.finditer(folded.text)
    ]
    for start, end, domain in _addresses(folded.text):
        if not is_within(domain, domains):
            found.append(finding(Kind.E_MAIL_ADDRESS, *folded.span(start, end)))
    return found


def is_within(domain: str, domains: frozenset[str]) -> bool:
    """Whether a domain is one of ``domains`` or below one."""
    return any(domain == own or domain.endswith(f".{own}") for own in domains)


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    for at in _AT.finditer(text):
        start = _local_start(text, at.start())
        match = _DOMAIN.match(text, at.end())
        if start is None or match is None:
            continue
        labels = _labels(match.group(), spaced=at.group() not in {"@", " at "})
        if labels is None:
            continue
        domain, length = labels
        # "Look at zermelo.nl": the bare word needs a spoken dot, or a provider of mailboxes.
        if at.group() == " at " and domain in match.group() and domain not in _PROVIDERS:
            continue
        yield start, at.end() + length, domain


def _labels(written: str, *, spaced: bool) -> tuple[str, int] | None:
    """The domain and its length as written; " . " and " punt " only where "@" is spelt out."""
    end = 0
    labels: list[str] = []
    for label in _DOTS.split(written):
        gap = written[end : end + len(written)]
        dot = _DOTS.match(gap) if labels else None
        length = dot.end() if dot else 0
        if dot and dot.group() != "." and not spaced and not _IS_SPOKEN.search(dot.group()):
            break
        # "... @school.nl. Graag": a sentence goes on after the top-level domain.
        if dot and dot.group() == ". " and len(labels) > 1:
            break
        labels.append(label)
        end += length + len(label)
    if len(labels) < 2 or not _TOP.fullmatch(labels[-1]):  # noqa: PLR2004 (a name and its top)
        return None
    return ".".join(labels), end


def _local_start(text: str, end: int) -> int | None:
    """Where the part before "@" begins, with " punt " in it where it is spelt out."""
    start = end
    for _ in range(_MOST_SPOKEN):
        before = start
        while start and text[start - 1] in _LOCAL and end - start < _LONGEST_LOCAL:
            start -= 1
        if start == before:
            break
        dot = _SPOKEN_DOT.search(text[max(start - 6, 0) : start])
        if dot is None:
            break
        start -= len(dot.group())
    return None if start == end else start
