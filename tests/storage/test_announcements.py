"""What is kept of announcements when their group moves, and how long a counter may wait."""

from sqlalchemy import select

from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
)
from bot.policy.announcements.fields import Fields, Kind
from bot.policy.changes import KeepAnnouncement, MigrateGroup, SetDelivery
from bot.policy.decision import Decision
from bot.policy.effects import EditAnnouncement
from bot.policy.ids import ChatId, MessageId
from bot.policy.rules import Rule
from storage.announcements import read_posting
from storage.engine import reading
from storage.ledger import Unit
from storage.tables import deliveries, outbox
from tests.storage.conftest import ANNA, CHAT, Books

MOVED = ChatId(-1_001_999_999_999)
STANDS = MessageId(7)


async def record(books: Books, *changes, effects=()):
    decision = Decision(rule=Rule.BOOKKEEPING, changes=changes, effects=tuple(effects))
    await books.ledger.record(Unit(judge=lambda _known: decision))


async def announce(books: Books, number: AnnouncementId):
    """An announcement that stands in the group."""
    announcement = Announcement(
        id=number,
        author=ANNA,
        state=AnnouncementState.SENT,
        fields=Fields(kind=Kind.PRACTICAL, note="Boek mee"),
        deliveries=(Delivery(chat=CHAT, state=DeliveryState.PENDING),),
    )
    await record(
        books,
        KeepAnnouncement(announcement=announcement),
        SetDelivery(announcement=number, chat=CHAT, state=DeliveryState.SENT, message=STANDS),
    )


async def test_message_when_its_group_moved_then_is_not_looked_for_in_the_new_chat(books: Books):
    await books.know_group()
    await announce(books, AnnouncementId(1))

    await record(books, MigrateGroup(old=CHAT, new=MOVED))

    (row,) = await books.rows(select(deliveries))
    assert (row.state, row.message_id) == (DeliveryState.SENT, None)
    async with reading(books.engine) as connection:
        posting = await read_posting(connection, 1, MOVED)
    assert posting is not None
    assert posting.message is None


async def test_edits_when_they_are_of_several_messages_then_each_is_done(books: Books):
    edits = [
        EditAnnouncement(chat=CHAT, announcement=number, message=MessageId(number + 6))
        for number in (1, 2, 1)
    ]

    await books.know_group()
    await record(books, effects=edits)

    assert len(await books.rows(select(outbox))) == len({edit.message for edit in edits})
