"""What a decision needs to know from our own tables, and the answer.

A handler names its needs; the ledger reads them, for a whole batch of updates in one query a
table, inside the transaction that records the decision. So what a decision was built on is
still true when it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.policy.groups import Channel, Group
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Account, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A linking code as storage knows it."""

    person: Person
    expires_at: datetime
    spent: bool
    revoked: bool
    person_has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """A start-group link's single-use part."""

    user: UserId
    expires_at: datetime
    spent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How an account has dealt with the bot in private.

    ``wrong_codes`` are the moments of wrong linking codes, newest first; ``answered_at`` the
    last kind answer, ``greeted_at`` the last greeting.
    """

    wrong_codes: tuple[datetime, ...] = ()
    answered_at: datetime | None = None
    greeted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What to read. Empty sets cost nothing. Seats of a group's administrators come with it.

    ``group_people``: also the accounts of whoever added, confirmed, owns or administers each group.
    """

    chats: frozenset[ChatId] = frozenset()
    users: frozenset[UserId] = frozenset()
    channels: frozenset[ChatId] = frozenset()
    contacts: frozenset[UserId] = frozenset()
    code_hashes: frozenset[str] = frozenset()
    nonce_hashes: frozenset[str] = frozenset()
    staff_names: bool = False
    group_people: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        """What either of the two needs."""
        return Needs(
            chats=self.chats | other.chats,
            users=self.users | other.users,
            channels=self.channels | other.channels,
            contacts=self.contacts | other.contacts,
            code_hashes=self.code_hashes | other.code_hashes,
            nonce_hashes=self.nonce_hashes | other.nonce_hashes,
            staff_names=self.staff_names or other.staff_names,
            group_people=self.group_people or other.group_people,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The answer to some needs, at one moment. What is not in it does not exist."""

    at: datetime
    groups: Mapping[ChatId, Group] = field(default_factory=dict)
    accounts: Mapping[UserId, Account] = field(default_factory=dict)
    channels: Mapping[ChatId, Channel] = field(default_factory=dict)
    contacts: Mapping[UserId, Contact] = field(default_factory=dict)
    codes: Mapping[str, Code] = field(default_factory=dict)
    nonces: Mapping[str, Nonce] = field(default_factory=dict)
    staff_names: frozenset[str] = frozenset()

    def account(self, user: UserId) -> Account:
        """The account; a stranger if we never saw it."""
        return self.accounts.get(user) or Account(user=user)

    def contact(self, user: UserId) -> Contact:
        """The account's dealings with the bot; none if there were none."""
        return self.contacts.get(user) or Contact()
