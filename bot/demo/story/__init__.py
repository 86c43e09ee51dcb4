"""The story of one school day, in the order in which it is played."""

from typing import Final

from bot.demo.story import contact, groups, lock, people
from bot.demo.telling import Step

STORY: Final[tuple[Step, ...]] = (
    people.first_code,
    people.roster,
    people.linking,
    people.foreign_code,
    lock.adopting,
    lock.cannot_write,
    lock.joining,
    lock.booster,
    lock.mended,
    lock.opened_by_hand,
    lock.as_channel,
    lock.edited,
    lock.replied,
    groups.students_group,
    groups.staff_in_students_group,
    contact.asked_for_staff,
    groups.stranger,
    groups.by_button,
    groups.handed_over,
    contact.flooded,
    contact.answer_lost,
)
