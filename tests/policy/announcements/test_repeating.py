"""When an author is asked whether to say it once more, and what a tap then does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
)
from bot.policy.announcements.fields import Fields, Kind
from bot.policy.announcements.repeating import AskFacts, judge_ask
from bot.policy.announcements.sending import SeenFacts, judge_seen
from bot.policy.announcements.timetable import LessonHour, Timetable
from bot.policy.changes import RecordSighting, RememberAskedAgain
from bot.policy.ids import ChatId, MessageId, PersonId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account, Person, Role

ANNA, CHAT, MESSAGE = UserId(5_000_000_001), ChatId(-1_001_111_111_111), MessageId(7)
TIMETABLE = Timetable(
    zone=ZoneInfo("Europe/Amsterdam"),
    hours=(LessonHour(number=3, start=time(10, 30), end=time(11, 20)),),
    quiet_from=time(21),
    quiet_until=time(7),
)
BEGINS = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
STAFF = Account(user=ANNA, person=Person(id=PersonId(1), role=Role.STAFF))
SENT = Delivery(
    chat=CHAT, state=DeliveryState.SENT, message=MESSAGE, sent_at=BEGINS - timedelta(hours=1)
)
ANNOUNCEMENT = Announcement(
    id=AnnouncementId(3),
    author=ANNA,
    state=AnnouncementState.SENT,
    fields=Fields(kind=Kind.CANCELLED, day=date(2026, 11, 23), hours=(3,), subject="wi"),
    deliveries=(SENT,),
)


def asked(limits=None, announcement=ANNOUNCEMENT, minutes=20.0, **facts) -> bool:
    given: dict[str, Any] = {"author": STAFF, "seen": 5, "members": 10} | facts
    decision = judge_ask(
        AskFacts(
            at=BEGINS - timedelta(minutes=minutes),
            announcement=announcement,
            timetable=TIMETABLE,
            **given,
        ),
        limits or Limits(),
    )
    return [type(change) for change in decision.changes] == [RememberAskedAgain]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, True, id="twenty minutes before"),
        pytest.param({"minutes": 20.1}, False, id="earlier"),
        pytest.param({"minutes": 0.1}, True, id="just before"),
        pytest.param({"minutes": 0}, False, id="when it begins"),
        pytest.param({"seen": 6}, False, id="the share itself"),
        pytest.param({"seen": 0, "members": 0}, False, id="nobody to see it"),
        pytest.param({"author": Account(user=ANNA)}, False, id="no staff any more"),
        pytest.param({"limits": Limits(ask_again_below_percent=0)}, False, id="never"),
        pytest.param(
            {"limits": Limits(ask_again_within=timedelta(minutes=45)), "minutes": 40},
            True,
            id="another time",
        ),
    ],
)
def test_question_when_the_lesson_is_near_and_few_have_seen_it(facts, expected):
    assert asked(**facts) is expected


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"asked_again": True}, id="asked already"),
        pytest.param({"repeats": AnnouncementId(2)}, id="a repetition"),
        pytest.param({"repeated_by": AnnouncementId(4)}, id="repeated already"),
        pytest.param({"state": AnnouncementState.WITHDRAWN}, id="withdrawn"),
        pytest.param({"state": AnnouncementState.SCHEDULED}, id="not sent yet"),
        pytest.param({"erased": True}, id="without its words"),
        pytest.param({"deliveries": (replace(SENT, state=DeliveryState.REPLACED),)}, id="replaced"),
        pytest.param(
            {"deliveries": (replace(SENT, sent_at=BEGINS - timedelta(minutes=22)),)},
            id="arrived a moment ago",
        ),
        pytest.param({"fields": replace(ANNOUNCEMENT.fields, day=date(2026, 11, 22))}, id="past"),
        pytest.param({"fields": Fields(kind=Kind.PRACTICAL, note="Boek mee")}, id="no lesson"),
    ],
)
def test_question_when_there_is_nothing_to_repeat_then_is_not_asked(changes):
    assert asked(announcement=replace(ANNOUNCEMENT, **changes)) is False


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        pytest.param(timedelta(days=7, seconds=-1), True, id="within the days"),
        pytest.param(timedelta(days=7), False, id="when it is no longer known who pressed"),
        pytest.param(timedelta(hours=-2), True, id="after the clock was set back"),
    ],
)
def test_press_when_it_is_still_known_who_pressed_then_counts(after, counts):
    facts = SeenFacts(
        at=BEGINS - timedelta(hours=1) + after,
        account=Account(user=ANNA),
        announcement=ANNOUNCEMENT,
        group=None,
        chat=CHAT,
        message=MESSAGE,
        classes=frozenset(),
        is_member=True,
    )

    changes = judge_seen(facts, Limits()).changes

    assert [type(change) for change in changes] == ([RecordSighting] if counts else [])
