"""A roster that comes through the bot: everything but duties, which another must agree to."""

from dataclasses import replace
from typing import Any

import pytest

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterPerson, RosterRow
from bot.policy.rosters.roster_in_bot import ImportPlan, Wish, digest_of, plan_in_bot

COORDINATOR, LEADERSHIP = Duty.COORDINATOR, Duty.LEADERSHIP


def row(school_id: str = "VRI", *duties: Duty, role: Role = Role.STAFF) -> RosterRow:
    return RosterRow(school_id=school_id, name="Vera", role=role, duties=frozenset(duties))


def known(school_id: str = "VRI", *duties: Duty, **more: Any) -> RosterPerson:
    person = RosterPerson(
        school_id=school_id, name="Vera", role=Role.STAFF, duties=frozenset(duties)
    )
    return replace(person, **more)


def wish(duty: Duty, *, grants: bool, school_id: str = "VRI") -> Wish:
    return Wish(school_id=school_id, name="Vera", duty=duty, grants=grants)


@pytest.mark.parametrize(
    ("current", "rows", "wishes"),
    [
        pytest.param((), (row("VRI", COORDINATOR),), (wish(COORDINATOR, grants=True),), id="new"),
        pytest.param(
            (known(),), (row("VRI", COORDINATOR),), (wish(COORDINATOR, grants=True),), id="given"
        ),
        pytest.param(
            (known("VRI", COORDINATOR),), (row(),), (wish(COORDINATOR, grants=False),), id="taken"
        ),
        pytest.param(
            (known("VRI", COORDINATOR, granted=frozenset({COORDINATOR})),),
            (row(),),
            (),
            id="granted here",
        ),
        pytest.param((known("VRI", COORDINATOR),), (row("VRI", COORDINATOR),), (), id="the same"),
        pytest.param(
            (known("VRI", COORDINATOR),), (replace(row(), duties=None),), (), id="not named"
        ),
    ],
)
def test_duties_when_in_a_file_then_are_wishes_and_nothing_more(current, rows, wishes):
    planned = plan_in_bot(current, rows)

    assert planned.wishes == wishes
    before = {person.school_id: person.duties for person in current}
    for person in (*planned.plan.added, *(change.after for change in planned.plan.changed)):
        assert person.duties == before.get(person.school_id, frozenset())


def test_holder_when_not_in_the_file_then_stays_and_each_duty_is_to_be_taken():
    holder = known("COO", COORDINATOR, LEADERSHIP, granted=frozenset({LEADERSHIP}))

    planned = plan_in_bot((known(), holder), (row(),))

    assert planned.kept == (holder,)
    assert planned.plan.gone == ()
    assert planned.wishes == (
        wish(COORDINATOR, grants=False, school_id="COO"),
        wish(LEADERSHIP, grants=False, school_id="COO"),
    )


def test_holder_when_called_a_student_then_stays_as_he_is():
    holder = known("COO", COORDINATOR)

    planned = plan_in_bot((holder,), (row("COO", role=Role.STUDENT),))

    assert planned.kept == (holder,)
    assert planned.plan.changed == ()


def test_colleague_without_a_duty_when_not_in_the_file_then_goes():
    planned = plan_in_bot((known(), known("DAA")), (row(),))

    assert [person.school_id for person in planned.plan.gone] == ["DAA"]
    assert (planned.kept, planned.wishes) == ((), ())


def test_leaver_when_back_then_comes_without_the_duties_of_then():
    gone = known("COO", COORDINATOR, active=False, granted=frozenset({COORDINATOR}))

    planned = plan_in_bot((gone,), (replace(row("COO"), duties=None),))

    (change,) = planned.plan.changed
    assert change.after.active
    assert change.after.duties == change.after.granted == frozenset()


def test_digest_when_the_plan_is_the_same_then_is_the_same_whatever_the_order_of_sets():
    first = plan_in_bot((), (replace(row(), class_groups=frozenset(["4H2", "5V1", "wisB3"])),))
    second = plan_in_bot((), (replace(row(), class_groups=frozenset(["wisB3", "5V1", "4H2"])),))

    assert digest_of(first) == digest_of(second)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"name": "Vera V."}, id="name"),
        pytest.param({"class_groups": frozenset({"4H2"})}, id="class"),
        pytest.param({"role": Role.GUARDIAN, "children": frozenset({"1"})}, id="role"),
        pytest.param({"duties": frozenset({COORDINATOR})}, id="wish"),
        pytest.param({"school_id": "VR2"}, id="school id"),
    ],
)
def test_digest_when_anything_else_would_be_written_then_is_another(change):
    assert digest_of(plan_in_bot((), (row(),))) != digest_of(
        plan_in_bot((), (replace(row(), **change),))
    )


def test_digest_when_somebody_stays_for_a_duty_then_is_another():
    holder = known("COO", COORDINATOR)
    planned = plan_in_bot((known(), holder), (row(),))

    assert digest_of(planned) != digest_of(ImportPlan(plan=planned.plan, wishes=planned.wishes))
