"""People as the school's roster names them, and what a new roster changes.

Whoever is no longer in the roster becomes inactive and is never deleted: the log names people by
number for ever. Reading a file is ``roster_file``; writing is storage's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.policy.people import Duty, Role

FIRST_ADMINISTRATOR = "eerste-beheerder"
"""The school id of whoever installs the bot. No roster names it, so no roster makes it leave."""

LOSS_COUNTED_FROM = 10
"""In a role of fewer people than this, a third is soon gone; that says nothing."""

LARGE_LOSS = 0.3
"""More than this part of a role gone at once is more likely a cut-off file than a school year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A person as one row of a file names them.

    ``None`` for class groups, duties or children: the file has no such column, so it says nothing
    about them and what is known stays. ``children`` are school ids of students.
    """

    school_id: str
    name: str
    role: Role
    class_groups: frozenset[str] | None = None
    duties: frozenset[Duty] | None = None
    children: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPerson:
    """A person as our own tables hold them. Only staff have duties, only guardians children.

    ``granted``: those of the duties that administrators gave in the bot. No roster takes them.
    """

    school_id: str
    name: str
    role: Role
    class_groups: frozenset[str] = frozenset()
    duties: frozenset[Duty] = frozenset()
    children: frozenset[str] = frozenset()
    active: bool = True
    granted: frozenset[Duty] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that changes about a person: ``what`` is the name of a field of RosterPerson."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """Somebody who stays and about whom something changes, or who comes back."""

    before: RosterPerson
    after: RosterPerson

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changes, in the order of the fields."""
        pairs = (
            (what, getattr(self.before, what), getattr(self.after, what))
            for what in ("active", "name", "role", "class_groups", "duties", "children")
        )
        return tuple(
            Difference(what=what, before=_shown(old), after=_shown(new))
            for what, old, new in pairs
            if old != new
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How many of a role would be gone, of how many that are active now."""

    role: Role
    gone: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """What a roster changes, each by school id. ``large_losses`` need a person's explicit yes."""

    added: tuple[RosterPerson, ...] = ()
    changed: tuple[PersonChange, ...] = ()
    gone: tuple[RosterPerson, ...] = ()
    unchanged: int = 0
    large_losses: tuple[Loss, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is known already."""
        return not (self.added or self.changed or self.gone)


def plan(current: Iterable[RosterPerson], rows: Iterable[RosterRow]) -> RosterPlan:
    """What the rows of a file change in the current roster.

    The rows name each school id once. Only the roles that occur in the rows can lose people: a
    file of students alone says nothing about staff.
    """
    known = {person.school_id: person for person in current}
    named = {row.school_id: row for row in rows}
    changed, unchanged = [], 0
    for school_id in sorted(named.keys() & known.keys()):
        before = known[school_id]
        after = _after(before, named[school_id])
        if after == before:
            unchanged += 1
        else:
            changed.append(PersonChange(before=before, after=after))
    gone = _gone(known, named)
    return RosterPlan(
        added=tuple(_new(named[school_id]) for school_id in sorted(named.keys() - known.keys())),
        changed=tuple(changed),
        gone=gone,
        unchanged=unchanged,
        large_losses=_large_losses(known, gone),
    )


def _new(row: RosterRow) -> RosterPerson:
    return _after(RosterPerson(school_id=row.school_id, name=row.name, role=row.role), row)


def _after(before: RosterPerson, row: RosterRow) -> RosterPerson:
    duties = before.duties if row.duties is None else row.duties | before.granted
    duties = duties if row.role is Role.STAFF else frozenset()
    children = before.children if row.children is None else row.children
    return replace(
        before,
        name=row.name,
        role=row.role,
        class_groups=before.class_groups if row.class_groups is None else row.class_groups,
        duties=duties,
        granted=before.granted & duties,
        children=children if row.role is Role.GUARDIAN else frozenset(),
        active=True,
    )


def _gone(
    known: Mapping[str, RosterPerson], named: Mapping[str, RosterRow]
) -> tuple[RosterPerson, ...]:
    roles = {row.role for row in named.values()}
    return tuple(
        person
        for school_id, person in sorted(known.items())
        if person.active
        and person.role in roles
        and school_id not in named
        and school_id != FIRST_ADMINISTRATOR
    )


def _large_losses(
    known: Mapping[str, RosterPerson], gone: Iterable[RosterPerson]
) -> tuple[Loss, ...]:
    before = Counter(person.role for person in known.values() if person.active)
    lost = Counter(person.role for person in gone)
    return tuple(
        Loss(role=role, gone=lost[role], of=before[role])
        for role in Role
        if before[role] >= LOSS_COUNTED_FROM and lost[role] > LARGE_LOSS * before[role]
    )


def _shown(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(item) for item in value))
    if isinstance(value, bool):
        return "active" if value else "left"
    return str(value)
