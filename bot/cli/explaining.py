"""``explain``: which rule decides, and why. From the log, or from facts that somebody makes up."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.cli.calm import NOT_IN_ORDER, StopError
from bot.cli.cases import GroupCase, Logged, MessageCase, Who
from bot.cli.printing import say
from bot.cli.setting_up import database, set_up
from bot.policy.broadcast_groups import group_look, group_messages
from bot.policy.broadcast_groups.group_look import LookFacts
from bot.policy.broadcast_groups.group_messages import Post, PostFacts
from bot.policy.decision import Decision
from bot.policy.explain import EXPLANATIONS
from bot.policy.groups import (
    PERMISSIONS,
    REQUIRED_RIGHTS,
    ChatKind,
    ChatLook,
    Group,
    GroupState,
    Seat,
)
from bot.policy.ids import ChatId, MessageId, PersonId, UserId
from bot.policy.people import Account, Person, Role
from bot.policy.rules import ARTICLES, Rule, article_of
from bot.school import limits_of
from storage.reading_events import last_events, read_event

_CHAT: Final = ChatId(-1_001_000_000_001)
_OWNER, _ADDED_BY, _AUTHOR, _ADDRESSED = (UserId(number) for number in range(1, 5))
_ADMINISTRATORS: Final = 10


# --- from the log ------------------------------------------------------------------------------


async def explain_logged(logged: Logged) -> None:
    """Say which rule decided, and why. Raises ``StopError`` when the log has nothing about it."""
    setup = set_up()
    async with database(setup.settings) as engine:
        if logged.event is not None:
            one = await read_event(engine, logged.event)
            found = [] if one is None else [one]
        else:
            found = await last_events(
                engine,
                logged.last,
                chat=logged.chat,
                group=logged.group,
                account=logged.account,
            )
    if not found:
        raise StopError(
            "Daarover staat niets in het logboek.",
            "The log holds nothing about that.",
            code=NOT_IN_ORDER,
        )
    for one in found:
        _say_event(one)


def _say_event(event: dict[str, Any]) -> None:
    about = ", ".join(
        f"{word} {event[name]}"
        for name, word in (
            ("group_id", "groep/group"),
            ("account_id", "account"),
            ("person_id", "persoon/person"),
        )
        if event[name] is not None
    )
    what = f"#{event['seq']} {event['happened_at']} {event['tag']} ({event['weight']})"
    say(f"{what} {about}".rstrip())
    _say_rule(event["rule"])


def _say_rule(code: str) -> None:
    try:
        rule = Rule(code)
    except ValueError:
        say(
            f"  Regel {code}: van een andere versie van Groepswacht.",
            f"  Rule {code}: of another version of Groepswacht.",
        )
        return
    article = article_of(rule)
    about = ARTICLES[article]
    dutch, english = EXPLANATIONS[rule]
    say(f"  regel / rule: {rule.value}")
    say(f"  artikel / article: {article.value} ({about.level.value})")
    say(f"  {about.nl}", f"  {about.en}")
    say(f"  -> {dutch}", f"  -> {english}")


# --- from made-up facts ------------------------------------------------------------------------


def explain_group(case: GroupCase) -> None:
    """Say what a look at such a group would lead to."""
    limits = limits_of(set_up().school)
    _say_decision(group_look.judge(group_facts(case, datetime.now(UTC)), limits))


def explain_message(case: MessageCase) -> None:
    """Say what would happen to such a message."""
    limits = limits_of(set_up().school)
    _say_decision(group_messages.judge(message_facts(case, datetime.now(UTC)), limits))


def _say_decision(decision: Decision) -> None:
    _say_rule(decision.rule.value)
    say(f"  vastgelegd / recorded: {_listed(event.tag for event in decision.events)}")
    say(f"  gedaan / done: {_listed(type(effect).__name__ for effect in decision.effects)}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words)) or "-"


def account_of(user: UserId, who: Who) -> Account:
    """An account of such a person; a stranger's is linked to nobody."""
    if who in {Who.STRANGER, Who.HIDDEN}:
        return Account(user=user)
    return Account(user=user, person=Person(id=PersonId(user), role=Role(who.value)))


def group_facts(case: GroupCase, at: datetime) -> LookFacts:
    """The facts of a made-up group that is in order but for what the case says."""
    seats: list[tuple[Seat, Who]] = []
    if case.owner is not Who.HIDDEN:
        seats.append((Seat(user=_OWNER, is_owner=True), case.owner))
    seats += [
        (Seat(user=UserId(_ADMINISTRATORS + number)), who)
        for number, who in enumerate(case.administrators)
    ]
    people = tuple((seat, account_of(seat.user, who)) for seat, who in seats)
    owner = next((account for seat, account in people if seat.is_owner), None)
    return LookFacts(
        at=at,
        group=Group(
            chat=_CHAT,
            state=case.state,
            kind=ChatKind.SUPERGROUP,
            added_by=_ADDED_BY,
            confirmed_by=_OWNER if case.confirmed else None,
            owner=owner.user if owner is not None else None,
            deadline_at=at - timedelta(hours=1) if case.late else at + timedelta(hours=1),
        ),
        look=ChatLook(
            chat=_CHAT,
            kind=ChatKind.SUPERGROUP,
            allowed=frozenset(PERMISSIONS) if case.unlocked else frozenset(),
            seats=tuple(seat for seat, _ in people),
            own_rights=frozenset() if case.without_rights else frozenset(REQUIRED_RIGHTS),
        ),
        owner=owner,
        administrators=people,
        added_by=account_of(_ADDED_BY, case.added_by),
        confirmed_by=owner if case.confirmed else None,
        channel_registered=False,
    )


def message_facts(case: MessageCase, at: datetime) -> PostFacts:
    """The facts of a made-up message in a group that is locked and managed."""
    seats = (Seat(user=_AUTHOR),) if case.has_seat else ()
    anonymous = case.author is Who.HIDDEN
    channel = ChatId(-1_001_000_000_002) if case.as_channel else None
    return PostFacts(
        at=at,
        post=Post(
            chat=_CHAT,
            message=MessageId(1),
            at=at - timedelta(hours=case.hours_old),
            user=_AUTHOR,
            sender_chat=_CHAT if anonymous else channel,
            kind=case.kind,
            text=None,
            edited=case.edited,
            is_service=False,
            is_automatic_forward=False,
            by_this_bot=False,
            replied_to=_ADDRESSED if case.reply_to is not None else None,
            mentioned=frozenset(),
        ),
        group=Group(chat=_CHAT, state=GroupState.MANAGED, seats=seats),
        author=None if anonymous else account_of(_AUTHOR, case.author),
        sender_channel_registered=False,
        addressed=() if case.reply_to is None else (account_of(_ADDRESSED, case.reply_to),),
    )
