"""Everything that is stored about whoever asks, as a file: JSON for machines, text for people.

Made when it is sent and kept nowhere. What a person wrote or is called stands in it as it is; in
the text, signs that would turn a line around or begin a new one are shown as spaces.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from bot.messages.notices import label
from bot.pages.page import Attachment, Desk, Rendered, Request
from bot.pages.values import day, moment_of, tidy
from bot.policy.effects import Page
from storage.my_data import SECTIONS, MyData, Value, read_my_data

JSON_SCHEMA = 1
"""The form of the JSON; another meaning of a field gets another number."""

LONGEST_LINE = 10_000


async def draw(desk: Desk, request: Request) -> Rendered:
    """The file, with a word on what it is. ``argument``: "json", or anything else for the text."""
    now = desk.clock.now()
    mine = await read_my_data(
        desk.engine, request.viewer.user, signals_for=desk.limits.signals_retention
    )
    is_json = request.argument == "json"
    words = as_json(mine, now) if is_json else as_text(mine, now, desk, request)
    name = label("my-data-file-name", request.language)
    extension = "json" if is_json else "txt"
    return Rendered(
        text=desk.said("my-data-file", request, day=day(now, desk, request)),
        attachment=Attachment(
            name=f"{name}-{now:%Y-%m-%d}.{extension}",
            content=words.encode("utf-8", errors="replace"),
        ),
    )


def as_json(mine: MyData, now: datetime) -> str:
    """Every section with every row; moments in ISO 8601, UTC."""
    whole = {
        "schema": JSON_SCHEMA,
        "made_at": now.isoformat(),
        "kept_until": None if mine.kept_until is None else mine.kept_until.isoformat(),
        **{
            name.replace("-", "_"): [
                {column: _json_value(column, value) for column, value in row.items()}
                for row in mine.of(name)
            ]
            for name in SECTIONS
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _json_value(column: str, value: Value) -> object:
    if column == "details":
        return json.loads(str(value))
    return value.isoformat() if isinstance(value, datetime) else value


def as_text(mine: MyData, now: datetime, desk: Desk, request: Request) -> str:
    """The same for people: a heading for each section, a line for each value that is there."""
    lines = [
        label("my-data-file-title", request.language),
        moment_of(now, desk, request.language),
    ]
    for name in SECTIONS:
        if mine.of(name):
            heading = label(f"my-data-section-{name}", request.language)
            lines += ["", heading, "-" * len(heading), *_section(name, mine, desk, request)]
    return "\n".join(lines) + "\n"


def _section(name: str, mine: MyData, desk: Desk, request: Request) -> Iterator[str]:
    for number, row in enumerate(mine.of(name)):
        if number:
            yield ""
        for column, value in row.items():
            if value is not None and value not in {"", "{}"}:
                field = label(f"my-data-field-{column.replace('_', '-')}", request.language)
                shown = _shown(column, value, request)
                yield f"{field}: {_text_value(shown, desk, request)}"


def _shown(column: str, value: Value, request: Request) -> Value:
    match column:
        case "details":
            return _details(value)
        case "role":
            return label(f"role-{value}", request.language)
        case "duty":
            return label(f"duty-{value}", request.language)
        case _:
            return value


def _details(value: Value) -> str:
    """An event's own details in one line: "role: student; edited: False"."""
    return "; ".join(f"{name}: {detail}" for name, detail in json.loads(str(value)).items())


def _text_value(value: Value, desk: Desk, request: Request) -> str:
    if isinstance(value, bool):
        return label("my-data-yes" if value else "my-data-no", request.language)
    if isinstance(value, datetime):
        return moment_of(value, desk, request.language)
    return tidy(str(value), LONGEST_LINE)


PAGES = {Page.MY_DATA_FILE: draw}
