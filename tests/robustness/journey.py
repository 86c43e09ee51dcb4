"""A school day that is interrupted: what people do in it, and what must be true at its end.

The pretend Telegram runs here and outlives every process of the bot, as the real one does. What
people do is chosen by a seeded chance, and only such things of which the outcome is certain: so
that at the end each can be looked up in the log, once.
"""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.policy.people import Duty, Role
from bot.sandbox import SandboxClock, Telegram
from bot.sandbox.server import serve
from config.school import SchoolConfig
from config.settings import Settings
from storage.engine import open_engine
from tests.journeys.world import A_SCHOOL_DAY, RIGHTS, World, running
from tests.robustness.bot_life import Birth

FIRST_UPDATE = 1_000
BETWEEN_LIVES = timedelta(minutes=7)
"""So that each life finds groups to look at, as after a night: they are looked at every five."""

OPEN = {"can_send_messages": True, "can_send_photos": True, "can_pin_messages": False}


class WatchedTelegram(Telegram):
    """The pretend Telegram; ``on_call`` hears of each call before it is carried out, and after."""

    on_call: Callable[[str, str], None] = staticmethod(lambda _method, _when: None)

    async def call(self, method: str, params: dict[str, Any] | None = None) -> Any:
        self.on_call(method, "before")
        result = await super().call(method, params)
        self.on_call(method, "after")
        return result


@dataclass
class Ledger:
    """What the journey made happen, to be found again in the log."""

    unwanted: set[tuple[int, int]] = field(default_factory=set)
    managed: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)
    wrong_codes: Counter[int] = field(default_factory=Counter)
    answered: set[int] = field(default_factory=set)
    asked_for_staff: Counter[int] = field(default_factory=Counter)
    lives: int = 0


@dataclass
class Journey:
    """A school with two teachers and a class, and what may happen in it next."""

    world: World
    telegram: WatchedTelegram
    chance: random.Random
    birth: Birth
    done: Ledger = field(default_factory=Ledger)
    teachers: list[int] = field(default_factory=list)
    students: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    async def prepare(self, people_to_link: int) -> None:
        """While the bot runs undisturbed: two groups under management, and codes to be used."""
        world = self.world
        self.teachers = [await world.teacher("Anna"), await world.teacher("Bas", Duty.COORDINATOR)]
        self.students = [await world.student(f"Leerling {n}", "4H2") for n in range(3)]
        self.done.linked.update(self.teachers, self.students)
        for n, owner in enumerate(self.teachers):
            group = await world.managed_group(owner, *self.students, title=f"4H{n}")
            self.groups.append(group)
            self.done.managed.add(group)
        for n in range(people_to_link):
            role = Role.STAFF if n % 3 == 0 else Role.STUDENT
            self.codes.append(await world.enrol(f"Nieuw {n}", role))

    def next_life(self) -> Birth:
        """Time passes; what the next process begins with."""
        self.done.lives += 1
        self.telegram.clock.advance(BETWEEN_LIVES.total_seconds())
        self.world.clock.advance(BETWEEN_LIVES)
        self.telegram.people.set_permissions(self.teachers[0], self.groups[0], OPEN)
        return self.birth_now()

    def birth_now(self) -> Birth:
        """What a process begins with at this moment."""
        return replace(self.birth, offset=self.world.clock.now() - datetime.now(UTC))

    def seen_updates(self) -> set[int]:
        """The numbers of the updates that are recorded."""
        found = rows(self.birth.database_url, "SELECT update_id FROM seen_updates")
        return {row["update_id"] for row in found}

    # --- what people do --------------------------------------------------------------------

    def something_happens(self) -> None:
        """One of the things that people do."""
        kinds = [self._link, self.guess, self._staff_group, self._students_group, self._private]
        self.chance.choice([*kinds, *[self.unwanted] * 5])()

    def stranger(self) -> int:
        return self.telegram.people.create_user(first_name=f"Iemand {next(self.names)}")

    def _link(self) -> None:
        if self.codes:
            user = self.stranger()
            self.telegram.people.start_bot(user, self.codes.pop())
            self.done.linked.add(user)

    def guess(self) -> None:
        user = self.stranger()
        self.telegram.people.start_bot(user, "AAAA-BBBB-CCCC")
        self.done.wrong_codes[user] += 1

    def _staff_group(self) -> None:
        owner = self.chance.choice(self.teachers)
        people = self.telegram.people
        chat = people.create_group(owner=owner, title=f"groep {next(self.names)}")
        people.add_bot(owner, chat, RIGHTS)
        self.done.managed.add(chat)

    def _students_group(self) -> None:
        owner = self.chance.choice(self.students)
        people = self.telegram.people
        chat = people.create_group(owner=owner, title=f"klas {next(self.names)}")
        people.add_bot(owner, chat, RIGHTS)
        self.done.refused.add(chat)

    def _private(self) -> None:
        user = self.stranger()
        people = self.telegram.people
        people.write(user, user, "Waar vind ik het rooster van morgen?")
        people.write(user, user, "Ik wil de docent spreken, kan meneer mij appen?")
        self.done.answered.add(user)

    def unwanted(self) -> None:
        people = self.telegram.people
        group = self.chance.choice(self.groups)
        owner = self.teachers[self.groups.index(group)]
        people.set_permissions(owner, group, OPEN)
        for n in range(self.chance.randint(1, 4)):
            writer = self.chance.choice(self.students)
            message = people.write(writer, group, f"wie heeft het antwoord op {n}?")
            self.done.unwanted.add((group, message))


