"""What administrators do with rosters, codes, links and requests; who may, and whether still.

A roster is written only after its preview was confirmed by whoever sent it. Never here: what
stands in a roster, and duties, which are ``duties``.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.administering.telling import told_of_duties
from bot.policy.administering.under_way import AskedRequest, Member, Upload, UploadState
from bot.policy.changes import CloseDataRequest, RememberUpload, SetUploadState, UnlinkAccount
from bot.policy.decision import Decision
from bot.policy.effects import Page, SendPage, SendPrivateNotice, SetCommandMenu
from bot.policy.events import AccountUnlinked, DataRequestDone
from bot.policy.ids import MessageId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account, Duty, UnlinkReason
from bot.policy.rules import Rule

MOST_BYTES = 5_000_000
"""A roster of fifty thousand people is smaller."""

OTHERS_FOR_THE_FIRST = 2
"""Whoever installed the bot can go once so many other administrators are linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFacts:
    """An administrator sent a document; ``size`` in bytes, ``None`` if Telegram does not say."""

    at: datetime
    asker: Asker
    number: int
    file_id: str
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFacts:
    """Somebody presses a button under a preview; ``upload`` is ``None`` if there is none such."""

    at: datetime
    asker: Asker
    upload: Upload | None
    confirms: bool
    replaces: MessageId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesFacts:
    """Somebody asks for codes on paper; ``argument`` says for whom and in which form."""

    at: datetime
    asker: Asker
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeFacts:
    """Somebody ends the link of a person; ``administrators`` are linked and at school."""

    at: datetime
    asker: Asker
    subject: Member | None
    administrators: tuple[Account, ...]
    replaces: MessageId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """Somebody says that a request has been dealt with; ``argument`` is the page's own."""

    at: datetime
    asker: Asker
    request: AskedRequest | None
    replaces: MessageId | None


def is_administrator(account: Account) -> bool:
    """Whether an administrator of the bot, still at school, is linked to this account."""
    return Duty.ADMINISTRATOR in account.duties


def judge_upload(facts: UploadFacts, limits: Limits) -> Decision:
    """Remember where a roster is, and have its preview drawn."""
    asker = facts.asker
    if not is_administrator(asker.account):
        return refuse(asker, Page.IMPORT.value, facts.at, limits)
    if facts.size is not None and facts.size > MOST_BYTES:
        notice = SendPrivateNotice(
            user=asker.account.user, key="import-too-large", language=asker.language
        )
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(notice,))
    remember = RememberUpload(number=facts.number, user=asker.account.user, file_id=facts.file_id)
    shown = show(Page.IMPORT_PREVIEW, asker, argument=str(facts.number))
    return Decision(rule=Rule.COMMAND_ALLOWED, changes=(remember,), effects=(shown,))


def judge_confirm(facts: ConfirmFacts, limits: Limits) -> Decision:
    """Have a roster written that was shown to the same administrator, or drop it.

    Confirming again what was confirmed already shows the outcome: storage writes it once.
    """
    asker, upload = facts.asker, facts.upload
    if not is_administrator(asker.account):
        return refuse(asker, Page.IMPORT.value, facts.at, limits)
    if upload is None or upload.user != asker.account.user:
        return refuse(asker, Page.IMPORT_RUN.value, facts.at, limits)
    waits = upload.state is UploadState.SHOWN and facts.at - upload.made_at < limits.upload_valid
    if not facts.confirms:
        return _cancelled(facts, upload, waits=waits)
    if not waits and upload.state is not UploadState.CONFIRMED:
        return _shown(Rule.NOT_OPEN_ANY_MORE, facts, upload)
    confirmed = SetUploadState(number=upload.number, state=UploadState.CONFIRMED)
    written = show(Page.IMPORT_RUN, asker, argument=str(upload.number), replaces=facts.replaces)
    return Decision(rule=Rule.COMMAND_ALLOWED, changes=(confirmed,), effects=(written,))


