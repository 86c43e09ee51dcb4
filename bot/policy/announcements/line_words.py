"""The words of a typed line: what changes, days, and words that only join others. Lists only."""

from bot.policy.announcements.fields import Kind

KIND_WORDS = {
    "uitval": Kind.CANCELLED,
    "lesuitval": Kind.CANCELLED,
    "gaat niet door": Kind.CANCELLED,
    "geen les": Kind.CANCELLED,
    "no lesson": Kind.CANCELLED,
    "no class": Kind.CANCELLED,
    "called off": Kind.CANCELLED,
    "uitgevallen": Kind.CANCELLED,
    "valt uit": Kind.CANCELLED,
    "vervalt": Kind.CANCELLED,
    "vervallen": Kind.CANCELLED,
    "cancelled": Kind.CANCELLED,
    "canceled": Kind.CANCELLED,
    "verplaatst": Kind.MOVED,
    "verschoven": Kind.MOVED,
    "verzet": Kind.MOVED,
    "verplaatsing": Kind.MOVED,
    "rescheduled": Kind.MOVED,
    "moved": Kind.MOVED,
    "lokaalwijziging": Kind.ROOM,
    "lokaalwissel": Kind.ROOM,
    "ander lokaal": Kind.ROOM,
    "nieuw lokaal": Kind.ROOM,
    "room change": Kind.ROOM,
    "different room": Kind.ROOM,
    "new room": Kind.ROOM,
    "vervanging": Kind.SUBSTITUTION,
    "vervangen": Kind.SUBSTITUTION,
    "invaller": Kind.SUBSTITUTION,
    "invalles": Kind.SUBSTITUTION,
    "substitution": Kind.SUBSTITUTION,
    "substitute": Kind.SUBSTITUTION,
    "praktisch": Kind.PRACTICAL,
    "let op": Kind.PRACTICAL,
    "practical": Kind.PRACTICAL,
}

WEEKDAYS = (
    ("maandag", "ma", "monday", "mon"),
    ("dinsdag", "di", "tuesday", "tue"),
    ("woensdag", "wo", "wednesday", "wed"),
    ("donderdag", "do", "thursday", "thu"),
    ("vrijdag", "vr", "friday", "fri"),
    ("zaterdag", "za", "saturday", "sat"),
    ("zondag", "zo", "sunday", "sun"),
)
WEEKDAY = {word: number for number, words in enumerate(WEEKDAYS) for word in words}
MONTHS = {
    month: number
    for number, months in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february"),
            ("mrt", "maart", "mar", "march"),
            ("apr", "april"),
            ("mei", "may"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("aug", "augustus", "august"),
            ("sep", "september"),
            ("okt", "oktober", "oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for month in months
}
RELATIVE = {
    "vandaag": 0,
    "today": 0,
    "morgen": 1,
    "tomorrow": 1,
    "overmorgen": 2,
}

EDGES = " ,.;:-–/+&()"
FILLERS = frozenset(
    [
        "het",
        "de",
        "een",
        "the",
        "a",
        "is",
        "les",
        "in",
        "op",
        "om",
        "on",
        "at",
        "van",
        "of",
        "voor",
        "for",
        "klas",
        "klassen",
        "class",
        "classes",
        "lesuur",
        "uur",
        "en",
        "and",
        "wordt",
        "gaat",
        "from",
        "naar",
        "to",
        "valt",
    ]
)
