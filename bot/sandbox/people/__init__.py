"""The people's side: what teachers, students and guardians do with their telephones.

Every public method is a verb, in this process and over HTTP alike (`POST /sandbox/<verb>`). A verb
returns JSON-like values: ids as numbers, views as dicts, the content of files as `bytes`. What
Telegram does not let a person do raises `RefusedByTelegram`; a call that makes no sense (an unknown
id) raises LookupError or ValueError.
"""

from typing import Final

from bot.sandbox.people.files import Files
from bot.sandbox.people.joining import Joining
from bot.sandbox.people.looking import Looking
from bot.sandbox.people.pressing import Pressing
from bot.sandbox.people.secretary import Secretary
from bot.sandbox.people.settings import GroupSettings


class People(Joining, Pressing, GroupSettings, Secretary, Files, Looking):
    """Everybody with a telephone."""


VERBS: Final = frozenset(
    name for name in dir(People) if not name.startswith("_") and callable(getattr(People, name))
)
