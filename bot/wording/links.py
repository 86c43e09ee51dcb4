"""Links and user names that lead to a person, and invitations to groups elsewhere (B.5, B.6)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.wording.findings import Finding, Kind, finding
from bot.wording.folding import Folded, plain
from bot.wording.lists import read

_LISTS: Final[Mapping[str, Any]] = read("links")
_DOT: Final = r"(?: ?[\[({]? ?(?:\.|dot|punt) ?[\])}]? ?| )"
_SLASH: Final = r" ?/ ?"
_PATH: Final = r"[^\s<>\"]{1,200}"
_USER_NAME: Final = re.compile(r"(?<![\w.@/])@([a-z0-9](?:[a-z0-9_.]{1,40}[a-z0-9_]))")
# "Snap: juf.linda" is a name; "Telegram: tap here" is a sentence.
_NETWORK_NAME: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(_LISTS['networks'].split())}) ?[:=] ?@?"
    r"((?=[a-z.]{0,39}[0-9_]|[a-z]{1,38}\.[a-z]|[a-z]{3,40}(?! [a-z]))"
    r"[a-z0-9_.]{3,40})(?![a-z0-9_])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link under a part of the text (Bot API: MessageEntity ``text_link``, ``text_mention``).

    Offsets in characters. ``url`` of a mention without a user name is ``tg://user?id=...``.
    """

    url: str
    start: int
    end: int


def links(folded: Folded, hidden: Iterable[Link], accounts: frozenset[str]) -> list[Finding]:
    """Every link to a person or group, written or hidden, but the school's own ``accounts``."""
    found = [
        finding(kind, *folded.span(start, end))
        for kind, start, end in _written(folded.text, accounts)
    ]
    found += [
        finding(Kind.PERSONAL_LINK, *folded.span(*match.span()))
        for pattern in (_USER_NAME, _NETWORK_NAME)
        for match in pattern.finditer(folded.text)
        if match[1].rstrip(".") not in accounts
    ]
    for link in hidden:
        kinds = [kind for kind, _, _ in _written(plain(link.url), accounts)]
        found += [finding(kind, link.start, link.end) for kind in kinds]
    return found


def _written(text: str, accounts: frozenset[str]) -> Iterator[tuple[Kind, int, int]]:
    taken: list[tuple[int, int]] = []
    close = text.translate(_NO_GAPS).replace("dot", "").replace("punt", "")
    for kind, begins, pattern in _PATTERNS:
        if begins not in close:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < over and begun < end for begun, over in taken):
                continue
            taken.append((start, end))
            name = re.split(r"[/?#]", match["path"])[0].rstrip(".,;:)") if match["path"] else ""
            if name not in accounts:
                yield kind, start, end


def _pattern(written: str) -> re.Pattern[str]:
    """A host with its path, as people spell it: "t [.] me / name"."""
    host, _, path = written.partition("/")
    dotted = _DOT.join(re.escape(label) for label in host.split("."))
    rest = _SLASH.join(re.escape(part) for part in path.split("/")) if path else ""
    return re.compile(rf"(?<![\w.-])(?:www\.)?{dotted}{_SLASH}{rest}(?P<path>{_PATH})")


def _near(listed: str) -> str:
    """The host of a listed link without its dots."""
    return listed.split("/", maxsplit=1)[0].replace(".", "")


# Without the gaps with which a host may be spelt, to see at once which hosts a text cannot have.
_NO_GAPS: Final = str.maketrans("", "", " .[]{}()")
_SCHEMES: Final = [
    (kind, scheme, re.compile(rf"(?<!\w){re.escape(scheme)}(?P<path>{_PATH})"))
    for kind, listed in (
        (Kind.GROUP_INVITE, _LISTS["group_schemes"]),
        (Kind.PERSONAL_LINK, _LISTS["personal_schemes"]),
    )
    for scheme in listed
]
# Invitations first: what is left of the same hosts leads to a person.
_PATTERNS: Final = [
    *((Kind.GROUP_INVITE, _near(each), _pattern(each)) for each in _LISTS["groups"]),
    *_SCHEMES,
    *((Kind.PERSONAL_LINK, _near(each), _pattern(each)) for each in _LISTS["personal"]),
]
