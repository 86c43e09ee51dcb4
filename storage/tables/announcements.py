"""Announcements: the words, the groups that they are for, and who has seen them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from storage.tables.columns import Number, TelegramId, UtcDateTime, Words, metadata

announcements = Table(
    "announcements",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("author", Number, ForeignKey("accounts.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", String(16)),
    Column("class_groups", Text, nullable=False),
    Column("day", Date),
    Column("hours", String(64), nullable=False),
    Column("new_day", Date),
    Column("new_hours", String(64), nullable=False),
    Column("subject", Words, nullable=False),
    Column("room", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("awaiting", String(16)),
    Column("page_message_id", TelegramId),
    Column("wished_at", UtcDateTime),
    Column("raised_because", Words, nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("replaces", Number),
    Column("repeats", Number),
    Column("made_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("shown_settled", Integer, nullable=False, server_default="0"),
    Column("asked_again_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
)
Index("announcements_by_author", announcements.c.author, announcements.c.touched_at)
Index(
    "announcements_due",
    announcements.c.wished_at,
    sqlite_where=text("state = 'scheduled'"),
    postgresql_where=text("state = 'scheduled'"),
)
Index(
    "announcements_going_out",
    announcements.c.id,
    sqlite_where=text("state = 'sending'"),
    postgresql_where=text("state = 'sending'"),
)

Index("announcements_by_day", announcements.c.day)
Index("announcements_by_new_day", announcements.c.new_day)
Index("announcements_by_repeats", announcements.c.repeats)

deliveries = Table(
    "deliveries",
    metadata,
    Column("announcement_id", Number, ForeignKey("announcements.id"), primary_key=True),
    Column("group_id", Number, ForeignKey("groups.id"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("message_id", TelegramId),
    Column("error", Text),
    Column("sent_at", UtcDateTime),
    Column("repeated", Boolean, nullable=False, server_default=false()),
    Column("seen", Integer, nullable=False, server_default="0"),
    Column("shown", Integer, nullable=False, server_default="0"),
    Column("shown_at", UtcDateTime),
)
Index(
    "deliveries_to_count",
    deliveries.c.shown_at,
    sqlite_where=text("seen <> shown"),
    postgresql_where=text("seen <> shown"),
)

# Who has seen what: counted for everybody, looked at by name only where it is urgent; erased soon.
sightings = Table(
    "sightings",
    metadata,
    Column("announcement_id", Number, ForeignKey("announcements.id"), primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), primary_key=True),
    Column("group_id", Number, ForeignKey("groups.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
