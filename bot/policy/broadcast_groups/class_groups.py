"""For which class groups a group is: chosen by its own staff, one tap for each."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.audience import keeps
from bot.policy.changes import SetGroupClassGroups
from bot.policy.coming_in.join_requests import Asked, Occasion, WaitingFacts, judge_waiting
from bot.policy.decision import Decision
from bot.policy.effects import Page
from bot.policy.events import GroupClassGroupsSet
from bot.policy.groups import Group
from bot.policy.ids import MessageId
from bot.policy.limits import Limits
from bot.policy.pages import Asker, refuse, show
from bot.policy.rules import Rule

KEY_CHARACTERS = 10


def class_key(name: str) -> str:
    """A class group's name as a button can carry it: ten letters and digits."""
    return hashlib.sha256(name.encode()).hexdigest()[:KEY_CHARACTERS]


def class_named(key: str, names: Iterable[str]) -> str | None:
    """The class group with this key; ``None`` if there is none (any more)."""
    return next((name for name in sorted(names) if class_key(name) == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassGroupFacts:
    """Somebody tapped a class group. ``key``: which, by its key; ``argument``: of the page.

    ``names``: the class groups of the school; ``waiting``: who waits to be let into the group, as
    things stand before the tap.
    """

    at: datetime
    asker: Asker
    group: Group | None
    key: str
    argument: str
    names: frozenset[str]
    waiting: WaitingFacts
    replaces: MessageId | None = None


def judge(facts: ClassGroupFacts, limits: Limits) -> Decision:
    """The group serves this class group from now on, or no longer."""
    group, asker = facts.group, facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not keeps(asker.account, group):
        return refuse(asker, Page.GROUP_CLASSES.value, facts.at, limits)
    page = show(
        Page.GROUP_CLASSES,
        asker,
        about=group.chat,
        argument=facts.argument,
        replaces=facts.replaces,
    )
    # One that the roster no longer has can still be taken away.
    name = class_named(facts.key, facts.names | group.class_groups)
    if name is None:
        return Decision(rule=Rule.BOOKKEEPING, effects=(page,))
    chosen = group.class_groups ^ {name}
    user = asker.account.user
    again = judge_waiting(_as_chosen(facts.waiting, group, chosen), limits)
    return Decision(
        rule=Rule.CLASSES_CHOSEN,
        events=(
            GroupClassGroupsSet(chat=group.chat, user=user, class_groups=tuple(sorted(chosen))),
        ),
        changes=(
            SetGroupClassGroups(chat=group.chat, class_groups=chosen),
            *again.changes,
        ),
        effects=(page, *again.effects),
    )


def _as_chosen(waiting: WaitingFacts, group: Group, chosen: frozenset[str]) -> WaitingFacts:
    now = replace(group, class_groups=chosen)

    def as_chosen(asked: Asked) -> Asked:
        return replace(asked, group=now)

    of_group = tuple(as_chosen(asked) for asked in waiting.waiting if asked.group == group)
    return replace(waiting, waiting=of_group, occasion=Occasion.CLASSES)
