"""Who is in a group: seen, listed once, taken out only by a tap of the group's own staff."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.class_groups import ClassGroupFacts, class_key
from bot.policy.broadcast_groups.class_groups import judge as judge_class_group
from bot.policy.changes import (
    ForgetMember,
    RecordMembersTold,
    RememberMember,
    SetGroupClassGroups,
    SettleJoinRequest,
)
from bot.policy.coming_in.join_requests import Occasion, WaitingFacts
from bot.policy.coming_in.joining import Applicant, RequestState, Way
from bot.policy.coming_in.known import Present
from bot.policy.coming_in.members import (
    NOTHING_TO_DO,
    LookThroughFacts,
    MemberFacts,
    RemovalFacts,
    judge,
    judge_members,
    judge_removal,
    together,
)
from bot.policy.decision import Decision
from bot.policy.effects import EditPage, Keyboard, Language, Page, RemoveMember, SendPrivateNotice
from bot.policy.events import (
    CommandRefused,
    GroupClassGroupsSet,
    MemberCameIn,
    MemberCameInUnasked,
    MemberRemovalAsked,
    MembersTold,
    MemberWent,
)
from bot.policy.ids import AccountId, MessageId
from bot.policy.known import Contact
from bot.policy.pages import Asker
from bot.policy.people import Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    COLLEAGUE_SEAT,
    GUARDIAN,
    LEFT,
    LIMITS,
    MANAGED,
    OLD_CHAT,
    PENDING,
    STRANGER,
    STUDENT,
    SUSPENDED,
    TEACHER,
)

OURS = replace(MANAGED, class_groups=frozenset({"4H2"}))
HERE, ELSE = frozenset({"4H2"}), frozenset({"1A"})
MESSAGE = MessageId(7)


def member_facts(account=STUDENT, classes=HERE, *, way=Way.LINK, comes=True, by=None, **more):
    facts = MemberFacts(
        at=AT,
        chat=CHAT,
        group=OURS,
        member=Applicant(account=account, classes=classes),
        was_member=not comes,
        is_member=comes,
        way=way,
        by=by,
    )
    return replace(facts, **more)


# --- coming and going --------------------------------------------------------------------------


def test_member_when_let_in_by_a_request_then_is_only_recorded():
    decision = judge(member_facts(way=Way.REQUEST), LIMITS)

    assert decision == Decision(
        rule=Rule.CAME_IN,
        events=(MemberCameIn(chat=CHAT, user=STUDENT.user, role=Role.STUDENT),),
        changes=(
            RememberMember(chat=CHAT, user=STUDENT.user, way=Way.REQUEST),
            SettleJoinRequest(
                chat=CHAT, user=STUDENT.user, state=RequestState.ELSEWHERE, waiting_only=True
            ),
        ),
    )


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.REQUEST])
@pytest.mark.parametrize(
    ("account", "classes", "here"),
    [
        pytest.param(STUDENT, HERE, True, id="student of the class"),
        pytest.param(STUDENT, ELSE, False, id="student of another class"),
        pytest.param(STRANGER, frozenset(), False, id="stranger"),
    ],
)
def test_member_when_coming_in_unasked_then_is_information_with_whether_he_belongs(
    way, account, classes, here
):
    decision = judge(member_facts(account, classes, way=way, by=TEACHER), LIMITS)

    assert decision.events == (
        MemberCameInUnasked(
            chat=CHAT,
            user=account.user,
            role=account.role,
            by=TEACHER.user,
            how=way.value,
            belongs=here,
        ),
    )
    assert decision.effects == ()


@pytest.mark.parametrize("by", [None, TEACHER], ids=["by himself", "by staff"])
def test_member_when_going_then_is_forgotten(by):
    decision = judge(member_facts(comes=False, by=by), LIMITS)

    assert decision == Decision(
        rule=Rule.WENT,
        events=(
            MemberWent(
                chat=CHAT,
                user=STUDENT.user,
                role=Role.STUDENT,
                by=None if by is None else by.user,
            ),
        ),
        changes=(ForgetMember(chat=CHAT, user=STUDENT.user),),
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"group": None}, id="unknown group"),
        pytest.param({"group": PENDING}, id="pending group"),
        pytest.param({"group": LEFT}, id="left group"),
        pytest.param({"chat": OLD_CHAT}, id="the chat of before a migration"),
        pytest.param({"was_member": True}, id="only rights changed"),
    ],
)
def test_member_when_it_is_no_coming_or_going_of_ours_then_nothing(changes):
    assert judge(member_facts(**changes), LIMITS) == NOTHING_TO_DO


def test_seat_and_coming_when_said_at_once_then_both_are_recorded():
    seat = Decision(rule=Rule.SEATS_CHANGED, effects=(RemoveMember(chat=CHAT, user=STUDENT.user),))
    came = judge(member_facts(), LIMITS)

    both = together(seat, came)

    assert both == replace(came, rule=Rule.SEATS_CHANGED, effects=seat.effects)
    assert together(NOTHING_TO_DO, came) == came


# --- telling the owner -------------------------------------------------------------------------


def looked(*members, group=OURS, keepers=(TEACHER,)):
    return LookThroughFacts(
        at=AT,
        group=group,
        members=tuple(
            (
                Present(number=AccountId(n), user=account.user, changed_at=changed_at),
                Applicant(account=account, classes=classes),
            )
            for n, (account, classes, changed_at) in enumerate(members, start=1)
        ),
        keepers=keepers,
    )


OUTSIDER = (STUDENT, ELSE, AT)
INSIDER = (GUARDIAN, HERE, AT)
TOLD = RecordMembersTold(chat=CHAT)


def test_outsider_when_new_then_the_owner_is_told():
    assert judge_members(looked(OUTSIDER, INSIDER), LIMITS) == Decision(
        rule=Rule.OUTSIDERS_TOLD,
        events=(MembersTold(chat=CHAT, user=TEACHER.user, outsiders=1),),
        changes=(TOLD,),
        effects=(
            SendPrivateNotice(
                user=TEACHER.user,
                key="group-outsiders",
                keyboard=Keyboard.GROUP_MEMBERS,
                about=CHAT,
            ),
        ),
    )


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(looked(INSIDER), id="everybody belongs"),
        pytest.param(looked(), id="nobody is in it"),
        pytest.param(looked(OUTSIDER, keepers=()), id="nobody to tell"),
        pytest.param(
            looked(
                (STUDENT, ELSE, AT - timedelta(hours=1)),
                INSIDER,
                group=replace(OURS, members_told_at=AT - timedelta(minutes=30)),
            ),
            id="told of him before",
        ),
    ],
)
def test_owner_when_there_is_nothing_new_then_is_left_in_peace(facts):
    assert judge_members(facts, LIMITS) == Decision(rule=Rule.BOOKKEEPING, changes=(TOLD,))


@pytest.mark.parametrize("group", [None, PENDING, LEFT], ids=["unknown", "pending", "left"])
def test_members_when_the_group_is_not_ours_then_nothing(group):
    assert judge_members(looked(OUTSIDER, group=group), LIMITS) == NOTHING_TO_DO


# --- taking somebody out -----------------------------------------------------------------------


def asker(account, *, is_bot=False):
    return Asker(account=account, contact=Contact(), language=Language.DUTCH, is_bot=is_bot)


def removal(account=TEACHER, member=STUDENT, group=OURS, *, is_bot=False):
    return RemovalFacts(
        at=AT,
        asker=asker(account, is_bot=is_bot),
        group=group,
        member=member,
        argument="8",
        replaces=MESSAGE,
    )


def page(which, argument="8", about=CHAT):
    return EditPage(
        user=TEACHER.user,
        page=which,
        language=Language.DUTCH,
        message=MESSAGE,
        about=about,
        argument=argument,
    )


@pytest.mark.parametrize("group", [OURS, replace(SUSPENDED)], ids=["managed", "suspended"])
def test_removal_when_a_keeper_taps_then_is_done_and_recorded(group):
    assert judge_removal(removal(group=group), LIMITS) == Decision(
        rule=Rule.MEMBER_REMOVED,
        events=(
            MemberRemovalAsked(
                chat=CHAT, user=TEACHER.user, member=STUDENT.user, role=Role.STUDENT
            ),
        ),
        effects=(RemoveMember(chat=CHAT, user=STUDENT.user), page(Page.GROUP_MEMBERS)),
    )


@pytest.mark.parametrize("account", [COLLEAGUE, STUDENT, GUARDIAN, STRANGER])
def test_removal_when_anybody_else_taps_then_is_refused(account):
    decision = judge_removal(removal(account), LIMITS)

    refused = CommandRefused(user=account.user, role=account.role, command="group-members")
    assert decision.events == (refused,)
    assert not [each for each in decision.effects if isinstance(each, RemoveMember)]


@pytest.mark.parametrize(
    ("member", "group"),
    [
        pytest.param(None, OURS, id="gone already"),
        pytest.param(TEACHER, OURS, id="the owner"),
        pytest.param(
            COLLEAGUE, replace(OURS, seats=(*OURS.seats, COLLEAGUE_SEAT)), id="an administrator"
        ),
    ],
)
def test_removal_of_who_cannot_be_taken_out_when_tapped_then_only_shows_the_page(member, group):
    assert judge_removal(removal(member=member, group=group), LIMITS) == Decision(
        rule=Rule.BOOKKEEPING, effects=(page(Page.GROUP_MEMBERS),)
    )


def test_removal_when_another_bot_taps_then_nothing():
    assert judge_removal(removal(is_bot=True), LIMITS) == NOTHING_TO_DO


# --- for which classes -------------------------------------------------------------------------


def tapped(account=TEACHER, name="1A", group=OURS, names=("4H2", "1A"), *, is_bot=False):
    return ClassGroupFacts(
        at=AT,
        asker=asker(account, is_bot=is_bot),
        group=group,
        key=class_key(name),
        argument="8",
        names=frozenset(names),
        waiting=WaitingFacts(at=AT, waiting=(), occasion=Occasion.CLASSES),
        replaces=MESSAGE,
    )


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        pytest.param("1A", {"4H2", "1A"}, id="one more"),
        pytest.param("4H2", set(), id="one less"),
    ],
)
def test_class_when_a_keeper_taps_it_then_it_is_turned_over(name, chosen):
    assert judge_class_group(tapped(name=name), LIMITS) == Decision(
        rule=Rule.CLASSES_CHOSEN,
        events=(
            GroupClassGroupsSet(chat=CHAT, user=TEACHER.user, class_groups=tuple(sorted(chosen))),
        ),
        changes=(SetGroupClassGroups(chat=CHAT, class_groups=frozenset(chosen)),),
        effects=(page(Page.GROUP_CLASSES),),
    )


def test_class_that_the_roster_no_longer_has_when_tapped_then_is_taken_away():
    decision = judge_class_group(tapped(name="4H2", names=("1A",)), LIMITS)

    assert decision.changes == (SetGroupClassGroups(chat=CHAT, class_groups=frozenset()),)


def test_class_that_does_not_exist_when_tapped_then_only_shows_the_page():
    assert judge_class_group(tapped(name="9Z"), LIMITS) == Decision(
        rule=Rule.BOOKKEEPING, effects=(page(Page.GROUP_CLASSES),)
    )


@pytest.mark.parametrize("account", [COLLEAGUE, STUDENT, GUARDIAN, STRANGER])
def test_class_when_anybody_else_taps_it_then_is_refused(account):
    decision = judge_class_group(tapped(account), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert [type(event) for event in decision.events] == [CommandRefused]


def test_class_when_another_bot_taps_it_then_nothing():
    assert judge_class_group(tapped(is_bot=True), LIMITS) == NOTHING_TO_DO


# --- always ------------------------------------------------------------------------------------

_applicants = st.builds(
    Applicant, account=always.accounts, classes=st.frozensets(st.sampled_from(["4H2", "1A"]))
)


@given(
    facts=st.builds(
        MemberFacts,
        at=always.moments,
        chat=always.chats,
        group=st.none() | always.groups,
        member=_applicants,
        was_member=st.booleans(),
        is_member=st.booleans(),
        way=st.sampled_from(Way),
        by=st.none() | always.accounts,
    ),
    limits=always.limits,
)
def test_coming_and_going_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge(facts, limits))
