"""Who may open which page of the bot's private chat. A page is drawn anew each time it is opened.

Judged when somebody asks, and once more when the page is drawn: between the two a link may have
been revoked or a group handed over. Never here: what stands on a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.policy.audience import Audience, admits, keeps
from bot.policy.commands import answered_lately, refuse_command
from bot.policy.decision import Decision
from bot.policy.effects import EditPage, Language, Page, SendPage
from bot.policy.groups import Group
from bot.policy.ids import ChatId, MessageId
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.people import Account
from bot.policy.rules import Rule

__all__ = (
    "AUDIENCES",
    "Asker",
    "Audience",
    "OpenFacts",
    "Page",
    "judge_open",
    "keeps",
    "may_open",
    "refuse",
    "show",
)

AUDIENCES: Mapping[Page, Audience] = {
    Page.RULES: Audience.EVERYONE,
    Page.LANGUAGE: Audience.EVERYONE,
    Page.ANNOUNCEMENT: Audience.STAFF,
    Page.ANNOUNCEMENTS: Audience.STAFF,
    Page.REVIEW: Audience.COORDINATOR,
    Page.SEEN_BY: Audience.STAFF,
    Page.ASK_AGAIN: Audience.STAFF,
    Page.GROUPS: Audience.STAFF,
    Page.GROUP: Audience.KEEPER,
    Page.GROUP_CLASSES: Audience.KEEPER,
    Page.GROUP_MEMBERS: Audience.KEEPER,
    Page.GROUP_LINK: Audience.KEEPER,
    Page.GROUP_SECOND: Audience.KEEPER,
    Page.GROUP_OFFER: Audience.KEEPER,
    Page.HAND_OVER: Audience.OWNER,
    Page.CLOSE_GROUP: Audience.OWNER,
    Page.IMPORT: Audience.ADMINISTRATOR,
    Page.IMPORT_PREVIEW: Audience.ADMINISTRATOR,
    Page.IMPORT_RUN: Audience.ADMINISTRATOR,
    Page.CODES: Audience.ADMINISTRATOR,
    Page.CODE_PAPERS: Audience.ADMINISTRATOR,
    Page.LINKS: Audience.ADMINISTRATOR,
    Page.PERSON: Audience.ADMINISTRATOR,
    Page.REVOKE_LINK: Audience.ADMINISTRATOR,
    Page.DUTIES: Audience.ADMINISTRATOR,
    Page.DUTY_PROPOSAL: Audience.ADMINISTRATOR,
    Page.DATA_REQUESTS: Audience.ADMINISTRATOR,
    Page.SCHOOL_YEAR: Audience.ADMINISTRATOR,
    Page.CONSENT: Audience.GUARDIAN,
    Page.CONSENT_WITHDRAWN: Audience.KEEPER,
    Page.HELP: Audience.EVERYONE,
    Page.MY_DATA: Audience.EVERYONE,
    Page.MY_DATA_FILE: Audience.EVERYONE,
    Page.STOP: Audience.EVERYONE,
    Page.DATA_ASKED: Audience.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who types a command or presses a button in the bot's private chat.

    ``language``: the one chosen or, before that, the one that his Telegram speaks. ``is_bot``:
    another bot asks; two bots that answer one another never stop.
    """

    account: Account
    contact: Contact
    language: Language
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFacts:
    """Somebody opens a page: ``replaces`` is the message whose button was pressed.

    ``about`` and ``argument`` say which group and what else the page is about; ``group`` is that
    group if it is one that we know.
    """

    at: datetime
    asker: Asker
    page: Page
    about: ChatId | None = None
    group: Group | None = None
    argument: str = ""
    replaces: MessageId | None = None


def judge_open(facts: OpenFacts, limits: Limits) -> Decision:
    """Show the page, or record that somebody asked for what is not his."""
    asker = facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if not may_open(facts.page, asker.account, facts.group):
        return refuse(asker, facts.page.value, facts.at, limits)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        effects=(
            show(
                facts.page,
                asker,
                about=facts.about,
                argument=facts.argument,
                replaces=facts.replaces,
            ),
        ),
    )


def may_open(page: Page, account: Account, group: Group | None) -> bool:
    """Whether the page is for this account. ``group`` is the one that the page is about."""
    return admits(AUDIENCES[page], account, group)


def refuse(asker: Asker, what: str, at: datetime, limits: Limits) -> Decision:
    """Record that somebody asked for ``what`` is not his, and say so once in a while."""
    return refuse_command(
        Rule.COMMAND_REFUSED,
        asker.account,
        what,
        answer=not answered_lately(asker.contact, at, limits),
        language=asker.language,
    )


def show(
    page: Page,
    asker: Asker,
    *,
    about: ChatId | None = None,
    argument: str = "",
    replaces: MessageId | None = None,
) -> SendPage | EditPage:
    """The effect that shows a page: in the place of ``replaces``, or as a new message."""
    user, language = asker.account.user, asker.language
    if replaces is None:
        return SendPage(user=user, page=page, language=language, about=about, argument=argument)
    return EditPage(
        user=user,
        page=page,
        language=language,
        about=about,
        argument=argument,
        message=replaces,
    )
