"""Joining, class groups and members; rosters, duties and requests under way; the school year."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "school_choices",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "guardian_consents",
        sa.Column("student_id", NUMBER, nullable=False),
        sa.Column("guardian_id", NUMBER, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("student_id", "guardian_id"),
    )
    op.create_table(
        "data_requests",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "duty_proposals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("grants", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", NUMBER, nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "roster_uploads",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=True),
        sa.Column("plan_digest", sa.String(length=64), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("added", sa.Integer(), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=True),
        sa.Column("gone", sa.Integer(), nullable=True),
        sa.Column("proposed", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "school_years",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by", NUMBER, nullable=True),
        sa.Column("confirm_before", MOMENT, nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("leavers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "group_class_groups",
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("class_group", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("group_id", "class_group"),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("group_id", "account_id"),
    )
    op.create_table(
        "join_requests",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=False),
        sa.Column("judge_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("join_requests_by_account", "join_requests", ["account_id"], unique=False)
    op.create_index(
        "join_requests_open",
        "join_requests",
        ["group_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "join_requests_waiting",
        "join_requests",
        ["deadline_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.add_column("accounts", sa.Column("unlinked_at", MOMENT, nullable=True))
    op.add_column("accounts", sa.Column("erase_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("member_count", sa.Integer(), nullable=True))
    op.add_column("groups", sa.Column("second_asked_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("members_told_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("classes_asked_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("offered_to", NUMBER, nullable=True))
    op.add_column("groups", sa.Column("offered_by", NUMBER, nullable=True))
    op.add_column("groups", sa.Column("offered_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("offer_accepted_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("reconfirm_before", MOMENT, nullable=True))
    op.add_column("group_links", sa.Column("ended_at", MOMENT, nullable=True))
    op.add_column("groups", sa.Column("reconfirm_asked_at", MOMENT, nullable=True))
    op.add_column(
        "person_duties",
        sa.Column("granted", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
