"""What follows once Telegram let somebody in, declined or removed somebody, or would not."""

from datetime import datetime

from bot.policy.changes import Change, ForgetMember, PostponeJoinRequest, SettleJoinRequest
from bot.policy.coming_in.joining import RequestState
from bot.policy.decision import Decision
from bot.policy.effects import (
    ApproveJoinRequest,
    DeclineJoinRequest,
    Effect,
    JoiningEffect,
    RemoveMember,
    SendPrivateNotice,
)
from bot.policy.events import MemberAdmitted, MemberDeclined
from bot.policy.ids import ChatId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account
from bot.policy.rules import Rule


def done(effect: JoiningEffect, account: Account | None) -> Decision:
    """Telegram did it."""
    chat, user = effect.chat, effect.user
    role = None if account is None else account.role
    match effect:
        case ApproveJoinRequest():
            admitted = MemberAdmitted(chat=chat, user=user, role=role, reason=effect.reason)
            state = RequestState.ADMITTED
            return Decision(
                rule=Rule.EFFECT_DONE,
                events=(admitted,),
                changes=(SettleJoinRequest(chat=chat, user=user, state=state),),
            )
        case DeclineJoinRequest():
            declined = MemberDeclined(chat=chat, user=user, role=role, reason=effect.reason)
            state = RequestState.DECLINED
            return Decision(
                rule=Rule.EFFECT_DONE,
                events=(declined,),
                changes=(SettleJoinRequest(chat=chat, user=user, state=state),),
            )
        case RemoveMember():
            return Decision(rule=Rule.EFFECT_DONE, changes=(ForgetMember(chat=chat, user=user),))


def ended_elsewhere(effect: JoiningEffect) -> Decision:
    """There was nothing to do any more: another administrator decided, or it was withdrawn."""
    chat, user = effect.chat, effect.user
    change: Change = SettleJoinRequest(chat=chat, user=user, state=RequestState.ELSEWHERE)
    if isinstance(effect, RemoveMember):
        change = ForgetMember(chat=chat, user=user)
    return Decision(rule=Rule.EFFECT_DONE, changes=(change,))


def wait_again(effect: JoiningEffect, at: datetime, limits: Limits) -> tuple[Change, ...]:
    """Telegram would not: the request waits, and is judged again after a while."""
    if isinstance(effect, RemoveMember):
        return ()
    judge_at = at + limits.join_judged_again
    return (PostponeJoinRequest(chat=effect.chat, user=effect.user, judge_at=judge_at),)


def withheld(effect: Effect, at: datetime, limits: Limits) -> Decision:
    """The bot only observes: nothing was decided, so the request still waits for an administrator.

    Judged again when the trial ends; not by the clock every time it ticks.
    """
    match effect:
        case ApproveJoinRequest(chat=chat, user=user) | DeclineJoinRequest(chat=chat, user=user):
            return _still_waits(chat, user, at, limits)
        case SendPrivateNotice(declines=str(), about=int() as chat, user=user):
            return _still_waits(ChatId(chat), user, at, limits)
        case _:
            return Decision(rule=Rule.EFFECT_DONE)


def _still_waits(chat: ChatId, user: UserId, at: datetime, limits: Limits) -> Decision:
    judge_at = at + limits.join_decided_within
    return Decision(
        rule=Rule.EFFECT_DONE,
        changes=(PostponeJoinRequest(chat=chat, user=user, judge_at=judge_at),),
    )
