from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.membership import (
    BotMembershipFacts,
    MigrationFacts,
    OwnerFacts,
    SeatFacts,
    judge_bot,
    judge_migration,
    judge_owner,
    judge_seat,
    judge_unknown_chat,
)
from bot.policy.changes import (
    ConfirmGroup,
    MigrateGroup,
    RememberGroup,
    RememberOwner,
    RememberSeat,
    SetGroupState,
)
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup
from bot.policy.events import (
    AdministratorChanged,
    BotAdded,
    BotRemoved,
    BotRightsChanged,
    GroupConfirmed,
    GroupMigrated,
    OwnerChanged,
)
from bot.policy.groups import REQUIRED_RIGHTS, ChatKind, GroupState
from bot.policy.people import Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.always import of_type
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    GUARDIAN,
    LEFT,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    OLD_CHAT,
    PENDING,
    STRANGER,
    STUDENT,
    SUSPENDED,
    TEACHER,
)

NOTHING = Decision(rule=Rule.BOOKKEEPING)
CONFIRM = ConfirmGroup(chat=CHAT, by=TEACHER.user)
CONFIRMED = GroupConfirmed(chat=CHAT, user=TEACHER.user, how="rights")


def look(why, chat=CHAT):
    return InspectGroup(chat=chat, why=why)


# --- the bot itself ----------------------------------------------------------------------------


def bot_facts(**changes):
    """A student adds the bot as an ordinary member to a group that we do not know."""
    defaults = {
        "at": AT,
        "chat": CHAT,
        "kind": ChatKind.SUPERGROUP,
        "title": "2B",
        "actor": STUDENT,
        "group": None,
        "was_member": False,
        "is_member": True,
        "missing_rights": REQUIRED_RIGHTS,
        "is_administrator": False,
    }
    return BotMembershipFacts(**{**defaults, **changes})


PROMOTED = {"is_administrator": True, "missing_rights": ()}
GONE = {"was_member": True, "is_member": False}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({}, Rule.ADDED, id="added to an unknown group"),
        pytest.param({"group": LEFT}, Rule.ADDED, id="added again after leaving"),
        pytest.param({"group": PENDING}, Rule.ADDED, id="a message came before it"),
        pytest.param({"group": MANAGED}, Rule.ADDED, id="the removal was missed"),
        pytest.param(
            {"was_member": True, **PROMOTED}, Rule.ADDED, id="promoted in an unknown group"
        ),
        pytest.param(
            {"was_member": True, "group": LEFT}, Rule.ADDED, id="still there after leaving"
        ),
        pytest.param({"was_member": True, "group": PENDING}, Rule.RIGHTS_CHANGED, id="pending"),
        pytest.param({"was_member": True, "group": MANAGED}, Rule.RIGHTS_CHANGED, id="managed"),
        pytest.param({**GONE, "group": PENDING}, Rule.REMOVED, id="removed while pending"),
        pytest.param({**GONE, "group": MANAGED}, Rule.REMOVED, id="removed while managed"),
        pytest.param({**GONE, "group": SUSPENDED}, Rule.REMOVED, id="removed while suspended"),
        pytest.param({**GONE, "group": LEFT}, Rule.BOOKKEEPING, id="our own leaving"),
        pytest.param(GONE, Rule.BOOKKEEPING, id="removed from an unknown group"),
        pytest.param(
            {**GONE, "chat": OLD_CHAT, "group": MANAGED},
            Rule.BOOKKEEPING,
            id="the last word of the chat of before a migration",
        ),
    ],
)
def test_bot_when_membership_changes_then_rule(changes, rule):
    assert judge_bot(bot_facts(**changes), LIMITS).rule is rule


def test_bot_when_added_then_remembered_recorded_and_looked_at():
    assert judge_bot(bot_facts(), LIMITS) == Decision(
        rule=Rule.ADDED,
        events=(BotAdded(chat=CHAT, user=STUDENT.user, role=Role.STUDENT),),
        changes=(
            RememberGroup(
                chat=CHAT,
                kind=ChatKind.SUPERGROUP,
                title="2B",
                added_by=STUDENT.user,
                deadline_at=AT + timedelta(hours=24),
            ),
        ),
        effects=(look("bot-added"),),
    )


