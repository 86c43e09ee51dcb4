"""When an announcement goes out: at once, at a time, or after the quiet hours.

Urgency follows from the minutes to the lesson; whoever raises it gives a reason, which is kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.announcements.fields import Fields
from bot.policy.announcements.timetable import Timetable

URGENT_WITHIN = timedelta(minutes=90)
"""Before the lesson begins: who is on his way already must hear it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """``due_at``: when it goes. ``urgent``: ahead of everything else that waits. ``silent``:
    telephones do not sound. ``held_up``: it waits for the end of the quiet hours.
    """

    due_at: datetime
    urgent: bool
    silent: bool
    held_up: bool = False


def lesson_begins(fields: Fields, timetable: Timetable) -> datetime | None:
    """When the first lesson that changes begins, or the earlier one that it moves to."""
    if fields.day is None:
        return None
    moments = [timetable.starts(fields.day, hour) for hour in fields.hours[:1]]
    new_day = fields.new_day or fields.day
    moments += [timetable.starts(new_day, hour) for hour in fields.new_hours[:1]]
    return min((moment for moment in moments if moment is not None), default=None)


def is_over(fields: Fields, timetable: Timetable, at: datetime) -> bool:
    """Whether every lesson that changes has ended: nobody is helped by hearing of it now."""
    if fields.day is None or not fields.hours:
        return False
    last = timetable.ends(fields.day, fields.hours[-1])
    begins = lesson_begins(fields, timetable)
    return last is not None and last <= at and (begins is None or begins <= at)


def is_urgent(fields: Fields, timetable: Timetable, at: datetime) -> bool:
    """Whether the lesson is so near that nobody may hear of it late."""
    begins = lesson_begins(fields, timetable)
    if begins is None or is_over(fields, timetable, at):
        return False
    return begins - at <= URGENT_WITHIN


def timing_of(
    fields: Fields,
    timetable: Timetable,
    at: datetime,
    *,
    wished_at: datetime | None = None,
    raised: bool = False,
) -> Timing:
    """When it goes out, confirmed at ``at``.

    What is urgent at the moment of sending goes at that moment, also in quiet hours. The rest waits
    until they end, and makes no sound while a lesson is going on.
    """
    wished = max(at, wished_at or at)
    urgent = raised or is_urgent(fields, timetable, wished)
    due = wished if urgent else timetable.quiet_ends(wished)
    silent = not urgent and timetable.in_lesson(due)
    return Timing(due_at=due, urgent=urgent, silent=silent, held_up=due > wished)
