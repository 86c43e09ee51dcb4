"""What stands in a PDF that fpdf2 wrote, as text by page: enough to see whose code is where."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_NAMED = re.compile(rb"/F(\d+) (\d+) 0 R")
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, a line for each piece."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = dict(_fonts(objects))
    found = (re.search(rb"/Contents (\d+) 0 R", body) for body in objects.values())
    contents = [int(one[1]) for one in found if one is not None]
    return ["\n".join(_texts(_stream(objects[number]), fonts)) for number in contents]


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"\nstream\n")
    content = rest.removesuffix(b"\nendstream")
    return zlib.decompress(content) if b"FlateDecode" in head else content


def _fonts(objects: dict[int, bytes]) -> Iterator[tuple[int, dict[int, str]]]:
    """The letters of each font, by the name that pages use for it."""
    named = {pair for body in objects.values() for pair in _NAMED.findall(body)}
    for font, number in named:
        found = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert found is not None
        table = _MAPPED.findall(_stream(objects[int(found[1])]))
        yield int(font), {int(glyph, 16): _letter(sign) for glyph, sign in table}


def _letter(sign: bytes) -> str:
    return bytes.fromhex(sign.decode()).decode("utf-16-be")


def _texts(content: bytes, fonts: dict[int, dict[int, str]]) -> Iterator[str]:
    letters: dict[int, str] = {}
    for font, shown in _SHOWN.findall(content):
        if font:
            letters = fonts[int(font)]
            continue
        raw = re.sub(rb"\\(.)", lambda m: _ESCAPED.get(m[1], m[1]), shown, flags=re.DOTALL)
        glyphs = (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
        yield "".join(letters.get(glyph, "\N{REPLACEMENT CHARACTER}") for glyph in glyphs)