def test_bot_when_added_by_nobody_that_telegram_names_then_recorded_so():
    decision = judge_bot(bot_facts(actor=None), LIMITS)

    assert decision.events == (BotAdded(chat=CHAT, user=None, role=None),)


@pytest.mark.parametrize("group", [PENDING, MANAGED, SUSPENDED], ids=lambda group: group.state)
def test_bot_when_removed_then_recorded_and_left(group):
    assert judge_bot(bot_facts(group=group, **GONE), LIMITS) == Decision(
        rule=Rule.REMOVED,
        events=(
            BotRemoved(chat=CHAT, user=STUDENT.user, role=Role.STUDENT, was=group.state.value),
        ),
        changes=(SetGroupState(chat=CHAT, state=GroupState.LEFT),),
    )


def test_bot_when_rights_are_taken_then_recorded_and_looked_at():
    taken = bot_facts(
        group=MANAGED, was_member=True, actor=TEACHER, missing_rights=("can_pin_messages",)
    )

    assert judge_bot(taken, LIMITS) == Decision(
        rule=Rule.RIGHTS_CHANGED,
        events=(BotRightsChanged(chat=CHAT, user=TEACHER.user, missing=("can_pin_messages",)),),
        effects=(look("rights-changed"),),
    )


@pytest.mark.parametrize(
    ("changes", "confirmed"),
    [
        pytest.param({"actor": TEACHER, **PROMOTED}, True, id="staff adds it with all rights"),
        pytest.param(
            {"actor": TEACHER, "group": LEFT, **PROMOTED}, True, id="staff adds it once more"
        ),
        pytest.param(
            {"actor": TEACHER, "group": PENDING, "was_member": True, **PROMOTED},
            True,
            id="staff promotes it later",
        ),
        pytest.param(
            {
                "actor": TEACHER,
                "group": replace(PENDING, confirmed_by=COLLEAGUE.user),
                "was_member": True,
                **PROMOTED,
            },
            True,
            id="somebody else asked before",
        ),
        pytest.param(
            {
                "actor": TEACHER,
                "group": replace(PENDING, confirmed_by=TEACHER.user),
                "was_member": True,
                **PROMOTED,
            },
            False,
            id="the same person asked already",
        ),
        pytest.param({"actor": TEACHER}, False, id="staff adds it as an ordinary member"),
        pytest.param(
            {
                "actor": TEACHER,
                "is_administrator": True,
                "missing_rights": ("can_pin_messages",),
            },
            False,
            id="a right is missing",
        ),
        pytest.param({"actor": STUDENT, **PROMOTED}, False, id="a student"),
        pytest.param({"actor": GUARDIAN, **PROMOTED}, False, id="a guardian"),
        pytest.param({"actor": STRANGER, **PROMOTED}, False, id="a stranger"),
        pytest.param({"actor": LEFT_SCHOOL, **PROMOTED}, False, id="somebody who left school"),
        pytest.param({"actor": None, **PROMOTED}, False, id="nobody that Telegram names"),
        pytest.param(
            {
                "actor": TEACHER,
                "group": replace(MANAGED, confirmed_by=COLLEAGUE.user),
                "was_member": True,
                **PROMOTED,
            },
            False,
            id="managed already",
        ),
        pytest.param(
            {
                "actor": TEACHER,
                "group": replace(LEFT, confirmed_by=TEACHER.user),
                **PROMOTED,
            },
            True,
            id="asked before the group was left",
        ),
        pytest.param(
            {"actor": TEACHER, "missing_rights": ()}, False, id="a member, whatever its rights"
        ),
    ],
)
def test_bot_when_given_rights_then_only_staff_ask_by_it_to_manage_the_group(changes, confirmed):
    decision = judge_bot(bot_facts(**changes), LIMITS)

    expected = ([CONFIRM], [CONFIRMED]) if confirmed else ([], [])
    assert of_type(ConfirmGroup, decision.changes) == expected[0]
    assert of_type(GroupConfirmed, decision.events) == expected[1]


@pytest.mark.parametrize("group", [PENDING, MANAGED], ids=lambda group: group.state)
def test_unknown_chat_when_it_is_known_by_now_then_nothing(group):
    assert judge_unknown_chat(bot_facts(group=group), LIMITS) == NOTHING


