from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.accounts.linking import LinkFacts, judge
from bot.policy.changes import LinkAccount, RecordWrongCode
from bot.policy.decision import Decision
from bot.policy.effects import Language, SendPrivateNotice, SetCommandMenu
from bot.policy.events import AccountLinked, CodeRefused
from bot.policy.known import Code, Contact
from bot.policy.people import Duty, Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.always import only
from tests.policy.world import (
    AT,
    COORDINATOR,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    OTHER_STUDENT,
    STRANGER,
    STUDENT,
    TEACHER,
)


def code_of(account, **changes):
    good = Code(
        person=account.person,
        expires_at=AT + timedelta(days=1),
        spent=False,
        revoked=False,
        person_has_account=False,
    )
    return replace(good, **changes)


def facts(code, account=STRANGER, wrong=(), language="nl"):
    return LinkFacts(
        at=AT,
        account=account,
        contact=Contact(wrong_codes=tuple(AT - timedelta(minutes=ago) for ago in wrong)),
        code=code,
        code_hash="hash",
        language=language,
    )


def notice(key, account=STRANGER, language=Language.DUTCH):
    return SendPrivateNotice(user=account.user, key=key, language=language)


@pytest.mark.parametrize(
    ("link", "rule"),
    [
        pytest.param(facts(code_of(STUDENT)), Rule.CODE_ACCEPTED, id="good code"),
        pytest.param(
            facts(code_of(STUDENT), wrong=[1, 2, 3, 4]),
            Rule.CODE_ACCEPTED,
            id="good code after four wrong ones",
        ),
        pytest.param(
            facts(code_of(STUDENT), wrong=[1, 2, 3, 4, 60]),
            Rule.CODE_ACCEPTED,
            id="the fifth wrong one is an hour ago",
        ),
        pytest.param(
            facts(code_of(STUDENT), wrong=[1, 2, 3, 4, 59]),
            Rule.CODE_GUESSING,
            id="good code after five wrong ones",
        ),
        pytest.param(
            facts(None, wrong=[1, 2, 3, 4, 5, 6]), Rule.CODE_GUESSING, id="still guessing"
        ),
        pytest.param(facts(None), Rule.CODE_UNKNOWN, id="no such code"),
        pytest.param(facts(code_of(STUDENT, spent=True)), Rule.CODE_SPENT, id="spent"),
        pytest.param(facts(code_of(STUDENT, revoked=True)), Rule.CODE_SPENT, id="revoked"),
        pytest.param(
            facts(code_of(STUDENT, spent=True, expires_at=AT)), Rule.CODE_SPENT, id="spent, expired"
        ),
        pytest.param(facts(code_of(STUDENT, expires_at=AT)), Rule.CODE_EXPIRED, id="expired"),
        pytest.param(facts(code_of(LEFT_SCHOOL)), Rule.CODE_UNKNOWN, id="of one who left school"),
        pytest.param(
            facts(code_of(STUDENT, person_has_account=True), STUDENT),
            Rule.ALREADY_LINKED,
            id="a newer code of one's own",
        ),
        pytest.param(
            facts(code_of(STUDENT, person_has_account=True, spent=True), STUDENT),
            Rule.ALREADY_LINKED,
            id="the link pressed twice",
        ),
        pytest.param(
            facts(code_of(LEFT_SCHOOL, person_has_account=True), LEFT_SCHOOL),
            Rule.CODE_UNKNOWN,
            id="one's own, but one has left school",
        ),
        pytest.param(
            facts(code_of(OTHER_STUDENT), STUDENT),
            Rule.CODE_NOT_YOURS,
            id="another person's, on an account that is linked",
        ),
        pytest.param(
            facts(code_of(OTHER_STUDENT, person_has_account=True)),
            Rule.CODE_NOT_YOURS,
            id="of somebody who has an account",
        ),
        pytest.param(
            facts(code_of(OTHER_STUDENT, spent=True), STUDENT),
            Rule.CODE_SPENT,
            id="another person's, spent",
        ),
    ],
)
def test_code_when_typed_so_then_rule(link, rule):
    assert judge(link, LIMITS).rule is rule


