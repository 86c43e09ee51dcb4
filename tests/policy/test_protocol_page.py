import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy.explain import EXPLANATIONS
from bot.policy.rules import ARTICLES, Rule, article_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    for row in ROW.finditer(PAGE):
        code, article, level, dutch, english = row.groups()
        yield code, article, level, dutch, english


def test_page_names_exactly_the_rules_in_their_order():
    assert [row[0] for row in rows()] == [rule.value for rule in Rule]


def test_explanations_name_exactly_the_rules():
    assert set(EXPLANATIONS) == set(Rule)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.value) for rule in Rule])
def test_page_says_of_a_rule_what_the_code_says(rule):
    article = article_of(rule)
    dutch, english = EXPLANATIONS[rule]

    found = [row for row in rows() if row[0] == rule.value]

    assert found == [(rule.value, article.value, ARTICLES[article].level.value, dutch, english)]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.value) for rule in Rule])
def test_explanation_is_one_calm_sentence_in_two_languages(rule):
    dutch, english = EXPLANATIONS[rule]

    assert dutch != english
    for sentence in (dutch, english):
        assert sentence == sentence.strip()
        assert sentence[-1] == "."
        assert sentence.count(". ") == 0
        assert "!" not in sentence
        assert 10 < len(sentence) <= 100


def test_every_rule_is_the_answer_of_some_question():
    questions = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "bot" / "policy").rglob("*.py")
        if path.name not in {"rules.py", "explain.py"}
    ]
    answered = {rule for rule in Rule if any(f"Rule.{rule.name}" in text for text in questions)}

    assert set(Rule) == answered


def test_every_article_is_served_by_a_rule():
    assert {article_of(rule) for rule in Rule} == set(ARTICLES)
