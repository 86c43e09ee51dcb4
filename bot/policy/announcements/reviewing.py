"""A second person looks at a text that the check stopped ("Twijfel"), and lets it go or returns it.

Never the author: who wrote it, and who would like it to go out, is one person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.announcements import drafting, sending
from bot.policy.announcements.draft import Announcement, AnnouncementState
from bot.policy.changes import KeepAnnouncement
from bot.policy.decision import Decision
from bot.policy.effects import Effect, Page, SendPage, SendPrivateNotice
from bot.policy.events import AnnouncementDoubted, AnnouncementReviewed
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import refuse
from bot.policy.people import Account, Duty
from bot.policy.rules import Rule

REASONS = ("personal", "privately", "needless")
"""Why a text is returned; each has a text ``returned-<reason>``."""


def reviewers_of(announcement: Announcement, coordinators: Iterable[Account]) -> list[Account]:
    """Who may look at it: every coordinator but its author."""
    return [each for each in coordinators if each.user != announcement.author]


def judge_doubt(
    facts: sending.ActFacts, coordinators: Iterable[Account], limits: Limits
) -> Decision:
    """The author hands a stopped text to a second person."""
    announcement = facts.announcement
    if announcement is None or not sending.is_authors(announcement, facts.asker):
        return refuse(facts.asker, drafting.COMMAND, facts.at, limits)
    current = announcement.revision == facts.revision and facts.stopped_by
    if announcement.state is not AnnouncementState.DRAFT or not current:
        return sending.shown(announcement, facts)
    reviewers = reviewers_of(announcement, coordinators)
    if not reviewers:
        return sending.said(facts.asker, "announcement-no-reviewer")
    doubted = replace(
        announcement,
        state=AnnouncementState.DOUBTED,
        awaiting=None,
        revision=announcement.revision + 1,
    )
    event = AnnouncementDoubted(
        user=announcement.author, announcement=announcement.id, findings=facts.stopped_by
    )
    asked: tuple[Effect, ...] = tuple(
        SendPage(
            user=each.user,
            page=Page.REVIEW,
            language=language_of(each.language),
            argument=str(announcement.id),
        )
        for each in reviewers
    )
    return Decision(
        rule=Rule.ANNOUNCEMENT_DOUBTED,
        events=(event,),
        changes=(KeepAnnouncement(announcement=doubted),),
        effects=(*asked, *sending.shown(doubted, facts).effects),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """A coordinator's button: ``verdict`` is ``yes`` or a reason, whatever the button says.

    ``author`` as we know him now; ``act`` is the announcement as its author would send it.
    """

    at: datetime
    act: sending.ActFacts
    author: Account
    verdict: str


def judge_review(facts: ReviewFacts, limits: Limits) -> Decision:
    """Let it go out as it stands, or give it back with a reason."""
    asker, announcement = facts.act.asker, facts.act.announcement
    is_reviewer = Duty.COORDINATOR in asker.account.duties
    if announcement is None or not is_reviewer or announcement.author == asker.account.user:
        return refuse(asker, Page.REVIEW.value, facts.at, limits)
    waits = announcement.state is AnnouncementState.DOUBTED
    if not waits or announcement.revision != facts.act.revision:
        # Somebody else was faster; the page says what came of it.
        return sending.page_of(Page.REVIEW, announcement, asker, facts.act.replaces)
    if facts.verdict == "yes":
        return _approved(facts, announcement)
    return _returned(facts, announcement)


def _approved(facts: ReviewFacts, announcement: Announcement) -> Decision:
    asker = facts.act.asker
    authors = replace(facts.act, asker=replace(asker, account=facts.author), replaces=None)
    confirmed = sending.confirmed(announcement, authors)
    event = AnnouncementReviewed(
        user=asker.account.user, announcement=announcement.id, approved=True, reason=""
    )
    again = sending.page_of(Page.REVIEW, announcement, asker, facts.act.replaces)
    return replace(
        confirmed,
        events=(event, *confirmed.events),
        effects=(*confirmed.effects, *again.effects),
    )


def _returned(facts: ReviewFacts, announcement: Announcement) -> Decision:
    asker = facts.act.asker
    reason = facts.verdict if facts.verdict in REASONS else REASONS[0]
    event = AnnouncementReviewed(
        user=asker.account.user, announcement=announcement.id, approved=False, reason=reason
    )
    returned = replace(
        announcement, state=AnnouncementState.DRAFT, revision=announcement.revision + 1
    )
    language = language_of(facts.author.language)
    told = SendPrivateNotice(user=announcement.author, key=f"returned-{reason}", language=language)
    draft = SendPage(
        user=announcement.author,
        page=Page.ANNOUNCEMENT,
        language=language,
        argument=str(announcement.id),
    )
    again = sending.page_of(Page.REVIEW, returned, asker, facts.act.replaces)
    return Decision(
        rule=Rule.ANNOUNCEMENT_DOUBTED,
        events=(event,),
        changes=(KeepAnnouncement(announcement=returned),),
        effects=(told, draft, *again.effects),
    )
