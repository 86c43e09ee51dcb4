from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.group_look import LookFacts, judge
from bot.policy.changes import RememberLook, SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import (
    InspectGroup,
    Keyboard,
    Language,
    LeaveGroup,
    LockGroup,
    Purpose,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.events import (
    AdministratorChanged,
    GroupAdopted,
    GroupExplained,
    GroupLost,
    GroupRefused,
    GroupResumed,
    GroupSuspended,
    OwnerChanged,
    StaffTookPart,
)
from bot.policy.groups import REQUIRED_RIGHTS, ChatKind, GroupState, Seat
from bot.policy.people import Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.always import of_type, only
from tests.policy.world import (
    ASKED,
    AT,
    BOT_SEAT,
    CHANNEL,
    CHAT,
    COLLEAGUE,
    COLLEAGUE_SEAT,
    EARLIER,
    GOOD_LOOK,
    GUARDIAN,
    LEFT,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    OLD_CHAT,
    OTHER_BOT,
    OWNER_SEAT,
    PENDING,
    STRANGER,
    STUDENT,
    STUDENT_SEAT,
    SUSPENDED,
    TEACHER,
    account,
)
from tests.policy.world import look_facts as facts

NOT_A_MEMBER = {"is_member": False, "seats": (), "own_rights": frozenset(), "title": ""}
NO_LONGER_STAFF = account(TEACHER.user, Role.STAFF, active=False)
REASON = SendGroupNotice(chat=CHAT, key="group-refused", purpose=Purpose.REFUSAL)
LEAVE = LeaveGroup(chat=CHAT)


def owned_by(account):
    return {"seats": (Seat(user=account.user, is_owner=True), COLLEAGUE_SEAT)}


def private(key, to=TEACHER, **changes):
    return SendPrivateNotice(user=to.user, key=key, about=CHAT, **changes)


def late(group):
    return replace(group, deadline_at=AT)


def remembered(decision):
    return only(RememberLook, decision.changes)


# --- which rule --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "changes", "rule"),
    [
        pytest.param(
            PENDING, {"look": {"is_member": False}}, Rule.LEFT, id="pending and not in it"
        ),
        pytest.param(
            MANAGED, {"look": {"is_member": False}}, Rule.BOOKKEEPING, id="managed, not seen once"
        ),
        pytest.param(
            MANAGED,
            {"look": {"is_member": False}, "why": "poll"},
            Rule.BOOKKEEPING,
            id="managed, not seen by a poll",
        ),
        pytest.param(
            MANAGED,
            {"look": {"is_member": False}, "why": "gone"},
            Rule.LEFT,
            id="managed, not seen twice",
        ),
        pytest.param(
            SUSPENDED, {"look": {"is_member": False}}, Rule.BOOKKEEPING, id="suspended, not seen"
        ),
        pytest.param(MANAGED, {"why": "gone"}, Rule.KEEP, id="managed, seen again"),
        pytest.param(
            ASKED,
            {"look": NOT_A_MEMBER},
            Rule.WAIT_ITEMS_FAILING,
            id="asked for, and never been in it",
        ),
        pytest.param(
            replace(ASKED, looked_at=EARLIER, explained=frozenset({"not-in"})),
            {"look": NOT_A_MEMBER},
            Rule.WAIT_ITEMS_FAILING,
            id="asked for, and still never been in it",
        ),
        pytest.param(
            replace(ASKED, looked_at=EARLIER),
            {"look": NOT_A_MEMBER},
            Rule.LEFT,
            id="asked for, and no longer in it",
        ),
        pytest.param(
            late(ASKED), {"look": NOT_A_MEMBER}, Rule.LEFT, id="asked for, never in it, and late"
        ),
        pytest.param(
            ASKED,
            {"look": NOT_A_MEMBER, "confirmed_by": LEFT_SCHOOL},
            Rule.LEFT,
            id="asked for by somebody who left school, and never been in it",
        ),
        pytest.param(
            LEFT, {"look": {"is_member": False}}, Rule.BOOKKEEPING, id="left already, not in it"
        ),
        pytest.param(LEFT, {}, Rule.BOOKKEEPING, id="left already, the call still to come"),
        pytest.param(
            MANAGED, {"look": {"chat": OLD_CHAT}}, Rule.BOOKKEEPING, id="look at an earlier id"
        ),
        pytest.param(
            ASKED,
            {"look": {"kind": ChatKind.CHANNEL}},
            Rule.CHANNEL_NOT_A_GROUP,
            id="a channel, even of staff",
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(STUDENT)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="owned by a student",
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(GUARDIAN)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="owned by a guardian",
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(STRANGER)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="owned by somebody unknown",
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(LEFT_SCHOOL)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="owned by somebody who left school",
        ),
        pytest.param(
            ASKED,
            {"look": {"seats": (replace(OWNER_SEAT, is_bot=True),)}},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="owned by a bot",
        ),
        pytest.param(
            MANAGED,
            {"look": owned_by(STUDENT)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="managed, now owned by a student",
        ),
        pytest.param(
            SUSPENDED,
            {"look": owned_by(STUDENT)},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="suspended, now owned by a student",
        ),
        pytest.param(
            PENDING,
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.REFUSE_ADMINISTRATOR_NOT_STAFF,
            id="not asked for, with a student's seat",
        ),
        pytest.param(
            replace(PENDING, confirmed_by=COLLEAGUE.user),
            {"look": {"seats": (OWNER_SEAT, COLLEAGUE_SEAT, STUDENT_SEAT)}},
            Rule.REFUSE_ADMINISTRATOR_NOT_STAFF,
            id="asked for by another than its owner, with a student's seat",
        ),
        pytest.param(
            ASKED,
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.WAIT_ITEMS_FAILING,
            id="asked for by its owner, with a student's seat",
        ),
        pytest.param(
            ASKED,
            {"look": {"seats": (OWNER_SEAT, Seat(user=STRANGER.user))}},
            Rule.WAIT_ITEMS_FAILING,
            id="asked for by its owner, with a stranger's seat",
        ),
        pytest.param(
            late(ASKED),
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.REFUSE_ADMINISTRATOR_NOT_STAFF,
            id="asked for by its owner, with a student's seat, and late",
        ),
        pytest.param(
            MANAGED,
            {"owner": NO_LONGER_STAFF},
            Rule.SUSPEND,
            id="managed, its owner no longer on the list",
        ),
        pytest.param(
            SUSPENDED,
            {"owner": NO_LONGER_STAFF},
            Rule.SUSPEND,
            id="suspended, its owner no longer on the list",
        ),
        pytest.param(
            late(SUSPENDED),
            {"owner": NO_LONGER_STAFF},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="suspended, its owner no longer on the list, time over",
        ),
        pytest.param(
            replace(MANAGED, owner=None),
            {"owner": NO_LONGER_STAFF},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="managed, an owner of whom nothing was known before",
        ),
        pytest.param(
            replace(ASKED, owner=TEACHER.user),
            {"owner": NO_LONGER_STAFF},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="pending, its owner no longer on the list",
        ),
        pytest.param(
            MANAGED,
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.SUSPEND,
            id="managed with a student's seat gets time",
        ),
        pytest.param(
            SUSPENDED,
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.SUSPEND,
            id="suspended with a student's seat still has time",
        ),
        pytest.param(
            late(SUSPENDED),
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.REFUSE_ADMINISTRATOR_NOT_STAFF,
            id="suspended with a student's seat, time over",
        ),
        pytest.param(
            ASKED,
            {"look": {"seats": (OWNER_SEAT, BOT_SEAT)}},
            Rule.WAIT_ITEMS_FAILING,
            id="another bot's seat",
        ),
        pytest.param(
            MANAGED,
            {"look": {"seats": (OWNER_SEAT, BOT_SEAT)}},
            Rule.SUSPEND,
            id="managed, another bot's seat",
        ),
        pytest.param(late(PENDING), {}, Rule.REFUSE_DEADLINE_PASSED, id="late, never confirmed"),
        pytest.param(
            late(ASKED),
            {"look": {"is_forum": True}},
            Rule.REFUSE_DEADLINE_PASSED,
            id="late, still a forum",
        ),
        pytest.param(
            late(ASKED),
            {"look": {"seats": (COLLEAGUE_SEAT,)}},
            Rule.REFUSE_DEADLINE_PASSED,
            id="late, owner still hidden",
        ),
        pytest.param(
            late(SUSPENDED),
            {"look": {"is_forum": True}},
            Rule.REFUSE_DEADLINE_PASSED,
            id="suspended and late",
        ),
        pytest.param(late(ASKED), {}, Rule.ADOPT, id="late but in order"),
        pytest.param(late(SUSPENDED), {}, Rule.KEEP, id="suspended, mended just in time"),
        pytest.param(
            ASKED,
            {"look": {"seats": (COLLEAGUE_SEAT,)}},
            Rule.WAIT_OWNER_HIDDEN,
            id="pending, owner hidden",
        ),
        pytest.param(
            MANAGED,
            {"look": {"seats": (COLLEAGUE_SEAT,)}},
            Rule.SUSPEND,
            id="managed, owner hidden",
        ),
        pytest.param(
            ASKED, {"look": {"is_forum": True}}, Rule.WAIT_ITEMS_FAILING, id="pending and a forum"
        ),
        pytest.param(PENDING, {}, Rule.WAIT_NOT_CONFIRMED, id="in order, nobody asked"),
        pytest.param(
            PENDING,
            {"confirmed_by": STUDENT},
            Rule.WAIT_NOT_CONFIRMED,
            id="a student's asking does not count",
        ),
        pytest.param(
            PENDING,
            {"confirmed_by": COLLEAGUE},
            Rule.WAIT_NOT_CONFIRMED,
            id="asking without a seat does not count",
        ),
        pytest.param(
            PENDING,
            {"confirmed_by": LEFT_SCHOOL, "look": {"seats": (OWNER_SEAT,)}},
            Rule.WAIT_NOT_CONFIRMED,
            id="asking by somebody who left school does not count",
        ),
        pytest.param(
            PENDING,
            {"confirmed_by": COLLEAGUE, "look": {"seats": (OWNER_SEAT, COLLEAGUE_SEAT)}},
            Rule.ADOPT,
            id="a colleague with a seat may ask",
        ),
        pytest.param(ASKED, {}, Rule.ADOPT, id="in order and asked for by its owner"),
        pytest.param(MANAGED, {"look": {"is_forum": True}}, Rule.SUSPEND, id="now a forum"),
        pytest.param(MANAGED, {}, Rule.KEEP, id="managed and in order"),
        pytest.param(late(MANAGED), {}, Rule.KEEP, id="a managed group has no deadline"),
        pytest.param(
            late(MANAGED),
            {"look": {"is_forum": True}},
            Rule.SUSPEND,
            id="a managed group gets time, whatever deadline it had",
        ),
        pytest.param(
            late(MANAGED),
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            Rule.SUSPEND,
            id="a managed group with a student's seat gets time too",
        ),
        pytest.param(
            replace(PENDING, deadline_at=None),
            {},
            Rule.WAIT_NOT_CONFIRMED,
            id="pending without a deadline",
        ),
        pytest.param(
            MANAGED, {"confirmed_by": None}, Rule.KEEP, id="managed, the confirmer is gone"
        ),
        pytest.param(
            late(SUSPENDED),
            {"confirmed_by": None},
            Rule.KEEP,
            id="suspended and mended, the confirmer is gone",
        ),
        pytest.param(
            ASKED,
            {"owner": COLLEAGUE},
            Rule.REFUSE_OWNER_NOT_STAFF,
            id="the account of another person says nothing of the owner",
        ),
        pytest.param(SUSPENDED, {}, Rule.KEEP, id="suspended and mended"),
    ],
)
def test_look_when_group_is_so_then_rule(group, changes, rule):
    assert judge(facts(group, **changes), LIMITS).rule is rule


# --- leaving -----------------------------------------------------------------------------------


def test_look_when_bot_is_gone_then_group_is_lost_and_nothing_is_done():
    assert judge(facts(SUSPENDED, look=NOT_A_MEMBER, why="gone"), LIMITS) == Decision(
        rule=Rule.LEFT,
        events=(GroupLost(chat=CHAT, was="suspended"),),
        changes=(SetGroupState(chat=CHAT, state=GroupState.LEFT),),
    )


@pytest.mark.parametrize("group", [MANAGED, SUSPENDED], ids=["managed", "suspended"])
def test_look_when_bot_is_not_seen_once_then_only_looked_at_again_a_minute_later(group):
    again = InspectGroup(chat=CHAT, why="gone", not_before=AT + timedelta(seconds=60))

    assert judge(facts(group, look=NOT_A_MEMBER), LIMITS) == Decision(
        rule=Rule.BOOKKEEPING, effects=(again,)
    )


def test_look_when_bot_was_never_in_the_group_then_whoever_asked_hears_it_once():
    first = judge(facts(ASKED, look=NOT_A_MEMBER), LIMITS)
    waiting = replace(ASKED, looked_at=AT, explained=remembered(first).explained)
    again = judge(facts(waiting, look=NOT_A_MEMBER), LIMITS)

    assert first.events == (GroupExplained(chat=CHAT, user=TEACHER.user, items=("not-in",)),)
    assert first.effects == (private("group-not-in"),)
    assert (again.events, again.effects) == ((), ())
    assert again.changes == first.changes
    assert judge(facts(waiting), LIMITS).rule is Rule.ADOPT


@pytest.mark.parametrize("member", [True, False])
def test_look_when_left_already_then_nothing(member):
    decision = judge(facts(LEFT, look={"is_member": member}), LIMITS)

    assert decision == Decision(rule=Rule.BOOKKEEPING)


def test_look_when_it_saw_an_earlier_chat_then_only_the_chat_of_now_is_looked_at():
    stale = {"chat": OLD_CHAT, "kind": ChatKind.GROUP, "is_member": False}

    assert judge(facts(MANAGED, look=stale), LIMITS) == Decision(
        rule=Rule.BOOKKEEPING, effects=(InspectGroup(chat=CHAT, why="chat-migrated"),)
    )


def test_refusal_when_student_adds_bot_to_own_group_then_recorded_said_once_and_left():
    decision = judge(facts(PENDING, look=owned_by(STUDENT), added_by=STUDENT), LIMITS)

    assert decision.events == (
        GroupRefused(
            chat=CHAT,
            reason="b6-owner-not-staff",
            manager=Role.STUDENT,
            added_by=STUDENT.user,
            added_by_role=Role.STUDENT,
        ),
    )
    assert decision.effects == (REASON, LEAVE)
    assert decision.changes[-1] == SetGroupState(chat=CHAT, state=GroupState.LEFT, refused_at=AT)


@pytest.mark.parametrize(
    ("ago", "effects", "refused_at"),
    [
        pytest.param(timedelta(hours=23), (LEAVE,), None, id="said today: leaves in silence"),
        pytest.param(timedelta(hours=24), (REASON, LEAVE), AT, id="a day later: said again"),
    ],
)
def test_refusal_when_repeated_then_reason_is_said_once_a_day(ago, effects, refused_at):
    again = replace(PENDING, refused_at=AT - ago)

    decision = judge(facts(again, look=owned_by(STUDENT)), LIMITS)

    assert decision.effects == effects
    assert decision.changes[-1] == SetGroupState(
        chat=CHAT, state=GroupState.LEFT, refused_at=refused_at
    )


def test_refusal_when_chat_is_a_channel_then_nothing_is_posted_there():
    decision = judge(facts(look={"kind": ChatKind.CHANNEL}), LIMITS)

    assert decision.effects == (LEAVE,)
    assert only(GroupRefused, decision.events).reason == "b5-channel-not-a-group"


@pytest.mark.parametrize(
    ("group", "changes", "signals"),
    [
        pytest.param(
            PENDING,
            {"look": owned_by(STUDENT)},
            [StaffTookPart(chat=CHAT, user=TEACHER.user, manager=Role.STUDENT)],
            id="staff adds it to a student's group",
        ),
        pytest.param(
            PENDING,
            {"look": owned_by(STRANGER)},
            [StaffTookPart(chat=CHAT, user=TEACHER.user, manager=None)],
            id="staff adds it to a stranger's group",
        ),
        pytest.param(
            PENDING, {"look": owned_by(STUDENT), "added_by": STUDENT}, [], id="a student adds it"
        ),
        pytest.param(
            PENDING, {"look": owned_by(STUDENT), "added_by": None}, [], id="nobody knows who did"
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(STUDENT), "added_by": None},
            [StaffTookPart(chat=CHAT, user=TEACHER.user, manager=Role.STUDENT)],
            id="nobody knows who added it, but staff asked for it",
        ),
        pytest.param(
            PENDING,
            {"look": owned_by(STUDENT), "added_by": None, "confirmed_by": LEFT_SCHOOL},
            [],
            id="nobody knows who added it, and who asked is no longer staff",
        ),
        pytest.param(
            ASKED,
            {"look": owned_by(STUDENT), "added_by": STUDENT},
            [],
            id="a student adds it, whoever asked",
        ),
        pytest.param(
            PENDING,
            {"look": owned_by(STUDENT), "added_by": LEFT_SCHOOL},
            [],
            id="who added it is no longer staff",
        ),
        pytest.param(
            MANAGED, {"look": owned_by(STUDENT)}, [], id="a group of staff changed hands later"
        ),
        pytest.param(
            PENDING,
            {"look": {"seats": (OWNER_SEAT, STUDENT_SEAT)}},
            [],
            id="a group of staff with a student's seat",
        ),
        pytest.param(late(PENDING), {}, [], id="a group of staff that was late"),
        pytest.param(
            PENDING,
            {"look": {"kind": ChatKind.CHANNEL, **owned_by(STUDENT)}},
            [],
            id="a channel is no group app",
        ),
    ],
)
def test_refusal_when_staff_added_the_bot_then_a_signal_only_for_groups_not_of_staff(
    group, changes, signals
):
    decision = judge(facts(group, **changes), LIMITS)

    assert LEAVE in decision.effects
    assert of_type(StaffTookPart, decision.events) == signals


