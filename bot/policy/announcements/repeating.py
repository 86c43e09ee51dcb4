"""Saying an announcement once more: asked when few have seen it, and never by itself.

The repetition is an announcement of its own, in the same groups, that answers the first; what is
corrected or taken back of one is so of both.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.policy.announcements import drafting, sending
from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
)
from bot.policy.announcements.reaching import open_to
from bot.policy.announcements.timetable import Timetable
from bot.policy.announcements.timing import is_over, lesson_begins, timing_of
from bot.policy.changes import KeepAnnouncement, RememberAskedAgain
from bot.policy.decision import Decision
from bot.policy.effects import Page, SendPage
from bot.policy.events import AnnouncementRepeatAsked, AnnouncementRepeated
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import refuse
from bot.policy.people import Account
from bot.policy.rules import Rule

READ_WITHIN = timedelta(minutes=5)
"""Whoever got it a moment ago has not had the time to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """The lesson is near. ``seen`` of the ``members`` of its groups have pressed "Gezien"."""

    at: datetime
    announcement: Announcement
    author: Account
    timetable: Timetable
    seen: int
    members: int


def judge_ask(facts: AskFacts, limits: Limits) -> Decision:
    """Ask its author once whether to repeat what few have seen."""
    announcement = facts.announcement
    if not facts.author.is_staff or not is_near(announcement, facts.timetable, facts.at, limits):
        return Decision(rule=Rule.BOOKKEEPING)
    if facts.seen * 100 >= facts.members * limits.ask_again_below_percent:
        return Decision(rule=Rule.BOOKKEEPING)
    asked = AnnouncementRepeatAsked(
        user=announcement.author,
        announcement=announcement.id,
        seen=facts.seen,
        members=facts.members,
    )
    page = SendPage(
        user=announcement.author,
        page=Page.ASK_AGAIN,
        language=language_of(facts.author.language),
        argument=str(announcement.id),
    )
    return Decision(
        rule=Rule.ANNOUNCEMENT_REPEAT_ASKED,
        events=(asked,),
        changes=(RememberAskedAgain(announcement=announcement.id),),
        effects=(page,),
    )


def is_near(announcement: Announcement, timetable: Timetable, at: datetime, limits: Limits) -> bool:
    """Whether its lesson begins so soon that its author is asked now, if ever."""
    begins = lesson_begins(announcement.fields, timetable)
    if begins is None or not at < begins <= at + limits.ask_again_within:
        return False
    arrived = [each.sent_at for each in _standing(announcement) if each.sent_at is not None]
    in_time = bool(arrived) and max(arrived) <= at - READ_WITHIN
    return in_time and can_repeat(announcement) and not announcement.asked_again


def can_repeat(announcement: Announcement) -> bool:
    """Whether it stands in groups and has not been repeated; a repetition is not repeated."""
    again = announcement.repeats is not None or announcement.repeated_by is not None
    gone_out = announcement.state in sending.GONE_OUT and not announcement.erased
    return gone_out and not again and bool(_standing(announcement))


def _standing(announcement: Announcement) -> list[Delivery]:
    return [each for each in announcement.deliveries if each.state is DeliveryState.SENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatFacts:
    """The author's button; ``number``: what the repetition will be called."""

    at: datetime
    act: sending.ActFacts
    number: AnnouncementId


def judge_repeat(facts: RepeatFacts, limits: Limits) -> Decision:
    """Say it once more where it stands; a second tap shows what came of the first."""
    act, first = facts.act, facts.act.announcement
    if first is None or not sending.is_authors(first, act.asker):
        return refuse(act.asker, drafting.COMMAND, facts.at, limits)
    if first.repeated_by is not None:
        again = replace(first, id=first.repeated_by)
        return sending.page_of(Page.ANNOUNCEMENT, again, act.asker, act.replaces)
    if is_over(first.fields, act.timetable, facts.at):
        return sending.said(act.asker, "announcement-lesson-over")
    if act.stopped_by:
        # Somebody of whom it speaks has come to school since: what stands there is corrected.
        return sending.said(act.asker, "announcement-not-repeated")
    may = {reach.chat for reach in open_to(act.asker.account, act.reaches)}
    again_in = [each.chat for each in _standing(first) if each.chat in may]
    if not can_repeat(first) or not again_in:
        return sending.shown(first, act)
    return _repeated(
        facts, first, [Delivery(chat=c, state=DeliveryState.PENDING) for c in again_in]
    )


def _repeated(facts: RepeatFacts, first: Announcement, again_in: list[Delivery]) -> Decision:
    raised = bool(first.raised_because)
    timing = timing_of(first.fields, facts.act.timetable, facts.at, raised=raised)
    now = timing.due_at <= facts.at
    repetition = Announcement(
        id=facts.number,
        author=first.author,
        state=AnnouncementState.SENDING if now else AnnouncementState.SCHEDULED,
        fields=first.fields,
        raised_because=first.raised_because,
        urgent=timing.urgent,
        repeats=first.id,
        wished_at=timing.due_at,
        deliveries=tuple(again_in),
    )
    event = AnnouncementRepeated(
        user=first.author, announcement=first.id, by=repetition.id, groups=len(again_in)
    )
    return Decision(
        rule=Rule.ANNOUNCEMENT_CONFIRMED,
        events=(event,),
        changes=(KeepAnnouncement(announcement=repetition),),
        effects=(
            *(sending.sends(repetition, timing) if now else ()),
            *sending.shown(repetition, facts.act).effects,
        ),
    )
