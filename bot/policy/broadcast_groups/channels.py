"""Which channel is a professional account of staff (B.5), and may therefore speak in a group."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.changes import RegisterChannel
from bot.policy.commands import NEW_CHANNEL, NO_CONTACT, answered_lately, refuse_command
from bot.policy.decision import Decision
from bot.policy.effects import Keyboard, SendPrivateNotice
from bot.policy.events import ChannelRegistered
from bot.policy.ids import ChatId
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """Somebody picked a channel from Telegram's list of his own."""

    at: datetime
    chat: ChatId
    presser: Account
    contact: Contact = NO_CONTACT


def judge_channel(facts: ChannelFacts, limits: Limits) -> Decision:
    """A member of staff declares a channel to be his professional account."""
    presser = facts.presser
    if not presser.is_staff:
        return refuse_command(
            Rule.CHANNEL_REGISTER_REFUSED,
            presser,
            NEW_CHANNEL,
            answer=not answered_lately(facts.contact, facts.at, limits),
        )
    registered = SendPrivateNotice(
        user=presser.user,
        key="channel-registered",
        language=language_of(presser.language),
        keyboard=Keyboard.REMOVE,
        about=facts.chat,
    )
    return Decision(
        rule=Rule.CHANNEL_REGISTERED,
        events=(ChannelRegistered(user=presser.user),),
        changes=(RegisterChannel(chat=facts.chat, by=presser.user),),
        effects=(registered,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChannelFacts:
    """``/kanaal``."""

    at: datetime
    presser: Account
    contact: Contact = NO_CONTACT


def judge_new_channel(facts: NewChannelFacts, limits: Limits) -> Decision:
    """Somebody wants to register a channel: staff get the list to pick it from."""
    presser = facts.presser
    if not presser.is_staff:
        return refuse_command(
            Rule.COMMAND_REFUSED,
            presser,
            NEW_CHANNEL,
            answer=not answered_lately(facts.contact, facts.at, limits),
        )
    offer = SendPrivateNotice(
        user=presser.user,
        key="new-channel",
        language=language_of(presser.language),
        keyboard=Keyboard.PICK_CHANNEL,
    )
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(offer,))
