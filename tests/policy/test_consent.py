"""Under sixteen: whom the school's choice concerns, who may consent, and what follows."""

from dataclasses import replace

import pytest

from bot.policy.changes import GiveConsent, JudgeRequestsAgain, RememberChoice, WithdrawConsent
from bot.policy.coming_in.consent import (
    CHOICE,
    Child,
    Consent,
    Gate,
    StudentGroup,
    ask_at_home,
    gate,
    is_under_sixteen,
    judge_choice,
    under_sixteen,
    year_of,
)
from bot.policy.coming_in.consenting import ConsentFacts, judge
from bot.policy.coming_in.joining import CHECKS, Applicant, Verdict, may_join
from bot.policy.effects import EditPage, Language, Page, SendPage
from bot.policy.events import CommandRefused, ConsentGiven, ConsentWithdrawn, UnderSixteenChosen
from bot.policy.ids import ChatId, MessageId, PersonId, UserId
from bot.policy.known import Contact
from bot.policy.limits import Limits, UnderSixteen
from bot.policy.pages import Asker
from bot.policy.people import Account, Person, Role
from bot.policy.rules import Rule
from tests.policy.always import assert_always, of_type, only
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    GUARDIAN,
    LEFT_SCHOOL,
    MANAGED,
    STRANGER,
    TEACHER,
)

NOT_CHECKED = Limits()
CONSENT = Limits(under_sixteen=UnderSixteen.GUARDIAN_CONSENT)
REFUSE = Limits(under_sixteen=UnderSixteen.REFUSE)
EVERY_CHOICE = [NOT_CHECKED, CONSENT, REFUSE]

MESSAGE = MessageId(9)
CHILD = PersonId(201)
OTHER_GUARDIAN = PersonId(302)


def student(*classes: str) -> Account:
    person = Person(id=CHILD, role=Role.STUDENT, class_groups=frozenset(classes))
    return Account(user=UserId(201), person=person)


YOUNG = student("3H2")
GIVEN = Consent(student=CHILD, given=True, guardians=(GUARDIAN,))
NOT_GIVEN = Consent(student=CHILD, guardians=(GUARDIAN,))


# --- whom it concerns --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("class_group", "year"),
    [
        pytest.param("3H2", 3, id="the usual"),
        pytest.param(" 1a", 1, id="a space before it"),
        pytest.param("10B", 10, id="two digits"),
        pytest.param("123", None, id="a number of another kind"),
        pytest.param("wisB3", None, id="digits at the end"),
        pytest.param("H3", None, id="after a letter"),
        pytest.param("", None, id="empty"),
        pytest.param("Mentorgroep", None, id="no digits"),
        pytest.param("٣H", 3, id="digits of another script"),
    ],
)
def test_year_group_when_read_then_the_digits_at_the_beginning(class_group, year):
    assert year_of(class_group) == year


@pytest.mark.parametrize(
    ("classes", "young"),
    [
        pytest.param(("3H2",), True, id="in year three"),
        pytest.param(("4H2",), False, id="in year four"),
        pytest.param(("4H2", "2dui"), True, id="one of them is enough"),
        pytest.param(("Mentorgroep",), False, id="without digits"),
        pytest.param((), False, id="in no class group"),
    ],
)
def test_under_sixteen_when_of_these_class_groups_then(classes, young):
    assert is_under_sixteen(classes, CONSENT) is young


@pytest.mark.parametrize(
    ("account", "limits", "consent", "expected"),
    [
        pytest.param(YOUNG, NOT_CHECKED, None, Gate.OPEN, id="not checked"),
        pytest.param(YOUNG, CONSENT, None, Gate.GUARDIAN_ASKED, id="no guardian known"),
        pytest.param(YOUNG, CONSENT, NOT_GIVEN, Gate.GUARDIAN_ASKED, id="not given"),
        pytest.param(YOUNG, CONSENT, GIVEN, Gate.OPEN, id="given"),
        pytest.param(YOUNG, REFUSE, GIVEN, Gate.TOO_YOUNG, id="refused, even with consent"),
        pytest.param(student("4H2"), CONSENT, None, Gate.OPEN, id="older: no consent needed"),
        pytest.param(student("4H2"), REFUSE, None, Gate.OPEN, id="older: not refused"),
    ],
)
def test_gate_when_a_student_then_by_the_schools_choice(account, limits, consent, expected):
    assert gate(account.person, consent, limits) is expected


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.STAFF])
@pytest.mark.parametrize("limits", EVERY_CHOICE)
def test_gate_when_no_student_then_open(role, limits):
    person = Person(id=PersonId(1), role=role, class_groups=frozenset({"1A"}))

    assert gate(person, None, limits) is Gate.OPEN


# --- joining -----------------------------------------------------------------------------------

GROUP = replace(MANAGED, class_groups=frozenset({"3H2"}))


