"""All tables, by family. The migrations in ``storage/migrations`` make them in a database."""

from storage.tables.columns import metadata
from storage.tables.groups import group_chat_ids, group_links, group_seats, groups
from storage.tables.log import dead_letters, events, evidence, intake, seen_updates
from storage.tables.outbox import LEAVES, PENDING, UNSETTLED, outbox
from storage.tables.people import (
    accounts,
    channels,
    contacts,
    guardianships,
    linking_codes,
    nonces,
    people,
    person_class_groups,
    person_duties,
    roster_imports,
    wrong_codes,
)

__all__ = [
    "LEAVES",
    "PENDING",
    "UNSETTLED",
    "accounts",
    "channels",
    "contacts",
    "dead_letters",
    "events",
    "evidence",
    "group_chat_ids",
    "group_links",
    "group_seats",
    "groups",
    "guardianships",
    "intake",
    "linking_codes",
    "metadata",
    "nonces",
    "outbox",
    "people",
    "person_class_groups",
    "person_duties",
    "roster_imports",
    "seen_updates",
    "wrong_codes",
]
