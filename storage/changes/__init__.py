"""Applying changes: what our tables hold from now on, in the commit of the decision."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy import changes as c
from storage.changes.groups import GroupChanges
from storage.changes.people import PeopleChanges
from storage.changes.process import ProcessChanges
from storage.numbers import Numbers


class ChangeWriter:
    """Applies changes within one transaction."""

    def __init__(self, connection: AsyncConnection, numbers: Numbers, at: datetime) -> None:
        self._groups = GroupChanges(connection, numbers, at)
        self._people = PeopleChanges(connection, numbers, at)
        self._process = ProcessChanges(connection, numbers, at)

    async def apply_all(self, changes: Iterable[c.Change]) -> None:
        """Apply changes in the order in which the decision names them."""
        for change in changes:
            if isinstance(change, c.GroupChange):
                await self._groups.apply(change)
            elif isinstance(change, c.PeopleChange):
                await self._people.apply(change)
            elif isinstance(change, c.ProcessChange):
                await self._process.apply(change)
            else:
                assert_never(change)
