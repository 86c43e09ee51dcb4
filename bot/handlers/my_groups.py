"""The buttons with which staff look after their groups."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.my_groups import HandOverPress, KeepPress
from bot.gather.pressing import Pressed, PressHandler
from bot.policy.broadcast_groups import handing_over, keeping
from bot.policy.broadcast_groups.handing_over import ACCEPT, DECLINE, OFFER_TO, WITHDRAW
from bot.policy.decision import Decision
from bot.policy.known import Known
from bot.policy.rules import Rule


async def on_look(update: Update, context: BotContext) -> None:
    """Somebody wants the bot to look at his group again."""
    pressed = Pressed.of(update)
    press = KeepPress(pressed)
    recorded = await context.record(
        press.needs, lambda known: keeping.judge_look(press.facts(known), context.limits)
    )
    looks = recorded.decision is not None and recorded.decision.rule is Rule.COMMAND_ALLOWED
    context.answer(pressed.query, "toast-looking" if looks else None)


async def on_new_link(update: Update, context: BotContext) -> None:
    """Somebody wants another join link for his group."""
    pressed = Pressed.of(update)
    press = KeepPress(pressed)
    recorded = await context.record(
        press.needs, lambda known: keeping.judge_new_link(press.facts(known), context.limits)
    )
    asked = recorded.decision is not None and recorded.decision.rule is Rule.LINK_RENEWED
    context.answer(pressed.query, "toast-new-link" if asked else None)


async def on_close(update: Update, context: BotContext) -> None:
    """Somebody pressed, on the page that says what it means, that a group is to be closed."""
    pressed = Pressed.of(update)
    press = KeepPress(pressed)
    await context.record(
        press.needs, lambda known: keeping.judge_close(press.facts(known), context.limits)
    )
    context.answer(pressed.query)


async def on_hand_over(update: Update, context: BotContext) -> None:
    """A group is offered, the offer taken back, or answered."""
    pressed = Pressed.of(update)
    press = HandOverPress(pressed)
    wish = press.wish

    def judge(known: Known) -> Decision:
        if wish in {ACCEPT, DECLINE}:
            return handing_over.judge_answer(press.answer_facts(known), context.limits)
        if wish == WITHDRAW:
            return handing_over.judge_withdraw(press.withdraw_facts(known), context.limits)
        return handing_over.judge_offer(press.offer_facts(known), context.limits)

    if wish not in {ACCEPT, DECLINE, WITHDRAW} and not wish.startswith(OFFER_TO):
        context.answer(pressed.query, "toast-old")
        return
    await context.record(press.needs, judge)
    context.answer(pressed.query)


HANDLERS = (
    PressHandler(on_look, Verb.LOOK_GROUP),
    PressHandler(on_new_link, Verb.NEW_LINK),
    PressHandler(on_close, Verb.CLOSE_GROUP),
    PressHandler(on_hand_over, Verb.HAND_OVER),
)
