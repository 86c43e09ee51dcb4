"""What follows once Telegram has answered an effect, or has not.

The next step of a chain (house rules sent, so pin them) starts here. So does honesty: what Telegram
would not do, and what nobody can say whether it did, is written down.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.announcements.draft import AnnouncementId
from bot.policy.broadcast_groups.group_lock import EFFECT_REFUSED, READ_BACK
from bot.policy.changes import (
    EndInviteLink,
    RememberInviteLink,
    RememberNotice,
    RememberPage,
)
from bot.policy.coming_in import join_outcomes
from bot.policy.decision import Decision
from bot.policy.effects import (
    ApproveJoinRequest,
    BanSenderChat,
    CreateJoinLink,
    DeclineJoinRequest,
    DeleteMessages,
    EditPage,
    Effect,
    InspectGroup,
    JoiningEffect,
    LeaveGroup,
    LockGroup,
    Page,
    PinMessage,
    PrivateEffect,
    Purpose,
    RemoveMember,
    ReplacePrimaryLink,
    RevokeJoinLink,
    SendGroupNotice,
    SendPage,
    SendPrivateNotice,
    SetCommandMenu,
)
from bot.policy.events import EffectFailed, JoinLinkEnded, MessageNotRemovable
from bot.policy.groups import Group, GroupState
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account
from bot.policy.rules import Rule

NOT_A_MEMBER = "not-a-member"
"""The reason of a refusal because the bot is not, or no longer, in the chat."""

NEVER_STARTED = "never-started"
BLOCKED_BY_USER = "blocked-by-user"
USER_DEACTIVATED = "user-deactivated"

LINK_GONE = "link-gone"
"""The link has ended already: by itself, or by an administrator's hand."""

REQUEST_GONE = "request-gone"
"""Nobody asks to join (any more): withdrawn, or another administrator decided."""

ALREADY_IN = "already-in"
NEVER_ASKED = "never-asked"

ENDED_ELSEWHERE = frozenset({REQUEST_GONE, ALREADY_IN, NEVER_ASKED})
UNREACHABLE = frozenset({NEVER_STARTED, BLOCKED_BY_USER, USER_DEACTIVATED})

NOTHING_FOLLOWS = Decision(rule=Rule.EFFECT_DONE)

NeedsRights = (
    LockGroup
    | PinMessage
    | ReplacePrimaryLink
    | CreateJoinLink
    | RevokeJoinLink
    | ApproveJoinRequest
    | DeclineJoinRequest
    | RemoveMember
    | BanSenderChat
    | SendGroupNotice
)
"""What Telegram refuses when our rights in the group have gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Telegram did it. ``message``: what it sent; ``url``: the link that it made."""

    message: MessageId | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Telegram will not do it, now or later. ``count``: of how many messages, if of messages.

    ``reason`` is a code of ours (``NOT_A_MEMBER`` is one), never a text with names or ids in it.
    """

    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The answer was lost: nobody can say whether it was done."""

    reason: str


Outcome = Done | Refused | Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """An effect and what came of it. ``group``: the one that it was for or about, if known.

    ``links``: the group's join links of before, when another one has been made. ``account``: of
    effects in a group that are about one account, that account.
    """

    at: datetime
    effect: Effect
    outcome: Outcome
    group: Group | None
    account: Account | None = None
    links: tuple[str, ...] = ()


def judge(facts: OutcomeFacts, limits: Limits) -> Decision:
    """What follows an effect."""
    match facts.effect:
        case SendPrivateNotice(declines=str() as reason, about=int() as chat):
            decline = DeclineJoinRequest(chat=chat, user=facts.effect.user, reason=reason)
            return _reason_said(facts, decline)
        case ApproveJoinRequest() | DeclineJoinRequest() | RemoveMember() as effect:
            return _of_joining(facts, effect, limits)
    match facts.outcome:
        case Done() as done:
            return _done(facts, done)
        case Refused() as refused:
            return _refused(facts, refused)
        case Lost() as lost:
            return _failed(facts, lost.reason, unknown=True)


def _done(facts: OutcomeFacts, done: Done) -> Decision:
    effect = facts.effect
    match effect:
        case SendGroupNotice(purpose=Purpose.HOUSE_RULES) if done.message is not None:
            return Decision(
                rule=Rule.EFFECT_DONE,
                changes=(RememberNotice(chat=effect.chat, message=done.message),),
                effects=(PinMessage(chat=effect.chat, message=done.message),),
            )
        case SendPage(page=Page.ANNOUNCEMENT) | EditPage(page=Page.ANNOUNCEMENT):
            return _announcement_shown(effect, done)
        case LockGroup():
            return Decision(
                rule=Rule.EFFECT_DONE, effects=(InspectGroup(chat=effect.chat, why=READ_BACK),)
            )
        case ReplacePrimaryLink() if done.url is not None:
            link = RememberInviteLink(chat=effect.chat, url=done.url, asks_approval=False)
            return Decision(rule=Rule.EFFECT_DONE, changes=(link,))
        case CreateJoinLink() if done.url is not None:
            return _join_link_made(effect, done.url, facts.links)
        case RevokeJoinLink():
            return _join_link_ended(effect)
        case _:
            return NOTHING_FOLLOWS


