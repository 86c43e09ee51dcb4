"""What people write to the bot in private (B.7), and the commands of staff."""

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.callback_data import CHANNEL_REQUEST, GROUP_REQUEST, Verb
from bot.context import BotContext
from bot.gather.announcing import Words
from bot.gather.pressing import Pressed, PressHandler
from bot.gather.private import PRIVATE_MESSAGE, Command, PickedChat, PrivateMessage
from bot.policy.accounts import linking, private_messages
from bot.policy.accounts.codes import has_form_of_code
from bot.policy.announcements import drafting
from bot.policy.broadcast_groups import adoption, channels
from bot.policy.decision import Decision
from bot.policy.known import Known


def _message(update: Update) -> Message:
    assert update.message is not None  # noqa: S101 (the handler's filter matched on it)
    return update.message


async def on_private_message(update: Update, context: BotContext) -> None:
    """Whatever somebody wrote: to the job that it is for, or the one kind answer."""
    message = _message(update)
    written, command = PrivateMessage(message), Command.of(message)
    match command:
        case Command(name="start", argument=code) if code:
            await _link(written, code, context)
        case None if message.text and has_form_of_code(message.text):
            await _perhaps_link(written, message.text, context)
        case None:
            await _words(written, context)
        case _:
            await context.record(
                written.needs,
                lambda known: private_messages.judge(written.facts(known), context.limits),
                happened_at=message.date,
            )


async def _words(written: PrivateMessage, context: BotContext) -> None:
    """Words: of a draft that waits for them, or anything else that somebody writes."""
    await context.record(
        written.needs | Words(written, context.services.timetable).needs,
        lambda known: _judge_words(written, known, context),
        happened_at=written.message.date,
    )


def _judge_words(written: PrivateMessage, known: Known, context: BotContext) -> Decision:
    typed = Words(written, context.services.timetable).facts(known)
    if typed is not None:
        return drafting.judge_typed(typed, context.limits)
    return private_messages.judge(written.facts(known), context.limits)


async def _link(written: PrivateMessage, code: str, context: BotContext) -> None:
    await context.record(
        written.link_needs(code),
        lambda known: linking.judge(written.link_facts(code, known), context.limits),
        happened_at=written.message.date,
    )


async def _perhaps_link(written: PrivateMessage, text: str, context: BotContext) -> None:
    """A code sent by itself, as the bot's own texts ask for; or only a word that looks like one."""

    def judge(known: Known) -> Decision:
        facts = written.link_facts(text, known)
        if linking.is_meant(facts, text):
            return linking.judge(facts, context.limits)
        return _judge_words(written, known, context)

    await context.record(
        written.needs | written.link_needs(text) | Words(written, context.services.timetable).needs,
        judge,
        happened_at=written.message.date,
    )


async def on_chat_shared(update: Update, context: BotContext) -> None:
    """Somebody picked one of his own groups or channels from Telegram's list."""
    message = _message(update)
    picked = PickedChat.shared(message)
    if not picked.is_possible:
        return
    request = message.chat_shared.request_id if message.chat_shared else None
    if request == GROUP_REQUEST:
        await context.record(
            picked.needs,
            lambda known: adoption.judge_owned_chat(picked.group_facts(known), context.limits),
        )
    elif request == CHANNEL_REQUEST:
        await context.record(
            picked.needs,
            lambda known: channels.judge_channel(picked.channel_facts(known), context.limits),
        )


_SHARED = filters.StatusUpdate.CHAT_SHARED


async def on_confirm_group(update: Update, context: BotContext) -> None:
    """Somebody pressed "manage this group"."""
    pressed = Pressed.of(update)
    picked = PickedChat.pressed(pressed.query, pressed.press)
    if picked is None or not picked.is_possible:
        context.answer(pressed.query, "toast-old")
        return
    await context.record(
        picked.needs,
        lambda known: adoption.judge_owned_chat(picked.group_facts(known), context.limits),
    )
    context.answer(pressed.query)


HANDLERS = (
    PressHandler(on_confirm_group, Verb.CONFIRM_GROUP),
    MessageHandler(PRIVATE_MESSAGE & _SHARED, on_chat_shared),
    MessageHandler(PRIVATE_MESSAGE & ~filters.StatusUpdate.ALL, on_private_message),
)
