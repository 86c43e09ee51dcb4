"""The composition root: builds the bot from its parts, runs it, and ends it in order.

Nothing imports this module but the command line, the demonstration, and the tests that run the
whole bot.
"""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.clock import Clock
from bot.context import CONTEXT_TYPES, Services
from bot.handlers import register
from bot.pages import Desk, Pages
from bot.policy.changes import JudgeRequestsAgain
from bot.policy.coming_in import consent
from bot.policy.decision import Decision
from bot.policy.effects import Lane as LaneName
from bot.policy.events import BotStarted
from bot.policy.known import Known, Needs
from bot.policy.limits import Limits
from bot.policy.outcomes import Lost
from bot.policy.rules import Rule
from bot.policy.school_years.year_known import YearNeeds
from bot.receiving.dispatch import dispatch
from bot.receiving.downtime import PollWatch
from bot.receiving.intake import Backoff, Intake, PollingBot
from bot.request import AiohttpRequest
from bot.school import allowed_of, limits_of, timetable_of, words_of
from bot.sending.bookkeeping import OutboxRecords
from bot.sending.gates import LookGate, MessageGate
from bot.sending.lanes import Lane
from bot.sending.menus import Menus, show_to_strangers
from bot.sending.perform import Executor, Observer
from bot.sending.posting import Posts
from bot.sending.rate_limits import TELEGRAM_LIMITS, RateLimits, RateProfile, Window
from bot.sending.sender import Sender
from bot.sending.showing import Shows
from bot.ticks.announcements import AnnouncementTicks
from bot.ticks.jobs import Jobs
from config.school import SchoolConfig
from config.settings import Settings
from storage.due import last_poll
from storage.engine import open_engine, reading
from storage.ledger import Ledger, Unit
from storage.only_one import only_one
from storage.outbox import EffectState, read_effects, withheld_leaves
from storage.schema import migrate

log = structlog.get_logger()

AT_ONCE = {LaneName.WRITE: 16, LaneName.MODERATE: 32, LaneName.LOOK: 4}
"""Calls of each lane that may be on their way. More than 32 to 64 in all makes it slower."""

LOOKS_A_SECOND = 5
"""Looks at groups, four reads each: a budget of their own, far below what Telegram permits."""

PATIENCE_AT_THE_END = 4.0
"""Seconds that calls on their way get to be answered when the bot is stopped."""


class StoppedWhileStartingError(Exception):
    """The bot was told to stop before Telegram could be reached. Nothing had begun."""


AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(slots=True, kw_only=True)
class Bot:
    """The running bot. Tests and the demonstration look inside; nothing else does."""

    engine: AsyncEngine
    ledger: Ledger
    sender: Sender
    jobs: Jobs
    intake: Intake
    clock: Clock
    application: AnyApplication


def lanes_of(rates: RateProfile) -> dict[LaneName, Lane]:
    """The lanes with their limits. Only messages count against Telegram's limits on messages."""
    return {
        LaneName.WRITE: Lane(at_once=AT_ONCE[LaneName.WRITE], gate=MessageGate(RateLimits(rates))),
        LaneName.MODERATE: Lane(at_once=AT_ONCE[LaneName.MODERATE], keeps_order=False),
        LaneName.LOOK: Lane(
            at_once=AT_ONCE[LaneName.LOOK],
            keeps_order=False,
            gate=LookGate(Window(LOOKS_A_SECOND, 1.0)),
        ),
    }


