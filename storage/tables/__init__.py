"""All tables, by family. The migrations in ``storage/migrations`` make them in a database."""

from storage.tables.administration import (
    data_requests,
    duty_proposals,
    guardian_consents,
    roster_uploads,
    school_choices,
    school_years,
)
from storage.tables.announcements import announcements, deliveries, sightings
from storage.tables.columns import metadata
from storage.tables.groups import group_chat_ids, group_links, group_seats, groups
from storage.tables.joining import group_class_groups, group_members, join_requests
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
    "announcements",
    "channels",
    "contacts",
    "data_requests",
    "dead_letters",
    "deliveries",
    "duty_proposals",
    "events",
    "evidence",
    "group_chat_ids",
    "group_class_groups",
    "group_links",
    "group_members",
    "group_seats",
    "groups",
    "guardian_consents",
    "guardianships",
    "intake",
    "join_requests",
    "linking_codes",
    "metadata",
    "nonces",
    "outbox",
    "people",
    "person_class_groups",
    "person_duties",
    "roster_imports",
    "roster_uploads",
    "school_choices",
    "school_years",
    "seen_updates",
    "sightings",
    "wrong_codes",
]
