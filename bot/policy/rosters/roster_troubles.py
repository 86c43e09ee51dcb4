"""What can be wrong with a roster, each with a calm sentence in Dutch and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong: with the file, with its first line, or with a row."""

    EMPTY = "empty"
    WORKBOOK = "workbook"
    ENCODING = "encoding"
    BROKEN_QUOTES = "broken-quotes"
    NO_ID_COLUMN = "no-id-column"
    NO_NAME_COLUMN = "no-name-column"
    NO_ROLE_COLUMN = "no-role-column"
    COLUMN_TWICE = "column-twice"
    TOO_MANY_CELLS = "too-many-cells"
    ID_MISSING = "id-missing"
    ID_TOO_LONG = "id-too-long"
    ID_TWICE = "id-twice"
    NAME_MISSING = "name-missing"
    NAME_TOO_LONG = "name-too-long"
    CLASS_GROUP_TOO_LONG = "class-group-too-long"
    CONTROL_CHARACTERS = "control-characters"
    ROLE_MISSING = "role-missing"
    ROLE_UNKNOWN = "role-unknown"
    DUTY_UNKNOWN = "duty-unknown"
    DUTY_NOT_STAFF = "duty-not-staff"
    CHILD_MISSING = "child-missing"
    CHILD_UNKNOWN = "child-unknown"
    CHILDREN_NOT_GUARDIAN = "children-not-guardian"


TROUBLES: Mapping[Trouble, tuple[str, str]] = {
    Trouble.EMPTY: (
        "Er staat niemand in dit bestand.",
        "There is nobody in this file.",
    ),
    Trouble.WORKBOOK: (
        "Dit is een werkmap van Excel; sla haar eerst op als CSV (UTF-8).",
        "This is an Excel workbook; save it as CSV (UTF-8) first.",
    ),
    Trouble.ENCODING: (
        "De letters zijn niet te lezen; sla het bestand op als CSV (UTF-8).",
        "The letters cannot be read; save the file as CSV (UTF-8).",
    ),
    Trouble.BROKEN_QUOTES: (
        "Hier staat een aanhalingsteken te veel of te weinig.",
        "There is a quotation mark too many or too few here.",
    ),
    Trouble.NO_ID_COLUMN: (
        "Er is geen kolom met het schoolnummer, zoals id, leerlingnummer of afkorting.",
        "There is no column with the school id, such as id, student number or staff code.",
    ),
    Trouble.NO_NAME_COLUMN: (
        "Er is geen kolom met de naam: naam, of roepnaam en achternaam.",
        "There is no column with the name: name, or first name and last name.",
    ),
    Trouble.NO_ROLE_COLUMN: (
        "Er is geen kolom rol, en uit het schoolnummer blijkt niet wie dit zijn.",
        "There is no column role, and the school id does not tell who these are.",
    ),
    Trouble.COLUMN_TWICE: (
        "Meer dan één kolom zegt hetzelfde; laat er één staan, en steeds dezelfde",
        "More than one column says the same; keep one, and always the same one",
    ),
    Trouble.TOO_MANY_CELLS: (
        "Deze regel heeft meer cellen dan de eerste regel kolommen heeft.",
        "This row has more cells than the first line has columns.",
    ),
    Trouble.ID_MISSING: (
        "Het schoolnummer ontbreekt.",
        "The school id is missing.",
    ),
    Trouble.ID_TOO_LONG: (
        "Het schoolnummer is langer dan 64 tekens.",
        "The school id is longer than 64 characters.",
    ),
    Trouble.ID_TWICE: (
        "Dit schoolnummer staat al eerder in het bestand",
        "This school id stands earlier in the file",
    ),
    Trouble.NAME_MISSING: (
        "De naam ontbreekt.",
        "The name is missing.",
    ),
    Trouble.NAME_TOO_LONG: (
        "De naam is langer dan 200 tekens.",
        "The name is longer than 200 characters.",
    ),
    Trouble.CLASS_GROUP_TOO_LONG: (
        "Een klas is langer dan 64 tekens.",
        "A class is longer than 64 characters.",
    ),
    Trouble.CONTROL_CHARACTERS: (
        "Hier staan tekens die niet te zien zijn; typ deze cel opnieuw.",
        "There are characters here that do not show; type this cell anew.",
    ),
    Trouble.ROLE_MISSING: (
        "De rol ontbreekt: leerling, medewerker of ouder.",
        "The role is missing: student, staff or guardian.",
    ),
    Trouble.ROLE_UNKNOWN: (
        "Deze rol is niet bekend; het kan leerling, medewerker of ouder zijn",
        "This role is not known; it can be student, staff or guardian",
    ),
    Trouble.DUTY_UNKNOWN: (
        "Deze taak is niet bekend; het kan coördinator, schoolleiding of beheerder zijn",
        "This duty is not known; it can be coordinator, leadership or administrator",
    ),
    Trouble.DUTY_NOT_STAFF: (
        "Alleen een medewerker kan een taak hebben.",
        "Only a member of staff can have a duty.",
    ),
    Trouble.CHILD_MISSING: (
        "Bij een ouder of verzorger hoort het leerlingnummer van een kind.",
        "A guardian needs the student number of a child.",
    ),
    Trouble.CHILD_UNKNOWN: (
        "Dit kind is geen leerling in dit bestand of in de huidige lijst",
        "This child is no student in this file or in the current roster",
    ),
    Trouble.CHILDREN_NOT_GUARDIAN: (
        "Alleen een ouder of verzorger kan hier kinderen hebben.",
        "Only a guardian can have children here.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterError:
    """Something wrong at ``line`` (from 1, as an editor counts), under the header ``column``.

    ``value`` is what stands there, shortened, where that helps to find it.
    """

    line: int
    column: str
    what: Trouble
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterNote:
    """Something that was read and passed over: ``value`` is a task that is no duty here."""

    line: int
    value: str
