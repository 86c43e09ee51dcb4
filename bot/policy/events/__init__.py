"""What the log holds: facts of the past, append-only.

A field called ``chat`` or ``user`` names a Telegram chat or account here; storage replaces it by
our own number before it is written, so the log holds no Telegram id. No field may hold a name,
a title or the text of a message: what must be quoted is ``Evidence``, kept apart, with an end.
Every tag is described in docs/events.md; a tag's payload never changes without a new version.
"""

from bot.policy.events.administration import (
    AdministrationEvent,
    CodesHandedOut,
    DataRequestDone,
    DutyDeclined,
    DutyGranted,
    DutyProposed,
    DutyTaken,
    RosterReceived,
)
from bot.policy.events.announcements import (
    AnnouncementConfirmed,
    AnnouncementCorrected,
    AnnouncementDelivered,
    AnnouncementDoubted,
    AnnouncementEvent,
    AnnouncementRepeatAsked,
    AnnouncementRepeated,
    AnnouncementResent,
    AnnouncementReviewed,
    AnnouncementStopped,
    AnnouncementWithdrawn,
    AnnouncementWritten,
)
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
from bot.policy.events.joining import (
    GroupClassGroupsSet,
    JoiningEvent,
    MemberAdmitted,
    MemberCameIn,
    MemberCameInUnasked,
    MemberDeclined,
    MemberRemovalAsked,
    MembersTold,
    MemberWent,
)
from bot.policy.events.keeping import (
    GroupClosed,
    GroupHandedOver,
    GroupOffered,
    JoinLinkEnded,
    JoinLinkRenewed,
    KeepingEvent,
    OfferAnswered,
    OfferWithdrawn,
    SecondAsked,
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
from bot.policy.events.own_data import AccountUnlinked, DataAsked, OwnDataEvent
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
from bot.policy.events.school_year import (
    ConsentGiven,
    ConsentWithdrawn,
    GroupLeftBehind,
    GroupReconfirmed,
    ReconfirmationAsked,
    SchoolYearBegun,
    SchoolYearBegunByOperator,
    SchoolYearEvent,
    UnderSixteenChosen,
)

Event = (
    AdministrationEvent
    | AnnouncementEvent
    | GroupEvent
    | JoiningEvent
    | KeepingEvent
    | LockEvent
    | ContactEvent
    | PeopleEvent
    | OwnDataEvent
    | ProcessEvent
    | SchoolYearEvent
)

__all__ = (
    "AccountLinked",
    "AccountUnlinked",
    "AdministrationEvent",
    "AdministratorChanged",
    "AnnouncementConfirmed",
    "AnnouncementCorrected",
    "AnnouncementDelivered",
    "AnnouncementDoubted",
    "AnnouncementRepeatAsked",
    "AnnouncementRepeated",
    "AnnouncementResent",
    "AnnouncementReviewed",
    "AnnouncementStopped",
    "AnnouncementWithdrawn",
    "AnnouncementWritten",
    "AnonymousWriter",
    "BotAdded",
    "BotRemoved",
    "BotRightsChanged",
    "BotStarted",
    "ChannelRegistered",
    "CodeRefused",
    "CodesHandedOut",
    "CodesIssued",
    "CommandRefused",
    "ConsentGiven",
    "ConsentWithdrawn",
    "DataAsked",
    "DataRequestDone",
    "DutyDeclined",
    "DutyGranted",
    "DutyProposed",
    "DutyTaken",
    "EffectFailed",
    "Event",
    "Evidence",
    "GapFound",
    "GroupAdopted",
    "GroupClassGroupsSet",
    "GroupClosed",
    "GroupConfirmed",
    "GroupExplained",
    "GroupHandedOver",
    "GroupLeftBehind",
    "GroupLost",
    "GroupMigrated",
    "GroupOffered",
    "GroupReconfirmed",
    "GroupRefused",
    "GroupResumed",
    "GroupSuspended",
    "JoinLinkEnded",
    "JoinLinkRenewed",
    "JoinRequested",
    "JoiningEvent",
    "KeepingEvent",
    "LockDrifted",
    "LockProved",
    "MemberAdmitted",
    "MemberCameIn",
    "MemberCameInUnasked",
    "MemberDeclined",
    "MemberRemovalAsked",
    "MemberWent",
    "MembersTold",
    "MessageNotRemovable",
    "MessageRefused",
    "OfferAnswered",
    "OfferWithdrawn",
    "OwnerChanged",
    "PrivateMessageAnswered",
    "ReconfirmationAsked",
    "RosterImported",
    "RosterReceived",
    "SchoolYearBegun",
    "SchoolYearBegunByOperator",
    "SecondAsked",
    "StaffAddressedStudent",
    "StaffAskedFor",
    "StaffTookPart",
    "UnderSixteenChosen",
    "UpdateSetAside",
    "Weight",
)
