"""The commands, whom each is for, and the answer to anybody else who uses one.

One table: the help, the menus and the refusals are made from it, and so never differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.policy.audience import Audience, admits
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
HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A command as it is typed, without the slash: in Dutch (``name``) and English (``alias``).

    ``page``: the page that it opens; without one a job of its own answers it. ``listed``: it
    stands in the menu and the help, with the text ``menu-<name>``; others are only kept free.
    """

    name: str
    alias: str
    audience: Audience
    page: Page | None = None
    listed: bool = True

    @property
    def typed(self) -> frozenset[str]:
        """Every way to type it."""
        return frozenset((self.name, self.alias))

    def spoken(self, language: Language) -> str:
        """As it is typed in a language."""
        return self.alias if language is Language.ENGLISH else self.name


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(name=NEW_GROUP, alias="newgroup", audience=Audience.STAFF),
    CommandSpec(name=NEW_CHANNEL, alias="channel", audience=Audience.STAFF),
    CommandSpec(name="groepen", alias="groups", audience=Audience.STAFF, page=Page.GROUPS),
    CommandSpec(name="import", alias="import", audience=Audience.ADMINISTRATOR, page=Page.IMPORT),
    CommandSpec(name="codes", alias="codes", audience=Audience.ADMINISTRATOR, page=Page.CODES),
    CommandSpec(
        name="koppelingen", alias="links", audience=Audience.ADMINISTRATOR, page=Page.LINKS
    ),
    CommandSpec(name="taken", alias="duties", audience=Audience.ADMINISTRATOR, page=Page.DUTIES),
    CommandSpec(
        name="verzoeken",
        alias="requests",
        audience=Audience.ADMINISTRATOR,
        page=Page.DATA_REQUESTS,
    ),
    CommandSpec(name="bericht", alias="announce", audience=Audience.STAFF),
    CommandSpec(
        name="berichten",
        alias="announcements",
        audience=Audience.STAFF,
        page=Page.ANNOUNCEMENTS,
    ),
    CommandSpec(
        name="schooljaar",
        alias="schoolyear",
        audience=Audience.ADMINISTRATOR,
        page=Page.SCHOOL_YEAR,
    ),
    CommandSpec(name="toestemming", alias="consent", audience=Audience.GUARDIAN, page=Page.CONSENT),
    CommandSpec(name="regels", alias="rules", audience=Audience.EVERYONE, page=Page.RULES),
    CommandSpec(name="mijngegevens", alias="mydata", audience=Audience.EVERYONE, page=Page.MY_DATA),
    CommandSpec(name="taal", alias="language", audience=Audience.EVERYONE, page=Page.LANGUAGE),
    CommandSpec(name="stop", alias="stop", audience=Audience.EVERYONE, page=Page.STOP),
    CommandSpec(name=HELP, alias=HELP, audience=Audience.EVERYONE),
    CommandSpec(name=START, alias=START, audience=Audience.EVERYONE, listed=False),
)
"""Every command, in the order in which the menu and the help show them.

A command that opens a page gets a row with its ``page``, for the audience of that page.
"""

PAGE_COMMANDS: Mapping[str, Page] = {
    typed: spec.page for spec in COMMANDS if spec.page is not None for typed in sorted(spec.typed)
}
"""Commands that open a page, as they are typed."""

NO_CONTACT = Contact()
"""Of somebody who never wrote to the bot in private before."""

STAFF_COMMANDS = frozenset(
    typed
    for spec in COMMANDS
    if spec.audience in {Audience.STAFF, Audience.ADMINISTRATOR}
    for typed in spec.typed
)
"""Those for staff alone, as they are typed, without the slash."""


def commands_for(account: Account) -> tuple[CommandSpec, ...]:
    """The commands that an account may use, as its menu and its help show them."""
    return tuple(spec for spec in COMMANDS if spec.listed and admits(spec.audience, account))


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
