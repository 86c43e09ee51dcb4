"""What people may do about their own data: ask for correction or erasure, and stop.

Whoever stops takes his link with him at once. What was written down by number stays, and so do
Telegram's id and the words of removed messages for as long as the school has to keep them: nobody
wipes a trail by stopping. A school is not left without an owner of its groups or without anybody
who can help others: that is handed over first.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.administering.telling import told_of_duties
from bot.policy.changes import AskForData, Change, UnlinkAccount
from bot.policy.coming_in.joining import RequestState
from bot.policy.coming_in.known import JoinRequest
from bot.policy.decision import Decision
from bot.policy.effects import (
    DeclineJoinRequest,
    Effect,
    Page,
    SendPage,
    SendPrivateNotice,
    SetCommandMenu,
)
from bot.policy.events import AccountUnlinked, DataAsked, Event
from bot.policy.ids import MessageId, UserId
from bot.policy.known import OwnData
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, show
from bot.policy.people import Account, DataRequest, UnlinkReason
from bot.policy.rules import Rule

NOT_LINKED = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFacts:
    """Somebody pressed "yes, stop". ``link`` is what the button says of the link that it ends.

    ``asked``: the requests to join of this account.
    """

    at: datetime
    asker: Asker
    own: OwnData
    link: str
    replaces: MessageId | None
    asked: tuple[JoinRequest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """Somebody asks to have his data corrected or erased; ``kind`` is what the button says."""

    at: datetime
    asker: Asker
    own: OwnData
    kind: str
    replaces: MessageId | None


def mark_of(linked_at: datetime | None) -> str:
    """What tells one link of an account from a later one: a button of the first ends no other."""
    return NOT_LINKED if linked_at is None else f"{int(linked_at.timestamp() * 1000):x}"


def must_hand_over(own: OwnData) -> bool:
    """Whether something has to be handed over before this account may go."""
    return own.owns > 0 or own.last_administrator


def judge_stop(facts: StopFacts, _limits: Limits) -> Decision:
    """End the link of whoever asks for it himself."""
    asker = facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    page = show(Page.STOP, asker, replaces=facts.replaces)
    if facts.link != mark_of(facts.own.linked_at):
        # A button of an earlier link, or a changed one: the page says how things stand.
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    if must_hand_over(facts.own):
        return Decision(rule=Rule.STOP_WAITS, effects=(page,))
    ended = unlink(asker.account, UnlinkReason.STOP)
    return Decision(
        rule=Rule.UNLINKED,
        events=ended.events,
        changes=ended.changes,
        effects=(page, *ended.effects, *_withdrawn(facts), *_others_told(facts)),
    )


def _withdrawn(facts: StopFacts) -> tuple[Effect, ...]:
    """What he asked to join he does not join: in Telegram it would go on waiting."""
    return tuple(
        DeclineJoinRequest(chat=each.chat, user=each.user, reason=Rule.UNLINKED.value)
        for each in facts.asked
        if each.state is RequestState.WAITING and each.user == facts.asker.account.user
    )


def _others_told(facts: StopFacts) -> tuple[Effect, ...]:
    account = facts.asker.account
    if account.person is None or not account.is_staff:
        return ()
    others, himself = facts.own.administrators, frozenset((account.user,))
    return told_of_duties("duty-unlinked", account.person, others, but=himself)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinking:
    """What ending a link writes down, changes and does: a part of whichever decision ends it."""

    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]


def unlink(account: Account, why: UnlinkReason, by: UserId | None = None) -> Unlinking:
    """End the link of an account, by ``by`` if that is somebody else.

    An account that was linked to nobody has nothing to write down, and is forgotten all the same.
    """
    user, person = account.user, account.person
    events: tuple[Event, ...] = ()
    if person is not None:
        events = (AccountUnlinked(user=user, person=person.id, why=why, by=by),)
    return Unlinking(
        events=events,
        changes=(UnlinkAccount(user=user, why=why),),
        effects=(SetCommandMenu(user=user),),
    )


def judge_ask(facts: AskFacts, _limits: Limits) -> Decision:
    """Pass on that somebody asks for correction or erasure; once while it is open."""
    asker = facts.asker
    kind = next((each for each in DataRequest if each.value == facts.kind), None)
    if kind is None or asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    user = asker.account.user
    page = show(Page.MY_DATA, asker, replaces=facts.replaces)
    if kind in facts.own.open_requests:
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
    receipt = SendPrivateNotice(user=user, key=f"data-asked-{kind}", language=asker.language)
    return Decision(
        rule=Rule.DATA_ASKED,
        events=(DataAsked(user=user, kind=kind),),
        changes=(AskForData(user=user, kind=kind),),
        effects=(receipt, page, *_tell(facts.own.administrators)),
    )


def _tell(administrators: tuple[Account, ...]) -> tuple[Effect, ...]:
    """Each administrator hears that somebody asks, and not who or what."""
    return tuple(
        SendPage(user=each.user, page=Page.DATA_ASKED, language=language_of(each.language))
        for each in administrators
    )
