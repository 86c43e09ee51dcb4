"""Announcements, what became of them in each group, and who has seen them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "announcements",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("author", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("class_groups", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("hours", sa.String(length=64), nullable=False),
        sa.Column("new_day", sa.Date(), nullable=True),
        sa.Column("new_hours", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("awaiting", sa.String(length=16), nullable=True),
        sa.Column("page_message_id", sa.BigInteger(), nullable=True),
        sa.Column("wished_at", MOMENT, nullable=True),
        sa.Column("raised_because", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("replaces", NUMBER, nullable=True),
        sa.Column("repeats", NUMBER, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("shown_settled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_again_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["author"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("announcements_by_author", "announcements", ["author", "touched_at"])
    _index_where("announcements_due", "announcements", "wished_at", "state = 'scheduled'")
    _index_where("announcements_going_out", "announcements", "id", "state = 'sending'")
    op.create_index("announcements_by_day", "announcements", ["day"])
    op.create_index("announcements_by_new_day", "announcements", ["new_day"])
    op.create_index("announcements_by_repeats", "announcements", ["repeats"])
    op.create_table(
        "deliveries",
        sa.Column("announcement_id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("repeated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"]),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"]),
        sa.PrimaryKeyConstraint("announcement_id", "group_id"),
    )
    _index_where("deliveries_to_count", "deliveries", "shown_at", "seen <> shown")
    op.create_table(
        "sightings",
        sa.Column("announcement_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"]),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"]),
        sa.PrimaryKeyConstraint("announcement_id", "account_id"),
    )
    op.create_index("ix_sightings_at", "sightings", ["at"])


def _index_where(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