def joins(account, limits, consents):
    person = account.person
    classes = frozenset() if person is None else person.class_groups
    checks = (*CHECKS, under_sixteen(consents, limits))
    return may_join(Applicant(account=account, classes=classes), GROUP, checks)


@pytest.mark.parametrize(
    ("limits", "consents", "verdict", "rule"),
    [
        pytest.param(
            NOT_CHECKED, {}, Verdict.APPROVE, Rule.JOIN_OF_THE_CLASS, id="not checked: let in"
        ),
        pytest.param(
            CONSENT,
            {YOUNG.user: GIVEN},
            Verdict.APPROVE,
            Rule.JOIN_OF_THE_CLASS,
            id="with consent: let in",
        ),
        pytest.param(
            CONSENT,
            {YOUNG.user: NOT_GIVEN},
            Verdict.WAIT,
            Rule.JOIN_CONSENT_AWAITED,
            id="without consent: waits",
        ),
        pytest.param(
            CONSENT,
            {UserId(999): GIVEN},
            Verdict.WAIT,
            Rule.JOIN_CONSENT_AWAITED,
            id="consent for another child",
        ),
        pytest.param(
            REFUSE,
            {YOUNG.user: GIVEN},
            Verdict.DECLINE,
            Rule.JOIN_TOO_YOUNG,
            id="refused: told kindly",
        ),
    ],
)
def test_joining_when_under_sixteen_then_by_the_schools_choice(limits, consents, verdict, rule):
    answer = joins(YOUNG, limits, consents)

    assert (answer.verdict, answer.rule) == (verdict, rule)
    assert (answer.notice is not None) is (verdict is not Verdict.APPROVE)


@pytest.mark.parametrize("limits", EVERY_CHOICE)
def test_joining_when_of_another_class_then_that_is_the_reason(limits):
    assert joins(student("3H1"), limits, {}).rule is Rule.JOIN_ANOTHER_CLASS


@pytest.mark.parametrize("limits", EVERY_CHOICE)
def test_joining_when_a_stranger_then_age_is_not_asked(limits):
    assert joins(STRANGER, limits, {}).rule is Rule.JOIN_NOT_LINKED


def test_asking_at_home_when_a_child_waits_then_every_linked_guardian_sees_where():
    english = replace(GUARDIAN, user=UserId(302), language="en")

    assert ask_at_home(replace(NOT_GIVEN, guardians=(GUARDIAN, english))) == (
        SendPage(user=GUARDIAN.user, page=Page.CONSENT, language=Language.DUTCH, argument="asked"),
        SendPage(user=english.user, page=Page.CONSENT, language=Language.ENGLISH, argument="asked"),
    )


def test_asking_at_home_when_no_guardian_is_linked_then_nobody():
    assert ask_at_home(None) == ()
    assert ask_at_home(Consent(student=CHILD)) == ()


# --- giving and withdrawing --------------------------------------------------------------------

OURS = Child(
    person=CHILD, user=YOUNG.user, guardians=frozenset({GUARDIAN.person.id}), given_by=frozenset()
)
WITH_CONSENT = replace(OURS, given_by=OURS.guardians)
IN_A_GROUP = (
    StudentGroup(chat=CHAT, owner=COLLEAGUE, waits=False),
    StudentGroup(chat=ChatId(-2), owner=TEACHER, waits=True),
    StudentGroup(chat=ChatId(-3), owner=None, waits=False),
    StudentGroup(chat=ChatId(-4), owner=LEFT_SCHOOL, waits=False),
)
SHOWN = EditPage(user=GUARDIAN.user, page=Page.CONSENT, language=Language.DUTCH, message=MESSAGE)


def facts(child=OURS, *, who=GUARDIAN, gives=True, mark=0, **asker):
    return ConsentFacts(
        at=AT,
        asker=Asker(account=who, contact=Contact(), language=Language.DUTCH, **asker),
        gives=gives,
        mark=mark,
        child=child,
        replaces=MESSAGE,
    )


def test_consent_when_a_guardian_gives_it_then_recorded_once():
    first, again = facts(), facts(WITH_CONSENT)

    assert_always(first, judge(first, CONSENT))
    assert judge(first, CONSENT).events == (ConsentGiven(user=GUARDIAN.user, student=CHILD),)
    assert judge(first, CONSENT).changes == (
        GiveConsent(student=CHILD, guardian=GUARDIAN.person.id),
        JudgeRequestsAgain(),
    )
    assert judge(again, CONSENT).events == ()
    assert judge(again, CONSENT).changes == ()
    assert judge(again, CONSENT).effects == (SHOWN,)


