"""Whatever Telegram sends, and whatever it never would: recorded or set aside, and nothing else."""

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.robustness.bot_life import Life, begin, nursery
from tests.robustness.journey import Journey, prepared_journey, rows, within
from tests.robustness.strange import SECRET, Strange, numbers_in

BATCH = 20
PATIENCE = 15.0
ERROR_NAME = re.compile(r"[A-Za-z]+")
KIND = re.compile(r"[a-z_]+")


@dataclass
class Target:
    """A bot at work that is sent things: about one of its groups, and never about the other."""

    journey: Journey = field(repr=False)
    life: Life
    chats: list[dict[str, Any]]
    users: list[int]
    prepared: int
    sent: list[int] = field(default_factory=list, repr=False)
    mentioned: set[int] = field(default_factory=set, repr=False)

    @property
    def spared(self) -> int:
        """The group of which no update ever tells."""
        return self.journey.groups[1]

    def strange(self, chance: random.Random) -> Strange:
        now = self.journey.telegram.clock.unix()
        return Strange(chance, self.chats, self.users, now)

    async def receives(self, updates: list[dict[str, Any]]) -> float:
        """Send updates; the seconds until all are acknowledged."""
        began = time.monotonic()
        for update in updates:
            self.mentioned |= numbers_in(update)
            self.sent.append(self.journey.telegram.inject_update(update))
        while self.journey.telegram.world.updates.waiting:
            assert not self.life.over, self.words()[-3000:]
            assert time.monotonic() - began < PATIENCE, self.words()[-3000:]
            await within(0.005, asyncio.Event())
        return time.monotonic() - began

    def words(self) -> str:
        return self.journey.birth.log.read_text(encoding="utf-8")

    def rows(self, query: str, *values: Any) -> list[Any]:
        return rows(self.journey.birth.database_url, query, *values)

    def dead_letters(self) -> list[Any]:
        return self.rows("SELECT * FROM dead_letters")


@pytest.fixture
async def target(tmp_path) -> AsyncIterator[Target]:
    async with prepared_journey(tmp_path, seed=1, start=datetime.now(UTC)) as journey:
        life = begin(nursery(), journey.birth_now())
        stranger = journey.stranger()
        users = [journey.teachers[0], *journey.students, stranger]
        chats = [
            {"id": journey.groups[0], "type": "supergroup", "title": f"{SECRET} groep"},
            {"id": -1_009_999_000_001, "type": "supergroup", "title": f"{SECRET} vreemd\x00"},
            {"id": -400_500, "type": "group", "title": f"{SECRET} klein \ud800"},
            {"id": stranger, "type": "private", "first_name": SECRET},
            {"id": journey.students[0], "type": "private", "first_name": SECRET},
        ]
        last = "SELECT max(id) AS id FROM outbox"
        prepared = rows(journey.birth.database_url, last)[0]["id"]
        yield Target(journey, life, chats, users, prepared)
        life.kill()


def check(target: Target) -> None:
    """What holds after whatever has been sent so far."""
    seen = target.journey.seen_updates()
    assert [number for number in target.sent if number not in seen] == []
    for letter in target.dead_letters():
        assert ERROR_NAME.fullmatch(letter["error"])
        assert KIND.fullmatch(letter["kind"])
    touched = target.rows(
        """
        SELECT coalesce(ids.chat_id, accounts.user_id) AS chat, effect, outbox.payload, outbox.state
        FROM outbox
        LEFT JOIN group_chat_ids AS ids ON ids.group_id = outbox.group_id AND ids.is_current
        LEFT JOIN accounts ON accounts.id = outbox.account_id
        WHERE outbox.id > ?
    """,
        target.prepared,
    )
    elsewhere = [
        tuple(row)
        for row in touched
        if row["chat"] not in target.mentioned
        and '"why":"poll"' not in row["payload"]
        # The row of a group that proved to be another one has no chat any more, nor work to do.
        and not (row["chat"] is None and row["state"] not in {"pending", "sending"})
    ]
    assert elsewhere == []


async def no_text_anywhere(target: Target) -> None:
    """Only what was removed is quoted, in evidence; only groups have titles."""
    assert SECRET not in target.words()
    for query in ("SELECT * FROM dead_letters", "SELECT * FROM events", "SELECT * FROM outbox"):
        assert [row for row in target.rows(query) if SECRET in str(tuple(row))] == []
    assert await target.journey.world.log_is_whole()
    spared = target.journey.telegram.people.history(target.spared)["messages"]
    assert [m["message_id"] for m in spared if m["deleted"]] == []


