"""The story of one school day, in the order in which it is played."""

from typing import Final

from bot.demo.story import (
    administering,
    announcing,
    contact,
    groups,
    joining,
    leaving,
    lock,
    people,
)
from bot.demo.telling import Step

STORY: Final[tuple[Step, ...]] = (
    people.first_code,
    people.roster,
    people.linking,
    people.foreign_code,
    lock.adopting,
    joining.class_chosen,
    lock.cannot_write,
    joining.at_once,
    joining.link_first,
    joining.other_class,
    lock.booster,
    lock.mended,
    announcing.sent,
    announcing.seen,
    announcing.stopped,
    announcing.corrected,
    lock.opened_by_hand,
    lock.as_channel,
    lock.edited,
    lock.replied,
    groups.students_group,
    groups.staff_in_students_group,
    administering.new_roster,
    administering.codes_on_paper,
    contact.asked_for_staff,
    groups.stranger,
    groups.by_button,
    groups.handed_over,
    contact.flooded,
    contact.answer_lost,
    leaving.my_data,
    leaving.stops,
)
