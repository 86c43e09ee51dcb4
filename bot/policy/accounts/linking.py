"""Whose account this is: a linking code of the school says so, and nothing else does.

A refusal never says whose code it was, and guessing does not pay: after a few wrong codes a right
one is refused as well. Never here: the code itself, only its hash.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.accounts.codes import reads_like_code
from bot.policy.administering.telling import told_of_duties
from bot.policy.changes import LinkAccount, RecordWrongCode
from bot.policy.coming_in.join_requests import NOTHING_TO_DO, WaitingFacts, judge_waiting
from bot.policy.decision import Decision
from bot.policy.effects import SendPrivateNotice, SetCommandMenu
from bot.policy.events import AccountLinked, CodeRefused
from bot.policy.known import Code, Contact
from bot.policy.limits import Limits
from bot.policy.notices import language_of, who
from bot.policy.people import Account
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """``code`` is ``None`` when no code has this hash. ``language`` is the one that was chosen, or
    Telegram's tag.

    ``of_a_bot``: the account is another bot's, which is nobody on the roster. ``waiting``: what the
    account asks to join, as it stands once it belongs to the code's person. ``administrators`` are
    linked and at school.
    """

    at: datetime
    account: Account
    contact: Contact
    code: Code | None
    code_hash: str
    language: str
    of_a_bot: bool = False
    waiting: WaitingFacts | None = None
    administrators: tuple[Account, ...] = ()


def is_meant(facts: LinkFacts, text: str) -> bool:
    """Whether a message that has a code's form is one: it is ours, or a stranger's mistyped one.

    Whoever has been linked already may just have written something twelve letters long.
    """
    if facts.of_a_bot:
        return False
    if facts.code is not None:
        return True
    return facts.account.person is None and reads_like_code(text)


def judge(facts: LinkFacts, limits: Limits) -> Decision:
    """Somebody typed a linking code, or followed the link that holds one."""
    wrong = _wrong_codes_lately(facts, limits)
    if wrong >= limits.wrong_codes:
        # Said once, when the limit is reached; whoever goes on guessing gets silence.
        say = wrong == limits.wrong_codes
        return _refuse(facts, Rule.CODE_GUESSING, "code-guessing", say=say)
    if facts.code is None:
        return _refuse(facts, Rule.CODE_UNKNOWN, "code-unknown")
    return _judge_code(facts, facts.code, limits)


def _wrong_codes_lately(facts: LinkFacts, limits: Limits) -> int:
    return sum(
        1 for moment in facts.contact.wrong_codes if facts.at - moment < limits.wrong_codes_within
    )


def _judge_code(facts: LinkFacts, code: Code, limits: Limits) -> Decision:
    person = facts.account.person
    if person is not None and person.id == code.person.id and code.person.active:
        # The link pressed twice, or a newer code of one's own: nothing is wrong, nothing is spent.
        return Decision(rule=Rule.ALREADY_LINKED, effects=(_notice(facts, "already-linked"),))
    if code.spent or code.revoked:
        return _refuse(facts, Rule.CODE_SPENT, "code-spent")
    if facts.at >= code.expires_at:
        return _refuse(facts, Rule.CODE_EXPIRED, "code-expired")
    if not code.person.active:
        # Somebody who has left school is not told apart from a code that never was.
        return _refuse(facts, Rule.CODE_UNKNOWN, "code-unknown")
    if person is not None or code.person_has_account:
        return _refuse(facts, Rule.CODE_NOT_YOURS, "code-not-yours")
    return _accept(facts, code, limits)


def _accept(facts: LinkFacts, code: Code, limits: Limits) -> Decision:
    """The account is the person's from now on; what it asked to join is decided with it."""
    person, user = code.person, facts.account.user
    linked = AccountLinked(
        user=user, person=person.id, role=person.role, duties=tuple(sorted(person.duties))
    )
    link = LinkAccount(
        user=user,
        person=person.id,
        code_hash=facts.code_hash,
        language=language_of(facts.language).value,
    )
    joins = NOTHING_TO_DO if facts.waiting is None else judge_waiting(facts.waiting, limits)
    return Decision(
        rule=Rule.CODE_ACCEPTED,
        events=(linked,),
        changes=(link, *joins.changes),
        effects=(
            _notice(facts, f"welcome-{who(person.role)}"),
            SetCommandMenu(user=user),
            *told_of_duties("duty-linked", person, facts.administrators, but=frozenset((user,))),
            *joins.effects,
        ),
    )


def _refuse(facts: LinkFacts, rule: Rule, key: str, *, say: bool = True) -> Decision:
    user = facts.account.user
    return Decision(
        rule=rule,
        events=(CodeRefused(user=user, reason=rule.value),),
        changes=(RecordWrongCode(user=user),),
        effects=(_notice(facts, key),) if say else (),
    )


def _notice(facts: LinkFacts, key: str) -> SendPrivateNotice:
    return SendPrivateNotice(user=facts.account.user, key=key, language=language_of(facts.language))
