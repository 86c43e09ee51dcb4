"""What the bot remembers of its own work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPoll:
    """Telegram answered a poll: up to this moment nothing was missed."""


ProcessChange = RecordPoll
