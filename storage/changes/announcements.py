"""Applying what is remembered of announcements."""

from typing import assert_never

from sqlalchemy import delete, func, insert, select, update

from bot.policy import changes as c
from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementState,
    Delivery,
    DeliveryState,
)
from storage.changes.base import ChangesOfOneKind
from storage.tables import announcements, deliveries, sightings


class AnnouncementChanges(ChangesOfOneKind):
    """Drafts, deliveries and sightings."""

    async def apply(self, change: c.AnnouncementChange) -> None:
        """Apply one change."""
        match change:
            case c.KeepAnnouncement():
                await self._keep(change.announcement)
            case c.SetAnnouncementState():
                await self._set(change.announcement, state=change.state.value)
            case c.RememberPage():
                await self._set(change.announcement, page_message_id=change.message)
            case c.SetDelivery():
                await self._set_delivery(change)
            case c.RecordSighting():
                await self._record_sighting(change)
            case c.ShowCount():
                await self._show_count(change)
            case c.RememberAskedAgain():
                await self._set(change.announcement, asked_again_at=self._at)
            case c.ShowProgress():
                await self._show_progress(change)
            case _:
                assert_never(change)

    async def _set(self, announcement: int, **values: object) -> None:
        await self._connection.execute(
            update(announcements).where(announcements.c.id == announcement).values(**values)
        )

    async def _show_progress(self, change: c.ShowProgress) -> None:
        await self._set(change.announcement, shown_settled=change.settled)
        if change.ended:
            await self._connection.execute(
                update(announcements)
                .where(
                    announcements.c.id == change.announcement,
                    announcements.c.state == AnnouncementState.SENDING.value,
                )
                .values(state=AnnouncementState.SENT.value, settled_at=self._at)
            )

    async def _keep(self, kept: Announcement) -> None:
        row = _row(kept) | {"author": await self._account(kept.author), "touched_at": self._at}
        found = await self._connection.execute(
            update(announcements).where(announcements.c.id == kept.id).values(**row)
        )
        if found.rowcount == 0:
            await self._connection.execute(
                insert(announcements).values(id=kept.id, made_at=self._at, **row)
            )
        await self._keep_deliveries(kept)

    async def _keep_deliveries(self, kept: Announcement) -> None:
        """What has become of it in a group already stays as it is."""
        of_it = deliveries.c.announcement_id == kept.id
        waits = deliveries.c.state.in_((DeliveryState.CHOSEN.value, DeliveryState.PENDING.value))
        await self._connection.execute(delete(deliveries).where(of_it, waits))
        settled = set(
            (await self._connection.scalars(select(deliveries.c.group_id).where(of_it))).all()
        )
        await self._numbers.learn_groups(self._connection, kept.chosen)
        rows = [
            self._delivery_row(kept, each)
            for each in kept.deliveries
            if self._numbers.groups.get(each.chat) not in {None, *settled}
        ]
        if rows:
            await self._connection.execute(insert(deliveries), rows)

    def _delivery_row(self, kept: Announcement, each: Delivery) -> dict[str, object]:
        return {
            "announcement_id": kept.id,
            "group_id": self._numbers.groups[each.chat],
            "state": each.state.value,
        }

    async def _set_delivery(self, change: c.SetDelivery) -> None:
        values: dict[str, object] = {"state": change.state.value, "error": change.error}
        if change.repeated:
            values["repeated"] = True
        if change.message is not None:
            values |= {"message_id": change.message, "sent_at": self._at}
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.announcement_id == change.announcement,
                deliveries.c.group_id == await self._group(change.chat),
            )
            .values(**values)
        )

    async def _record_sighting(self, change: c.RecordSighting) -> None:
        account, group = await self._account(change.user), await self._group(change.chat)
        of_it = (
            sightings.c.announcement_id == change.announcement,
            sightings.c.account_id == account,
        )
        if await self._connection.scalar(select(func.count()).where(*of_it)):
            return
        await self._connection.execute(
            insert(sightings).values(
                announcement_id=change.announcement, account_id=account, group_id=group, at=self._at
            )
        )
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.announcement_id == change.announcement,
                deliveries.c.group_id == group,
            )
            .values(seen=deliveries.c.seen + 1)
        )

    async def _show_count(self, change: c.ShowCount) -> None:
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.announcement_id == change.announcement,
                deliveries.c.group_id == await self._group(change.chat),
            )
            .values(shown=deliveries.c.seen, shown_at=self._at)
        )


def _row(kept: Announcement) -> dict[str, object]:
    fields = kept.fields
    return {
        "state": kept.state.value,
        "revision": kept.revision,
        "kind": None if fields.kind is None else fields.kind.value,
        # A name of a class may hold spaces, but no line breaks: the roster's reader refuses them.
        "class_groups": "\n".join(fields.class_groups),
        "day": fields.day,
        "hours": " ".join(map(str, fields.hours)),
        "new_day": fields.new_day,
        "new_hours": " ".join(map(str, fields.new_hours)),
        "subject": fields.subject,
        "room": fields.room,
        "note": fields.note,
        "awaiting": None if kept.awaiting is None else kept.awaiting.value,
        "wished_at": kept.wished_at,
        "raised_because": kept.raised_because,
        "urgent": kept.urgent,
        "repeats": kept.repeats,
        "replaces": kept.replaces,
    }
