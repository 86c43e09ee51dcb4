"""How a configuration mistake is told: all of them at once, each with its key and what is allowed.

No value of a setting may enter a line here: it may be the bot token or a password.
"""

import difflib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_HEADING: Final = (
    "De instellingen kloppen nog niet; Groepswacht is niet gestart. Pas dit aan:\n"
    "The configuration is not right yet; Groepswacht did not start. Mend this:"
)
_ENDING: Final = "Uitleg / explanation: docs/configuration.md"

# What is wrong, by pydantic's kind of error; what is allowed is the description of the field.
_WHAT: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "bool_type": "is not true or false (write it without quotation marks)",
    "int_type": "is not a whole number (write it without quotation marks)",
    "string_type": "is not text (write it between quotation marks)",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "literal_error": "is not one of the choices",
    "enum": "is not one of the choices",
    "too_long": "has too many entries",
    "tuple_type": "is not a list",
    "model_type": "is not a table",
}


class ConfigError(Exception):
    """The configuration cannot be used. `problems`: one line per mistake, "key: what, allowed"."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join((_HEADING, *(f"- {line}" for line in problems), _ENDING)))


def keys_of(model: type[BaseModel], table: str = "") -> dict[str, FieldInfo]:
    """Every key that a person can write, with its table: `name`, `quiet_hours.start`."""
    return dict(_walk(model, table))


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that `name` was probably meant to be, if there is one."""
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def unknown_key(key: str, known: Iterable[str], *, place: str = "", meant: str = "") -> str:
    """The line about a key that does not exist.

    `known`: the names allowed in the same place. `meant`: what to compare with them, if not `key`.
    """
    allowed = sorted(known)
    close = nearest(meant or key.rpartition(".")[2], allowed)
    guess = f" Did you mean {close}?" if close else ""
    return f"{key}{_within(place)}: is not a setting.{guess} Allowed: {', '.join(allowed)}."


def lines_of(
    error: ValidationError, known: Mapping[str, FieldInfo], *, spelling: Callable[[str], str] = str
) -> list[str]:
    """One line for each mistake that pydantic found.

    `known`: from `keys_of`. `spelling`: from a field's name to the key as a person writes it.
    """
    fields = {spelling(key): field for key, field in known.items()}
    details = error.errors(include_input=False, include_url=False)
    return [_line(each, fields, spelling) for each in details]


def _line(
    detail: ErrorDetails, fields: Mapping[str, FieldInfo], spelling: Callable[[str], str]
) -> str:
    names = [spelling(part) for part in detail["loc"] if isinstance(part, str)]
    entries = [f"entry {part + 1}" for part in detail["loc"] if isinstance(part, int)]
    key, place = ".".join(names), ", ".join(entries)
    if detail["type"] == "extra_forbidden":
        return unknown_key(key, _names_in(".".join(names[:-1]), fields), place=place)
    told = f"{key}{_within(place)}: {_what(detail)}."
    if key in fields:
        return f"{told} Allowed: {fields[key].description}."
    if detail["type"] == "value_error":
        return told  # the check of a whole table says in its sentence what is allowed
    return f"{told} Allowed: the keys {', '.join(_names_in(key, fields))} below it."


def _within(place: str) -> str:
    return f" ({place})" if place else ""


def _what(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return _WHAT.get(detail["type"], "is not valid")


def _names_in(table: str, fields: Iterable[str]) -> list[str]:
    """The names directly in a table; without a table, those at the top of the file."""
    prefix = f"{table}." if table else ""
    inside = (key.removeprefix(prefix) for key in fields if key.startswith(prefix))
    return list(dict.fromkeys(name.split(".")[0] for name in inside))


def _walk(model: type[BaseModel], table: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        key = f"{table}.{name}" if table else name
        inner = _table_in(field.annotation)
        if inner is None:
            yield key, field
        else:
            yield from _walk(inner, key)


def _table_in(annotation: object) -> type[BaseModel] | None:
    """The model behind a table (`Table`) or a list of tables (`tuple[Table, ...]`)."""
    for candidate in (annotation, *typing.get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
