"""Linking codes on paper: one page of HTML that every browser prints, with a card for each person.

HTML and not PDF, because a browser has the letters of every name, and a PDF only those of the fonts
that come along. The page is whole by itself: no script, style or picture from elsewhere. Roles and
classes never share a sheet of paper, so that what is handed out in class holds no code of staff.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_datetime

from bot.policy.accounts.codes import normalised
from bot.policy.people import Role
from storage.linking_codes import IssuedCode

CARDS_A_PAGE = 10

_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")
_ROLES = {
    Role.STUDENT: ("Leerlingen", "Students"),
    Role.STAFF: ("Medewerkers", "Staff"),
    Role.GUARDIAN: ("Ouders en verzorgers", "Parents and guardians"),
}
_STYLE = """
@page { size: A4; margin: 10mm }
* { box-sizing: border-box; margin: 0 }
body { font: 9pt/1.3 system-ui, "Noto Sans", "DejaVu Sans", sans-serif;
  color: #000; background: #fff }
.page { width: 190mm; margin: 0 auto; break-after: page; break-inside: avoid }
.page:last-child { break-after: auto }
h1 { font-size: 10pt; height: 8mm; display: flex; justify-content: space-between }
.cards { display: grid; grid-template-columns: 95mm 95mm; grid-auto-rows: 52mm }
.card { border: .3mm dashed #777; padding: 2.5mm; display: grid; overflow: hidden;
  grid-template: minmax(0, 1fr) auto / 33mm 1fr; gap: 1mm 3mm; break-inside: avoid }
.card svg { width: 33mm; height: 33mm; display: block }
.card div { min-width: 0; overflow: hidden; overflow-wrap: anywhere }
.name { font-size: 11pt; font-weight: 700; line-height: 1.2;
  max-height: 2.4em; overflow: hidden }
.code { font: 700 11pt/1.4 ui-monospace, "DejaVu Sans Mono", monospace; white-space: nowrap;
  margin: 1mm 0 }
.where { max-height: 1.3em; overflow: hidden }
.how { font-size: 8pt; line-height: 1.2 }
.en, .school { color: #444; font-size: 7pt; line-height: 1.2 }
.keep { font-weight: 700 }
.foot { grid-column: 1 / -1; font-size: 7.5pt; line-height: 1.25 }
@media screen { body { background: #ddd } .page { background: #fff; padding: 5mm; margin: 5mm auto;
  width: 200mm } }
""".strip()


def bot_username(text: str) -> str | None:
    """A bot's user name without the @ that people put before it; ``None`` if it is none.

    Source: https://core.telegram.org/bots/features#botfather (5 to 32 Latin letters, digits, _).
    """
    found = _USERNAME.fullmatch(text.strip())
    return found[1] if found else None


def start_link(username: str, code: str) -> str:
    """The link that opens the bot and hands it the code (Bot API: deep linking)."""
    return f"https://t.me/{username}?start={normalised(code)}"


def code_sheet(codes: Sequence[IssuedCode], *, username: str, school: str, zone: ZoneInfo) -> str:
    """The page, ten cards on a sheet of A4; a new sheet for each role and class.

    ``zone`` is the school's clock, by which the end of a code is written.
    """
    sheets = "\n".join(_sheets(codes, username, school, zone))
    return (
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Koppelcodes {escape(school)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n"
        f"<body>\n{sheets}\n</body>\n</html>\n"
    )


def _sheets(
    codes: Iterable[IssuedCode], username: str, school: str, zone: ZoneInfo
) -> Iterator[str]:
    ordered = sorted(codes, key=lambda one: (one.role, one.class_groups, one.name, one.school_id))
    for (role, class_groups), together in groupby(ordered, _pile):
        cards = [_card(one, username, school, zone) for one in together]
        pages = [cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE)]
        for number, page in enumerate(pages, start=1):
            title = _title(role, class_groups)
            yield (
                f'<section class="page">\n<h1><span>{title}</span>'
                f"<span>{number} / {len(pages)}</span></h1>\n"
                f'<div class="cards">\n{"".join(page)}</div>\n</section>'
            )


def _pile(one: IssuedCode) -> tuple[Role, tuple[str, ...]]:
    """Whose cards are handed out together: staff all at once, the others by class."""
    return one.role, () if one.role is Role.STAFF else one.class_groups


def _title(role: Role, class_groups: tuple[str, ...]) -> str:
    dutch, english = _ROLES[role]
    classes = f" {escape(', '.join(class_groups))}" if class_groups else ""
    return f"{dutch}{classes} / {english}{classes}"


def _card(one: IssuedCode, username: str, school: str, zone: ZoneInfo) -> str:
    link = start_link(username, one.code)
    picture = segno.make_qr(link, error="m").svg_inline(border=4, omitsize=True, dark="#000")
    where = ", ".join(one.class_groups)
    return f"""<article class="card">
{picture}
<div>
<p class="school">{escape(school)}</p>
<p class="name" dir="auto">{escape(one.name)}</p>
<p class="where">{escape(where)}</p>
<p class="code">{escape(one.code)}</p>
<p class="how">Scan, of stuur de code in Telegram aan <b>@{username}</b>.</p>
<p class="en">Scan, or send the code to this bot.</p>
</div>
<p class="foot"><span class="keep">Persoonlijk, niet doorgeven.</span> \
Geldig tot {_until(one.expires_at, zone, "nl")}.<br>
<span class="en">Personal, do not pass on. \
Valid until {_until(one.expires_at, zone, "en")}.</span></p>
</article>
"""


def _until(moment: datetime, zone: ZoneInfo, language: str) -> str:
    return format_datetime(moment, "d MMM y HH:mm", tzinfo=zone, locale=language)
