"""What a school may always name: its own numbers, addresses, accounts and links."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The school's own. Everything that is not here is somebody's.

    ``phone_numbers`` as people write them ("0182-512345"); ``domains`` of e-mail addresses and web
    sites, with everything below them; ``ibans`` with or without spaces; ``addresses`` as street
    and house number, or as a postcode; ``accounts`` are user names of Telegram and other networks,
    without "@".
    """

    phone_numbers: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    ibans: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()


NOTHING_OWN = Allowed()
"""A school that named nothing of its own."""
