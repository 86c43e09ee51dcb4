"""Presses about the school year and about consent."""

import re
from dataclasses import dataclass, replace

from bot.gather.pressing import Pressed
from bot.policy.coming_in.consenting import ConsentFacts
from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.known import Known, Needs
from bot.policy.people import Account
from bot.policy.school_years.school_year import AskedGroup, AskingFacts, BeginFacts, ReconfirmFacts
from bot.policy.school_years.year_known import YearNeeds
from bot.policy.school_years.year_plan import Outlook

GIVE = "give"
TAKE = "take"

_BEGINS = re.compile(r"(yes|sure)\.([0-9a-f]{16})")
_CONSENTS = re.compile(rf"({GIVE}|{TAKE})\.([1-9][0-9]{{0,17}})\.([0-9]{{1,15}})")


@dataclass(frozen=True, slots=True)
class BeginPress:
    """An administrator agrees to the plan that was shown."""

    pressed: Pressed
    step: str
    digest: str

    @classmethod
    def of(cls, pressed: Pressed) -> "BeginPress | None":
        """What was agreed to; ``None`` for a button that is none of ours."""
        found = _BEGINS.fullmatch(pressed.press.argument)
        return None if found is None else cls(pressed, found[1], found[2])

    @property
    def needs(self) -> Needs:
        """The presser, and all that a plan is made of."""
        return replace(self.pressed.needs, year=YearNeeds(outlook=True))

    def facts(self, known: Known) -> BeginFacts:
        """What the policy judges."""
        return BeginFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            step=self.step,
            digest=self.digest,
            outlook=known.year.outlook or Outlook(active={}),
            replaces=self.pressed.message,
        )


def reconfirm_facts(pressed: Pressed, known: Known) -> ReconfirmFacts:
    """Somebody says that a group goes on."""
    return ReconfirmFacts(at=known.at, asker=pressed.asker(known), group=pressed.group(known))


@dataclass(frozen=True, slots=True)
class ConsentPress:
    """Somebody gives consent for a student, or takes it back."""

    pressed: Pressed
    gives: bool
    student: PersonId
    mark: int

    @classmethod
    def of(cls, pressed: Pressed) -> "ConsentPress | None":
        """What was pressed; ``None`` for a button that is none of ours."""
        found = _CONSENTS.fullmatch(pressed.press.argument)
        if found is None:
            return None
        return cls(pressed, found[1] == GIVE, PersonId(int(found[2])), int(found[3]))

    @property
    def needs(self) -> Needs:
        """The presser and the student."""
        return replace(self.pressed.needs, year=YearNeeds(children=frozenset((self.student,))))

    def facts(self, known: Known) -> ConsentFacts:
        """What the policy judges."""
        return ConsentFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            gives=self.gives,
            mark=self.mark,
            child=known.year.children.get(self.student),
            replaces=self.pressed.message,
        )


def asking_needs(groups: frozenset[ChatId], coordinators: frozenset[UserId]) -> Needs:
    """Groups of which somebody has to hear, and the coordinators."""
    return Needs(chats=groups, users=coordinators, group_people=True)


def asking_facts(
    groups: frozenset[ChatId], coordinators: frozenset[UserId], known: Known
) -> AskingFacts:
    """What the policy judges. A group that is gone meanwhile is left out."""

    def account(user: UserId | None) -> Account | None:
        return None if user is None else known.account(user)

    found = (known.groups[chat] for chat in sorted(groups) if chat in known.groups)
    return AskingFacts(
        at=known.at,
        groups=tuple(
            AskedGroup(
                group=group,
                owner=account(group.owner),
                offered_to=account(group.offered_to),
            )
            for group in found
        ),
        coordinators=tuple(known.account(user) for user in sorted(coordinators)),
    )
