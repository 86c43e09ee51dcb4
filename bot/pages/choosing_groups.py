"""Which groups an announcement is for: one's own by a tap, those of a school by year and class.

Classes are named on buttons and never in what a button carries: that holds their keys.
"""

import re
from dataclasses import dataclass

from bot.callback_data import Press, Verb, opens
from bot.messages.notices import label
from bot.pages.page import Button, Desk, Request
from bot.pages.wording import short
from bot.policy.announcements.draft import Announcement, Reach
from bot.policy.announcements.reaching import OTHER_YEARS, of_class, of_year, years_of
from bot.policy.broadcast_groups.class_groups import class_key
from bot.policy.coming_in.consent import year_of
from bot.policy.effects import Page
from bot.policy.ids import ChatId

Rows = tuple[tuple[Button, ...], ...]

A_PAGE = 8
IN_A_ROW = 2


def members_of(reach: Reach) -> int:
    """How many people read a group. The bot is a member too, and reads nothing."""
    return max((reach.members or 0) - 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """The groups that one may announce in, as buttons.

    A view is what a button carries back: empty for where it begins, ``p2`` for the third page of
    all groups, ``y4.1`` for the second page of the classes of year 4.
    """

    desk: Desk
    request: Request
    announcement: Announcement
    reaches: tuple[Reach, ...]
    chosen: tuple[Reach, ...]
    titles: dict[ChatId, str]

    def asked(self, view: str, *, stays: bool) -> tuple[str, Rows]:
        """The question and its buttons. ``stays``: a tap does not go on by itself."""
        by_name = re.fullmatch(r"p(\d{1,3})", view)
        of_a_year = re.fullmatch(r"y(\d{1,2}|x)\.(\d{1,3})", view)
        if of_a_year:
            return self._year(of_a_year[1], int(of_a_year[2]))
        if by_name:
            return self._by_name(self.reaches, "p", int(by_name[1]), stays=True)
        if len(self.reaches) <= A_PAGE:
            return self._by_name(self.reaches, "", 0, stays=stays)
        return "announcement-ask-years", self._years()

    # --- where it begins -----------------------------------------------------------------------

    def _years(self) -> Rows:
        years = sorted({year for reach in self.reaches for year in years_of(reach)}, key=_in_order)
        buttons = [self._year_button(year) for year in years]
        rows = _in_rows(buttons)
        keeps = [reach for reach in self.reaches if reach.is_keeper]
        if keeps and len(keeps) < len(self.reaches):
            rows = ((self._toggle("button-mine", "group", "mine", keeps, "groups"),), *rows)
        everything = self._toggle("button-all", "group", "all", self.reaches, "groups")
        by_name = self._open(label("button-by-name", self.request.language), "groups.p0")
        return (*rows, (by_name,), (everything,), *self._end())

    def _year_button(self, year: str) -> Button:
        there = of_year(self.reaches, year)
        on = sum(reach in self.chosen for reach in there)
        key = "button-other-groups" if year == OTHER_YEARS else "button-year"
        said = label(key, self.request.language)
        name = said if year == OTHER_YEARS else f"{said} {year}"
        count = f"{on}/{len(there)}" if on else str(len(there))
        return self._open(f"{name} ({count})", f"groups.y{year}.0")

    # --- a year --------------------------------------------------------------------------------

    def _year(self, year: str, page: int) -> tuple[str, Rows]:
        there = of_year(self.reaches, year)
        classes = sorted({name for r in there for name in r.class_groups if _is_of(name, year)})
        if year == OTHER_YEARS and not classes:
            return self._by_name(there, "yx.", page, stays=True)
        page = min(page, max(len(classes) - 1, 0) // A_PAGE)
        view = f"groups.y{year}.{page}"
        buttons = [self._class(name, view) for name in classes[page * A_PAGE :][:A_PAGE]]
        whole = self._toggle("button-whole-year", "year", year, there, view, suffix=year)
        turn = self._turning(f"y{year}.", page, len(classes))
        return "announcement-ask-classes", ((whole,), *_in_rows(buttons), *turn, *self._back())

    def _class(self, name: str, view: str) -> Button:
        there = of_class(self.reaches, class_key(name))
        more = f" ({len(there)})" if len(there) > 1 else ""
        press = self._press("class", class_key(name), view)
        return Button(f"{self._box(there)} {short(name, 20)}{more}", press)

    # --- by name -------------------------------------------------------------------------------

    def _by_name(
        self, reaches: tuple[Reach, ...], pages: str, page: int, *, stays: bool
    ) -> tuple[str, Rows]:
        page = min(page, max(len(reaches) - 1, 0) // A_PAGE)
        view = (f"groups.{pages}{page}" if pages else "groups") if stays else ""
        rows: Rows = tuple(
            (self._group(reach, view),) for reach in reaches[page * A_PAGE :][:A_PAGE]
        )
        if pages:
            return "announcement-ask-groups", (
                *rows,
                *self._turning(pages, page, len(reaches)),
                *self._back(),
            )
        if len(reaches) > 1:
            everything = self._toggle("button-all", "group", "all", reaches, view)
            rows = (*rows, (everything,))
        return "announcement-ask-groups", (*rows, *self._end())

    def _group(self, reach: Reach, view: str) -> Button:
        title = short(self.titles.get(reach.chat, ""), 28) or "…"
        return Button(f"{self._box((reach,))} {title}", self._press("group", "", view, reach.chat))

    # --- shared --------------------------------------------------------------------------------

    def _box(self, reaches: tuple[Reach, ...]) -> str:
        return "☑" if reaches and all(reach in self.chosen for reach in reaches) else "☐"

    def _toggle(
        self,
        key: str,
        field: str,
        value: str,
        reaches: tuple[Reach, ...] | list[Reach],
        view: str,
        suffix: str = "",
    ) -> Button:
        said = " ".join(filter(None, (label(key, self.request.language), suffix)))
        name = f"{self._box(tuple(reaches))} {said} ({len(reaches)})"
        if value == "all" and len(self.chosen) == len(self.reaches):
            value = "none"
        return Button(name, self._press(field, value, view))

    def _press(self, field: str, value: str, view: str, chat: ChatId | None = None) -> Press:
        argument = f"{self.announcement.id}.{field}.{value}" + (f":{view}" if view else "")
        return Press(verb=Verb.DRAFT, chat=chat, argument=argument)

    def _open(self, said: str, view: str) -> Button:
        argument = f"{self.announcement.id}.{view}" if view else str(self.announcement.id)
        return Button(said, opens(Page.ANNOUNCEMENT, argument=argument))

    def _turning(self, pages: str, page: int, count: int) -> Rows:
        turns = []
        if page > 0:
            turns.append(self._open("‹", f"groups.{pages}{page - 1}"))
        if (page + 1) * A_PAGE < count:
            turns.append(self._open("›", f"groups.{pages}{page + 1}"))
        return (tuple(turns),) if turns else ()

    def _back(self) -> Rows:
        back = self._open(label("button-back-to-years", self.request.language), "groups")
        return ((back, *(button for row in self._end() for button in row)),)

    def _end(self) -> Rows:
        if not self.chosen:
            return ()
        said = label("button-go-on", self.request.language)
        return ((self._open(f"{said} ({len(self.chosen)})", ""),),)


def _is_of(class_group: str, year: str) -> bool:
    found = year_of(class_group)
    return (OTHER_YEARS if found is None else str(found)) == year


def _in_order(year: str) -> int:
    return 99 if year == OTHER_YEARS else int(year)


def _in_rows(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
