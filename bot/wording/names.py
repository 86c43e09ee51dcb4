"""The names of a roster, looked up by word: built once for a roster, asked for every text.

Only folded words are kept, and which of them belong to one person; nobody's whole name, number or
role can be read back from a finding.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from bot.wording.folding import plain
from bot.wording.lists import read, word_set

LISTS: Final[Mapping[str, Any]] = read("names")
PREFIXES: Final = word_set(LISTS["prefixes"])
ORDINARY: Final = word_set(LISTS["ordinary"])
_PARTS: Final = re.compile(r"[^\W_]+")
_NICKNAME: Final = re.compile(r"[(\"]([^)\"]{2,40})[)\"]")
_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """A person's names: what they are called by, and what their family is called."""

    given: frozenset[str]
    family: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGroup:
    """The names of one group of people, students or staff."""

    people: tuple[NameParts, ...]
    given: Mapping[str, frozenset[int]]
    family: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of students, which a text must not have, and of staff, which it may.

    ``codes`` are the short names of staff in a timetable ("VRI"), lower case; ``class_groups`` are
    lower case without spaces. ``words`` are all words that anybody's name may stand in a text as.
    """

    students: NameGroup
    staff: NameGroup
    codes: frozenset[str] = frozenset()
    class_groups: frozenset[str] = frozenset()
    words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        tables = (group for who in (self.students, self.staff) for group in (who.given, who.family))
        known = {part for table in tables for part in table} | self.codes
        # A frozen dataclass lets nothing be set afterwards but this way.
        object.__setattr__(self, "words", frozenset(known | {f"{part}s" for part in known}))

    @classmethod
    def of(
        cls,
        students: Iterable[str],
        staff: Iterable[str] = (),
        *,
        codes: Iterable[str] = (),
        class_groups: Iterable[str] = (),
    ) -> "Names":
        """Names as a roster has them: "Bram de Boer", "Boer, Bram de", "Katharina (Kaat) Wit"."""
        return cls(
            students=_group(students),
            staff=_group(staff),
            codes=frozenset(plain(code) for code in codes if _is_code(code)),
            class_groups=frozenset(_compact(group) for group in class_groups),
        )


def parts_of(name: str) -> NameParts:
    """A roster's name in parts. Whatever stands before the first prefix or last word is given."""
    folded = plain(name)
    nicknames = {part for match in _NICKNAME.findall(folded) for part in _PARTS.findall(match)}
    bare = _NICKNAME.sub(" ", folded)
    if "," in bare:
        family, _, given = bare.partition(",")
        return _parts(_PARTS.findall(given), _PARTS.findall(family), nicknames)
    # A double surname begins at its first half: "Jansen-de Groot".
    chunks = bare.split()
    at = next((i for i, c in enumerate(chunks) if i and (c in PREFIXES or c == "'t")), None)
    if at is None:
        dashed = next((i for i, c in enumerate(chunks) if i and c.count("-")), None)
        at = dashed if dashed is not None else max(len(chunks) - 1, 1)
    if at >= 1 and at < len(chunks) and "-" in chunks[at - 1] and at > 1:
        at -= 1
    given, family = " ".join(chunks[:at]), " ".join(chunks[at:])
    return _parts(_PARTS.findall(given), _PARTS.findall(family), nicknames)


def _parts(given: list[str], family: list[str], nicknames: set[str]) -> NameParts:
    return NameParts(
        given=frozenset(p for p in given if p not in PREFIXES and len(p) > 1) | nicknames,
        family=frozenset(p for p in family if p not in PREFIXES and len(p) > 1),
    )


def is_ordinary(word: str) -> bool:
    """Whether a name is a word that texts are full of as well."""
    return word in ORDINARY or len(word) < _SHORT


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Without a possessive "s" ("Bakkers" is "bakker"), for what is in no list as it stands."""
    return word[:-1] if word.endswith("s") and len(word) > _SHORT + 1 else word


def _group(names: Iterable[str]) -> NameGroup:
    people = tuple(parts_of(name) for name in names)
    given: dict[str, set[int]] = {}
    family: dict[str, set[int]] = {}
    for number, person in enumerate(people):
        for part in person.given:
            given.setdefault(part, set()).add(number)
        for part in person.family:
            family.setdefault(part, set()).add(number)
    return NameGroup(
        people=people,
        given={part: frozenset(who) for part, who in given.items()},
        family={part: frozenset(who) for part, who in family.items()},
    )


def _is_code(code: str) -> bool:
    """A timetable's short name of a teacher: two to five letters."""
    shortest, longest = 2, 5
    return code.isalpha() and shortest <= len(code) <= longest


def _compact(group: str) -> str:
    return "".join(_PARTS.findall(plain(group)))
