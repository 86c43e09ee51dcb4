"""Somebody's wishes about his own data, with what they depend on."""

from dataclasses import replace

from bot.gather.pressing import Pressed
from bot.policy.accounts.own_data import AskFacts, StopFacts
from bot.policy.coming_in.known import ComingInNeeds
from bot.policy.known import Known, Needs, OwnData


def needs(pressed: Pressed) -> Needs:
    """The presser, what he owns and what he asked for. Nobody else, whatever the button says."""
    mine = frozenset((pressed.user,))
    return replace(pressed.needs, own_data=mine, coming_in=ComingInNeeds(asked_by=mine))


def stop_facts(pressed: Pressed, known: Known) -> StopFacts:
    """The wish to stop; the button names the link that it ends."""
    return StopFacts(
        at=known.at,
        asker=pressed.asker(known),
        own=_own(pressed, known),
        link=pressed.press.argument,
        replaces=pressed.message,
        asked=known.coming_in.requests,
    )


def ask_facts(pressed: Pressed, known: Known) -> AskFacts:
    """The wish to have data corrected or erased."""
    return AskFacts(
        at=known.at,
        asker=pressed.asker(known),
        own=_own(pressed, known),
        kind=pressed.press.argument,
        replaces=pressed.message,
    )


def _own(pressed: Pressed, known: Known) -> OwnData:
    return known.own_data.get(pressed.user) or OwnData()
