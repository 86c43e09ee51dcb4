"""Announcements: ``/bericht``, the buttons under a draft, and "Gezien" in the groups."""

from collections.abc import Callable

from telegram import Update
from telegram.ext import CommandHandler

from bot.callback_data import Verb, parse_data
from bot.context import BotContext
from bot.gather.announcing import Begun, Chosen, Seen
from bot.gather.pressing import Pressed, PressHandler
from bot.gather.private import PRIVATE_MESSAGE, Command, PrivateMessage
from bot.policy.announcements import drafting, repeating, reviewing, sending
from bot.policy.decision import Decision
from bot.policy.known import Known


async def on_begin(update: Update, context: BotContext) -> None:
    """Somebody wants to announce something."""
    assert update.message is not None  # noqa: S101 (the handler's filter matched on it)
    command = Command.of(update.message)
    if command is None:
        return
    begun = Begun(PrivateMessage(update.message), command.argument, context.services.timetable)
    await context.record(
        begun.needs,
        lambda known: drafting.judge_begin(begun.facts(known), context.limits),
        happened_at=update.message.date,
    )


def _chosen(update: Update, context: BotContext) -> Chosen:
    services = context.services
    return Chosen(Pressed.of(update), services.timetable, services.allowed)


async def _recorded(
    chosen: Chosen, context: BotContext, judge: Callable[[Known], Decision]
) -> None:
    """Judge the press of an announcement's own button, and then tell Telegram so."""
    await context.record(chosen.needs, judge)
    context.answer(chosen.pressed.query)


async def on_choice(update: Update, context: BotContext) -> None:
    """The author changes a draft by a button."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(
        chosen, context, lambda known: drafting.judge_choice(chosen.choice(known), limits)
    )


async def on_send(update: Update, context: BotContext) -> None:
    """The author confirms."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(chosen, context, lambda known: sending.judge_send(chosen.act(known), limits))


async def on_withdraw(update: Update, context: BotContext) -> None:
    """The author takes it back."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(
        chosen, context, lambda known: sending.judge_withdraw(chosen.act(known), limits)
    )


async def on_correct(update: Update, context: BotContext) -> None:
    """The author corrects what has gone out."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(
        chosen, context, lambda known: sending.judge_correct(chosen.correction(known), limits)
    )


async def on_resend(update: Update, context: BotContext) -> None:
    """The author has it sent once more where it is not sure to have arrived."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(chosen, context, lambda known: sending.judge_resend(chosen.act(known), limits))


async def on_repeat(update: Update, context: BotContext) -> None:
    """The author has it said once more, because few have seen it."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(
        chosen, context, lambda known: repeating.judge_repeat(chosen.repetition(known), limits)
    )


async def on_doubt(update: Update, context: BotContext) -> None:
    """The author hands a stopped text to a second person."""
    chosen, limits = _chosen(update, context), context.limits
    await _recorded(
        chosen,
        context,
        lambda known: reviewing.judge_doubt(
            chosen.act(known), known.announcing.coordinators, limits
        ),
    )


async def on_review(update: Update, context: BotContext) -> None:
    """A coordinator lets a stopped text go, or returns it: by what its author may."""
    chosen = _chosen(update, context)
    await context.record(
        chosen.review_needs,
        lambda known: reviewing.judge_review(chosen.review(known), context.limits),
    )
    context.answer(chosen.pressed.query)


async def on_seen(update: Update, context: BotContext) -> None:
    """Somebody has seen it."""
    query = update.callback_query
    assert query is not None  # noqa: S101 (the handler matched on it)
    press = parse_data(query.data)
    assert press is not None  # noqa: S101 (the same)
    seen = Seen(query, press)
    await context.record(
        seen.needs, lambda known: sending.judge_seen(seen.facts(known), context.limits)
    )
    context.answer(query, "toast-seen")


HANDLERS = (
    CommandHandler(("bericht", "announce"), on_begin, filters=PRIVATE_MESSAGE),
    PressHandler(on_choice, Verb.DRAFT),
    PressHandler(on_send, Verb.SEND),
    PressHandler(on_withdraw, Verb.WITHDRAW),
    PressHandler(on_correct, Verb.CORRECT),
    PressHandler(on_resend, Verb.RESEND),
    PressHandler(on_repeat, Verb.REPEAT),
    PressHandler(on_doubt, Verb.DOUBT),
    PressHandler(on_review, Verb.REVIEW),
    PressHandler(on_seen, Verb.SEEN),
)