# --- waiting -----------------------------------------------------------------------------------


def test_waiting_when_owner_is_hidden_then_silence():
    decision = judge(facts(look={"seats": (COLLEAGUE_SEAT,)}), LIMITS)

    assert (decision.events, decision.effects) == ((), ())


def test_waiting_when_items_fail_then_owner_gets_them_in_one_message():
    rights = frozenset(REQUIRED_RIGHTS) - {"can_pin_messages", "can_delete_messages"}
    decision = judge(facts(look={"is_forum": True, "own_rights": rights}), LIMITS)

    assert decision.events == (
        GroupExplained(chat=CHAT, user=TEACHER.user, items=("forum", "rights-missing")),
    )
    assert decision.effects == (
        private(
            "group-items",
            values={
                "items": "forum rights-missing",
                "rights": "can_delete_messages can_pin_messages",
            },
        ),
    )
    assert remembered(decision).explained == frozenset({"forum", "rights-missing"})


@pytest.mark.parametrize(
    ("explained", "told"),
    [
        pytest.param({"forum"}, False, id="told already: silence"),
        pytest.param({"forum", "boosts"}, True, id="fewer items: told anew"),
        pytest.param({"boosts"}, True, id="other items: told anew"),
        pytest.param({"not-confirmed"}, True, id="asked to confirm before: told anew"),
    ],
)
def test_waiting_when_items_fail_then_owner_is_told_again_only_when_they_change(explained, told):
    group = replace(ASKED, explained=frozenset(explained))

    decision = judge(facts(group, look={"is_forum": True}), LIMITS)

    assert bool(decision.effects) is told
    assert bool(decision.events) is told
    assert remembered(decision).explained == frozenset({"forum"})