@asynccontextmanager
async def running_bot(
    settings: Settings,
    school: SchoolConfig,
    *,
    clock: Clock | None = None,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[Bot]:
    """The bot, running until the block ends; then it stops in order and loses nothing.

    Raises ``AlreadyRunningError`` when another process works with the same database, and
    ``StoppedWhileStartingError`` when ``stop`` is set before Telegram could be reached.
    """
    clock, stop = clock or Clock(), stop or asyncio.Event()
    with only_one(settings.database_url):
        engine = open_engine(settings.database_url)
        try:
            await migrate(engine)
            async with (
                _ledger(engine, clock, stop) as ledger,
                _telegram(settings, stop) as telegram,
            ):
                await _unless(stop, show_to_strangers(telegram))
                bot = await _assemble(engine, ledger, telegram, clock, school)
                async with _working(bot, school, stop):
                    yield bot
        finally:
            await engine.dispose()


@asynccontextmanager
async def _ledger(engine: AsyncEngine, clock: Clock, stop: asyncio.Event) -> AsyncIterator[Ledger]:
    ledger = Ledger(engine, clock.now)
    task = _part("ledger", ledger.run(), stop)
    try:
        yield ledger
    finally:
        ledger.stop()
        await task


@asynccontextmanager
async def _telegram(settings: Settings, stop: asyncio.Event) -> AsyncIterator[PollingBot]:
    """python-telegram-bot's bot, once Telegram has told it who it is."""
    if settings.bot_token is None:
        message = "the bot needs a token"
        raise ValueError(message)
    bot = PollingBot(
        settings.bot_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        base_file_url=files_of(settings.telegram_base_url),
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connection_pool_size=1),
    )
    try:
        await _introduce(bot, stop)
        yield bot
    finally:
        await bot.shutdown()


def files_of(base_url: str) -> str:
    """Where files are fetched: Telegram keeps them beside its methods, under ``/file``."""
    return f"{base_url.removesuffix('/bot')}/file/bot"


async def _introduce(bot: PollingBot, stop: asyncio.Event) -> None:
    """Ask Telegram who the bot is, until it answers."""
    backoff = Backoff()
    while True:
        try:
            return await _unless(stop, bot.initialize())
        except InvalidToken:
            log.error("Telegram refuses the token; make a new one with @BotFather")  # noqa: TRY400 (the error holds nothing more)
        except TelegramError as error:
            log.warning("Telegram cannot be reached", error=type(error).__name__)
        await _unless(stop, asyncio.sleep(backoff.next()))  # noqa: TID251 (ends when ``stop`` is set)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do ``work``. Raises ``StoppedWhileStartingError`` when ``stop`` is set before it is done."""
    tasks = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    done = tasks[0].done()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    if not done:
        raise StoppedWhileStartingError
    tasks[0].result()


