"""The tunable numbers, with the source of each. A school changes them in its TOML file."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Numbers that rules compare with."""

    adoption_deadline: timedelta = timedelta(hours=24)
    """How long a group that cannot be judged yet is waited for, in silence."""

    mending_deadline: timedelta = timedelta(hours=24)
    """How long the owner of a managed group has to mend what no longer complies."""

    removable_for: timedelta = timedelta(hours=48)
    """Telegram deletes nothing older (Bot API: deleteMessage)."""

    look_cache: timedelta = timedelta(seconds=60)
    """Telegram's servers keep full chat information this long: looking sooner shows nothing new."""

    poll_every: timedelta = timedelta(minutes=5)
    """How often each managed group is looked at, spread over the groups."""

    refusal_text_pause: timedelta = timedelta(hours=24)
    """A group that adds the bot again and again gets the reason once in this time."""

    answer_pause: timedelta = timedelta(hours=12)
    """B.7: a private message gets one kind answer in this time; the rest is left in peace."""

    greeting_pause: timedelta = timedelta(minutes=1)
    """/start and /help, and whatever staff write, are answered once in this time."""

    wrong_codes: int = 5
    """Wrong linking codes per account within ``wrong_codes_within``; after that all are refused."""

    wrong_codes_within: timedelta = timedelta(hours=1)

    nonce_valid: timedelta = timedelta(minutes=30)
    """How long a start-group link may be used by the member of staff who asked for it."""

    removed_message_retention: timedelta = timedelta(days=30)
    """How long the text of a removed message is kept as evidence; zero keeps none."""

    downtime_gap: timedelta = timedelta(hours=24)
    """Telegram keeps undelivered updates this long: after it, events are lost."""

    heartbeat: timedelta = timedelta(seconds=60)
    """How often it is written down that polling goes well: what a gap is measured from."""

    looks_at_once: int = 50
    """Groups that one tick of the clock lets look at: spreads a school's groups over time."""

    codes_retention: timedelta = timedelta(days=30)
    """How long an expired linking code is still told apart from one that never was."""

    dead_letters_retention: timedelta = timedelta(days=30)
    """How long it is remembered which updates could not be handled."""
