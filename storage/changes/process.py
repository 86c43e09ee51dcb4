"""Applying what the bot remembers of its own work."""

from sqlalchemy import insert, update

from bot.policy import changes as c
from storage.changes.base import ChangesOfOneKind
from storage.tables import intake


class ProcessChanges(ChangesOfOneKind):
    """How far the bot came."""

    async def apply(self, _change: c.ProcessChange) -> None:
        """Apply one change."""
        await self._record_poll()

    async def _record_poll(self) -> None:
        found = await self._connection.execute(
            update(intake).where(intake.c.id == 1).values(last_poll_at=self._at)
        )
        if found.rowcount == 0:
            await self._connection.execute(insert(intake).values(id=1, last_poll_at=self._at))
