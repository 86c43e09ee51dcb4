"""The words that differ from school to school: what it is called, and whom people can turn to."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.policy.effects import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """Someone outside school to talk to: who, and how to reach them."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A school's own words in one language, each a placeholder in every text of the catalogue.

    ``school`` and ``adviser`` stand within a sentence ("the bot of {school}"), so does
    ``adviser_contact``, without a full stop; ``mentor`` is a whole sentence.
    """

    school: str
    adviser: str
    adviser_contact: str
    mentor: str
    help_lines: tuple[HelpLine, ...]


# https://www.113.nl: free and anonymous, at any hour.
# https://www.kindertelefoon.nl: for everyone from 8 to 18, free, daily from 11:00 to 21:00.
_DUTCH = Words(
    school="onze school",
    adviser="de vertrouwenspersoon van school",
    adviser_contact="vraag ernaar bij de receptie of bij je mentor",
    mentor="Je kunt er altijd met je mentor over praten.",
    help_lines=(
        HelpLine(
            name="113 Zelfmoordpreventie",
            contact="bel 113 of 0800-0113 (gratis, dag en nacht) of chat op 113.nl",
        ),
        HelpLine(
            name="De Kindertelefoon",
            contact="bel 0800-0432 (gratis, elke dag van 11:00 tot 21:00) "
            "of chat op kindertelefoon.nl",
        ),
    ),
)

_ENGLISH = Words(
    school="our school",
    adviser="the school's confidential adviser",
    adviser_contact="ask for that person at the reception or ask your mentor",
    mentor="You can always talk about it with your mentor.",
    help_lines=(
        HelpLine(
            name="113 Suicide Prevention",
            contact="call 113 or 0800-0113 (free, day and night) or chat at 113.nl",
        ),
        HelpLine(
            name="De Kindertelefoon (for children and teenagers)",
            contact="call 0800-0432 (free, every day from 11:00 to 21:00) "
            "or chat at kindertelefoon.nl",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWords:
    """A school's own words in both languages, and the clock on its wall."""

    dutch: Words = _DUTCH
    english: Words = _ENGLISH
    clock: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Amsterdam"))

    def of(self, language: Language) -> Words:
        """The words in one language; there are none in both at once."""
        return self.english if language is Language.ENGLISH else self.dutch
