"""Which of the bot's commands somebody's menu shows.

Source: Bot API, BotCommandScope, "Determining list of commands": the first list that is set, from
the narrowest scope to the widest, and in each scope the person's language before all languages.
"""

from bot.sandbox.rights import is_administrator, is_in_chat
from bot.sandbox.state import Chat, CommandScope, Json
from bot.sandbox.world import World


def shown_to(world: World, user_id: int, chat: Chat) -> list[Json]:
    """Return the commands in the menu of a person in a chat; none where the bot is not."""
    if chat.type != "private" and not is_in_chat(world.bot_member(chat)):
        return []
    spoken = (world.user(user_id).language_code or "")[:2]
    languages = [spoken, ""] if spoken else [""]
    for scope in _scopes(world, user_id, chat):
        for language in languages:
            key = CommandScope(
                type=scope.type, chat_id=scope.chat_id, user_id=scope.user_id, language=language
            )
            if key in world.profile.commands:
                return list(world.profile.commands[key])
    return []


def _scopes(world: World, user_id: int, chat: Chat) -> list[CommandScope]:
    here = CommandScope(type="chat", chat_id=chat.id)
    if chat.type == "private":
        return [here, CommandScope(type="all_private_chats"), CommandScope()]
    is_admin = is_administrator(world.member(chat, user_id))
    scopes = [CommandScope(type="chat_member", chat_id=chat.id, user_id=user_id)]
    scopes += [CommandScope(type="chat_administrators", chat_id=chat.id)] if is_admin else []
    scopes.append(here)
    scopes += [CommandScope(type="all_chat_administrators")] if is_admin else []
    return [*scopes, CommandScope(type="all_group_chats"), CommandScope()]
