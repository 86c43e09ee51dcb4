"""Applying that somebody goes, or asks something about his own data."""

from typing import assert_never

from sqlalchemy import delete, insert, select, update

from bot.policy import changes as c
from bot.policy.coming_in.joining import RequestState, Way
from bot.policy.ids import UserId
from bot.policy.people import UnlinkReason
from storage.changes.base import ChangesOfOneKind
from storage.tables import (
    accounts,
    channels,
    contacts,
    data_requests,
    group_members,
    join_requests,
    nonces,
)


class OwnDataChanges(ChangesOfOneKind):
    """Unlinking, and requests about one's own data."""

    async def apply(self, change: c.OwnDataChange) -> None:
        """Apply one change."""
        match change:
            case c.UnlinkAccount():
                await self._unlink(change)
            case c.AskForData():
                await self._ask(change)
            case _:
                assert_never(change)

    async def _unlink(self, change: c.UnlinkAccount) -> None:
        account = await self._account(change.user)
        stops = change.why is UnlinkReason.STOP
        forgotten = {"language": None} if stops else {}
        await self._connection.execute(
            update(accounts)
            .where(accounts.c.id == account)
            .values(
                person_id=None, linked_at=None, unlinked_at=self._at, erase_at=self._at, **forgotten
            )
        )
        self._numbers.people.pop(UserId(change.user), None)
        await self._connection.execute(
            update(join_requests)
            .where(join_requests.c.account_id == account, join_requests.c.settled_at.is_(None))
            .values(state=RequestState.WITHDRAWN.value, settled_at=self._at, judge_at=None)
        )
        if stops:
            # Whoever came in past every question is still to be seen by the group's owner, and so
            # is whoever loses the link otherwise: neither takes himself off the owner's list.
            await self._connection.execute(
                delete(group_members).where(
                    group_members.c.account_id == account,
                    group_members.c.how == Way.REQUEST.value,
                )
            )
        for table in (channels, nonces, *((contacts,) if stops else ())):
            await self._connection.execute(delete(table).where(table.c.account_id == account))

    async def _ask(self, change: c.AskForData) -> None:
        account = await self._account(change.user)
        person = select(accounts.c.person_id).where(accounts.c.id == account).scalar_subquery()
        await self._connection.execute(
            insert(data_requests).values(
                account_id=account, person_id=person, kind=change.kind.value, asked_at=self._at
            )
        )
