"""Whom a list or a set of codes is about: staff, the students of a class, or their guardians.

A button carries no names, so a class stands in it as the beginning of a hash.
"""

import hashlib
from dataclasses import dataclass

from bot.pages.page import Desk, Request
from bot.pages.wording import isolated, short
from bot.policy.people import Role
from storage.roll import Listed, by_class

STAFF = "t"
STUDENTS = "s"
GUARDIANS = "g"

ROLES = {STUDENTS: Role.STUDENT, GUARDIANS: Role.GUARDIAN, STAFF: Role.STAFF}
_HASHED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """People of one role; ``class_group`` is ``None`` for staff, and empty for those in none."""

    key: str
    role: Role
    class_group: str | None
    people: tuple[Listed, ...]

    @property
    def linked(self) -> int:
        """How many of them have linked an account."""
        return sum(one.linked for one in self.people)

    @property
    def unlinked(self) -> int:
        """How many have not."""
        return len(self.people) - self.linked


def scopes(listed: tuple[Listed, ...], letter: str) -> tuple[Scope, ...]:
    """The classes of students or guardians, or staff as a whole, by name."""
    role = ROLES[letter]
    if role is Role.STAFF:
        staff = tuple(one for one in listed if one.role is role)
        return (Scope(key=STAFF, role=role, class_group=None, people=staff),)
    return tuple(
        Scope(
            key=f"{letter}-{_hash(class_group)}",
            role=role,
            class_group=class_group,
            people=tuple(people),
        )
        for class_group, people in by_class(listed, role).items()
    )


def scope_of(listed: tuple[Listed, ...], key: str) -> Scope | None:
    """The scope that a button names; ``None`` if there is none such (any more)."""
    letter = key[:1]
    if letter not in ROLES:
        return None
    return next((scope for scope in scopes(listed, letter) if scope.key == key), None)


def titled(desk: Desk, request: Request, scope: Scope) -> str:
    """A scope above a page: "Leerlingen 4H2"; staff are one whole."""
    role = str(desk.said(f"roles-{scope.role}", request))
    return role if scope.class_group is None else f"{role} {called(desk, request, scope)}"


def called(desk: Desk, request: Request, scope: Scope) -> str:
    """A scope among others of its role, as on a button: "4H2"."""
    if scope.class_group is None:
        return str(desk.said(f"roles-{scope.role}", request))
    return isolated(short(scope.class_group)) or str(desk.said("without-class", request))


def _hash(class_group: str) -> str:
    return hashlib.sha256(class_group.encode()).hexdigest()[:_HASHED]
