"""What follows once Telegram has answered an effect, or has not.

The next step of a chain (house rules sent, so pin them) starts here. So does honesty: what Telegram
would not do, and what nobody can say whether it did, is written down.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.changes import RememberInviteLink, RememberNotice
from bot.policy.decision import Decision
from bot.policy.effects import (
    BanSenderChat,
    CreateJoinLink,
    DeleteMessages,
    Effect,
    InspectGroup,
    LeaveGroup,
    LockGroup,
    PinMessage,
    PrivateEffect,
    Purpose,
    ReplacePrimaryLink,
    SendGroupNotice,
)
from bot.policy.events import EffectFailed, MessageNotRemovable
from bot.policy.group_lock import EFFECT_REFUSED, READ_BACK
from bot.policy.groups import Group, GroupState
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.rules import Rule

NOT_A_MEMBER = "not-a-member"
"""The reason of a refusal because the bot is not, or no longer, in the chat."""

NOTHING_FOLLOWS = Decision(rule=Rule.EFFECT_DONE)

NeedsRights = (
    LockGroup | PinMessage | ReplacePrimaryLink | CreateJoinLink | BanSenderChat | SendGroupNotice
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
    """An effect and what came of it. ``group``: the one that it was for or about, if known."""

    at: datetime
    effect: Effect
    outcome: Outcome
    group: Group | None


def judge(facts: OutcomeFacts, _limits: Limits) -> Decision:
    """What follows an effect."""
    match facts.outcome:
        case Done() as done:
            return _done(facts.effect, done)
        case Refused() as refused:
            return _refused(facts, refused)
        case Lost() as lost:
            return _failed(facts, lost.reason, unknown=True)


def _done(effect: Effect, done: Done) -> Decision:
    match effect:
        case SendGroupNotice(purpose=Purpose.HOUSE_RULES) if done.message is not None:
            return Decision(
                rule=Rule.EFFECT_DONE,
                changes=(RememberNotice(chat=effect.chat, message=done.message),),
                effects=(PinMessage(chat=effect.chat, message=done.message),),
            )
        case LockGroup():
            return Decision(
                rule=Rule.EFFECT_DONE, effects=(InspectGroup(chat=effect.chat, why=READ_BACK),)
            )
        case ReplacePrimaryLink() | CreateJoinLink() if done.url is not None:
            link = RememberInviteLink(
                chat=effect.chat,
                url=done.url,
                asks_approval=isinstance(effect, CreateJoinLink),
            )
            return Decision(rule=Rule.EFFECT_DONE, changes=(link,))
        case _:
            return NOTHING_FOLLOWS


def _refused(facts: OutcomeFacts, refused: Refused) -> Decision:
    match facts.effect:
        case SendGroupNotice(purpose=Purpose.REFUSAL):
            # Expected: students may have locked their group, and there the bot has no voice.
            return NOTHING_FOLLOWS
        case LeaveGroup() if refused.reason == NOT_A_MEMBER:
            return NOTHING_FOLLOWS
        case DeleteMessages() as removal:
            not_removable = MessageNotRemovable(
                chat=removal.chat, user=None, count=refused.count, reason=refused.reason
            )
            return Decision(rule=Rule.EFFECT_FAILED, events=(not_removable,))
        case _:
            return _failed(facts, refused.reason, unknown=False)


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
    if isinstance(effect, PrivateEffect):
        return effect.about if known else None, effect.user
    return effect.chat if known else None, None
