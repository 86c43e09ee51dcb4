"""Invitations to private contact (B.7), however they are spelt."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.wording.findings import Finding, Kind, Severity, finding
from bot.wording.folding import Folded
from bot.wording.lists import read, word_set
from bot.wording.patterns import Match, Patterns, compiled
from bot.wording.words import Word, forms, spelt_words

_LISTS: Final[Mapping[str, Any]] = read("invitations")
_STOPS: Final = compiled(_LISTS["stops"], _LISTS["sets"])
_HINTS: Final = compiled(_LISTS["hint"], _LISTS["sets"])
_CHANNELS: Final = word_set(_LISTS["school"]["channels"])
_TARGETS: Final = word_set(_LISTS["school"]["targets"])
_NOT_INSIDE: Final = word_set(_LISTS["negation"]["inside"])
_NOT_BEFORE: Final = word_set(_LISTS["negation"]["before"])
_NOT_AFTER: Final = word_set(_LISTS["negation"]["after"])
_TARGET_WITHIN: Final = 4
_LONGEST_RUN: Final = 24


def invitations(folded: Folded) -> list[Finding]:
    """Every invitation in the text; those by a school's own channel, or negated, as a hint."""
    spelt = _in_words(spelt_words(folded), _STOPS)
    by_channel = {word.sentence for word in spelt if word.form in _CHANNELS}
    found = []
    for patterns, severity in ((_STOPS, Severity.STOPS), (_HINTS, Severity.HINT)):
        for match in patterns.find(spelt):
            if _is_for_school(spelt, match) or _after_number(spelt, match):
                continue
            by_school = spelt[match.first].sentence in by_channel
            soft = by_school or _is_negated(folded, spelt, match)
            weight = Severity.HINT if soft else severity
            start, end = folded.span(spelt[match.first].start, spelt[match.last].end)
            found.append(finding(Kind.PRIVATE_CONTACT_INVITATION, start, end, weight))
    return found


def _in_words(text: Sequence[Word], patterns: Patterns) -> tuple[Word, ...]:
    """Words spelt in single letters without a gap ("a p p m i j") taken apart into known words."""
    done: list[Word] = []
    for word in text:
        spread = word.end - word.start > len(word.form)
        parts = _parts(word.form, patterns.vocabulary) if spread else ()
        if len(parts) > 1:
            done += [
                Word(part, word.start, word.end, word.sentence, part, forms(part)) for part in parts
            ]
        else:
            done.append(word)
    return tuple(done)


def _parts(run: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The fewest known words that ``run`` consists of; nothing if there are none."""
    if len(run) > _LONGEST_RUN:
        return ()
    best: list[tuple[str, ...] | None] = [(), *([None] * len(run))]
    for end in range(1, len(run) + 1):
        for start in range(end):
            known = best[start]
            part = next(iter(forms(run[start:end]) & vocabulary), None)
            if known is None or part is None:
                continue
            now = best[end]
            if now is None or len(known) + 1 < len(now):
                best[end] = (*known, part)
    return best[-1] or ()


def _is_for_school(text: Sequence[Word], match: Match) -> bool:
    """As in "Bel gerust de administratie": what follows is somebody whom everyone may turn to."""
    said = {word.form for word in text[match.first : match.last + 1]}
    if said & {"me", "mij", "mijn", "my"}:
        return False
    here = text[match.first].sentence
    near = text[match.last + 1 : match.last + 1 + _TARGET_WITHIN]
    return any(word.form in _TARGETS for word in near if word.sentence == here)


def _after_number(text: Sequence[Word], match: Match) -> bool:
    """As in "At 3 pm if ...": a time of day."""
    first = text[match.first]
    return first.form in {"pm", "am"} and match.first > 0 and text[match.first - 1].form.isdigit()


def _is_negated(folded: Folded, text: Sequence[Word], match: Match) -> bool:
    here = text[match.first].sentence
    if {word.form for word in text[match.first : match.last + 1]} & _NOT_INSIDE:
        return True
    before = text[max(match.first - 2, 0) : match.first]
    if any(word.form in _NOT_BEFORE and word.sentence == here for word in before):
        between = folded.text[before[0].end : text[match.first].start]
        return "," not in between
    return _ends_negated(folded, text, match)


def _ends_negated(folded: Folded, text: Sequence[Word], match: Match) -> bool:
    """As in "App me niet." is no invitation, "app me niet te laat" is one."""
    after = match.last + 1
    if after >= len(text) or text[after].form not in _NOT_AFTER:
        return False
    rest = folded.text[text[after].end :].lstrip(" ")
    return not rest or not rest[0].isalnum()
