"""Every sentence that the bot says, in Dutch and English, by a key that names its purpose.

The catalogues are gettext files (``nl/*.po``, ``en/*.po``, a file for each kind of text) in which
the msgid is the key, so that a school or a translator can change a sentence without reading code.
What is put into a sentence is escaped here: no value, whatever a person called a group, can become
markup. A text with a number in it, ``n``, has a form for one and a form for more (msgid_plural).
"""

import html
from collections.abc import Mapping
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.policy.effects import Language


class Html(str):
    """A text of Telegram's HTML, with every value in it escaped: it may go into another one."""

    __slots__ = ()


def text(key: str, language: Language, **values: object) -> Html:
    """The sentence ``key`` with ``values`` in it; ``Language.BOTH`` is Dutch first, then English.

    Raises ``KeyError`` for a key that is not there, or a value that is missing.
    """
    if language is Language.BOTH:
        return both(text(key, Language.DUTCH, **values), text(key, Language.ENGLISH, **values))
    if key not in CATALOGUES[language]:
        raise KeyError(key)
    spoken = _TRANSLATIONS[language]
    number = values.get("n")
    template = spoken.ngettext(key, key, number) if isinstance(number, int) else spoken.gettext(key)
    return Html(template.format_map({name: escaped(value) for name, value in values.items()}))


def both(dutch: Html, english: Html) -> Html:
    """One message in two languages: Dutch, a blank line, English in italics."""
    return Html(f"{dutch}\n\n<i>{english}</i>")


def escaped(value: object) -> Html:
    """``value`` as it reads, whatever it is; what is escaped already stays as it is."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def _read(language: Language) -> Catalog:
    """All texts of one language. Raises ``ValueError`` for a key that stands in two files."""
    whole = Catalog(locale=language.value)
    for file in sorted(files("bot.messages").joinpath(language.value).iterdir(), key=str):
        if not file.name.endswith(".po"):
            continue
        with file.open("rb") as written:
            for entry in read_po(written, locale=language.value, abort_invalid=True):
                if entry.id and _key(entry.id) in whole:
                    message = f"{file.name} says again what stands elsewhere: {_key(entry.id)}"
                    raise ValueError(message)
                if entry.id:
                    whole.add(entry.id, entry.string)
    return whole


def _key(entry_id: str | tuple[str, ...] | list[str]) -> str:
    return entry_id if isinstance(entry_id, str) else entry_id[0]


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _translations(catalogue: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


_READ = {language: _read(language) for language in (Language.DUTCH, Language.ENGLISH)}
_TRANSLATIONS = {language: _translations(catalogue) for language, catalogue in _READ.items()}

CATALOGUES: Mapping[Language, Mapping[str, tuple[str, ...]]] = {
    language: {_key(entry.id): _forms(entry.string) for entry in catalogue if entry.id}
    for language, catalogue in _READ.items()
}
"""By language and key, the forms of a text: one, or one for each plural of the language."""
