"""The ledger: every decision is recorded here, and units that wait together share one commit.

One worker takes what waits, opens one transaction, and for each unit reads what it needs, lets it
decide, and writes the outcome. What a decision was built on is therefore still true when it is
written, and of two clicks only one can be the second. Units that only add to the log (*commuting*:
they change nothing that another of them reads) are read and written together, one statement a
table, and ahead of others with which they have nothing in common. A unit that fails is undone by
itself and told; the others go on. Only when the database itself fails does the whole batch fail,
and then nothing of it was recorded.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.decision import Decision
from bot.policy.ids import EffectId, UpdateId
from bot.policy.known import Known, Needs
from storage.changes import ChangeWriter
from storage.numbers import Numbers
from storage.outbox import Settlement, Waiting, begin, settle
from storage.reading import read_known
from storage.tables import dead_letters, seen_updates
from storage.writing import Ruling, write_rulings

_SEEN = select(seen_updates.c.update_id).where(
    seen_updates.c.update_id.in_(bindparam("updates", expanding=True))
)

log = structlog.get_logger()

BATCH = 500
"""Commuting units that share a commit at most: one reading serves them all."""

HEAVY_BATCH = 40
"""Other units that share it at most. Each is read by itself, in some milliseconds: when a year
group asks to join at once, the removal of a message must not wait for all of them."""

_ENDED = "the ledger has ended"


class StorageUnavailableError(Exception):
    """The database could not record anything: disk full, locked or gone. Nothing was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An update that could not be handled: its number, kind and error, never its content."""

    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One piece of work to record.

    ``judge`` is called inside the transaction with what ``needs`` found; it must not block.
    ``commutes`` promises that the decision makes no changes, so that many can be judged on one
    reading. ``happened_at`` is when it happened, if that is not now. ``begins`` is an effect that
    is about to be performed, if it still waits.
    """

    judge: Callable[[Known], Decision]
    needs: Needs = field(default_factory=Needs)
    update: UpdateId | None = None
    commutes: bool = False
    happened_at: datetime | None = None
    settles: tuple[Settlement, ...] = ()
    begins: EffectId | None = None
    set_aside: SetAside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded. ``decision`` is ``None`` for an update that had been recorded before.

    ``began``: the effect that the unit begins still waited, and is marked.
    """

    decision: Decision | None
    began: bool = False


@dataclass(slots=True)
class _Job:
    unit: Unit
    done: asyncio.Future[Recorded]
    outcome: Recorded | Exception | None = None


class Ledger:
    """Records units in groups. ``on_waiting`` hears of new effects after their commit."""

    def __init__(
        self,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        on_waiting: Callable[[Sequence[Waiting]], None] = lambda _waiting: None,
    ) -> None:
        """Prepare a ledger on a migrated database; :meth:`run` does the work."""
        self._engine = engine
        self._now = now
        self.on_waiting = on_waiting
        self._light: deque[_Job] = deque()
        self._heavy: deque[_Job] = deque()
        self._about: Counter[int] = Counter()
        self._wake = asyncio.Event()
        self._stopping = False
        self._ended = False
        self._in_hand: list[_Job] = []

    async def record(self, unit: Unit) -> Recorded:
        """Record a unit; returns after the commit.

        Raises what ``judge`` raised (nothing of the unit was written), or
        :class:`StorageUnavailableError`, also when the ledger has ended.
        """
        if self._ended:
            raise StorageUnavailableError(_ENDED)
        job = _Job(unit, asyncio.get_running_loop().create_future())
        self._line_up(job)
        self._wake.set()
        return await job.done

    async def run(self) -> None:
        """Record what waits until :meth:`stop`; what waits by then is still recorded."""
        try:
            while not (self._stopping and not self._waits):
                await self._wake.wait()
                await self._work_until_the_database_fails()
        finally:
            # However it came to end: nobody is to wait for it for ever.
            self._ended = True
            _fail([*self._in_hand, *self._light, *self._heavy], _ENDED)

    async def _work_until_the_database_fails(self) -> None:
        try:
            async with self._engine.connect() as connection:
                await self._work(connection)
        except (SQLAlchemyError, OSError) as error:
            # The connection is given up; the next round opens another one.
            log.error("the database cannot record", error=_name(error))  # noqa: TRY400 (no values in a log)
            _fail(self._in_hand + list(self._take()), _name(error), error)
            self._in_hand = []

    async def _work(self, connection: AsyncConnection) -> None:
        while True:
            while self._waits:
                self._in_hand = list(self._take())
                await self._record_batch(connection, self._in_hand)
                self._in_hand = []
            self._wake.clear()
            if self._stopping:
                self._wake.set()
                return
            await self._wake.wait()

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be recorded."""
        return not self._waits and not self._in_hand

    @property
    def _waits(self) -> bool:
        return bool(self._light or self._heavy)

    def stop(self) -> None:
        """End :meth:`run` once everything that waits has been recorded."""
        self._stopping = True
        self._wake.set()

    def _take(self) -> Iterator[_Job]:
        """What shares the next commit: the light ones first, each kind in its own order."""
        for _ in range(min(BATCH, len(self._light))):
            yield self._light.popleft()
        for _ in range(min(HEAVY_BATCH, len(self._heavy))):
            job = self._heavy.popleft()
            self._about.subtract(_subjects(job.unit))
            yield job
        if not self._heavy:
            self._about.clear()

    def _line_up(self, job: _Job) -> None:
        """A unit that only adds passes those that wait to be read one by one, but for those about
        the same chat or account: what they change, it has to know.
        """
        subjects = _subjects(job.unit)
        if job.unit.commutes and not any(self._about[each] > 0 for each in subjects):
            self._light.append(job)
        else:
            self._heavy.append(job)
            self._about.update(subjects)

    async def _record_batch(self, connection: AsyncConnection, jobs: list[_Job]) -> None:
        """Record a batch in one commit. Raises when the database cannot, and then nothing was."""
        try:
            waiting = await self._commit(connection, _segments(jobs))
        except Exception as error:
            if _is_fault_of_database(error):
                raise
            # One unit cannot be written, and it is not said which: each by itself, then.
            waiting = await self._commit(connection, ([job] for job in jobs), each_alone=True)
        self.on_waiting(waiting)
        _answer(jobs)

    async def _commit(
        self,
        connection: AsyncConnection,
        segments: Iterable[list[_Job]],
        *,
        each_alone: bool = False,
    ) -> list[Waiting]:
        waiting: list[Waiting] = []
        async with connection.begin():
            for segment in segments:
                record = self._record_alone if each_alone else self._record_segment
                waiting += await record(connection, segment)
        return waiting

    async def _record_segment(self, connection: AsyncConnection, jobs: list[_Job]) -> list[Waiting]:
        return await _Segment(connection, self._now()).record(jobs)

    async def _record_alone(self, connection: AsyncConnection, jobs: list[_Job]) -> list[Waiting]:
        """Record one unit within a savepoint; if it breaks, undo it and tell whoever waits."""
        try:
            async with connection.begin_nested():
                return await self._record_segment(connection, jobs)
        except Exception as error:
            if _is_fault_of_database(error):
                raise
            jobs[0].outcome = error
            return []


