"""Who is meant by a word that is a name: a student, staff, somebody else, or nobody.

Many Dutch names are ordinary words (Roos, Bloem, Mei, Wil), and in a school of 3,000 nearly every
first name is some student's. So a word alone is rarely enough. In this order:

1. A first name with the same student's surname is that student, in either order, also with the
   surname cut down to its letter ("Jayden K."). No text can mean anything else by it.
2. A teacher's full name, or a form of address with a name ("meneer Bakker"), is staff, and free.
3. A known phrase ("Anne Frank") is nobody at school.
4. With a class group beside it ("Roos uit 4H2"), a greeting or "leerling" before it, a student.
5. A first name with somebody else's surname is somebody else: a substitute, a writer.
6. A first name that staff have too needs a word about behaviour or grades in the sentence.
7. An ordinary word needs two of three: a capital inside the sentence, a verb of a person after it,
   and a word about absence, behaviour, grades or health; an article or a date before it ends that.
8. Any other first name is a student by itself: not finding one is worse than asking once too often.
   In small letters it has to have four of them.
9. A surname alone needs 4, or a word as in 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.wording.folding import Folded
from bot.wording.lists import word_set
from bot.wording.names import LISTS, PREFIXES, NameGroup, Names, is_ordinary
from bot.wording.surroundings import Surroundings
from bot.wording.words import Word


class Who(Enum):
    """Whom a mention means. ``MAYBE_STUDENT`` is worth a hint, no more."""

    STUDENT = auto()
    MAYBE_STUDENT = auto()
    STAFF = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named: words ``first`` to ``last``. ``greeted``: spoken to by that name."""

    first: int
    last: int
    who: Who
    greeted: bool = False


HONORIFICS: Final = word_set(LISTS["honorifics"])
_VERBS: Final = word_set(LISTS["verbs"])
_ABSENCE: Final = word_set(LISTS["absence"])
_CONDUCT: Final = word_set(LISTS["conduct"])
_OUTSIDERS: Final = frozenset(tuple(phrase.split()) for phrase in LISTS["outsiders"])
_BEGINNINGS: Final = HONORIFICS | {phrase[0] for phrase in _OUTSIDERS}
_LONGEST_PHRASE: Final = max(len(phrase) for phrase in _OUTSIDERS)
_SURNAME_WITHIN: Final = 5
_LEAST_IN_SMALL: Final = 4


