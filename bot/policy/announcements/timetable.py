"""The school's clock: lesson hours, quiet hours, and when something that is said may go out.

Times of day are those of the clock on the wall; moments are aware and in UTC. A wall that jumps
(summer time begins) has times that do not exist: the moment is then as much later. One that jumps
back has times twice: the first counts, so that nothing comes later than it was meant to.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonHour:
    """One lesson hour (lesuur) of a school day."""

    number: int
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A school's lesson hours, in order, and its quiet hours, which may pass midnight."""

    zone: ZoneInfo
    hours: tuple[LessonHour, ...]
    quiet_from: time
    quiet_until: time

    def today(self, at: datetime) -> date:
        """The day on the school's calendar."""
        return at.astimezone(self.zone).date()

    def next_school_day(self, at: datetime) -> date:
        """Today while lessons are to come; otherwise the next day of the working week."""
        day = self.today(at)
        over = bool(self.hours) and self.moment(day, self.hours[-1].end) <= at
        day += timedelta(days=1 if over else 0)
        while day.weekday() > FRIDAY:
            day += timedelta(days=1)
        return day

    def moment(self, day: date, wall: time) -> datetime:
        """When the clock on the wall shows this time on this day."""
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def hour(self, number: int) -> LessonHour | None:
        """The lesson hour with this number, if the school has it."""
        return next((hour for hour in self.hours if hour.number == number), None)

    def starts(self, day: date, number: int) -> datetime | None:
        """When a lesson hour begins on a day; ``None`` if the school has no such hour."""
        hour = self.hour(number)
        return None if hour is None else self.moment(day, hour.start)

    def ends(self, day: date, number: int) -> datetime | None:
        """When a lesson hour ends on a day; ``None`` if the school has no such hour."""
        hour = self.hour(number)
        return None if hour is None else self.moment(day, hour.end)

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing goes out now that can wait."""
        wall = at.astimezone(self.zone).time()
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= wall < self.quiet_until
        return wall >= self.quiet_from or wall < self.quiet_until

    def quiet_ends(self, at: datetime) -> datetime:
        """The first moment from ``at`` on that is not quiet."""
        if not self.is_quiet(at):
            return at
        today = self.today(at)
        ends = (self.moment(today + timedelta(days=n), self.quiet_until) for n in range(3))
        return next(end for end in ends if end > at)

    def in_lesson(self, at: datetime) -> bool:
        """Whether a lesson is going on, so that a telephone had better not sound."""
        day = self.today(at)
        return any(
            self.moment(day, hour.start) <= at < self.moment(day, hour.end) for hour in self.hours
        )
