"""The buttons of administrators: confirm a roster, codes, links, duties and requests."""

from collections.abc import Callable

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.administration import DeskPress
from bot.gather.pressing import Pressed, PressHandler
from bot.policy.administering import administration, duties
from bot.policy.decision import Decision
from bot.policy.known import Known, Needs
from bot.policy.rules import Rule


async def _recorded(
    press: DeskPress, context: BotContext, needs: Needs, judge: Callable[[Known], Decision]
) -> None:
    """Record, and tell the presser when it was over already."""
    recorded = await context.record(needs, judge)
    over = recorded.decision is not None and recorded.decision.rule is Rule.NOT_OPEN_ANY_MORE
    context.answer(press.pressed.query, "toast-over" if over else None)


async def on_import(update: Update, context: BotContext) -> None:
    """Somebody answered the preview of a roster."""
    press = DeskPress.of(Pressed.of(update))
    await _recorded(
        press,
        context,
        press.upload_needs,
        lambda known: administration.judge_confirm(press.confirm_facts(known), context.limits),
    )


async def on_codes(update: Update, context: BotContext) -> None:
    """Somebody wants codes on paper."""
    press = DeskPress.of(Pressed.of(update))
    await _recorded(
        press,
        context,
        press.pressed.needs,
        lambda known: administration.judge_codes(press.codes_facts(known), context.limits),
    )


async def on_revoke(update: Update, context: BotContext) -> None:
    """Somebody ends the link of a person."""
    press = DeskPress.of(Pressed.of(update))
    await _recorded(
        press,
        context,
        press.person_needs,
        lambda known: administration.judge_revoke(press.revoke_facts(known), context.limits),
    )


async def on_duty(update: Update, context: BotContext) -> None:
    """Somebody gives or takes a duty, or asks the others to look at what is proposed."""
    press = DeskPress.of(Pressed.of(update))
    duty = press.duty
    if duty is not None:
        await _recorded(
            press,
            context,
            press.person_needs,
            lambda known: duties.judge(press.duty_facts(duty, known), context.limits),
        )
        return
    await _recorded(
        press,
        context,
        press.person_needs,
        lambda known: duties.judge_ask(press.ask_facts(known), context.limits),
    )


async def on_decide_duty(update: Update, context: BotContext) -> None:
    """Somebody answered a proposal."""
    press = DeskPress.of(Pressed.of(update))
    await _recorded(
        press,
        context,
        press.proposal_needs,
        lambda known: duties.judge_decision(press.decide_facts(known), context.limits),
    )


async def on_request_done(update: Update, context: BotContext) -> None:
    """Somebody has dealt with a request about data."""
    press = DeskPress.of(Pressed.of(update))
    await _recorded(
        press,
        context,
        press.request_needs,
        lambda known: administration.judge_request(press.request_facts(known), context.limits),
    )


HANDLERS = (
    PressHandler(on_import, Verb.IMPORT),
    PressHandler(on_codes, Verb.CODES),
    PressHandler(on_revoke, Verb.REVOKE_LINK),
    PressHandler(on_duty, Verb.DUTY),
    PressHandler(on_decide_duty, Verb.DECIDE_DUTY),
    PressHandler(on_request_done, Verb.REQUEST_DONE),
)
