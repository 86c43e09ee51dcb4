"""The first tables, the triggers that keep the log append-only, and the views for outsiders."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

# The log can be added to and read, nothing else, by whoever opens the database.
APPEND_ONLY = (
    """
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
    """
    CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
    # INSERT OR REPLACE removes a row without the trigger above, unless a connection asks for it.
    """
    CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
)

# The contract with an outside sanctions system (docs/events.md). A view's columns never change
# their meaning; another meaning gets a view with another number.
VIEWS = (
    """
    CREATE VIEW outside_events_v1 AS
    SELECT seq, tag, version, weight, rule, group_id, account_id, person_id,
           happened_at, recorded_at, payload, hash
    FROM events
    """,
    """
    CREATE VIEW outside_signals_v1 AS
    SELECT seq, tag, version, rule, group_id, account_id, person_id,
           happened_at, recorded_at, payload
    FROM events WHERE weight = 'signal'
    """,
    """
    CREATE VIEW outside_people_v1 AS
    SELECT people.id AS person_id, people.school_id, people.role, people.active,
           accounts.id AS account_id
    FROM people LEFT JOIN accounts ON accounts.person_id = people.id
    """,
    """
    CREATE VIEW outside_groups_v1 AS
    SELECT groups.id AS group_id, groups.state, groups.kind, groups.first_seen_at,
           groups.adopted_at, groups.looked_at, groups.lock_proved_at, groups.open_since,
           accounts.person_id AS owner_person_id
    FROM groups LEFT JOIN accounts ON accounts.id = groups.owner
    """,
    """
    CREATE VIEW outside_effects_v1 AS
    SELECT id AS effect_id, effect, rule, event_seq, group_id, account_id, state,
           made_at, settled_at, attempts, error
    FROM outbox
    """,
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "dead_letters",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "events",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weight", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("events_by_account", ["account_id", "seq"], unique=False)
        batch_op.create_index("events_by_group", ["group_id", "seq"], unique=False)

    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_poll_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "people",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("school_id"),
    )
    op.create_table(
        "roster_imports",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "seen_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id"),
    )
    with op.batch_alter_table("seen_updates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_seen_updates_received_at"), ["received_at"], unique=False
        )

    op.create_table(
        "accounts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("linked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id"),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index("accounts_one_per_person", ["person_id"], unique=True)

    op.create_table(
        "evidence",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("event_seq", NUMBER, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("keep_until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_seq"],
            ["events.seq"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_keep_until"), ["keep_until"], unique=False)

    op.create_table(
        "guardianships",
        sa.Column("guardian_id", NUMBER, nullable=False),
        sa.Column("student_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("guardian_id", "student_id"),
    )
    op.create_table(
        "person_class_groups",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("class_group", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "class_group"),
    )
    op.create_table(
        "person_duties",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "duty"),
    )
    op.create_table(
        "channels",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("chat_id"),
    )
    op.create_table(
        "contacts",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("greeted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "groups",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("added_by", NUMBER, nullable=True),
        sa.Column("confirmed_by", NUMBER, nullable=True),
        sa.Column("owner", NUMBER, nullable=True),
        sa.Column("linked_channel", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("adopted_at", MOMENT, nullable=True),
        sa.Column("deadline_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("explained", sa.Text(), server_default="", nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("next_look_at", MOMENT, nullable=True),
        sa.Column("lock_proved_at", MOMENT, nullable=True),
        sa.Column("open_since", MOMENT, nullable=True),
        sa.Column("notice_message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index(
            "groups_by_next_look",
            ["next_look_at"],
            unique=False,
            sqlite_where=sa.text("state <> 'left'"),
        )

    op.create_table(
        "linking_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.Column("spent_by", NUMBER, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["spent_by"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    with op.batch_alter_table("linking_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linking_codes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "nonces",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("nonce_hash"),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("wrong_codes", schema=None) as batch_op:
        batch_op.create_index("wrong_codes_by_account", ["account_id", "at"], unique=False)

    op.create_table(
        "group_chat_ids",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("chat_id"),
    )
    with op.batch_alter_table("group_chat_ids", schema=None) as batch_op:
        batch_op.create_index("group_chat_ids_by_group", ["group_id", "is_current"], unique=False)

    op.create_table(
        "group_links",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asks_approval", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("group_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_links_group_id"), ["group_id"], unique=False)

    op.create_table(
        "group_seats",
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
        ),
        sa.PrimaryKeyConstraint("group_id", "user_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("effect", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("event_seq", NUMBER, nullable=True),
        sa.Column("coalesce_key", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("flooded", sa.Integer(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
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
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_coalesced",
            ["coalesce_key"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(
            "outbox_leaves",
            ["group_id", "id"],
            unique=False,
            sqlite_where=sa.text("effect = 'LeaveGroup'"),
            postgresql_where=sa.text("effect = 'LeaveGroup'"),
        )
        batch_op.create_index(
            "outbox_settled",
            ["settled_at", "effect", "state"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NOT NULL"),
            postgresql_where=sa.text("settled_at IS NOT NULL"),
        )
        batch_op.create_index(
            "outbox_waiting_by_group",
            ["group_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.create_index(
            "outbox_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
        )
    for statement in (*APPEND_ONLY, *VIEWS):
        op.execute(statement)
