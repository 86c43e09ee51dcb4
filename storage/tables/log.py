"""The event log and what hangs on it: evidence, updates seen, updates set aside."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.columns import Number, TelegramId, UtcDateTime, Words, metadata

# No foreign keys out of ``events``: the log outlives every row that it names.
events = Table(
    "events",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("tag", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("weight", String(16), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("group_id", Number),
    Column("account_id", Number),
    Column("person_id", Number),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("payload", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("events_by_group", events.c.group_id, events.c.seq)
Index("events_by_account", events.c.account_id, events.c.seq)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Number, primary_key=True),
    Column("event_seq", Number, ForeignKey("events.seq"), nullable=False),
    Column("message_id", TelegramId, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", Words),
    Column("keep_until", UtcDateTime, nullable=False, index=True),
)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("update_id", TelegramId, primary_key=True, autoincrement=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Number, primary_key=True),
    Column("update_id", TelegramId),
    Column("kind", String(64), nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

intake = Table(
    "intake",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_poll_at", UtcDateTime, nullable=False),
)
