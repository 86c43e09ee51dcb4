"""Applying what is remembered of a school year that begins, and of guardians' consent."""

from typing import assert_never

from sqlalchemy import delete, insert, update

from bot.policy import changes as c
from storage.changes.base import ChangesOfOneKind
from storage.tables import (
    group_class_groups,
    guardian_consents,
    school_choices,
    school_years,
)


class SchoolYearChanges(ChangesOfOneKind):
    """School years, groups to confirm, consents, and the school's recorded choices."""

    async def apply(self, change: c.SchoolYearChange) -> None:
        """Apply one change."""
        match change:
            case c.BeginSchoolYear():
                await self._begin(change)
            case c.AwaitReconfirmation():
                await self._set_group(
                    change.chat, reconfirm_before=change.before, reconfirm_asked_at=None
                )
            case c.RememberReconfirmationAsked():
                await self._set_group(change.chat, reconfirm_asked_at=self._at)
            case c.ReconfirmGroup():
                await self._set_group(change.chat, reconfirm_before=None, reconfirm_asked_at=None)
            case c.DropClassGroups():
                await self._drop(change)
            case c.GiveConsent():
                await self._give(change)
            case c.WithdrawConsent():
                await self._withdraw(change)
            case c.RememberChoice():
                await self._remember_choice(change)
            case _:
                assert_never(change)

    async def _begin(self, change: c.BeginSchoolYear) -> None:
        by = None if change.by is None else await self._account(change.by)
        await self._connection.execute(
            insert(school_years).values(
                started_at=self._at,
                started_by=by,
                confirm_before=change.confirm_before,
                groups=change.groups,
                leavers=change.leavers,
            )
        )

    async def _drop(self, change: c.DropClassGroups) -> None:
        await self._connection.execute(
            delete(group_class_groups).where(
                group_class_groups.c.group_id == await self._group(change.chat),
                group_class_groups.c.class_group.in_(change.class_groups),
            )
        )

    async def _give(self, change: c.GiveConsent) -> None:
        pair = {"student_id": change.student, "guardian_id": change.guardian}
        now = {"given_at": self._at, "withdrawn_at": None}
        given = await self._connection.execute(
            update(guardian_consents).filter_by(**pair).values(**now)
        )
        if given.rowcount == 0:
            await self._connection.execute(insert(guardian_consents).values(**pair, **now))

    async def _withdraw(self, change: c.WithdrawConsent) -> None:
        await self._connection.execute(
            update(guardian_consents)
            .filter_by(student_id=change.student, guardian_id=change.guardian)
            .values(withdrawn_at=self._at)
        )

    async def _remember_choice(self, change: c.RememberChoice) -> None:
        now = {"value": change.value, "chosen_at": self._at}
        known = await self._connection.execute(
            update(school_choices).where(school_choices.c.name == change.name).values(**now)
        )
        if known.rowcount == 0:
            await self._connection.execute(insert(school_choices).values(name=change.name, **now))
