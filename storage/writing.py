"""Writing decisions: events with their chain, evidence, and effects into the outbox.

One ``executemany`` a table for a whole batch. Numbers are given out here, under the write lock
that the transaction holds, so that an event, its evidence and its effects can name one another.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.decision import Decision
from bot.policy.effects import (
    DELETED_AT_ONCE,
    DeleteMessages,
    EditAnnouncement,
    EditPage,
    Effect,
    InspectGroup,
    SendPage,
)
from bot.policy.events import Event, Evidence
from bot.policy.ids import ChatId, EffectId, UserId
from bot.policy.rules import Rule
from storage.chain import GENESIS, link
from storage.codec import effect_payload, event_payload, plan_of, target_field
from storage.numbers import Numbers
from storage.outbox import Waiting
from storage.tables import PENDING, events, evidence, outbox

_HEAD = select(
    select(func.max(events.c.seq)).scalar_subquery().label("seq"),
    select(events.c.hash).order_by(events.c.seq.desc()).limit(1).scalar_subquery().label("hash"),
    select(func.max(outbox.c.id)).scalar_subquery().label("effect"),
)
_ALREADY_PENDING = select(outbox.c.coalesce_key).where(
    outbox.c.state == PENDING, outbox.c.coalesce_key.in_(bindparam("keys", expanding=True))
)


@dataclass(slots=True)
class Ruling:
    """A decision with the two times of everything: when it happened, when we recorded it."""

    decision: Decision
    happened_at: datetime
    first_seq: int | None = None


@dataclass(slots=True)
class _Rows:
    events: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


async def write_rulings(
    connection: AsyncConnection, rulings: Sequence[Ruling], at: datetime, numbers: Numbers
) -> list[Waiting]:
    """Write the events and effects of decisions; answer the effects that now wait."""
    rulings = [r for r in rulings if r.decision.events or r.decision.effects]
    if not rulings:
        return []
    await _learn_numbers(connection, rulings, at, numbers)
    head = (await connection.execute(_HEAD)).one()
    rows = _Rows()
    _chain_events(rows, rulings, at, numbers, head.seq or 0, head.hash or GENESIS)
    effects = _merged(rulings)
    effects = await _not_waiting_already(connection, effects, numbers)
    _queue_effects(rows, effects, at, numbers, head.effect or 0)
    for table, new in ((events, rows.events), (evidence, rows.evidence), (outbox, rows.outbox)):
        if new:
            await connection.execute(insert(table), new)
    return rows.waiting


async def _learn_numbers(
    connection: AsyncConnection, rulings: Iterable[Ruling], at: datetime, numbers: Numbers
) -> None:
    chats: set[ChatId] = set()
    users: set[UserId] = set()
    for ruling in rulings:
        for thing in (*ruling.decision.events, *ruling.decision.effects):
            plan = plan_of(type(thing))
            chats.update(chat for name in plan.chats if (chat := getattr(thing, name)) is not None)
            users.update(user for name in plan.users if (user := getattr(thing, name)) is not None)
    await numbers.learn_groups(connection, chats)
    await numbers.learn_accounts(connection, users, at)


def _chain_events(
    rows: _Rows,
    rulings: Iterable[Ruling],
    at: datetime,
    numbers: Numbers,
    seq: int,
    previous: str,
) -> None:
    for ruling in rulings:
        for event in ruling.decision.events:
            seq += 1
            row = _event_row(event, ruling, at, numbers, seq)
            row["hash"] = previous = link(previous, row)
            rows.events.append(row)
            ruling.first_seq = ruling.first_seq or seq
            _keep_evidence(rows, event, seq)


def _event_row(
    event: Event, ruling: Ruling, at: datetime, numbers: Numbers, seq: int
) -> dict[str, Any]:
    plan = plan_of(type(event))
    chat = getattr(event, plan.chats[0]) if plan.chats else None
    user = getattr(event, plan.users[0]) if plan.users else None
    person = getattr(event, plan.people[0]) if plan.people else None
    return {
        "seq": seq,
        "tag": event.tag,
        "version": event.version,
        "weight": event.weight.value,
        "rule": ruling.decision.rule.value,
        "group_id": None if chat is None else numbers.groups[chat],
        "account_id": None if user is None else numbers.accounts[user],
        "person_id": person if person is not None or user is None else numbers.people.get(user),
        "happened_at": ruling.happened_at,
        "recorded_at": at,
        "payload": event_payload(event, numbers),
    }


def _keep_evidence(rows: _Rows, event: Event, seq: int) -> None:
    name = plan_of(type(event)).evidence
    kept: Evidence | None = None if name is None else getattr(event, name)
    if kept is not None:
        rows.evidence.append(
            {
                "event_seq": seq,
                "message_id": kept.message,
                "kind": kept.kind,
                "text": kept.text,
                "keep_until": kept.keep_until,
            }
        )


@dataclass(slots=True)
class _Queued:
    effect: Effect
    ruling: Ruling

    @property
    def rule(self) -> Rule:
        return self.ruling.decision.rule


def _merged(rulings: Iterable[Ruling]) -> list[_Queued]:
    """All effects in order; messages of one chat that go together share one effect."""
    queued: list[_Queued] = []
    open_deletions: dict[ChatId, _Queued] = {}
    for ruling in rulings:
        for effect in ruling.decision.effects:
            if isinstance(effect, DeleteMessages):
                earlier = open_deletions.get(effect.chat)
                if earlier is not None and _join(earlier, effect):
                    continue
            queued.append(_Queued(effect, ruling))
            if isinstance(effect, DeleteMessages):
                open_deletions[effect.chat] = queued[-1]
    return queued


def _join(earlier: _Queued, effect: DeleteMessages) -> bool:
    assert isinstance(earlier.effect, DeleteMessages)  # noqa: S101 (only deletions are kept open)
    messages = dict.fromkeys((*earlier.effect.messages, *effect.messages))
    if len(messages) > DELETED_AT_ONCE:
        return False
    earlier.effect = replace(earlier.effect, messages=tuple(messages))
    return True


def coalesce_key(effect: Effect, number: int) -> str | None:
    """Effects with the same key are one while they wait; ``None``: each counts."""
    if not effect.coalesces:
        return None
    # One that is planned must not stand for one that is to be done at once.
    more = ":planned" if planned_for(effect) is not None else _what_page(effect)
    return f"{type(effect).__name__}:{number}{more}"


def _what_page(effect: Effect) -> str:
    """Of pages, only the same one for the same person is one; of messages, only the same one."""
    if isinstance(effect, EditAnnouncement):
        return f":{effect.announcement}:{effect.message}"
    if not isinstance(effect, SendPage | EditPage):
        return ""
    what = f"{effect.about}:{effect.argument}:{getattr(effect, 'message', '')}"
    return f":{effect.page}:{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def planned_for(effect: Effect) -> datetime | None:
    """When an effect is planned for; ``None``: at once."""
    return effect.not_before if isinstance(effect, InspectGroup) else None


async def _not_waiting_already(
    connection: AsyncConnection, queued: list[_Queued], numbers: Numbers
) -> list[_Queued]:
    keys = {_key(item, numbers) for item in queued} - {None}
    if not keys:
        return queued
    taken = set((await connection.scalars(_ALREADY_PENDING, {"keys": tuple(keys)})).all())
    left = []
    for item in queued:
        key = _key(item, numbers)
        if key is None or key not in taken:
            left.append(item)
            if key is not None:
                taken.add(key)
    return left


def _key(item: _Queued, numbers: Numbers) -> str | None:
    return coalesce_key(item.effect, _target_number(item.effect, numbers))


def _target_number(effect: Effect, numbers: Numbers) -> int:
    name = target_field(type(effect))
    target = getattr(effect, name)
    return numbers.groups[target] if name == "chat" else numbers.accounts[target]


def _queue_effects(
    rows: _Rows, queued: Iterable[_Queued], at: datetime, numbers: Numbers, last: int
) -> None:
    for item in queued:
        last += 1
        effect = item.effect
        due = planned_for(effect) or at
        in_group = target_field(type(effect)) == "chat"
        number = _target_number(effect, numbers)
        rows.outbox.append(
            {
                "id": last,
                "effect": type(effect).__name__,
                "payload": effect_payload(effect, numbers),
                "lane": effect.lane.value,
                "priority": effect.priority.value,
                "group_id": number if in_group else None,
                "account_id": None if in_group else number,
                "rule": item.rule.value,
                "event_seq": item.ruling.first_seq,
                "coalesce_key": coalesce_key(effect, number),
                "state": "pending",
                "made_at": at,
                "due_at": due,
                "attempts": 0,
                "flooded": 0,
            }
        )
        rows.waiting.append(
            Waiting(id=EffectId(last), effect=effect, due_at=due, made_at=at, rule=item.rule)
        )
