"""A group passes to a colleague: offered, taken or not, and handed over in Telegram.

Only Telegram's owner can hand a group over, and no bot can do it for him: so the colleague is asked
first, and a look notices that it has happened. Whoever may offer a group offers it to any colleague
with a seat in it; who that is, the caller finds out. Never here: whether the new owner may own it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.audience import disposes_of, keeps
from bot.policy.changes import AcceptOffer, Change, EndOffer, OfferGroup
from bot.policy.decision import Decision
from bot.policy.effects import Page, SendPage
from bot.policy.events import GroupOffered, OfferAnswered, OfferWithdrawn
from bot.policy.groups import Group
from bot.policy.ids import MessageId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account
from bot.policy.rules import Rule

DECLINED = "declined"
"""What a page that follows a refusal is told."""

# What stands in a button about handing over; after the last, the number of a person.
ACCEPT = "accept"
DECLINE = "decline"
WITHDRAW = "withdraw"
OFFER_TO = "to:"


def is_offered(group: Group, at: datetime, limits: Limits) -> bool:
    """Whether a colleague may still take the group, or has taken it and it is not his yet."""
    since = group.offer_accepted_at or group.offered_at
    return group.offered_to is not None and since is not None and at - since < limits.offer_valid


def may_take(colleague: Account, group: Group) -> bool:
    """Whether a group may be offered to somebody: staff with a seat in it who does not own it."""
    return keeps(colleague, group) and group.owner != colleague.user


def offer(group: Group, to: Account, by: Account | None) -> Decision:
    """Offer a group to a colleague. ``by``: ``None`` when no person does, but a new school year."""
    asked = SendPage(
        user=to.user,
        page=Page.GROUP_OFFER,
        language=language_of(to.language),
        about=group.chat,
    )
    giver = None if by is None else by.user
    return Decision(
        rule=Rule.GROUP_OFFERED,
        events=(GroupOffered(chat=group.chat, user=giver, to=to.user),),
        changes=(OfferGroup(chat=group.chat, to=to.user, by=giver),),
        effects=(asked,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """Somebody pressed a colleague to whom to offer a group; ``None`` for one who has no seat."""

    at: datetime
    asker: Asker
    group: Group | None
    colleague: Account | None
    replaces: MessageId | None = None


def judge_offer(facts: OfferFacts, limits: Limits) -> Decision:
    """Ask the colleague. Whoever lost his seat or left school meanwhile is not asked."""
    asker, group, colleague = facts.asker, facts.group, facts.colleague
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not disposes_of(asker.account, group):
        return refuse(asker, Page.HAND_OVER.value, facts.at, limits)
    page = show(Page.HAND_OVER, asker, about=group.chat, replaces=facts.replaces)
    if colleague is None or not may_take(colleague, group):
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    if is_offered(group, facts.at, limits) and group.offered_to == colleague.user:
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    offered = offer(group, colleague, asker.account)
    return Decision(
        rule=offered.rule,
        events=offered.events,
        changes=offered.changes,
        effects=(*offered.effects, page),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFacts:
    """Somebody pressed that the offer is off."""

    at: datetime
    asker: Asker
    group: Group | None
    replaces: MessageId | None = None


def judge_withdraw(facts: WithdrawFacts, limits: Limits) -> Decision:
    """Nobody is to take the group over any more."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not disposes_of(asker.account, group):
        return refuse(asker, Page.HAND_OVER.value, facts.at, limits)
    page = show(Page.HAND_OVER, asker, about=group.chat, replaces=facts.replaces)
    if not is_offered(group, facts.at, limits):
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    return Decision(
        rule=Rule.GROUP_OFFERED,
        events=(OfferWithdrawn(chat=group.chat, user=asker.account.user),),
        changes=(EndOffer(chat=group.chat),),
        effects=(page,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """Somebody pressed that he takes the group, or not. ``giver``: who offered it, if a person."""

    at: datetime
    asker: Asker
    group: Group | None
    giver: Account | None
    accepts: bool
    replaces: MessageId | None = None


def judge_answer(facts: AnswerFacts, limits: Limits) -> Decision:
    """Tell whoever offered it. An answer that comes too late, or twice, changes nothing."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if group is None or not keeps(asker.account, group):
        return refuse(asker, Page.GROUP_OFFER.value, facts.at, limits)
    if not _is_his_to_answer(facts, group, limits):
        page = show(Page.GROUP_OFFER, asker, about=group.chat, replaces=facts.replaces)
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    said = "" if facts.accepts else DECLINED
    chat = group.chat
    change: Change = AcceptOffer(chat=chat) if facts.accepts else EndOffer(chat=chat)
    page = show(Page.GROUP_OFFER, asker, about=chat, argument=said, replaces=facts.replaces)
    return Decision(
        rule=Rule.OFFER_ANSWERED,
        events=(OfferAnswered(chat=chat, user=asker.account.user, accepted=facts.accepts),),
        changes=(change,),
        effects=(page, *_tell_giver(facts, group, said)),
    )


def _is_his_to_answer(facts: AnswerFacts, group: Group, limits: Limits) -> bool:
    his = group.offered_to == facts.asker.account.user
    return his and group.offer_accepted_at is None and is_offered(group, facts.at, limits)


def _tell_giver(facts: AnswerFacts, group: Group, said: str) -> tuple[SendPage, ...]:
    giver = facts.giver
    if giver is None or not disposes_of(giver, group):
        # Whoever has left school hears no more of its groups from the bot.
        return ()
    told = SendPage(
        user=giver.user,
        page=Page.HAND_OVER,
        language=language_of(giver.language),
        about=group.chat,
        argument=said,
    )
    return (told,)
