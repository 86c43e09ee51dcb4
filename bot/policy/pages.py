"""Who may open which page of the bot's private chat. A page is drawn anew each time it is opened.

Judged when somebody asks, and once more when the page is drawn: between the two a link may have
been revoked or a group handed over. Never here: what stands on a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.policy.commands import answered_lately, refuse_command
from bot.policy.decision import Decision
from bot.policy.effects import EditPage, Language, Page, SendPage
from bot.policy.groups import Group, GroupState
from bot.policy.ids import ChatId, MessageId
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.people import Account, Duty, Role
from bot.policy.rules import Rule

__all__ = ("AUDIENCES", "Asker", "Audience", "OpenFacts", "Page", "judge_open", "may_open")


class Audience(StrEnum):
    """Who a page is for."""

    EVERYONE = "everyone"
    LINKED = "linked"
    GUARDIAN = "guardian"
    STAFF = "staff"
    KEEPER = "keeper"
    """Staff with a seat in the group that the page is about, while the group is ours."""

    ADMINISTRATOR = "administrator"


AUDIENCES: Mapping[Page, Audience] = {
    Page.RULES: Audience.EVERYONE,
    Page.LANGUAGE: Audience.EVERYONE,
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
    match AUDIENCES[page]:
        case Audience.EVERYONE:
            return True
        case Audience.LINKED:
            return account.role is not None
        case Audience.GUARDIAN:
            return account.role is Role.GUARDIAN
        case Audience.STAFF:
            return account.is_staff
        case Audience.KEEPER:
            return keeps(account, group)
        case Audience.ADMINISTRATOR:
            return Duty.ADMINISTRATOR in account.duties


def keeps(account: Account, group: Group | None) -> bool:
    """Whether a member of staff has a seat in a group that is ours."""
    ours = group is not None and group.state in {GroupState.MANAGED, GroupState.SUSPENDED}
    return (
        account.is_staff and ours and group is not None and group.seat_of(account.user) is not None
    )


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
