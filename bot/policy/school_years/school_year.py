"""A new school year: links of leavers end, their groups are offered, owners confirm theirs.

Everything is shown first (``year_plan``), and what is done is exactly what was shown. Owners who do
not confirm have their group suspended by the look (``group_look``), which alone never makes the bot
leave. Never here: who left, which the roster says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.changes import (
    AwaitReconfirmation,
    BeginSchoolYear,
    Change,
    DropClassGroups,
    OfferGroup,
    ReconfirmGroup,
    RememberReconfirmationAsked,
    UnlinkAccount,
)
from bot.policy.decision import Decision
from bot.policy.effects import (
    Effect,
    InspectGroup,
    Keyboard,
    Page,
    SendPage,
    SendPrivateNotice,
    SetCommandMenu,
)
from bot.policy.events import (
    AccountUnlinked,
    Event,
    GroupLeftBehind,
    GroupReconfirmed,
    ReconfirmationAsked,
    SchoolYearBegun,
    SchoolYearBegunByOperator,
)
from bot.policy.groups import Group
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account, Duty, UnlinkReason
from bot.policy.rules import Rule
from bot.policy.school_years.year_plan import Link, Outlook, YearPlan, plan_year

YES = "yes"
SURE = "sure"
DONE = "done"
CHANGED = "changed"
"""What the page of a school year is told: agreed to once, twice; done; no longer what was shown."""

REMINDED_BEFORE = timedelta(days=7)
"""How long before the date an owner who has not confirmed hears of it once more."""


# --- beginning ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFacts:
    """An administrator agrees, for the first time or for the second, to the plan with a digest."""

    at: datetime
    asker: Asker
    step: str
    digest: str
    outlook: Outlook
    replaces: MessageId | None


def judge_begin(facts: BeginFacts, limits: Limits) -> Decision:
    """Begin the school year, if what was shown is still what would be done."""
    asker = facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if Duty.ADMINISTRATOR not in asker.account.duties:
        return refuse(asker, Page.SCHOOL_YEAR.value, facts.at, limits)
    plan = plan_year(facts.outlook, facts.at)
    if plan.digest != facts.digest or plan.changes_nothing:
        return _shown(facts, CHANGED)
    if plan.losses and facts.step != SURE:
        return _shown(facts, SURE)
    begun = begin(plan, asker.account.user, facts.at + limits.reconfirm_within)
    return Decision(
        rule=begun.rule,
        events=begun.events,
        changes=begun.changes,
        effects=(
            show(Page.SCHOOL_YEAR, asker, argument=DONE, replaces=facts.replaces),
            *begun.effects,
        ),
    )


def _shown(facts: BeginFacts, argument: str) -> Decision:
    again = show(Page.SCHOOL_YEAR, facts.asker, argument=argument, replaces=facts.replaces)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(again,))


def begin(plan: YearPlan, by: UserId | None, confirm_before: datetime) -> Decision:
    """Do what the plan says. ``by``: the administrator; ``None`` for the command line.

    Leavers hear that their link has ended; owners are asked by the clock (``judge_asking``).
    """
    return Decision(
        rule=Rule.SCHOOL_YEAR_BEGUN,
        events=(_begun(plan, by, confirm_before), *_events(plan)),
        changes=_changes(plan, by, confirm_before),
        effects=tuple(effect for link in plan.links for effect in _farewell(link)),
    )


def _farewell(link: Link) -> tuple[Effect, ...]:
    language = language_of(link.language)
    told = SendPrivateNotice(user=link.user, key="link-ended-school", language=language)
    return (told, SetCommandMenu(user=link.user))


def _begun(plan: YearPlan, by: UserId | None, confirm_before: datetime) -> Event:
    leavers, links, offered = len(plan.leavers), len(plan.links), len(plan.offers)
    groups = len(plan.reconfirm)
    if by is None:
        return SchoolYearBegunByOperator(
            leavers=leavers,
            links=links,
            offered=offered,
            groups=groups,
            confirm_before=confirm_before,
        )
    return SchoolYearBegun(
        user=by,
        leavers=leavers,
        links=links,
        offered=offered,
        groups=groups,
        confirm_before=confirm_before,
    )


def _events(plan: YearPlan) -> tuple[Event, ...]:
    unlinked = (
        AccountUnlinked(user=link.user, person=link.person, why=UnlinkReason.LEFT_SCHOOL)
        for link in plan.links
    )
    left_behind = (
        GroupLeftBehind(chat=offer.chat, user=offer.owner, to=offer.colleague)
        for offer in plan.offers
    )
    return (*unlinked, *left_behind)


def _changes(plan: YearPlan, by: UserId | None, confirm_before: datetime) -> tuple[Change, ...]:
    awaited = sorted({*plan.reconfirm, *(offer.chat for offer in plan.offers)})
    return (
        BeginSchoolYear(
            by=by,
            confirm_before=confirm_before,
            groups=len(plan.reconfirm),
            leavers=len(plan.leavers),
        ),
        *(UnlinkAccount(user=link.user, why=UnlinkReason.LEFT_SCHOOL) for link in plan.links),
        *(
            OfferGroup(chat=offer.chat, to=offer.colleague, by=offer.owner)
            for offer in plan.offers
            if offer.colleague is not None
        ),
        *(AwaitReconfirmation(chat=chat, before=confirm_before) for chat in awaited),
        *(
            DropClassGroups(chat=ending.chat, class_groups=ending.class_groups)
            for ending in plan.endings
        ),
    )


# --- asking the owners -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGroup:
    """A group to be confirmed. ``offered_to``: the colleague who is to take it over."""

    group: Group
    owner: Account | None
    offered_to: Account | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingFacts:
    """Groups of which nobody was asked, or reminded, so far. ``coordinators``: staff, linked."""

    at: datetime
    groups: tuple[AskedGroup, ...]
    coordinators: tuple[Account, ...]


def is_due(before: datetime, asked_at: datetime | None, at: datetime) -> bool:
    """Whether somebody has to hear of a group that is to be confirmed ``before`` a moment."""
    reminder = before - REMINDED_BEFORE
    return asked_at is None or asked_at < reminder <= at


def judge_asking(facts: AskingFacts, _limits: Limits) -> Decision:
    """Ask each owner whether the group goes on; of a leaver's group, the colleague or people."""
    events: list[Event] = []
    changes: list[Change] = []
    effects: list[Effect] = []
    for asked in facts.groups:
        group, before = asked.group, asked.group.reconfirm_before
        due = before is not None and is_due(before, group.reconfirm_asked_at, facts.at)
        if before is None or not due or group.state not in OURS:
            continue
        changes.append(RememberReconfirmationAsked(chat=group.chat))
        told = _told(asked, before, facts.coordinators)
        effects += told
        events += [
            ReconfirmationAsked(
                chat=group.chat,
                user=effect.user,
                reminder=group.reconfirm_asked_at is not None,
            )
            for effect in told
        ]
    rule = Rule.RECONFIRMATION_ASKED if effects else Rule.BOOKKEEPING
    return Decision(rule=rule, events=tuple(events), changes=tuple(changes), effects=tuple(effects))