def _subjects(unit: Unit) -> frozenset[int]:
    """The chats and accounts that a unit is about."""
    return unit.needs.chats | unit.needs.users


def _is_fault_of_database(error: Exception) -> bool:
    """Whether the database itself failed, rather than the one thing that was to be written."""
    of_one_unit = isinstance(error, IntegrityError | DataError | ProgrammingError) or (
        isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    )
    return isinstance(error, SQLAlchemyError | OSError) and not of_one_unit


def _name(error: Exception) -> str:
    """What failed, in the database's own words, which hold no values (``hide_parameters``)."""
    origin = getattr(error, "orig", None)
    return f"{type(error).__name__}: {origin}" if origin is not None else type(error).__name__


def _segments(jobs: list[_Job]) -> Iterator[list[_Job]]:
    """Runs of commuting units; every other unit by itself."""
    run: list[_Job] = []
    for job in jobs:
        if job.unit.commutes:
            run.append(job)
            continue
        if run:
            yield run
            run = []
        yield [job]
    if run:
        yield run


def _answer(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done.done():
            continue
        if isinstance(job.outcome, Exception):
            job.done.set_exception(job.outcome)
        else:
            job.done.set_result(job.outcome or Recorded(decision=None))


def _fail(jobs: Sequence[_Job], reason: str, cause: Exception | None = None) -> None:
    for job in jobs:
        if not job.done.done():
            failure = StorageUnavailableError(reason)
            failure.__cause__ = cause
            job.done.set_exception(failure)


class _Segment:
    """Reads, decides and writes for a run of units within a savepoint."""

    def __init__(self, connection: AsyncConnection, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self._numbers = Numbers()

    async def record(self, jobs: list[_Job]) -> list[Waiting]:
        fresh = await self._not_seen(jobs)
        if not fresh:
            return []
        known = await self._read(fresh)
        ruled = [(job, ruling) for job in fresh if (ruling := self._rule(job, known)) is not None]
        await self._write_bookkeeping([job.unit for job, _ in ruled])
        await self._begin(ruled)
        changes = ChangeWriter(self._connection, self._numbers, self._at)
        for _, ruling in ruled:
            await changes.apply_all(ruling.decision.changes)
        rulings = [ruling for _, ruling in ruled]
        return await write_rulings(self._connection, rulings, self._at, self._numbers)

    async def _not_seen(self, jobs: list[_Job]) -> list[_Job]:
        """The jobs whose update has not been recorded before, nor stands earlier in the run."""
        updates = [job.unit.update for job in jobs if job.unit.update is not None]
        if not updates:
            return jobs
        seen = set(await self._connection.scalars(_SEEN, {"updates": updates}))
        fresh = []
        for job in jobs:
            if job.unit.update is None or job.unit.update not in seen:
                fresh.append(job)
                seen.add(job.unit.update)
        return fresh

    async def _read(self, jobs: list[_Job]) -> Known:
        needs = Needs()
        for job in jobs:
            needs |= job.unit.needs
        return await read_known(self._connection, needs, self._at, self._numbers)

    def _rule(self, job: _Job, known: Known) -> Ruling | None:
        """Let a unit decide. One that fails is told by itself and slows none of the others."""
        try:
            decision = job.unit.judge(known)
        except Exception as error:  # noqa: BLE001 (told to whoever waits for the unit)
            job.outcome = error
            return None
        if job.unit.commutes and decision.changes:
            message = f"a commuting unit may change nothing: {decision.rule}"
            raise ValueError(message)
        job.outcome = Recorded(decision=decision)
        return Ruling(decision, job.unit.happened_at or self._at)

    async def _begin(self, ruled: Sequence[tuple[_Job, Ruling]]) -> None:
        begins = [job.unit.begins for job, _ in ruled if job.unit.begins is not None]
        begun = await begin(self._connection, begins) if begins else set()
        for job, ruling in ruled:
            if job.unit.begins in begun:
                job.outcome = Recorded(decision=ruling.decision, began=True)

    async def _write_bookkeeping(self, units: Sequence[Unit]) -> None:
        seen = [
            {"update_id": unit.update, "received_at": self._at}
            for unit in units
            if unit.update is not None
        ]
        aside = [
            {
                "update_id": unit.update,
                "kind": unit.set_aside.kind,
                "error": unit.set_aside.error,
                "at": self._at,
            }
            for unit in units
            if unit.set_aside is not None
        ]
        for table, rows in ((seen_updates, seen), (dead_letters, aside)):
            if rows:
                await self._connection.execute(insert(table), rows)
        await settle(self._connection, [item for unit in units for item in unit.settles], self._at)
