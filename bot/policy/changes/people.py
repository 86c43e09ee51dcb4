"""What we remember of people's accounts."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.ids import ChatId, PersonId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccount:
    """An account belongs to a person of the roster: by this code, which is spent with it.

    ``code_hash`` is what storage knows of the code. All other open codes of the person end.
    """

    user: UserId
    person: PersonId
    code_hash: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWrongCode:
    """An account tried a code that is not to be had: counted against guessing."""

    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """An account got its kind answer (B.7), and the next one waits; or only a ``greeting``."""

    user: UserId
    greeting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueNonce:
    """A start-group link for one member of staff."""

    nonce_hash: str
    user: UserId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendNonce:
    """A start-group link has been used."""

    nonce_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChannel:
    """A member of staff owns this channel and uses it as a professional account (B.5)."""

    chat: ChatId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLanguage:
    """Somebody chose the language that the bot writes to him in: ``nl`` or ``en``."""

    user: UserId
    language: str


PeopleChange = (
    LinkAccount
    | RecordWrongCode
    | RecordAnswer
    | IssueNonce
    | SpendNonce
    | RegisterChannel
    | SetLanguage
)