@pytest.mark.parametrize(
    ("group", "look", "told"),
    [
        pytest.param(PENDING, {"own_rights": frozenset()}, False, id="plainly added: silence"),
        pytest.param(ASKED, {"own_rights": frozenset()}, True, id="asked for by its owner"),
        pytest.param(
            PENDING, {"own_rights": frozenset(), "is_forum": True}, True, id="something else too"
        ),
    ],
)
def test_waiting_when_only_rights_miss_then_owner_hears_it_once_somebody_asked(group, look, told):
    decision = judge(facts(group, look=look), LIMITS)

    assert decision.rule is Rule.WAIT_ITEMS_FAILING
    assert bool(decision.effects) is told
    assert bool(remembered(decision).explained) is told


def test_waiting_when_nobody_asked_then_owner_is_asked_once():
    first = judge(facts(PENDING), LIMITS)
    again = judge(facts(replace(PENDING, explained=remembered(first).explained)), LIMITS)

    assert first.events == (GroupExplained(chat=CHAT, user=TEACHER.user, items=("not-confirmed",)),)
    assert first.effects == (private("group-confirm", keyboard=Keyboard.CONFIRM_GROUP),)
    assert (again.rule, again.events, again.effects) == (Rule.WAIT_NOT_CONFIRMED, (), ())
    assert again.changes == first.changes