def _told(
    asked: AskedGroup, before: datetime, coordinators: tuple[Account, ...]
) -> list[SendPrivateNotice | SendPage]:
    chat, until = asked.group.chat, before.isoformat()
    if asked.owner is not None and asked.owner.is_staff:
        return [_notice(asked.owner, "group-goes-on", chat, until, Keyboard.RECONFIRM)]
    if asked.offered_to is not None and asked.offered_to.is_staff:
        user, language = asked.offered_to.user, language_of(asked.offered_to.language)
        return [SendPage(user=user, page=Page.GROUP_OFFER, language=language, about=chat)]
    return [
        _notice(coordinator, "group-left-behind", chat, until, Keyboard.NONE)
        for coordinator in coordinators
        if Duty.COORDINATOR in coordinator.duties
    ]


def _notice(
    to: Account, key: str, chat: ChatId, until: str, keyboard: Keyboard
) -> SendPrivateNotice:
    return SendPrivateNotice(
        user=to.user,
        key=key,
        language=language_of(to.language),
        values={"until": until},
        keyboard=keyboard,
        about=chat,
    )


# --- confirming --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmFacts:
    """Somebody says that a group goes on. ``group``: if it is one that we know."""

    at: datetime
    asker: Asker
    group: Group | None


def judge_reconfirm(facts: ReconfirmFacts, limits: Limits) -> Decision:
    """The owner alone confirms; then he looks over the class groups that it is for."""
    asker, group = facts.asker, facts.group
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    owns = group is not None and group.owner == asker.account.user and group.state in OURS
    if group is None or not owns or not asker.account.is_staff:
        return refuse(asker, "reconfirm", facts.at, limits)
    classes = show(Page.GROUP_CLASSES, asker, about=group.chat)
    if group.reconfirm_before is None:
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(classes,))
    return Decision(
        rule=Rule.RECONFIRMED,
        events=(GroupReconfirmed(chat=group.chat, user=asker.account.user),),
        changes=(ReconfirmGroup(chat=group.chat),),
        effects=(classes, InspectGroup(chat=group.chat, why="reconfirmed")),
    )
