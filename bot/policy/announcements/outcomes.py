"""What follows once Telegram has answered the sending of an announcement, or has not."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.announcements.draft import AnnouncementId, DeliveryState
from bot.policy.changes import Change, SetDelivery
from bot.policy.decision import Decision
from bot.policy.effects import DeleteMessages, EditAnnouncement, Effect, SendAnnouncement
from bot.policy.events import AnnouncementDelivered, EffectFailed, Event
from bot.policy.ids import MessageId
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFacts:
    """``message`` is what Telegram sent, or ``None`` with the ``reason`` why nothing was.

    ``unknown``: the answer was lost. ``withheld``: the bot only observes. ``delivery`` is what the
    announcement has come to by now: its author may have taken it back meanwhile.
    """

    at: datetime
    effect: SendAnnouncement
    delivery: DeliveryState | None
    message: MessageId | None = None
    reason: str | None = None
    unknown: bool = False
    withheld: bool = False


def judge(facts: SentFacts) -> Decision:
    """Write down how far it came with this group."""
    if facts.delivery is None:
        return Decision(rule=Rule.EFFECT_DONE)
    if facts.message is not None:
        return _sent(facts, facts.message, facts.delivery)
    if facts.withheld:
        return Decision(rule=Rule.EFFECT_DONE, changes=(_set(facts, DeliveryState.WITHHELD),))
    if facts.reason is None:
        # It was taken back or replaced before its turn came: nothing was sent.
        return Decision(rule=Rule.EFFECT_DONE)
    return _failed(facts, facts.reason)


def _sent(facts: SentFacts, message: MessageId, delivery: DeliveryState) -> Decision:
    chat, number = facts.effect.chat, facts.effect.announcement
    delivered: tuple[Event, ...] = (AnnouncementDelivered(chat=chat, announcement=number),)
    if delivery is DeliveryState.WITHDRAWN:
        effects: tuple[Effect, ...] = (DeleteMessages(chat=chat, messages=(message,)),)
        return Decision(rule=Rule.EFFECT_DONE, events=delivered, effects=effects)
    if delivery is DeliveryState.REPLACED:
        edit = EditAnnouncement(chat=chat, announcement=number, message=message)
        kept = _set(facts, delivery, message=message)
        return Decision(rule=Rule.EFFECT_DONE, events=delivered, changes=(kept,), effects=(edit,))
    sent = _set(facts, DeliveryState.SENT, message=message)
    return Decision(rule=Rule.EFFECT_DONE, events=delivered, changes=(sent,))


def _failed(facts: SentFacts, reason: str) -> Decision:
    failed = EffectFailed(
        chat=facts.effect.chat,
        user=None,
        effect=type(facts.effect).__name__,
        reason=reason,
        unknown=facts.unknown,
    )
    changes: tuple[Change, ...] = ()
    if facts.delivery is DeliveryState.PENDING:
        state = DeliveryState.UNKNOWN if facts.unknown else DeliveryState.FAILED
        changes = (_set(facts, state, error=reason),)
    return Decision(rule=Rule.EFFECT_FAILED, events=(failed,), changes=changes)


def _set(
    facts: SentFacts,
    state: DeliveryState,
    *,
    message: MessageId | None = None,
    error: str | None = None,
) -> SetDelivery:
    return SetDelivery(
        announcement=AnnouncementId(facts.effect.announcement),
        chat=facts.effect.chat,
        state=state,
        message=message,
        error=error,
    )
