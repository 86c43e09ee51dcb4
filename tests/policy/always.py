"""What holds for every answer of every question, and the facts to try it on."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from bot.policy.changes import Change
from bot.policy.decision import Decision
from bot.policy.effects import EFFECTS, SendGroupNotice, SendPrivateNotice
from bot.policy.events import Event
from bot.policy.groups import (
    PERMISSIONS,
    REQUIRED_RIGHTS,
    ChatKind,
    ChatLook,
    Group,
    GroupState,
    Seat,
)
from bot.policy.ids import STAND_INS, ChatId, MessageId, PersonId, UserId
from bot.policy.known import Contact
from bot.policy.limits import Limits
from bot.policy.notices import FILLED_WHEN_SENT, NOT_CONFIRMED, NOT_IN, NOTICES, Item
from bot.policy.people import Account, Duty, Person, Role
from bot.policy.rules import Rule

Kind = TypeVar("Kind")

NAMES_OF_CHATS = {"chat", "old", "new", "sender_chat", "linked_channel", "about"}


def of_type(kind: type[Kind], values: Iterable[object]) -> list[Kind]:
    return [value for value in values if isinstance(value, kind)]


def only(kind: type[Kind], values: Iterable[object]) -> Kind:
    """The one ``kind`` among ``values``."""
    (one,) = of_type(kind, values)
    return one


def chats_in(value: object) -> Iterator[int]:
    """Every chat that is named somewhere inside ``value``."""
    if isinstance(value, tuple):
        for part in value:
            yield from chats_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name in NAMES_OF_CHATS and inner is not None:
                yield inner
            yield from chats_in(inner)


def assert_always(facts: object, decision: object) -> None:
    assert isinstance(decision, Decision)
    assert isinstance(decision.rule, Rule)
    assert set(chats_in(decision)) <= set(chats_in(facts))
    assert all(type(effect) in EFFECTS for effect in decision.effects)
    assert all(isinstance(event, Event) for event in decision.events)
    assert all(isinstance(change, Change) for change in decision.changes)
    for effect in decision.effects:
        if isinstance(effect, SendPrivateNotice | SendGroupNotice):
            assert_notice_can_be_written(effect)


def assert_notice_can_be_written(notice: SendPrivateNotice | SendGroupNotice) -> None:
    """The key exists, and every placeholder of its text, items included, has a value."""
    needed = set(NOTICES[notice.key])
    if "items" in needed:
        for code in str(notice.values["items"]).split():
            needed |= NOTICES[f"item-{code}"]
    assert set(notice.values) == needed - FILLED_WHEN_SENT
    for right in str(notice.values.get("rights", "")).split():
        assert f"right-{right}" in NOTICES


# --- facts: few ids, so that coincidences happen -----------------------------------------------

moments = st.datetimes(
    # Hypothesis wants its bounds naive and gives every moment its zone.
    min_value=datetime(2026, 11, 20),  # noqa: DTZ001
    max_value=datetime(2026, 11, 26),  # noqa: DTZ001
    timezones=st.just(UTC),
)
chats = st.sampled_from([ChatId(-1), ChatId(-2), ChatId(-3)])
users = st.sampled_from([UserId(number) for number in range(1, 6)])
users_or_stand_ins = st.one_of(users, st.sampled_from(sorted(STAND_INS)))
messages = st.integers(1, 9).map(MessageId)
words = st.text(max_size=12)
languages = st.sampled_from([None, "nl", "en", "en-GB", "tr"])

people = st.builds(
    Person,
    id=st.integers(1, 4).map(PersonId),
    role=st.sampled_from(Role),
    duties=st.frozensets(st.sampled_from(Duty)),
    active=st.booleans(),
)
accounts = st.builds(Account, user=users, person=st.none() | people, language=languages)
seats = st.builds(
    Seat,
    user=users,
    is_owner=st.booleans(),
    is_anonymous=st.booleans(),
    is_bot=st.booleans(),
)
seat_lists = st.lists(seats, max_size=4).map(tuple)
explained = st.frozensets(
    st.sampled_from([*(item.value for item in Item), NOT_CONFIRMED, NOT_IN]), max_size=3
)
groups = st.builds(
    Group,
    chat=chats,
    state=st.sampled_from(GroupState),
    kind=st.sampled_from(ChatKind),
    added_by=st.none() | users,
    confirmed_by=st.none() | users,
    owner=st.none() | users,
    seats=seat_lists,
    linked_channel=st.none() | chats,
    deadline_at=st.none() | moments,
    explained=explained,
    looked_at=st.none() | moments,
    lock_proved_at=st.none() | moments,
    open_since=st.none() | moments,
    notice=st.none() | messages,
    refused_at=st.none() | moments,
)
looks = st.builds(
    ChatLook,
    chat=chats,
    kind=st.sampled_from(ChatKind),
    title=words,
    is_member=st.booleans(),
    username=st.none() | words,
    allowed=st.frozensets(st.sampled_from(PERMISSIONS)),
    seats=seat_lists,
    own_rights=st.frozensets(st.sampled_from(REQUIRED_RIGHTS)),
    linked_channel=st.none() | chats,
    is_forum=st.booleans(),
    boosts_unrestrict=st.integers(0, 3),
    in_community=st.booleans(),
)
contacts = st.builds(
    Contact,
    wrong_codes=st.lists(moments, max_size=8).map(tuple),
    answered_at=st.none() | moments,
)
limits = st.builds(
    Limits,
    removed_message_retention=st.sampled_from([timedelta(0), timedelta(days=30)]),
    wrong_codes=st.integers(1, 6),
)
