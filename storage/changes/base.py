"""What every writer of changes needs: the transaction, our own numbers, the moment."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.ids import ChatId, GroupId, UserId
from storage.numbers import Numbers
from storage.tables import groups


class ChangesOfOneKind:
    """Applies the changes of one family within a transaction."""

    def __init__(self, connection: AsyncConnection, numbers: Numbers, at: datetime) -> None:
        self._connection = connection
        self._numbers = numbers
        self._at = at

    async def _account(self, user: UserId) -> int:
        await self._numbers.learn_accounts(self._connection, [user], self._at)
        return self._numbers.accounts[user]

    async def _group(self, chat: ChatId) -> GroupId | None:
        await self._numbers.learn_groups(self._connection, [chat])
        return self._numbers.groups.get(chat)

    async def _set_group(self, chat: ChatId, **values: object) -> None:
        await self._connection.execute(
            update(groups).where(groups.c.id == await self._group(chat)).values(**values)
        )