class Mentions:
    """The mentions in one text."""

    def __init__(self, folded: Folded, text: Sequence[Word], names: Names) -> None:
        self._folded, self._text, self._names = folded, text, names
        self._capitals_say = any(word.cased.islower() for word in text)
        self._around = Surroundings(folded, text, names)

    def find(self) -> list[Mention]:
        """Everybody named, in the order of the text."""
        found: list[Mention] = []
        place = 0
        while place < len(self._text):
            mention = self._at(place)
            if mention is None:
                place += 1
                continue
            found.append(mention)
            place = mention.last + 1
        return found

    def _at(self, place: int) -> Mention | None:
        form = self._text[place].form
        # One look tells that most words are nobody's name.
        if not (form in self._names.words or form in _BEGINNINGS or len(form) == 1):
            return None
        phrase = self._outsider(place)
        if phrase is not None:
            return phrase
        mention = self._full_name(place) or self._staff(place) or self._initials(place)
        if mention is not None:
            return mention
        if self._around.is_given(place):
            return self._first_name(place)
        return self._surname(place) if self._around.is_family(place) else None

    # --- whole names -------------------------------------------------------------------------

    def _full_name(self, place: int) -> Mention | None:
        """A student's or a teacher's first name and surname; of both at once, the teacher's."""
        staff = self._pair(place, self._names.staff)
        student = self._pair(place, self._names.students)
        if staff is not None and (student is None or student[1] <= staff[1]):
            is_student = student is not None and self._around.has_class(staff[1])
            return Mention(*staff, Who.STUDENT if is_student else Who.STAFF)
        if student is None:
            return None
        return Mention(*student, Who.STUDENT, self._around.is_greeted(student[0]))

    def _pair(self, place: int, people: NameGroup) -> tuple[int, int] | None:
        first = self._around.form(place, people.given)
        if first is not None:
            last = self._partner(place, people.given[first], family=True, people=people)
            if last is not None:
                return place, self._to_the_end(last, people.given[first], people)
        family = self._around.form(place, people.family)
        if family is not None:
            last = self._partner(place, people.family[family], family=False, people=people)
            if last is not None and self._around.may_be_turned(place, last):
                return place, last
        return None

    def _partner(
        self, place: int, who: frozenset[int], *, family: bool, people: NameGroup
    ) -> int | None:
        """The word further on that makes a whole name of this one."""
        table, own = (people.family, people.given) if family else (people.given, people.family)
        for at in range(place + 1, min(place + 1 + _SURNAME_WITHIN, len(self._text))):
            word = self._text[at]
            if word.sentence != self._text[place].sentence and not self._around.after_initial(at):
                return None
            form = self._around.form(at, table)
            if (
                form is not None
                and table[form] & who
                and self._around.is_written_as_name(place, at)
            ):
                return at
            part = self._around.form(at, own)
            is_more = part is not None and bool(own[part] & who)
            if not (is_more or word.form in PREFIXES or len(word.form) == 1):
                return None
            if self._around.gap_holds(at - 1, at, "\n"):
                return None
        return None

    def _to_the_end(self, last: int, who: frozenset[int], people: NameGroup) -> int:
        """The further halves of a double surname."""
        at = last + 1
        while at < len(self._text) and at <= last + 3:
            form = self._around.form(at, people.family)
            if form is not None and people.family[form] & who:
                last = at
            elif self._text[at].form not in PREFIXES:
                break
            at += 1
        return last

    def _initials(self, place: int) -> Mention | None:
        """As in "Jayden K." and "N. van den Berg": a name of which half is a letter."""
        students = self._names.students
        given = self._around.form(place, students.given)
        if given is not None:
            at = place + 1
            while at < len(self._text) and self._is_prefix_letter(at):
                at += 1
            if at < len(self._text) and self._is_initial_of(at, students.given[given]):
                return Mention(place, at, Who.STUDENT)
        return self._initial_first(place)

    def _is_prefix_letter(self, at: int) -> bool:
        word, after = self._text[at], at + 1
        if word.form in PREFIXES and len(word.form) > 1:
            return True
        small = len(word.form) == 1 and word.cased.islower() and word.form in "dv"
        return small and after < len(self._text) and self._text[after].sentence == word.sentence

    def _is_initial_of(self, at: int, who: frozenset[int]) -> bool:
        word = self._text[at]
        if (
            len(word.form) != 1
            or not word.cased.isupper()
            or self._around.gap_holds(at - 1, at, ",\n(")
        ):
            return False
        people = self._names.students.people
        if not any(part.startswith(word.form) for n in who for part in people[n].family):
            return False
        ends = self._folded.text[word.end : word.end + 1]
        first_is_sure = not is_ordinary(self._text[at - 1].form)
        return ends == "." or (first_is_sure and ends in {"", ",", ":", ")", "\n"})

    def _initial_first(self, place: int) -> Mention | None:
        word = self._text[place]
        dot = self._folded.text[word.end : word.end + 1] == "."
        if len(word.form) != 1 or not word.cased.isupper() or not dot:
            return None
        at = place + 1
        while at < len(self._text) and self._text[at].form in PREFIXES:
            at += 1
        if at >= len(self._text) or self._around.gap_holds(at - 1, at, "\n,"):
            return None
        if self._has_initial(at, word.form, self._names.staff):
            return Mention(place, at, Who.STAFF)
        if not self._has_initial(at, word.form, self._names.students):
            return None
        sure = self._around.has_class(at) or self._around.about(place, _ABSENCE | _CONDUCT)
        return Mention(place, at, Who.STUDENT if sure else Who.MAYBE_STUDENT)

    def _has_initial(self, at: int, letter: str, people: NameGroup) -> bool:
        form = self._around.form(at, people.family)
        if form is None or not self._text[at].is_capital:
            return False
        given = (people.people[n].given for n in people.family[form])
        return any(part.startswith(letter) for parts in given for part in parts)

    # --- staff and outsiders -----------------------------------------------------------------

    def _staff(self, place: int) -> Mention | None:
        word = self._text[place]
        if word.form in HONORIFICS:
            at = place + 1
            while (
                at < len(self._text) and self._around.follows(at) and self._around.is_title_part(at)
            ):
                at += 1
            is_name = at < len(self._text) and self._around.follows(at) and self._names_someone(at)
            return Mention(place, at, Who.STAFF) if is_name else None
        if word.form in self._names.codes and word.cased.isupper() and self._capitals_say:
            return Mention(place, place, Who.STAFF)
        is_family = (
            self._around.form(place, self._names.staff.family) is not None and word.is_capital
        )
        if is_family and not self._is_student_by_place(place) and not self._around.is_given(place):
            return Mention(place, place, Who.STAFF)
        return None

    def _names_someone(self, at: int) -> bool:
        word = self._text[at]
        known = (
            self._around.is_family(at)
            or self._around.form(at, self._names.staff.family) is not None
        )
        return word.is_capital or (
            (known or self._around.is_given(at)) and not is_ordinary(word.form)
        )

    def _outsider(self, place: int) -> Mention | None:
        for size in range(_LONGEST_PHRASE, 1, -1):
            phrase = tuple(word.form for word in self._text[place : place + size])
            if phrase in _OUTSIDERS:
                return Mention(place, place + size - 1, Who.OTHER)
        return None

    # --- single names ------------------------------------------------------------------------

    def _first_name(self, place: int) -> Mention | None:
        word = self._text[place]
        if self._is_student_by_place(place):
            return Mention(
                place, self._given_to(place), Who.STUDENT, self._around.is_greeted(place)
            )
        if is_ordinary(word.form):
            return self._ordinary(place)
        if self._around.has_other_surname(place):
            # "Bram Jansen (4H2)": a student after all, under another name than in the roster.
            in_class = self._around.has_class(place + 1)
            return Mention(place, place + 1, Who.STUDENT if in_class else Who.OTHER)
        last = self._given_to(place)
        if self._around.form(place, self._names.staff.given) is not None:
            is_student = self._around.about(place, _CONDUCT) and word.cased[:1].isupper()
            return Mention(place, last, Who.STUDENT if is_student else Who.MAYBE_STUDENT)
        if word.cased[:1].isupper() or len(word.form) >= _LEAST_IN_SMALL:
            return Mention(place, last, Who.STUDENT)
        is_student = self._around.about(place, _ABSENCE | _CONDUCT)
        return Mention(place, last, Who.STUDENT if is_student else Who.MAYBE_STUDENT)

    def _ordinary(self, place: int) -> Mention | None:
        word = self._text[place]
        is_name = word.is_capital or self._around.is_small
        if not is_name or self._around.is_month(place) or self._around.after_article(place):
            return None
        after = self._text[place + 1].form if place + 1 < len(self._text) else ""
        inside = word.is_capital and not self._around.begins_sentence(place)
        about = self._around.about(place, _ABSENCE | _CONDUCT)
        staff_too = self._around.form(place, self._names.staff.given) is not None
        if staff_too:
            about = self._around.about(place, _CONDUCT)
        if (about and (inside or after in _VERBS)) or (inside and after in _VERBS):
            return Mention(
                place, place, Who.MAYBE_STUDENT if staff_too and not about else Who.STUDENT
            )
        return Mention(place, place, Who.MAYBE_STUDENT) if inside and not staff_too else None

    def _surname(self, place: int) -> Mention | None:
        word = self._text[place]
        if self._around.after_pupil(place) or (self._around.has_class(place) and word.is_capital):
            return Mention(place, place, Who.STUDENT)
        if not word.is_capital or is_ordinary(word.form) or self._around.after_article(place):
            return None
        # Somebody else's first name before it: that is a whole name of somebody else.
        before = self._text[place - 1] if place else None
        if before is not None and before.is_capital and self._around.follows(place):
            return None
        about = self._around.about(place, _ABSENCE | _CONDUCT)
        return Mention(place, place, Who.STUDENT if about else Who.MAYBE_STUDENT)

    def _given_to(self, place: int) -> int:
        """The last of the first names that one student has ("Anne-Sophie")."""
        students = self._names.students
        form = self._around.form(place, students.given)
        last = place
        while form is not None and last + 1 < len(self._text):
            after = self._around.form(last + 1, students.given)
            if after is None or not students.given[after] & students.given[form]:
                break
            if not self._around.follows(last + 1) and not self._around.gap_holds(
                last, last + 1, "-"
            ):
                break
            last += 1
        return last

    def _is_student_by_place(self, place: int) -> bool:
        word = self._text[place]
        if not (word.cased[:1].isupper() or self._around.is_small):
            return False
        if is_ordinary(word.form) and (
            self._around.is_month(place) or self._around.after_article(place)
        ):
            return False
        return (
            self._around.has_class(place)
            or self._around.after_pupil(place)
            or self._around.is_greeted(place)
        )
