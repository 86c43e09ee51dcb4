"""What an error of Telegram means for an effect: never, later, elsewhere, or nobody can say.

Telegram names its reasons in English prose and python-telegram-bot changes its capitals, so they
are found by parts of the text in small letters. The texts are those of Telegram's own server
(tdlib/telegram-bot-api, Client.cpp). What leaves here is a code, not that prose.
"""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.policy.effects import DeleteMessages, Effect, LockGroup, PrivateEffect
from bot.policy.ids import ChatId
from bot.policy.outcomes import (
    ALREADY_IN,
    BLOCKED_BY_USER,
    LINK_GONE,
    NEVER_ASKED,
    NEVER_STARTED,
    NOT_A_MEMBER,
    REQUEST_GONE,
    USER_DEACTIVATED,
    Done,
    Lost,
    Refused,
)
from bot.request import GarbledAnswer, NotSent, ServerFault
from bot.sending.answers import Answer, Moved, RetryLater

NOT_SENT_PAUSE = 1.0
SERVER_FAULT_PAUSE = 5.0
UNCERTAIN_PAUSE = 5.0
# A token that is not accepted needs a person: trying again only keeps the work until then.
TOKEN_REFUSED_PAUSE = 60.0

CANNOT_BE_DELETED = "cannot-be-deleted"
UNKNOWN = "unknown"
MOST_CHARACTERS = 80

# Parts of Telegram's texts, in small letters, with our code. The first that fits counts.
_REASONS = (
    ("bot was blocked by the user", BLOCKED_BY_USER),
    ("user is deactivated", USER_DEACTIVATED),
    ("can't initiate conversation", NEVER_STARTED),
    ("bots can't send messages to bots", "is-a-bot"),
    ("bot is not a member", NOT_A_MEMBER),
    ("bot was kicked", NOT_A_MEMBER),
    ("group chat was deleted", NOT_A_MEMBER),
    ("group chat was deactivated", NOT_A_MEMBER),
    ("chat not found", NOT_A_MEMBER),
    ("channel_private", NOT_A_MEMBER),
    ("message can't be deleted", CANNOT_BE_DELETED),
    ("message to pin not found", "message-gone"),
    ("invite_hash_expired", LINK_GONE),
    ("user is an administrator of the chat", "is-an-administrator"),
    ("not enough rights", "not-enough-rights"),
    ("have no rights", "not-enough-rights"),
    ("need administrator rights", "not-enough-rights"),
    ("chat_admin_required", "not-enough-rights"),
    ("chat_write_forbidden", "not-enough-rights"),
    ("right_forbidden", "not-enough-rights"),
    ("method is available", "not-a-supergroup"),
    ("participant_id_invalid", "sender-unknown"),
    ("hide_requester_missing", REQUEST_GONE),
    ("user_already_participant", ALREADY_IN),
    ("user_id_invalid", NEVER_ASKED),
    ("user not found", NEVER_ASKED),
    ("can't parse entities", "our-markup"),
    ("message is too long", "too-long"),
    ("message text is empty", "empty"),
    ("button_data_invalid", "our-button"),
)

# Telegram refuses to set what is set already: for us that is done.
_ALREADY_SO = ("chat_not_modified", "chat is not modified", "chat not modified")

# What may stand in an unforeseen text and must not leave here: tokens, addresses, names, ids.
_PRIVATE_PARTS = re.compile(r"\d+:[\w-]{20,}|https?://\S+|@\w+|\d+|(?<!\w)[\"'«“‘].*[\"'»”’](?!\w)")


def answer_to(error: TelegramError, effect: Effect) -> Answer:
    """What an error means for ``effect``. ``repeatable`` decides where delivery is uncertain."""
    match error:
        case ChatMigrated():
            return Moved(new_chat=ChatId(error.new_chat_id))
        case RetryAfter():
            return RetryLater(seconds=_seconds(error.retry_after), flood=True)
        case Forbidden() | BadRequest():
            return _refusal(error, effect)
        case NotSent():
            return RetryLater(seconds=NOT_SENT_PAUSE)
        case ServerFault():
            return RetryLater(seconds=SERVER_FAULT_PAUSE)
        case InvalidToken():
            return RetryLater(seconds=TOKEN_REFUSED_PAUSE)
        case _:
            return _uncertain(error, effect)


def reason_of(error: TelegramError) -> str:
    """Our code for a refusal. An unforeseen one says so, with what may be told of the text."""
    text = error.message.lower()
    known = next((code for part, code in _REASONS if part in text), None)
    return known or f"{UNKNOWN}: {_PRIVATE_PARTS.sub('#', text)}"[:MOST_CHARACTERS]


def _refusal(error: TelegramError, effect: Effect) -> Done | Refused:
    text = error.message.lower()
    if isinstance(effect, LockGroup) and any(part in text for part in _ALREADY_SO):
        return Done()
    reason = reason_of(error)
    if isinstance(effect, PrivateEffect) and reason == NOT_A_MEMBER:
        # "Chat not found" of an account: it has never written to the bot.
        reason = NEVER_STARTED
    if isinstance(effect, DeleteMessages):
        return Refused(reason=reason, count=len(effect.messages))
    return Refused(reason=reason)


def _uncertain(error: TelegramError, effect: Effect) -> RetryLater | Lost:
    if effect.repeatable:
        return RetryLater(seconds=UNCERTAIN_PAUSE)
    match error:
        case TimedOut():
            return Lost(reason="timed-out")
        case GarbledAnswer():
            return Lost(reason="garbled-answer")
        case NetworkError():
            return Lost(reason="connection-lost")
        case _:
            return Lost(reason="unforeseen-error")


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
