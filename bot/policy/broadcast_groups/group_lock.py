"""Whether the lock is on (B.6: "berichten versturen uitsluitend door beheerder").

Part of the judgement of a look. Telegram sends nothing when default permissions change, so a look
is the only way to know, and "open" counts from the look that found it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.effects import (
    CreateJoinLink,
    Effect,
    Keyboard,
    LockGroup,
    Purpose,
    ReplacePrimaryLink,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.events import Event, LockDrifted, LockProved
from bot.policy.groups import ALLOWED_WHEN_LOCKED, ChatLook, Group
from bot.policy.ids import ChatId
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule

READ_BACK = "read-back"
"""Why a look is made: to see whether the lock that we have just put on is on."""

EFFECT_REFUSED = "effect-refused"
"""Why a look is made: Telegram would not do what we asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFacts:
    """``owner`` is told when the group is ready; ``complies`` is false while it is suspended.

    ``why`` is the reason of the look, as ``InspectGroup`` named it.
    """

    at: datetime
    group: Group
    look: ChatLook
    owner: Account | None
    complies: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a look says of the lock: what to remember, and what follows. ``rule`` if anything."""

    proved_at: datetime | None
    open_since: datetime | None
    rule: Rule | None = None
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


def opened(look: ChatLook) -> tuple[str, ...]:
    """What members may do and only administrators should, sorted."""
    return tuple(sorted(look.allowed - ALLOWED_WHEN_LOCKED))


def judge_lock(facts: LockFacts) -> Lock:
    """The lock of a group that is managed or suspended."""
    if opened(facts.look):
        return _drifted(facts)
    if facts.group.lock_proved_at is None:
        return _closed_before_first_proof(facts)
    if facts.group.open_since is not None:
        return _closed_again(facts, facts.group.lock_proved_at, facts.group.open_since)
    return Lock(proved_at=facts.at, open_since=None)


def lock_at_adoption(facts: LockFacts) -> Lock:
    """The lock of a group that is adopted at this look.

    Members could write until now, so that is no drift: the lock is put on, and the look that
    reads it back proves it. A group that has been locked by hand already is proved at once.
    """
    if not opened(facts.look):
        return prove(facts)
    lock = LockGroup(chat=facts.look.chat)
    return Lock(proved_at=None, open_since=facts.at, effects=(lock,))


def prove(facts: LockFacts) -> Lock:
    """The lock is on for the first time: the group is made ready, and its owner is told."""
    return Lock(
        proved_at=facts.at,
        open_since=None,
        rule=Rule.LOCK_PROVED,
        events=(LockProved(chat=facts.look.chat, open_seconds=0, open_seconds_at_most=0),),
        effects=_make_ready(facts.look.chat, facts.owner),
    )


def _make_ready(chat: ChatId, owner: Account | None) -> tuple[Effect, ...]:
    for_all: tuple[Effect, ...] = (
        ReplacePrimaryLink(chat=chat),
        CreateJoinLink(chat=chat),
        SendGroupNotice(chat=chat, key="house-rules", purpose=Purpose.HOUSE_RULES),
    )
    if owner is None:
        return for_all
    ready = SendPrivateNotice(
        user=owner.user,
        key="group-ready",
        language=language_of(owner.language),
        keyboard=Keyboard.GROUP_READY,
        about=chat,
    )
    return (*for_all, ready)


def _drifted(facts: LockFacts) -> Lock:
    chat, since = facts.look.chat, facts.group.open_since
    first = since is None
    may_lock = "can_restrict_members" in facts.look.own_rights
    # A look that only follows our own call must not call again: with an administrator or another
    # bot that keeps opening the group, the two would go on at the speed of Telegram's answers.
    # The next message, change or poll looks again, and then the lock is put on again.
    follows_own_call = not first and facts.why in {READ_BACK, EFFECT_REFUSED}
    return Lock(
        proved_at=facts.group.lock_proved_at,
        open_since=facts.at if since is None else since,
        rule=Rule.LOCK_DRIFTED,
        events=(LockDrifted(chat=chat, opened=opened(facts.look)),) if first else (),
        effects=(LockGroup(chat=chat),) if may_lock and not follows_own_call else (),
    )


def _closed_before_first_proof(facts: LockFacts) -> Lock:
    if facts.complies:
        return prove(facts)
    # Links, house rules and "your group is ready" wait until the group complies again.
    return Lock(proved_at=None, open_since=facts.group.open_since)


def _closed_again(facts: LockFacts, proved_at: datetime, since: datetime) -> Lock:
    proved = LockProved(
        chat=facts.look.chat,
        open_seconds=_seconds(facts.at - since),
        open_seconds_at_most=_seconds(facts.at - proved_at),
    )
    return Lock(proved_at=facts.at, open_since=None, rule=Rule.LOCK_PROVED, events=(proved,))


def _seconds(length: timedelta) -> int:
    return max(0, int(length.total_seconds()))
