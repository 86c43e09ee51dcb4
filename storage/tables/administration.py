"""What administrators have under way: rosters to confirm, duties to agree on, people's requests."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from storage.tables.columns import Number, UtcDateTime, metadata

# The file itself stays with Telegram: of a roster that nobody has confirmed, we keep no name.
roster_uploads = Table(
    "roster_uploads",
    metadata,
    Column("id", Number, primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("content_digest", String(64)),
    Column("plan_digest", String(64)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled_at", UtcDateTime),
    # What came of it, for whoever asks again.
    Column("added", Integer),
    Column("changed", Integer),
    Column("gone", Integer),
    Column("proposed", Integer),
)

duty_proposals = Table(
    "duty_proposals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("person_id", Number, ForeignKey("people.id"), nullable=False),
    Column("duty", String(16), nullable=False),
    Column("grants", Boolean, nullable=False),
    Column("proposed_by", Number, ForeignKey("accounts.id")),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", Number, ForeignKey("accounts.id")),
    Column("decided_at", UtcDateTime),
    Column("state", String(16), nullable=False),
)

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", Number, primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("person_id", Number, ForeignKey("people.id")),
    Column("kind", String(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", Number, ForeignKey("accounts.id")),
)

guardian_consents = Table(
    "guardian_consents",
    metadata,
    Column("student_id", Number, ForeignKey("people.id"), primary_key=True),
    Column("guardian_id", Number, ForeignKey("people.id"), primary_key=True),
    Column("given_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)

school_years = Table(
    "school_years",
    metadata,
    Column("id", Number, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", Number, ForeignKey("accounts.id")),
    Column("confirm_before", UtcDateTime, nullable=False),
    Column("groups", Integer, nullable=False),
    Column("leavers", Integer, nullable=False),
)

# What the school chose when it was last written in the log, so that only a change is.
school_choices = Table(
    "school_choices",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
)
