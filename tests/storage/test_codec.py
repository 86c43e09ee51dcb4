"""Effects come back as they were; events hold our own numbers for chats and people only."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.effects import EFFECTS, BanSenderChat, Effect, PrivateEffect, SendPrivateNotice
from bot.policy.events import Event, Evidence
from bot.policy.ids import AccountId, ChatId, GroupId, MessageId, PersonId, UserId
from storage.codec import effect_payload, event_payload, plan_of, read_effect, target_field
from storage.numbers import Numbers
from tests.storage.conftest import NOON

CHATS = {ChatId(-1_001_234_567_890): GroupId(41), ChatId(-1_009_999_999_999): GroupId(42)}
USERS = {UserId(5_000_000_001): AccountId(51), UserId(7_123_456_789): AccountId(52)}
CHATS_NOW = {number: chat for chat, number in CHATS.items()}
USERS_NOW = {number: user for user, number in USERS.items()}
NUMBERS = Numbers(groups=dict(CHATS), accounts=dict(USERS))
CHAT_IDS = {abs(number) for number in CHATS}
TELEGRAM_IDS = {abs(number) for number in (*CHATS, *USERS)}
OURS = {*CHATS.values(), *USERS.values()}

EVENTS: tuple[type[Event], ...] = get_args(Event)

TEXTS = st.text(max_size=20)
NAMED: Mapping[object, st.SearchStrategy[Any]] = {
    ChatId: st.sampled_from(sorted(CHATS)),
    UserId: st.sampled_from(sorted(USERS)),
    PersonId: st.integers(61, 69),
    MessageId: st.integers(1, 2**52),
    str: TEXTS,
    int: st.integers(0, 10**6),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Evidence: st.just(
        Evidence(message=MessageId(7), kind="text", text="woorden", keep_until=NOON + timedelta(1))
    ),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field, by its type."""
    if hint in NAMED:
        return NAMED[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([st.none() if part is NoneType else values_of(part) for part in inner])
    if origin is tuple:
        return st.lists(values_of(inner[0]), max_size=4, unique=True).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(-(2**60), 2**60)), max_size=3)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    raise AssertionError(f"no values for {hint}")


def any_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: values_of(hints[f.name]) for f in dataclasses.fields(kind)})


def integers_in(value: Any) -> set[int]:
    if isinstance(value, Mapping):
        return integers_in(list(value.values()))
    if isinstance(value, list):
        return set().union(*map(integers_in, value))
    return {abs(value)} if isinstance(value, int) else set()


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_effect_when_written_and_read_then_is_the_same(kind: type[Effect]):
    @given(any_of(kind))
    def check(effect: Effect) -> None:
        payload = effect_payload(effect, NUMBERS)
        target = getattr(effect, target_field(kind))

        assert read_effect(kind.__name__, payload, target, CHATS_NOW, USERS_NOW) == effect
        assert integers_in(json.loads(payload)) & CHAT_IDS == set()

    check()


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_effect_when_written_then_whom_it_is_for_stands_outside_the_payload(kind: type[Effect]):
    @given(any_of(kind))
    def check(effect: Effect) -> None:
        target = target_field(kind)
        others = {f.name for f in dataclasses.fields(kind)} - {target}

        assert json.loads(effect_payload(effect, NUMBERS)).keys() == others
        assert target in {"chat", "user"}

    check()


@pytest.mark.parametrize(
    "kind", [k for k in EFFECTS if k not in get_args(PrivateEffect)], ids=lambda kind: kind.__name__
)
def test_effect_when_its_group_has_another_chat_id_by_now_then_is_read_for_that_one(kind):
    @given(any_of(kind))
    def check(effect: Any) -> None:
        new = ChatId(-1_008_888_888_888)

        payload = effect_payload(effect, NUMBERS)
        again = read_effect(kind.__name__, payload, new, CHATS_NOW, USERS_NOW)

        assert again == dataclasses.replace(effect, chat=new)

    check()


def test_notice_when_the_group_that_it_is_about_has_moved_then_is_about_its_new_chat():
    old, new = ChatId(-1_001_234_567_890), ChatId(-1_008_888_888_888)
    notice = SendPrivateNotice(user=UserId(5_000_000_001), key="group-ready", about=old)

    payload = effect_payload(notice, NUMBERS)

    chats = CHATS_NOW | {GroupId(41): new}
    again = read_effect("SendPrivateNotice", payload, notice.user, chats, USERS_NOW)
    assert again == dataclasses.replace(notice, about=new)


def test_channel_when_it_is_none_of_our_groups_then_keeps_its_id():
    channel = ChatId(-1_007_777_777_777)
    ban = BanSenderChat(chat=ChatId(-1_001_234_567_890), sender_chat=channel)

    payload = effect_payload(ban, NUMBERS)

    assert json.loads(payload) == {"sender_chat": channel}
    assert read_effect("BanSenderChat", payload, ban.chat, CHATS_NOW, USERS_NOW) == ban


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_event_when_written_then_holds_our_numbers_and_no_id_of_telegram(kind: type[Event]):
    @given(any_of(kind))
    def check(event: Event) -> None:
        payload = json.loads(event_payload(event, NUMBERS))

        for name in plan_of(kind).chats + plan_of(kind).users:
            given_id = getattr(event, name)
            assert payload[name] == (CHATS | USERS).get(given_id)
        assert integers_in(payload) & TELEGRAM_IDS == set()

    check()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_event_when_written_then_its_payload_names_every_field_but_the_evidence(kind):
    hints = get_type_hints(kind)
    fields = {f.name for f in dataclasses.fields(kind)}
    evidence = {name for name in fields if Evidence in (hints[name], *get_args(hints[name]))}

    @given(any_of(kind))
    def check(event: Event) -> None:
        payload = event_payload(event, NUMBERS)

        assert json.loads(payload).keys() == fields - evidence
        assert "woorden" not in payload

    check()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_event_class_when_it_names_telegrams_chats_or_accounts_then_the_codec_knows(kind):
    """Also ``UserId | None``: what the codec took for a plain field would be written as it is."""
    plan = plan_of(kind)
    for name, hint in get_type_hints(kind).items():
        parts = {hint, *get_args(hint)}
        assert (ChatId in parts) == (name in plan.chats)
        assert (UserId in parts) == (name in plan.users)
        assert (PersonId in parts) == (name in plan.people)


@given(st.data())
def test_payload_when_written_twice_then_is_the_same_text(data):
    event = data.draw(any_of(data.draw(st.sampled_from(EVENTS))))
    same = dataclasses.replace(event)

    assert event_payload(event, NUMBERS) == event_payload(same, NUMBERS)
