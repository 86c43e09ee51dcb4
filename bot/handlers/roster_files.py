"""Documents in private: an administrator's is a roster; anybody else's is never fetched."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import BotContext
from bot.gather.administration import SentDocument
from bot.gather.announcing import Words
from bot.gather.private import PRIVATE_MESSAGE
from bot.policy.accounts import private_messages
from bot.policy.administering import administration
from bot.policy.announcements import drafting
from bot.policy.decision import Decision
from bot.policy.known import Known


async def on_document(update: Update, context: BotContext) -> None:
    """Somebody sent a document to the bot."""
    assert update.message is not None  # noqa: S101 (the handler's filter matched on it)
    sent = SentDocument.of(update.message)
    words = Words(sent.written, context.services.timetable)

    def judge(known: Known) -> Decision:
        facts = sent.facts(known)
        if administration.is_administrator(facts.asker.account):
            return administration.judge_upload(facts, context.limits)
        typed = words.facts(known)
        if typed is not None:
            return drafting.judge_typed(typed, context.limits)
        return private_messages.judge(sent.written.facts(known), context.limits)

    needs = sent.written.needs | words.needs
    await context.record(needs, judge, happened_at=update.message.date)


HANDLERS = (MessageHandler(PRIVATE_MESSAGE & filters.Document.ALL, on_document),)
"""Before the handler of all other private messages."""