def _announcement_shown(effect: SendPage | EditPage, done: Done) -> Decision:
    """Where its author sees an announcement: what comes of it is shown in the same message."""
    number = effect.argument.partition(".")[0]
    if done.message is None or not number.isdigit():
        return NOTHING_FOLLOWS
    remember = RememberPage(announcement=AnnouncementId(int(number)), message=done.message)
    return Decision(rule=Rule.EFFECT_DONE, changes=(remember,))


def _join_link_ended(effect: RevokeJoinLink) -> Decision:
    return Decision(
        rule=Rule.EFFECT_DONE,
        events=(JoinLinkEnded(chat=effect.chat),),
        changes=(EndInviteLink(chat=effect.chat, url=effect.url),),
    )


def _join_link_made(effect: CreateJoinLink, url: str, before: tuple[str, ...]) -> Decision:
    """There is one join link at a time: the ones before it end, and whoever asked sees it."""
    chat = effect.chat
    end = tuple(RevokeJoinLink(chat=chat, url=old) for old in before if old != url)
    shown: tuple[Effect, ...] = ()
    if effect.asked_by is not None:
        shown = (
            SendPage(
                user=effect.asked_by,
                page=Page.GROUP_LINK,
                language=effect.language,
                about=chat,
            ),
        )
    return Decision(
        rule=Rule.EFFECT_DONE,
        changes=(RememberInviteLink(chat=chat, url=url, asks_approval=True),),
        effects=(*end, *shown),
    )


def _refused(facts: OutcomeFacts, refused: Refused) -> Decision:
    match facts.effect:
        case SendGroupNotice(purpose=Purpose.REFUSAL):
            # Expected: students may have locked their group, and there the bot has no voice.
            return NOTHING_FOLLOWS
        case RevokeJoinLink() as revoked if refused.reason == LINK_GONE:
            return _join_link_ended(revoked)
        case LeaveGroup() if refused.reason == NOT_A_MEMBER:
            return NOTHING_FOLLOWS
        case SetCommandMenu():
            # Whoever blocked the bot sees no menu; the commands work all the same.
            return NOTHING_FOLLOWS
        case DeleteMessages() as removal:
            not_removable = MessageNotRemovable(
                chat=removal.chat, user=None, count=refused.count, reason=refused.reason
            )
            return Decision(rule=Rule.EFFECT_FAILED, events=(not_removable,))
        case _:
            return _failed(facts, refused.reason, unknown=False)


def _reason_said(facts: OutcomeFacts, decline: DeclineJoinRequest) -> Decision:
    """Why somebody is declined has been said, or cannot be: now it is done."""
    match facts.outcome:
        case Refused(reason=reason) if reason not in UNREACHABLE:
            failed = _failed(facts, reason, unknown=False)
        case Lost(reason=reason):
            failed = _failed(facts, reason, unknown=True)
        case _:
            return Decision(rule=Rule.EFFECT_DONE, effects=(decline,))
    return replace(failed, effects=(*failed.effects, decline))


def _of_joining(facts: OutcomeFacts, effect: JoiningEffect, limits: Limits) -> Decision:
    outcome = facts.outcome
    if isinstance(outcome, Done):
        return join_outcomes.done(effect, facts.account)
    if isinstance(outcome, Refused) and outcome.reason in ENDED_ELSEWHERE:
        return join_outcomes.ended_elsewhere(effect)
    failed = _failed(facts, outcome.reason, unknown=isinstance(outcome, Lost))
    return replace(failed, changes=join_outcomes.wait_again(effect, facts.at, limits))


def _failed(facts: OutcomeFacts, reason: str, *, unknown: bool) -> Decision:
    chat, user = _about(facts)
    failed = EffectFailed(
        chat=chat,
        user=user,
        effect=type(facts.effect).__name__,
        reason=reason,
        unknown=unknown,
    )
    return Decision(
        rule=Rule.EFFECT_FAILED,
        events=(failed,),
        effects=() if unknown else _look_at_our_rights(facts),
    )


def _look_at_our_rights(facts: OutcomeFacts) -> tuple[Effect, ...]:
    group, effect = facts.group, facts.effect
    if group is None or group.state is GroupState.LEFT or not isinstance(effect, NeedsRights):
        return ()
    return (InspectGroup(chat=effect.chat, why=EFFECT_REFUSED),)


def _about(facts: OutcomeFacts) -> tuple[ChatId | None, UserId | None]:
    """The group, if the chat is one that we know (a notice may be about a channel), and whom."""
    effect, known = facts.effect, facts.group is not None
    if isinstance(effect, SetCommandMenu):
        return None, effect.user
    if isinstance(effect, PrivateEffect):
        return effect.about if known else None, effect.user
    user = effect.user if isinstance(effect, JoiningEffect) else None
    return effect.chat if known else None, user
