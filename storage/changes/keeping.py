"""Applying what is remembered of how staff look after their groups."""

from typing import assert_never

from sqlalchemy import update

from bot.policy import changes as c
from storage.changes.base import ChangesOfOneKind
from storage.changes.groups import NO_OFFER
from storage.tables import group_links


class KeepingChanges(ChangesOfOneKind):
    """Offers to colleagues, links that end, and what owners were asked."""

    async def apply(self, change: c.KeepingChange) -> None:
        """Apply one change."""
        match change:
            case c.OfferGroup():
                await self._set_group(
                    change.chat,
                    offered_to=await self._account(change.to),
                    offered_by=None if change.by is None else await self._account(change.by),
                    offered_at=self._at,
                    offer_accepted_at=None,
                )
            case c.AcceptOffer():
                await self._set_group(change.chat, offer_accepted_at=self._at)
            case c.EndOffer():
                await self._set_group(change.chat, **NO_OFFER)
            case c.RememberSecondAsked():
                await self._set_group(change.chat, second_asked_at=self._at)
            case c.EndInviteLink():
                await self._end_link(change)
            case _:
                assert_never(change)

    async def _end_link(self, change: c.EndInviteLink) -> None:
        link = (
            group_links.c.group_id == await self._group(change.chat),
            group_links.c.url == change.url,
            group_links.c.ended_at.is_(None),
        )
        await self._connection.execute(update(group_links).where(*link).values(ended_at=self._at))
