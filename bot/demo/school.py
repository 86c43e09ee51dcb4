"""The example school: everybody in it is made up, and their names say so."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from config.school import ConfidentialAdviser, SchoolConfig

MONDAY: Final = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
"""When the story begins: a school Monday, half past seven in Amsterdam."""

SCHOOL: Final = SchoolConfig(
    name="het Verzonnen College",
    confidential_adviser=ConfidentialAdviser(
        name="Vera Vertrouwding", contact="kamer 0.12, elke schooldag in de grote pauze"
    ),
)


class Who(StrEnum):
    """Everybody in the story, by what they are; the value is what they are called."""

    ADMINISTRATOR = "Bea Bitsma"
    TEACHER = "Karel Krijtstof"
    MENTOR = "Mira Mentorsma"
    COORDINATOR = "Coby Kalenderveld"
    STUDENT = "Lotte Luchtkasteel"
    OTHER_STUDENT = "Daan Dromenland"
    CLEVER_STUDENT = "Sem Slimmerik"
    NEW_STUDENT = "Nora Nevelsma"
    UNLINKED_STUDENT = "Finn Fantasia"
    GUARDIAN = "Greet Luchtkasteel"
    STRANGER = "Xander Niemandsland"


SCHOOL_IDS: Final = {
    Who.TEACHER: "KRK",
    Who.MENTOR: "MEN",
    Who.COORDINATOR: "KAL",
    Who.STUDENT: "100001",
    Who.OTHER_STUDENT: "100002",
    Who.CLEVER_STUDENT: "100003",
    Who.NEW_STUDENT: "100004",
    Who.UNLINKED_STUDENT: "100005",
    Who.GUARDIAN: "O-100001",
}

ROSTER: Final = f"""\
code;naam;rol;klas;taken;kinderen
KRK;{Who.TEACHER};docent;;;
MEN;{Who.MENTOR};docent;;mentor;
KAL;{Who.COORDINATOR};docent;;coördinator;
100001;{Who.STUDENT};leerling;4H2;;
100002;{Who.OTHER_STUDENT};leerling;5V1;;
100003;{Who.CLEVER_STUDENT};leerling;4H2;;
100004;{Who.NEW_STUDENT};leerling;4H2;;
100005;{Who.UNLINKED_STUDENT};leerling;4H2;;
O-100001;{Who.GUARDIAN};ouder;;;100001
"""
"""The file as a school's own administration exports it."""

NEW_CLASS: Final = "1A"
NEW_STUDENTS: Final = (
    "Aukje Bedacht",
    "Bo Bedenksel",
    "Cato Denkbeeld",
    "Dries Droombeeld",
    "Evi Fabel",
    "Floris Fictie",
    "Gijs Hersenspin",
    "Hanna Inval",
    "Ilse Legende",
    "Jip Mythe",
    "Kees Schijnbaar",
    "Lieke Verzinsel",
)
NEW_ROSTER: Final = ROSTER + "".join(
    f"{number};{name};leerling;{NEW_CLASS};;\n"
    for number, name in enumerate(NEW_STUDENTS, start=100101)
)
"""The next export: the same people, and a class that has just arrived."""
