"""The first line of a roster: which column says what, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.policy.people import Role
from bot.policy.rosters.roster_columns import (
    FIRST_NAME_PREFERENCE,
    MAY_REPEAT,
    ROLE_OF_ID,
    Column,
    column_of,
    plain,
)
from bot.policy.rosters.roster_troubles import RosterError, Trouble


class UnreadableError(Exception):
    """Something is wrong with the whole file: there is no point in reading its rows."""

    def __init__(self, what: Trouble, line: int = 1, *, value: str = "") -> None:
        super().__init__(what)
        self.error = RosterError(line=line, column="", what=what, value=value)


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. ``implied``: the role of whoever has this kind of school id."""

    titles: tuple[str, ...]
    places: dict[Column, tuple[int, ...]]
    implied: Role | None
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, line: int, cells: Sequence[str]) -> "Header":
        """Read the cells of the first line. Raises ``UnreadableError``."""
        titles = tuple(" ".join(cell.split()) for cell in cells)
        found: dict[Column, list[int]] = {}
        for place, title in enumerate(titles):
            column = column_of(title)
            if column is not None:
                found.setdefault(column, []).append(place)
        _settle_names(titles, found)
        _refuse_unusable(line, titles, found)
        school_id = plain(titles[found[Column.SCHOOL_ID][0]])
        implied = None if Column.ROLE in found else ROLE_OF_ID.get(school_id)
        if Column.ROLE not in found and implied is None:
            raise UnreadableError(Trouble.NO_ROLE_COLUMN, line)
        used = {place for places in found.values() for place in places}
        return cls(
            titles=titles,
            places={column: tuple(places) for column, places in found.items()},
            implied=implied,
            ignored=tuple(
                title for place, title in enumerate(titles) if title and place not in used
            ),
        )

    def title(self, column: Column) -> str:
        """The header as the file writes it."""
        return self.titles[self.places[column][0]] if column in self.places else ""


def _settle_names(titles: Sequence[str], found: dict[Column, list[int]]) -> None:
    """One way to write a name: the parts if they are there, else the whole."""
    first = found.get(Column.FIRST_NAME)
    if first is not None:
        found[Column.FIRST_NAME] = [
            min(first, key=lambda place: FIRST_NAME_PREFERENCE.index(plain(titles[place])))
        ]
        # "Roepnaam" beside "Naam": the second can only be the last name.
        if Column.LAST_NAME not in found and Column.NAME in found:
            found[Column.LAST_NAME] = found.pop(Column.NAME)
    if first is not None and Column.LAST_NAME in found:
        found.pop(Column.NAME, None)
    elif Column.NAME in found:
        for part in (Column.FIRST_NAME, Column.PREFIX, Column.LAST_NAME):
            found.pop(part, None)


def _refuse_unusable(line: int, titles: Sequence[str], found: dict[Column, list[int]]) -> None:
    for column, places in found.items():
        if len(places) > 1 and column not in MAY_REPEAT:
            both = ", ".join(titles[place] for place in places)
            raise UnreadableError(Trouble.COLUMN_TWICE, line, value=both)
    if Column.SCHOOL_ID not in found:
        raise UnreadableError(Trouble.NO_ID_COLUMN, line)
    if Column.NAME not in found and not {Column.FIRST_NAME, Column.LAST_NAME} <= found.keys():
        raise UnreadableError(Trouble.NO_NAME_COLUMN, line)
