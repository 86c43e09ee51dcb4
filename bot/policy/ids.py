"""The kinds of numbers that must never be mixed up.

Telegram's ids exceed 32 bits, so every column that holds one is a 64-bit integer.
Policy speaks in Telegram's ids (``ChatId``, ``UserId``); storage writes its own
(``GroupId``, ``AccountId``) into the log, so that the log holds no Telegram id.
"""

from typing import NewType

ChatId = NewType("ChatId", int)
"""A Telegram chat. It changes when a basic group becomes a supergroup."""

UserId = NewType("UserId", int)
"""A Telegram account."""

MessageId = NewType("MessageId", int)
"""A message within one Telegram chat."""

UpdateId = NewType("UpdateId", int)
"""An update as Telegram numbers it. Restarts at random after a quiet week."""

PersonId = NewType("PersonId", int)
"""A person of the school's roster: our own number, never the school's."""

AccountId = NewType("AccountId", int)
"""Our own number for a Telegram account that we have seen."""

GroupId = NewType("GroupId", int)
"""Our own number for a group: it stays the same when Telegram changes the chat's id."""

JoinRequestId = NewType("JoinRequestId", int)
"""Our own number for somebody's request to join a group."""

EffectId = NewType("EffectId", int)
"""A row of the outbox."""

# Telegram's own stand-ins for senders that are not a person
# (python-telegram-bot: ``telegram.constants.ChatID``, Bot API: Message.sender_chat).
ANONYMOUS_ADMINISTRATOR = UserId(1087968824)
CHANNEL_POSTING_BOT = UserId(136817688)
SERVICE_CHAT = UserId(777000)
STAND_INS = frozenset({ANONYMOUS_ADMINISTRATOR, CHANNEL_POSTING_BOT, SERVICE_CHAT})
