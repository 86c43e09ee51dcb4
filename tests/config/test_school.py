"""The school's TOML file: what it may say, and every mistake in it at once."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from config.problems import ConfigError
from config.school import SCHOOL_FILE, SchoolConfig, load_school

A_TIME = 'a time of day on the school\'s clock, such as "08:30"'


@pytest.fixture
def school(tmp_path):
    """A school file with the given text, loaded."""

    def school(text: str) -> SchoolConfig:
        path = tmp_path / "school.toml"
        path.write_text(text, encoding="utf-8")
        return load_school(path)

    return school


@pytest.fixture
def problems(school):
    def problems(text: str) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as stopped:
            school(text)
        return stopped.value.problems

    return problems


def lesson_hours(*hours: tuple[int, str, str]) -> str:
    return "\n".join(
        f'[[lesson_hours]]\nhour = {hour}\nstart = "{start}"\nend = "{end}"'
        for hour, start, end in hours
    )


def test_school_when_there_is_no_file_then_defaults():
    assert load_school(None) == SchoolConfig()


def test_school_when_the_file_is_empty_then_defaults(school):
    assert school("") == SchoolConfig()


def test_school_when_one_key_is_given_then_only_that_differs(school):
    read = school("[groups]\npoll_minutes = 3\n")

    assert read.groups.poll_minutes == 3
    assert read.model_copy(update={"groups": SchoolConfig().groups}) == SchoolConfig()


def test_defaults_when_taken_then_eight_hours_of_fifty_minutes_in_order():
    hours = SchoolConfig().lesson_hours

    assert [each.hour for each in hours] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [(each.start, each.end) for each in hours[:3]] == [
        (time(8, 30), time(9, 20)),
        (time(9, 20), time(10, 10)),
        (time(10, 30), time(11, 20)),
    ]


def test_zone_when_asked_then_the_schools_clock(school):
    assert school('time_zone = "America/Curacao"').zone == ZoneInfo("America/Curacao")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('"22:15"', id="text"),
        pytest.param("22:15:00", id="TOML's own time"),
    ],
)
def test_time_of_day_when_written_either_way_then_the_same(school, written):
    read = school(f"[quiet_hours]\nstart = {written}\n")

    assert read.quiet_hours.start == time(22, 15)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("830", id="a number"),
        pytest.param('"24:30"', id="no such hour"),
        pytest.param('"08:60"', id="no such minute"),
        pytest.param('"0830"', id="without colon"),
        pytest.param('"half negen"', id="in words"),
        pytest.param('"08:30:15"', id="with seconds"),
        pytest.param('"08:30+01:00"', id="with a zone"),
        pytest.param("2026-09-01", id="a date"),
    ],
)
def test_time_of_day_when_it_is_none_then_stops(problems, written):
    assert problems(f"[quiet_hours]\nstart = {written}\n") == (
        f"quiet_hours.start: is not a time of day in hours and minutes. Allowed: {A_TIME}.",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            'time_zone = "Europe/Amstedam"',
            "time_zone: is not a time zone that this machine knows. Allowed: a time zone of the "
            'tz database, such as "Europe/Amsterdam".',
            id="unknown zone",
        ),
        pytest.param(
            'time_zone = "../../etc/passwd"',
            "time_zone: is not a time zone that this machine knows. Allowed: a time zone of the "
            'tz database, such as "Europe/Amsterdam".',
            id="a path as zone",
        ),
        pytest.param(
            'language = "fr"',
            'language: is not one of the choices. Allowed: "nl" or "en".',
            id="language without a catalogue",
        ),
        pytest.param(
            'observe_only = "false"',
            "observe_only: is not true or false (write it without quotation marks). "
            "Allowed: true or false.",
            id="false in quotation marks",
        ),
        pytest.param(
            "[groups]\npoll_minutes = 1",
            "groups.poll_minutes: is too small. Allowed: a whole number, 2 to 60.",
            id="faster than Telegram's cache",
        ),
        pytest.param(
            "[groups]\npoll_minutes = 5.0",
            "groups.poll_minutes: is not a whole number (write it without quotation marks). "
            "Allowed: a whole number, 2 to 60.",
            id="a fraction",
        ),
        pytest.param(
            "[groups]\npoll_minutes = true",
            "groups.poll_minutes: is not a whole number (write it without quotation marks). "
            "Allowed: a whole number, 2 to 60.",
            id="true as a number",
        ),
        pytest.param(
            "[linking]\nwrong_codes_an_hour = 21",
            "linking.wrong_codes_an_hour: is too large. Allowed: a whole number, 1 to 20.",
            id="too many guesses",
        ),
        pytest.param(
            "name = '  '",
            "name: is empty. Allowed: text, 1 to 100 characters.",
            id="blank name",
        ),
        pytest.param(
            "name = 5",
            "name: is not text (write it between quotation marks). "
            "Allowed: text, 1 to 100 characters.",
            id="a number as name",
        ),
        pytest.param(
            "quiet_hours = 3",
            "quiet_hours: is not a table. Allowed: the keys start, end below it.",
            id="no table",
        ),
        pytest.param(
            "[lesson_hours]\nhour = 1",
            "lesson_hours: is not a list. Allowed: the keys hour, start, end below it.",
            id="one table for a list",
        ),
        pytest.param(
            "lesson_hours = []",
            "lesson_hours: is empty; name at least one, or leave the key out for the defaults.",
            id="no lesson hours",
        ),
        pytest.param(
            "help_lines = []",
            "help_lines: is empty; name at least one, or leave the key out for the defaults.",
            id="no help",
        ),
        pytest.param(
            '[quiet_hours]\nstart = "07:00"',
            "quiet_hours: starts when it ends; start and end must differ.",
            id="quiet for no time",
        ),
        pytest.param(
            lesson_hours((1, "09:20", "08:30")),
            "lesson_hours (entry 1): ends before it starts; end must be later than start.",
            id="an hour backwards",
        ),
        pytest.param(
            lesson_hours((1, "08:30", "09:20"), (2, "09:15", "10:00")),
            "lesson_hours: has hour 2 start in hour 1; they must not overlap.",
            id="overlap",
        ),
        pytest.param(
            lesson_hours((2, "08:30", "09:20"), (1, "09:20", "10:00")),
            "lesson_hours: has hour 1 after hour 2; numbers must go up.",
            id="out of order",
        ),
        pytest.param(
            lesson_hours((1, "08:30", "09:20"), (1, "09:20", "10:00")),
            "lesson_hours: has hour 1 after hour 1; numbers must go up.",
            id="twice the same",
        ),
        pytest.param(
            '[[lesson_hours]]\nhour = 1\nstart = "08:30"',
            f"lesson_hours.end (entry 1): is missing. Allowed: {A_TIME}.",
            id="no end",
        ),
        pytest.param(
            '[under_sixteen]\nchoice = "sometimes"',
            "under_sixteen.choice: is not one of the choices. Allowed: "
            '"not-checked", "guardian-consent" or "refuse".',
            id="no such choice",
        ),
        pytest.param(
            "[under_sixteen]\nyear_groups = []",
            "under_sixteen.year_groups: is not valid. Allowed: "
            "a list of whole numbers, 1 to 20, at least one.",
            id="no year groups",
        ),
        pytest.param(
            "[under_sixteen]\nyear_groups = [true]",
            "under_sixteen.year_groups (entry 1): is not a whole number (write it without "
            "quotation marks). Allowed: a list of whole numbers, 1 to 20, at least one.",
            id="a year group that is no number",
        ),
        pytest.param(
            "[retention]\nsignal_days = 3",
            "retention.signal_days: is not a setting. Did you mean signals_days? Allowed: "
            "announcements_days, cases_staff_days, cases_students_days, dead_letters_days, "
            "leavers_days, linking_codes_days, removed_messages_days, seen_days, signals_days.",
            id="unknown key in a table",
        ),
        pytest.param(
            '[[help_lines]]\nname = "a"\ncontact = "b"\n[[help_lines]]\nname = "c"\ncontct = "d"',
            "help_lines.contact (entry 2): is missing. Allowed: text, 1 to 200 characters.",
            id="misspelt in a list, the missing one",
        ),
    ],
)
def test_school_when_something_is_wrong_then_stops_and_says_what_is_allowed(
    problems, text, problem
):
    assert problems(text)[0] == problem


def test_time_of_day_when_the_hour_is_one_digit_then_read(school):
    assert school('[quiet_hours]\nend = "7:05"\n').quiet_hours.end == time(7, 5)


def test_school_when_a_key_at_the_top_is_unknown_then_the_nearest_and_all_allowed(problems):
    assert problems("observ_only = true") == (
        (
            "observ_only: is not a setting. Did you mean observe_only? Allowed: "
            "announcements, confidential_adviser, groups, help_lines, joining, language, "
            "lesson_hours, linking, mentor, name, observe_only, private_chat, quiet_hours, "
            "retention, school_contact, school_year, time_zone, under_sixteen."
        ),
    )


def test_school_when_several_things_are_wrong_then_all_at_once(problems):
    found = problems(
        'name = 5\nlanguage = "fr"\ncolour = "red"\n'
        "[groups]\npoll_minutes = 1\n"
        '[[lesson_hours]]\nhour = "x"\nstart = "8"\nend = "09:00"\n'
    )

    assert [line.split(":")[0] for line in found] == [
        "name",
        "language",
        "lesson_hours.hour (entry 1)",
        "lesson_hours.start (entry 1)",
        "groups.poll_minutes",
        "colour",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"name = ", "is not TOML: Invalid value (at end of document)", id="not TOML"),
        pytest.param(b'name = "\xff"', "is not UTF-8 text", id="not UTF-8"),
    ],
)
def test_school_when_the_file_cannot_be_understood_then_says_where(tmp_path, content, reason):
    path = tmp_path / "school.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as stopped:
        load_school(path)

    assert stopped.value.problems == (f"SCHOOL_CONFIG: {path} {reason}. Allowed: {SCHOOL_FILE}.",)


def test_school_when_the_file_is_gone_then_says_so(tmp_path):
    path = tmp_path / "none.toml"

    with pytest.raises(ConfigError) as stopped:
        load_school(path)

    reason = "cannot be read (No such file or directory)"
    assert stopped.value.problems == (f"SCHOOL_CONFIG: {path} {reason}. Allowed: {SCHOOL_FILE}.",)


def test_school_when_changed_after_loading_then_refused():
    with pytest.raises(ValueError, match="frozen"):
        SchoolConfig().name = "other"  # type: ignore[misc]


def test_school_contact_when_given_then_domains_and_accounts_stand_without_their_sign(school):
    own = school(
        '[school_contact]\nphone_numbers = ["0182 512345"]\n'
        'domains = ["@School.nl"]\naccounts = ["@schoolnaam"]'
    ).school_contact

    assert own.phone_numbers == ("0182 512345",)
    assert (own.domains, own.accounts) == (("school.nl",), ("schoolnaam",))


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        pytest.param('phone_numbers = ["bel ons"]', "is not a phone number", id="number"),
        pytest.param('domains = ["info@school.nl"]', "is not a domain", id="a whole address"),
        pytest.param('addresses = [""]', "addresses", id="empty"),
    ],
)
def test_school_contact_when_something_is_wrong_then_is_said(problems, line, mistake):
    (found,) = problems(f"[school_contact]\n{line}")

    assert found.startswith("school_contact.")
    assert mistake in found
