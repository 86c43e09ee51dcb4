"""Files in both directions: what is sent arrives byte for byte, and what Telegram refuses of it."""

import aiohttp
import pytest
import telegram as ptb
from telegram.error import BadRequest

from bot.request import AiohttpRequest
from bot.sandbox import BotApiError, RefusedByTelegram
from bot.sandbox.client import PeopleClient
from bot.sandbox.files import image_size
from bot.sandbox.parameters import Upload
from tests.sandbox.conftest import RIGHTS
from tests.sandbox.pictures import jpeg_header, png

MEGABYTE = 1024 * 1024
TOO_BIG_FOR_A_PHOTO = (
    f"Bad Request: file of size {10 * MEGABYTE + len(png(9, 9))} bytes is too big for a photo; "
    "the maximum size is 10485760 bytes"
)
BUTTONS = {"inline_keyboard": [[{"text": "Gezien", "callback_data": "v1"}]]}


async def refusal(school, method, **params):
    with pytest.raises(BotApiError) as caught:
        await school.call(method, **params)
    return caught.value.code, caught.value.description


def library(served, request_class):
    """Return python-telegram-bot's own bot, with the project's transport or the library's."""
    kinds = ("request", "get_updates_request") if request_class else ()
    requests: dict = {kind: request_class() for kind in kinds}
    return ptb.Bot(served.telegram.token, served.base_url, served.file_url, **requests)


def upload(name="rooster.pdf", content=b"inhoud"):
    return Upload(name, content, "application/x-made-up")


def picture(content=None):
    return Upload("foto", content or png(40, 30), "image/png")


# --- The bot sends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_class",
    [
        pytest.param(AiohttpRequest, id="the project's transport"),
        pytest.param(None, id="the library's own"),
    ],
)
@pytest.mark.parametrize("name", ["rooster.pdf", "lijst 3H2 – vóór mei.csv", "Bram's lijst.txt"])
async def test_document_when_uploaded_by_the_library_then_arrives_byte_for_byte(
    served, request_class, name
):
    people = served.people
    teacher = people.create_user("Anna")
    group = people.create_group(teacher, "3H2")
    people.add_bot(teacher, group, RIGHTS)
    content = bytes(range(256)) * 300
    async with library(served, request_class) as bot:
        sent = await bot.send_document(
            group,
            content,
            "<b>Lijst</b> van 3H2",
            filename=name,
            parse_mode="HTML",
            reply_markup=ptb.InlineKeyboardMarkup.de_json(BUTTONS, bot),
            protect_content=True,
        )
        file = await bot.get_file(sent.document)
        again = bytes(await file.download_as_bytearray())

    (seen,) = [m for m in people.look(teacher, group)["messages"] if m["document"]]
    shown = (
        sent.document.file_name,
        sent.document.file_size,
        sent.caption,
        sent.has_protected_content,
    )
    assert shown == (name, len(content), "Lijst van 3H2", True)
    assert sent.caption_entities == (ptb.MessageEntity("bold", 0, 5),)
    assert again == content
    assert people.file_of(teacher, group, seen["message_id"]) == content
    assert seen["document"]["name"] == name
    assert (seen["caption"], seen["text"]) == ("Lijst van 3H2", "Lijst van 3H2")
    assert (seen["buttons"], seen["is_protected"]) == (BUTTONS["inline_keyboard"], True)
    assert served.telegram.violations == []


