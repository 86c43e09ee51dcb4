import ast
from pathlib import Path

import pytest

from bot.policy.effects import Keyboard, Language
from bot.policy.notices import FILLED_WHEN_SENT, NOTICES, language_of, who
from bot.policy.people import Role

POLICY = Path(__file__).parents[2] / "bot" / "policy"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        pytest.param("nl", Language.DUTCH, id="Dutch"),
        pytest.param("nl-BE", Language.DUTCH, id="Flemish"),
        pytest.param("en", Language.ENGLISH, id="English"),
        pytest.param("en-GB", Language.ENGLISH, id="British"),
        pytest.param("EN", Language.ENGLISH, id="in capitals"),
        pytest.param("tr", Language.DUTCH, id="a language without texts"),
        pytest.param("eno", Language.DUTCH, id="a tag that only begins like it"),
        pytest.param("", Language.DUTCH, id="empty"),
        pytest.param(None, Language.DUTCH, id="unknown"),
    ],
)
def test_language_when_telegram_speaks_so_then_notice_is_in(tag, language):
    assert language_of(tag) is language


@pytest.mark.parametrize("start", ["kind-answer", "welcome"], ids=["kind answer", "welcome"])
def test_texts_for_each_kind_of_person_exist_where_that_kind_gets_one(start):
    roles = {"welcome": [Role.STAFF, Role.STUDENT, Role.GUARDIAN]}.get(
        start, [Role.STUDENT, Role.GUARDIAN, None]
    )

    assert {key for key in NOTICES if key.startswith(f"{start}-")} == {
        f"{start}-{who(role)}" for role in roles
    }


def test_every_keyboard_that_shows_a_button_has_a_text_for_it():
    # The one of a group that is ready leads on to several pages, by the labels of their own.
    shown = set(Keyboard) - {Keyboard.NONE, Keyboard.REMOVE, Keyboard.GROUP_READY}

    assert {key for key in NOTICES if key.startswith("button-")} == {
        f"button-{keyboard}" for keyboard in shown
    }


def test_refusal_when_read_by_a_whole_group_then_it_has_no_place_for_a_name():
    assert NOTICES["group-refused"] == frozenset()


def test_placeholders_are_those_that_are_described():
    described = {"group", "bot", "items", "rights", "until", "nonce", "findings", "words"}

    assert frozenset().union(*NOTICES.values()) == described
    assert described >= FILLED_WHEN_SENT


def test_every_listed_key_is_asked_for_by_some_rule():
    patterned: tuple[str, ...] = (
        "item-",
        "right-",
        "button-",
        "data-asked-",
        "kind-answer-",
        "welcome-",
    )
    patterned += ("line-", "returned-", "duty-linked-", "duty-unlinked-")
    literals = {
        node.value
        for path in POLICY.rglob("*.py")
        if path.name != "notices.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert {key for key in NOTICES if not key.startswith(patterned)} - literals == set()
