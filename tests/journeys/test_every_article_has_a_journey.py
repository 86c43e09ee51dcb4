"""The page, the code and the journeys speak of the same articles."""

import re
from importlib import import_module
from pathlib import Path

from bot.policy.rules import ARTICLES, Article

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "protocol.md").read_text(encoding="utf-8")

HEADINGS = {
    "A.2": Article.A2,
    "B.4": Article.B4,
    "B.5": Article.B5,
    "B.6, first half": Article.B6_GROUPS,
    "B.6, second half": Article.B6_LOCK,
    "B.7": Article.B7,
    "Our own order": Article.HOUSE,
}
"""How the page calls an article in the heading of its section."""


def articles_of_the_page() -> list[Article]:
    part = PAGE.partition("## Article by article")[2].partition("\n## ")[0]
    titles = [title.partition(":")[0] for title in re.findall(r"^### (.+)$", part, re.MULTILINE)]
    return [HEADINGS[title] for title in titles]


def articles_of_the_rules() -> set[Article]:
    return {Article(code) for code in re.findall(r"^\| `[^`]+` \| ([^|]+) \|", PAGE, re.MULTILINE)}


def journeys() -> list[str]:
    found = (path.stem for path in sorted(HERE.glob("test_*.py")))
    return [name for name in found if name != Path(__file__).stem]


def article_of_journey(name: str) -> Article:
    article = import_module(f"tests.journeys.{name}").ARTICLE
    assert isinstance(article, Article)
    return article


def test_page_has_one_section_for_each_article():
    assert sorted(articles_of_the_page()) == sorted(Article)
    assert set(ARTICLES) == set(Article)


def test_rules_on_the_page_serve_each_article():
    assert articles_of_the_rules() == set(Article)


def test_each_article_is_travelled_and_each_journey_names_its_article():
    assert {article_of_journey(name) for name in journeys()} == set(Article)
