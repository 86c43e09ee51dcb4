"""Whatever appears in a group: messages, edits, and what Telegram itself writes there."""

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.context import BotContext
from bot.gather import posts
from bot.gather.announcing import WrittenByHand
from bot.gather.members import Migration, OwnerChange, UnknownChat
from bot.gather.private import StartInGroup
from bot.policy.announcements import written as written_by_hand
from bot.policy.broadcast_groups import adoption, group_messages, membership
from bot.policy.decision import Decision
from bot.policy.known import Known
from bot.policy.rules import Rule


def _message(update: Update) -> Message:
    message = update.effective_message
    assert message is not None  # noqa: S101 (the handler's filter matched on it)
    return message


async def on_group_message(update: Update, context: BotContext) -> None:
    """Judge a message or an edit. The busiest way through the bot: it only adds to the log."""
    message = _message(update)
    post = posts.post(update, message, bot_id=context.bot.id)
    recorded = await context.record(
        posts.post_needs(post),
        lambda known: group_messages.judge(posts.post_facts(post, known), context.limits),
        happened_at=posts.happened_at(update, message),
        commutes=True,
    )
    rule = None if recorded.decision is None else recorded.decision.rule
    if rule is Rule.NOT_OUR_GROUP:
        await _meet(message, context)
    elif rule is Rule.STAFF_MESSAGE:
        await _look_over(update, message, context)


async def _look_over(update: Update, message: Message, context: BotContext) -> None:
    """Staff wrote by hand: the check of announcements, after the fact."""
    edited = update.edited_message is not None
    written = WrittenByHand(message, context.services.allowed, edited=edited)
    await context.record_more(
        written.needs, lambda known: written_by_hand.judge(written.facts(known), context.limits)
    )


async def _meet(message: Message, context: BotContext) -> None:
    """A group that we may not know: the update which said that we were added may be lost."""
    chat, at = UnknownChat(message.chat), message.edit_date or message.date
    await context.record_more(
        chat.needs,
        lambda known: membership.judge_unknown_chat(
            chat.facts(known), context.limits, happened_at=at
        ),
    )


async def on_start(update: Update, context: BotContext) -> None:
    """``/start@bot <nonce>``: a start-group link was used. Anything else is a message.

    So it is in a group that is ours already: a command must not be the way around the lock.
    """
    message = _message(update)
    started = StartInGroup.of(message)
    if started is None:
        await on_group_message(update, context)
        return
    post = posts.post(update, message, bot_id=context.bot.id)

    def judge(known: Known) -> Decision:
        as_message = group_messages.judge(posts.post_facts(post, known), context.limits)
        if as_message.rule is not Rule.NOT_OUR_GROUP:
            return as_message
        return adoption.judge_nonce(started.facts(known), context.limits)

    await context.record(
        started.needs | posts.post_needs(post), judge, happened_at=started.message.date
    )


async def on_migration(update: Update, context: BotContext) -> None:
    """Telegram made a supergroup of a basic group; it says so in both chats."""
    moved = Migration.of(_message(update))
    await context.record(
        moved.needs, lambda known: membership.judge_migration(moved.facts(known), context.limits)
    )


async def on_owner_change(update: Update, context: BotContext) -> None:
    """The group has another owner, or its owner left."""
    change = OwnerChange(_message(update))
    await context.record(
        change.needs, lambda known: membership.judge_owner(change.facts(known), context.limits)
    )


async def on_group_update(update: Update, context: BotContext) -> None:
    """A new message in a group, to the job that it is for.

    One filter and a look at a few fields: a filter for each would cost the busiest way more.
    """
    message = _message(update)
    if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
        await on_migration(update, context)
    elif message.chat_owner_changed is not None or message.chat_owner_left is not None:
        await on_owner_change(update, context)
    elif message.text is not None and message.text.startswith("/start"):
        await on_start(update, context)
    else:
        await on_group_message(update, context)


HANDLERS = (
    MessageHandler(filters.UpdateType.MESSAGE & filters.ChatType.GROUPS, on_group_update),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.ChatType.GROUPS, on_group_message),
)
