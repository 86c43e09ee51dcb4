"""The school's clock: lesson hours, quiet hours, and the days on which the wall jumps."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.announcements.timetable import LessonHour, Timetable

HOURS = (
    LessonHour(number=1, start=time(8, 30), end=time(9, 20)),
    LessonHour(number=2, start=time(9, 20), end=time(10, 10)),
    LessonHour(number=3, start=time(10, 30), end=time(11, 20)),
)
SCHOOL = Timetable(
    zone=ZoneInfo("Europe/Amsterdam"),
    hours=HOURS,
    quiet_from=time(21, 0),
    quiet_until=time(7, 0),
)
BY_DAY = Timetable(
    zone=ZoneInfo("Europe/Amsterdam"), hours=HOURS, quiet_from=time(12), quiet_until=time(13)
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 11, 23), utc(2026, 11, 23, 7, 30), id="winter"),
        pytest.param(date(2026, 6, 1), utc(2026, 6, 1, 6, 30), id="summer"),
        pytest.param(date(2026, 3, 30), utc(2026, 3, 30, 6, 30), id="after the clock went ahead"),
        pytest.param(date(2026, 10, 26), utc(2026, 10, 26, 7, 30), id="after the clock went back"),
    ],
)
def test_lesson_when_on_any_day_then_begins_by_the_wall(day, expected):
    assert SCHOOL.starts(day, 1) == expected


def test_lesson_when_the_school_has_no_such_hour_then_has_no_moment():
    assert SCHOOL.starts(date(2026, 11, 23), 9) is None
    assert SCHOOL.ends(date(2026, 11, 23), 9) is None


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        pytest.param(
            date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30), id="a time that is skipped"
        ),
        pytest.param(
            date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30), id="the first of two"
        ),
    ],
)
def test_moment_when_the_wall_jumps_then_is_one_and_not_before_it_was_meant(day, wall, expected):
    assert SCHOOL.moment(day, wall) == expected


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        pytest.param(utc(2026, 11, 23, 19, 59), False, id="just before"),
        pytest.param(utc(2026, 11, 23, 20, 0), True, id="from nine in the evening"),
        pytest.param(utc(2026, 11, 24, 5, 59), True, id="to seven in the morning"),
        pytest.param(utc(2026, 11, 24, 6, 0), False, id="at seven"),
    ],
)
def test_hours_when_they_pass_midnight_then_are_quiet_on_both_sides(at, quiet):
    assert SCHOOL.is_quiet(at) is quiet


def test_hours_when_within_a_day_then_are_quiet_between():
    assert BY_DAY.is_quiet(utc(2026, 11, 23, 11, 30))
    assert not BY_DAY.is_quiet(utc(2026, 11, 23, 12, 0))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(utc(2026, 11, 23, 20, 30), utc(2026, 11, 24, 6, 0), id="this evening"),
        pytest.param(utc(2026, 11, 24, 3, 0), utc(2026, 11, 24, 6, 0), id="this night"),
        pytest.param(utc(2026, 3, 28, 21, 0), utc(2026, 3, 29, 5, 0), id="the clock goes ahead"),
        pytest.param(utc(2026, 10, 24, 21, 0), utc(2026, 10, 25, 6, 0), id="the clock goes back"),
        pytest.param(utc(2026, 11, 23, 12, 0), utc(2026, 11, 23, 12, 0), id="not quiet"),
    ],
)
def test_quiet_hours_when_they_end_then_it_is_by_the_wall(at, expected):
    assert SCHOOL.quiet_ends(at) == expected


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 (Hypothesis takes naive bounds)
def test_quiet_hours_when_at_any_moment_then_end_within_a_day_and_are_over(at):
    for school in (SCHOOL, BY_DAY):
        end = school.quiet_ends(at)
        assert at <= end <= at + timedelta(hours=25)
        assert not school.is_quiet(end)


@pytest.mark.parametrize(
    ("at", "lesson"),
    [
        pytest.param(utc(2026, 11, 23, 7, 29), False, id="before school"),
        pytest.param(utc(2026, 11, 23, 7, 30), True, id="as the first lesson begins"),
        pytest.param(utc(2026, 11, 23, 9, 15), False, id="break"),
    ],
)
def test_lesson_when_one_is_going_on_then_it_is_known(at, lesson):
    assert SCHOOL.in_lesson(at) is lesson


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(utc(2026, 11, 23, 5), date(2026, 11, 23), id="before school"),
        pytest.param(utc(2026, 11, 23, 10, 19), date(2026, 11, 23), id="in the last lesson"),
        pytest.param(utc(2026, 11, 23, 10, 20), date(2026, 11, 24), id="after the last lesson"),
        pytest.param(utc(2026, 11, 27, 18), date(2026, 11, 30), id="on Friday evening"),
        pytest.param(utc(2026, 11, 29, 23, 30), date(2026, 11, 30), id="on Monday by the wall"),
        pytest.param(utc(2026, 11, 28, 9), date(2026, 11, 30), id="on Saturday"),
    ],
)
def test_next_school_day_when_asked_then_is_one_with_lessons_to_come(at, expected):
    assert SCHOOL.next_school_day(at) == expected
