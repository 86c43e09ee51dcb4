"""A bare python-telegram-bot bot that deletes every message; argument: how many updates at once.

Environment: BOT_TOKEN, and TELEGRAM_BASE_URL that ends in `/bot`.
"""

import os
import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def delete(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Delete what came in."""
    del context
    if update.effective_message is not None:
        await update.effective_message.delete()


def main() -> None:
    """Poll until killed, one update after another unless the argument says otherwise."""
    at_once = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    builder = Application.builder().token(os.environ["BOT_TOKEN"])
    builder = builder.base_url(os.environ["TELEGRAM_BASE_URL"])
    if at_once > 1:
        builder = builder.concurrent_updates(at_once)
    application = builder.build()
    application.add_handler(MessageHandler(filters.ALL, delete))
    application.run_polling()


if __name__ == "__main__":
    main()