@asynccontextmanager
async def prepared_journey(
    folder: Path, seed: int, people_to_link: int = 0, start: datetime = A_SCHOOL_DAY
) -> AsyncIterator[Journey]:
    """A journey whose school exists, and whose bot does not run."""
    telegram = WatchedTelegram(clock=SandboxClock(start), first_update_id=FIRST_UPDATE)
    database = f"sqlite+aiosqlite:///{folder / 'school.db'}"
    async with serve(telegram) as server, disposed(open_engine(database)) as engine:
        world = World(
            telegram=telegram,
            server=server,
            settings=Settings(
                bot_token=SecretStr(telegram.token),
                telegram_base_url=server.base_url,
                database_url=database,
            ),
            school=SchoolConfig(),
            clock=Clock(start - datetime.now(UTC)),
            engine=engine,
        )
        birth = Birth(
            token=telegram.token,
            base_url=server.base_url,
            database_url=database,
            log=folder / "bot.log",
        )
        journey = Journey(world, telegram, random.Random(seed), birth)
        async with running(world):
            await journey.prepare(people_to_link)
        yield journey


@asynccontextmanager
async def disposed(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    try:
        yield engine
    finally:
        await engine.dispose()


async def within(seconds: float, moment: asyncio.Event) -> bool:
    """Whether the moment came in time."""
    try:
        await asyncio.wait_for(moment.wait(), seconds)
    except TimeoutError:
        return False
    return True


# --- what must be true at the end --------------------------------------------------------------


def rows(database_url: str, query: str, *values: Any) -> list[sqlite3.Row]:
    """What the database holds, read past our own code."""
    path = database_url.partition("///")[2]
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query, values).fetchall()


