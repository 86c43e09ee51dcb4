"""What staff write in a group by hand: an announcement after the fact, with the same check.

It stays: the lock lets administrators write, and what stands there has been read. Its author hears
in private what had better not stand there (A.2, A.5, B.5, B.7). Never here: the words.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.decision import Decision
from bot.policy.effects import SendPrivateNotice
from bot.policy.events import AnnouncementWritten
from bot.policy.groups import Group, GroupState
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFacts:
    """A message or an edit of staff in a group. ``findings``: the kinds of what was found."""

    at: datetime
    author: Account
    group: Group | None
    findings: tuple[str, ...]
    edited: bool


def judge(facts: WrittenFacts, _limits: Limits) -> Decision:
    """Write down that it was announced, and tell its author what was found, if anything was."""
    group = facts.group
    if group is None or group.state not in {GroupState.MANAGED, GroupState.SUSPENDED}:
        return Decision(rule=Rule.BOOKKEEPING)
    if not facts.author.is_staff or (facts.edited and not facts.findings):
        return Decision(rule=Rule.BOOKKEEPING)
    written = AnnouncementWritten(
        chat=group.chat, user=facts.author.user, findings=facts.findings, edited=facts.edited
    )
    if not facts.findings:
        return Decision(rule=Rule.STAFF_MESSAGE, events=(written,))
    hint = SendPrivateNotice(
        user=facts.author.user,
        key="written-findings",
        language=language_of(facts.author.language),
        values={"findings": " ".join(facts.findings)},
        about=group.chat,
    )
    return Decision(rule=Rule.ANNOUNCEMENT_STOPPED, events=(written,), effects=(hint,))
