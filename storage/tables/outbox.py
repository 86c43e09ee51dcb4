"""The outbox: everything that must be done in Telegram, with what became of it."""

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    literal_column,
    text,
)

from storage.tables.columns import Number, UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("effect", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    Column("lane", String(16), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("group_id", Number, ForeignKey("groups.id")),
    Column("account_id", Number, ForeignKey("accounts.id")),
    Column("rule", String(48), nullable=False),
    Column("event_seq", Number),
    Column("coalesce_key", String(64)),
    Column("state", String(16), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("flooded", Integer, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("error", Text),
)
# Only what still waits: the index stays small however long the history grows.
Index(
    "outbox_waiting",
    outbox.c.id,
    sqlite_where=text("state IN ('pending', 'sending')"),
    postgresql_where=text("state IN ('pending', 'sending')"),
)
Index(
    "outbox_waiting_by_group",
    outbox.c.group_id,
    sqlite_where=text("state IN ('pending', 'sending')"),
    postgresql_where=text("state IN ('pending', 'sending')"),
)
Index(
    "outbox_coalesced",
    outbox.c.coalesce_key,
    unique=True,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)
Index(
    "outbox_leaves",
    outbox.c.group_id,
    outbox.c.id,
    sqlite_where=text("effect = 'LeaveGroup'"),
    postgresql_where=text("effect = 'LeaveGroup'"),
)
Index(
    "outbox_settled",
    outbox.c.settled_at,
    outbox.c.effect,
    outbox.c.state,
    sqlite_where=text("settled_at IS NOT NULL"),
    postgresql_where=text("settled_at IS NOT NULL"),
)

# Written out, not as parameters: SQLite takes a partial index only for a condition that it can see.
PENDING: ColumnElement[str] = literal_column("'pending'")
UNSETTLED: tuple[ColumnElement[str], ...] = (PENDING, literal_column("'sending'"))
LEAVES: ColumnElement[str] = literal_column("'LeaveGroup'")
