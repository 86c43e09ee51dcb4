"""One table of commands: the help, the menus and the refusals are made from it."""

import re
from dataclasses import replace
from itertools import chain

import pytest

from bot.messages import CATALOGUES
from bot.policy.commands import (
    COMMANDS,
    PAGE_COMMANDS,
    STAFF_COMMANDS,
    commands_for,
)
from bot.policy.effects import Language, Page
from bot.policy.pages import AUDIENCES, Audience
from bot.policy.people import Duty
from tests.policy.world import (
    COORDINATOR,
    GUARDIAN,
    LEFT_SCHOOL,
    STRANGER,
    STUDENT,
    TEACHER,
)

FOR_EVERYONE = ["regels", "mijngegevens", "taal", "stop", "help"]
LISTED = [spec for spec in COMMANDS if spec.listed]


def names_for(who):
    return [spec.name for spec in commands_for(who)]


def test_commands_when_typed_then_each_means_one_thing():
    typed = [*chain.from_iterable(spec.typed for spec in COMMANDS)]

    assert len(typed) == len(set(typed))


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_command_when_in_a_menu_then_telegram_takes_its_name(spec):
    # Bot API: BotCommand.command.
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", typed) for typed in spec.typed)


@pytest.mark.parametrize("language", [Language.DUTCH, Language.ENGLISH])
@pytest.mark.parametrize("spec", LISTED, ids=lambda spec: spec.name)
def test_command_when_listed_then_is_described_in_plain_words(spec, language):
    (described,) = CATALOGUES[language][f"menu-{spec.name}"]

    # Bot API: BotCommand.description, and what a menu shows of it.
    assert 1 <= len(described) <= 60
    assert not set("<>{}&\n") & set(described)


@pytest.mark.parametrize(
    "spec", [spec for spec in COMMANDS if spec.page], ids=lambda spec: spec.name
)
def test_command_when_it_opens_a_page_then_is_for_whom_the_page_is_for(spec):
    assert AUDIENCES[spec.page] is spec.audience
    assert {PAGE_COMMANDS[typed] for typed in spec.typed} == {spec.page}


def test_staff_commands_are_those_of_staff_and_administrators():
    theirs = {Audience.STAFF, Audience.ADMINISTRATOR}

    assert (
        frozenset(chain.from_iterable(spec.typed for spec in COMMANDS if spec.audience in theirs))
        == STAFF_COMMANDS
    )


@pytest.mark.parametrize("who", [STRANGER, STUDENT, LEFT_SCHOOL])
def test_commands_when_not_of_staff_then_only_those_for_everyone(who):
    assert names_for(who) == FOR_EVERYONE


def test_commands_when_a_guardian_then_also_those_for_guardians():
    for_guardians = [s.name for s in LISTED if s.audience is Audience.GUARDIAN]

    assert names_for(GUARDIAN) == [*for_guardians, *FOR_EVERYONE]


@pytest.mark.parametrize("who", [TEACHER, COORDINATOR])
def test_commands_when_of_staff_then_not_those_of_administrators(who):
    for_staff = [s.name for s in LISTED if s.audience is Audience.STAFF]

    assert names_for(who) == [*for_staff, *FOR_EVERYONE]


def test_commands_when_an_administrator_then_all_but_a_guardians():
    duties = frozenset({Duty.ADMINISTRATOR})
    administrator = replace(TEACHER, person=replace(TEACHER.person, duties=duties))

    not_his = {s.name for s in LISTED if s.audience is Audience.GUARDIAN}
    assert set(names_for(administrator)) == {s.name for s in LISTED} - not_his


def test_commands_for_everybody_are_the_pages_for_everybody():
    assert {PAGE_COMMANDS[name] for name in ("regels", "mijngegevens", "taal", "stop")} == {
        Page.RULES,
        Page.MY_DATA,
        Page.LANGUAGE,
        Page.STOP,
    }


@pytest.mark.parametrize("language", [Language.DUTCH, Language.ENGLISH])
@pytest.mark.parametrize("reader", ["staff", "student", "guardian", "stranger"])
def test_help_and_rules_when_opened_then_there_is_a_text_for_each_kind_of_person(reader, language):
    keys = {f"{start}-{reader}" for start in ("hello", "rules-groups", "rules-breach")}

    assert keys - set(CATALOGUES[language]) == set()
