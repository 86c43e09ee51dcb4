"""Who may do what in a chat: the names of all rights, and the rules that combine them.

Source of the rules: td/telegram/DialogParticipant.cpp and the Bot API's `ChatPermissions` and
`ChatAdministratorRights`. Only questions are answered here; nothing changes state.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.state import Chat, Member

MEDIA_PERMISSIONS: Final = (
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
)
SEND_PERMISSIONS: Final = (
    "can_send_messages",
    *MEDIA_PERMISSIONS,
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
PERMISSIONS: Final = (
    *SEND_PERMISSIONS,
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ADMINISTRATOR_RIGHTS: Final = (
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_direct_messages",
    "can_manage_tags",
    "is_anonymous",
)
CHANNEL_ONLY_RIGHTS: Final = frozenset(
    {"can_post_messages", "can_edit_messages", "can_manage_direct_messages"}
)
GROUP_RIGHTS: Final = frozenset(ADMINISTRATOR_RIGHTS) - CHANNEL_ONLY_RIGHTS - {"is_anonymous"}
BASIC_GROUP_RIGHTS: Final = frozenset(
    {
        "can_manage_chat",
        "can_change_info",
        "can_delete_messages",
        "can_invite_users",
        "can_restrict_members",
        "can_pin_messages",
        "can_manage_video_chats",
    }
)
OPEN_GROUP: Final[Mapping[str, bool]] = dict.fromkeys(PERMISSIONS, True) | {"can_edit_tag": False}
NO_PERMISSIONS: Final[Mapping[str, bool]] = dict.fromkeys(PERMISSIONS, False)
KIND_PERMISSION: Final[Mapping[str, str]] = {
    "text": "can_send_messages",
    "contact": "can_send_messages",
    "location": "can_send_messages",
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "audio": "can_send_audios",
    "video": "can_send_videos",
    "video_note": "can_send_video_notes",
    "voice": "can_send_voice_notes",
    "poll": "can_send_polls",
    "sticker": "can_send_other_messages",
    "animation": "can_send_other_messages",
    "dice": "can_send_other_messages",
}
IN_CHAT: Final = frozenset({"creator", "administrator", "member"})


def is_in_chat(member: Member | None) -> bool:
    """Tell whether the person is in the chat now (a restricted one may be outside it)."""
    return member is not None and (
        member.status in IN_CHAT or (member.status == "restricted" and member.is_member)
    )


def is_administrator(member: Member | None) -> bool:
    """Tell whether the member is the owner or an administrator."""
    return member is not None and member.status in {"creator", "administrator"}


def has_right(member: Member | None, right: str) -> bool:
    """Tell whether an administrator holds `right`; the owner holds all but anonymity."""
    if member is None:
        return False
    if member.status == "creator" and right != "is_anonymous":
        return True
    return is_administrator(member) and right in member.rights


def may(chat: Chat, member: Member | None, permission: str) -> bool:
    """Tell whether somebody may use one of the 16 permissions in a group.

    Administrators may send anything; for the four permissions that are rights as well, theirs
    counts or the default. Others need the default and, if restricted, their own. Enough boosts
    lift the default for sending (`unrestrict_boost_count`).
    """
    if member is None or not is_in_chat(member):
        return False
    if member.status == "creator":
        return True
    default = chat.permissions[permission]
    if member.status == "administrator":
        if permission in ADMINISTRATOR_RIGHTS:
            return permission in member.rights or default
        return True
    needed = chat.unrestrict_boost_count
    lifted = 0 < needed <= chat.boosts.get(member.user_id, 0) and permission in SEND_PERMISSIONS
    own = member.permissions is None or member.permissions[permission]
    return own and (default or lifted)


def is_permitted_by(raw: Mapping[str, Any], *, independent: bool) -> dict[str, bool]:
    """Read a `ChatPermissions` object as Client.cpp:get_chat_permissions does.

    An omitted field is false, with the exceptions the Bot API documents; without the independent
    flag the broader permissions imply the narrower ones.
    """
    given = {name: bool(raw.get(name, False)) for name in PERMISSIONS}
    if "can_react_to_messages" not in raw:
        given["can_react_to_messages"] = given["can_send_messages"]
    for name in ("can_edit_tag", "can_manage_topics"):
        if name not in raw:
            given[name] = given["can_pin_messages"]
    if not independent:
        if given["can_send_other_messages"] or given["can_add_web_page_previews"]:
            given.update(dict.fromkeys(("can_send_messages", *MEDIA_PERMISSIONS), True))
        if given["can_send_polls"]:
            given["can_send_messages"] = True
    return given


def rights_named(rights: Mapping[str, Any] | tuple[str, ...] | list[str] | None) -> frozenset[str]:
    """Read administrator rights given as an object or as a list of names."""
    if rights is None:
        return frozenset()
    names = [n for n, on in rights.items() if on] if isinstance(rights, Mapping) else rights
    known = frozenset(names) & frozenset(ADMINISTRATOR_RIGHTS)
    # Any right brings can_manage_chat with it (td: AdministratorRights::AdministratorRights).
    return known | {"can_manage_chat"} if known else known
