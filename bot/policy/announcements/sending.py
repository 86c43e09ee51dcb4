"""Confirming an announcement, sending it when it is due, taking it back, and who has seen it.

Nothing goes out before its author has confirmed exactly the text that he saw; a second tap, or the
button under an older text, sends nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.announcements import drafting
from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
    Reach,
)
from bot.policy.announcements.fields import missing
from bot.policy.announcements.reaching import fingerprint, open_to, without_group
from bot.policy.announcements.timetable import Timetable
from bot.policy.announcements.timing import Timing, is_over, timing_of
from bot.policy.changes import (
    KeepAnnouncement,
    RecordSighting,
    SetAnnouncementState,
    SetDelivery,
)
from bot.policy.decision import Decision
from bot.policy.effects import (
    DeleteMessages,
    EditAnnouncement,
    Effect,
    Page,
    SendAnnouncement,
    SendPrivateNotice,
    SendUrgentAnnouncement,
)
from bot.policy.events import (
    AnnouncementConfirmed,
    AnnouncementCorrected,
    AnnouncementResent,
    AnnouncementStopped,
    AnnouncementWithdrawn,
)
from bot.policy.groups import Group
from bot.policy.ids import ChatId, MessageId
from bot.policy.limits import Limits
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account, Role
from bot.policy.rules import Rule

ON_ITS_WAY = frozenset({AnnouncementState.SCHEDULED, AnnouncementState.SENDING})
UNCERTAIN = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})
GONE_OUT = frozenset({AnnouncementState.SENDING, AnnouncementState.SENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFacts:
    """A button of the author under his announcement. ``revision``: of the text it was under.

    ``shown_groups``: the fingerprint of the groups that stood above the button.
    ``stopped_by``: the kinds of what the check found in the text as it is now. ``replaced``: the
    announcement that this one corrects. ``twins``: those that say the same as this one, or as the
    one that it corrects; they share its end.
    """

    at: datetime
    asker: Asker
    announcement: Announcement | None
    revision: int
    reaches: tuple[Reach, ...]
    timetable: Timetable
    shown_groups: str = ""
    stopped_by: tuple[str, ...] = ()
    replaced: Announcement | None = None
    twins: tuple[Announcement, ...] = ()
    replaces: MessageId | None = None


def judge_send(facts: ActFacts, limits: Limits) -> Decision:
    """The author confirms."""
    announcement = facts.announcement
    if announcement is None or not is_authors(announcement, facts.asker):
        return refuse(facts.asker, drafting.COMMAND, facts.at, limits)
    ready = (
        announcement.state is AnnouncementState.DRAFT
        and announcement.revision == facts.revision
        and not missing(announcement.fields)
    )
    if not ready:
        return shown(announcement, facts)
    if facts.stopped_by:
        return _stopped(announcement, facts)
    if is_over(announcement.fields, facts.timetable, facts.at):
        return said(facts.asker, "announcement-lesson-over")
    reached = reached_by(announcement, open_to(facts.asker.account, facts.reaches))
    gone = without_group(reached, announcement.fields.class_groups)
    if gone or facts.shown_groups != fingerprint(reach.chat for reach in reached):
        # Groups were lost or suspended meanwhile: the page says which are left.
        return shown(announcement, facts)
    return confirmed(announcement, facts)


def reached_by(announcement: Announcement, reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """Of the groups that can be announced in, those that were chosen."""
    chosen = frozenset(announcement.chosen)
    return tuple(reach for reach in reaches if reach.chat in chosen)


def is_authors(announcement: Announcement, asker: Asker) -> bool:
    """Whether whoever asks wrote it, and is still staff."""
    return announcement.author == asker.account.user and asker.account.is_staff


def _stopped(announcement: Announcement, facts: ActFacts) -> Decision:
    stopped = AnnouncementStopped(
        user=announcement.author, announcement=announcement.id, findings=facts.stopped_by
    )
    page = shown(announcement, facts)
    return replace(page, rule=Rule.ANNOUNCEMENT_STOPPED, events=(stopped,))


def confirmed(announcement: Announcement, facts: ActFacts) -> Decision:
    """It goes out, now or when it may, to the groups in which its author may announce."""
    may = {reach.chat for reach in open_to(facts.asker.account, facts.reaches)}
    chats = [chat for chat in announcement.chosen if chat in may]
    if not chats:
        return said(facts.asker, "announcement-no-group")
    timing = timing_of(
        announcement.fields,
        facts.timetable,
        facts.at,
        wished_at=announcement.wished_at,
        raised=bool(announcement.raised_because),
    )
    now = timing.due_at <= facts.at
    agreed = replace(
        announcement,
        state=AnnouncementState.SENDING if now else AnnouncementState.SCHEDULED,
        awaiting=None,
        urgent=timing.urgent,
        wished_at=timing.due_at,
        deliveries=tuple(Delivery(chat=chat, state=DeliveryState.PENDING) for chat in chats),
    )
    event = AnnouncementConfirmed(
        user=announcement.author,
        announcement=announcement.id,
        kind=_kind(announcement),
        groups=len(chats),
        urgent=timing.urgent,
        raised=bool(announcement.raised_because),
        scheduled=not now,
    )
    corrected = _corrected(facts.replaced, facts.twins, agreed)
    return Decision(
        rule=Rule.ANNOUNCEMENT_CONFIRMED,
        events=(event, *corrected.events),
        changes=(KeepAnnouncement(announcement=agreed), *corrected.changes),
        effects=(
            *(sends(agreed, timing) if now else ()),
            *corrected.effects,
            *shown(agreed, facts).effects,
        ),
    )


def _kind(announcement: Announcement) -> str:
    return "" if announcement.fields.kind is None else announcement.fields.kind.value


def sends(announcement: Announcement, timing: Timing) -> tuple[Effect, ...]:
    """One for each group that it waits for."""
    kind = SendUrgentAnnouncement if timing.urgent else SendAnnouncement
    return tuple(
        kind(chat=each.chat, announcement=announcement.id, silent=timing.silent)
        for each in announcement.deliveries
        if each.state is DeliveryState.PENDING
    )


# --- what corrects another one -----------------------------------------------------------------


def _corrected(
    old: Announcement | None, twins: tuple[Announcement, ...], new: Announcement
) -> Decision:
    """The old one is marked as replaced where it stands, and not sent where it still waits.

    So is whatever says the same.
    """
    if old is None:
        return Decision(rule=Rule.ANNOUNCEMENT_CONFIRMED)
    event = AnnouncementCorrected(user=new.author, announcement=old.id, by=new.id)
    return Decision(
        rule=Rule.ANNOUNCEMENT_CONFIRMED,
        events=(event,),
        changes=tuple(
            SetDelivery(announcement=one.id, chat=each.chat, state=DeliveryState.REPLACED)
            for one in (old, *twins)
            for each in one.deliveries
        ),
        effects=tuple(
            EditAnnouncement(chat=each.chat, announcement=one.id, message=each.message)
            for one in (old, *twins)
            for each in one.deliveries
            if each.message is not None
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFacts:
    """The author wants to correct what has gone out; ``number``: what the correction is called."""

    at: datetime
    asker: Asker
    announcement: Announcement | None
    number: AnnouncementId


def judge_correct(facts: CorrectFacts, limits: Limits) -> Decision:
    """Begin a draft with the same words, for exactly the same groups."""
    old = facts.announcement
    if old is None or not is_authors(old, facts.asker):
        return refuse(facts.asker, drafting.COMMAND, facts.at, limits)
    if old.state not in GONE_OUT or old.erased:
        return page_of(Page.ANNOUNCEMENT, old, facts.asker, None)
    correction = Announcement(
        id=facts.number,
        author=old.author,
        state=AnnouncementState.DRAFT,
        fields=old.fields,
        replaces=old.id,
        deliveries=tuple(
            Delivery(chat=each.chat, state=DeliveryState.CHOSEN) for each in old.deliveries
        ),
    )
    page = page_of(Page.ANNOUNCEMENT, correction, facts.asker, None)
    return replace(page, changes=(KeepAnnouncement(announcement=correction),))


# --- taking it back ----------------------------------------------------------------------------


def judge_withdraw(facts: ActFacts, limits: Limits) -> Decision:
    """Take an announcement back: what waits is not sent, what stands is removed or marked."""
    announcement = facts.announcement
    if announcement is None or not is_authors(announcement, facts.asker):
        return refuse(facts.asker, drafting.COMMAND, facts.at, limits)
    if announcement.state not in ON_ITS_WAY | GONE_OUT or announcement.erased:
        return shown(announcement, facts)
    same = [each for each in facts.twins if each.state in ON_ITS_WAY | GONE_OUT]
    withdrawn = [replace(each, state=AnnouncementState.WITHDRAWN) for each in (announcement, *same)]
    event = AnnouncementWithdrawn(
        user=announcement.author, announcement=announcement.id, groups=len(announcement.deliveries)
    )
    return Decision(
        rule=Rule.ANNOUNCEMENT_WITHDRAWN,
        events=(event,),
        changes=(
            *(KeepAnnouncement(announcement=each) for each in withdrawn),
            *(
                SetDelivery(announcement=one.id, chat=each.chat, state=DeliveryState.WITHDRAWN)
                for one in withdrawn
                for each in one.deliveries
            ),
        ),
        effects=(
            *(
                effect
                for one in withdrawn
                for effect in taken_back(one, one.deliveries, facts.at, limits)
            ),
            *shown(withdrawn[0], facts).effects,
        ),
    )


def taken_back(
    announcement: Announcement, deliveries: Iterable[Delivery], at: datetime, limits: Limits
) -> tuple[Effect, ...]:
    """Remove what stands in groups; what Telegram no longer removes says that it was withdrawn."""
    effects: list[Effect] = []
    for each in deliveries:
        if each.message is None:
            continue
        fresh = each.sent_at is not None and at - each.sent_at < limits.removable_for
        if fresh:
            effects.append(DeleteMessages(chat=each.chat, messages=(each.message,)))
        else:
            effects.append(
                EditAnnouncement(chat=each.chat, announcement=announcement.id, message=each.message)
            )
    return tuple(effects)


def judge_resend(facts: ActFacts, limits: Limits) -> Decision:
    """Send it once more where it failed, or where nobody can say whether it arrived."""
    announcement = facts.announcement
    if announcement is None or not is_authors(announcement, facts.asker):
        return refuse(facts.asker, drafting.COMMAND, facts.at, limits)
    again = [each for each in announcement.deliveries if each.state in UNCERTAIN]
    may = {reach.chat for reach in open_to(facts.asker.account, facts.reaches)}
    again = [each for each in again if each.chat in may]
    if announcement.state not in GONE_OUT or announcement.erased or not again:
        return shown(announcement, facts)
    event = AnnouncementResent(
        user=announcement.author, announcement=announcement.id, groups=len(again)
    )
    resent = replace(
        announcement,
        state=AnnouncementState.SENDING,
        deliveries=tuple(replace(each, state=DeliveryState.PENDING) for each in again),
    )
    timing = timing_of(announcement.fields, facts.timetable, facts.at, raised=True)
    return Decision(
        rule=Rule.ANNOUNCEMENT_CONFIRMED,
        events=(event,),
        changes=(
            SetAnnouncementState(announcement=announcement.id, state=resent.state),
            *(
                SetDelivery(
                    announcement=announcement.id,
                    chat=each.chat,
                    state=DeliveryState.PENDING,
                    repeated=each.state is DeliveryState.UNKNOWN,
                )
                for each in again
            ),
        ),
        effects=(*sends(resent, timing), *shown(announcement, facts).effects),
    )


# --- when it is due ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFacts:
    """The moment has come. ``author`` as we know him now; ``reaches``: what he may announce in."""

    at: datetime
    announcement: Announcement
    author: Account
    reaches: tuple[Reach, ...]
    timetable: Timetable


def judge_due(facts: DueFacts, _limits: Limits) -> Decision:
    """Send what was confirmed, to the groups in which its author may still announce."""
    announcement = facts.announcement
    if announcement.state is not AnnouncementState.SCHEDULED:
        return Decision(rule=Rule.BOOKKEEPING)
    may = {reach.chat for reach in open_to(facts.author, facts.reaches)}
    timing = timing_of(
        announcement.fields,
        facts.timetable,
        facts.at,
        raised=bool(announcement.raised_because),
    )
    sending = replace(
        announcement,
        state=AnnouncementState.SENDING,
        urgent=timing.urgent,
        deliveries=tuple(
            each if each.chat in may else replace(each, state=DeliveryState.FAILED)
            for each in announcement.deliveries
        ),
    )
    return Decision(
        rule=Rule.ANNOUNCEMENT_CONFIRMED,
        changes=(KeepAnnouncement(announcement=sending),),
        effects=sends(sending, timing),
    )


# --- seen --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFacts:
    """Somebody pressed "Gezien". ``classes``: the class groups that concern him.

    ``is_member``: Telegram told us that he is in the group.
    """

    at: datetime
    account: Account
    announcement: Announcement | None
    group: Group | None
    chat: ChatId | None
    message: MessageId | None
    classes: frozenset[str]
    is_member: bool


def judge_seen(facts: SeenFacts, limits: Limits) -> Decision:
    """Count it once, for whoever belongs in the group; any other press counts for nothing.

    Nor does one that comes when it is no longer known who pressed before.
    """
    announcement, chat = facts.announcement, facts.chat
    if announcement is None or chat is None or not _stands(announcement, facts, limits):
        return Decision(rule=Rule.BOOKKEEPING)
    if not (facts.is_member or _belongs(facts)):
        return Decision(rule=Rule.BOOKKEEPING)
    sighting = RecordSighting(announcement=announcement.id, chat=chat, user=facts.account.user)
    return Decision(rule=Rule.ANNOUNCEMENT_SEEN, changes=(sighting,))


def _stands(announcement: Announcement, facts: SeenFacts, limits: Limits) -> bool:
    return not announcement.erased and any(
        each.chat == facts.chat
        and each.message is not None
        and each.message == facts.message
        and (each.sent_at is None or facts.at - each.sent_at < limits.seen_retention)
        for each in announcement.deliveries
    )


def _belongs(facts: SeenFacts) -> bool:
    person = facts.account.person
    if person is None or not person.active:
        return False
    if person.role is Role.STAFF:
        return facts.group is not None and facts.group.seat_of(facts.account.user) is not None
    return facts.group is not None and bool(facts.classes & facts.group.class_groups)


# --- shared ------------------------------------------------------------------------------------


def said(asker: Asker, key: str) -> Decision:
    """Only a word in private."""
    notice = SendPrivateNotice(user=asker.account.user, key=key, language=asker.language)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(notice,))


def shown(announcement: Announcement, facts: ActFacts) -> Decision:
    """The announcement's own page, as it is now."""
    return page_of(Page.ANNOUNCEMENT, announcement, facts.asker, facts.replaces)


def page_of(
    page: Page, announcement: Announcement, asker: Asker, replaces: MessageId | None
) -> Decision:
    """A page about an announcement, for whoever asks."""
    effect = show(page, asker, argument=str(announcement.id), replaces=replaces)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(effect,))
