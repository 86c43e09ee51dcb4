"""Applying what is remembered of people's accounts."""

from typing import assert_never

from sqlalchemy import delete, insert, update

from bot.policy import changes as c
from bot.policy.ids import UserId
from storage.changes.base import ChangesOfOneKind
from storage.tables import accounts, channels, contacts, linking_codes, nonces, wrong_codes


class PeopleChanges(ChangesOfOneKind):
    """Accounts, codes and dealings in private."""

    async def apply(self, change: c.PeopleChange) -> None:
        """Apply one change."""
        match change:
            case c.LinkAccount():
                await self._link_account(change)
            case c.RecordWrongCode():
                await self._record_wrong_code(change.user)
            case c.RecordAnswer():
                await self._record_answer(change)
            case c.IssueNonce():
                await self._issue_nonce(change)
            case c.SpendNonce():
                await self._spend_nonce(change)
            case c.RegisterChannel():
                await self._register_channel(change)
            case c.SetLanguage():
                await self._set_language(change)
            case _:
                assert_never(change)

    async def _link_account(self, change: c.LinkAccount) -> None:
        account = await self._account(change.user)
        await self._connection.execute(
            update(accounts)
            .where(accounts.c.id == account)
            .values(
                person_id=change.person,
                language=change.language,
                linked_at=self._at,
                unlinked_at=None,
                erase_at=None,
            )
        )
        self._numbers.people[change.user] = change.person
        open_codes = (
            linking_codes.c.person_id == change.person,
            linking_codes.c.spent_at.is_(None),
            linking_codes.c.revoked_at.is_(None),
        )
        await self._connection.execute(
            update(linking_codes)
            .where(linking_codes.c.code_hash == change.code_hash)
            .values(spent_at=self._at, spent_by=account)
        )
        await self._connection.execute(
            update(linking_codes).where(*open_codes).values(revoked_at=self._at)
        )

    async def _record_wrong_code(self, user: UserId) -> None:
        account = await self._account(user)
        await self._connection.execute(insert(wrong_codes).values(account_id=account, at=self._at))

    async def _record_answer(self, change: c.RecordAnswer) -> None:
        account = await self._account(change.user)
        moment = {"greeted_at" if change.greeting else "answered_at": self._at}
        found = await self._connection.execute(
            update(contacts).where(contacts.c.account_id == account).values(**moment)
        )
        if found.rowcount == 0:
            await self._connection.execute(insert(contacts).values(account_id=account, **moment))

    async def _issue_nonce(self, change: c.IssueNonce) -> None:
        await self._connection.execute(
            insert(nonces).values(
                nonce_hash=change.nonce_hash,
                account_id=await self._account(change.user),
                expires_at=change.expires_at,
            )
        )

    async def _register_channel(self, change: c.RegisterChannel) -> None:
        account = await self._account(change.by)
        await self._connection.execute(delete(channels).where(channels.c.chat_id == change.chat))
        await self._connection.execute(
            insert(channels).values(chat_id=change.chat, account_id=account, registered_at=self._at)
        )

    async def _spend_nonce(self, change: c.SpendNonce) -> None:
        await self._connection.execute(
            update(nonces).where(nonces.c.nonce_hash == change.nonce_hash).values(spent_at=self._at)
        )

    async def _set_language(self, change: c.SetLanguage) -> None:
        await self._connection.execute(
            update(accounts)
            .where(accounts.c.id == await self._account(change.user))
            .values(language=change.language)
        )