def test_waiting_when_owner_speaks_english_then_notice_is_in_english():
    seats = (Seat(user=COLLEAGUE.user, is_owner=True),)

    decision = judge(facts(PENDING, look={"seats": seats}), LIMITS)

    notice = only(SendPrivateNotice, decision.effects)
    assert (notice.user, notice.language) == (COLLEAGUE.user, Language.ENGLISH)


# --- staying -----------------------------------------------------------------------------------


def test_adoption_when_open_then_group_is_locked_and_that_is_no_drift():
    decision = judge(facts(look={"allowed": frozenset({"can_send_messages"})}), LIMITS)

    assert decision == Decision(
        rule=Rule.ADOPT,
        events=(GroupAdopted(chat=CHAT, user=TEACHER.user),),
        changes=(
            RememberLook(
                chat=CHAT,
                kind=ChatKind.SUPERGROUP,
                title="2B rooster",
                seats=(OWNER_SEAT,),
                linked_channel=None,
                explained=frozenset(),
                lock_proved_at=None,
                open_since=AT,
            ),
            SetGroupState(chat=CHAT, state=GroupState.MANAGED),
        ),
        effects=(LockGroup(chat=CHAT),),
    )


def test_suspension_when_managed_group_fails_then_owner_gets_items_and_deadline():
    decision = judge(facts(MANAGED, look={"is_forum": True}), LIMITS)

    assert decision.events == (GroupSuspended(chat=CHAT, items=("forum",)),)
    assert decision.changes[-1] == SetGroupState(
        chat=CHAT, state=GroupState.SUSPENDED, deadline_at=AT + timedelta(hours=24)
    )
    assert decision.effects == (
        private("group-suspended", values={"items": "forum", "until": "2026-11-24T10:00:00+00:00"}),
    )


