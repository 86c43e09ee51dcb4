"""Who is in a chat, and as what: the bot itself, and everybody with a seat."""

from telegram import ChatMemberUpdated, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler

from bot.context import BotContext
from bot.gather.joining import MemberSeen
from bot.gather.members import BotMember, SeatChange
from bot.policy.broadcast_groups import membership
from bot.policy.coming_in import members


def _changed(update: Update) -> ChatMemberUpdated:
    change = update.my_chat_member or update.chat_member
    assert change is not None  # noqa: S101 (the handler's type matched on it)
    return change


async def on_bot_member(update: Update, context: BotContext) -> None:
    """Somebody added, promoted, restricted or removed the bot."""
    change = _changed(update)
    if change.chat.type == ChatType.PRIVATE:
        return  # Somebody started or blocked the bot: a call to him will tell when it matters.
    member = BotMember(change)
    await context.record(
        member.needs,
        lambda known: membership.judge_bot(member.facts(known), context.limits),
        happened_at=change.date,
    )


async def on_member(update: Update, context: BotContext) -> None:
    """Somebody else came, went, or got or lost a seat."""
    change = _changed(update)
    seat, member = SeatChange(change), MemberSeen(change, context.bot.id)
    await context.record(
        seat.needs | member.needs,
        lambda known: members.together(
            membership.judge_seat(seat.facts(known), context.limits),
            members.judge(member.facts(known), context.limits),
        ),
        happened_at=change.date,
    )


HANDLERS = (
    ChatMemberHandler(on_bot_member, ChatMemberHandler.MY_CHAT_MEMBER),
    ChatMemberHandler(on_member, ChatMemberHandler.CHAT_MEMBER),
)
