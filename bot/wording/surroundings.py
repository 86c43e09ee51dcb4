"""What stands around a name: a class, a greeting, an article, a month, a word about conduct."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.wording.folding import Folded
from bot.wording.lists import word_set
from bot.wording.names import LISTS, PREFIXES, Names, is_ordinary, stem
from bot.wording.words import Word

GREETINGS: Final = word_set(LISTS["greetings"])
_PUPIL: Final = word_set(LISTS["pupil"])
_ARTICLES: Final = word_set(LISTS["articles"])
_MONTHS: Final = word_set(LISTS["months"])
_TIME_WORDS: Final = word_set(LISTS["before_month"])
_NOT_SURNAMES: Final = word_set(LISTS["not_surnames"])
_CLASS: Final = re.compile(
    r"[1-6][a-z]{1,4}\d?|[a-z]{1,2}[1-6][a-z]?|[1-6](?:havo|vwo|mavo|vmbo|tl|gt|bbl|kbl)\d?[a-z]?"
)
_OF_CLASS: Final = frozenset({"uit", "from", "van", "of", "in", "klas", "class"})
_LEAST_IN_SMALL: Final = 4


class Surroundings:
    """The words of a text, by their places, and what may be asked about each place."""

    def __init__(self, folded: Folded, text: Sequence[Word], names: Names) -> None:
        self._folded, self._text, self._names = folded, text, names
        self.is_small = not any(word.cased[:1].isupper() for word in text)
        self._sentences: dict[int, set[str]] = {}
        for word in text:
            self._sentences.setdefault(word.sentence, set()).update({word.form, stem(word.form)})

    def is_written_as_name(self, first: int, last: int) -> bool:
        """Two ordinary words ("wil boer") are a name with a capital only."""
        pair = (self._text[first], self._text[last])
        if not all(is_ordinary(word.form) for word in pair):
            return True
        return all(word.cased[:1].isupper() for word in pair) or self.is_small

    def may_be_turned(self, first: int, last: int) -> bool:
        """Surname first: with a comma or capitals ("Kaya, Elif")."""
        comma = self.gap_holds(first, last, ",")
        capitals = all(self._text[at].cased[:1].isupper() for at in (first, last))
        ordinary = is_ordinary(self._text[first].form) or is_ordinary(self._text[last].form)
        return (comma and capitals) or ((capitals or self.is_small) and not ordinary)

    def is_title_part(self, at: int) -> bool:
        """Prefixes and initials between a form of address and a surname."""
        word = self._text[at]
        return word.form in PREFIXES or (len(word.form) == 1 and word.cased.isupper())

    def form(self, place: int, table: Mapping[str, frozenset[int]]) -> str | None:
        """The name in a table that a word is, a possessive "s" allowed after a capital."""
        word = self._text[place]
        if word.form in table:
            return word.form
        stemmed = stem(word.form)
        return stemmed if word.is_capital and stemmed in table else None

    def is_given(self, place: int) -> bool:
        return self.form(place, self._names.students.given) is not None

    def is_family(self, place: int) -> bool:
        return self.form(place, self._names.students.family) is not None

    def has_class(self, place: int) -> bool:
        """As in "Roos (4H2)", "Roos uit 4H2": a class beside a name, in brackets or with a word."""
        at = place + 1
        if at >= len(self._text):
            return False
        if self.is_class(at) and self.gap_holds(place, at, "("):
            return True
        joined = self._text[at].form in _OF_CLASS and at + 1 < len(self._text)
        if not joined or self.gap_holds(place, at, ".,:;"):
            return False
        return self.is_class(at + 1) or (
            self._text[at + 1].form in {"klas", "class"}
            and at + 2 < len(self._text)
            and self.is_class(at + 2)
        )

    def is_class(self, at: int) -> bool:
        form = self._text[at].form
        return form in self._names.class_groups or _CLASS.fullmatch(form) is not None

    def after_pupil(self, place: int) -> bool:
        return place > 0 and self._text[place - 1].form in _PUPIL and self.follows(place)

    def is_greeted(self, place: int) -> bool:
        word = self._text[place]
        if self._folded.text[max(word.start - 1, 0) : word.start] == "@":
            return True
        return place > 0 and self._text[place - 1].form in GREETINGS and self.follows(place)

    def is_month(self, place: int) -> bool:
        if self._text[place].form not in _MONTHS:
            return False
        before = self._text[place - 1].form if place else ""
        after = self._text[place + 1].form if place + 1 < len(self._text) else ""
        return before.isdigit() or after[:1].isdigit() or before in _TIME_WORDS

    def after_article(self, place: int) -> bool:
        return place > 0 and self._text[place - 1].form in _ARTICLES and self.follows(place)

    def begins_sentence(self, place: int) -> bool:
        """Whether a capital says nothing here: the first word, also of a line or after a colon."""
        if place == 0 or self._text[place - 1].sentence != self._text[place].sentence:
            return True
        return self.gap_holds(place - 1, place, ':"\n.!?')

    def has_other_surname(self, place: int) -> bool:
        """A capital word right after it that is no first name of a student, nor anything else."""
        at = place + 1
        if at >= len(self._text) or not self.follows(at):
            return False
        while at < len(self._text) and self._text[at].form in PREFIXES and self.follows(at):
            at += 1
        if at >= len(self._text) or not self.follows(at):
            return False
        word = self._text[at]
        if not word.is_capital or len(word.form) < _LEAST_IN_SMALL or self.is_class(at):
            return False
        return not self.is_given(at) and word.form not in _NOT_SURNAMES

    def about(self, place: int, matters: frozenset[str]) -> bool:
        return bool(self._sentences[self._text[place].sentence] & matters)

    def follows(self, place: int) -> bool:
        """Whether a word follows the one before it with no more than a space or a full stop."""
        before, word = self._text[place - 1], self._text[place]
        gap = self._folded.text[before.end : word.start]
        return gap.strip(" ") in {"", "."} and len(gap) <= _LEAST_IN_SMALL

    def after_initial(self, at: int) -> bool:
        """A full stop after an initial or a short prefix ends no sentence."""
        longest_abbreviation = 2
        return len(self._text[at - 1].form) <= longest_abbreviation

    def gap_holds(self, left: int, right: int, signs: str) -> bool:
        gap = self._folded.text[self._text[left].end : self._text[right].start]
        return any(sign in gap for sign in signs)