async def test_photo_when_uploaded_then_shown_in_its_own_size(school):
    content = png(40, 30)

    sent = await school.call("sendPhoto", chat_id=school.group, photo=picture(content))

    (size,) = sent["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (40, 30, len(content))
    (seen,) = [
        m for m in school.people.look(school.student, school.group)["messages"] if m["photo"]
    ]
    assert seen["photo"] == {"width": 40, "height": 30, "size": len(content)}
    assert school.people.file_of(school.student, school.group, sent["message_id"]) == content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(png(7, 3), (7, 3), id="png"),
        pytest.param(jpeg_header(640, 480), (640, 480), id="jpeg"),
        pytest.param(png(7, 3)[:20], None, id="png that ends too early"),
        pytest.param(jpeg_header(640, 480)[:22], None, id="jpeg that ends too early"),
        pytest.param(b"%PDF-1.7", None, id="something else"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_image_when_measured_then_its_size_or_none(content, expected):
    assert image_size(content) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("lijst.csv", "text/csv", id="csv"),
        pytest.param("LIJST.PDF", "application/pdf", id="capitals"),
        pytest.param("lijst", "application/octet-stream", id="no ending"),
    ],
)
async def test_document_when_sent_then_the_name_tells_its_type_and_not_the_request(
    school, name, expected
):
    sent = await school.call("sendDocument", chat_id=school.group, document=upload(name))

    assert sent["document"]["mime_type"] == expected


async def test_document_when_sent_again_by_its_id_then_the_same_file(school):
    first = await school.call("sendDocument", chat_id=school.group, document=upload())

    again = await school.call(
        "sendDocument", chat_id=school.group, document=first["document"]["file_id"]
    )

    assert again["document"] == first["document"]


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        pytest.param(
            "sendDocument", {}, (400, "Bad Request: there is no document in the request"), id="none"
        ),
        pytest.param(
            "sendDocument",
            {"document": upload(content=b"")},
            (400, "Bad Request: file must be non-empty"),
            id="empty",
        ),
        pytest.param(
            "sendDocument",
            {"document": upload(content=bytes(50 * MEGABYTE + 1))},
            (413, "Request Entity Too Large"),
            id="more than 50 MB",
        ),
        pytest.param(
            "sendDocument",
            {"document": "BQACAgQ"},
            (
                400,
                "Bad Request: wrong remote file identifier specified: can't unserialize it",
            ),
            id="unknown id",
        ),
        pytest.param(
            "sendDocument",
            {"document": upload(), "caption": "x" * 1025},
            (400, "Bad Request: message caption is too long"),
            id="caption of 1025",
        ),
        pytest.param(
            "sendDocument",
            {"document": upload("les.mp4")},
            (501, "Not Implemented: the sandbox does not model what Telegram makes of video/mp4"),
            id="a video as document",
        ),
        pytest.param(
            "sendDocument",
            {"document": "https://school.example/a.pdf"},
            (501, "Not Implemented: the sandbox does not fetch files from addresses"),
            id="an address",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": upload("a.png")},
            (400, "Bad Request: IMAGE_PROCESS_FAILED"),
            id="no picture",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": picture(png(1, 21))},
            (400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
            id="21 times as high as wide",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": picture(jpeg_header(5001, 5000))},
            (400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
            id="10001 together",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": picture(png(9, 9) + bytes(10 * MEGABYTE))},
            (
                400,
                TOO_BIG_FOR_A_PHOTO,
            ),
            id="more than 10 MB",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": picture(), "has_spoiler": True},
            (501, "Not Implemented: the sandbox does not model the parameter has_spoiler"),
            id="spoiler",
        ),
    ],
)
async def test_file_when_telegram_would_not_take_it_then_refused(school, method, params, expected):
    assert await refusal(school, method, chat_id=school.group, **params) == expected


async def test_caption_when_1024_remain_after_parsing_then_taken(school):
    sent = await school.call(
        "sendDocument",
        chat_id=school.group,
        document=upload(),
        caption=f"<b>{'x' * 1024}</b>",
        parse_mode="HTML",
    )

    assert sent["caption"] == "x" * 1024


async def test_document_when_sent_as_a_photo_by_its_id_then_refused(school):
    sent = await school.call("sendDocument", chat_id=school.group, document=upload())

    found = await refusal(
        school, "sendPhoto", chat_id=school.group, photo=sent["document"]["file_id"]
    )

    assert found == (400, "Bad Request: can't use file of type Document as Photo")


