"""Text with formatting: HTML to entities, and the entities Telegram finds by itself.

Ported rules of td/telegram/MessageEntity.cpp (`parse_html`, `find_entities`). Offsets and lengths
are UTF-16 code units, byte offsets in error texts are UTF-8.
"""

import html
import re
from collections.abc import Iterable
from typing import Final

from bot.sandbox.errors import fail
from bot.sandbox.state import Json

SIMPLE_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
}
OTHER_TAGS: Final = frozenset({"a", "span", "tg-emoji", "tg-time"})
DETECTED: Final = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_DOMAINS = "nl|be|eu|com|net|org|me|de|uk|fr|io|app|dev|info|chat|link|gg|tv|co|school|edu|gov"
_FINDERS: Final = (
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:(?:https?|tg|tonsite)://[^\s<>\"]+"
            rf"|(?:[a-zA-Z0-9-]+\.)+(?:{_DOMAINS})(?![\w@-])(?::\d+)?(?:[/?#][^\s<>\"]*)?)"
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}")),
    ("mention", re.compile(r"(?<![\w@/])@[a-zA-Z0-9_]{3,32}(?!\w)")),
    (
        "bot_command",
        re.compile(r"(?<![\w/@<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/@])"),
    ),
    ("hashtag", re.compile(r"(?<![\w#])#\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d(?:[\s().-]{0,2}\d){7,14}(?!\w)")),
)


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


class _HtmlReader:
    """One pass over a formatted text; collects plain pieces and finished entities."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int, Json]] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        position = 0
        while position < len(self.source):
            special = self._next_special(position)
            self._plain(self.source[position:special])
            if special == len(self.source):
                break
            position = self._special(special)
        if self.open:
            self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.pieces), self.entities

    def _next_special(self, start: int) -> int:
        found = [p for p in (self.source.find(c, start) for c in "<&") if p >= 0]
        return min(found, default=len(self.source))

    def _plain(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _special(self, at: int) -> int:
        if self.source[at] == "&":
            match = _ENTITY.match(self.source, at)
            self._plain(html.unescape(match[0]) if match else "&")
            return match.end() if match else at + 1
        tag = _TAG.match(self.source, at)
        if tag is None:
            kind = "end" if self.source.startswith("</", at) else "start"
            if self.source.find(">", at) < 0:
                self._error(f"Unclosed {kind} tag at byte offset {self._byte(at)}")
            bad = re.match(r"</?([^\s>]*)", self.source[at:])
            name = bad[1] if bad else ""
            self._error(f'Unsupported start tag "{name}" at byte offset {self._byte(at)}')
        elif tag[1]:
            self._close(tag[2].lower(), at)
        else:
            self._start(tag[2].lower(), tag[3], at)
        return tag.end() if tag else len(self.source)

    def _start(self, name: str, attributes: str, at: int) -> None:
        if name not in SIMPLE_TAGS and name not in OTHER_TAGS:
            self._error(f'Unsupported start tag "{name}" at byte offset {self._byte(at)}')
        values: Json = {
            m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "")
            for m in _ATTRIBUTE.finditer(attributes)
        }
        if name == "span" and values.get("class") != "tg-spoiler":
            self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(at)}')
        self.open.append((name, self.length, values))

    def _close(self, name: str, at: int) -> None:
        if not self.open:
            self._error(f"Unexpected end tag at byte offset {self._byte(at)}")
        expected, start, values = self.open.pop()
        if expected != name:
            self._error(
                f"Unmatched end tag at byte offset {self._byte(at)}, "
                f'expected "</{expected}>", found "</{name}>"'
            )
        length = self.length - start
        entity = _entity_of(name, values, self._text_from(start)) if length else None
        if entity is not None:
            self.entities.append(entity | {"offset": start, "length": length})

    def _text_from(self, start: int) -> str:
        units = "".join(self.pieces).encode("utf-16-le")
        return units[start * 2 :].decode("utf-16-le")

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _error(self, reason: str) -> None:
        raise fail("bad-entities", reason)


def _entity_of(name: str, values: Json, inner: str) -> Json | None:
    if name == "a":
        url = values.get("href") or inner
        user = re.fullmatch(r"tg://user\?id=(\d+)", url)
        if user:
            return {"type": "text_mention", "user_id": int(user[1])}
        return {"type": "text_link", "url": _with_scheme(url)} if "." in url else None
    if name == "span":
        return {"type": "spoiler"}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": values.get("emoji-id", "")}
    if name == "tg-time":
        return {
            "type": "date_time",
            "unix_time": int(values.get("unix", "0")),
            "date_time_format": values.get("format", ""),
        }
    if name == "blockquote" and "expandable" in values:
        return {"type": "expandable_blockquote"}
    if name == "code" and str(values.get("class", "")).startswith("language-"):
        return {"type": "pre", "language": values["class"].removeprefix("language-")}
    return {"type": SIMPLE_TAGS[name]}


def _with_scheme(url: str) -> str:
    if "://" in url:
        scheme, rest = url.split("://", 1)
        return url if "/" in rest else f"{scheme}://{rest}/"
    return f"http://{url}/" if "/" not in url else f"http://{url}"


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities, or raise `can't parse entities: …`."""
    text, entities = _HtmlReader(source).read()
    merged = _merge_language_code(entities)
    return text, sorted(merged, key=lambda e: (e["offset"], -e["length"]))


def _merge_language_code(entities: list[Json]) -> list[Json]:
    """A `<pre><code class=language-x>` pair is one entity."""
    languages = {(e["offset"], e["length"]) for e in entities if "language" in e}
    return [
        e
        for e in entities
        if not (
            e["type"] == "pre" and "language" not in e and (e["offset"], e["length"]) in languages
        )
    ]


def find_entities(text: str, *, taken: Iterable[Json] = ()) -> list[Json]:
    """Return what Telegram marks by itself, outside of what is marked already.

    Phone numbers are marked only when written internationally (+31 …): that is what reaches a bot;
    a national number is text to it.
    """
    spans = [(e["offset"], e["offset"] + e["length"]) for e in taken if _excludes(e)]
    found: list[Json] = []
    ascii_only = text.isascii()
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            piece = match[0].rstrip(".,:;!?)'\"") if kind == "url" else match[0]
            start = match.start() if ascii_only else utf16_length(text[: match.start()])
            end = start + utf16_length(piece)
            if all(end <= s or e <= start for s, e in spans):
                spans.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return found


def _excludes(entity: Json) -> bool:
    return entity["type"] in {"code", "pre", "text_link", "text_mention"} | DETECTED


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space from both ends, as Telegram does, and move the entities along."""
    cut = text.lstrip()
    lost = utf16_length(text[: len(text) - len(cut)])
    cut = cut.rstrip()
    total = utf16_length(cut)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lost, 0)
        end = min(entity["offset"] + entity["length"] - lost, total)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return cut, kept


def formatted(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text as it will be stored: trimmed, with detected entities added, in order."""
    text, entities = trimmed(text.replace("\r", ""), entities)
    entities = entities + find_entities(text, taken=entities)
    return text, sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the piece of `text` that an entity covers."""
    if text.isascii():
        return text[offset : offset + length]
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")
