"""Who a group is for, who is in it as far as we saw, and who asks to come in."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from storage.tables.columns import Number, UtcDateTime, metadata

group_class_groups = Table(
    "group_class_groups",
    metadata,
    Column("group_id", Number, ForeignKey("groups.id"), primary_key=True),
    Column("class_group", Text, primary_key=True),
)

# Only who is in it now, and only whom Telegram told us of: a bot is given no list of members.
group_members = Table(
    "group_members",
    metadata,
    Column("group_id", Number, ForeignKey("groups.id"), primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("how", String(16), nullable=False),
)

join_requests = Table(
    "join_requests",
    metadata,
    Column("id", Number, primary_key=True),
    Column("group_id", Number, ForeignKey("groups.id"), nullable=False),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),
    # Before then the clock leaves it alone; a link, or other class groups, does not.
    Column("judge_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("settled_at", UtcDateTime),
)
Index(
    "join_requests_open",
    join_requests.c.group_id,
    join_requests.c.account_id,
    unique=True,
    sqlite_where=text("settled_at IS NULL"),
    postgresql_where=text("settled_at IS NULL"),
)
Index(
    "join_requests_waiting",
    join_requests.c.deadline_at,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)
Index("join_requests_by_account", join_requests.c.account_id)
