"""Who is in a group, and who of them does not belong there: seen, listed to its owner, no more.

Nobody is taken out of a group but by a tap of its own staff. Never here: coming in by a request.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.audience import keeps
from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.changes import (
    ForgetMember,
    RecordMembersTold,
    RememberMember,
    SettleJoinRequest,
)
from bot.policy.coming_in.joining import Applicant, RequestState, Way, belongs
from bot.policy.coming_in.known import Present
from bot.policy.decision import Decision
from bot.policy.effects import Keyboard, Page, RemoveMember, SendPrivateNotice
from bot.policy.events import (
    Event,
    MemberCameIn,
    MemberCameInUnasked,
    MemberRemovalAsked,
    MembersTold,
    MemberWent,
)
from bot.policy.groups import Group
from bot.policy.ids import ChatId, MessageId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account
from bot.policy.rules import Rule

NOTHING_TO_DO = Decision(rule=Rule.BOOKKEEPING)


# --- coming and going --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What ``chat_member`` says of somebody's being in a group. ``by``: somebody else did it."""

    at: datetime
    chat: ChatId
    group: Group | None
    member: Applicant
    was_member: bool
    is_member: bool
    way: Way
    by: Account | None = None


def judge(facts: MemberFacts, _limits: Limits) -> Decision:
    """Somebody came into a group of ours, or went out of it."""
    group = facts.group
    if group is None or group.state not in OURS or group.chat != facts.chat:
        return NOTHING_TO_DO
    if facts.was_member == facts.is_member:
        return NOTHING_TO_DO
    return _came_in(facts, group) if facts.is_member else _went(facts, group)


def _came_in(facts: MemberFacts, group: Group) -> Decision:
    account, by = facts.member.account, facts.by
    came: Event = MemberCameIn(chat=group.chat, user=account.user, role=account.role)
    if facts.way is not Way.REQUEST:
        came = MemberCameInUnasked(
            chat=group.chat,
            user=account.user,
            role=account.role,
            by=None if by is None else by.user,
            how=facts.way.value,
            belongs=belongs(facts.member, group),
        )
    settled = SettleJoinRequest(
        chat=group.chat, user=account.user, state=RequestState.ELSEWHERE, waiting_only=True
    )
    remember = RememberMember(chat=group.chat, user=account.user, way=facts.way)
    return Decision(rule=Rule.CAME_IN, events=(came,), changes=(remember, settled))


def _went(facts: MemberFacts, group: Group) -> Decision:
    account, by = facts.member.account, facts.by
    went = MemberWent(
        chat=group.chat,
        user=account.user,
        role=account.role,
        by=None if by is None else by.user,
    )
    forget = ForgetMember(chat=group.chat, user=account.user)
    return Decision(rule=Rule.WENT, events=(went,), changes=(forget,))


def together(seat: Decision, member: Decision) -> Decision:
    """One update may say both that somebody got or lost a seat, and that he came or went."""
    return Decision(
        rule=member.rule if seat.rule is Rule.BOOKKEEPING else seat.rule,
        events=(*seat.events, *member.events),
        changes=(*seat.changes, *member.changes),
        effects=(*seat.effects, *member.effects),
    )


# --- telling the owner -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LookThroughFacts:
    """A group's members with what is known of them. ``keepers``: staff with a seat in the group,
    the owner first.
    """

    at: datetime
    group: Group | None
    members: tuple[tuple[Present, Applicant], ...]
    keepers: tuple[Account, ...]


def judge_members(facts: LookThroughFacts, _limits: Limits) -> Decision:
    """Tell whoever runs the group once of those who newly do not belong in it."""
    group = facts.group
    if group is None or group.state not in OURS:
        return NOTHING_TO_DO
    outsiders = [present for present, who in facts.members if not belongs(who, group)]
    since = group.members_told_at
    fresh = [present for present in outsiders if since is None or present.changed_at > since]
    looked_through = RecordMembersTold(chat=group.chat)
    if not fresh or not facts.keepers:
        return Decision(rule=Rule.BOOKKEEPING, changes=(looked_through,))
    told = facts.keepers[0]
    notice = SendPrivateNotice(
        user=told.user,
        key="group-outsiders",
        language=language_of(told.language),
        keyboard=Keyboard.GROUP_MEMBERS,
        about=group.chat,
    )
    return Decision(
        rule=Rule.OUTSIDERS_TOLD,
        events=(MembersTold(chat=group.chat, user=told.user, outsiders=len(outsiders)),),
        changes=(looked_through,),
        effects=(notice,),
    )


# --- taking somebody out -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalFacts:
    """Somebody tapped to have a member taken out. ``member`` is ``None`` if he is not there.

    ``argument``: of the page of members that the button stands on.
    """

    at: datetime
    asker: Asker
    group: Group | None
    member: Account | None
    argument: str = ""
    replaces: MessageId | None = None


def judge_removal(facts: RemovalFacts, limits: Limits) -> Decision:
    """A keeper of the group has somebody taken out, who may ask to come back by the link."""
    group, asker, member = facts.group, facts.asker, facts.member
    if asker.is_bot:
        return NOTHING_TO_DO
    if group is None or not keeps(asker.account, group):
        return refuse(asker, Page.GROUP_MEMBERS.value, facts.at, limits)
    page = show(
        Page.GROUP_MEMBERS,
        asker,
        about=group.chat,
        argument=facts.argument,
        replaces=facts.replaces,
    )
    if member is None or group.seat_of(member.user) is not None:
        # Gone already, or an administrator, with whom the group itself is judged.
        return Decision(rule=Rule.BOOKKEEPING, effects=(page,))
    removed = MemberRemovalAsked(
        chat=group.chat, user=asker.account.user, member=member.user, role=member.role
    )
    return Decision(
        rule=Rule.MEMBER_REMOVED,
        events=(removed,),
        effects=(RemoveMember(chat=group.chat, user=member.user), page),
    )
