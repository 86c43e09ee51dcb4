"""Our own numbers for Telegram's chats and accounts, within one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.ids import AccountId, ChatId, GroupId, PersonId, UserId
from storage.tables import accounts, group_chat_ids

_FIND_ACCOUNTS = select(accounts.c.user_id, accounts.c.id, accounts.c.person_id).where(
    accounts.c.user_id.in_(bindparam("users", expanding=True))
)
_FIND_GROUPS = select(group_chat_ids.c.chat_id, group_chat_ids.c.group_id).where(
    group_chat_ids.c.chat_id.in_(bindparam("chats", expanding=True))
)


@dataclass(slots=True)
class Numbers:
    """What is known so far; ``people`` holds who an account belongs to."""

    groups: dict[ChatId, GroupId] = field(default_factory=dict)
    accounts: dict[UserId, AccountId] = field(default_factory=dict)
    people: dict[UserId, PersonId] = field(default_factory=dict)

    async def learn_accounts(
        self, connection: AsyncConnection, users: Iterable[UserId], at: datetime
    ) -> None:
        """Make sure that each account has a number; one never seen gets a new one."""
        missing = set(users) - self.accounts.keys()
        if not missing:
            return
        await self._find_accounts(connection, missing)
        new = sorted(missing - self.accounts.keys())
        if new:
            await connection.execute(
                insert(accounts), [{"user_id": user, "first_seen_at": at} for user in new]
            )
            await self._find_accounts(connection, set(new))

    async def _find_accounts(self, connection: AsyncConnection, users: set[UserId]) -> None:
        for row in await connection.execute(_FIND_ACCOUNTS, {"users": tuple(users)}):
            self.accounts[UserId(row.user_id)] = AccountId(row.id)
            if row.person_id is not None:
                self.people[UserId(row.user_id)] = PersonId(row.person_id)

    async def learn_groups(self, connection: AsyncConnection, chats: Iterable[ChatId]) -> None:
        """Look up the numbers of groups; a chat that is none stays without."""
        missing = set(chats) - self.groups.keys()
        if missing:
            for row in await connection.execute(_FIND_GROUPS, {"chats": tuple(missing)}):
                self.groups[ChatId(row.chat_id)] = GroupId(row.group_id)
