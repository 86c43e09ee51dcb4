"""A pretend Telegram: chats, members and rights as state; the Bot API over HTTP; telephones.

It stands in for Telegram in tests and demonstrations and refuses what Telegram refuses, with
Telegram's own words. It imports nothing of the product: a stand-in must not share our mistakes.
"""

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import BotApiError, RefusedByTelegram
from bot.sandbox.telegram import Telegram

__all__ = ["BotApiError", "RefusedByTelegram", "SandboxClock", "Telegram"]
