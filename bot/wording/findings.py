"""What a check finds: a kind, the article that it serves, and its place in the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What does not belong in a text to a whole group. Each has a text ``finding-<kind>``."""

    STUDENT_NAME = "student-name"
    PHONE_NUMBER = "phone-number"
    E_MAIL_ADDRESS = "e-mail-address"
    HOME_ADDRESS = "home-address"
    IBAN = "iban"
    HEALTH_NEAR_PERSON = "health-near-person"
    PRIVATE_CONTACT_INVITATION = "private-contact-invitation"
    PERSONAL_LINK = "personal-link"
    GROUP_INVITE = "group-invite"
    ADDRESSES_ONE_STUDENT = "addresses-one-student"
    MEDIA_WITHOUT_CONSENT = "media-without-consent"


class Severity(StrEnum):
    """``STOPS``: not sent until it is changed, or approved by a second person. ``HINT``: shown."""

    STOPS = "stops"
    HINT = "hint"


# A.2: no confidential or personal information. A.5: pictures, film and sound only with consent.
# B.4: no discussion with a student or parent. B.5: no ties to a personal account. B.6: no group
# apps beside those of the school. B.7: no situations of one-to-one contact.
ARTICLES: Final[Mapping[Kind, str]] = {
    Kind.STUDENT_NAME: "A.2",
    Kind.PHONE_NUMBER: "A.2",
    Kind.E_MAIL_ADDRESS: "A.2",
    Kind.HOME_ADDRESS: "A.2",
    Kind.IBAN: "A.2",
    Kind.HEALTH_NEAR_PERSON: "A.2",
    Kind.PRIVATE_CONTACT_INVITATION: "B.7",
    Kind.PERSONAL_LINK: "B.5",
    Kind.GROUP_INVITE: "B.6",
    Kind.ADDRESSES_ONE_STUDENT: "B.4",
    Kind.MEDIA_WITHOUT_CONSENT: "A.5",
}

PERSONAL_DATA: Final = frozenset(
    {
        Kind.STUDENT_NAME,
        Kind.PHONE_NUMBER,
        Kind.E_MAIL_ADDRESS,
        Kind.HOME_ADDRESS,
        Kind.IBAN,
        Kind.HEALTH_NEAR_PERSON,
    }
)
"""Kinds that tell something about a person (A.2)."""

CONTACT: Final = frozenset({Kind.PRIVATE_CONTACT_INVITATION, Kind.PERSONAL_LINK, Kind.GROUP_INVITE})
"""Kinds that lead to contact outside the school's groups (B.5, B.6, B.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``start`` and ``end`` are offsets in characters of the text as it was given, end excluded.

    A finding about the message as a whole, such as its media, has ``start == end == 0``.
    """

    kind: Kind
    article: str
    start: int
    end: int
    severity: Severity

    @property
    def stops(self) -> bool:
        """Whether the text must not be sent as it is."""
        return self.severity is Severity.STOPS


def finding(kind: Kind, start: int, end: int, severity: Severity = Severity.STOPS) -> Finding:
    """A finding with the article of its kind."""
    return Finding(kind=kind, article=ARTICLES[kind], start=start, end=end, severity=severity)


def utf16_span(text: str, one: Finding) -> tuple[int, int]:
    """Offset and length in UTF-16 code units, as Telegram counts (Bot API: MessageEntity)."""
    offset = len(text[: one.start].encode("utf-16-le")) // 2
    return offset, len(text[one.start : one.end].encode("utf-16-le")) // 2


def tidied(findings: list[Finding], length: int) -> tuple[Finding, ...]:
    """In the order of a text of ``length``; of one kind at one place the widest one."""
    kept: list[Finding] = []
    taken = {kind: bytearray(length) for kind in Kind}
    heaviest = sorted(findings, key=lambda f: (not f.stops, f.start - f.end, f.start))
    for one in heaviest:
        place = taken[one.kind]
        if 1 in place[one.start : one.end]:
            continue
        place[one.start : one.end] = b"\1" * (one.end - one.start)
        kept.append(one)
    return tuple(sorted(kept, key=lambda f: (f.start, f.end, f.kind)))
