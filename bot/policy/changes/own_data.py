"""What we forget of somebody who goes, and what somebody asks of us about his own data."""

from dataclasses import dataclass

from bot.policy.ids import UserId
from bot.policy.people import DataRequest, UnlinkReason


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkAccount:
    """The account belongs to nobody of the roster any more.

    What it is known in ends with it: groups, requests to join, channels, start-group links. Whoever
    stops by himself also has his language and his dealings with the bot forgotten. Telegram's id
    follows within the hour, or once nothing that must be kept is about it (``storage.erasing``).
    Duties stay with the person.
    """

    user: UserId
    why: UnlinkReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForData:
    """Somebody asks that his data are corrected or erased. People decide; once a kind."""

    user: UserId
    kind: DataRequest


OwnDataChange = UnlinkAccount | AskForData
