"""Column types that every table shares."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()

# PostgreSQL keeps no zero in a text, and nobody keeps half a character.
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")

# SQLite makes a rowid of an INTEGER key only; elsewhere numbers of ours may exceed 32 bits too.
Number = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002, ANN401 (SQLAlchemy's signature)
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a time zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002, ANN401 (SQLAlchemy's signature)
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class TelegramId(TypeDecorator[int]):
    """A number of Telegram's: nothing else. SQLite would keep a fraction or a text in its place."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Refuse what is no whole number; its size the database judges."""
        if value is not None and type(value) is not int:
            message = "a number of Telegram's is a whole number"
            raise TypeError(message)
        return value


class Words(TypeDecorator[str]):
    """What people wrote. What no database keeps becomes U+FFFD: a message with it must go too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Turn a text into one that can be kept."""
        return None if value is None else _NOT_KEPT.sub("\N{REPLACEMENT CHARACTER}", value)
