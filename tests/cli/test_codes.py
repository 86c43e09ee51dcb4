"""``codes``: on the screen, for a program, and on paper."""

import json
import re
import stat

import pytest

CODE = r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}"


@pytest.fixture(autouse=True)
def imported(command, roster):
    assert command("import-people", str(roster), "--yes").exit_code == 0


def test_codes_when_asked_as_json_then_each_with_a_link(command):
    result = command("codes", "--json", "--class", "4H2", "--bot-username", "@school_bot")

    seyma, lukasz = json.loads(result.stdout)
    assert re.fullmatch(CODE, seyma["code"])
    assert seyma | {"code": "", "expires_at": ""} == {
        "school_id": "1001",
        "name": "Şeyma Yıldız",
        "role": "student",
        "class_groups": ["4H2"],
        "code": "",
        "link": f"https://t.me/school_bot?start={seyma['code'].replace('-', '')}",
        "expires_at": "",
    }
    assert lukasz["class_groups"] == ["4H2", "5V1"]


def test_codes_when_the_bot_has_no_known_name_then_no_link(command):
    result = command("codes", "--json", "--person", "VRI")

    assert [one["link"] for one in json.loads(result.stdout)] == [None]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        pytest.param([], ["O1", "VRI", "1001", "1002"], id="everybody"),
        pytest.param(["--role", "docent"], ["VRI"], id="a Dutch role"),
        pytest.param(["--role", "staff"], ["VRI"], id="an English role"),
        pytest.param(["--class", "5V1"], ["1002"], id="a class"),
        pytest.param(["--class", "4H2", "--role", "ouder"], ["O1"], id="guardians of a class"),
        pytest.param(["--person", "1001", "--renew"], ["1001"], id="one person"),
        pytest.param(["--first-administrator"], ["eerste-beheerder"], id="first administrator"),
        pytest.param(["--class", "6V6"], [], id="nobody"),
    ],
)
def test_codes_when_options_are_given_then_for_those(command, options, ids):
    result = command("codes", "--json", *options)

    assert result.exit_code == 0
    assert [one["school_id"] for one in json.loads(result.stdout)] == ids


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param(["--role", "kok"], 2, id="unknown role"),
        pytest.param(["--first-administrator", "--class", "4H2"], 2, id="two wishes"),
        pytest.param(["--bot-username", "a b"], 2, id="no user name"),
        pytest.param(["--person", "9999"], 1, id="unknown person"),
        pytest.param(["--sheet", "codes.html"], 2, id="sheet without the bot's name"),
        pytest.param(["--sheet", "c.pdf", "--bot-username", "school_bot"], 2, id="another kind"),
    ],
)
def test_codes_when_that_cannot_be_then_told_and_none_are_made(command, folder, options, code):
    result = command("codes", *options)

    assert result.exit_code == code
    assert result.stderr
    assert '"count"' not in command("export-events").stdout
    assert not (folder / "codes.html").exists()


def test_codes_when_shown_then_codes_and_names(command):
    result = command("codes", "--role", "student")

    assert result.exit_code == 0
    assert len(re.findall(CODE, result.stdout)) == 2
    assert "[red]Łukasz" in result.stdout


def test_codes_when_on_a_sheet_then_only_there_and_only_for_this_account(command, folder):
    result = command("codes", "--sheet", "codes.html", "--bot-username", "school_bot")

    assert result.exit_code == 0
    sheet = folder / "codes.html"
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert len(re.findall(CODE, sheet.read_text(encoding="utf-8"))) == 4
    assert re.search(CODE, result.stdout) is None


def test_codes_when_the_sheet_exists_then_it_stays_and_none_are_made(command, folder):
    (folder / "codes.html").write_text("mine", encoding="utf-8")

    result = command("codes", "--sheet", "codes.html", "--bot-username", "school_bot")

    assert result.exit_code == 2
    assert (folder / "codes.html").read_text(encoding="utf-8") == "mine"
    assert '"count"' not in command("export-events").stdout


def test_codes_when_nobody_needs_one_then_no_sheet(command, folder):
    options = ("--sheet", "codes.html", "--bot-username", "school_bot")

    result = command("codes", "--class", "6V6", *options)

    assert result.exit_code == 0
    assert not (folder / "codes.html").exists()


async def test_codes_when_the_terminal_knows_no_letters_then_the_json_is_whole(program):
    code, out, _ = await program("codes", "--json", "--person", "1001", PYTHONIOENCODING="ascii")

    assert code == 0
    assert [one["name"] for one in json.loads(out)] == ["Şeyma Yıldız"]
