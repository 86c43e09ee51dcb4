"""How well the check finds what it should, on the labelled texts."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.wording.check import check
from bot.wording.findings import CONTACT, PERSONAL_DATA, Finding, Kind
from bot.wording.links import Link
from bot.wording.names import Names
from tests.wording.school import ALLOWED

LABELLED = Path(__file__).parent / "labelled"
SETS = ("development", "held-out", "later")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and the kinds that must stop it; none for a clean one."""

    text: str
    kinds: frozenset[Kind]
    media: bool = False
    consent: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was to be found and what was, by kind, and how many clean texts were stopped."""

    expected: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    besides: Counter[Kind] = field(default_factory=Counter)
    clean: int = 0
    stopped: int = 0

    def recall(self, kinds: frozenset[Kind]) -> float:
        """The part that was found of what was to be found of some kinds."""
        return sum(self.found[k] for k in kinds) / sum(self.expected[k] for k in kinds)

    @property
    def stopped_part(self) -> float:
        """The part of the clean texts that was stopped."""
        return self.stopped / self.clean


def labelled(name: str) -> list[Labelled]:
    """The texts of a set; the first line of its file says how it was made."""
    lines = (LABELLED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines[1:]]
    return [
        Labelled(**{**record, "kinds": frozenset(Kind(kind) for kind in record["kinds"])})
        for record in records
    ]


def checked(one: Labelled, names: Names) -> tuple[Finding, ...]:
    """What the check says of a labelled text; a hidden link lies under its first word."""
    first = len(one.text.split()[0])
    hidden = [] if one.link is None else [Link(url=one.link, start=0, end=first)]
    return check(
        one.text,
        names=names,
        has_media=one.media,
        consent=one.consent,
        hidden_links=hidden,
        allowed=ALLOWED,
    )


def measured(texts: Sequence[Labelled], names: Names) -> Figures:
    """Count. Only findings that stop a text count as found."""
    expected: Counter[Kind] = Counter()
    found: Counter[Kind] = Counter()
    besides: Counter[Kind] = Counter()
    clean = stopped = 0
    for one in texts:
        kinds = {each.kind for each in checked(one, names) if each.stops}
        expected.update(one.kinds)
        found.update(kinds & one.kinds)
        if one.kinds:
            besides.update(kinds - one.kinds)
        else:
            clean += 1
            stopped += bool(kinds)
    return Figures(expected=expected, found=found, besides=besides, clean=clean, stopped=stopped)


def personal(figures: Figures) -> float:
    """Recall on what tells something about a person."""
    return figures.recall(PERSONAL_DATA)


def contact(figures: Figures) -> float:
    """Recall on what leads to contact outside the school's groups."""
    return figures.recall(CONTACT)