def test_chat_that_was_left_when_something_new_arrives_from_it_then_starts_again():
    facts = bot_facts(actor=None, group=LEFT)

    assert judge_unknown_chat(facts, LIMITS) == judge_bot(facts, LIMITS)
    assert judge_unknown_chat(facts, LIMITS).effects != ()


@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        pytest.param({"leaving": True}, False, id="still leaving"),
        pytest.param({"left_at": bot_facts().at}, False, id="written before it was left"),
        pytest.param({"left_at": bot_facts().at - timedelta(seconds=1)}, True, id="after"),
    ],
)
def test_chat_that_was_left_when_it_cannot_say_that_we_are_back_then_nothing(changes, starts):
    facts = bot_facts(actor=None, group=replace(LEFT, **changes))

    assert (judge_unknown_chat(facts, LIMITS, happened_at=facts.at) != NOTHING) is starts


def test_unknown_chat_when_nothing_is_known_of_it_then_as_added_now():
    facts = bot_facts(actor=None)

    assert judge_unknown_chat(facts, LIMITS) == judge_bot(facts, LIMITS)


# --- administrators and the owner --------------------------------------------------------------


def seat_facts(**changes):
    """TEACHER gives STUDENT a seat in a managed group."""
    defaults = {
        "at": AT,
        "group": MANAGED,
        "chat": CHAT,
        "subject": STUDENT,
        "actor": TEACHER,
        "was_administrator": False,
        "is_administrator": True,
        "was_member": True,
        "is_member": True,
        "subject_is_bot": False,
    }
    return SeatFacts(**{**defaults, **changes})


@pytest.mark.parametrize("seated", [True, False], ids=["given", "taken"])
def test_seat_when_given_or_taken_then_recorded_remembered_and_looked_at(seated):
    changed = seat_facts(was_administrator=not seated, is_administrator=seated)

    assert judge_seat(changed, LIMITS) == Decision(
        rule=Rule.SEATS_CHANGED,
        events=(
            AdministratorChanged(
                chat=CHAT, user=STUDENT.user, role=Role.STUDENT, by=TEACHER.user, seated=seated
            ),
        ),
        changes=(RememberSeat(chat=CHAT, user=STUDENT.user, seated=seated, is_bot=False),),
        effects=(look("seats-changed"),),
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"group": None}, id="unknown group"),
        pytest.param({"group": LEFT}, id="group that was left"),
        pytest.param({"chat": OLD_CHAT}, id="the chat of before a migration"),
        pytest.param({"is_administrator": False, "was_member": False}, id="somebody only joined"),
        pytest.param({"is_administrator": False, "is_member": False}, id="somebody only left"),
        pytest.param({"was_administrator": True}, id="the same seat, other rights"),
    ],
)
def test_seat_when_none_changed_in_a_group_of_ours_then_nothing(changes):
    assert judge_seat(seat_facts(**changes), LIMITS) == NOTHING


@pytest.mark.parametrize("group", [PENDING, SUSPENDED], ids=["pending", "suspended"])
def test_seat_when_group_is_not_managed_yet_then_it_counts_too(group):
    assert judge_seat(seat_facts(group=group), LIMITS).rule is Rule.SEATS_CHANGED


@pytest.mark.parametrize(
    ("new_owner", "user", "role", "remembered"),
    [
        pytest.param(STUDENT, STUDENT.user, Role.STUDENT, None, id="a student: is not remembered"),
        pytest.param(LEFT_SCHOOL, LEFT_SCHOOL.user, None, None, id="somebody who left school"),
        pytest.param(COLLEAGUE, COLLEAGUE.user, Role.STAFF, COLLEAGUE.user, id="a colleague"),
        pytest.param(None, None, None, None, id="nobody"),
    ],
)
def test_owner_when_changed_then_recorded_remembered_and_looked_at(
    new_owner, user, role, remembered
):
    facts = OwnerFacts(at=AT, group=MANAGED, chat=CHAT, new_owner=new_owner)

    assert judge_owner(facts, LIMITS) == Decision(
        rule=Rule.SEATS_CHANGED,
        events=(OwnerChanged(chat=CHAT, user=user, role=role),),
        changes=(RememberOwner(chat=CHAT, user=remembered),),
        effects=(look("owner-changed"),),
    )


