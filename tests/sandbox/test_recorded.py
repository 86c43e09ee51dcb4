"""The keys of recorded updates: what the real server sent, the sandbox sends as well.

Only the names of keys were taken over from recordings of January 2025 (drui9/autogram, api.md),
never their values. Keys younger than the recordings are listed.
"""

ADMINISTRATOR = {
    "user",
    "status",
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
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
    "is_anonymous",
    "can_manage_voice_chats",
    "custom_title",
}
RESTRICTED = {
    "user",
    "status",
    "until_date",
    "can_send_messages",
    "can_send_media_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "is_member",
}
YOUNGER = {"can_manage_tags", "can_send_welcome_messages", "can_react_to_messages", "can_edit_tag"}
UPDATE = {"chat", "from", "date", "old_chat_member", "new_chat_member"}


async def changes(school):
    return [u["my_chat_member"] for u in await school.updates() if "my_chat_member" in u]


async def test_rights_when_edited_and_taken_then_keys_as_recorded(school):
    bot = school.telegram.bot.id
    school.people.demote(school.teacher, school.group, bot, as_restricted=True)
    school.people.promote(school.teacher, school.group, bot, custom_title="HelpDesk")

    demoted, promoted = await changes(school)

    assert set(demoted) == set(promoted) == UPDATE
    assert demoted["new_chat_member"]["status"] == "restricted"
    assert set(demoted["new_chat_member"]) - YOUNGER == RESTRICTED
    assert set(promoted["new_chat_member"]) - YOUNGER == ADMINISTRATOR


async def test_private_chat_when_blocked_and_unblocked_then_keys_as_recorded(school):
    school.people.block_bot(school.teacher)
    school.people.unblock_bot(school.teacher)

    blocked, unblocked = await changes(school)

    assert set(blocked["chat"]) == {"id", "first_name", "last_name", "username", "type"}
    assert set(blocked["new_chat_member"]) == {"user", "status", "until_date"}
    assert set(unblocked["new_chat_member"]) == {"user", "status"}
    assert blocked["new_chat_member"]["status"] == "kicked"


async def test_basic_group_when_the_bot_is_added_then_keys_as_recorded(school):
    group = school.people.create_group(school.teacher, "Uncouth", kind="group")
    school.people.add_bot(school.teacher, group)

    (added,) = await changes(school)

    assert set(added["chat"]) == {"id", "title", "type", "all_members_are_administrators"}
    assert added["chat"]["all_members_are_administrators"] is True
    assert set(added["new_chat_member"]) == {"user", "status"}
