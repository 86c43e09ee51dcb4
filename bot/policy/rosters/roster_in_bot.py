"""What a roster that an administrator sends to the bot changes: all but duties.

On the command line whoever runs the bot decides alone. Here a duty in a file is a wish, for another
administrator to agree to, and nobody loses one by not being in a file.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterPerson, RosterPlan, RosterRow, plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A duty that a file gives (``grants``) or takes, by school id."""

    school_id: str
    name: str
    duty: Duty
    grants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What is written at once, what is proposed, and who stays for now because of a duty."""

    plan: RosterPlan
    wishes: tuple[Wish, ...] = ()
    kept: tuple[RosterPerson, ...] = ()


def plan_in_bot(current: Iterable[RosterPerson], rows: Iterable[RosterRow]) -> ImportPlan:
    """What the rows of a file change when it comes through the bot.

    Whoever comes back to school comes back without the duties of then.
    """
    known = [
        person if person.active else replace(person, duties=frozenset(), granted=frozenset())
        for person in current
    ]
    rows = tuple(rows)
    whole = plan(known, (replace(row, duties=None) for row in rows))
    kept = (
        *(person for person in whole.gone if person.duties),
        *(one.before for one in whole.changed if one.before.duties - one.after.duties),
    )
    stays = {person.school_id for person in kept}
    return ImportPlan(
        plan=replace(
            whole,
            changed=tuple(c for c in whole.changed if c.before.school_id not in stays),
            gone=tuple(person for person in whole.gone if person.school_id not in stays),
        ),
        wishes=(*_wishes(known, rows, stays), *_to_take(kept)),
        kept=kept,
    )


def _loses_duty(before: RosterPerson, after: RosterPerson) -> bool:
    return bool(before.duties - after.duties)


def _wishes(
    known: Iterable[RosterPerson], rows: Iterable[RosterRow], stays: set[str]
) -> Iterable[Wish]:
    before = {person.school_id: person for person in known}
    for row in rows:
        if row.duties is None or row.role is not Role.STAFF or row.school_id in stays:
            continue
        person = before.get(row.school_id)
        has = frozenset() if person is None else person.duties
        granted = frozenset() if person is None else person.granted
        for duty in sorted(row.duties - has):
            yield Wish(school_id=row.school_id, name=row.name, duty=duty, grants=True)
        for duty in sorted(has - row.duties - granted):
            yield Wish(school_id=row.school_id, name=row.name, duty=duty, grants=False)


def _to_take(kept: Iterable[RosterPerson]) -> Iterable[Wish]:
    for person in kept:
        for duty in sorted(person.duties):
            yield Wish(school_id=person.school_id, name=person.name, duty=duty, grants=False)


def digest_of(planned: ImportPlan) -> str:
    """The same for the same plan, whichever process made it: sets are put in order first."""
    whole = planned.plan
    written = json.dumps(
        {
            "added": [_fields(person) for person in whole.added],
            "changed": [[_fields(one.before), _fields(one.after)] for one in whole.changed],
            "gone": [_fields(person) for person in whole.gone],
            "kept": [_fields(person) for person in planned.kept],
            "wishes": [[wish.school_id, wish.duty, wish.grants] for wish in planned.wishes],
        }
    )
    return hashlib.sha256(written.encode()).hexdigest()


def _fields(person: RosterPerson) -> list[object]:
    return [
        person.school_id,
        person.name,
        person.role,
        person.active,
        *(sorted(each) for each in (person.class_groups, person.children)),
        *(sorted(each) for each in (person.duties, person.granted)),
    ]
