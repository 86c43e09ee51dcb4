"""What our tables know of the school year and of guardians' consent, and how to ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.policy.coming_in.consent import Child, Consent
from bot.policy.ids import PersonId, UserId
from bot.policy.school_years.year_plan import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class YearNeeds:
    """What to read. Empty costs nothing.

    ``consents_of``: whether consent was given for the students with these accounts; ``children``:
    these students with all who decide about them; ``outlook``: what a new school year would find;
    ``choices``: which of the school's choices the log holds.
    """

    consents_of: frozenset[UserId] = frozenset()
    children: frozenset[PersonId] = frozenset()
    outlook: bool = False
    choices: bool = False

    def __or__(self, other: "YearNeeds") -> "YearNeeds":
        """What either of the two needs."""
        return YearNeeds(
            consents_of=self.consents_of | other.consents_of,
            children=self.children | other.children,
            outlook=self.outlook or other.outlook,
            choices=self.choices or other.choices,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearKnown:
    """The answer. A student of whom no guardian is known is not among ``consents``."""

    consents: Mapping[UserId, Consent] = field(default_factory=dict)
    children: Mapping[PersonId, Child] = field(default_factory=dict)
    outlook: Outlook | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


NO_YEAR_NEEDS = YearNeeds()
NOTHING_OF_THE_YEAR = YearKnown()
