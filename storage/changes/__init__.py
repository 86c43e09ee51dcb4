"""Applying changes: what our tables hold from now on, in the commit of the decision."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy import changes as c
from storage.changes.administration import AdministrationChanges
from storage.changes.announcements import AnnouncementChanges
from storage.changes.groups import GroupChanges
from storage.changes.joining import JoiningChanges
from storage.changes.keeping import KeepingChanges
from storage.changes.own_data import OwnDataChanges
from storage.changes.people import PeopleChanges
from storage.changes.process import ProcessChanges
from storage.changes.school_year import SchoolYearChanges
from storage.numbers import Numbers


class ChangeWriter:
    """Applies changes within one transaction."""

    def __init__(self, connection: AsyncConnection, numbers: Numbers, at: datetime) -> None:
        self._administration = AdministrationChanges(connection, numbers, at)
        self._announcements = AnnouncementChanges(connection, numbers, at)
        self._groups = GroupChanges(connection, numbers, at)
        self._joining = JoiningChanges(connection, numbers, at)
        self._keeping = KeepingChanges(connection, numbers, at)
        self._people = PeopleChanges(connection, numbers, at)
        self._own_data = OwnDataChanges(connection, numbers, at)
        self._process = ProcessChanges(connection, numbers, at)
        self._school_year = SchoolYearChanges(connection, numbers, at)

    async def apply_all(self, changes: Iterable[c.Change]) -> None:  # noqa: C901 (one line for each kind of change)
        """Apply changes in the order in which the decision names them."""
        for change in changes:
            if isinstance(change, c.AnnouncementChange):
                await self._announcements.apply(change)
            elif isinstance(change, c.GroupChange):
                await self._groups.apply(change)
            elif isinstance(change, c.JoiningChange):
                await self._joining.apply(change)
            elif isinstance(change, c.KeepingChange):
                await self._keeping.apply(change)
            elif isinstance(change, c.PeopleChange):
                await self._people.apply(change)
            elif isinstance(change, c.OwnDataChange):
                await self._own_data.apply(change)
            elif isinstance(change, c.AdministrationChange):
                await self._administration.apply(change)
            elif isinstance(change, c.ProcessChange):
                await self._process.apply(change)
            elif isinstance(change, c.SchoolYearChange):
                await self._school_year.apply(change)
            else:
                assert_never(change)