@pytest.mark.parametrize(
    ("confirmed_by", "seats", "told"),
    [
        pytest.param(COLLEAGUE, (COLLEAGUE_SEAT,), [COLLEAGUE.user], id="the confirmer has a seat"),
        pytest.param(TEACHER, (COLLEAGUE_SEAT,), [], id="the confirmer has none"),
        pytest.param(None, (COLLEAGUE_SEAT,), [], id="nobody confirmed"),
    ],
)
def test_suspension_when_owner_hides_then_at_most_the_confirmer_is_told(confirmed_by, seats, told):
    decision = judge(facts(MANAGED, look={"seats": seats}, confirmed_by=confirmed_by), LIMITS)

    suspended = of_type(GroupSuspended, decision.events)
    assert suspended == [GroupSuspended(chat=CHAT, items=("owner-hidden",))]
    assert [notice.user for notice in of_type(SendPrivateNotice, decision.effects)] == told


def test_suspension_when_the_confirmer_has_left_school_then_nobody_is_told():
    seats = (Seat(user=LEFT_SCHOOL.user),)

    decision = judge(facts(MANAGED, look={"seats": seats}, confirmed_by=LEFT_SCHOOL), LIMITS)

    assert decision.rule is Rule.SUSPEND
    assert decision.effects == ()


