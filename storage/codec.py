"""Events and effects as JSON, by their own type hints.

An event's ``ChatId`` becomes the group's number and its ``UserId`` the account's: the log holds no
Telegram id. The first of each also fills the row's own columns, so that the log can be searched.
An effect names the groups in its payload by number too, because a group's chat id may change
before the effect is performed; the chat or account that it is for stands beside the payload. A chat
that is none of our groups, such as a channel that may not post in one, keeps Telegram's id.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.policy.effects import EFFECTS, Effect
from bot.policy.events import Event, Evidence
from bot.policy.ids import AccountId, ChatId, GroupId, PersonId, UserId
from storage.numbers import Numbers

# One encoder for all: ``json.dumps`` with options makes a new one for every call.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

_EFFECTS: Mapping[str, type[Effect]] = {kind.__name__: kind for kind in EFFECTS}


def canonical(value: Mapping[str, Any]) -> str:
    """The one way to write a JSON object: sorted keys, no spaces, so that a hash is stable."""
    return _ENCODER.encode(value)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which fields of a class hold a chat, an account, evidence, or a plain value."""

    chats: tuple[str, ...]
    users: tuple[str, ...]
    people: tuple[str, ...]
    plain: tuple[str, ...]
    evidence: str | None


_PLANS: dict[type[Any], Plan] = {}


def plan_of(kind: type[Any]) -> Plan:
    """The plan of an event's or effect's class."""
    if kind not in _PLANS:
        _PLANS[kind] = _make_plan(kind)
    return _PLANS[kind]


def _make_plan(kind: type[Any]) -> Plan:
    hints = get_type_hints(kind)
    meanings = {f.name: _without_none(hints[f.name]) for f in dataclasses.fields(kind)}

    def of(meaning: object) -> tuple[str, ...]:
        return tuple(name for name, found in meanings.items() if found is meaning)

    special = {ChatId, UserId, PersonId, Evidence}
    return Plan(
        chats=of(ChatId),
        users=of(UserId),
        people=of(PersonId),
        plain=tuple(name for name, found in meanings.items() if found not in special),
        evidence=next(iter(of(Evidence)), None),
    )


def _without_none(hint: Any) -> Any:  # noqa: ANN401 (a type hint has no better type)
    # ``X | None`` is one kind of union for a class and another for a NewType.
    if get_origin(hint) in (Union, UnionType):
        rest = [part for part in get_args(hint) if part is not NoneType]
        return _without_none(rest[0]) if len(rest) == 1 else hint
    return get_origin(hint) or hint


def _plain(value: Any) -> Any:  # noqa: ANN401 (any field of a frozen dataclass)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def event_payload(event: Event, numbers: Numbers) -> str:
    """The payload of an event as the log keeps it."""
    plan = plan_of(type(event))
    payload = {name: _plain(getattr(event, name)) for name in plan.plain}
    for name in plan.chats:
        payload[name] = _number(numbers.groups, getattr(event, name))
    for name in plan.users:
        payload[name] = _number(numbers.accounts, getattr(event, name))
    for name in plan.people:
        payload[name] = getattr(event, name)
    return canonical(payload)


def _number(numbers: Mapping[Any, int], key: int | None) -> int | None:
    return None if key is None else numbers[key]


def effect_payload(effect: Effect, numbers: Numbers) -> str:
    """The payload of an effect, without the chat or account that it is for.

    A chat is the group's number, above zero, or Telegram's id, below zero, where it is no group. An
    account that an effect in a group is about is our number too.
    """
    plan, target = plan_of(type(effect)), target_field(type(effect))
    payload = {}
    for field in dataclasses.fields(effect):
        value = getattr(effect, field.name)
        if field.name in plan.chats:
            value = numbers.groups.get(value, value)
        if field.name in plan.users:
            value = numbers.accounts.get(value, value)
        if field.name != target:
            payload[field.name] = _plain(value)
    return canonical(payload)


def target_field(kind: type[Effect]) -> str:
    """The field that says for whom an effect is: ``chat`` or ``user``."""
    return "chat" if "chat" in plan_of(kind).chats else "user"


def read_effect(
    name: str,
    payload: str,
    target: int,
    chats: Mapping[GroupId, ChatId],
    accounts: Mapping[AccountId, UserId],
) -> Effect:
    """An effect as it was written, for the chat or account with Telegram's id ``target``.

    ``chats``: Telegram's id of each group of ours, today; ``accounts``: that of each account that a
    payload names.
    """
    kind = _EFFECTS[name]
    values = json.loads(payload)
    for field in plan_of(kind).chats:
        number = values.get(field)
        if number is not None and number > 0:
            values[field] = chats.get(GroupId(number))
    for field in plan_of(kind).users:
        number = values.get(field)
        if number is not None:
            # Of an account that has been erased, Telegram will say that it does not know it.
            values[field] = accounts.get(AccountId(number), UserId(0))
    values[target_field(kind)] = target
    readers = _readers(kind)
    effect: Effect = kind(**{key: readers[key](value) for key, value in values.items()})
    return effect


def accounts_in(name: str, payload: str) -> frozenset[AccountId]:
    """The accounts that the payload of an effect names, by our numbers."""
    fields = set(plan_of(_EFFECTS[name]).users) - {target_field(_EFFECTS[name])}
    if not fields:
        return frozenset()
    values = json.loads(payload)
    return frozenset(AccountId(values[field]) for field in fields if values[field] is not None)


def _readers(kind: type[Any]) -> Mapping[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401 (a type hint has no better type)
    hint = _without_none(hint)
    if hint is tuple:
        return tuple
    if hint is datetime:
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: None if value is None else hint(value)
    return lambda value: value
