"""Rosters, codes, links and requests: who may, whether still, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.administering.administration import (
    MOST_BYTES,
    CodesFacts,
    ConfirmFacts,
    RequestFacts,
    RevokeFacts,
    UploadFacts,
    judge_codes,
    judge_confirm,
    judge_request,
    judge_revoke,
    judge_upload,
)
from bot.policy.administering.under_way import AskedRequest, Member, Upload, UploadState
from bot.policy.changes import CloseDataRequest, RememberUpload, SetUploadState, UnlinkAccount
from bot.policy.effects import EditPage, Page, SendPage, SendPrivateNotice, SetCommandMenu
from bot.policy.events import AccountUnlinked, CommandRefused, DataRequestDone
from bot.policy.ids import MessageId, PersonId
from bot.policy.people import DataRequest, UnlinkReason
from bot.policy.rules import Rule
from tests.policy.always import assert_always, of_type, only
from tests.policy.test_duties import ANNA, BEN, CAS, VERA, asker, member
from tests.policy.world import AT, COORDINATOR, LIMITS, STUDENT, TEACHER

UPLOAD = Upload(
    number=9, user=ANNA.user, made_at=AT - timedelta(minutes=5), state=UploadState.SHOWN
)
SENT = UploadFacts(at=AT, asker=asker(ANNA), number=9, file_id="BQAC", size=1_000)
YES = ConfirmFacts(at=AT, asker=asker(ANNA), upload=UPLOAD, confirms=True, replaces=MessageId(5))
REVOKE = RevokeFacts(
    at=AT,
    asker=asker(ANNA),
    subject=VERA,
    administrators=(ANNA, BEN),
    replaces=MessageId(5),
)
REQUEST = AskedRequest(number=4, kind=DataRequest.ERASURE, person=PersonId(3), done=False)
DONE = RequestFacts(at=AT, asker=asker(ANNA), request=REQUEST, replaces=MessageId(5))
CODES = CodesFacts(at=AT, asker=asker(ANNA), argument="t.8")


def test_roster_when_an_administrator_sends_it_then_is_remembered_and_shown():
    decision = judge_upload(SENT, LIMITS)

    assert decision.changes == (RememberUpload(number=9, user=ANNA.user, file_id="BQAC"),)
    shown = only(SendPage, decision.effects)
    assert (shown.page, shown.argument) == (Page.IMPORT_PREVIEW, "9")


@pytest.mark.parametrize(
    ("size", "remembered"),
    [
        pytest.param(None, True, id="not said"),
        pytest.param(MOST_BYTES, True, id="the most"),
        pytest.param(MOST_BYTES + 1, False, id="more"),
    ],
)
def test_roster_when_too_large_then_is_not_even_remembered(size, remembered):
    decision = judge_upload(replace(SENT, size=size), LIMITS)

    assert bool(decision.changes) is remembered
    assert bool(of_type(SendPrivateNotice, decision.effects)) is not remembered


def test_roster_when_confirmed_then_is_written_once_the_decision_is_recorded():
    decision = judge_confirm(YES, LIMITS)

    assert decision.changes == (SetUploadState(number=9, state=UploadState.CONFIRMED),)
    written = only(EditPage, decision.effects)
    assert (written.page, written.argument) == (Page.IMPORT_RUN, "9")


def test_roster_when_cancelled_then_is_dropped():
    decision = judge_confirm(replace(YES, confirms=False), LIMITS)

    assert decision.changes == (SetUploadState(number=9, state=UploadState.CANCELLED),)


@pytest.mark.parametrize("confirms", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"state": UploadState.NEW}, id="not shown yet"),
        pytest.param({"state": UploadState.DONE}, id="written"),
        pytest.param({"state": UploadState.CANCELLED}, id="cancelled"),
        pytest.param({"state": UploadState.REPLACED}, id="replaced"),
        pytest.param({"made_at": AT - LIMITS.upload_valid}, id="too long ago"),
    ],
)
def test_roster_when_it_does_not_wait_then_nothing_changes(change, confirms):
    facts = replace(YES, upload=replace(UPLOAD, **change), confirms=confirms)

    decision = judge_confirm(facts, LIMITS)

    assert decision.rule is Rule.NOT_OPEN_ANY_MORE
    assert (decision.changes, decision.events) == ((), ())


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(None, id="none such"),
        pytest.param(replace(UPLOAD, user=BEN.user), id="another administrator's"),
    ],
)
def test_roster_when_not_ones_own_then_is_refused_and_recorded(upload):
    decision = judge_confirm(replace(YES, upload=upload), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert of_type(SetUploadState, decision.changes) == []
    assert only(CommandRefused, decision.events).command == "import-run"


def test_codes_when_asked_for_then_stand_in_no_effect():
    decision = judge_codes(CODES, LIMITS)

    assert (decision.changes, decision.events) == ((), ())
    papers = only(SendPage, decision.effects)
    assert (papers.page, papers.argument) == (Page.CODE_PAPERS, "t.8")
    assert not papers.repeatable


def test_link_when_revoked_then_ends_and_the_person_is_told():
    decision = judge_revoke(REVOKE, LIMITS)

    assert decision.changes == (UnlinkAccount(user=TEACHER.user, why=UnlinkReason.REVOKED),)
    event = only(AccountUnlinked, decision.events)
    assert (event.user, event.by, event.why) == (TEACHER.user, ANNA.user, UnlinkReason.REVOKED)
    told = only(SendPrivateNotice, decision.effects)
    assert (told.user, told.key) == (TEACHER.user, "link-revoked")
    assert SetCommandMenu(user=TEACHER.user) in decision.effects


@pytest.mark.parametrize(
    ("subject", "administrators", "ends"),
    [
        pytest.param(member(BEN), (ANNA, BEN), True, id="another administrator"),
        pytest.param(member(ANNA), (ANNA, BEN), True, id="oneself, of two"),
        pytest.param(member(ANNA), (ANNA,), False, id="oneself, the last"),
        pytest.param(member(STUDENT), (ANNA,), True, id="a student"),
        pytest.param(
            replace(member(BEN), is_first_administrator=True),
            (ANNA, BEN),
            False,
            id="first, of two",
        ),
        pytest.param(
            replace(member(BEN), is_first_administrator=True),
            (ANNA, BEN, CAS),
            True,
            id="first, of three",
        ),
    ],
)
def test_link_when_of_an_administrator_then_ends_only_while_others_are_linked(
    subject, administrators, ends
):
    facts = replace(REVOKE, subject=subject, administrators=administrators)

    decision = judge_revoke(facts, LIMITS)

    assert bool(of_type(UnlinkAccount, decision.changes)) is ends
    assert decision.rule is (Rule.LINK_REVOKED if ends else Rule.LAST_ADMINISTRATOR)


@pytest.mark.parametrize(
    "subject",
    [pytest.param(None, id="nobody"), pytest.param(Member(person=VERA.person), id="not linked")],
)
def test_link_when_there_is_none_then_nothing_changes(subject):
    decision = judge_revoke(replace(REVOKE, subject=subject), LIMITS)

    assert decision.rule is Rule.NOT_OPEN_ANY_MORE
    assert (decision.changes, decision.events) == ((), ())


def test_request_when_done_then_is_closed_and_recorded():
    decision = judge_request(DONE, LIMITS)

    assert decision.changes == (CloseDataRequest(number=4, by=ANNA.user),)
    assert only(DataRequestDone, decision.events).person == PersonId(3)


@pytest.mark.parametrize(
    "request_",
    [pytest.param(None, id="none such"), pytest.param(replace(REQUEST, done=True), id="done")],
)
def test_request_when_it_is_not_open_then_nothing_changes(request_):
    decision = judge_request(replace(DONE, request=request_), LIMITS)

    assert decision.rule is Rule.NOT_OPEN_ANY_MORE
    assert (decision.changes, decision.events) == ((), ())


@pytest.mark.parametrize(
    "account", [TEACHER, COORDINATOR, STUDENT], ids=["teacher", "coordinator", "student"]
)
@pytest.mark.parametrize(
    ("judged", "facts"),
    [
        pytest.param(judge_upload, SENT, id="upload"),
        pytest.param(judge_confirm, YES, id="confirm"),
        pytest.param(judge_codes, CODES, id="codes"),
        pytest.param(judge_revoke, REVOKE, id="revoke"),
        pytest.param(judge_request, DONE, id="request"),
    ],
)
def test_desk_when_not_an_administrators_then_is_closed(judged, facts, account):
    mine = replace(facts, asker=asker(account))

    decision = judged(mine, LIMITS)

    assert_always(mine, decision)
    assert decision.rule is Rule.COMMAND_REFUSED
    assert {type(change).__name__ for change in decision.changes} <= {"RecordAnswer"}
    assert {getattr(effect, "key", None) for effect in decision.effects} == {"command-refused"}