def test_suspension_when_owner_is_no_longer_on_the_list_then_owner_is_told_and_has_a_day():
    decision = judge(facts(MANAGED, owner=NO_LONGER_STAFF), LIMITS)

    assert decision.events == (GroupSuspended(chat=CHAT, items=("owner-not-staff",)),)
    assert decision.changes[-1] == SetGroupState(
        chat=CHAT, state=GroupState.SUSPENDED, deadline_at=AT + timedelta(hours=24)
    )
    assert decision.effects == (
        private(
            "group-suspended",
            values={"items": "owner-not-staff", "until": "2026-11-24T10:00:00+00:00"},
        ),
    )


def test_suspension_when_nothing_changed_then_nothing_is_said_and_the_deadline_stays():
    decision = judge(facts(SUSPENDED, look={"is_forum": True}), LIMITS)

    assert (decision.rule, decision.events, decision.effects) == (Rule.SUSPEND, (), ())
    assert of_type(SetGroupState, decision.changes) == []


def test_suspension_when_items_change_then_explained_with_the_same_deadline():
    decision = judge(facts(SUSPENDED, look={"boosts_unrestrict": 1}), LIMITS)

    assert decision.events == (GroupExplained(chat=CHAT, user=TEACHER.user, items=("boosts",)),)
    assert decision.effects == (
        private(
            "group-suspended", values={"items": "boosts", "until": "2026-11-23T22:00:00+00:00"}
        ),
    )
    assert of_type(SetGroupState, decision.changes) == []


