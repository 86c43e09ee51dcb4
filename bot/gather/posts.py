"""Messages in groups: who wrote what kind of thing, and to whom."""

from datetime import datetime

from telegram import Message, MessageEntity, Update
from telegram.ext import filters

from bot.policy.broadcast_groups.group_messages import Post, PostFacts
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.known import Known, Needs

# In the order in which they are looked for.
CONTENT = (
    "text",
    "live_photo",
    "photo",
    "sticker",
    "video",
    "animation",
    "voice",
    "video_note",
    "audio",
    "document",
    "contact",
    "location",
    "venue",
    "poll",
    "dice",
    "story",
    "game",
    "invoice",
    "paid_media",
    "checklist",
    "giveaway",
    "giveaway_winners",
)
# Service messages that the library does not count among its own.
SERVICE = ("boost_added", "successful_payment", "passport_data")
# Newer than the library (Bot API 10.1 to 10.3): they arrive among the fields that it does not know.
NEWER_CONTENT = ("rich_message",)
NEWER_SERVICE = ("community_chat_added", "community_chat_removed", "community_chat_joined")
UNKNOWN_CONTENT = "unknown"
"""A kind that is newer than these lists. It is a message until we know better: what nobody has
heard of must not be the way around the lock."""


def kind_of(update: Update, message: Message) -> str | None:
    """What a message holds; ``None`` for a service message."""
    if message.text is not None:
        return "text"
    if filters.StatusUpdate.ALL.filter(update):
        return None
    known = next((kind for kind in CONTENT if getattr(message, kind)), None)
    return known or _kind_beyond_the_library(message)


def _kind_beyond_the_library(message: Message) -> str | None:
    unknown = message.api_kwargs
    if any(getattr(message, name) for name in SERVICE) or not unknown:
        return None
    if any(name in unknown for name in NEWER_SERVICE):
        return None
    return next((kind for kind in NEWER_CONTENT if kind in unknown), UNKNOWN_CONTENT)


def happened_at(update: Update, message: Message) -> datetime:
    """When somebody wrote this: for an edit, when it was edited (``Message.edit_date``)."""
    is_edit = update.edited_message is not None
    return message.edit_date or message.date if is_edit else message.date


def post(update: Update, message: Message, *, bot_id: int) -> Post:
    """A message in a group as the rules see it."""
    kind = kind_of(update, message)
    author, sender_chat, replied = message.from_user, message.sender_chat, message.reply_to_message
    return Post(
        chat=ChatId(message.chat.id),
        message=MessageId(message.message_id),
        at=message.date,
        user=None if author is None else UserId(author.id),
        sender_chat=None if sender_chat is None else ChatId(sender_chat.id),
        kind=kind or "service",
        text=message.text or message.caption,
        edited=update.edited_message is not None,
        is_service=kind is None,
        is_automatic_forward=bool(message.is_automatic_forward),
        by_this_bot=author is not None and author.id == bot_id,
        replied_to=UserId(replied.from_user.id) if replied and replied.from_user else None,
        mentioned=_mentioned(message),
    )


def _mentioned(message: Message) -> frozenset[UserId]:
    """Accounts that are named by a link on their name; a @name says no account."""
    entities = (*message.entities, *message.caption_entities)
    return frozenset(
        UserId(entity.user.id)
        for entity in entities
        if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None
    )


def post_needs(seen: Post) -> Needs:
    """What a judgement of this message reads."""
    users = {seen.user, seen.replied_to, *seen.mentioned} - {None}
    channels = () if seen.sender_chat is None else (seen.sender_chat,)
    return Needs(
        chats=frozenset((seen.chat,)),
        users=frozenset(user for user in users if user is not None),
        channels=frozenset(channels),
    )


def post_facts(seen: Post, known: Known) -> PostFacts:
    """The message with what we know of everyone in it."""
    addressed = {*seen.mentioned} | ({seen.replied_to} if seen.replied_to else set())
    return PostFacts(
        at=known.at,
        post=seen,
        group=known.groups.get(seen.chat),
        author=None if seen.user is None else known.account(seen.user),
        sender_channel_registered=_registered(seen.sender_chat, known),
        addressed=tuple(known.account(user) for user in sorted(addressed)),
    )


def _registered(channel: ChatId | None, known: Known) -> bool:
    """Whether the channel is a professional account of somebody who still is staff."""
    found = None if channel is None else known.channels.get(channel)
    return found is not None and found.registered_by.is_staff
