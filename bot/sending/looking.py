"""A look at a group, as Telegram shows it: four reads, and nothing is changed.

Whatever cannot be read is left out rather than guessed: an owner who hides has no seat.
"""

from dataclasses import replace

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.policy.groups import PERMISSIONS, ChatKind, ChatLook, Seat
from bot.policy.ids import ChatId, UserId
from bot.policy.outcomes import NOT_A_MEMBER
from bot.sending.refusals import reason_of

# Supergroups and channels have numbers below this one, basic groups above it.
_LAST_BASIC_GROUP = -1_000_000_000_000
_AWAY = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


async def look_at(bot: Bot, chat: ChatId) -> ChatLook:
    """Look at ``chat``; a chat that the bot is not in comes back as such.

    Raises the library's errors, also ``ChatMigrated``: only writes and lists give a group away that
    has become a supergroup, for ``getChat`` goes on answering with what was.
    """
    try:
        full = await bot.get_chat(chat)
        administrators = await bot.get_chat_administrators(chat, return_bots=True)
        own = await _own_seat(bot, chat, administrators)
        count = await bot.get_chat_member_count(chat)
    except (Forbidden, BadRequest) as error:
        # Only where Telegram says so: another error must not read as "not a member".
        if reason_of(error) != NOT_A_MEMBER:
            raise
    else:
        return replace(_look(chat, full, administrators, own), member_count=count)
    kind = ChatKind.GROUP if chat > _LAST_BASIC_GROUP else ChatKind.SUPERGROUP
    return ChatLook(chat=chat, kind=kind, is_member=False)


async def _own_seat(bot: Bot, chat: ChatId, administrators: tuple[ChatMember, ...]) -> ChatMember:
    for member in administrators:
        if member.user.id == bot.id:
            return member
    return await bot.get_chat_member(chat, bot.id)


def _look(
    chat: ChatId, full: ChatFullInfo, administrators: tuple[ChatMember, ...], own: ChatMember
) -> ChatLook:
    allowed = full.permissions.to_dict() if full.permissions is not None else {}
    return ChatLook(
        chat=chat,
        kind=ChatKind(full.type),
        title=full.title or "",
        is_member=_is_in(own),
        username=full.username,
        allowed=frozenset(name for name in PERMISSIONS if allowed.get(name)),
        seats=tuple(_seat(member) for member in administrators if member.user.id != own.user.id),
        own_rights=_rights(own),
        linked_channel=ChatId(full.linked_chat_id) if full.linked_chat_id else None,
        is_forum=bool(full.is_forum),
        boosts_unrestrict=full.unrestrict_boost_count or 0,
        # Younger than the library (Bot API 10.2): it keeps what it does not know aside.
        in_community="community" in full.api_kwargs,
    )


def _is_in(own: ChatMember) -> bool:
    if isinstance(own, ChatMemberRestricted):
        return own.is_member
    return own.status not in _AWAY


def _seat(member: ChatMember) -> Seat:
    return Seat(
        user=UserId(member.user.id),
        is_owner=member.status == ChatMemberStatus.OWNER,
        is_anonymous=bool(getattr(member, "is_anonymous", False)),
        is_bot=member.user.is_bot,
    )


def _rights(own: ChatMember) -> frozenset[str]:
    if not isinstance(own, ChatMemberAdministrator):
        return frozenset()
    fields = own.to_dict()
    return frozenset(name for name, on in fields.items() if name.startswith("can_") and on is True)