def test_owner_when_a_look_wrote_it_down_already_then_only_looked_at():
    facts = OwnerFacts(at=AT, group=MANAGED, chat=CHAT, new_owner=TEACHER)

    assert judge_owner(facts, LIMITS) == Decision(
        rule=Rule.SEATS_CHANGED, effects=(look("owner-changed"),)
    )


def test_owner_when_gone_from_a_group_whose_owner_never_showed_then_recorded():
    facts = OwnerFacts(at=AT, group=replace(MANAGED, owner=None), chat=CHAT, new_owner=None)

    events = judge_owner(facts, LIMITS).events

    assert events == (OwnerChanged(chat=CHAT, user=None, role=None),)


@pytest.mark.parametrize("group", [None, LEFT], ids=["unknown", "left"])
def test_owner_when_group_is_not_ours_then_nothing(group):
    facts = OwnerFacts(at=AT, group=group, chat=CHAT, new_owner=STUDENT)

    assert judge_owner(facts, LIMITS) == NOTHING


# --- the chat's id -----------------------------------------------------------------------------


@pytest.mark.parametrize("group", [PENDING, MANAGED, SUSPENDED], ids=lambda group: group.state)
def test_migration_when_group_is_ours_then_it_goes_on_under_its_new_id(group):
    facts = MigrationFacts(at=AT, group=replace(group, chat=OLD_CHAT), old=OLD_CHAT, new=CHAT)

    assert judge_migration(facts, LIMITS) == Decision(
        rule=Rule.MIGRATED,
        events=(GroupMigrated(chat=CHAT),),
        changes=(MigrateGroup(old=OLD_CHAT, new=CHAT),),
        effects=(look("chat-migrated"),),
    )


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(None, id="unknown"),
        pytest.param(replace(LEFT, chat=OLD_CHAT), id="left"),
        pytest.param(MANAGED, id="said for the second time"),
    ],
)
def test_migration_when_there_is_nothing_to_migrate_then_nothing(group):
    facts = MigrationFacts(at=AT, group=group, old=OLD_CHAT, new=CHAT)

    assert judge_migration(facts, LIMITS) == NOTHING


def test_migration_when_the_id_stays_the_same_then_nothing():
    facts = MigrationFacts(at=AT, group=MANAGED, old=CHAT, new=CHAT)

    assert judge_migration(facts, LIMITS) == NOTHING


# --- people who want to join -------------------------------------------------------------------


# --- always ------------------------------------------------------------------------------------

maybe_group = st.none() | always.groups


@given(
    facts=st.builds(
        BotMembershipFacts,
        at=always.moments,
        chat=always.chats,
        kind=st.sampled_from(ChatKind),
        title=always.words,
        actor=st.none() | always.accounts,
        group=maybe_group,
        was_member=st.booleans(),
        is_member=st.booleans(),
        missing_rights=st.lists(st.sampled_from(REQUIRED_RIGHTS), max_size=2).map(tuple),
        is_administrator=st.booleans(),
    ),
    limits=always.limits,
)
def test_bot_membership_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_bot(facts, limits))


@given(
    facts=st.builds(
        SeatFacts,
        at=always.moments,
        group=maybe_group,
        chat=always.chats,
        subject=always.accounts,
        actor=st.none() | always.accounts,
        was_administrator=st.booleans(),
        is_administrator=st.booleans(),
        was_member=st.booleans(),
        is_member=st.booleans(),
        subject_is_bot=st.booleans(),
    ),
    limits=always.limits,
)
def test_seat_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_seat(facts, limits))


@given(
    facts=st.builds(
        OwnerFacts,
        at=always.moments,
        group=maybe_group,
        chat=always.chats,
        new_owner=st.none() | always.accounts,
    ),
    limits=always.limits,
)
def test_owner_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_owner(facts, limits))


@given(
    facts=st.builds(
        MigrationFacts, at=always.moments, group=maybe_group, old=always.chats, new=always.chats
    ),
    limits=always.limits,
)
def test_migration_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_migration(facts, limits))
