"""Groups, the chat ids that they have had, who administers them, and their invite links."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.columns import Number, TelegramId, UtcDateTime, Words, metadata

groups = Table(
    "groups",
    metadata,
    Column("id", Number, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Words, nullable=False),
    Column("added_by", Number, ForeignKey("accounts.id")),
    Column("confirmed_by", Number, ForeignKey("accounts.id")),
    Column("owner", Number, ForeignKey("accounts.id")),
    Column("linked_channel", TelegramId),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("adopted_at", UtcDateTime),
    Column("deadline_at", UtcDateTime),
    Column("refused_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    Column("explained", Text, nullable=False, server_default=""),
    Column("looked_at", UtcDateTime),
    Column("next_look_at", UtcDateTime),
    Column("lock_proved_at", UtcDateTime),
    Column("open_since", UtcDateTime),
    Column("notice_message_id", TelegramId),
    Column("member_count", Integer),
    Column("second_asked_at", UtcDateTime),
    Column("members_told_at", UtcDateTime),
    Column("classes_asked_at", UtcDateTime),
    Column("offered_to", Number),
    Column("offered_by", Number),
    Column("offered_at", UtcDateTime),
    Column("offer_accepted_at", UtcDateTime),
    Column("reconfirm_before", UtcDateTime),
    Column("reconfirm_asked_at", UtcDateTime),
)
Index("groups_by_next_look", groups.c.next_look_at, sqlite_where=text("state <> 'left'"))

group_chat_ids = Table(
    "group_chat_ids",
    metadata,
    Column("chat_id", TelegramId, primary_key=True, autoincrement=False),
    Column("group_id", Number, ForeignKey("groups.id"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("is_current", Boolean, nullable=False),
)
Index("group_chat_ids_by_group", group_chat_ids.c.group_id, group_chat_ids.c.is_current)

group_seats = Table(
    "group_seats",
    metadata,
    Column("group_id", Number, ForeignKey("groups.id"), primary_key=True),
    Column("user_id", TelegramId, primary_key=True, autoincrement=False),
    Column("is_owner", Boolean, nullable=False),
    Column("is_anonymous", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
)

group_links = Table(
    "group_links",
    metadata,
    Column("id", Number, primary_key=True),
    Column("group_id", Number, ForeignKey("groups.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("asks_approval", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
