"""Buttons of the pages about one's own groups: who pressed what, and about which group."""

from dataclasses import dataclass

from bot.gather.pressing import Pressed
from bot.policy.broadcast_groups.handing_over import (
    ACCEPT,
    OFFER_TO,
    AnswerFacts,
    OfferFacts,
    WithdrawFacts,
)
from bot.policy.broadcast_groups.keeping import KeepFacts
from bot.policy.known import Known, Needs
from bot.policy.people import Account


@dataclass(frozen=True, slots=True)
class KeepPress:
    """A button about a group that needs no more than who pressed it."""

    pressed: Pressed

    @property
    def needs(self) -> Needs:
        """The presser, the group and its join links."""
        return self.pressed.needs | Needs(group_links=self.pressed.press.chat is not None)

    def facts(self, known: Known) -> KeepFacts:
        """The press with what we know."""
        pressed = self.pressed
        links = () if pressed.press.chat is None else known.links.get(pressed.press.chat, ())
        return KeepFacts(
            at=known.at,
            asker=pressed.asker(known),
            group=pressed.group(known),
            links=links,
            seen=pressed.press.argument,
            replaces=pressed.message,
        )


@dataclass(frozen=True, slots=True)
class HandOverPress:
    """A button about handing a group over. ``wish``: accept, decline, withdraw, or to whom."""

    pressed: Pressed

    @property
    def wish(self) -> str:
        """What stands in the button."""
        return self.pressed.press.argument

    @property
    def needs(self) -> Needs:
        """The presser, the group, and everybody with a seat in it."""
        return self.pressed.needs | Needs(group_people=True)

    def offer_facts(self, known: Known) -> OfferFacts:
        """As an offer to a colleague."""
        return OfferFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            group=self.pressed.group(known),
            colleague=self._colleague(known),
            replaces=self.pressed.message,
        )

    def _colleague(self, known: Known) -> Account | None:
        group, number = self.pressed.group(known), self.wish.removeprefix(OFFER_TO)
        seats = () if group is None else group.seats
        seated = (known.account(seat.user) for seat in seats if not seat.is_bot)
        return next(
            (one for one in seated if one.person is not None and str(one.person.id) == number),
            None,
        )

    def withdraw_facts(self, known: Known) -> WithdrawFacts:
        """As the end of an offer."""
        return WithdrawFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            group=self.pressed.group(known),
            replaces=self.pressed.message,
        )

    def answer_facts(self, known: Known) -> AnswerFacts:
        """As the answer to an offer."""
        group = self.pressed.group(known)
        giver = None if group is None else group.offered_by
        return AnswerFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            group=group,
            giver=None if giver is None else known.account(giver),
            accepts=self.wish == ACCEPT,
            replaces=self.pressed.message,
        )
