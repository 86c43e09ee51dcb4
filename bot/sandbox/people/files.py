"""Files of people: sending a document or photo of one's own, and opening what is in a chat."""

from bot.sandbox import files, posting
from bot.sandbox.people.writing import Writing
from bot.sandbox.rights import is_in_chat
from bot.sandbox.state import Json

_MEDIA: dict[str, Json] = {
    "photo": {"width": 800, "height": 600},
    "document": {"file_name": "bestand.pdf", "mime_type": "application/pdf"},
    "voice": {"duration": 7, "mime_type": "audio/ogg"},
    "video": {"width": 640, "height": 360, "duration": 12, "mime_type": "video/mp4"},
    "video_note": {"length": 240, "duration": 5},
    "audio": {"duration": 60, "mime_type": "audio/mpeg"},
    "animation": {"width": 320, "height": 240, "duration": 3, "mime_type": "video/mp4"},
    "sticker": {
        "width": 512,
        "height": 512,
        "type": "regular",
        "is_animated": False,
        "is_video": False,
        "emoji": "🙂",
    },
}
_CAPTIONED = frozenset({"photo", "document", "voice", "video", "audio", "animation"})


class Files(Writing):
    """Verbs about files. Contents are `bytes`; over HTTP they travel as in `wire`."""

    def send_media(
        self,
        user: int,
        chat: int,
        kind: str,
        caption: str | None = None,
        reply_to: int | None = None,
        as_chat: int | None = None,
    ) -> int:
        """Send a photo, document, voice, video, video_note, audio, animation, sticker, location."""
        if kind == "location":
            content: Json = {"location": {"latitude": 52.37, "longitude": 4.89}}
        elif kind in _MEDIA:
            given = _MEDIA[kind]
            file = files.keep(
                self._world, kind, b"sandbox", given.get("file_name"), given.get("mime_type")
            )
            media = files.file_json(file) | given
            content = {kind: [media] if kind == "photo" else media}
        else:
            msg = f"kind is one of {', '.join(_MEDIA)} or location"
            raise ValueError(msg)
        if kind in _CAPTIONED:
            content |= self._caption(caption)
        return self._send(user, chat, kind, content, reply_to, as_chat).id

    def send_document(
        self,
        user: int,
        chat: int,
        name: str,
        content: bytes,
        mime_type: str | None = None,
        caption: str | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file and return its message id; without `mime_type` the name's ending tells it.

        The same rules hold as for writing: a locked group refuses it, and the bot hears nothing.
        """
        self._check_content(content)
        kind = mime_type or files.type_of(name)
        file = files.keep(self._world, "document", content, name, kind)
        shown: Json = {"document": files.document_json(file)} | self._caption(caption)
        return self._send(user, chat, "document", shown, reply_to, None).id

    def send_photo(
        self,
        user: int,
        chat: int,
        content: bytes,
        caption: str | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a picture, PNG or JPEG, and return its message id."""
        self._check_content(content)
        size = files.image_size(content)
        if size is None:
            raise ValueError("a photo is a PNG or a JPEG")
        file = files.keep(self._world, "photo", content)
        shown: Json = {"photo": files.photo_json(file, size)} | self._caption(caption)
        return self._send(user, chat, "photo", shown, reply_to, None).id

    @staticmethod
    def _check_content(content: object) -> None:
        if not isinstance(content, bytes) or not content:
            raise ValueError("the content of a file is bytes, and not empty")

    def file_of(self, user: int, chat: int, message_id: int) -> bytes:
        """Open the file of a message, as somebody who sees the chat can."""
        found = self._chat(user, chat)
        message = posting.find(found, message_id)
        visible = found.type == "private" or bool(found.username)
        if not visible and not is_in_chat(self._world.member(found, user)):
            self._refuse("not-in-chat", found, user, "file_of")
        if message is None:
            self._refuse("message-gone", found, user, "file_of")
        file = files.in_content(self._world, message.content)
        if file is None:
            msg = f"message {message_id} holds no file"
            raise LookupError(msg)
        return file.content
