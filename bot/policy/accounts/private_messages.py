"""What a private message to the bot gets (B.7): help and the right way, never a conversation.

The duty lies on staff: a student who asks for a teacher gives a signal, and does nothing wrong.
The words that somebody wrote are read once, and stand in no event and no effect.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.accounts.asking_for_staff import asks_for_staff
from bot.policy.cascade import first_answer
from bot.policy.changes import RecordAnswer
from bot.policy.commands import (
    HELP,
    STAFF_COMMANDS,
    START,
    answered_lately,
    greeted_lately,
    refuse_command,
)
from bot.policy.decision import Decision
from bot.policy.effects import Language, Page, SendPage, SendPrivateNotice
from bot.policy.events import Event, PrivateMessageAnswered, StaffAskedFor
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.notices import who
from bot.policy.people import Account
from bot.policy.rules import Rule

__all__ = ("RULES", "STAFF_COMMANDS", "PrivateFacts", "asks_for_staff", "judge")

GREETING_COMMANDS = frozenset({START, HELP})


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateFacts:
    """A message in the bot's private chat with ``account`` that no other question answers.

    ``command``: without slash, bot name and arguments; ``None`` if it is none. ``text`` is ``None``
    for a picture, a voice and the like. ``staff_names``: those of active staff. ``of_a_bot``: the
    account is another bot's.
    """

    at: datetime
    account: Account
    contact: Contact
    text: str | None
    command: str | None
    staff_names: frozenset[str]
    language: Language
    of_a_bot: bool = False


def judge(facts: PrivateFacts, limits: Limits) -> Decision:
    """What somebody who writes to the bot in private gets."""
    return first_answer(RULES, _kind_answer, facts, limits)


def _another_bot(facts: PrivateFacts, _limits: Limits) -> Decision | None:
    # Two bots that answer one another never stop.
    return Decision(rule=Rule.BOOKKEEPING) if facts.of_a_bot else None


def _staff(facts: PrivateFacts, limits: Limits) -> Decision | None:
    if not facts.account.is_staff:
        return None
    return _help(facts, limits, Rule.STAFF_HELP)


def _greeting(facts: PrivateFacts, limits: Limits) -> Decision | None:
    if facts.command not in GREETING_COMMANDS:
        return None
    return _help(facts, limits, Rule.COMMAND_ALLOWED)


def _help(facts: PrivateFacts, limits: Limits, rule: Rule) -> Decision:
    """Who the bot is and what it can do for whoever asks, once in a while."""
    if greeted_lately(facts.contact, facts.at, limits):
        return Decision(rule=Rule.ANSWERED_LATELY)
    user = facts.account.user
    page = SendPage(user=user, page=Page.HELP, language=facts.language)
    return Decision(rule=rule, changes=(RecordAnswer(user=user, greeting=True),), effects=(page,))


def _staff_command(facts: PrivateFacts, limits: Limits) -> Decision | None:
    if facts.command is None or facts.command not in STAFF_COMMANDS:
        return None
    return refuse_command(
        Rule.COMMAND_REFUSED,
        facts.account,
        facts.command,
        answer=not _answered_lately(facts, limits),
        language=facts.language,
    )


def _staff_asked_for(facts: PrivateFacts, limits: Limits) -> Decision | None:
    if facts.text is None or not asks_for_staff(facts.text, facts.staff_names):
        return None
    asked = StaffAskedFor(user=facts.account.user, role=facts.account.role)
    if _answered_lately(facts, limits):
        return Decision(rule=Rule.STAFF_ASKED_FOR, events=(asked,))
    return _answer(facts, Rule.STAFF_ASKED_FOR, asked)


def _left_in_peace(facts: PrivateFacts, limits: Limits) -> Decision | None:
    lately = _answered_lately(facts, limits)
    return Decision(rule=Rule.ANSWERED_LATELY) if lately else None


def _kind_answer(facts: PrivateFacts, _limits: Limits) -> Decision:
    return _answer(facts, Rule.KIND_ANSWER)


RULES = (
    _another_bot,
    _staff,
    _greeting,
    _staff_command,
    _staff_asked_for,
    _left_in_peace,
)


def _answered_lately(facts: PrivateFacts, limits: Limits) -> bool:
    return answered_lately(facts.contact, facts.at, limits)


def _answer(facts: PrivateFacts, rule: Rule, *signals: Event) -> Decision:
    user, role = facts.account.user, facts.account.role
    return Decision(
        rule=rule,
        events=(*signals, PrivateMessageAnswered(user=user, role=role)),
        changes=(RecordAnswer(user=user),),
        effects=(_notice(facts, f"kind-answer-{who(role)}"),),
    )


def _notice(facts: PrivateFacts, key: str) -> SendPrivateNotice:
    return SendPrivateNotice(user=facts.account.user, key=key, language=facts.language)