def _part(name: str, work: Coroutine[Any, Any, None], stop: asyncio.Event) -> asyncio.Task[None]:
    """A task that lasts as long as the bot. If it breaks, the bot stops rather than seem to run."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("a part of the bot broke; the bot stops", part=name, exc_info=error)
            stop.set()

    task = asyncio.create_task(work, name=name)
    task.add_done_callback(ended)
    return task


async def _assemble(
    engine: AsyncEngine, ledger: Ledger, telegram: PollingBot, clock: Clock, school: SchoolConfig
) -> Bot:
    limits = limits_of(school)
    words = words_of(school)
    timetable, allowed = timetable_of(school), allowed_of(school)
    desk = Desk(
        engine=engine,
        bot=telegram,
        clock=clock,
        school=words,
        limits=limits,
        timetable=timetable,
        allowed=allowed,
        hand_over=lambda waiting: sender.add(waiting),  # noqa: PLW0108 (it is made with the desk)
    )
    executor = Executor(
        telegram,
        Shows(telegram, Pages(desk), clock),
        Menus(telegram, engine, clock),
        Posts(telegram, engine, clock, timetable),
        words,
    )
    sender = Sender(
        lanes=lanes_of(TELEGRAM_LIMITS),
        performs=Observer(executor) if school.observe_only else executor,
        records=OutboxRecords(ledger, limits),
        clock=clock,
    )
    ledger.on_waiting = sender.add
    application: AnyApplication = (
        ApplicationBuilder()
        .bot(telegram)
        .updater(None)
        .job_queue(None)
        .context_types(CONTEXT_TYPES)
        .build()
    )
    application.bot_data.services = Services(
        ledger=ledger, clock=clock, limits=limits, timetable=timetable, allowed=allowed
    )
    register(application)
    watch = PollWatch(ledger, clock, limits, last=await last_poll(engine))
    intake = Intake(
        bot=telegram,
        ledger=ledger,
        dispatch=partial(dispatch, application),
        on_poll=watch.polled,
    )
    jobs = Jobs(
        engine=engine,
        ledger=ledger,
        clock=clock,
        limits=limits,
        announcements=AnnouncementTicks(
            engine=engine, ledger=ledger, clock=clock, limits=limits, timetable=timetable
        ),
    )
    return Bot(
        engine=engine,
        ledger=ledger,
        sender=sender,
        jobs=jobs,
        intake=intake,
        clock=clock,
        application=application,
    )


@asynccontextmanager
async def _working(bot: Bot, school: SchoolConfig, stop: asyncio.Event) -> AsyncIterator[None]:
    """Everything at work; afterwards intake first, so that nothing new comes in."""
    await _pick_up(bot, school)
    async with bot.application:
        await bot.application.start()
        intake = _part("intake", bot.intake.run(), stop)
        sender = _part("sender", bot.sender.run(), stop)
        bot.jobs.start()
        try:
            yield
        finally:
            await bot.jobs.stop()
            bot.intake.stop()
            await asyncio.wait({intake})
            bot.sender.stop()
            await _within(PATIENCE_AT_THE_END, sender)
            await bot.application.stop()
        for part in (intake, sender):
            if not part.cancelled():
                part.result()


async def _within(seconds: float, task: asyncio.Task[None]) -> None:
    """Wait for a task, and end it when it takes longer: the outbox says what was on its way."""
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _pick_up(bot: Bot, school: SchoolConfig) -> None:
    """Go on where the last process ended.

    Of what was on its way, that which must not happen twice is unknown; the rest waits again.
    """
    async with reading(bot.engine) as connection:
        on_its_way = await read_effects(connection, EffectState.SENDING)
    records = OutboxRecords(bot.ledger, limits_of(school))
    unknown = [item for item in on_its_way if not item.effect.repeatable]
    for item in unknown:
        await records.settle((item,), Lost(reason="the bot stopped before Telegram answered"))
    await records.postpone([item for item in on_its_way if item.effect.repeatable])
    async with reading(bot.engine) as connection:
        waiting = await read_effects(connection, EffectState.PENDING)
    bot.sender.add(waiting)
    if not school.observe_only:
        await _leave_after_all(bot)
        await bot.ledger.record(Unit(judge=_judge_requests_again))
    started = BotStarted(observe_only=school.observe_only, unknown=len(unknown))

    def judge(_known: Known) -> Decision:
        return Decision(rule=Rule.BOOKKEEPING, events=(started,))

    await bot.ledger.record(Unit(judge=judge))
    await _record_choice(bot, limits_of(school))
    log.info(
        "started",
        bot=bot.application.bot.username,
        observe_only=school.observe_only,
        waiting=len(waiting),
        unknown=len(unknown),
    )


async def _record_choice(bot: Bot, limits: Limits) -> None:
    """Let the log hold what the school's file says of students under sixteen."""

    def judge(known: Known) -> Decision:
        return consent.judge_choice(known.year.choices.get(consent.CHOICE), limits)

    await bot.ledger.record(Unit(judge=judge, needs=Needs(year=YearNeeds(choices=True))))


async def _leave_after_all(bot: Bot) -> None:
    """Leave the groups that the bot would have left, had it not been told only to observe."""
    async with reading(bot.engine) as connection:
        withheld = await withheld_leaves(connection)
    for item in withheld:
        decision = Decision(rule=item.rule, effects=(item.effect,))
        await bot.ledger.record(Unit(judge=partial(_as_decided, decision)))


def _judge_requests_again(_known: Known) -> Decision:
    """A trial that has ended leaves requests to join that wait for it."""
    return Decision(rule=Rule.BOOKKEEPING, changes=(JudgeRequestsAgain(),))


def _as_decided(decision: Decision, _known: Known) -> Decision:
    return decision


def _spare_the_collector() -> None:
    """Keep the garbage collector from going over the libraries' half million objects again and
    again: each update makes some hundred objects, and none of them in circles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


async def run_bot(settings: Settings, school: SchoolConfig) -> None:
    """Run the bot until SIGTERM or SIGINT."""
    _spare_the_collector()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with contextlib.suppress(StoppedWhileStartingError):
        async with running_bot(settings, school, stop=stop):
            await stop.wait()
            log.info("stopping")
    log.info("stopped")
