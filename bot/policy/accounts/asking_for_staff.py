"""Whether a private message asks for a member of staff (B.7).

A signal, and a rough one: words for staff together with words for contact. It is no judgement,
for whoever asks may be in need of help. So whoever asks for help in confidence is never flagged.
Tables first: a school that speaks otherwise changes words, not code.
"""

import re
import unicodedata

STAFF_WORDS = frozenset(
    {
        # Dutch
        "docent", "docente", "docenten", "leraar", "leraren", "lerares", "leerkracht", "juf",
        "juffrouw", "meester", "mentor", "mentoren", "mentrix", "meneer", "mijnheer", "mevrouw",
        "mevr", "dhr", "decaan", "coordinator", "leerjaarcoordinator", "afdelingsleider",
        "teamleider", "conrector", "rector", "directeur", "directrice", "coach",
        "concierge", "gymleraar", "gymdocent", "stagebegeleider", "begeleider", "invaller",
        # English
        "teacher", "teachers", "tutor", "sir", "miss", "mister", "mr", "mrs", "ms", "madam",
        "principal", "headteacher", "headmaster", "janitor", "supervisor", "substitute",
    }
)  # fmt: skip
"""Forms of address and work at school, lower case, without accents."""

CONTACT_WORDS = frozenset(
    {
        # Dutch
        "telefoonnummer", "mobiel", "mobieltje", "06nummer", "appen", "geappt", "appje",
        "whatsappen", "whatsapp", "dm", "dmen", "snap", "snapchat", "snappen", "insta",
        "instagram", "tiktok", "facebook", "discord", "telegram", "contact", "contacten",
        "spreken", "praten", "kletsen", "bellen", "opbellen", "bereiken", "bereik", "bereikbaar",
        "berichtje", "berichten", "prive", "volgen", "toevoegen", "afspreken",
        # English
        "phone", "cellphone", "cell", "texting", "dms", "reach", "speak", "talk", "chat",
        "contacting", "call", "privately", "private", "follow", "meet",
    }
)  # fmt: skip
"""Words with which somebody asks to be in touch with somebody."""

NUMBER_WORDS = frozenset(
    {"nummer", "nr", "06", "number", "account", "app", "text", "message", "bericht"}
)
"""Words that ask for contact as well, unless the sentence is about something else."""

OTHER_MATTERS = frozenset(
    {
        # Numbers of other things
        "lokaal", "lokalen", "lokaalnummer", "kluis", "kluisje", "opgave", "opgaven", "opdracht",
        "som", "sommen", "bladzijde", "pagina", "hoofdstuk", "room", "classroom", "locker",
        "exercise", "question", "page", "chapter",
        # Accounts, apps and texts of school
        "magister", "somtoday", "teams", "zermelo", "groepsapp", "rooster", "roosterwijziging",
        "schoolaccount", "laptop", "wachtwoord", "inloggen", "password", "login", "timetable",
        "schedule", "essay", "book", "boek", "tekst", "reading",
    }
)  # fmt: skip
"""With one of these beside it, a word of ``NUMBER_WORDS`` asks for nobody."""

IN_CONFIDENCE = frozenset(
    {
        "vertrouwenspersoon", "vertrouwensinspecteur", "zorgcoordinator", "ondersteuningsteam",
        "schoolmaatschappelijk", "maatschappelijk", "schoolpsycholoog", "psycholoog",
        "jeugdarts", "schoolarts", "kindertelefoon", "hulplijn", "counsellor", "counselor",
        "confidential", "safeguarding", "helpline",
    }
)  # fmt: skip
"""Help in confidence: asking for it is everybody's right, and nobody's to look at."""

PREFIXES = frozenset({"de", "den", "der", "van", "von", "te", "ten", "ter", "t", "el", "al", "la"})
"""With these a surname begins."""

_WORD = re.compile(r"[a-z0-9]+")


def asks_for_staff(text: str, staff_names: frozenset[str]) -> bool:
    """Whether ``text`` asks for contact with a member of staff, by work, address or surname.

    ``staff_names`` are as the roster has them, with or without first names ("Anna de Vries"); a
    surname is enough to be meant. It is not enough to be asked for: many surnames are ordinary
    words, and a lesson may be spoken of.
    """
    words = _words(text)
    found = frozenset(words)
    if found & IN_CONFIDENCE or not _asks_for_contact(found):
        return False
    return bool(found & STAFF_WORDS) or any(_names(words, name) for name in staff_names)


def _asks_for_contact(found: frozenset[str]) -> bool:
    if found & CONTACT_WORDS:
        return True
    return bool(found & NUMBER_WORDS) and not found & OTHER_MATTERS


def _words(text: str) -> tuple[str, ...]:
    """The words of a text: lower case, without accents and signs."""
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(_WORD.findall(letters))


def _names(words: tuple[str, ...], name: str) -> bool:
    """Whether the surname in ``name`` stands there, a possessive "s" allowed ("Jansens")."""
    surname = _surname(_words(name))
    if not surname:
        return False
    size = len(surname)
    endings = {surname[-1], f"{surname[-1]}s"}
    return any(
        words[start : start + size - 1] == surname[:-1] and words[start + size - 1] in endings
        for start in range(len(words) - size + 1)
    )


def _surname(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name from its first prefix on, for "Groot" alone is a word like any other; or its end."""
    start = next((place for place, part in enumerate(name) if part in PREFIXES), len(name) - 1)
    return name[max(start, 0) :]
