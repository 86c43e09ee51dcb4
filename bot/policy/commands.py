"""Commands that are staff's alone, and the answer to anybody else who uses one."""

from collections.abc import Mapping
from datetime import datetime

from bot.policy.changes import Change, RecordAnswer
from bot.policy.decision import Decision
from bot.policy.effects import Effect, Language, Page, SendPrivateNotice
from bot.policy.events import CommandRefused
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule

NEW_GROUP = "nieuwegroep"
NEW_CHANNEL = "kanaal"
CONFIRM_GROUP = "confirm-group"
"""The button under "shall I manage this group", and the list of one's own groups."""

START = "start"

PAGE_COMMANDS: Mapping[str, Page] = {
    "regels": Page.RULES,
    "rules": Page.RULES,
    "taal": Page.LANGUAGE,
    "language": Page.LANGUAGE,
}
"""Commands that open a page, as they are typed, in Dutch and in English."""

NO_CONTACT = Contact()
"""Of somebody who never wrote to the bot in private before."""

STAFF_COMMANDS = frozenset({NEW_GROUP, NEW_CHANNEL, "bericht", "groepen", "import", "codes"})
"""As they are typed, without the slash."""


def answered_lately(contact: Contact, at: datetime, limits: Limits) -> bool:
    """Whether the account got an answer so short ago that it is left in peace now (B.7)."""
    return contact.answered_at is not None and at - contact.answered_at < limits.answer_pause


def greeted_lately(contact: Contact, at: datetime, limits: Limits) -> bool:
    """Whether the account heard from the bot a moment ago: pressing again brings nothing new."""
    heard = [moment for moment in (contact.greeted_at, contact.answered_at) if moment is not None]
    return bool(heard) and at - max(heard) < limits.greeting_pause


def refuse_command(
    rule: Rule,
    account: Account,
    command: str,
    *,
    answer: bool = True,
    language: Language | None = None,
) -> Decision:
    """Record that somebody used what is not his to use, and say so kindly if ``answer``."""
    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    if answer:
        spoken = language or language_of(account.language)
        effects = (SendPrivateNotice(user=account.user, key="command-refused", language=spoken),)
        changes = (RecordAnswer(user=account.user),)
    refused = CommandRefused(user=account.user, role=account.role, command=command)
    return Decision(rule=rule, events=(refused,), changes=changes, effects=effects)
