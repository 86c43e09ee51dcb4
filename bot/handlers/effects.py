"""What comes back from Telegram: the end of an effect, a look at a group, a group that moved."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.gather import announcing, looks
from bot.gather.members import Migration
from bot.policy import outcomes
from bot.policy.announcements import outcomes as announcement_outcomes
from bot.policy.broadcast_groups import group_look, membership
from bot.policy.coming_in import join_outcomes
from bot.policy.decision import Decision
from bot.policy.effects import DeleteMessages, Effect, InspectGroup, SendAnnouncement
from bot.policy.groups import ChatLook
from bot.policy.ids import ChatId
from bot.policy.known import Known, Needs
from bot.policy.limits import Limits
from bot.policy.outcomes import Done, Lost, Refused
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True)
class Work:
    """What to read and how to decide. ``commutes``: the decision only adds to the log."""

    needs: Needs
    judge: Callable[[Known], Decision]
    commutes: bool = False


def ended(effect: Effect, outcome: Done | Refused | Lost, limits: Limits) -> Work:
    """An effect was done, refused for good, or its answer was lost."""
    if isinstance(effect, DeleteMessages) and isinstance(outcome, Done):
        # The busiest outcome of all, of which nothing follows: spare it the reading.
        return Work(Needs(), lambda _known: Decision(rule=Rule.EFFECT_DONE), commutes=True)
    if isinstance(effect, SendAnnouncement):
        return _announced(effect, outcome)
    return Work(
        looks.outcome_needs(effect),
        lambda known: outcomes.judge(looks.outcome_facts(effect, outcome, known), limits),
    )


def _announced(effect: SendAnnouncement, outcome: Done | Refused | Lost | None) -> Work:
    """An announcement came to an end in one group; ``None``: the bot only observes."""
    return Work(
        announcing.sent_needs(effect),
        lambda known: announcement_outcomes.judge(announcing.sent_facts(effect, outcome, known)),
    )


def looked(look: ChatLook, inspection: InspectGroup, limits: Limits) -> Work:
    """A look at a group brought back what Telegram says of it."""
    inspected = inspection.chat

    def judge(known: Known) -> Decision:
        facts = looks.look_facts(look, inspected, inspection.why, known)
        if facts is None:
            return Decision(rule=Rule.NOT_OUR_GROUP)
        return group_look.judge(facts, limits)

    return Work(looks.look_needs(look, inspected), judge)


def moved(old: ChatId, new: ChatId, limits: Limits) -> Work:
    """A call told that the group has a new chat id."""
    migration = Migration(old, new)
    return Work(
        migration.needs,
        lambda known: membership.judge_migration(migration.facts(known), limits),
    )


def withheld(effect: Effect, limits: Limits) -> Work:
    """Observe-only mode: it would have been done."""
    if isinstance(effect, SendAnnouncement):
        return _announced(effect, None)
    return Work(Needs(), lambda known: join_outcomes.withheld(effect, known.at, limits))
