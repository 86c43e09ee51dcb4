"""What a decision needs to know from our own tables, and the answer.

A handler names its needs; the ledger reads them, for a whole batch of updates in one query a
table, inside the transaction that records the decision. So what a decision was built on is
still true when it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.policy.administering.under_way import (
    NO_DESK_NEEDS,
    NOTHING_ON_THE_DESK,
    DeskKnown,
    DeskNeeds,
)
from bot.policy.announcements.known import (
    NO_ANNOUNCING_NEEDS,
    NOTHING_ANNOUNCED,
    AnnouncingKnown,
    AnnouncingNeeds,
)
from bot.policy.coming_in.known import (
    NO_COMING_IN_NEEDS,
    NOTHING_OF_COMING_IN,
    ComingInKnown,
    ComingInNeeds,
)
from bot.policy.groups import Channel, Group
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Account, DataRequest, Person
from bot.policy.school_years.year_known import (
    NO_YEAR_NEEDS,
    NOTHING_OF_THE_YEAR,
    YearKnown,
    YearNeeds,
)


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
class OwnData:
    """What an account's own wishes depend on.

    ``owns``: how many groups of ours the account owns; ``last_administrator``: nobody else who is
    linked administers the bot. ``open_requests`` are those that nobody has dealt with yet;
    ``administrators`` are whom to tell of a new one.
    """

    linked_at: datetime | None = None
    owns: int = 0
    last_administrator: bool = False
    open_requests: frozenset[DataRequest] = frozenset()
    administrators: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What to read. Empty sets cost nothing. Seats of a group's administrators come with it.

    ``group_people``: also the accounts of whoever added, confirmed, owns or administers each group,
    and of whoever is to take it over. ``group_links``: also the links through which one may ask to
    join each group.
    """

    chats: frozenset[ChatId] = frozenset()
    users: frozenset[UserId] = frozenset()
    channels: frozenset[ChatId] = frozenset()
    contacts: frozenset[UserId] = frozenset()
    code_hashes: frozenset[str] = frozenset()
    nonce_hashes: frozenset[str] = frozenset()
    own_data: frozenset[UserId] = frozenset()
    desk: DeskNeeds = NO_DESK_NEEDS
    announcing: AnnouncingNeeds = NO_ANNOUNCING_NEEDS
    coming_in: ComingInNeeds = NO_COMING_IN_NEEDS
    year: YearNeeds = NO_YEAR_NEEDS
    staff_names: bool = False
    group_people: bool = False
    group_links: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        """What either of the two needs."""
        return Needs(
            chats=self.chats | other.chats,
            users=self.users | other.users,
            channels=self.channels | other.channels,
            contacts=self.contacts | other.contacts,
            code_hashes=self.code_hashes | other.code_hashes,
            nonce_hashes=self.nonce_hashes | other.nonce_hashes,
            own_data=self.own_data | other.own_data,
            desk=self.desk | other.desk,
            staff_names=self.staff_names or other.staff_names,
            group_people=self.group_people or other.group_people,
            announcing=self.announcing | other.announcing,
            coming_in=self.coming_in | other.coming_in,
            year=self.year | other.year,
            group_links=self.group_links or other.group_links,
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
    own_data: Mapping[UserId, OwnData] = field(default_factory=dict)
    desk: DeskKnown = NOTHING_ON_THE_DESK
    staff_names: frozenset[str] = frozenset()
    announcing: AnnouncingKnown = NOTHING_ANNOUNCED
    coming_in: ComingInKnown = NOTHING_OF_COMING_IN
    year: YearKnown = NOTHING_OF_THE_YEAR
    links: Mapping[ChatId, tuple[str, ...]] = field(default_factory=dict)
    """Of each group, its join links that have not ended, the newest first."""

    def account(self, user: UserId) -> Account:
        """The account; a stranger if we never saw it."""
        return self.accounts.get(user) or Account(user=user)

    def contact(self, user: UserId) -> Contact:
        """The account's dealings with the bot; none if there were none."""
        return self.contacts.get(user) or Contact()
