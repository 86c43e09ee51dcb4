"""Every setting and key is named in the same words everywhere: class, documentation, examples."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from enum import Enum
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from config.problems import keys_of
from config.school import SchoolConfig, load_school
from config.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "configuration.md"
SCHOOL_EXAMPLE = ROOT / "school.example.toml"
ENV_EXAMPLE = ROOT / ".env.example"

# A list of tables has no default for one of its keys.
LISTS = {"lesson_hours": "eight hours", "help_lines": "two lines"}


def table_under(heading: str) -> dict[str, tuple[str, str]]:
    """The rows of the table below a heading: key -> (default, allowed)."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text, re.MULTILINE)
    assert len(rows) == len({key for key, _, _ in rows}), "a key stands twice"
    return {key: (default.strip("`"), allowed) for key, default, allowed in rows}


def as_written(default: object) -> str:
    """A default as the documentation writes it."""
    match default:
        case None:
            return "none"
        case bool():
            return str(default).lower()
        case time():
            return f"{default:%H:%M}"
        case Enum():
            return str(default.value)
        case _:
            return str(default)


def documented(model: type[Settings] | type[SchoolConfig]) -> Iterator[tuple[str, tuple[str, str]]]:
    for key, field in keys_of(model).items():
        of_list = LISTS.get(key.partition(".")[0])
        if of_list is None:
            assert field.default is not PydanticUndefined, key
        yield key, (of_list or as_written(field.default), field.description or "")


def keys_in(table: Mapping[str, object], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        entries = value if isinstance(value, list) and value else [value]
        for entry in entries:
            if isinstance(entry, dict):
                yield from keys_in(entry, f"{above}{key}.")
            else:
                yield f"{above}{key}"


def test_documentation_when_read_then_every_setting_with_its_default_and_what_is_allowed():
    expected = {key.upper(): told for key, told in documented(Settings)}

    assert table_under("Settings of the machine") == expected


def test_documentation_when_read_then_every_key_with_its_default_and_what_is_allowed():
    assert table_under("The school's choices") == dict(documented(SchoolConfig))


def test_env_example_when_read_then_every_setting():
    named = re.findall(r"^#?([A-Z_]+)=", ENV_EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(named) == {key.upper() for key in keys_of(Settings)}


def test_env_example_when_copied_as_it_is_then_defaults(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    assert Settings(_env_file=ENV_EXAMPLE) == Settings(_env_file=None)


@pytest.mark.parametrize("name", ["DATABASE_URL", "TELEGRAM_BASE_URL", "LOG_FORMAT", "LOG_LEVEL"])
def test_env_example_when_a_remark_is_taken_away_then_the_default(name):
    values = re.findall(rf"^#{name}=(.*)$", ENV_EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)

    assert values[0] == as_written(Settings.model_fields[name.lower()].default)


def test_school_example_when_read_then_every_key():
    with SCHOOL_EXAMPLE.open("rb") as file:
        named = set(keys_in(tomllib.load(file)))

    assert named == set(keys_of(SchoolConfig))


def test_school_example_when_loaded_then_the_defaults():
    assert load_school(SCHOOL_EXAMPLE) == SchoolConfig()


def test_school_example_when_read_then_a_remark_in_both_languages_above_every_key():
    """Every key or table follows a remark of at least two lines, Dutch and English."""
    lines = SCHOOL_EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for number, line in enumerate(lines)
        if re.match(
            r"\[\w|\w+_(days|hours|minutes|hour|zone)\b|name = .onze|language|observe", line
        )
        and not all(above.startswith("#") for above in lines[number - 2 : number])
    ]

    assert bare == []
