"""Who may come into a group, what becomes of a request, and who does not belong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.class_groups import class_key, class_named
from bot.policy.changes import (
    PostponeJoinRequest,
    RecordClassesAsked,
    RememberJoinRequest,
    SettleJoinRequest,
)
from bot.policy.coming_in.join_outcomes import withheld
from bot.policy.coming_in.join_requests import (
    NOTHING_TO_DO,
    Asked,
    JoinRequestFacts,
    Occasion,
    WaitingFacts,
    judge,
    judge_waiting,
)
from bot.policy.coming_in.joining import Applicant, RequestState, Verdict, belongs, may_join
from bot.policy.coming_in.known import JoinRequest
from bot.policy.decision import Decision
from bot.policy.effects import (
    ApproveJoinRequest,
    DeclineJoinRequest,
    Keyboard,
    Language,
    SendPrivateNotice,
)
from bot.policy.events import JoinRequested, MemberAdmitted, MemberDeclined
from bot.policy.groups import GroupState
from bot.policy.ids import JoinRequestId
from bot.policy.outcomes import (
    ALREADY_IN,
    BLOCKED_BY_USER,
    NEVER_ASKED,
    NEVER_STARTED,
    REQUEST_GONE,
    USER_DEACTIVATED,
    Done,
    Lost,
    OutcomeFacts,
    Refused,
)
from bot.policy.outcomes import judge as judge_outcome
from bot.policy.people import Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    GUARDIAN,
    LEFT,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    PENDING,
    STRANGER,
    STUDENT,
    SUSPENDED,
    TEACHER,
    any_of_them,
)

OF_4H2 = replace(MANAGED, class_groups=frozenset({"4H2", "4H3"}))
WITHOUT = MANAGED
DEADLINE = AT + LIMITS.join_decided_within
AGAIN = AT + LIMITS.join_judged_again
HERE, ELSE = frozenset({"4H2"}), frozenset({"1A"})
NONE: frozenset[str] = frozenset()


def applicant(account, classes=NONE, *, is_bot=False):
    return Applicant(account=account, classes=classes, is_bot=is_bot)


# --- may somebody come in? ---------------------------------------------------------------------

TABLE = [
    ("student of the class", STUDENT, HERE, Verdict.APPROVE, Rule.JOIN_OF_THE_CLASS),
    ("student of another class", STUDENT, ELSE, Verdict.DECLINE, Rule.JOIN_ANOTHER_CLASS),
    ("student without a class", STUDENT, NONE, Verdict.DECLINE, Rule.JOIN_ANOTHER_CLASS),
    ("guardian of the class", GUARDIAN, HERE, Verdict.APPROVE, Rule.JOIN_OF_THE_CLASS),
    ("guardian of another class", GUARDIAN, ELSE, Verdict.DECLINE, Rule.JOIN_ANOTHER_CLASS),
    ("staff of the class", COLLEAGUE, HERE, Verdict.APPROVE, Rule.JOIN_OF_THE_CLASS),
    ("staff of the whole school", COLLEAGUE, NONE, Verdict.APPROVE, Rule.JOIN_OF_STAFF),
    ("staff of another class", COLLEAGUE, ELSE, Verdict.DECLINE, Rule.JOIN_ANOTHER_CLASS),
    ("staff with a seat", TEACHER, ELSE, Verdict.APPROVE, Rule.JOIN_OF_STAFF),
    ("stranger", STRANGER, NONE, Verdict.WAIT, Rule.JOIN_NOT_LINKED),
    ("somebody who left school", LEFT_SCHOOL, HERE, Verdict.WAIT, Rule.JOIN_NOT_LINKED),
]


@pytest.mark.parametrize(
    ("account", "classes", "verdict", "rule"), [pytest.param(*row[1:], id=row[0]) for row in TABLE]
)
def test_group_of_classes_when_somebody_asks_then(account, classes, verdict, rule):
    answer = may_join(applicant(account, classes), OF_4H2)

    assert (answer.verdict, answer.rule) == (verdict, rule)


@pytest.mark.parametrize(
    ("account", "classes", "verdict"),
    [
        pytest.param(STUDENT, HERE, Verdict.WAIT, id="student"),
        pytest.param(COLLEAGUE, HERE, Verdict.WAIT, id="staff of a class"),
        pytest.param(COLLEAGUE, NONE, Verdict.APPROVE, id="staff of the whole school"),
        pytest.param(TEACHER, HERE, Verdict.APPROVE, id="staff with a seat"),
        pytest.param(STRANGER, NONE, Verdict.WAIT, id="stranger"),
    ],
)
def test_group_without_classes_when_somebody_asks_then(account, classes, verdict):
    assert may_join(applicant(account, classes), WITHOUT).verdict is verdict


@pytest.mark.parametrize("account", [STUDENT, TEACHER, STRANGER], ids=["student", "staff", "none"])
def test_another_bot_when_asking_then_is_declined_whoever_owns_its_account(account):
    answer = may_join(applicant(account, HERE, is_bot=True), OF_4H2)

    assert (answer.verdict, answer.rule, answer.notice) == (
        Verdict.DECLINE,
        Rule.JOIN_OF_A_BOT,
        None,
    )


@pytest.mark.parametrize(
    ("group", "account", "classes", "here"),
    [
        pytest.param(OF_4H2, STUDENT, HERE, True, id="student of the class"),
        pytest.param(OF_4H2, STUDENT, ELSE, False, id="student of another class"),
        pytest.param(OF_4H2, STRANGER, NONE, False, id="stranger"),
        pytest.param(OF_4H2, LEFT_SCHOOL, HERE, False, id="left school"),
        pytest.param(WITHOUT, STUDENT, ELSE, True, id="no classes yet"),
        pytest.param(WITHOUT, STRANGER, NONE, False, id="no classes yet, stranger"),
        pytest.param(OF_4H2, TEACHER, ELSE, True, id="with a seat"),
    ],
)
def test_member_belongs_when(group, account, classes, here):
    assert belongs(applicant(account, classes), group) is here


# --- a request that comes in -------------------------------------------------------------------


def asked(account, classes=NONE, group=OF_4H2, *, request=None, is_bot=False):
    return Asked(
        chat=CHAT,
        group=group,
        applicant=applicant(account, classes, is_bot=is_bot),
        language=Language.DUTCH,
        request=request,
    )


def facts(account, classes=NONE, group=OF_4H2, **more):
    who = asked(account, classes, group, is_bot=more.pop("is_bot", False))
    return JoinRequestFacts(at=AT, asked=who, owner=TEACHER, **more)


def remembered(account, state, judge_at=None, deadline_at=DEADLINE):
    return RememberJoinRequest(
        chat=CHAT, user=account.user, state=state, deadline_at=deadline_at, judge_at=judge_at
    )


def notice(account, key, declines=None):
    return SendPrivateNotice(
        user=account.user, key=key, language=Language.DUTCH, about=CHAT, declines=declines
    )


def approve(account, rule):
    return ApproveJoinRequest(chat=CHAT, user=account.user, reason=rule.value)


def decline(account, rule):
    return DeclineJoinRequest(chat=CHAT, user=account.user, reason=rule.value)


def test_request_of_who_belongs_when_it_comes_in_then_is_approved():
    assert judge(facts(STUDENT, HERE), LIMITS) == Decision(
        rule=Rule.JOIN_OF_THE_CLASS,
        events=(JoinRequested(chat=CHAT, user=STUDENT.user, role=Role.STUDENT),),
        changes=(remembered(STUDENT, RequestState.DECIDING),),
        effects=(approve(STUDENT, Rule.JOIN_OF_THE_CLASS),),
    )


def test_request_of_another_class_when_it_comes_in_then_the_reason_goes_before_the_decline():
    decision = judge(facts(STUDENT, ELSE), LIMITS)

    assert decision.changes == (remembered(STUDENT, RequestState.DECIDING),)
    assert decision.effects == (
        notice(STUDENT, "join-another-class", declines="house-join-another-class"),
    )


def test_request_of_a_stranger_when_it_comes_in_then_waits_and_is_told_how_to_link():
    decision = judge(facts(STRANGER), LIMITS)

    assert decision.changes == (remembered(STRANGER, RequestState.WAITING, judge_at=AGAIN),)
    assert decision.effects == (notice(STRANGER, "join-link-first"),)


def test_request_of_another_bot_when_it_comes_in_then_is_declined_without_a_word():
    decision = judge(facts(STRANGER, is_bot=True), LIMITS)

    assert decision.effects == (decline(STRANGER, Rule.JOIN_OF_A_BOT),)


@pytest.mark.parametrize("group", [None, PENDING, LEFT], ids=["unknown", "pending", "left"])
def test_request_when_the_group_is_not_ours_then_nothing(group):
    assert judge(facts(STUDENT, HERE, group), LIMITS) == NOTHING_TO_DO


def test_request_when_the_group_is_suspended_then_waits():
    suspended = replace(SUSPENDED, class_groups=HERE)

    decision = judge(facts(STUDENT, HERE, suspended), LIMITS)

    assert decision.rule is Rule.JOIN_REQUESTED
    assert decision.effects == (notice(STUDENT, "join-waits"),)


def test_request_when_the_group_has_no_classes_then_the_owner_is_asked():
    decision = judge(facts(STUDENT, HERE, WITHOUT), LIMITS)

    question = SendPrivateNotice(
        user=TEACHER.user,
        key="group-classes-asked",
        keyboard=Keyboard.GROUP_CLASSES,
        about=CHAT,
    )
    assert decision.changes[1:] == (RecordClassesAsked(chat=CHAT),)
    assert decision.effects == (notice(STUDENT, "join-waits"), question)


@pytest.mark.parametrize(
    ("group", "owner"),
    [
        pytest.param(replace(WITHOUT, classes_asked_at=AT), TEACHER, id="asked already"),
        pytest.param(OF_4H2, TEACHER, id="classes are known"),
        pytest.param(WITHOUT, None, id="no owner"),
        pytest.param(WITHOUT, LEFT_SCHOOL, id="the owner has left school"),
    ],
)
def test_owner_when_there_is_nothing_to_ask_then_is_not_asked(group, owner):
    decision = judge(replace(facts(STRANGER, NONE, group), owner=owner), LIMITS)

    assert [effect.key for effect in any_of_them(decision.effects)] == ["join-link-first"]


def earlier(account, state, *, settled_at=None, deadline_at=DEADLINE, explained=False):
    return JoinRequest(
        id=JoinRequestId(7),
        chat=CHAT,
        user=account.user,
        state=state,
        deadline_at=deadline_at,
        settled_at=settled_at,
        explained=explained,
    )


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(earlier(STRANGER, RequestState.WAITING), id="waits since a moment"),
        pytest.param(earlier(STRANGER, RequestState.DECIDING), id="is being decided"),
    ],
)
def test_request_when_it_is_repeated_then_nothing_is_new(before):
    assert judge(facts(STRANGER, earlier=(before,)), LIMITS) == NOTHING_TO_DO


def test_request_when_repeated_much_later_then_is_a_new_one():
    before = earlier(STRANGER, RequestState.WAITING, deadline_at=DEADLINE - timedelta(hours=20))

    decision = judge(facts(STRANGER, earlier=(before,)), LIMITS)

    assert decision.effects == (notice(STRANGER, "join-link-first"),)
    assert decision.changes == (remembered(STRANGER, RequestState.WAITING, judge_at=AGAIN),)


@pytest.mark.parametrize(
    ("ago", "said"),
    [pytest.param(9, False, id="lately"), pytest.param(11, True, id="longer ago")],
)
def test_request_when_declined_before_then_the_reason_is_said_again_only_after_a_while(ago, said):
    moment = AT - timedelta(minutes=ago)
    before = earlier(STUDENT, RequestState.DECLINED, settled_at=moment)

    (effect,) = judge(facts(STUDENT, ELSE, earlier=(before,)), LIMITS).effects

    assert isinstance(effect, SendPrivateNotice) is said


# --- requests that wait ------------------------------------------------------------------------


def waiting(account, classes=NONE, group=OF_4H2, occasion=Occasion.CLOCK, **more):
    request = earlier(account, more.pop("state", RequestState.WAITING), **more)
    one = asked(account, classes, group, request=request)
    return WaitingFacts(at=AT, waiting=(one,), occasion=occasion)


@pytest.mark.parametrize("occasion", list(Occasion))
def test_waiting_request_of_who_belongs_when_judged_again_then_is_approved(occasion):
    decision = judge_waiting(waiting(STUDENT, HERE, occasion=occasion), LIMITS)

    assert decision.effects == (approve(STUDENT, Rule.JOIN_OF_THE_CLASS),)
    assert decision.changes == (remembered(STUDENT, RequestState.DECIDING),)


def test_waiting_request_when_classes_were_just_chosen_then_is_declined_only_later():
    decision = judge_waiting(waiting(STUDENT, ELSE, occasion=Occasion.CLASSES), LIMITS)

    soon = AT + LIMITS.classes_settle
    assert decision.effects == ()
    assert decision.changes == (remembered(STUDENT, RequestState.WAITING, judge_at=soon),)


@pytest.mark.parametrize("occasion", [Occasion.LINKED, Occasion.CLOCK])
def test_waiting_request_of_another_class_when_judged_again_then_is_declined(occasion):
    decision = judge_waiting(waiting(STUDENT, ELSE, occasion=occasion), LIMITS)

    assert decision.effects == (
        notice(STUDENT, "join-another-class", declines="house-join-another-class"),
    )


@pytest.mark.parametrize(
    ("account", "group"),
    [pytest.param(STRANGER, OF_4H2, id="stranger"), pytest.param(STUDENT, WITHOUT, id="linked")],
)
def test_waiting_request_when_its_deadline_has_passed_then_is_declined_kindly(account, group):
    decision = judge_waiting(waiting(account, HERE, group, deadline_at=AT), LIMITS)

    assert decision.rule is Rule.JOIN_TOO_LATE
    assert decision.effects == (notice(account, "join-too-late", declines="house-join-too-late"),)


def test_waiting_request_when_its_deadline_has_not_passed_then_waits_on_without_a_word():
    found = waiting(STUDENT, HERE, WITHOUT, explained=True, deadline_at=AT + timedelta(seconds=1))

    decision = judge_waiting(found, LIMITS)

    assert decision.effects == ()
    assert [change.judge_at for change in any_of_them(decision.changes)] == [AGAIN]


def test_waiting_request_when_the_group_is_suspended_past_the_deadline_then_waits_on():
    suspended = replace(SUSPENDED, class_groups=HERE)

    decision = judge_waiting(
        waiting(STUDENT, HERE, suspended, deadline_at=AT, explained=True), LIMITS
    )

    assert decision.effects == ()
    assert [change.state for change in any_of_them(decision.changes)] == [RequestState.WAITING]


@pytest.mark.parametrize("group", [None, LEFT, replace(OF_4H2, state=GroupState.PENDING)])
def test_waiting_request_when_the_group_is_no_longer_ours_then_has_ended(group):
    decision = judge_waiting(waiting(STUDENT, HERE, group), LIMITS)

    ended = SettleJoinRequest(chat=CHAT, user=STUDENT.user, state=RequestState.ELSEWHERE)
    assert decision.changes == (ended,)
    assert decision.effects == ()


@pytest.mark.parametrize(
    "state", [state for state in RequestState if state is not RequestState.WAITING]
)
def test_request_that_does_not_wait_when_judged_again_then_nothing(state):
    assert judge_waiting(waiting(STUDENT, HERE, state=state), LIMITS) == NOTHING_TO_DO


# --- what Telegram answers ---------------------------------------------------------------------

APPROVE = approve(STUDENT, Rule.JOIN_OF_THE_CLASS)
DECLINE = decline(STUDENT, Rule.JOIN_ANOTHER_CLASS)
REASON = notice(STUDENT, "join-another-class", declines="house-join-another-class")


def ended(effect, outcome):
    return judge_outcome(
        OutcomeFacts(at=AT, effect=effect, outcome=outcome, group=OF_4H2, account=STUDENT), LIMITS
    )


@pytest.mark.parametrize(
    ("effect", "event", "state"),
    [
        pytest.param(APPROVE, MemberAdmitted, RequestState.ADMITTED, id="approved"),
        pytest.param(DECLINE, MemberDeclined, RequestState.DECLINED, id="declined"),
    ],
)
def test_decision_when_telegram_has_done_it_then_is_written_down(effect, event, state):
    assert ended(effect, Done()) == Decision(
        rule=Rule.EFFECT_DONE,
        events=(event(chat=CHAT, user=STUDENT.user, role=Role.STUDENT, reason=effect.reason),),
        changes=(SettleJoinRequest(chat=CHAT, user=STUDENT.user, state=state),),
    )


@pytest.mark.parametrize("reason", [REQUEST_GONE, ALREADY_IN, NEVER_ASKED])
@pytest.mark.parametrize("effect", [APPROVE, DECLINE], ids=["approve", "decline"])
def test_decision_when_it_was_taken_elsewhere_then_nothing_failed(effect, reason):
    assert ended(effect, Refused(reason=reason)) == Decision(
        rule=Rule.EFFECT_DONE,
        changes=(SettleJoinRequest(chat=CHAT, user=STUDENT.user, state=RequestState.ELSEWHERE),),
    )


@pytest.mark.parametrize(
    "outcome", [Refused(reason="not-enough-rights"), Lost(reason="timed-out")], ids=["no", "lost"]
)
@pytest.mark.parametrize("effect", [APPROVE, DECLINE], ids=["approve", "decline"])
def test_decision_when_telegram_would_not_then_the_request_waits_again(effect, outcome):
    decision = ended(effect, outcome)

    assert decision.rule is Rule.EFFECT_FAILED
    assert decision.changes == (PostponeJoinRequest(chat=CHAT, user=STUDENT.user, judge_at=AGAIN),)


@pytest.mark.parametrize(
    ("outcome", "failures"),
    [
        pytest.param(Done(), 0, id="said"),
        pytest.param(Refused(reason=NEVER_STARTED), 0, id="never started"),
        pytest.param(Refused(reason=BLOCKED_BY_USER), 0, id="blocked"),
        pytest.param(Refused(reason=USER_DEACTIVATED), 0, id="account gone"),
        pytest.param(Refused(reason="too-late"), 1, id="too late"),
        pytest.param(Lost(reason="timed-out"), 1, id="lost"),
    ],
)
def test_reason_when_it_was_said_or_could_not_be_then_the_decline_follows(outcome, failures):
    decision = ended(REASON, outcome)

    assert decision.effects == (DECLINE,)
    assert len(decision.events) == failures


@pytest.mark.parametrize("effect", [APPROVE, DECLINE, REASON], ids=["approve", "decline", "reason"])
def test_decision_when_the_bot_only_observes_then_the_request_waits(effect):
    assert withheld(effect, AT, LIMITS).changes == (
        PostponeJoinRequest(chat=CHAT, user=STUDENT.user, judge_at=DEADLINE),
    )


# --- names of classes --------------------------------------------------------------------------


@given(names=st.frozensets(st.text(min_size=1, max_size=64), max_size=20))
def test_key_of_a_class_when_looked_up_then_gives_the_class(names):
    for name in names:
        assert class_named(class_key(name), names) == name
        assert class_key(name).isascii()
        assert class_key(name).isalnum()


def test_key_of_no_class_when_looked_up_then_gives_none():
    assert class_named("0000000000", {"4H2"}) is None


# --- always ------------------------------------------------------------------------------------

_applicants = st.builds(
    Applicant,
    account=always.accounts,
    classes=st.frozensets(st.sampled_from(["4H2", "1A"])),
    is_bot=st.booleans(),
)
_groups = st.builds(
    replace, always.groups, class_groups=st.frozensets(st.sampled_from(["4H2", "1A"]))
)


@st.composite
def _asked(draw):
    group = draw(st.none() | _groups)
    who = draw(_applicants)
    chat = draw(always.chats) if group is None else group.chat
    request = draw(
        st.none()
        | st.builds(
            JoinRequest,
            id=st.just(JoinRequestId(1)),
            chat=st.just(chat),
            user=st.just(who.account.user),
            state=st.sampled_from(RequestState),
            deadline_at=always.moments,
            settled_at=st.none() | always.moments,
            explained=st.booleans(),
        )
    )
    return Asked(chat=chat, group=group, applicant=who, language=Language.DUTCH, request=request)


@given(
    facts=st.builds(
        JoinRequestFacts,
        at=always.moments,
        asked=_asked(),
        owner=st.none() | always.accounts,
    ),
    limits=always.limits,
)
def test_request_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge(facts, limits))


@given(
    facts=st.builds(
        WaitingFacts,
        at=always.moments,
        waiting=st.lists(_asked(), max_size=3).map(tuple),
        occasion=st.sampled_from(Occasion),
    ),
    limits=always.limits,
)
def test_waiting_requests_always_get_one_answer(facts, limits):
    always.assert_always(facts, judge_waiting(facts, limits))
