"""What staff do with a group that they look after: look again, renew its link, close it.

Never here: who the members are and what becomes of those who ask to join.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.policy.audience import disposes_of, keeps
from bot.policy.changes import SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import (
    CreateJoinLink,
    InspectGroup,
    LeaveGroup,
    Page,
    Purpose,
    SendGroupNotice,
)
from bot.policy.events import GroupClosed, JoinLinkRenewed
from bot.policy.groups import Group, GroupState
from bot.policy.ids import MessageId
from bot.policy.limits import Limits
from bot.policy.pages import Asker, refuse, show
from bot.policy.rules import Rule

CLOSED = "closed"
"""What the list of groups is told when it follows a closing."""

NO_LINK = "none"


def tag_of(link: str | None) -> str:
    """A link as a button names it: enough to tell whether it is still the same one."""
    return NO_LINK if link is None else hashlib.sha256(link.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFacts:
    """Somebody pressed a button of a group's page. ``links``: the join links, the newest first."""

    at: datetime
    asker: Asker
    group: Group | None
    links: tuple[str, ...] = ()
    seen: str = ""
    replaces: MessageId | None = None


def judge_look(facts: KeepFacts, limits: Limits) -> Decision:
    """Staff want the bot to look at the group once more."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not keeps(asker.account, group):
        return refuse(asker, Page.GROUP.value, facts.at, limits)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        effects=(
            InspectGroup(chat=group.chat, why="asked"),
            show(Page.GROUP, asker, about=group.chat, replaces=facts.replaces),
        ),
    )


def judge_new_link(facts: KeepFacts, limits: Limits) -> Decision:
    """Another join link. Once: ``seen`` is the tag of the link that the presser wants replaced."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not keeps(asker.account, group):
        return refuse(asker, Page.GROUP_LINK.value, facts.at, limits)
    if facts.seen != tag_of(facts.links[0] if facts.links else None):
        page = show(Page.GROUP_LINK, asker, about=group.chat, replaces=facts.replaces)
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    user = asker.account.user
    return Decision(
        rule=Rule.LINK_RENEWED,
        events=(JoinLinkRenewed(chat=group.chat, user=user),),
        effects=(CreateJoinLink(chat=group.chat, asked_by=user, language=asker.language),),
    )


def judge_close(facts: KeepFacts, limits: Limits) -> Decision:
    """The owner, or an administrator of the school, ends a group; a second press ends nothing."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is not None and _is_closed_already(asker, group):
        page = show(Page.GROUPS, asker, replaces=facts.replaces)
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    if group is None or not disposes_of(asker.account, group):
        return refuse(asker, Page.CLOSE_GROUP.value, facts.at, limits)
    user, chat = asker.account.user, group.chat
    return Decision(
        rule=Rule.GROUP_CLOSED,
        events=(GroupClosed(chat=chat, user=user, as_owner=group.owner == user),),
        changes=(SetGroupState(chat=chat, state=GroupState.LEFT),),
        effects=(
            SendGroupNotice(chat=chat, key="group-closed", purpose=Purpose.ANSWER),
            LeaveGroup(chat=chat),
            show(Page.GROUPS, asker, argument=CLOSED, replaces=facts.replaces),
        ),
    )


def _is_closed_already(asker: Asker, group: Group) -> bool:
    account = asker.account
    return group.state is GroupState.LEFT and account.is_staff and group.owner == account.user