def test_consent_when_withdrawn_then_owners_of_groups_hear_who_it_is_and_nobody_is_removed():
    child = replace(WITH_CONSENT, groups=IN_A_GROUP)
    pressed = facts(child, gives=False)

    decision = judge(pressed, CONSENT)

    assert_always(pressed, decision)
    assert decision.events == (ConsentWithdrawn(user=GUARDIAN.user, student=CHILD, holds=False),)
    assert decision.changes == (WithdrawConsent(student=CHILD, guardian=GUARDIAN.person.id),)
    assert decision.effects == (
        SHOWN,
        SendPage(
            user=COLLEAGUE.user,
            page=Page.CONSENT_WITHDRAWN,
            language=Language.ENGLISH,
            about=CHAT,
            argument=str(CHILD),
        ),
    )


@pytest.mark.parametrize(
    ("child", "limits"),
    [
        pytest.param(
            replace(WITH_CONSENT, given_by=WITH_CONSENT.given_by | {OTHER_GUARDIAN}),
            CONSENT,
            id="the other guardian's still stands",
        ),
        pytest.param(WITH_CONSENT, NOT_CHECKED, id="it is no longer needed"),
    ],
)
def test_consent_when_withdrawn_and_it_makes_no_difference_then_no_owner_hears(child, limits):
    decision = judge(facts(replace(child, groups=IN_A_GROUP), gives=False), limits)

    assert of_type(ConsentWithdrawn, decision.events) != []
    assert decision.effects == (SHOWN,)


@pytest.mark.parametrize("gives", [True, False], ids=["give", "withdraw"])
@pytest.mark.parametrize("mark", [0, 7], ids=["from before the first", "from before the last"])
def test_button_when_from_before_a_later_decision_then_shown_anew_and_nothing_is_done(mark, gives):
    child = replace(OURS if gives else WITH_CONSENT, marks={GUARDIAN.person.id: 8})

    decision = judge(facts(child, gives=gives, mark=mark), CONSENT)

    assert (decision.events, decision.changes, decision.effects) == ((), (), (SHOWN,))
    assert judge(facts(child, gives=gives, mark=8), CONSENT).events != ()


def test_consent_when_never_given_then_there_is_nothing_to_withdraw():
    decision = judge(facts(gives=False), CONSENT)

    assert (decision.events, decision.changes) == ((), ())


@pytest.mark.parametrize("limits", [NOT_CHECKED, REFUSE], ids=["not checked", "refused"])
def test_consent_when_the_school_does_not_ask_for_it_then_it_is_not_recorded(limits):
    assert judge(facts(), limits).changes == ()


@pytest.mark.parametrize("gives", [True, False], ids=["give", "withdraw"])
@pytest.mark.parametrize(
    ("who", "child"),
    [
        pytest.param(YOUNG, WITH_CONSENT, id="the student"),
        pytest.param(STRANGER, OURS, id="an unlinked account, such as the student's second"),
        pytest.param(TEACHER, OURS, id="a teacher"),
        pytest.param(
            replace(GUARDIAN, person=replace(GUARDIAN.person, active=False)),
            OURS,
            id="a guardian who is no longer in the roster",
        ),
        pytest.param(
            GUARDIAN, replace(OURS, guardians=frozenset({OTHER_GUARDIAN})), id="another's child"
        ),
        pytest.param(GUARDIAN, None, id="nobody's child"),
        pytest.param(
            replace(GUARDIAN, person=replace(GUARDIAN.person, role=Role.STAFF)),
            OURS,
            id="staff who was a guardian",
        ),
    ],
)
def test_consent_when_decided_by_another_than_a_guardian_of_the_child_then_refused(
    who, child, gives
):
    decision = judge(facts(child, who=who, gives=gives), CONSENT)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert only(CommandRefused, decision.events).command == "consent"
    assert of_type(GiveConsent, decision.changes) == []
    assert of_type(WithdrawConsent, decision.changes) == []


def test_consent_when_another_bot_presses_then_nothing():
    decision = judge(facts(is_bot=True), CONSENT)

    assert (decision.events, decision.changes, decision.effects) == ((), (), ())


# --- the school's choice -----------------------------------------------------------------------


def test_choice_when_the_log_does_not_hold_it_then_written_down():
    decision = judge_choice(None, CONSENT)

    assert decision.events == (
        UnderSixteenChosen(choice="guardian-consent", year_groups=(1, 2, 3)),
    )
    assert decision.changes == (RememberChoice(name=CHOICE, value="guardian-consent 1 2 3"),)


@pytest.mark.parametrize(
    ("limits", "written"),
    [
        pytest.param(CONSENT, False, id="the same"),
        pytest.param(REFUSE, True, id="another choice"),
        pytest.param(
            replace(CONSENT, under_sixteen_years=frozenset({1, 2})), True, id="other years"
        ),
    ],
)
def test_choice_when_it_is_another_then_written_down_again(limits, written):
    before = only(RememberChoice, judge_choice(None, CONSENT).changes).value

    assert (judge_choice(before, limits).events != ()) is written
