"""Applying what is remembered of groups."""

from collections.abc import Mapping
from typing import assert_never

from sqlalchemy import case, delete, func, insert, literal, select, update

from bot.policy import changes as c
from bot.policy.groups import GroupState, Seat
from bot.policy.ids import ChatId, GroupId
from storage.changes.base import ChangesOfOneKind
from storage.folding import fold_group
from storage.joining import begin_anew, end_requests
from storage.outbox import supersede_leaving
from storage.tables import deliveries, group_chat_ids, group_links, group_seats, groups, outbox

NO_OFFER: Mapping[str, None] = dict.fromkeys(
    ("offered_to", "offered_by", "offered_at", "offer_accepted_at")
)
"""The columns of a group that nobody is to take over."""


def _seat_row(number: GroupId | None, seat: Seat) -> dict[str, object]:
    return {
        "group_id": number,
        "user_id": seat.user,
        "is_owner": seat.is_owner,
        "is_anonymous": seat.is_anonymous,
        "is_bot": seat.is_bot,
    }


class GroupChanges(ChangesOfOneKind):
    """Groups, their seats, chat ids and links."""

    async def apply(self, change: c.GroupChange) -> None:  # noqa: C901 (one line for each kind of change)
        """Apply one change."""
        match change:
            case c.RememberGroup():
                await self._remember_group(change)
            case c.ConfirmGroup():
                by = await self._account(change.by)
                await self._set_group(change.chat, confirmed_by=by)
            case c.SetGroupState():
                await self._set_state(change)
            case c.RememberLook():
                await self._remember_look(change)
            case c.ScheduleLook():
                await self._set_group(change.chat, next_look_at=change.at)
            case c.RememberSeat():
                await self._remember_seat(change)
            case c.RememberOwner():
                await self._remember_owner(change)
            case c.MigrateGroup():
                await self._migrate(change)
            case c.RememberNotice():
                await self._set_group(change.chat, notice_message_id=change.message)
            case c.RememberInviteLink():
                await self._remember_link(change)
            case _:
                assert_never(change)

    async def _remember_group(self, change: c.RememberGroup) -> None:
        added_by = None if change.added_by is None else await self._account(change.added_by)
        seen = {"kind": change.kind.value, "title": change.title, "added_by": added_by}
        fresh = {"state": GroupState.PENDING.value, "deadline_at": change.deadline_at}
        number = await self._group(change.chat)
        if number is None:
            await self._insert_group(change.chat, {**seen, **fresh})
            return
        restarted = await self._connection.execute(
            update(groups)
            .where(groups.c.id == number, groups.c.state == GroupState.LEFT.value)
            .values(
                **seen,
                **fresh,
                confirmed_by=None,
                owner=None,
                explained="",
                left_at=None,
                looked_at=None,
                lock_proved_at=None,
                open_since=None,
                notice_message_id=None,
                member_count=None,
                second_asked_at=None,
                reconfirm_before=None,
                reconfirm_asked_at=None,
                classes_asked_at=None,
                members_told_at=None,
                **NO_OFFER,
            )
        )
        if restarted.rowcount:
            await supersede_leaving(self._connection, [number], self._at)
            await begin_anew(self._connection, number)
        else:
            await self._fill_in(number, change.title, added_by)

    async def _fill_in(self, number: GroupId, title: str, added_by: int | None) -> None:
        """Of a group that we are in: what was not known of it yet."""
        await self._connection.execute(
            update(groups)
            .where(groups.c.id == number)
            .values(
                # Of the column's own type, which turns a title into one that can be kept.
                title=case(
                    (groups.c.title == "", literal(title, groups.c.title.type)),
                    else_=groups.c.title,
                ),
                added_by=func.coalesce(groups.c.added_by, added_by),
            )
        )

    async def _insert_group(self, chat: ChatId, values: dict[str, object]) -> None:
        result = await self._connection.execute(
            insert(groups).values(**values, first_seen_at=self._at).returning(groups.c.id)
        )
        number = GroupId(result.scalar_one())
        await self._name_chat(chat, number)

    async def _name_chat(self, chat: ChatId, number: GroupId) -> None:
        await self._connection.execute(
            insert(group_chat_ids).values(
                chat_id=chat, group_id=number, since=self._at, is_current=True
            )
        )
        self._numbers.groups[chat] = number

    async def _set_state(self, change: c.SetGroupState) -> None:
        values: dict[str, object] = {
            "state": change.state.value,
            "deadline_at": change.deadline_at,
        }
        if change.state is GroupState.MANAGED:
            values["adopted_at"] = self._at
        if change.state is GroupState.LEFT:
            values |= {"next_look_at": None, "left_at": self._at}
        if change.refused_at is not None:
            values["refused_at"] = change.refused_at
        await self._set_group(change.chat, **values)
        if change.state is GroupState.LEFT:
            await self._end_links(await self._group(change.chat))
            await end_requests(self._connection, await self._group(change.chat), self._at)

    async def _end_links(self, number: GroupId | None) -> None:
        """Telegram ends a bot's links with its membership."""
        await self._connection.execute(
            update(group_links)
            .where(group_links.c.group_id == number, group_links.c.ended_at.is_(None))
            .values(ended_at=self._at)
        )

    async def _remember_look(self, change: c.RememberLook) -> None:
        number = await self._group(change.chat)
        owner = next((seat.user for seat in change.seats if seat.is_owner), None)
        await self._set_group(
            change.chat,
            kind=change.kind.value,
            title=change.title,
            owner=None if owner is None else await self._account(owner),
            linked_channel=change.linked_channel,
            explained=" ".join(sorted(change.explained)),
            looked_at=self._at,
            lock_proved_at=change.lock_proved_at,
            open_since=change.open_since,
            member_count=change.member_count,
        )
        await self._connection.execute(delete(group_seats).where(group_seats.c.group_id == number))
        if change.seats:
            await self._connection.execute(
                insert(group_seats),
                [_seat_row(number, seat) for seat in change.seats],
            )

    async def _remember_seat(self, change: c.RememberSeat) -> None:
        """Give or take a seat; one that is held keeps what the last look saw of it."""
        number = await self._group(change.chat)
        held = (group_seats.c.group_id == number, group_seats.c.user_id == change.user)
        if not change.seated:
            await self._connection.execute(delete(group_seats).where(*held))
            return
        if await self._connection.scalar(select(group_seats.c.user_id).where(*held)) is None:
            seat = Seat(user=change.user, is_bot=change.is_bot)
            await self._connection.execute(insert(group_seats), [_seat_row(number, seat)])

    async def _remember_owner(self, change: c.RememberOwner) -> None:
        number = await self._group(change.chat)
        seats = group_seats.c.group_id == number
        await self._connection.execute(update(group_seats).where(seats).values(is_owner=False))
        owner = None
        if change.user is not None:
            owner = await self._account(change.user)
            await self._connection.execute(
                delete(group_seats).where(seats, group_seats.c.user_id == change.user)
            )
            seat = Seat(user=change.user, is_owner=True)
            await self._connection.execute(insert(group_seats), [_seat_row(number, seat)])
        await self._set_group(change.chat, owner=owner)

    async def _migrate(self, change: c.MigrateGroup) -> None:
        """Give the group its new chat id; a second row for the new chat is folded into it.

        ``my_chat_member`` for the new chat may come before Telegram says that it is the old one.
        """
        old, new = await self._group(change.old), await self._group(change.new)
        if old is None or old == new:
            return
        await self._connection.execute(
            update(group_chat_ids)
            .where(group_chat_ids.c.group_id.in_((old, new)))
            .values(is_current=False)
        )
        if new is None:
            await self._name_chat(change.new, old)
        else:
            await self._connection.execute(
                update(group_chat_ids)
                .where(group_chat_ids.c.chat_id == change.new)
                .values(group_id=old, is_current=True)
            )
            await fold_group(self._connection, new, into=old, at=self._at)
            # What waits for the folded row is for the same chat, and must keep finding it.
            for table in (group_chat_ids, outbox):
                await self._connection.execute(
                    update(table).where(table.c.group_id == new).values(group_id=old)
                )
            self._numbers.groups[change.new] = old
        # Links and messages stay behind in the old chat; the lock must be proved anew.
        await self._connection.execute(
            update(deliveries).where(deliveries.c.group_id == old).values(message_id=None)
        )
        values = {"kind": "supergroup", "looked_at": None, "lock_proved_at": None}
        if new is None:
            values["notice_message_id"] = None
            await self._end_links(old)
        await self._connection.execute(update(groups).where(groups.c.id == old).values(**values))

    async def _remember_link(self, change: c.RememberInviteLink) -> None:
        await self._connection.execute(
            insert(group_links).values(
                group_id=await self._group(change.chat),
                url=change.url,
                asks_approval=change.asks_approval,
                made_at=self._at,
            )
        )