@pytest.mark.parametrize(
    ("method", "file", "text"),
    [
        pytest.param("sendDocument", {"document": upload()}, "documents", id="document"),
        pytest.param("sendPhoto", {"photo": picture()}, "photos", id="photo"),
    ],
)
async def test_file_when_the_bot_is_locked_out_then_refused(school, method, file, text):
    school.people.demote(school.teacher, school.group, school.telegram.bot.id)
    school.people.set_permissions(
        school.teacher, school.group, {"can_send_documents": False, "can_send_photos": False}
    )

    found = await refusal(school, method, chat_id=school.group, **file)

    assert found == (400, f"Bad Request: not enough rights to send {text} to the chat")


# --- The bot fetches ------------------------------------------------------------------------------


async def test_document_when_a_person_sends_it_then_the_bot_reads_the_same_bytes(served):
    people = served.people
    teacher = people.create_user("Anna")
    people.start_bot(teacher)
    content = b"leerlingnummer;naam\r\n1;Bram\r\n"
    people.send_document(teacher, teacher, "lijst.csv", content, caption="Klas 3H2")
    async with library(served, AiohttpRequest) as bot:
        message = (await bot.get_updates())[-1].message
        file = await message.document.get_file()
        read = bytes(await file.download_as_bytearray())

    assert (message.document.file_name, message.document.mime_type) == ("lijst.csv", "text/csv")
    assert (message.caption, message.document.file_size) == ("Klas 3H2", len(content))
    assert read == content


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        pytest.param(20 * MEGABYTE, True, id="20 MB"),
        pytest.param(20 * MEGABYTE + 1, False, id="one byte more"),
    ],
)
async def test_file_when_larger_than_20_mb_then_not_handed_out(school, size, fits):
    school.people.send_document(school.student, school.group, "groot.pdf", bytes(size))
    (update,) = await school.updates()
    file_id = update["message"]["document"]["file_id"]

    if fits:
        found = await school.call("getFile", file_id=file_id)
        assert found["file_size"] == size
    else:
        found = await refusal(school, "getFile", file_id=file_id)
        assert found == (400, "Bad Request: file is too big")


@pytest.mark.parametrize(
    ("file_id", "text"),
    [
        pytest.param(
            "BQACAgQ", "wrong file_id or the file is temporarily unavailable", id="unknown"
        ),
        pytest.param("", "file_id not specified", id="empty"),
    ],
)
async def test_file_when_its_id_is_wrong_then_refused(school, file_id, text):
    assert await refusal(school, "getFile", file_id=file_id) == (400, f"Bad Request: {text}")


async def status_of(served, path, token=None):
    url = f"{served.file_url}{token or served.telegram.token}/{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_address_when_not_asked_for_or_an_hour_old_then_nothing_there(served, clock):
    people = served.people
    teacher = people.create_user("Anna")
    people.send_document(teacher, teacher, "lijst.csv", b"x")
    file_id = next(iter(served.telegram.world.files))
    assert await status_of(served, file_id) == 404
    assert await status_of(served, "documents/file_1.csv") == 404

    path = (await served.telegram.call("getFile", {"file_id": file_id}))["file_path"]

    clock.advance(3599)
    assert await status_of(served, path) == 200
    assert await status_of(served, path, token="7000000001:" + "x" * 35) == 404
    clock.advance(1)
    assert await status_of(served, path) == 404


# --- People ---------------------------------------------------------------------------------------


async def test_document_when_the_group_is_locked_then_refused_and_the_bot_hears_nothing(school):
    school.people.set_permissions(school.teacher, school.group, {"can_send_documents": False})

    with pytest.raises(RefusedByTelegram, match="Only admins can send messages here"):
        school.people.send_document(school.student, school.group, "a.pdf", b"x")

    assert await school.kinds() == []
    assert school.people.send_document(school.teacher, school.group, "a.pdf", b"x") > 0


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda p, u, g: p.send_document(u, g, "a.pdf", b""), id="empty"),
        pytest.param(lambda p, u, g: p.send_document(u, g, "a.pdf", "tekst"), id="no bytes"),
        pytest.param(lambda p, u, g: p.send_photo(u, g, b"%PDF"), id="a photo that is none"),
    ],
)
def test_file_when_the_call_makes_no_sense_then_value_error(school, act):
    with pytest.raises(ValueError, match=r"bytes|PNG"):
        act(school.people, school.student, school.group)