def _cancelled(facts: ConfirmFacts, upload: Upload, *, waits: bool) -> Decision:
    if not waits:
        return _shown(Rule.NOT_OPEN_ANY_MORE, facts, upload)
    cancelled = SetUploadState(number=upload.number, state=UploadState.CANCELLED)
    shown = _shown(Rule.COMMAND_ALLOWED, facts, upload)
    return Decision(rule=shown.rule, changes=(cancelled,), effects=shown.effects)


def _shown(rule: Rule, facts: ConfirmFacts, upload: Upload) -> Decision:
    """Show what has become of it."""
    number = str(upload.number)
    outcome = show(Page.IMPORT_RUN, facts.asker, argument=number, replaces=facts.replaces)
    return Decision(rule=rule, effects=(outcome,))


def judge_codes(facts: CodesFacts, limits: Limits) -> Decision:
    """Have codes made when the papers are drawn: nothing else ever holds them."""
    asker = facts.asker
    if not is_administrator(asker.account):
        return refuse(asker, Page.CODES.value, facts.at, limits)
    papers = SendPage(
        user=asker.account.user,
        page=Page.CODE_PAPERS,
        language=asker.language,
        argument=facts.argument,
    )
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(papers,))


def judge_revoke(facts: RevokeFacts, limits: Limits) -> Decision:
    """End a link, unless nobody would be left to administer the bot."""
    asker, subject = facts.asker, facts.subject
    if not is_administrator(asker.account):
        return refuse(asker, Page.REVOKE_LINK.value, facts.at, limits)
    if subject is None or subject.account is None:
        number = "" if subject is None else str(subject.person.id)
        page = Page.LINKS if subject is None else Page.PERSON
        shown = show(page, asker, argument=number, replaces=facts.replaces)
        return Decision(rule=Rule.NOT_OPEN_ANY_MORE, effects=(shown,))
    if not _may_go(subject, facts.administrators):
        key = "last-administrator" if not subject.is_first_administrator else "first-stays"
        notice = SendPrivateNotice(user=asker.account.user, key=key, language=asker.language)
        return Decision(rule=Rule.LAST_ADMINISTRATOR, effects=(notice,))
    return _revoked(facts, subject, subject.account)


def _may_go(subject: Member, administrators: tuple[Account, ...]) -> bool:
    others = sum(
        1 for one in administrators if one.person is not None and one.person.id != subject.person.id
    )
    if len(administrators) == others:
        return True
    return others >= (OTHERS_FOR_THE_FIRST if subject.is_first_administrator else 1)


def _revoked(facts: RevokeFacts, subject: Member, account: Account) -> Decision:
    asker, person = facts.asker, subject.person.id
    unlinked = AccountUnlinked(
        user=account.user, person=person, why=UnlinkReason.REVOKED, by=asker.account.user
    )
    told = SendPrivateNotice(
        user=account.user, key="link-revoked", language=language_of(account.language)
    )
    shown = show(Page.PERSON, asker, argument=str(person), replaces=facts.replaces)
    return Decision(
        rule=Rule.LINK_REVOKED,
        events=(unlinked,),
        changes=(UnlinkAccount(user=account.user, why=UnlinkReason.REVOKED),),
        # Whoever ends his own link is told, and has no page to go back to.
        effects=(
            told,
            SetCommandMenu(user=account.user),
            *told_of_duties(
                "duty-unlinked",
                subject.person,
                facts.administrators,
                but=frozenset((account.user, asker.account.user)),
            ),
            *(() if account.user == asker.account.user else (shown,)),
        ),
    )


def judge_request(facts: RequestFacts, limits: Limits) -> Decision:
    """Write down that somebody's request has been dealt with."""
    asker, request = facts.asker, facts.request
    if not is_administrator(asker.account):
        return refuse(asker, Page.DATA_REQUESTS.value, facts.at, limits)
    shown = show(Page.DATA_REQUESTS, asker, replaces=facts.replaces)
    if request is None or request.done:
        return Decision(rule=Rule.NOT_OPEN_ANY_MORE, effects=(shown,))
    done = DataRequestDone(user=asker.account.user, person=request.person, kind=request.kind)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        events=(done,),
        changes=(CloseDataRequest(number=request.number, by=asker.account.user),),
        effects=(shown,),
    )
