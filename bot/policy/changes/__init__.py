"""What our own tables hold from now on. Storage applies each in the commit of its decision."""

from bot.policy.changes.administration import (
    AdministrationChange,
    CloseDataRequest,
    DecideProposal,
    ProposeDuty,
    RememberUpload,
    SetDuty,
    SetUploadState,
)
from bot.policy.changes.announcements import (
    AnnouncementChange,
    KeepAnnouncement,
    RecordSighting,
    RememberAskedAgain,
    RememberPage,
    SetAnnouncementState,
    SetDelivery,
    ShowCount,
    ShowProgress,
)
from bot.policy.changes.groups import (
    ConfirmGroup,
    GroupChange,
    MigrateGroup,
    RememberGroup,
    RememberInviteLink,
    RememberLook,
    RememberNotice,
    RememberOwner,
    RememberSeat,
    ScheduleLook,
    SetGroupState,
)
from bot.policy.changes.joining import (
    ForgetMember,
    JoiningChange,
    JudgeRequestsAgain,
    PostponeJoinRequest,
    RecordClassesAsked,
    RecordMembersTold,
    RememberJoinRequest,
    RememberMember,
    SetGroupClassGroups,
    SettleJoinRequest,
)
from bot.policy.changes.keeping import (
    AcceptOffer,
    EndInviteLink,
    EndOffer,
    KeepingChange,
    OfferGroup,
    RememberSecondAsked,
)
from bot.policy.changes.own_data import AskForData, OwnDataChange, UnlinkAccount
from bot.policy.changes.people import (
    IssueNonce,
    LinkAccount,
    PeopleChange,
    RecordAnswer,
    RecordWrongCode,
    RegisterChannel,
    SetLanguage,
    SpendNonce,
)
from bot.policy.changes.process import ProcessChange, RecordPoll
from bot.policy.changes.school_year import (
    AwaitReconfirmation,
    BeginSchoolYear,
    DropClassGroups,
    GiveConsent,
    ReconfirmGroup,
    RememberChoice,
    RememberReconfirmationAsked,
    SchoolYearChange,
    WithdrawConsent,
)

Change = (
    AdministrationChange
    | AnnouncementChange
    | GroupChange
    | JoiningChange
    | KeepingChange
    | PeopleChange
    | OwnDataChange
    | ProcessChange
    | SchoolYearChange
)

__all__ = (
    "AcceptOffer",
    "AdministrationChange",
    "AnnouncementChange",
    "AskForData",
    "AwaitReconfirmation",
    "BeginSchoolYear",
    "Change",
    "CloseDataRequest",
    "ConfirmGroup",
    "DecideProposal",
    "DropClassGroups",
    "EndInviteLink",
    "EndOffer",
    "ForgetMember",
    "GiveConsent",
    "GroupChange",
    "IssueNonce",
    "JoiningChange",
    "JudgeRequestsAgain",
    "KeepAnnouncement",
    "KeepingChange",
    "LinkAccount",
    "MigrateGroup",
    "OfferGroup",
    "OwnDataChange",
    "PeopleChange",
    "PostponeJoinRequest",
    "ProcessChange",
    "ProposeDuty",
    "ReconfirmGroup",
    "RecordAnswer",
    "RecordClassesAsked",
    "RecordMembersTold",
    "RecordPoll",
    "RecordSighting",
    "RecordWrongCode",
    "RegisterChannel",
    "RememberAskedAgain",
    "RememberChoice",
    "RememberGroup",
    "RememberInviteLink",
    "RememberJoinRequest",
    "RememberLook",
    "RememberMember",
    "RememberNotice",
    "RememberOwner",
    "RememberPage",
    "RememberReconfirmationAsked",
    "RememberSeat",
    "RememberSecondAsked",
    "RememberUpload",
    "ScheduleLook",
    "SchoolYearChange",
    "SetAnnouncementState",
    "SetDelivery",
    "SetDuty",
    "SetGroupClassGroups",
    "SetGroupState",
    "SetLanguage",
    "SetUploadState",
    "SettleJoinRequest",
    "ShowCount",
    "ShowProgress",
    "SpendNonce",
    "UnlinkAccount",
    "WithdrawConsent",
)