def test_caption_when_a_person_writes_1025_then_refused(school):
    with pytest.raises(RefusedByTelegram, match="too long"):
        school.people.send_photo(school.student, school.group, png(2, 2), caption="x" * 1025)


def test_file_when_opened_then_only_by_who_sees_the_message(school):
    people = school.people
    sent = people.send_photo(school.student, school.group, png(2, 2))
    text = people.write(school.student, school.group, "Hoi")
    stranger = people.create_user("Dina")

    assert people.file_of(school.other, school.group, sent) == png(2, 2)
    with pytest.raises(RefusedByTelegram, match="not a member"):
        people.file_of(stranger, school.group, sent)
    with pytest.raises(LookupError, match="holds no file"):
        people.file_of(school.other, school.group, text)
    people.delete(school.student, school.group, sent)
    with pytest.raises(RefusedByTelegram, match="no longer exists"):
        people.file_of(school.other, school.group, sent)


async def test_files_when_they_pass_over_http_then_byte_for_byte(served):
    content = bytes(range(256))
    async with PeopleClient(served.people_url) as people:
        teacher = await people.create_user("Anna")
        sent = await people.send_document(teacher, teacher, "a.bin", content)
        photo = await people.send_photo(user=teacher, chat=teacher, content=png(2, 2))

        assert await people.file_of(teacher, teacher, sent) == content
        assert await people.file_of(teacher, teacher, photo) == png(2, 2)
        with pytest.raises(ValueError, match="bytes"):
            await people.send_document(teacher, teacher, "a.bin", "geen bytes")
        shown = (await people.look(teacher, teacher))["messages"]

    assert [m["document"] for m in shown] == [
        {"name": "a.bin", "size": 256, "mime_type": "application/octet-stream"},
        None,
    ]


# --- Captions that change -------------------------------------------------------------------------


async def test_caption_when_edited_then_the_file_stays_and_the_buttons_go(school):
    sent = await school.call(
        "sendDocument",
        chat_id=school.group,
        document=upload(),
        caption="<b>Oud</b>",
        parse_mode="HTML",
        reply_markup=BUTTONS,
    )
    where = {"chat_id": school.group, "message_id": sent["message_id"]}

    edited = await school.call("editMessageCaption", **where, caption="Nieuw")

    assert edited["document"] == sent["document"]
    assert edited["caption"] == "Nieuw"
    assert {"caption_entities", "reply_markup"}.isdisjoint(edited)
    assert "caption" not in await school.call("editMessageCaption", **where)


@pytest.mark.parametrize(
    ("kind", "method", "params", "text"),
    [
        pytest.param(
            "document",
            "editMessageText",
            {"text": "x"},
            "there is no text in the message to edit",
            id="text of a document",
        ),
        pytest.param(
            "text",
            "editMessageCaption",
            {"caption": "x"},
            "there is no caption in the message to edit",
            id="caption of a text",
        ),
        pytest.param(
            "document",
            "editMessageCaption",
            {"caption": "x" * 1025},
            "message caption is too long",
            id="1025",
        ),
        pytest.param(
            "document",
            "editMessageCaption",
            {"caption": "Plan"},
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message",
            id="nothing changes",
        ),
    ],
)
async def test_edit_when_it_does_not_fit_the_message_then_refused(
    school, kind, method, params, text
):
    if kind == "text":
        sent = await school.call("sendMessage", chat_id=school.group, text="Plan")
    else:
        sent = await school.call(
            "sendDocument", chat_id=school.group, document=upload(), caption="Plan"
        )

    found = await refusal(
        school, method, chat_id=school.group, message_id=sent["message_id"], **params
    )

    assert found == (400, f"Bad Request: {text}")


async def test_library_when_told_of_a_wrong_id_then_raises_bad_request(served):
    async with library(served, AiohttpRequest) as bot:
        with pytest.raises(
            BadRequest, match="Wrong file_id or the file is temporarily unavailable"
        ):
            await bot.get_file("BQACAgQ")
