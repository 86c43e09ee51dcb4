"""What becomes of a request to join: at once where it can be, else when something changes.

Asked when somebody uses the link, links the account, when the group's class groups are chosen, and
by the clock. Whoever is declined hears why first, because with the request ends the permission to
write to somebody who never wrote to the bot. Never here: who belongs where (``joining``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.changes import Change, RecordClassesAsked, RememberJoinRequest, SettleJoinRequest
from bot.policy.coming_in.consent import Consent, ask_at_home, under_sixteen
from bot.policy.coming_in.joining import CHECKS, Answer, Applicant, RequestState, Verdict, may_join
from bot.policy.coming_in.known import JoinRequest
from bot.policy.decision import Decision
from bot.policy.effects import (
    ApproveJoinRequest,
    DeclineJoinRequest,
    Effect,
    Keyboard,
    Language,
    SendPrivateNotice,
)
from bot.policy.events import JoinRequested
from bot.policy.groups import Group, GroupState
from bot.policy.ids import ChatId, UserId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule

NOTHING_TO_DO = Decision(rule=Rule.BOOKKEEPING)


class Occasion(StrEnum):
    """Why requests that wait are judged again."""

    LINKED = "linked"
    CLASSES = "classes"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to join with what is known of it. ``group``: as it is now.

    ``request`` is ``None`` for one that comes in at this moment.
    """

    chat: ChatId
    group: Group | None
    applicant: Applicant
    language: Language
    request: JoinRequest | None = None

    @property
    def user(self) -> UserId:
        """Who asks."""
        return self.applicant.account.user


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequestFacts:
    """Somebody used the link that asks for approval.

    ``earlier``: requests of this account to this group, open or ended lately. ``owner``: the owner
    of the group, if one is known.
    """

    at: datetime
    asked: Asked
    earlier: tuple[JoinRequest, ...] = ()
    owner: Account | None = None
    consents: Mapping[UserId, Consent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFacts:
    """Requests that may have an answer by now, and why they are looked at."""

    at: datetime
    waiting: tuple[Asked, ...]
    occasion: Occasion
    consents: Mapping[UserId, Consent] = field(default_factory=dict)


def judge(facts: JoinRequestFacts, limits: Limits) -> Decision:
    """Somebody asks to join a group of ours."""
    asked, group = facts.asked, facts.asked.group
    if group is None or group.state not in OURS:
        return NOTHING_TO_DO
    if _is_known_already(facts, limits):
        return NOTHING_TO_DO
    answer = _in_silence(answer_to(asked, group, facts.consents, limits), facts, limits)
    waits = answer.verdict is Verdict.WAIT
    remembered = _remembered(
        asked,
        RequestState.WAITING if waits else RequestState.DECIDING,
        facts.at + limits.join_decided_within,
        facts.at + limits.join_judged_again if waits else None,
    )
    account = asked.applicant.account
    changes, asks_owner = _ask_for_classes(facts, group)
    return Decision(
        rule=answer.rule,
        events=(JoinRequested(chat=group.chat, user=account.user, role=account.role),),
        changes=(remembered, *changes),
        effects=(
            *_effects(asked, answer),
            *_at_home(answer, asked, facts.consents),
            *asks_owner,
        ),
    )


def judge_waiting(facts: WaitingFacts, limits: Limits) -> Decision:
    """Requests that wait are judged again."""
    changes: list[Change] = []
    effects: list[Effect] = []
    rule = Rule.BOOKKEEPING
    for asked in facts.waiting:
        decided = _judge_one(facts, asked, limits)
        rule = decided.rule if rule is Rule.BOOKKEEPING else rule
        changes += decided.changes
        effects += decided.effects
    return Decision(rule=rule, changes=tuple(changes), effects=tuple(effects))


def answer_to(
    asked: Asked, group: Group, consents: Mapping[UserId, Consent], limits: Limits
) -> Answer:
    """The answer to a request, as far as there is one now."""
    answer = may_join(asked.applicant, group, (*CHECKS, under_sixteen(consents, limits)))
    linked = asked.applicant.account.role is not None
    if group.state is GroupState.SUSPENDED and linked:
        # The bot may lack its rights here; whoever mends the group can decide by hand as well.
        return Answer(verdict=Verdict.WAIT, rule=Rule.JOIN_REQUESTED, notice="join-waits")
    return answer


def _judge_one(facts: WaitingFacts, asked: Asked, limits: Limits) -> Decision:
    group, request = asked.group, asked.request
    if request is None or request.state is not RequestState.WAITING:
        return NOTHING_TO_DO
    if group is None or group.state not in OURS:
        state = RequestState.ELSEWHERE
        settled = SettleJoinRequest(chat=asked.chat, user=asked.user, state=state)
        return Decision(rule=Rule.BOOKKEEPING, changes=(settled,))
    answer = _in_time(answer_to(asked, group, facts.consents, limits), facts, group, request)
    if answer.verdict is Verdict.WAIT:
        return _goes_on_waiting(facts, asked, answer, limits)
    if answer.rule is Rule.JOIN_ANOTHER_CLASS and facts.occasion is Occasion.CLASSES:
        # The owner may be about to tap the next class group, so the clock comes back for it.
        judge_at = facts.at + limits.classes_settle
        waits = _remembered(asked, RequestState.WAITING, request.deadline_at, judge_at)
        return Decision(rule=Rule.BOOKKEEPING, changes=(waits,))
    return Decision(
        rule=answer.rule,
        changes=(_remembered(asked, RequestState.DECIDING, request.deadline_at, None),),
        effects=_effects(asked, answer),
    )


def _in_time(answer: Answer, facts: WaitingFacts, group: Group, request: JoinRequest) -> Answer:
    late = facts.at >= request.deadline_at and group.state is GroupState.MANAGED
    if answer.verdict is not Verdict.WAIT or not late:
        return answer
    return Answer(verdict=Verdict.DECLINE, rule=Rule.JOIN_TOO_LATE, notice="join-too-late")


def _goes_on_waiting(facts: WaitingFacts, asked: Asked, answer: Answer, limits: Limits) -> Decision:
    request = asked.request
    if request is None or facts.occasion is not Occasion.CLOCK:
        return NOTHING_TO_DO
    judge_at = facts.at + limits.join_judged_again
    waits = _remembered(asked, RequestState.WAITING, request.deadline_at, judge_at)
    if request.explained:
        return Decision(rule=Rule.BOOKKEEPING, changes=(waits,))
    return Decision(
        rule=answer.rule,
        changes=(waits,),
        effects=(*_effects(asked, answer), *_at_home(answer, asked, facts.consents)),
    )


def _is_known_already(facts: JoinRequestFacts, limits: Limits) -> bool:
    """Asked again a moment later, or while what was decided is on its way: nothing is new."""
    for request in facts.earlier:
        if request.settled_at is not None:
            continue
        if request.state is RequestState.DECIDING:
            return True
        last_asked = request.deadline_at - limits.join_decided_within
        if facts.at - last_asked < limits.join_judged_again:
            return True
    return False


def _in_silence(answer: Answer, facts: JoinRequestFacts, limits: Limits) -> Answer:
    """Whoever was declined a moment ago, and asks again, has been told why."""
    told = any(
        request.state is RequestState.DECLINED
        and request.settled_at is not None
        and facts.at - request.settled_at < limits.join_judged_again
        for request in facts.earlier
    )
    return replace(answer, notice=None) if told and answer.verdict is Verdict.DECLINE else answer


def _effects(asked: Asked, answer: Answer) -> tuple[Effect, ...]:
    user, reason = asked.user, answer.rule.value
    chat = asked.chat if asked.group is None else asked.group.chat
    declines = answer.verdict is Verdict.DECLINE
    if answer.verdict is Verdict.APPROVE:
        return (ApproveJoinRequest(chat=chat, user=user, reason=reason),)
    if answer.notice is None:
        return (DeclineJoinRequest(chat=chat, user=user, reason=reason),) if declines else ()
    notice = SendPrivateNotice(
        user=user,
        key=answer.notice,
        language=asked.language,
        about=chat,
        declines=reason if declines else None,
    )
    return (notice,)


def _remembered(
    asked: Asked, state: RequestState, deadline_at: datetime, judge_at: datetime | None
) -> RememberJoinRequest:
    chat = asked.chat if asked.group is None else asked.group.chat
    return RememberJoinRequest(
        chat=chat, user=asked.user, state=state, deadline_at=deadline_at, judge_at=judge_at
    )


def _at_home(
    answer: Answer, asked: Asked, consents: Mapping[UserId, Consent]
) -> tuple[Effect, ...]:
    if answer.rule is not Rule.JOIN_CONSENT_AWAITED:
        return ()
    return ask_at_home(consents.get(asked.user))


def _ask_for_classes(
    facts: JoinRequestFacts, group: Group
) -> tuple[tuple[Change, ...], tuple[Effect, ...]]:
    """Ask the owner, once, which class groups the group serves: nobody can be let in before."""
    owner = facts.owner
    if group.class_groups or group.classes_asked_at is not None:
        return (), ()
    if owner is None or not owner.is_staff or group.state is not GroupState.MANAGED:
        return (), ()
    question = SendPrivateNotice(
        user=owner.user,
        key="group-classes-asked",
        language=language_of(owner.language),
        keyboard=Keyboard.GROUP_CLASSES,
        about=group.chat,
    )
    return (RecordClassesAsked(chat=group.chat),), (question,)
