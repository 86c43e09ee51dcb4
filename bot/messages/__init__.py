"""Every sentence that the bot says, in Dutch and English, by a key that names its purpose.

The catalogues are gettext files (``nl.po``, ``en.po``) in which the msgid is the key, so that a
school or a translator can change a sentence without reading code. What is put into a sentence is
escaped here: no value, whatever a person called a group, can become markup.
"""

import html
from collections.abc import Mapping
from importlib.resources import files

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
    safe = {name: escaped(value) for name, value in values.items()}
    return Html(CATALOGUES[language][key].format_map(safe))


def both(dutch: Html, english: Html) -> Html:
    """One message in two languages: Dutch, a blank line, English in italics."""
    return Html(f"{dutch}\n\n<i>{english}</i>")


def escaped(value: object) -> Html:
    """``value`` as it reads, whatever it is; what is escaped already stays as it is."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def _read(language: Language) -> Mapping[str, str]:
    with (files("bot.messages") / f"{language}.po").open("rb") as catalogue:
        entries = read_po(catalogue, locale=language.value, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id}


CATALOGUES: Mapping[Language, Mapping[str, str]] = {
    language: _read(language) for language in (Language.DUTCH, Language.ENGLISH)
}
