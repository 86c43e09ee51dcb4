"""The buttons under private messages, and how Telegram is asked to offer only one's own chats."""

from collections.abc import Mapping
from typing import assert_never

from telegram import (
    ChatAdministratorRights,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.callback_data import CHANNEL_REQUEST, GROUP_REQUEST, Press, Verb, format_data, opens
from bot.messages.notices import label
from bot.policy.effects import Keyboard, Language, Page, SendPrivateNotice
from bot.policy.groups import REQUIRED_RIGHTS

Markup = ReplyKeyboardMarkup | ReplyKeyboardRemove | InlineKeyboardMarkup


def markup_of(notice: SendPrivateNotice) -> Markup | None:
    """The buttons under a notice. Raises ``ValueError`` if they need a chat and it names none."""
    match notice.keyboard:
        case Keyboard.NONE:
            return None
        case Keyboard.PICK_GROUP:
            return _one_button("button-pick-group", notice.language, _OWN_GROUPS)
        case Keyboard.PICK_CHANNEL:
            return _one_button("button-pick-channel", notice.language, _OWN_CHANNELS)
        case Keyboard.CONFIRM_GROUP:
            return _confirm(notice)
        case Keyboard.GROUP_READY | Keyboard.GROUP_CLASSES | Keyboard.GROUP_MEMBERS:
            return _leading_on(notice)
        case Keyboard.RECONFIRM:
            return _reconfirm(notice)
        case Keyboard.REMOVE:
            return ReplyKeyboardRemove()
        case _:
            assert_never(notice.keyboard)


def _one_button(
    key: str, language: Language, request: KeyboardButtonRequestChat
) -> ReplyKeyboardMarkup:
    button = KeyboardButton(label(key, language), request_chat=request)
    return ReplyKeyboardMarkup([[button]], one_time_keyboard=True, resize_keyboard=True)


def _confirm(notice: SendPrivateNotice) -> InlineKeyboardMarkup:
    if notice.about is None:
        raise ValueError("a button to confirm a group needs to know which")
    button = InlineKeyboardButton(
        label("button-confirm-group", notice.language),
        callback_data=format_data(Press(verb=Verb.CONFIRM_GROUP, chat=notice.about)),
    )
    return InlineKeyboardMarkup([[button]])


def _reconfirm(notice: SendPrivateNotice) -> InlineKeyboardMarkup:
    if notice.about is None:
        raise ValueError("a button to say that a group goes on needs to know which")
    button = InlineKeyboardButton(
        label("button-reconfirm", notice.language),
        callback_data=format_data(Press(verb=Verb.RECONFIRM, chat=notice.about)),
    )
    return InlineKeyboardMarkup([[button]])


_TO_CLASSES = ("button-group-classes", Page.GROUP_CLASSES)

# To which pages of a group a notice leads on, a button each, in this order.
_LEADS: Mapping[Keyboard, tuple[tuple[str, Page], ...]] = {
    Keyboard.GROUP_READY: (
        _TO_CLASSES,
        ("button-group-link", Page.GROUP_LINK),
        ("button-group-second", Page.GROUP_SECOND),
    ),
    Keyboard.GROUP_CLASSES: (_TO_CLASSES,),
    Keyboard.GROUP_MEMBERS: (("button-group-members", Page.GROUP_MEMBERS),),
}


def _leading_on(notice: SendPrivateNotice) -> InlineKeyboardMarkup:
    if notice.about is None:
        raise ValueError("buttons that lead on to pages about a group need to know which")
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    label(key, notice.language),
                    callback_data=format_data(opens(page, notice.about)),
                )
            ]
            for key, page in _LEADS[notice.keyboard]
        ]
    )


def _rights() -> ChatAdministratorRights:
    """The four that keep a group locked, and no other."""
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=False,
        can_delete_messages="can_delete_messages" in REQUIRED_RIGHTS,
        can_manage_video_chats=False,
        can_restrict_members="can_restrict_members" in REQUIRED_RIGHTS,
        can_promote_members=False,
        can_change_info=False,
        can_invite_users="can_invite_users" in REQUIRED_RIGHTS,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_pin_messages="can_pin_messages" in REQUIRED_RIGHTS,
    )


# Telegram wants the user's rights to include the bot's, or offers no chat at all.
_OWN_GROUPS = KeyboardButtonRequestChat(
    request_id=GROUP_REQUEST,
    chat_is_channel=False,
    chat_has_username=False,
    chat_is_created=True,
    user_administrator_rights=_rights(),
    bot_administrator_rights=_rights(),
)
_OWN_CHANNELS = KeyboardButtonRequestChat(
    request_id=CHANNEL_REQUEST, chat_is_channel=True, chat_is_created=True
)
