"""Who hears that an account with a duty was linked, or is no longer: the other administrators.

One administrator can print a colleague's code, or end his link: what one does alone, the others
hear at once. Never here: a name, for the log and the pages say whom it was about.
"""

from collections.abc import Iterable

from bot.policy.effects import SendPrivateNotice
from bot.policy.ids import UserId
from bot.policy.notices import language_of
from bot.policy.people import Account, Duty, Person

WEIGHTIEST_FIRST = (Duty.ADMINISTRATOR, Duty.LEADERSHIP, Duty.COORDINATOR)


def told_of_duties(
    what: str, person: Person, administrators: Iterable[Account], *, but: frozenset[UserId]
) -> tuple[SendPrivateNotice, ...]:
    """A notice to each administrator except ``but``; none if the person has no such duty.

    ``what``: "duty-linked" or "duty-unlinked", to which the weightiest duty is added.
    """
    duty = next((each for each in WEIGHTIEST_FIRST if each in person.duties), None)
    if duty is None:
        return ()
    return tuple(
        SendPrivateNotice(user=one.user, key=f"{what}-{duty}", language=language_of(one.language))
        for one in administrators
        if one.user not in but
    )
