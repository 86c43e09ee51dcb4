"""Everything the sandbox answers and sends fits Telegram's schema, and aiogram's strict models."""

import aiogram.methods
import pytest
from aiogram.types import Update
from pydantic import TypeAdapter

from bot.sandbox import Telegram
from bot.sandbox.parameters import METHODS
from bot.sandbox.updates import KINDS
from tests.sandbox.scenario import Day
from tests.sandbox.schema import any_of, problems, result_problems, schema, update_problems

MADE_BY_THE_DAY = {
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "business_connection",
    "business_message",
    "guest_message",
}


@pytest.fixture
async def day(telegram: Telegram) -> Day:
    """A day in which no answer is missing and the bot did nothing wrong."""
    played = Day(telegram)
    await played.play()
    return played


async def test_day_when_played_then_every_method_is_called_and_every_kind_made(day):
    assert {m.lower() for m, _answer in day.answers} == set(METHODS)
    assert {k for u in day.updates for k in u} - {"update_id"} == MADE_BY_THE_DAY
    assert day.telegram.violations == []


@pytest.mark.needs_bot_api_schema
async def test_answers_when_checked_strictly_then_nothing_is_wrong(day):
    found = [p for m, answer in day.answers for p in result_problems(m, answer)]

    assert found == []


@pytest.mark.needs_bot_api_schema
async def test_updates_when_checked_strictly_then_nothing_is_wrong(day):
    assert [p for u in day.updates for p in update_problems(u)] == []


@pytest.mark.needs_bot_api_schema
def test_parameters_when_held_against_the_schema_then_they_are_the_same():
    kinds = {
        "id": {"Integer", "String"},
        "int": {"Integer"},
        "str": {"String"},
        "bool": {"Boolean"},
        "file": {"InputFile", "String"},
    }
    for method in METHODS.values():
        official = {f["name"]: f for f in schema()["methods"][method.name].get("fields", [])}

        assert set(method.types) == set(official), method.name
        assert method.required == {n for n, f in official.items() if f["required"]}, method.name
        for name, kind in method.types.items():
            types = set(official[name]["types"])
            if kind == "list":
                assert all(t.startswith("Array of ") for t in types), (method.name, name)
            elif kind == "obj":
                assert types <= set(schema()["types"]), (method.name, name)
            else:
                assert types <= kinds[kind], (method.name, name)


@pytest.mark.needs_bot_api_schema
def test_update_kinds_when_held_against_the_schema_then_they_are_the_same():
    official = {f["name"] for f in schema()["types"]["Update"]["fields"]} - {"update_id"}

    assert official == KINDS


@pytest.mark.needs_bot_api_schema
@pytest.mark.parametrize(
    ("value", "kind", "wrong"),
    [
        pytest.param({"id": 1, "is_bot": False, "first_name": "A"}, "User", 0, id="right"),
        pytest.param({"id": 1, "first_name": "A"}, "User", 1, id="a field is missing"),
        pytest.param(
            {"id": "1", "is_bot": False, "first_name": "A"}, "User", 1, id="a number as text"
        ),
        pytest.param(
            {"id": 1, "is_bot": 0, "first_name": "A"}, "User", 1, id="a number as boolean"
        ),
        pytest.param(
            {"id": 1, "is_bot": False, "first_name": "A", "x": 1}, "User", 1, id="unknown field"
        ),
    ],
)
def test_validator_when_something_is_wrong_then_it_says_so(value, kind, wrong):
    assert len(problems(value, kind)) == wrong


@pytest.mark.needs_bot_api_schema
def test_validator_when_kicked_lacks_until_date_then_no_member_kind_fits():
    user = {"id": 1, "is_bot": True, "first_name": "B"}

    assert any_of({"user": user, "status": "kicked"}, ["ChatMember"], "m") != []


async def test_updates_when_parsed_by_aiogram_then_nothing_is_left_over(day):
    for update in day.updates:
        parsed = Update.model_validate(update)
        kind = next(k for k in update if k != "update_id")

        assert getattr(parsed, kind) is not None


async def test_answers_when_parsed_by_aiogram_then_all_parse(day):
    for method, answer in day.answers:
        if method != "getUpdates":
            named = getattr(aiogram.methods, method[0].upper() + method[1:])
            TypeAdapter(named.__returning__).validate_python(answer)