@pytest.mark.parametrize(
    ("person", "role", "key"),
    [
        pytest.param(STUDENT, Role.STUDENT, "welcome-student", id="student"),
        pytest.param(TEACHER, Role.STAFF, "welcome-staff", id="staff"),
        pytest.param(GUARDIAN, Role.GUARDIAN, "welcome-guardian", id="guardian"),
    ],
)
def test_code_when_accepted_then_linked_recorded_and_welcomed(person, role, key):
    assert judge(facts(code_of(person), language="en-GB"), LIMITS) == Decision(
        rule=Rule.CODE_ACCEPTED,
        events=(AccountLinked(user=STRANGER.user, person=person.person.id, role=role, duties=()),),
        changes=(
            LinkAccount(
                user=STRANGER.user, person=person.person.id, code_hash="hash", language="en"
            ),
        ),
        effects=(
            notice(key, language=Language.ENGLISH),
            SetCommandMenu(user=STRANGER.user),
        ),
    )


def test_code_when_of_staff_with_duties_then_they_are_recorded_in_a_fixed_order():
    linked = only(AccountLinked, judge(facts(code_of(COORDINATOR)), LIMITS).events)

    assert linked.duties == (Duty.COORDINATOR, Duty.LEADERSHIP)


@pytest.mark.parametrize(
    ("link", "rule", "key"),
    [
        pytest.param(facts(None), Rule.CODE_UNKNOWN, "code-unknown", id="unknown"),
        pytest.param(
            facts(code_of(STUDENT, spent=True)), Rule.CODE_SPENT, "code-spent", id="spent"
        ),
        pytest.param(
            facts(code_of(STUDENT, expires_at=AT)),
            Rule.CODE_EXPIRED,
            "code-expired",
            id="expired",
        ),
        pytest.param(
            facts(code_of(STUDENT, person_has_account=True)),
            Rule.CODE_NOT_YOURS,
            "code-not-yours",
            id="not yours",
        ),
    ],
)
def test_code_when_refused_then_recorded_counted_and_told_why(link, rule, key):
    assert judge(link, LIMITS) == Decision(
        rule=rule,
        events=(CodeRefused(user=STRANGER.user, reason=rule.value),),
        changes=(RecordWrongCode(user=STRANGER.user),),
        effects=(notice(key),),
    )


def test_code_when_of_one_who_left_school_then_answered_like_a_code_that_never_was():
    assert judge(facts(code_of(LEFT_SCHOOL)), LIMITS) == judge(facts(None), LIMITS)


@pytest.mark.parametrize(
    ("wrong", "effects"),
    [
        pytest.param([1, 2, 3, 4, 5], (notice("code-guessing"),), id="at the limit: said once"),
        pytest.param([1, 2, 3, 4, 5, 6], (), id="after it: silence"),
    ],
)
def test_code_when_guessed_then_a_right_code_is_answered_like_a_wrong_one(wrong, effects):
    expected = Decision(
        rule=Rule.CODE_GUESSING,
        events=(CodeRefused(user=STRANGER.user, reason="house-code-guessing"),),
        changes=(RecordWrongCode(user=STRANGER.user),),
        effects=effects,
    )

    assert judge(facts(None, wrong=wrong), LIMITS) == expected
    assert judge(facts(code_of(STUDENT), wrong=wrong), LIMITS) == expected


def test_code_when_linked_already_then_kind_and_neither_spent_nor_counted():
    link = facts(code_of(STUDENT, person_has_account=True), STUDENT)

    assert judge(link, LIMITS) == Decision(
        rule=Rule.ALREADY_LINKED, effects=(notice("already-linked", STUDENT),)
    )


codes = st.builds(
    Code,
    person=always.people,
    expires_at=always.moments,
    spent=st.booleans(),
    revoked=st.booleans(),
    person_has_account=st.booleans(),
)


@given(
    facts=st.builds(
        LinkFacts,
        at=always.moments,
        account=always.accounts,
        contact=always.contacts,
        code=st.none() | codes,
        code_hash=always.words,
        language=st.sampled_from(["nl", "en", "tr", ""]),
    ),
    limits=always.limits,
)
def test_code_always_gets_one_answer_and_links_only_what_is_free(facts, limits):
    decision = judge(facts, limits)

    always.assert_always(facts, decision)
    linked = any(isinstance(change, LinkAccount) for change in decision.changes)
    assert linked is (decision.rule is Rule.CODE_ACCEPTED)
    if linked:
        assert facts.account.person is None
        assert not any((facts.code.spent, facts.code.revoked, facts.code.person_has_account))
        assert facts.code.person.active
        assert facts.at < facts.code.expires_at
