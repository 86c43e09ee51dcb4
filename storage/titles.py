"""The title of a group, for a notice about it: read when it is sent, so no outbox row holds it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.policy.ids import ChatId
from storage.engine import reading
from storage.tables import group_chat_ids, groups


async def title_of(engine: AsyncEngine, chat: ChatId) -> str | None:
    """The title of a group when we last looked; ``None`` for a chat that is no group of ours."""
    async with reading(engine) as connection:
        title: str | None = await connection.scalar(
            select(groups.c.title)
            .join(group_chat_ids, group_chat_ids.c.group_id == groups.c.id)
            .where(group_chat_ids.c.chat_id == chat)
        )
    return title
