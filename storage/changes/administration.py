"""Applying what is remembered of an administrator's desk."""

from typing import assert_never

from sqlalchemy import delete, insert, update

from bot.policy import changes as c
from bot.policy.administering.under_way import ProposalState, UploadState
from storage.changes.base import ChangesOfOneKind
from storage.tables import data_requests, duty_proposals, person_duties, roster_uploads

_UNCONFIRMED = (UploadState.NEW.value, UploadState.SHOWN.value)


class AdministrationChanges(ChangesOfOneKind):
    """Rosters, duties and requests under way."""

    async def apply(self, change: c.AdministrationChange) -> None:
        """Apply one change."""
        match change:
            case c.RememberUpload():
                await self._remember_upload(change)
            case c.SetUploadState():
                await self._set_upload_state(change)
            case c.ProposeDuty():
                await self._propose(change)
            case c.DecideProposal():
                await self._decide(change)
            case c.SetDuty():
                await self._set_duty(change)
            case c.CloseDataRequest():
                await self._close_request(change)
            case _:
                assert_never(change)

    async def _remember_upload(self, change: c.RememberUpload) -> None:
        account = await self._account(change.user)
        await self._connection.execute(
            update(roster_uploads)
            .where(roster_uploads.c.account_id == account, roster_uploads.c.state.in_(_UNCONFIRMED))
            .values(state=UploadState.REPLACED.value, settled_at=self._at)
        )
        await self._connection.execute(
            insert(roster_uploads).values(
                id=change.number,
                account_id=account,
                file_id=change.file_id,
                made_at=self._at,
                state=UploadState.NEW.value,
            )
        )

    async def _set_upload_state(self, change: c.SetUploadState) -> None:
        settled = self._at if change.state is UploadState.CANCELLED else None
        await self._connection.execute(
            update(roster_uploads)
            .where(roster_uploads.c.id == change.number)
            .values(state=change.state.value, settled_at=settled)
        )

    async def _propose(self, change: c.ProposeDuty) -> None:
        await self._connection.execute(
            insert(duty_proposals).values(
                id=change.number,
                person_id=change.person,
                duty=change.duty.value,
                grants=change.grants,
                proposed_by=await self._account(change.by),
                proposed_at=self._at,
                state=ProposalState.OPEN.value,
            )
        )

    async def _decide(self, change: c.DecideProposal) -> None:
        await self._connection.execute(
            update(duty_proposals)
            .where(duty_proposals.c.id == change.number)
            .values(
                state=change.state.value,
                decided_by=await self._account(change.by),
                decided_at=self._at,
            )
        )

    async def _set_duty(self, change: c.SetDuty) -> None:
        row = {"person_id": change.person, "duty": change.duty.value}
        held = (person_duties.c.person_id == change.person, person_duties.c.duty == row["duty"])
        await self._connection.execute(delete(person_duties).where(*held))
        if change.grants:
            await self._connection.execute(insert(person_duties).values(**row, granted=True))

    async def _close_request(self, change: c.CloseDataRequest) -> None:
        await self._connection.execute(
            update(data_requests)
            .where(data_requests.c.id == change.number)
            .values(done_at=self._at, done_by=await self._account(change.by))
        )
