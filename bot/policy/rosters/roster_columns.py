"""The words that schools put above and in the columns of a roster, and what we take them for.

Compared without capitals, accents, spaces and signs. What is not here is not read at all; what a
school must know of it stands in docs/roster.md.
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from bot.policy.people import Duty, Role


class Column(StrEnum):
    """What a column of a roster says."""

    SCHOOL_ID = "school-id"
    NAME = "name"
    FIRST_NAME = "first-name"
    PREFIX = "prefix"
    LAST_NAME = "last-name"
    ROLE = "role"
    CLASS_GROUPS = "class-groups"
    DUTIES = "duties"
    CHILDREN = "children"


MAY_REPEAT = frozenset({Column.CLASS_GROUPS, Column.CHILDREN})
"""Columns of which a file may have several, also numbered (``kind 1``, ``kind 2``)."""

_STUDENT_ID = (
    "leerlingnummer leerlingnr leerlingid llnr llnummer studentnumber studentnr studentid pupilid"
)
_STAFF_ID = (
    "personeelsnummer personeelsnr personeelsid afkorting docentcode docentafkorting "
    "medewerkernummer medewerkersnummer medewerkernr medewerkerid medewerkercode "
    "employeenumber employeeid staffnumber staffid staffcode teachercode abbreviation"
)
_HEADERS: Mapping[Column, str] = {
    Column.SCHOOL_ID: f"id schoolid stamnummer stamnr code {_STUDENT_ID} {_STAFF_ID}",
    Column.NAME: "naam name volledigenaam weergavenaam fullname displayname",
    # In order of preference: what somebody is called comes before what the passport says.
    Column.FIRST_NAME: "roepnaam firstname givenname voornaam voornamen",
    Column.PREFIX: "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels prefix infix",
    Column.LAST_NAME: "achternaam lastname surname familienaam familyname",
    Column.ROLE: "rol role type functie soort",
    Column.CLASS_GROUPS: "klas klassen stamklas stamklassen class classes classgroup classgroups",
    Column.DUTIES: "taak taken duty duties",
    Column.CHILDREN: "kind kinderen leerling leerlingen child children student students",
}
HEADERS: Mapping[str, Column] = {
    word: column for column, words in _HEADERS.items() for word in words.split()
}
FIRST_NAME_PREFERENCE = tuple(_HEADERS[Column.FIRST_NAME].split())

ROLE_OF_ID: Mapping[str, Role] = {
    **dict.fromkeys(_STUDENT_ID.split(), Role.STUDENT),
    **dict.fromkeys(_STAFF_ID.split(), Role.STAFF),
}
"""Ids that only one role has: a file with one of these needs no column for the role."""

_ROLES: Mapping[Role, str] = {
    Role.STUDENT: "leerling leerlingen student students pupil pupils",
    Role.STAFF: (
        "medewerker medewerkers docent docente docenten leraar lerares leraren personeel "
        "personeelslid staff teacher teachers employee"
    ),
    Role.GUARDIAN: (
        "ouder ouders verzorger verzorgers ouderverzorger oudersverzorgers voogd "
        "guardian guardians parent parents parentguardian"
    ),
}
ROLES: Mapping[str, Role] = {word: role for role, words in _ROLES.items() for word in words.split()}

_DUTIES: Mapping[Duty, str] = {
    Duty.COORDINATOR: "coordinator teamleider teamleader",
    Duty.LEADERSHIP: "schoolleiding schoolleider directie leadership schoolleadership",
    Duty.ADMINISTRATOR: "beheerder administrator applicatiebeheerder",
}
DUTIES: Mapping[str, Duty] = {
    word: duty for duty, words in _DUTIES.items() for word in words.split()
}
NO_DUTIES = frozenset({"mentor", "mentoren", "tutor"})
"""What schools list among tasks and what gives nobody more say in the bot: read and told."""


def plain(word: str) -> str:
    """A word without capitals, accents, spaces and signs: ``Coördinator`` is ``coordinator``."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


def column_of(header: str) -> Column | None:
    """What the column below ``header`` says; ``None`` if it is none of ours."""
    word = plain(header)
    column = HEADERS.get(word)
    if column is None:
        numbered = HEADERS.get(word.rstrip("0123456789"))
        return numbered if numbered in MAY_REPEAT else None
    return column