def sometimes(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        # Smaller seeds make no simpler updates.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.needs_bot_api_schema
@sometimes(40)
@given(seed=st.integers(0, 2**32))
async def test_valid_updates_when_they_come_then_each_is_recorded(target, seed):
    strange = target.strange(random.Random(seed))

    await target.receives([strange.update() for _ in range(BATCH)])

    check(target)
    assert [(each["kind"], each["error"]) for each in target.dead_letters()] == []
    await no_text_anywhere(target)


@pytest.mark.needs_bot_api_schema
@sometimes(40)
@given(seed=st.integers(0, 2**32))
async def test_malformed_updates_when_they_come_then_each_is_recorded_or_set_aside(target, seed):
    strange = target.strange(random.Random(seed))

    await target.receives([strange.broken_update() for _ in range(BATCH)])

    check(target)
    await no_text_anywhere(target)


def message(chat: int, *, number: int = 1, date: int = 0) -> dict[str, Any]:
    group = {"id": chat, "type": "supergroup", "title": SECRET}
    return {"message": {"message_id": number, "date": date, "chat": group, "text": SECRET}}


POISON = [
    pytest.param({"my_chat_member": {"chat": {"id": 1, "type": "private"}}}, id="fields missing"),
    pytest.param({"message": SECRET}, id="text instead of an object"),
    pytest.param({"message": [SECRET]}, id="list instead of an object"),
    pytest.param(message(-100, date=10**30), id="date of no calendar"),
    pytest.param(message(2**70), id="chat beyond 64 bits"),
    pytest.param(message(-100, number=2**70), id="message beyond 64 bits"),
]


@pytest.mark.parametrize("poison", POISON)
async def test_batch_when_one_update_in_ten_is_poisonous_then_the_others_are_recorded_with_it(
    target, poison
):
    group, student = target.journey.groups[0], target.journey.students[0]
    good = [
        {
            "message": {
                "message_id": 1_000_000 + n,
                "date": int(target.journey.telegram.clock.unix()),
                "chat": target.chats[0],
                "from": {"id": student, "is_bot": False, "first_name": SECRET},
                "text": f"{SECRET} {n}",
            }
        }
        for n in range(90)
    ]
    await target.receives([{}])  # so that the next poll is waiting
    polls = target.journey.telegram
    asked: list[str] = []
    polls.on_call = lambda method, when: asked.append(f"{method} {when}")
    mixed = [poison if n % 10 == 9 else good.pop() for n in range(100)]

    took = await target.receives([json.loads(json.dumps(each)) for each in mixed])

    check(target)
    assert [call for call in asked if call.startswith("getUpdates")][:2] == [
        "getUpdates after",
        "getUpdates before",
    ], "a hundred in one answer"
    refused = target.rows("SELECT seq FROM events WHERE tag = 'bot:message:refused'")
    assert len(refused) == 90
    assert took < 2.0
    assert group != target.spared
    await no_text_anywhere(target)


async def test_message_when_its_text_holds_what_no_database_keeps_then_is_removed_all_the_same(
    target,
):
    student, group = target.journey.students[0], target.journey.groups[0]
    texts = [f"{SECRET} \x00", f"{SECRET} \ud800", f"\udfff{SECRET}", "\x00"]
    messages = range(2_000_000, 2_000_000 + len(texts))

    await target.receives(
        [
            {
                "message": {
                    "message_id": number,
                    "date": int(target.journey.telegram.clock.unix()),
                    "chat": {"id": group, "type": "supergroup", "title": f"{SECRET}\x00\ud800"},
                    "from": {"id": student, "is_bot": False, "first_name": f"{SECRET}\ud800"},
                    "text": text,
                }
            }
            for number, text in zip(messages, texts, strict=True)
        ]
    )

    assert target.dead_letters() == []
    kept = target.rows("SELECT message_id FROM evidence ORDER BY message_id")
    assert [row["message_id"] for row in kept] == list(messages)
    await no_text_anywhere(target)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(2**63 - 1, id="the largest"),
        pytest.param(2**40, id="beyond 32 bits"),
    ],
)
async def test_update_when_its_number_is_large_then_is_recorded(target, number):
    await target.receives([{"update_id": number, "message": {}}])

    assert number in target.journey.seen_updates()
