"""Files: keeping them, how the Bot API shows them, and how long their download address works.

Contents are kept as they came. Left out of the real server's behaviour: it makes JPEGs of photos,
in several sizes, and previews of documents. Here a photo has the one size in which it was sent.
"""

import mimetypes
import struct
from pathlib import PurePosixPath
from typing import Final

from bot.sandbox.state import Json, StoredFile
from bot.sandbox.world import World

# What ids of files begin with, by kind.
_BEGINNINGS: Final = {
    "photo": "AgAC",
    "document": "BQAC",
    "video": "BAAC",
    "animation": "CgAC",
    "audio": "CQAC",
    "voice": "AwAC",
    "video_note": "DQAC",
    "sticker": "CAAC",
}
# Bot API, getFile: "guaranteed that the link will be valid for at least 1 hour".
ADDRESS_LIFETIME: Final = 3600
LARGEST_DOWNLOAD: Final = 20 * 1024 * 1024

_TYPES: Final = mimetypes.MimeTypes()
for _ending, _type in {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".ics": "text/calendar",
}.items():
    _TYPES.add_type(_type, _ending)
UNKNOWN_TYPE: Final = "application/octet-stream"


def keep(
    world: World, kind: str, content: bytes, name: str | None = None, mime_type: str | None = None
) -> StoredFile:
    """Keep a file of one of Telegram's kinds (photo, document …) and give it its ids."""
    number = next(world.serial)
    file = StoredFile(
        id=f"{_BEGINNINGS[kind]}AgQAAxSANDBOX{number:08d}",
        unique_id=f"AQAD{number:08d}",
        kind=kind,
        content=content,
        name=clean_name(name) if name else None,
        mime_type=mime_type,
    )
    world.files[file.id] = file
    return file


def clean_name(name: str) -> str:
    """Return a file's name without the folders before it (td: clean_filename, in outline)."""
    return PurePosixPath(name.replace("\\", "/")).name or "file"


def type_of(name: str) -> str:
    """Return the MIME type that Telegram reads from the ending of a file's name."""
    return _TYPES.guess_type(clean_name(name), strict=False)[0] or UNKNOWN_TYPE


def file_json(file: StoredFile) -> Json:
    """Return the fields that all files share."""
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def document_json(file: StoredFile) -> Json:
    """Return a `Document`."""
    shown: Json = {"file_name": file.name} if file.name else {}
    if file.mime_type:
        shown["mime_type"] = file.mime_type
    return shown | file_json(file)


def photo_json(file: StoredFile, size: tuple[int, int]) -> list[Json]:
    """Return a list of `PhotoSize`, with the one size that is kept."""
    return [file_json(file) | {"width": size[0], "height": size[1]}]


def open_address(world: World, file: StoredFile) -> str:
    """Return the path at which a file can be downloaded for the next hour."""
    number = int(file.unique_id[-8:])
    ending = ".jpg" if file.kind == "photo" else PurePosixPath(file.name or "").suffix
    path = f"{file.kind}s/file_{number}{ending}"
    world.file_paths[path] = (file.id, world.clock.unix() + ADDRESS_LIFETIME)
    return path


def at_address(world: World, path: str) -> StoredFile | None:
    """Return the file behind a path that getFile gave out less than an hour ago."""
    file_id, until = world.file_paths.get(path, ("", 0))
    return world.files.get(file_id) if world.clock.unix() < until else None


def in_content(world: World, content: Json) -> StoredFile | None:
    """Return the file that a message's content holds, the largest size of a photo."""
    for kind in _BEGINNINGS:
        if kind in content:
            shown = content[kind][-1] if kind == "photo" else content[kind]
            return world.files[shown["file_id"]]
    return None


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return (width, height) of a PNG or JPEG, or None for what is neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return _unpacked(">II", content, 16)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _unpacked(form: str, content: bytes, offset: int) -> tuple[int, int] | None:
    try:
        first, second = struct.unpack_from(form, content, offset)
    except struct.error:
        return None
    return int(first), int(second)


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Go from segment to segment until the one that begins a frame (ITU T.81, B.2.2)."""
    at = 2
    while (marker := _unpacked(">BB", content, at)) is not None and marker[0] == _JPEG_MARKER:
        if marker[1] in _FRAMES:
            found = _unpacked(">HH", content, at + 5)
            return (found[1], found[0]) if found else None
        if at + 4 > len(content):
            return None
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


_JPEG_MARKER: Final = 0xFF
# All kinds of frames; 0xC4, 0xC8 and 0xCC between them are tables.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
