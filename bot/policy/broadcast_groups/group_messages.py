"""Whether a message may stay in a group of ours (B.6, B.4, B.5).

Only administrators send in a locked group, so whatever else appears is removed and recorded. The
words of a message reach the log nowhere: they are ``Evidence``, with an end.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.cascade import first_answer
from bot.policy.decision import Decision
from bot.policy.effects import BanSenderChat, DeleteMessages, Effect, InspectGroup
from bot.policy.events import (
    AnonymousWriter,
    Event,
    Evidence,
    MessageNotRemovable,
    MessageRefused,
    StaffAddressedStudent,
)
from bot.policy.groups import Group
from bot.policy.ids import STAND_INS, ChatId, MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account, Role
from bot.policy.rules import Rule

TOO_OLD = "older-than-48-hours"
"""Why a message is not removable: Telegram removes nothing older (Bot API: deleteMessage)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message, or a new version of one (``edited``), as Telegram delivered it.

    ``at`` is Telegram's date of the message itself, also of an edited one. ``user`` may be one of
    the stand-ins; ``sender_chat`` is the chat in whose name the message was written.
    """

    chat: ChatId
    message: MessageId
    at: datetime
    user: UserId | None
    sender_chat: ChatId | None
    kind: str
    text: str | None
    edited: bool
    is_service: bool
    is_automatic_forward: bool
    by_this_bot: bool
    replied_to: UserId | None
    mentioned: frozenset[UserId]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """``addressed``: the accounts of whoever is replied to or mentioned."""

    at: datetime
    post: Post
    group: Group | None
    author: Account | None
    sender_channel_registered: bool
    addressed: tuple[Account, ...]


def judge(facts: PostFacts, limits: Limits) -> Decision:
    """What happens to a message in a group."""
    return first_answer(RULES, _refused, facts, limits)


def _not_our_group(facts: PostFacts, _limits: Limits) -> Decision | None:
    group = facts.group
    # The numbers of messages start anew in a chat that Telegram makes of another one, so a
    # message of the chat of before must never be removed by its number in the chat of now.
    if group is not None and group.state in OURS and group.chat == facts.post.chat:
        return None
    return Decision(rule=Rule.NOT_OUR_GROUP)


def _service_message(facts: PostFacts, _limits: Limits) -> Decision | None:
    is_service = facts.post.is_service or facts.post.by_this_bot
    return Decision(rule=Rule.SERVICE_MESSAGE) if is_service else None


def _anonymous_administrator(facts: PostFacts, _limits: Limits) -> Decision | None:
    post = facts.post
    if post.sender_chat != post.chat:
        return None
    return Decision(
        rule=Rule.ANONYMOUS_ADMINISTRATOR,
        events=(AnonymousWriter(chat=post.chat),),
        effects=(InspectGroup(chat=post.chat, why="anonymous-administrator"),),
    )


def _channel_post_kept(facts: PostFacts, limits: Limits) -> Decision | None:
    post, group = facts.post, facts.group
    linked = group.linked_channel if group is not None else None
    if post.sender_chat is None or not facts.sender_channel_registered:
        return None
    if post.sender_chat == linked:
        return Decision(rule=Rule.CHANNEL_POST_KEPT)
    if not post.is_automatic_forward:
        return None
    # Telegram forwards from the linked channel alone, so it was linked after the last look.
    return Decision(
        rule=Rule.CHANNEL_POST_KEPT, effects=(_look(facts, limits, "another-linked-channel"),)
    )


def _post_as_channel(facts: PostFacts, limits: Limits) -> Decision | None:
    post = facts.post
    if post.sender_chat is None and not post.is_automatic_forward:
        return None
    effects: tuple[Effect, ...] = (InspectGroup(chat=post.chat, why="post-as-channel"),)
    # A linked channel is for the owner to unlink: banning it here would leave the link standing.
    # One that staff registered may be linked here later, and is not stopped for good.
    stranger = not post.is_automatic_forward and not facts.sender_channel_registered
    if post.sender_chat is not None and stranger:
        ban = BanSenderChat(chat=post.chat, sender_chat=post.sender_chat)
        effects = (ban, *effects)
    if _is_too_old(facts, limits):
        return Decision(rule=Rule.MESSAGE_TOO_OLD, events=(_not_removable(facts),), effects=effects)
    return Decision(
        rule=Rule.POST_AS_CHANNEL_REFUSED,
        events=(_refusal(facts, limits, as_channel=True),),
        effects=(_removal(facts), *effects),
    )


def _staff_message(facts: PostFacts, _limits: Limits) -> Decision | None:
    if facts.author is None or not facts.author.is_staff:
        return None
    student = _the_one_addressed(facts)
    if student is None:
        return Decision(rule=Rule.STAFF_MESSAGE)
    signal = StaffAddressedStudent(
        chat=facts.post.chat, user=facts.author.user, student=student.user
    )
    return Decision(rule=Rule.STAFF_ADDRESSED_STUDENT, events=(signal,))


def _the_one_addressed(facts: PostFacts) -> Account | None:
    """The student or guardian to whom alone a message of staff is addressed (B.4).

    An edit repeats what was said already: it is not a second discussion.
    """
    if facts.post.edited:
        return None
    protected = {
        account.user: account
        for account in facts.addressed
        if account.role in {Role.STUDENT, Role.GUARDIAN}
    }
    return next(iter(protected.values())) if len(protected) == 1 else None


def _administrator_message(facts: PostFacts, _limits: Limits) -> Decision | None:
    # Telegram lets the bot remove it, but whoever holds the seat is the question, not the message.
    post, group = facts.post, facts.group
    if post.user is None or group is None or group.seat_of(post.user) is None:
        return None
    return Decision(
        rule=Rule.ADMINISTRATOR_MESSAGE,
        effects=(InspectGroup(chat=post.chat, why="message-of-administrator"),),
    )


def _too_old(facts: PostFacts, limits: Limits) -> Decision | None:
    if not _is_too_old(facts, limits):
        return None
    return Decision(rule=Rule.MESSAGE_TOO_OLD, events=(_not_removable(facts),))


def _refused(facts: PostFacts, limits: Limits) -> Decision:
    return Decision(
        rule=Rule.MESSAGE_REFUSED,
        events=(_refusal(facts, limits, as_channel=False),),
        effects=(_removal(facts), _look(facts, limits, "message-in-locked-group")),
    )


def _look(facts: PostFacts, limits: Limits, why: str) -> InspectGroup:
    """The message shows that the group has changed. Within a minute of the last look, Telegram
    would show the same again: then one look is planned for when the minute is over.
    """
    looked_at = facts.group.looked_at if facts.group is not None else None
    fresh = looked_at is not None and facts.at - looked_at <= limits.look_cache
    return InspectGroup(
        chat=facts.post.chat,
        why=why,
        not_before=looked_at + limits.look_cache if looked_at is not None and fresh else None,
    )


RULES = (
    _not_our_group,
    _service_message,
    _anonymous_administrator,
    _channel_post_kept,
    _post_as_channel,
    _staff_message,
    _administrator_message,
    _too_old,
)


def _is_too_old(facts: PostFacts, limits: Limits) -> bool:
    return facts.at - facts.post.at >= limits.removable_for


def _writer(facts: PostFacts) -> UserId | None:
    """The account that wrote, if there is one: a stand-in of Telegram's is nobody."""
    user = facts.post.user
    return None if user in STAND_INS else user


def _removal(facts: PostFacts) -> DeleteMessages:
    return DeleteMessages(chat=facts.post.chat, messages=(facts.post.message,))


def _not_removable(facts: PostFacts) -> Event:
    return MessageNotRemovable(chat=facts.post.chat, user=_writer(facts), count=1, reason=TOO_OLD)


def _refusal(facts: PostFacts, limits: Limits, *, as_channel: bool) -> Event:
    post, author = facts.post, facts.author
    evidence = None
    if limits.removed_message_retention:
        evidence = Evidence(
            message=post.message,
            kind=post.kind,
            text=post.text,
            keep_until=facts.at + limits.removed_message_retention,
        )
    return MessageRefused(
        chat=post.chat,
        user=_writer(facts),
        role=author.role if author is not None and not as_channel else None,
        kind=post.kind,
        edited=post.edited,
        as_channel=as_channel,
        evidence=evidence,
    )