class AtTheEnd:
    """The checks. Each compares all that happened with all that is recorded."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.telegram = journey.telegram
        self.done = journey.done
        self.url = journey.world.settings.database_url

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        return rows(self.url, query, *values)

    def every_update_is_recorded(self) -> None:
        made = set(range(FIRST_UPDATE, self.telegram.world.updates.next_id))
        assert self.journey.seen_updates() == made
        assert self.rows("SELECT * FROM dead_letters") == []

    def every_unwanted_message_is_gone_and_recorded_once(self) -> None:
        left = {
            (group, message)
            for group, message in self.done.unwanted
            if self.telegram.world.chats[group].messages[message].deleted_how is None
        }
        assert left == set()
        kept = self.rows("""
            SELECT ids.chat_id, evidence.message_id FROM evidence
            JOIN events ON events.seq = evidence.event_seq
            JOIN group_chat_ids AS ids ON ids.group_id = events.group_id
        """)
        assert Counter((r["chat_id"], r["message_id"]) for r in kept) == Counter(self.done.unwanted)
        refused = self.rows("SELECT seq FROM events WHERE tag = 'bot:message:refused'")
        assert len(refused) == len(self.done.unwanted)

    def every_happening_is_recorded_once(self) -> None:
        assert self._of_groups("bot:group:adopted") == Counter(self.done.managed)
        assert self._of_groups("bot:group:refused") == Counter(self.done.refused)
        assert self._of_accounts("bot:account:linked") == Counter(self.done.linked)
        assert self._of_accounts("bot:code:refused") == self.done.wrong_codes
        assert self._of_accounts("bot:contact:answered") == Counter(self.done.answered)

    def every_group_is_as_it_should_be(self) -> None:
        world = self.telegram.world
        inside = {
            chat: getattr(world.bot_member(world.chats[chat]), "status", None)
            for chat in self.done.managed | self.done.refused
        }
        right = dict.fromkeys(self.done.managed, "administrator")
        assert inside == right | dict.fromkeys(self.done.refused, "left")
        unlocked = {
            chat for chat in self.done.managed if world.chats[chat].permissions["can_send_messages"]
        }
        assert unlocked == set()

    def every_effect_has_ended(self) -> None:
        open_effects = self.rows("""
            SELECT id, effect, state, error FROM outbox
            WHERE state NOT IN ('done', 'unknown')
            AND NOT (effect = 'LeaveGroup' AND error = 'not-a-member')
        """)
        assert [tuple(row) for row in open_effects] == []
        unknown = self.rows("SELECT id FROM outbox WHERE state = 'unknown'")
        shown = self.rows("""
            SELECT seq FROM events
            WHERE tag = 'bot:effect:failed' AND json_extract(payload, '$.unknown')
        """)
        assert len(shown) == len(unknown)

    def nothing_was_said_twice(self) -> None:
        """At most once for each message that we meant to send, and once unless shown as unknown."""
        sent = Counter(
            int(call.params["chat_id"])
            for call in self.telegram.calls_of("sendMessage")
            if call.code == 200
        )
        meant: Counter[int] = Counter()
        certain: Counter[int] = Counter()
        for row in self.rows("""
            SELECT coalesce(ids.chat_id, accounts.user_id) AS target, outbox.state FROM outbox
            LEFT JOIN group_chat_ids AS ids ON ids.group_id = outbox.group_id
            LEFT JOIN accounts ON accounts.id = outbox.account_id
            WHERE effect IN ('SendPrivateNotice', 'SendGroupNotice')
        """):
            meant[row["target"]] += 1
            certain[row["target"]] += row["state"] == "done"
        assert sent <= meant
        assert certain <= sent

    async def the_log_verifies(self) -> None:
        assert await self.journey.world.log_is_whole()

    def _of_groups(self, tag: str) -> Counter[int]:
        found = self.rows(
            "SELECT chat_id FROM events JOIN group_chat_ids USING (group_id) WHERE tag = ?", tag
        )
        return Counter(row["chat_id"] for row in found)

    def _of_accounts(self, tag: str) -> Counter[int]:
        found = self.rows(
            "SELECT user_id FROM events JOIN accounts ON accounts.id = account_id WHERE tag = ?",
            tag,
        )
        return Counter(row["user_id"] for row in found)


async def comes_to_an_end(journey: Journey) -> None:
    """A last life, undisturbed, until nothing waits any more; then all that must be true."""
    journey.telegram.on_call = lambda _method, _when: None
    journey.telegram.faults.clear()
    journey.next_life()
    async with running(journey.world) as world:
        await world.tick()
        # Looks are planned for when Telegram shows something new, a minute ahead at the most.
        for _ in range(2):
            await world.later(minutes=BETWEEN_LIVES.total_seconds() / 60)
    await check_everything(journey)


async def check_everything(journey: Journey) -> None:
    """All that must be true when a journey has ended, however often it was interrupted."""
    end = AtTheEnd(journey)
    end.every_update_is_recorded()
    end.every_unwanted_message_is_gone_and_recorded_once()
    end.every_happening_is_recorded_once()
    end.every_group_is_as_it_should_be()
    end.every_effect_has_ended()
    end.nothing_was_said_twice()
    await end.the_log_verifies()
    assert journey.telegram.violations == []
