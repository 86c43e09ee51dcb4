"""Speaking to one student in front of all (B.4)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.wording.findings import Finding, Kind, Severity, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set
from bot.wording.mentions import Mention, Who
from bot.wording.patterns import compiled
from bot.wording.words import Word

_LISTS: Final[Mapping[str, Any]] = read("addressing")
_STOPS: Final = compiled(_LISTS["stops"], _LISTS["sets"])
_HINTS: Final = compiled(_LISTS["hint"], _LISTS["sets"])
_YOU: Final = word_set(_LISTS["words"]["you"])
_WITHIN: Final = 8
_MOST_BEFORE: Final = 1
"""Words before a name that is called: "gefeliciteerd Tygo, ..."."""


def addressing(folded: Folded, text: Sequence[Word], mentions: Sequence[Mention]) -> list[Finding]:
    """Greetings with a student's name, "Sanne, kun jij ...", and "je weet wie je bent"."""
    found = []
    for one in mentions:
        if one.who is Who.STUDENT and (one.greeted or _is_called(folded, text, one)):
            start = text[max(one.first - 1, 0)].start if one.greeted else text[one.first].start
            at = folded.span(start, text[one.last].end)
            found.append(finding(Kind.ADDRESSES_ONE_STUDENT, *at))
    for patterns, severity in ((_STOPS, Severity.STOPS), (_HINTS, Severity.HINT)):
        for match in patterns.find(text):
            at = folded.span(text[match.first].start, text[match.last].end)
            found.append(finding(Kind.ADDRESSES_ONE_STUDENT, *at, severity))
    return found


def _is_called(folded: Folded, text: Sequence[Word], one: Mention) -> bool:
    """A name first or second in its sentence, a comma or colon, and then "je" or "you" soon."""
    here = text[one.first].sentence
    nearest = text[max(one.first - _MOST_BEFORE - 1, 0) : one.first]
    before = [word for word in nearest if word.sentence == here]
    if len(before) > _MOST_BEFORE:
        return False
    end = text[one.last].end
    after = text[one.last + 1] if one.last + 1 < len(text) else None
    if not before and after is not None and after.form in _YOU and after.sentence == here:
        return True
    if folded.text[end : end + 1] not in {",", ":"}:
        return False
    near = text[one.last + 1 : one.last + 1 + _WITHIN]
    return any(word.form in _YOU for word in near if word.sentence == here)
