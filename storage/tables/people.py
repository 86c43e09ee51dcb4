"""People of the roster, the accounts that belong to them, and the codes that join the two."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from storage.tables.columns import Number, TelegramId, UtcDateTime, metadata

people = Table(
    "people",
    metadata,
    Column("id", Number, primary_key=True),
    Column("school_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
)

person_class_groups = Table(
    "person_class_groups",
    metadata,
    Column("person_id", Number, ForeignKey("people.id"), primary_key=True),
    Column("class_group", Text, primary_key=True),
)

person_duties = Table(
    "person_duties",
    metadata,
    Column("person_id", Number, ForeignKey("people.id"), primary_key=True),
    Column("duty", String(16), primary_key=True),
    # Granted by administrators, so that a new roster does not take it.
    Column("granted", Boolean, nullable=False, server_default=false()),
)

guardianships = Table(
    "guardianships",
    metadata,
    Column("guardian_id", Number, ForeignKey("people.id"), primary_key=True),
    Column("student_id", Number, ForeignKey("people.id"), primary_key=True),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("user_id", TelegramId, nullable=False, unique=True),
    Column("person_id", Number, ForeignKey("people.id")),
    Column("language", String(8)),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("linked_at", UtcDateTime),
    Column("unlinked_at", UtcDateTime),
    Column("erase_at", UtcDateTime),
)
# One account a person: a second account of a student is refused by the database too.
Index("accounts_one_per_person", accounts.c.person_id, unique=True)

linking_codes = Table(
    "linking_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", Number, ForeignKey("people.id"), nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("spent_at", UtcDateTime),
    Column("spent_by", Number, ForeignKey("accounts.id")),
    Column("revoked_at", UtcDateTime),
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("id", Number, primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("wrong_codes_by_account", wrong_codes.c.account_id, wrong_codes.c.at)

contacts = Table(
    "contacts",
    metadata,
    Column("account_id", Number, ForeignKey("accounts.id"), primary_key=True),
    Column("answered_at", UtcDateTime),
    Column("greeted_at", UtcDateTime),
)

nonces = Table(
    "nonces",
    metadata,
    Column("nonce_hash", String(64), primary_key=True),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("spent_at", UtcDateTime),
)

channels = Table(
    "channels",
    metadata,
    Column("chat_id", TelegramId, primary_key=True, autoincrement=False),
    Column("account_id", Number, ForeignKey("accounts.id"), nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
)

roster_imports = Table(
    "roster_imports",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
)
