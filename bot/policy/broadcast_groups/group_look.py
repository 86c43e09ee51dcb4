"""May the bot be in this group, and does the group comply (B.6)? The judgement after a look.

The one place where a group is adopted, suspended, resumed or refused. Everything that happens in
a group leads to a look, so the order in which Telegram reports things does not matter.

Never here: a judgement of a person. A group is refused; whoever owns it or added the bot is
recorded, and people look at it.
"""

from dataclasses import replace
from datetime import datetime

from bot.policy.broadcast_groups import group_presence
from bot.policy.broadcast_groups.group_care import with_care
from bot.policy.broadcast_groups.group_items import seats_not_of_staff
from bot.policy.broadcast_groups.group_lock import judge_lock, lock_at_adoption
from bot.policy.broadcast_groups.group_seen import (
    OURS,
    LookFacts,
    codes,
    conclude,
    confirmer_of,
    deadline_passed,
    item_values,
    items_of,
    lock_facts,
    owner_is_staff,
    owner_of,
    private,
    staff_of,
    to_mend,
    told_of,
)
from bot.policy.cascade import first_answer
from bot.policy.changes import SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import (
    Effect,
    Keyboard,
    LeaveGroup,
    Purpose,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.events import (
    Event,
    GroupAdopted,
    GroupExplained,
    GroupRefused,
    GroupResumed,
    GroupSuspended,
    StaffTookPart,
)
from bot.policy.groups import ChatKind, GroupState
from bot.policy.limits import Limits
from bot.policy.notices import NOT_CONFIRMED, Item, language_of
from bot.policy.rules import Rule

__all__ = ("RULES", "LookFacts", "judge")


def judge(facts: LookFacts, limits: Limits) -> Decision:
    """What follows from a look at a group."""
    return with_care(first_answer(RULES, _keep, facts, limits), facts, limits)


# --- the bot does not stay ---------------------------------------------------------------------


def _channel(facts: LookFacts, limits: Limits) -> Decision | None:
    if facts.look.kind is not ChatKind.CHANNEL:
        return None
    return _refuse(facts, limits, Rule.CHANNEL_NOT_A_GROUP)


def _owner_not_staff(facts: LookFacts, limits: Limits) -> Decision | None:
    owner = facts.look.owner
    if owner is None or owner_is_staff(facts):
        return None
    # The same owner, whom the roster no longer calls staff: that may be a mistake of the list.
    same_as_before = facts.group.state in OURS and facts.group.owner == owner.user
    if same_as_before and not _mending_is_over(facts):
        return None
    return _refuse(facts, limits, Rule.REFUSE_OWNER_NOT_STAFF)


def _administrator_not_staff(facts: LookFacts, limits: Limits) -> Decision | None:
    if not seats_not_of_staff(facts.look, staff_of(facts)):
        return None
    pending = facts.group.state is GroupState.PENDING
    # Whoever owns the group and asked for it can put the seat right, so is told and waited for.
    waited_for = _owner_asked(facts) and not deadline_passed(facts)
    if not _mending_is_over(facts) and (waited_for or not pending):
        return None
    return _refuse(facts, limits, Rule.REFUSE_ADMINISTRATOR_NOT_STAFF)


def _owner_asked(facts: LookFacts) -> bool:
    owner, confirmer = owner_of(facts), confirmer_of(facts)
    return owner is not None and confirmer is not None and owner.user == confirmer.user


def _mending_is_over(facts: LookFacts) -> bool:
    return facts.group.state is GroupState.SUSPENDED and deadline_passed(facts)


def _waited_long_enough(facts: LookFacts, limits: Limits) -> Decision | None:
    pending = facts.group.state is GroupState.PENDING
    if facts.group.state is GroupState.MANAGED or not deadline_passed(facts):
        return None
    if not to_mend(items_of(facts)) and not (pending and confirmer_of(facts) is None):
        return None
    return _refuse(facts, limits, Rule.REFUSE_DEADLINE_PASSED)


def _refuse(facts: LookFacts, limits: Limits, rule: Rule) -> Decision:
    """Record why, say it once in a neutral text, and leave."""
    chat, last = facts.look.chat, facts.group.refused_at
    owner, added_by = owner_of(facts), facts.added_by
    refused = GroupRefused(
        chat=chat,
        reason=rule.value,
        manager=owner.role if owner is not None else None,
        added_by=added_by.user if added_by is not None else None,
        added_by_role=added_by.role if added_by is not None else None,
    )
    # A channel has no members' conversation to speak in: everything there is its owner's word.
    speaks = rule is not Rule.CHANNEL_NOT_A_GROUP and (
        last is None or facts.at - last >= limits.refusal_text_pause
    )
    text = SendGroupNotice(chat=chat, key="group-refused", purpose=Purpose.REFUSAL)
    return conclude(
        facts,
        rule,
        events=(refused, *_staff_took_part(facts, rule)),
        state=SetGroupState(
            chat=chat, state=GroupState.LEFT, refused_at=facts.at if speaks else None
        ),
        effects=(*((text,) if speaks else ()), LeaveGroup(chat=chat)),
    )


def _staff_took_part(facts: LookFacts, rule: Rule) -> tuple[Event, ...]:
    """B.6: a member of staff added the bot to a group that staff do not run, or asked for it.

    Only while the group is judged for the first time: who added the bot to a group of staff took
    no part in what it became when it changed hands.
    """
    owner, by = owner_of(facts), facts.added_by or facts.confirmed_by
    judged_first = facts.group.state is GroupState.PENDING
    if rule is not Rule.REFUSE_OWNER_NOT_STAFF or not judged_first:
        return ()
    if owner is None or by is None or not by.is_staff:
        return ()
    return (StaffTookPart(chat=facts.look.chat, user=by.user, manager=owner.role),)


# --- the bot waits -----------------------------------------------------------------------------


def _owner_hidden(facts: LookFacts, _limits: Limits) -> Decision | None:
    if facts.group.state is not GroupState.PENDING or facts.look.owner is not None:
        return None
    return conclude(facts, Rule.WAIT_OWNER_HIDDEN, explained=facts.group.explained)


def _items_failing(facts: LookFacts, _limits: Limits) -> Decision | None:
    items, owner = items_of(facts), owner_of(facts)
    if facts.group.state is not GroupState.PENDING or not items or owner is None:
        return None
    # The owner need not know yet that somebody added the bot: without rights it does nothing.
    plainly_added = items == (Item.RIGHTS_MISSING,) and confirmer_of(facts) is None
    if plainly_added or facts.group.explained == frozenset(items):
        return conclude(facts, Rule.WAIT_ITEMS_FAILING, explained=facts.group.explained)
    return conclude(
        facts,
        Rule.WAIT_ITEMS_FAILING,
        events=(GroupExplained(chat=facts.look.chat, user=owner.user, items=codes(items)),),
        effects=(private(facts, owner, "group-items", item_values(facts, items)),),
        explained=frozenset(items),
    )


def _not_confirmed(facts: LookFacts, _limits: Limits) -> Decision | None:
    owner = owner_of(facts)
    pending = facts.group.state is GroupState.PENDING
    if not pending or owner is None or confirmer_of(facts) is not None:
        return None
    asked = frozenset({NOT_CONFIRMED})
    if facts.group.explained == asked:
        return conclude(facts, Rule.WAIT_NOT_CONFIRMED, explained=asked)
    question = SendPrivateNotice(
        user=owner.user,
        key="group-confirm",
        language=language_of(owner.language),
        keyboard=Keyboard.CONFIRM_GROUP,
        about=facts.look.chat,
    )
    explained = GroupExplained(chat=facts.look.chat, user=owner.user, items=(NOT_CONFIRMED,))
    return conclude(
        facts,
        Rule.WAIT_NOT_CONFIRMED,
        events=(explained,),
        effects=(question,),
        explained=asked,
    )


# --- the bot stays -----------------------------------------------------------------------------


def _adopt(facts: LookFacts, _limits: Limits) -> Decision | None:
    confirmer = confirmer_of(facts)
    if facts.group.state is not GroupState.PENDING or confirmer is None:
        return None
    return conclude(
        facts,
        Rule.ADOPT,
        events=(GroupAdopted(chat=facts.look.chat, user=confirmer.user),),
        state=SetGroupState(chat=facts.look.chat, state=GroupState.MANAGED),
        lock=lock_at_adoption(lock_facts(facts, complies=True)),
    )


def _suspend(facts: LookFacts, limits: Limits) -> Decision | None:
    items = items_of(facts)
    if facts.group.state is not GroupState.MANAGED or not items:
        return None
    deadline = _deadline_to_mend(facts, items, limits)
    return conclude(
        facts,
        Rule.SUSPEND,
        events=(GroupSuspended(chat=facts.look.chat, items=codes(items)),),
        state=SetGroupState(chat=facts.look.chat, state=GroupState.SUSPENDED, deadline_at=deadline),
        effects=_tell_suspended(facts, items, deadline),
        explained=frozenset(items),
        lock=judge_lock(lock_facts(facts, complies=False)),
    )


def _deadline_to_mend(facts: LookFacts, items: tuple[Item, ...], limits: Limits) -> datetime | None:
    """Until when the owner has time; ``None`` when nothing is to be mended but to say yes."""
    if not to_mend(items):
        return None
    running = facts.group.deadline_at if facts.group.state is GroupState.SUSPENDED else None
    deadline = running or facts.at + limits.mending_deadline
    # In the weeks after a roll-over a leaver's group waits for whoever takes it over.
    weeks = facts.group.reconfirm_before
    if Item.OWNER_NOT_STAFF in items and weeks is not None:
        return max(deadline, weeks)
    return deadline


def _still_suspended(facts: LookFacts, limits: Limits) -> Decision | None:
    items = items_of(facts)
    if facts.group.state is not GroupState.SUSPENDED or not items:
        return None
    lock, told = judge_lock(lock_facts(facts, complies=False)), told_of(facts)
    if facts.group.explained == frozenset(items):
        rule = lock.rule or Rule.SUSPEND
        return conclude(facts, rule, explained=facts.group.explained, lock=lock)
    deadline = _deadline_to_mend(facts, items, limits)
    events: tuple[Event, ...] = ()
    if told is not None:
        events = (GroupExplained(chat=facts.look.chat, user=told.user, items=codes(items)),)
    return conclude(
        facts,
        Rule.SUSPEND,
        events=events,
        state=_moved_deadline(facts, deadline),
        effects=_tell_suspended(facts, items, deadline),
        explained=frozenset(items),
        lock=lock,
    )


def _moved_deadline(facts: LookFacts, deadline: datetime | None) -> SetGroupState | None:
    if deadline == facts.group.deadline_at:
        return None
    return SetGroupState(chat=facts.look.chat, state=GroupState.SUSPENDED, deadline_at=deadline)


def _tell_suspended(
    facts: LookFacts, items: tuple[Item, ...], deadline: datetime | None
) -> tuple[Effect, ...]:
    told = told_of(facts)
    if told is None:
        return ()
    if deadline is None:
        notice = private(facts, told, "group-not-reconfirmed", {})
        return (replace(notice, keyboard=Keyboard.RECONFIRM),)
    values = {**item_values(facts, items), "until": deadline.isoformat()}
    return (private(facts, told, "group-suspended", values),)


def _keep(facts: LookFacts, _limits: Limits) -> Decision:
    """The group complies; whether its lock is on is judged beside it."""
    lock, owner = judge_lock(lock_facts(facts, complies=True)), owner_of(facts)
    if facts.group.state is not GroupState.SUSPENDED:
        return conclude(facts, lock.rule or Rule.KEEP, lock=lock)
    resumed = (private(facts, owner, "group-resumed", {}),) if owner is not None else ()
    return conclude(
        facts,
        Rule.KEEP,
        events=(GroupResumed(chat=facts.look.chat),),
        state=SetGroupState(chat=facts.look.chat, state=GroupState.MANAGED),
        effects=resumed,
        lock=lock,
    )


RULES = (
    *group_presence.RULES,
    _channel,
    _owner_not_staff,
    _administrator_not_staff,
    _waited_long_enough,
    _owner_hidden,
    _items_failing,
    _not_confirmed,
    _adopt,
    _suspend,
    _still_suspended,
)
