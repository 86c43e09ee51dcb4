"""The words of a folded text, also those that are spelt out or written with digits for letters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from bot.wording.folding import Folded
from bot.wording.lists import LEET, read, word_set

_WORD: Final = re.compile(r"[^\W_]+")
# A sign inside or before letters stands for a letter ("m!j", "$tuur"); at the end it is a sign.
_SPELT: Final = re.compile(r"[@$€]?[^\W_]+(?:[@$!|€+]{1,2}[^\W_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?](?=[\s\"')])|[\n;]")
_ABBREVIATIONS: Final = word_set(read("words")["abbreviations"])
_LONGEST_ABBREVIATION: Final = max(map(len, _ABBREVIATIONS))
_SINGLES_AT_LEAST: Final = 3
_LONGEST_GAP: Final = 3
_MOST_FORMS: Final = 16
_LAST_WORD: Final = re.compile(r"(?<![^\W_])[^\W\d_]+$")
_THREE_ALIKE: Final = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its folded form, its place in the folded text, and the sentence that it is in.

    ``meant`` are all the words that it may be meant to be (``forms``).
    """

    form: str
    start: int
    end: int
    sentence: int
    cased: str
    meant: frozenset[str]

    @property
    def is_capital(self) -> bool:
        """Whether it is written as names are: a capital first, and not all capitals."""
        return self.cased[:1].isupper() and (len(self.cased) == 1 or not self.cased.isupper())


def words(folded: Folded) -> tuple[Word, ...]:
    """Words of letters and digits; a run of single signs ("S.a.n.n.e") is one word."""
    return _joined(folded, _found(folded, _WORD))


def spelt_words(folded: Folded) -> tuple[Word, ...]:
    """The same, with the signs that may stand for letters as parts of a word."""
    return _joined(folded, _found(folded, _SPELT))


def forms(word: str) -> frozenset[str]:
    """Every word that this may be meant to be: "4pp" is "app", "m1j" is "mij", "apppp" is "app"."""
    found = {word}
    if word.isalpha() and not _THREE_ALIKE.search(word):
        return frozenset(found)
    if len(word) <= _MOST_FORMS and any(sign in LEET for sign in word):
        choices = [LEET.get(sign, sign) for sign in word]
        ways = 1
        for choice in choices:
            ways *= len(choice)
        if ways <= _MOST_FORMS and not word.isdigit():
            found |= {"".join(each) for each in product(*choices)}
    for form in tuple(found):
        if _THREE_ALIKE.search(form):
            found.add(_THREE_ALIKE.sub(r"\1", form))
            found.add(_THREE_ALIKE.sub(r"\1\1", form))
    return frozenset(found)


def _found(folded: Folded, pattern: re.Pattern[str]) -> list[Word]:
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(folded.text)
        if match.group() != "." or not _is_abbreviated(folded.text, match.start())
    ]
    found, passed = [], 0
    for match in pattern.finditer(folded.text):
        while passed < len(ends) and ends[passed] <= match.start():
            passed += 1
        start, end = match.span()
        form, cased = match.group(), folded.cased[start:end]
        found.append(Word(form, start, end, passed, cased, forms(form)))
    return found


def _is_abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop here belongs to the word before it: "dhr." or "J."."""
    before = text[max(stop - _LONGEST_ABBREVIATION - 1, 0) : stop]
    last = _LAST_WORD.search(before)
    return last is not None and (len(last.group()) == 1 or last.group() in _ABBREVIATIONS)


def _joined(folded: Folded, found: list[Word]) -> tuple[Word, ...]:
    """Put words together that are spelt out in single signs, and let everything else be."""
    done: list[Word] = []
    run: list[Word] = []
    for word in found:
        near = not run or (
            word.start - run[-1].end <= _LONGEST_GAP
            and "\n" not in folded.text[run[-1].end : word.start]
        )
        if len(word.form) == 1 and near:
            run.append(word)
            continue
        done.extend(_spelt_out(run))
        run = [word] if len(word.form) == 1 else []
        if not run:
            done.append(word)
    done.extend(_spelt_out(run))
    return tuple(done)


def _spelt_out(run: list[Word]) -> Iterable[Word]:
    if len(run) < _SINGLES_AT_LEAST or sum(word.form.isalpha() for word in run) < len(run) / 2:
        return run
    gaps = [right.start - left.end for left, right in pairwise(run)]
    parts, part = [], [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        # "a p p  m i j": a wider gap than the narrowest parts the words.
        if gap > min(gaps):
            parts.append(part)
            part = []
        part.append(word)
    parts.append(part)
    return [_merged(part) for part in parts]


def _merged(part: list[Word]) -> Word:
    form = "".join(word.form for word in part)
    return Word(
        form,
        part[0].start,
        part[-1].end,
        part[0].sentence,
        "".join(word.cased for word in part),
        forms(form),
    )
