"""What a look at a group asks for beside its judgement: thanks, and a second administrator.

A group with one administrator is lost when he is ill, so two of staff are asked for, again and
again, and never more than asked: no group is suspended for it. Small, and decides nothing else.
"""

from dataclasses import replace

from bot.policy.broadcast_groups.group_seen import (
    OURS,
    LookFacts,
    owner_is_staff,
    owner_of,
    private,
    staff_of,
)
from bot.policy.changes import Change, EndOffer, RememberLook, RememberSecondAsked, SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import Effect, Keyboard, SendPrivateNotice
from bot.policy.events import Event, GroupHandedOver, SecondAsked
from bot.policy.groups import GroupState
from bot.policy.limits import Limits
from bot.policy.people import Account

STAFF_WANTED = 2
"""Administrators of staff that a group should have, its owner included."""


def with_care(decision: Decision, facts: LookFacts, limits: Limits) -> Decision:
    """The decision of a look, with what follows for whoever looks after the group."""
    if _state_after(decision, facts) not in OURS:
        return decision
    return _ask_for_second(_thank_both(decision, facts), facts, limits)


def _state_after(decision: Decision, facts: LookFacts) -> GroupState | None:
    """The state in which the look leaves the group; ``None`` if it did not find the bot there."""
    state: GroupState | None = None
    for change in decision.changes:
        if isinstance(change, RememberLook):
            state = state or facts.group.state
        elif isinstance(change, SetGroupState):
            state = change.state
    return state


def _and(decision: Decision, event: Event, change: Change, effects: tuple[Effect, ...]) -> Decision:
    return replace(
        decision,
        events=(*decision.events, event),
        changes=(*decision.changes, change),
        effects=(*decision.effects, *effects),
    )


def _thank_both(decision: Decision, facts: LookFacts) -> Decision:
    """The colleague to whom the group was offered owns it: the handing over is done."""
    owner, group = owner_of(facts), facts.group
    if owner is None or group.offered_to != owner.user:
        return decision
    done = GroupHandedOver(chat=group.chat, user=owner.user, by=group.offered_by)
    thanks = [private(facts, owner, "group-is-yours", {})]
    giver = facts.offered_by
    if giver is not None and giver.is_staff and giver.user != owner.user:
        thanks.append(private(facts, giver, "group-handed-over", {}))
    return _and(decision, done, EndOffer(chat=group.chat), tuple(thanks))


def _ask_for_second(decision: Decision, facts: LookFacts, limits: Limits) -> Decision:
    owner = owner_of(facts)
    if owner is None or not owner_is_staff(facts) or len(staff_of(facts)) >= STAFF_WANTED:
        return decision
    if _state_after(decision, facts) is not GroupState.MANAGED:
        return decision
    chat = facts.look.chat
    asked = SecondAsked(chat=chat, user=owner.user)
    remember = RememberSecondAsked(chat=chat)
    if _says_ready(decision):
        # That message leads the owner on, to a second administrator too.
        return _and(decision, asked, remember, ())
    if not _is_due(facts, limits):
        return decision
    return _and(decision, asked, remember, (_second_wanted(facts, owner),))


def _says_ready(decision: Decision) -> bool:
    return any(
        isinstance(effect, SendPrivateNotice) and effect.keyboard is Keyboard.GROUP_READY
        for effect in decision.effects
    )


def _is_due(facts: LookFacts, limits: Limits) -> bool:
    """Not before the group is ready: until then its owner has other things to do."""
    group = facts.group
    if group.lock_proved_at is None:
        return False
    asked = group.second_asked_at
    return asked is None or facts.at - asked >= limits.second_asked_every


def _second_wanted(facts: LookFacts, owner: Account) -> SendPrivateNotice:
    return private(facts, owner, "second-administrator", {})
