"""A bare aiogram bot that deletes every message.

Environment: BOT_TOKEN, and TELEGRAM_BASE_URL that ends in `/bot`.
"""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def delete(message: Message) -> None:
    """Delete what came in."""
    await message.delete()


async def main() -> None:
    """Poll until killed."""
    root = os.environ["TELEGRAM_BASE_URL"].removesuffix("/bot")
    session = AiohttpSession(api=TelegramAPIServer.from_base(root))
    async with Bot(os.environ["BOT_TOKEN"], session=session) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
