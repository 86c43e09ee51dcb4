"""In which language the bot writes to somebody: the one that he chose."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.changes import SetLanguage
from bot.policy.decision import Decision
from bot.policy.effects import Language, Page, SetCommandMenu
from bot.policy.ids import MessageId
from bot.policy.limits import Limits
from bot.policy.pages import Asker, show
from bot.policy.rules import Rule

CHOICES = (Language.DUTCH, Language.ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFacts:
    """Somebody pressed a language; ``chosen`` is what the button says, whatever that is."""

    at: datetime
    asker: Asker
    chosen: str
    replaces: MessageId | None


def judge(facts: LanguageFacts, _limits: Limits) -> Decision:
    """Write in that language from now on, beginning with the page itself."""
    chosen = next((each for each in CHOICES if each.value == facts.chosen), None)
    if chosen is None or facts.asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    asker = replace(facts.asker, language=chosen)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        changes=(SetLanguage(user=asker.account.user, language=chosen.value),),
        effects=(
            show(Page.LANGUAGE, asker, replaces=facts.replaces),
            SetCommandMenu(user=asker.account.user),
        ),
    )
