"""Words about health near a person (A.2), students and staff alike.

"Wegens ziekte vervalt Frans" tells of nobody; "mevrouw De Vries is ziek" does. A role ("de docent
is ziek") is a hint: the timetable tells who that is.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.wording.findings import Finding, Kind, Severity, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set
from bot.wording.mentions import Mention, Who
from bot.wording.patterns import compiled
from bot.wording.words import Word

_LISTS: Final[Mapping[str, Any]] = read("health")
_HEALTH: Final = compiled(_LISTS["health"], _LISTS["sets"])
_EXEMPT: Final = compiled(_LISTS["exempt"], _LISTS["sets"])
_PRONOUNS: Final = word_set(_LISTS["people"]["pronouns"])
_ROLES: Final = word_set(_LISTS["people"]["roles"])


@dataclass(slots=True)
class _Sentence:
    """Who is in one sentence: mentions, and the places of words for a role or a pronoun."""

    sure: list[Mention] = field(default_factory=list)
    others: list[Mention] = field(default_factory=list)
    roles: list[int] = field(default_factory=list)
    has_pronoun: bool = False


def health_near_people(
    folded: Folded, text: Sequence[Word], mentions: Sequence[Mention]
) -> list[Finding]:
    """Each health word with somebody in its sentence, marked from the one to the other."""
    free = {place for m in _EXEMPT.find(text) for place in range(m.first, m.last + 1)}
    sentences = _sentences(text, mentions)
    found = []
    for match in _HEALTH.find(text):
        near = _nearest(sentences, text[match.first].sentence, match.first)
        if match.first in free or near is None:
            continue
        first, last, severity = near
        start = text[min(first, match.first)].start
        end = max(text[last].end, text[match.last].end)
        found.append(finding(Kind.HEALTH_NEAR_PERSON, *folded.span(start, end), severity))
    return found


def _sentences(text: Sequence[Word], mentions: Sequence[Mention]) -> Mapping[int, _Sentence]:
    sentences: defaultdict[int, _Sentence] = defaultdict(_Sentence)
    for one in mentions:
        here = sentences[text[one.first].sentence]
        (here.sure if one.who in {Who.STUDENT, Who.STAFF} else here.others).append(one)
    for place, word in enumerate(text):
        if word.form in _ROLES:
            sentences[word.sentence].roles.append(place)
        if word.form in _PRONOUNS:
            sentences[word.sentence].has_pronoun = True
    return sentences


def _nearest(
    sentences: Mapping[int, _Sentence], number: int, place: int
) -> tuple[int, int, Severity] | None:
    """The person nearest to a word in its sentence, and how sure it is that one is meant.

    "Geen les van Karin Smit. Zij is ziek": with a pronoun here, the name in the sentence before.
    """
    here = sentences.get(number, _Sentence())
    if here.sure:
        after = bisect_left(here.sure, place, key=lambda one: one.first)
        one = min(here.sure[max(after - 1, 0) : after + 1], key=lambda o: abs(o.first - place))
        return one.first, one.last, Severity.STOPS
    before = sentences.get(number - 1, _Sentence())
    if here.has_pronoun and before.sure:
        return place, place, Severity.STOPS
    if here.others:
        return here.others[0].first, here.others[0].last, Severity.HINT
    return (here.roles[0], here.roles[0], Severity.HINT) if here.roles else None
