"""Is the bot in the group at all? The first thing that the judgement of a look asks.

One look that does not find the bot may be a passing fault, and a group that is given up starts
anew, so a group of ours is given up at the second. Never here: whether the bot may stay.
"""

from bot.policy.broadcast_groups.group_seen import OURS, LookFacts, deadline_passed, private
from bot.policy.changes import RememberLook, SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup
from bot.policy.events import GroupExplained, GroupLost
from bot.policy.groups import GroupState
from bot.policy.limits import Limits
from bot.policy.notices import NOT_IN
from bot.policy.people import Account
from bot.policy.rules import Rule

GONE = "gone"
"""Why a look is made: an earlier one did not find the bot in a group that we manage."""


def another_chat(facts: LookFacts, _limits: Limits) -> Decision | None:
    # getChat on the id of before a migration answers with what was true then, and never fails.
    if facts.look.chat == facts.group.chat:
        return None
    look_again = InspectGroup(chat=facts.group.chat, why="chat-migrated")
    return Decision(rule=Rule.BOOKKEEPING, effects=(look_again,))


def left_already(facts: LookFacts, _limits: Limits) -> Decision | None:
    # Our own leaving may still wait its turn, so being a member here says nothing yet.
    return Decision(rule=Rule.BOOKKEEPING) if facts.group.state is GroupState.LEFT else None


def not_in_yet(facts: LookFacts, _limits: Limits) -> Decision | None:
    """Staff asked for a group that the bot has never been in: it is waited for, and said once."""
    asker = _asker(facts)
    if facts.look.is_member or asker is None or deadline_passed(facts):
        return None
    told_already = facts.group.explained == frozenset({NOT_IN})
    if facts.group.state is not GroupState.PENDING:
        return None
    if facts.group.looked_at is not None and not told_already:
        return None
    # What stands in ``explained`` also tells the next look that the bot was never in the group.
    remember = RememberLook(
        chat=facts.look.chat,
        kind=facts.group.kind,
        title=facts.look.title,
        seats=(),
        linked_channel=None,
        explained=frozenset({NOT_IN}),
        lock_proved_at=None,
        open_since=None,
    )
    if told_already:
        return Decision(rule=Rule.WAIT_ITEMS_FAILING, changes=(remember,))
    return Decision(
        rule=Rule.WAIT_ITEMS_FAILING,
        events=(GroupExplained(chat=facts.look.chat, user=asker.user, items=(NOT_IN,)),),
        changes=(remember,),
        effects=(private(facts, asker, "group-not-in", {}),),
    )


def _asker(facts: LookFacts) -> Account | None:
    """Who asked, if still staff; whether a seat goes with it shows only from inside the group."""
    asker = facts.confirmed_by
    return asker if asker is not None and asker.is_staff else None


def perhaps_gone(facts: LookFacts, limits: Limits) -> Decision | None:
    """A group of ours is given up only when a second look says the same."""
    if facts.look.is_member or facts.group.state not in OURS or facts.why == GONE:
        return None
    again = InspectGroup(chat=facts.look.chat, why=GONE, not_before=facts.at + limits.look_cache)
    return Decision(rule=Rule.BOOKKEEPING, effects=(again,))


def left(facts: LookFacts, _limits: Limits) -> Decision | None:
    if facts.look.is_member:
        return None
    chat = facts.look.chat
    return Decision(
        rule=Rule.LEFT,
        events=(GroupLost(chat=chat, was=facts.group.state.value),),
        changes=(SetGroupState(chat=chat, state=GroupState.LEFT),),
    )


RULES = (another_chat, left_already, not_in_yet, perhaps_gone, left)