def test_suspension_when_items_change_and_nobody_can_be_told_then_no_explanation_is_recorded():
    hidden = {"seats": (COLLEAGUE_SEAT,)}

    decision = judge(facts(SUSPENDED, look=hidden), LIMITS)

    assert of_type(GroupExplained, decision.events) == []
    assert decision.effects == ()


def test_resumption_when_mended_then_recorded_and_owner_told():
    decision = judge(facts(SUSPENDED), LIMITS)

    assert decision.events == (GroupResumed(chat=CHAT),)
    assert decision.changes[-1] == SetGroupState(chat=CHAT, state=GroupState.MANAGED)
    assert remembered(decision).explained == frozenset()
    assert decision.effects == (private("group-resumed"),)


def test_look_when_managed_group_is_in_order_then_nothing_is_said_or_done():
    decision = judge(facts(MANAGED), LIMITS)

    assert (decision.events, decision.effects) == ((), ())
    assert decision.changes == (
        RememberLook(
            chat=CHAT,
            kind=ChatKind.SUPERGROUP,
            title="2B rooster",
            seats=(OWNER_SEAT,),
            linked_channel=None,
            explained=frozenset(),
            lock_proved_at=AT,
            open_since=None,
        ),
    )


# --- owner and administrators ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "look", "events"),
    [
        pytest.param(
            COLLEAGUE.user,
            {},
            [OwnerChanged(chat=CHAT, user=TEACHER.user, role=Role.STAFF)],
            id="another owner",
        ),
        pytest.param(
            TEACHER.user,
            {"seats": (COLLEAGUE_SEAT,)},
            [OwnerChanged(chat=CHAT, user=None, role=None)],
            id="no owner shows any more",
        ),
        pytest.param(
            TEACHER.user,
            owned_by(STUDENT),
            [OwnerChanged(chat=CHAT, user=STUDENT.user, role=Role.STUDENT)],
            id="a student, and the group is refused",
        ),
        pytest.param(None, {}, [], id="the first owner that shows is no change"),
        pytest.param(TEACHER.user, {}, [], id="the same owner"),
    ],
)
def test_owner_when_another_than_before_then_recorded(before, look, events):
    decision = judge(facts(replace(MANAGED, owner=before), look=look), LIMITS)

    assert of_type(OwnerChanged, decision.events) == events


