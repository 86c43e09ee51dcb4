"""Files of the bot: sendDocument, sendPhoto, and getFile for what it was sent."""

from typing import Any, Final

from bot.sandbox import files
from bot.sandbox.errors import BotApiError, fail
from bot.sandbox.methods.sending import caption_content, not_modelled, send_content
from bot.sandbox.parameters import Upload
from bot.sandbox.state import Json, StoredFile
from bot.sandbox.world import World

LARGEST_UPLOAD: Final = 50 * 1024 * 1024
LARGEST_PHOTO: Final = 10 * 1024 * 1024
# Bot API, sendPhoto: width and height together, and how many times one fits in the other.
LONGEST_SIDES: Final = 10_000
LARGEST_RATIO: Final = 20
_NAMED: Final = {
    "photo": "Photo",
    "document": "Document",
    "video": "Video",
    "animation": "Animation",
    "audio": "Audio",
    "voice": "VoiceNote",
    "video_note": "VideoNote",
    "sticker": "Sticker",
}


def send_document(world: World, params: Json) -> Json:
    """Send a file, uploaded or by the id of an earlier one."""
    not_modelled(params)
    given = _given(world, params, "document")
    if isinstance(given, Upload):
        mime_type = files.type_of(given.name)
        if not params.get("disable_content_type_detection"):
            _refuse_other_kinds(mime_type)
        given = files.keep(world, "document", given.content, given.name, mime_type)
    content = {"document": files.document_json(given)} | caption_content(world, params)
    return send_content(
        world, params, content, "document", "can_send_documents", "no-right-to-send-documents"
    )


def _refuse_other_kinds(mime_type: str) -> None:
    """Telegram turns these into audio, animations, videos and stickers, unless told not to."""
    if mime_type.startswith(("audio/", "video/")) or mime_type in {"image/gif", "image/webp"}:
        text = f"Not Implemented: the sandbox does not model what Telegram makes of {mime_type}"
        raise BotApiError(501, text)


def send_photo(world: World, params: Json) -> Json:
    """Send a photo (PNG or JPEG), uploaded or by the id of an earlier one."""
    not_modelled(params)
    given = _given(world, params, "photo")
    if isinstance(given, Upload):
        if len(given.content) > LARGEST_PHOTO:
            raise fail("photo-too-big", len(given.content))
        _check_image(given.content)
        given = files.keep(world, "photo", given.content)
    size = files.image_size(given.content) or (1, 1)
    content = {"photo": files.photo_json(given, size)} | caption_content(world, params)
    return send_content(
        world, params, content, "photo", "can_send_photos", "no-right-to-send-photos"
    )


def _check_image(content: bytes) -> None:
    size = files.image_size(content)
    if size is None:
        raise fail("no-image")
    short, long = sorted(size)
    if short < 1 or short + long > LONGEST_SIDES or long > LARGEST_RATIO * short:
        raise fail("photo-dimensions")


def _given(world: World, params: Json, kind: str) -> Upload | StoredFile:
    given: Any = params.get(kind)
    if given is None or given == "":
        raise fail(f"no-{kind}")
    if isinstance(given, Upload):
        if not given.content:
            raise fail("file-empty")
        if len(given.content) > LARGEST_UPLOAD:
            raise fail("request-too-large")
        return given
    if str(given).startswith(("http://", "https://")):
        raise BotApiError(501, "Not Implemented: the sandbox does not fetch files from addresses")
    file = world.files.get(given)
    if file is None:
        raise fail("wrong-file")
    if file.kind != kind:
        raise fail("other-kind-of-file", _NAMED[file.kind], _NAMED[kind])
    return file


def get_file(world: World, params: Json) -> Json:
    """Prepare a file for download: its path is good for an hour."""
    if not params.get("file_id"):
        raise fail("file-id-missing")
    file = world.files.get(params["file_id"])
    if file is None:
        raise fail("file-unavailable")
    if len(file.content) > files.LARGEST_DOWNLOAD:
        raise fail("file-too-big")
    return files.file_json(file) | {"file_path": files.open_address(world, file)}


METHODS: Final = {
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "getFile": get_file,
}
