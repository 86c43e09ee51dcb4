"""Who someone is to the school. Telegram knows no roles, so all of it rests on our own table."""

from dataclasses import dataclass
from enum import StrEnum

from bot.policy.ids import PersonId, UserId


class Role(StrEnum):
    """What a person is at school. An account that is linked to nobody has no role."""

    STUDENT = "student"
    STAFF = "staff"
    GUARDIAN = "guardian"


class Duty(StrEnum):
    """What a member of staff does besides teaching."""

    COORDINATOR = "coordinator"
    LEADERSHIP = "leadership"
    ADMINISTRATOR = "administrator"


class UnlinkReason(StrEnum):
    """Why an account no longer belongs to a person of the roster."""

    STOP = "stop"
    """The person wanted it so."""

    REVOKED = "revoked"
    """An administrator ended the link."""

    LEFT_SCHOOL = "left-school"


class DataRequest(StrEnum):
    """What somebody may ask of the school about data about himself (GDPR articles 16 and 17)."""

    CORRECTION = "correction"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the roster, without the name: no rule needs one."""

    id: PersonId
    role: Role
    duties: frozenset[Duty] = frozenset()
    class_groups: frozenset[str] = frozenset()
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Telegram account. ``person`` is ``None`` while it is linked to nobody: never trusted."""

    user: UserId
    person: Person | None = None
    language: str | None = None

    @property
    def role(self) -> Role | None:
        """The role of the linked person; ``None`` for a stranger or someone who has left."""
        return self.person.role if self.person is not None and self.person.active else None

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff, still employed, is linked to this account."""
        return self.role is Role.STAFF

    @property
    def duties(self) -> frozenset[Duty]:
        """The duties of the linked member of staff; nobody else has any."""
        return self.person.duties if self.person is not None and self.is_staff else frozenset()