def test_seats_when_changed_without_an_update_then_recorded_with_nobody_as_actor():
    before = replace(MANAGED, seats=(OWNER_SEAT, COLLEAGUE_SEAT))
    now = {"seats": (OWNER_SEAT, STUDENT_SEAT, BOT_SEAT)}

    decision = judge(facts(before, look=now, former=(TEACHER, COLLEAGUE)), LIMITS)

    assert of_type(AdministratorChanged, decision.events) == [
        AdministratorChanged(
            chat=CHAT, user=COLLEAGUE.user, role=Role.STAFF, by=None, seated=False
        ),
        AdministratorChanged(chat=CHAT, user=STUDENT.user, role=Role.STUDENT, by=None, seated=True),
        AdministratorChanged(chat=CHAT, user=OTHER_BOT, role=None, by=None, seated=True),
    ]


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(replace(ASKED, looked_at=AT), id="pending: not ours to watch yet"),
        pytest.param(replace(MANAGED, looked_at=None), id="never looked at under this id"),
        pytest.param(
            replace(MANAGED, seats=(OWNER_SEAT, COLLEAGUE_SEAT)), id="the same administrators"
        ),
        pytest.param(
            replace(MANAGED, seats=(COLLEAGUE_SEAT,), owner=COLLEAGUE.user),
            id="the new owner's seat is told as an owner's",
        ),
    ],
)
def test_seats_when_nothing_to_compare_then_nothing_recorded(group):
    decision = judge(facts(group, look={"seats": (OWNER_SEAT, COLLEAGUE_SEAT)}), LIMITS)

    assert of_type(AdministratorChanged, decision.events) == []


def test_linked_channel_when_registered_then_group_complies_and_it_is_remembered():
    decision = judge(
        facts(MANAGED, look={"linked_channel": CHANNEL}, channel_registered=True), LIMITS
    )

    assert decision.rule is Rule.KEEP
    assert remembered(decision).linked_channel == CHANNEL


# --- always ------------------------------------------------------------------------------------


@st.composite
def facts_of_any_kind(draw):
    """Mostly the group's own chat, members' own seats and a staff owner, so that all rules meet."""
    group = draw(always.groups)
    seated = draw(st.lists(st.tuples(always.seats, always.accounts), max_size=4).map(tuple))
    administrators = tuple((replace(seat, user=who.user), who) for seat, who in seated)
    look = draw(always.looks)
    if draw(st.booleans()):
        kind = draw(st.sampled_from([ChatKind.SUPERGROUP, ChatKind.GROUP]))
        look = replace(look, chat=group.chat, is_member=True, kind=kind)
    if draw(st.booleans()):
        owner = account(9, Role.STAFF)
        administrators = ((Seat(user=owner.user, is_owner=True), owner),)
        rights = frozenset(REQUIRED_RIGHTS)
        look = replace(GOOD_LOOK, chat=group.chat, allowed=look.allowed, own_rights=rights)
    if draw(st.booleans()):
        look = replace(look, seats=tuple(seat for seat, _ in administrators))
    people = st.sampled_from([None, *(who for _, who in administrators)]) | always.accounts
    return LookFacts(
        at=draw(always.moments),
        group=group,
        look=look,
        owner=next((who for seat, who in administrators if seat.is_owner), None),
        administrators=administrators,
        added_by=draw(people),
        confirmed_by=draw(people),
        channel_registered=draw(st.booleans()),
        former=tuple(draw(st.lists(always.accounts, max_size=2))),
        why=draw(st.sampled_from(["", "read-back", "effect-refused", "gone"])),
    )


@given(facts=facts_of_any_kind(), limits=always.limits)
def test_look_always_answers_about_the_groups_of_its_facts_alone(facts, limits):
    decision = judge(facts, limits)

    always.assert_always(facts, decision)
    refused = of_type(GroupRefused, decision.events)
    left = of_type(LeaveGroup, decision.effects)
    assert len(refused) == len(left) <= 1
