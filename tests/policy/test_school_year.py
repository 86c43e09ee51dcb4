"""A new school year: what the plan says, who may begin it, whom the clock asks, who confirms."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.broadcast_groups.group_look import judge as judge_look
from bot.policy.changes import (
    AwaitReconfirmation,
    BeginSchoolYear,
    DropClassGroups,
    OfferGroup,
    ReconfirmGroup,
    RememberReconfirmationAsked,
    SetGroupState,
    UnlinkAccount,
)
from bot.policy.effects import (
    EditPage,
    InspectGroup,
    Keyboard,
    Language,
    LeaveGroup,
    Page,
    SendPage,
    SendPrivateNotice,
    SetCommandMenu,
)
from bot.policy.events import (
    AccountUnlinked,
    CommandRefused,
    GroupLeftBehind,
    GroupReconfirmed,
    ReconfirmationAsked,
    SchoolYearBegun,
    SchoolYearBegunByOperator,
)
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, MessageId, PersonId
from bot.policy.known import Contact
from bot.policy.pages import Asker
from bot.policy.people import Duty, Role, UnlinkReason
from bot.policy.rules import Rule
from bot.policy.school_years.school_year import (
    AskedGroup,
    AskingFacts,
    BeginFacts,
    ReconfirmFacts,
    begin,
    is_due,
    judge_asking,
    judge_begin,
    judge_reconfirm,
)
from bot.policy.school_years.year_plan import (
    Ending,
    Leaver,
    Link,
    Offer,
    Outlook,
    YearGroup,
    plan_year,
)
from tests.policy.always import assert_always, of_type, only
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    COORDINATOR,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    STRANGER,
    STUDENT,
    SUSPENDED,
    TEACHER,
    look_facts,
)

LAST_YEAR = AT - timedelta(days=360)
BEFORE = AT + timedelta(days=28)
OTHER_CHAT = ChatId(-1_004_444_444_444)
MESSAGE = MessageId(7)

TEACHER_GONE = Leaver(
    person=PersonId(101), role=Role.STAFF, left_at=AT - timedelta(days=3), user=TEACHER.user
)
STUDENT_GONE = Leaver(
    person=PersonId(201), role=Role.STUDENT, left_at=AT - timedelta(days=3), user=STUDENT.user
)
GROUP = YearGroup(
    chat=CHAT,
    owner=TEACHER.user,
    seats=(TEACHER.user, COLLEAGUE.user),
    class_groups=frozenset({"4H2"}),
)
SCHOOL = Outlook(
    active=Counter({Role.STUDENT: 3, Role.STAFF: 2}),
    staff=frozenset({TEACHER.user, COLLEAGUE.user}),
    class_groups=frozenset({"4H2", "5V1"}),
    groups=(GROUP,),
    begun_at=LAST_YEAR,
)
ANNA_GONE = replace(SCHOOL, leavers=(TEACHER_GONE,), staff=frozenset({COLLEAGUE.user}))
assert COORDINATOR.person is not None
ADMINISTRATOR = replace(
    COORDINATOR, person=replace(COORDINATOR.person, duties=frozenset({Duty.ADMINISTRATOR}))
)


# --- the plan ----------------------------------------------------------------------------------


def test_plan_when_nobody_left_then_owners_confirm_and_nothing_else():
    plan = plan_year(SCHOOL, AT)

    assert plan.reconfirm == (CHAT,)
    assert (plan.leavers, plan.links, plan.offers, plan.endings, plan.losses) == ((),) * 5
    assert (plan.active, plan.again, plan.changes_nothing) == (5, False, False)


def test_plan_when_an_owner_left_then_the_group_is_offered_to_a_colleague_with_a_seat():
    plan = plan_year(ANNA_GONE, AT)

    assert plan.leavers == (PersonId(101),)
    assert plan.links == (Link(user=TEACHER.user, person=PersonId(101)),)
    assert plan.offers == (Offer(chat=CHAT, owner=TEACHER.user, colleague=COLLEAGUE.user),)


@pytest.mark.parametrize(
    ("group", "offers"),
    [
        pytest.param(
            replace(GROUP, seats=(TEACHER.user,)),
            (Offer(chat=CHAT, owner=TEACHER.user, colleague=None),),
            id="nobody else has a seat",
        ),
        pytest.param(
            replace(GROUP, seats=(TEACHER.user, STUDENT.user, GUARDIAN.user)),
            (Offer(chat=CHAT, owner=TEACHER.user, colleague=None),),
            id="only others than staff have one",
        ),
        pytest.param(replace(GROUP, owner=COLLEAGUE.user), (), id="a colleague owns it"),
        pytest.param(replace(GROUP, owner=None), (), id="no owner shows"),
        pytest.param(replace(GROUP, is_offered=True), (), id="offered already"),
    ],
)
def test_plan_when_an_owner_left_then_nobody_else_than_staff_is_asked(group, offers):
    assert plan_year(replace(ANNA_GONE, groups=(group,)), AT).offers == offers


def test_plan_when_somebody_left_before_the_last_year_then_only_a_link_that_was_left_ends():
    earlier = replace(STUDENT_GONE, left_at=LAST_YEAR - timedelta(days=1))

    plan = plan_year(replace(SCHOOL, leavers=(earlier,)), AT)

    assert plan.leavers == ()
    assert plan.links == (Link(user=STUDENT.user, person=PersonId(201)),)


def test_plan_when_a_class_group_is_no_more_then_it_ends_and_the_others_stay():
    serves = replace(GROUP, class_groups=frozenset({"4H2", "3H2"}))

    plan = plan_year(replace(SCHOOL, groups=(serves,)), AT)

    assert plan.endings == (Ending(chat=CHAT, class_groups=frozenset({"3H2"})),)


def test_plan_when_the_year_has_just_begun_then_nobody_is_asked_again():
    again = plan_year(replace(ANNA_GONE, begun_at=AT - timedelta(days=1)), AT)
    quiet = plan_year(replace(SCHOOL, begun_at=AT - timedelta(days=1)), AT)

    assert (again.again, again.reconfirm, again.changes_nothing) == (True, (), False)
    assert again.offers != ()
    assert quiet.changes_nothing


@pytest.mark.parametrize(
    ("gone", "stay", "doubtful"),
    [
        pytest.param(4, 6, True, id="four of ten"),
        pytest.param(3, 7, False, id="three of ten"),
        pytest.param(10, 0, True, id="all of ten"),
        pytest.param(5, 4, False, id="a role of nine says nothing"),
    ],
)
def test_plan_when_many_are_gone_then_the_roster_is_doubted(gone, stay, doubtful):
    leavers = tuple(replace(STUDENT_GONE, person=PersonId(n), user=None) for n in range(gone))

    plan = plan_year(replace(SCHOOL, leavers=leavers, active={Role.STUDENT: stay}), AT)

    assert [(loss.role, loss.gone, loss.of) for loss in plan.losses] == (
        [(Role.STUDENT, gone, gone + stay)] if doubtful else []
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"leavers": (STUDENT_GONE,)}, id="somebody else left"),
        pytest.param({"groups": (GROUP, replace(GROUP, chat=OTHER_CHAT))}, id="another group"),
        pytest.param({"class_groups": frozenset({"5V1"})}, id="a class group ended"),
        pytest.param({"begun_at": AT}, id="it has begun"),
    ],
)
def test_digest_when_the_plan_is_another_then_is_another(changes):
    assert plan_year(replace(SCHOOL, **changes), AT).digest != plan_year(SCHOOL, AT).digest


def test_digest_when_the_outlook_is_read_in_another_order_then_is_the_same():
    two = (GROUP, replace(GROUP, chat=OTHER_CHAT, class_groups=frozenset({"x", "y", "z"})))

    one, other = (replace(SCHOOL, groups=groups) for groups in (two, two[::-1]))

    assert plan_year(one, AT).digest == plan_year(other, AT).digest
    assert plan_year(one, AT + timedelta(days=1)).digest == plan_year(other, AT).digest


# --- beginning ---------------------------------------------------------------------------------


def asker(account=ADMINISTRATOR, **changes):
    return Asker(account=account, contact=Contact(), language=Language.DUTCH, **changes)


def begin_facts(outlook=ANNA_GONE, **changes):
    facts = BeginFacts(
        at=AT,
        asker=asker(),
        step="yes",
        digest=plan_year(outlook, AT).digest,
        outlook=outlook,
        replaces=MESSAGE,
    )
    return replace(facts, **changes)


def page(argument):
    return EditPage(
        user=ADMINISTRATOR.user,
        page=Page.SCHOOL_YEAR,
        language=Language.DUTCH,
        message=MESSAGE,
        argument=argument,
    )


def test_begin_when_an_administrator_agrees_then_exactly_the_plan_is_done():
    ending = replace(GROUP, class_groups=frozenset({"4H2", "3H2"}))
    facts = begin_facts(replace(ANNA_GONE, groups=(ending,)))

    decision = judge_begin(facts, LIMITS)

    assert_always(facts, decision)
    assert decision.rule is Rule.SCHOOL_YEAR_BEGUN
    assert decision.events == (
        SchoolYearBegun(
            user=ADMINISTRATOR.user, leavers=1, links=1, offered=1, groups=1, confirm_before=BEFORE
        ),
        AccountUnlinked(user=TEACHER.user, person=PersonId(101), why=UnlinkReason.LEFT_SCHOOL),
        GroupLeftBehind(chat=CHAT, user=TEACHER.user, to=COLLEAGUE.user),
    )
    assert decision.changes == (
        BeginSchoolYear(by=ADMINISTRATOR.user, confirm_before=BEFORE, groups=1, leavers=1),
        UnlinkAccount(user=TEACHER.user, why=UnlinkReason.LEFT_SCHOOL),
        OfferGroup(chat=CHAT, to=COLLEAGUE.user, by=TEACHER.user),
        AwaitReconfirmation(chat=CHAT, before=BEFORE),
        DropClassGroups(chat=CHAT, class_groups=frozenset({"3H2"})),
    )
    assert decision.effects == (
        page("done"),
        SendPrivateNotice(user=TEACHER.user, key="link-ended-school", language=Language.DUTCH),
        SetCommandMenu(user=TEACHER.user),
    )


def test_begin_when_by_the_operator_then_the_log_says_so():
    decision = begin(plan_year(SCHOOL, AT), None, BEFORE)

    assert decision.events == (
        SchoolYearBegunByOperator(leavers=0, links=0, offered=0, groups=1, confirm_before=BEFORE),
    )
    assert decision.effects == ()


def test_begin_when_a_late_leaver_owned_a_group_then_that_group_alone_is_asked_about():
    other = replace(GROUP, chat=OTHER_CHAT, owner=COLLEAGUE.user)
    outlook = replace(ANNA_GONE, groups=(GROUP, other), begun_at=AT - timedelta(days=30))

    changes = begin(plan_year(outlook, AT), None, BEFORE).changes

    assert of_type(AwaitReconfirmation, changes) == [AwaitReconfirmation(chat=CHAT, before=BEFORE)]


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(who, id=name)
        for name, who in (
            ("a teacher", TEACHER),
            ("a coordinator", COORDINATOR),
            ("a student", STUDENT),
            ("a guardian", GUARDIAN),
            ("a stranger", STRANGER),
            ("who left", LEFT_SCHOOL),
        )
    ],
)
@pytest.mark.parametrize("step", ["yes", "sure"])
def test_begin_when_pressed_by_another_than_an_administrator_then_refused(account, step):
    decision = judge_begin(begin_facts(asker=asker(account), step=step), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert only(CommandRefused, decision.events).command == "school-year"
    assert of_type(BeginSchoolYear, decision.changes) == []
    assert of_type(UnlinkAccount, decision.changes) == []


def test_begin_when_another_bot_presses_then_nothing():
    decision = judge_begin(begin_facts(asker=asker(is_bot=True)), LIMITS)

    assert (decision.rule, decision.events, decision.effects) == (Rule.BOOKKEEPING, (), ())


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(begin_facts(digest="0" * 16), id="something changed"),
        pytest.param(begin_facts(replace(SCHOOL, begun_at=AT)), id="nothing is left to do"),
        pytest.param(
            replace(begin_facts(), outlook=replace(ANNA_GONE, begun_at=AT)),
            id="another administrator was first",
        ),
    ],
)
def test_begin_when_it_is_not_what_was_shown_then_shown_again_and_nothing_is_done(facts):
    decision = judge_begin(facts, LIMITS)

    assert (decision.events, decision.changes) == ((), ())
    assert decision.effects == (page("changed"),)


def test_begin_when_many_are_gone_then_asked_a_second_time():
    gone = tuple(replace(STUDENT_GONE, person=PersonId(n), user=None) for n in range(9))
    half = replace(SCHOOL, leavers=gone, active={Role.STUDENT: 3})

    first = judge_begin(begin_facts(half), LIMITS)
    second = judge_begin(begin_facts(half, step="sure"), LIMITS)

    assert (first.events, first.changes, first.effects) == ((), (), (page("sure"),))
    assert second.rule is Rule.SCHOOL_YEAR_BEGUN


# --- asking ------------------------------------------------------------------------------------

WAITS = replace(MANAGED, reconfirm_before=BEFORE)


def asking(group=WAITS, owner=TEACHER, offered_to=None, coordinators=(COORDINATOR,), at=AT):
    asked = AskedGroup(group=group, owner=owner, offered_to=offered_to)
    return AskingFacts(at=at, groups=(asked,), coordinators=coordinators)


def test_asking_when_the_owner_is_staff_then_he_is_asked_with_a_button():
    facts = asking()

    decision = judge_asking(facts, LIMITS)

    assert_always(facts, decision)
    assert decision.events == (ReconfirmationAsked(chat=CHAT, user=TEACHER.user, reminder=False),)
    assert decision.changes == (RememberReconfirmationAsked(chat=CHAT),)
    assert decision.effects == (
        SendPrivateNotice(
            user=TEACHER.user,
            key="group-goes-on",
            values={"until": BEFORE.isoformat()},
            keyboard=Keyboard.RECONFIRM,
            about=CHAT,
        ),
    )


def test_asking_when_the_owner_left_then_the_colleague_sees_the_offer():
    decision = judge_asking(asking(owner=LEFT_SCHOOL, offered_to=COLLEAGUE), LIMITS)

    assert decision.effects == (
        SendPage(user=COLLEAGUE.user, page=Page.GROUP_OFFER, language=Language.ENGLISH, about=CHAT),
    )


@pytest.mark.parametrize("owner", [LEFT_SCHOOL, STRANGER, None], ids=["left", "unlinked", "none"])
def test_asking_when_nobody_can_take_it_over_then_coordinators_hear_of_it(owner):
    decision = judge_asking(asking(owner=owner, coordinators=(COORDINATOR, TEACHER)), LIMITS)

    told = only(SendPrivateNotice, decision.effects)
    assert (told.user, told.key, told.keyboard) == (
        COORDINATOR.user,
        "group-left-behind",
        Keyboard.NONE,
    )


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(MANAGED, id="nothing to confirm"),
        pytest.param(replace(WAITS, reconfirm_asked_at=AT), id="asked already"),
        pytest.param(replace(WAITS, state=GroupState.LEFT), id="left"),
        pytest.param(replace(WAITS, state=GroupState.PENDING), id="pending"),
    ],
)
def test_asking_when_it_is_not_due_then_nobody_hears(group):
    decision = judge_asking(asking(group), LIMITS)

    assert (decision.events, decision.changes, decision.effects) == ((), (), ())


@pytest.mark.parametrize(
    ("asked_before", "now_before", "due"),
    [
        pytest.param(None, 28, True, id="never asked"),
        pytest.param(28, 20, False, id="asked, three weeks to go"),
        pytest.param(28, 7, True, id="a week to go"),
        pytest.param(28, 1, True, id="the reminder is late"),
        pytest.param(7, 3, False, id="reminded"),
        pytest.param(5, 1, False, id="asked for the first time in the last week"),
    ],
)
def test_asking_when_time_goes_by_then_once_and_once_more_a_week_before(
    asked_before, now_before, due
):
    asked = None if asked_before is None else BEFORE - timedelta(days=asked_before)

    assert is_due(BEFORE, asked, BEFORE - timedelta(days=now_before)) is due


# --- confirming --------------------------------------------------------------------------------


def test_reconfirm_when_the_owner_says_so_then_done_and_the_classes_are_shown():
    facts = ReconfirmFacts(at=AT, asker=asker(TEACHER), group=WAITS)

    decision = judge_reconfirm(facts, LIMITS)

    assert_always(facts, decision)
    assert decision.rule is Rule.RECONFIRMED
    assert decision.events == (GroupReconfirmed(chat=CHAT, user=TEACHER.user),)
    assert decision.changes == (ReconfirmGroup(chat=CHAT),)
    assert decision.effects == (
        SendPage(user=TEACHER.user, page=Page.GROUP_CLASSES, language=Language.DUTCH, about=CHAT),
        InspectGroup(chat=CHAT, why="reconfirmed"),
    )


def test_reconfirm_when_pressed_again_then_the_classes_are_shown_and_nothing_is_written():
    decision = judge_reconfirm(ReconfirmFacts(at=AT, asker=asker(TEACHER), group=MANAGED), LIMITS)

    assert (decision.events, decision.changes) == ((), ())
    assert only(SendPage, decision.effects).page is Page.GROUP_CLASSES


@pytest.mark.parametrize(
    ("who", "group"),
    [
        pytest.param(COLLEAGUE, WAITS, id="a colleague"),
        pytest.param(STUDENT, WAITS, id="a student"),
        pytest.param(STRANGER, WAITS, id="a stranger"),
        pytest.param(TEACHER, replace(WAITS, owner=COLLEAGUE.user), id="a former owner"),
        pytest.param(
            LEFT_SCHOOL, replace(WAITS, owner=LEFT_SCHOOL.user), id="an owner who left school"
        ),
        pytest.param(TEACHER, replace(WAITS, state=GroupState.LEFT), id="a group that we left"),
        pytest.param(TEACHER, None, id="a group that we do not know"),
    ],
)
def test_reconfirm_when_by_another_than_the_owner_then_refused(who, group):
    decision = judge_reconfirm(ReconfirmFacts(at=AT, asker=asker(who), group=group), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert of_type(ReconfirmGroup, decision.changes) == []


# --- the look ----------------------------------------------------------------------------------

OVERDUE = replace(MANAGED, reconfirm_before=AT)
STOPPED = replace(
    SUSPENDED,
    reconfirm_before=AT - timedelta(days=100),
    explained=frozenset({"not-reconfirmed"}),
    deadline_at=None,
)


def test_look_when_not_confirmed_in_time_then_suspended_without_an_end():
    decision = judge_look(look_facts(OVERDUE), LIMITS)

    assert decision.rule is Rule.SUSPEND
    assert only(SetGroupState, decision.changes) == SetGroupState(
        chat=CHAT, state=GroupState.SUSPENDED
    )
    told = only(SendPrivateNotice, decision.effects)
    assert (told.key, told.keyboard) == ("group-not-reconfirmed", Keyboard.RECONFIRM)


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(replace(MANAGED, reconfirm_before=AT + timedelta(seconds=1)), id="not yet"),
        pytest.param(MANAGED, id="confirmed"),
    ],
)
def test_look_when_there_is_time_or_it_was_confirmed_then_kept(group):
    assert judge_look(look_facts(group), LIMITS).rule is Rule.KEEP


def test_look_when_months_pass_without_confirmation_then_never_left_and_told_once():
    decision = judge_look(look_facts(STOPPED), LIMITS)

    assert decision.rule is Rule.SUSPEND
    assert of_type(LeaveGroup, decision.effects) == []
    assert of_type(SendPrivateNotice, decision.effects) == []


def test_look_when_it_was_confirmed_after_all_then_resumed():
    decision = judge_look(look_facts(replace(STOPPED, reconfirm_before=None)), LIMITS)

    assert decision.rule is Rule.KEEP
    assert only(SetGroupState, decision.changes).state is GroupState.MANAGED


def test_look_when_something_else_fails_beside_it_then_there_is_a_day_to_mend_that():
    first = judge_look(look_facts(STOPPED, look={"is_forum": True}), LIMITS)
    state = only(SetGroupState, first.changes)
    late = replace(STOPPED, explained=frozenset({"forum", "not-reconfirmed"}), deadline_at=AT)

    assert state.deadline_at == AT + LIMITS.mending_deadline
    assert of_type(LeaveGroup, first.effects) == []
    assert judge_look(look_facts(late, look={"is_forum": True}), LIMITS).rule is (
        Rule.REFUSE_DEADLINE_PASSED
    )


def test_look_when_the_owner_left_at_a_roll_over_then_the_group_waits_for_a_colleague():
    unlinked = {"owner": replace(STRANGER, user=TEACHER.user), "administrators": ()}

    waiting = judge_look(look_facts(WAITS, **unlinked), LIMITS)
    usual = judge_look(look_facts(MANAGED, **unlinked), LIMITS)

    assert only(SetGroupState, waiting.changes).deadline_at == BEFORE
    assert only(SetGroupState, usual.changes).deadline_at == AT + LIMITS.mending_deadline


def test_look_when_the_group_has_another_owner_then_that_one_is_asked_too():
    handed_over = replace(WAITS, owner=COLLEAGUE.user, reconfirm_asked_at=AT)

    changed = judge_look(look_facts(handed_over), LIMITS)
    same = judge_look(look_facts(replace(handed_over, owner=TEACHER.user)), LIMITS)
    confirmed = judge_look(look_facts(replace(handed_over, reconfirm_before=None)), LIMITS)

    assert of_type(AwaitReconfirmation, changed.changes) == [
        AwaitReconfirmation(chat=CHAT, before=BEFORE)
    ]
    assert of_type(AwaitReconfirmation, same.changes) == []
    assert of_type(AwaitReconfirmation, confirmed.changes) == []


def test_look_when_the_rest_is_mended_then_the_deadline_goes_with_it():
    mended = replace(STOPPED, explained=frozenset({"forum", "not-reconfirmed"}), deadline_at=AT)

    decision = judge_look(look_facts(mended), LIMITS)

    assert decision.rule is Rule.SUSPEND
    assert only(SetGroupState, decision.changes).deadline_at is None
