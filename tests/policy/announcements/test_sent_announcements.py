"""What follows the sending of an announcement, also when its author was faster than Telegram."""

from datetime import UTC, datetime

import pytest

from bot.policy.announcements.draft import DeliveryState
from bot.policy.announcements.outcomes import SentFacts, judge
from bot.policy.effects import DeleteMessages, EditAnnouncement, SendAnnouncement
from bot.policy.events import AnnouncementDelivered, EffectFailed
from bot.policy.ids import ChatId, MessageId

CHAT, MESSAGE = ChatId(-1_001_111_111_111), MessageId(7)
EFFECT = SendAnnouncement(chat=CHAT, announcement=3)
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def judged(**facts):
    return judge(SentFacts(at=AT, effect=EFFECT, **facts))


def states(decision):
    return [(change.state, change.message, change.error) for change in decision.changes]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"delivery": DeliveryState.PENDING, "message": MESSAGE},
            [(DeliveryState.SENT, MESSAGE, None)],
            id="sent",
        ),
        pytest.param(
            {"delivery": DeliveryState.PENDING, "reason": "not-a-member"},
            [(DeliveryState.FAILED, None, "not-a-member")],
            id="refused",
        ),
        pytest.param(
            {"delivery": DeliveryState.PENDING, "reason": "timed-out", "unknown": True},
            [(DeliveryState.UNKNOWN, None, "timed-out")],
            id="lost",
        ),
        pytest.param(
            {"delivery": DeliveryState.PENDING, "withheld": True},
            [(DeliveryState.WITHHELD, None, None)],
            id="trial",
        ),
        pytest.param(
            {"delivery": DeliveryState.REPLACED, "message": MESSAGE},
            [(DeliveryState.REPLACED, MESSAGE, None)],
            id="replaced while it was on its way",
        ),
        pytest.param(
            {"delivery": DeliveryState.WITHDRAWN, "message": MESSAGE}, [], id="withdrawn meanwhile"
        ),
        pytest.param({"delivery": DeliveryState.WITHDRAWN}, [], id="withdrawn before its turn"),
        pytest.param(
            {"delivery": DeliveryState.WITHDRAWN, "reason": "not-a-member"},
            [],
            id="withdrawn and refused",
        ),
        pytest.param({"delivery": None, "message": MESSAGE}, [], id="of no announcement"),
    ],
)
def test_announcement_when_answered_then_its_delivery_says_how_far_it_came(facts, expected):
    assert states(judged(**facts)) == expected


def test_announcement_when_sent_then_it_is_written_down_once():
    decision = judged(delivery=DeliveryState.PENDING, message=MESSAGE)

    assert decision.events == (AnnouncementDelivered(chat=CHAT, announcement=3),)
    assert decision.effects == ()


def test_announcement_when_withdrawn_while_on_its_way_then_is_removed():
    decision = judged(delivery=DeliveryState.WITHDRAWN, message=MESSAGE)

    assert decision.effects == (DeleteMessages(chat=CHAT, messages=(MESSAGE,)),)


def test_announcement_when_replaced_while_on_its_way_then_is_marked():
    decision = judged(delivery=DeliveryState.REPLACED, message=MESSAGE)

    edit = EditAnnouncement(chat=CHAT, announcement=3, message=MESSAGE)
    assert decision.effects == (edit,)


@pytest.mark.parametrize("unknown", [True, False])
def test_announcement_when_it_fails_then_people_are_told(unknown):
    decision = judged(delivery=DeliveryState.PENDING, reason="timed-out", unknown=unknown)

    (failed,) = decision.events
    assert isinstance(failed, EffectFailed)
    assert (failed.chat, failed.unknown) == (CHAT, unknown)
