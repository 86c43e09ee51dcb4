"""docs/privacy.md says of every table what it holds about people; the file holds all of that."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlalchemy.sql import visitors

from bot.policy.ids import UserId
from storage.my_data import ON_THE_PAGE, SECTIONS, Me
from storage.tables import accounts, metadata, people

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ME = Me(account=1, user=UserId(5_000_000_001), person=1)

ROWS = {found[1]: found[5] for found in ROW.finditer(PAGE)}


def sections_of(table: str) -> list[str]:
    return re.findall(r"`([a-z-]+)`", ROWS[table])


def read_by(section: str) -> set[str]:
    found = visitors.iterate(SECTIONS[section](ME))
    return {each.name for each in found if isinstance(each, Table)}


def names_people(table: Table) -> bool:
    """Whether a row of it can say which account or person it is about."""
    keys = {key.column.table for column in table.columns for key in column.foreign_keys}
    return bool(keys & {accounts, people}) or "user_id" in table.c or "account_id" in table.c


def test_privacy_page_names_every_table_and_no_other():
    assert set(ROWS) == set(metadata.tables)


def test_privacy_page_names_every_part_of_the_file():
    assert {section for table in ROWS for section in sections_of(table)} == set(SECTIONS)


@pytest.mark.parametrize("table", metadata.tables)
def test_table_when_it_says_where_it_comes_out_then_comes_out_there(table):
    assert [s for s in sections_of(table) if table not in read_by(s)] == []


@pytest.mark.parametrize("table", [t.name for t in metadata.tables.values() if names_people(t)])
def test_table_when_it_names_people_then_comes_out_or_says_why_not(table):
    assert sections_of(table) or "It is about no person." not in ROWS[table]


def test_page_in_the_chat_tells_nothing_that_is_not_in_the_file():
    assert set(ON_THE_PAGE) <= set(SECTIONS)
