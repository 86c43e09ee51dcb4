"""People's accounts: making, changing and ending them, and the private chat with the bot."""

from bot.sandbox.people.base import Side
from bot.sandbox.serialize import chat_json, member_json, user_json
from bot.sandbox.state import Json, Member, User


class Accounts(Side):
    """Verbs about a person's own account."""

    def create_user(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        *,
        language_code: str | None = "nl",
        is_bot: bool = False,
        phone_number: str | None = None,
        bio: str | None = None,
        user_id: int | None = None,
    ) -> int:
        """Make an account and return its id (more than 32 bits, as today's are)."""
        new_id = user_id or next(self._world.user_ids)
        if new_id in self._world.users:
            msg = f"user {new_id} exists already"
            raise ValueError(msg)
        if username:
            self._world.take_username(username, new_id)
        self._world.users[new_id] = User(
            new_id,
            first_name,
            last_name,
            username,
            is_bot=is_bot,
            language_code=language_code,
            phone_number=phone_number or f"316{new_id % 10**8:08d}",
            bio=bio,
        )
        return new_id

    def set_username(self, owner: int, username: str | None, user: int | None = None) -> bool:
        """Change the public name of a person, or of a group (`user` is who does it)."""
        if owner in self._world.users:
            person = self._world.user(owner)
            if username:
                self._world.take_username(username, owner)
            self._world.free_username(person.username)
            person.username = username
            return True
        chat, member = self._inside(user or 0, owner, "set_username")
        if member.status != "creator":
            self._refuse("no-right", chat, user or 0, "set_username")
        if username:
            self._world.take_username(username, chat.id)
        self._world.free_username(chat.username)
        chat.username = username
        return True

    def rename(self, user: int, first_name: str, last_name: str | None = None) -> bool:
        """Change a person's name."""
        person = self._world.user(user)
        person.first_name, person.last_name = first_name, last_name
        return True

    def block_bot(self, user: int) -> bool:
        """Stop the bot: it is told that it was kicked from the private chat."""
        person = self._world.user(user)
        if not person.blocked:
            person.blocked = True
            self._tell(person, old="member", new="kicked")
        return True

    def unblock_bot(self, user: int) -> bool:
        """Let the bot write again."""
        person = self._world.user(user)
        if person.blocked:
            person.blocked = False
            self._tell(person, old="kicked", new="member")
        return True

    def _tell(self, person: User, *, old: str, new: str) -> None:
        world = self._world
        chat = world.private_chat(person.id)
        update: Json = {
            "chat": chat_json(world, chat),
            "from": user_json(world, person),
            "date": world.clock.unix(),
        }
        for key, status in (("old_chat_member", old), ("new_chat_member", new)):
            update[key] = member_json(world, chat, Member(user_id=world.bot.id, status=status))
        world.updates.add("my_chat_member", update)

    def deactivate(self, user: int) -> bool:
        """End an account; it stays in its groups as a deleted one, and the bot is told nothing."""
        person = self._world.user(user)
        self._world.free_username(person.username)
        person.deactivated = True
        person.first_name, person.last_name, person.username = "", None, None
        return True
