"""What our own tables hold from now on. Storage applies each in the commit of its decision."""

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

Change = GroupChange | PeopleChange | ProcessChange

__all__ = (
    "Change",
    "ConfirmGroup",
    "GroupChange",
    "IssueNonce",
    "LinkAccount",
    "MigrateGroup",
    "PeopleChange",
    "ProcessChange",
    "RecordAnswer",
    "RecordPoll",
    "RecordWrongCode",
    "RegisterChannel",
    "RememberGroup",
    "RememberInviteLink",
    "RememberLook",
    "RememberNotice",
    "RememberOwner",
    "RememberSeat",
    "ScheduleLook",
    "SetGroupState",
    "SetLanguage",
    "SpendNonce",
)
