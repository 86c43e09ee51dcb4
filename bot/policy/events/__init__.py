"""What the log holds: facts of the past, append-only.

A field called ``chat`` or ``user`` names a Telegram chat or account here; storage replaces it by
our own number before it is written, so the log holds no Telegram id. No field may hold a name,
a title or the text of a message: what must be quoted is ``Evidence``, kept apart, with an end.
Every tag is described in docs/events.md; a tag's payload never changes without a new version.
"""

from bot.policy.events.base import Evidence, Weight
from bot.policy.events.contact import (
    ChannelRegistered,
    CommandRefused,
    ContactEvent,
    PrivateMessageAnswered,
    StaffAskedFor,
)
from bot.policy.events.groups import (
    AdministratorChanged,
    BotAdded,
    BotRemoved,
    BotRightsChanged,
    GroupAdopted,
    GroupConfirmed,
    GroupEvent,
    GroupExplained,
    GroupLost,
    GroupMigrated,
    GroupRefused,
    GroupResumed,
    GroupSuspended,
    OwnerChanged,
    StaffTookPart,
)
from bot.policy.events.lock import (
    AnonymousWriter,
    JoinRequested,
    LockDrifted,
    LockEvent,
    LockProved,
    MessageNotRemovable,
    MessageRefused,
    StaffAddressedStudent,
)
from bot.policy.events.people import (
    AccountLinked,
    CodeRefused,
    CodesIssued,
    PeopleEvent,
    RosterImported,
)
from bot.policy.events.process import (
    BotStarted,
    EffectFailed,
    GapFound,
    ProcessEvent,
    UpdateSetAside,
)

Event = GroupEvent | LockEvent | ContactEvent | PeopleEvent | ProcessEvent

__all__ = (
    "AccountLinked",
    "AdministratorChanged",
    "AnonymousWriter",
    "BotAdded",
    "BotRemoved",
    "BotRightsChanged",
    "BotStarted",
    "ChannelRegistered",
    "CodeRefused",
    "CodesIssued",
    "CommandRefused",
    "EffectFailed",
    "Event",
    "Evidence",
    "GapFound",
    "GroupAdopted",
    "GroupConfirmed",
    "GroupExplained",
    "GroupLost",
    "GroupMigrated",
    "GroupRefused",
    "GroupResumed",
    "GroupSuspended",
    "JoinRequested",
    "LockDrifted",
    "LockProved",
    "MessageNotRemovable",
    "MessageRefused",
    "OwnerChanged",
    "PrivateMessageAnswered",
    "RosterImported",
    "StaffAddressedStudent",
    "StaffAskedFor",
    "StaffTookPart",
    "UpdateSetAside",
    "Weight",
)
