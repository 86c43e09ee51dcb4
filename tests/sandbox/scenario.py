"""A broad day: it makes every kind of update and calls every modelled method at least once.

Returns the answers, by method, and the updates, as the bot would get them.
"""

import contextlib
import json
from typing import Any

from bot.sandbox import BotApiError, RefusedByTelegram, Telegram
from bot.sandbox.parameters import Upload
from bot.sandbox.updates import KINDS
from tests.sandbox.pictures import png

REQUEST_CHAT = {
    "keyboard": [
        [
            {
                "text": "Groep kiezen",
                "request_chat": {
                    "request_id": 1,
                    "chat_is_channel": False,
                    "chat_is_created": True,
                    "bot_administrator_rights": {"can_restrict_members": True},
                    "request_title": True,
                },
            }
        ],
        [{"text": "Leerling", "request_users": {"request_id": 2, "request_name": True}}],
        [{"text": "Nummer", "request_contact": True}],
    ]
}
BUTTONS = {"inline_keyboard": [[{"text": "Gezien", "callback_data": "v1:ack:1"}]]}


class Day:
    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.people = telegram.people
        self.answers: list[tuple[str, Any]] = []
        self.updates: list[dict[str, Any]] = []

    async def call(self, method: str, /, **params: Any) -> Any:
        result = await self.telegram.call(method, params)
        if method == "getUpdates":
            result = [json.loads(w.body) for w in result]
            self.updates += result
        self.answers.append((method, result))
        return result

    async def play(self) -> None:
        await self.call("getUpdates", allowed_updates=sorted(KINDS))
        await self.profile()
        await self.group()
        await self.private()
        await self.links()
        await self.members()
        await self.odd_senders()
        await self.upgrade()
        await self.farewell()
        await self.call("getUpdates")

    async def profile(self) -> None:
        self.anna = self.people.create_user("Anna", "de Vries", "anna_devries", bio="Docent")
        self.bram = self.people.create_user("Bram", username="bram_h2")
        self.cem = self.people.create_user("Cem", bio="Hoi")
        await self.call("getMe")
        commands = [{"command": "start", "description": "Beginnen"}]
        await self.call("setMyCommands", commands=commands)
        await self.call("getMyCommands")
        await self.call("getMyCommands", scope={"type": "all_group_chats"}, language_code="nl")
        await self.call("deleteMyCommands")
        rights = {"can_restrict_members": True}
        await self.call("setMyDefaultAdministratorRights", rights=rights)
        await self.call("getMyDefaultAdministratorRights")
        for what, name in (
            ("Name", "name"),
            ("Description", "description"),
            ("ShortDescription", "short_description"),
        ):
            await self.call(f"setMy{what}", **{name: "Groepswacht"})
            await self.call(f"getMy{what}")
        await self.call("getWebhookInfo")
        await self.call("setWebhook", url="https://school.example/hook", secret_token="s")
        await self.call("getWebhookInfo")
        await self.call("deleteWebhook")

    async def group(self) -> None:
        people, call = self.people, self.call
        self.g = g = people.create_group(self.anna, "3H2", [self.bram])
        people.add_bot(
            self.anna,
            g,
            [
                "can_restrict_members",
                "can_delete_messages",
                "can_invite_users",
                "can_pin_messages",
                "can_promote_members",
            ],
            payload="nonce",
        )
        for kind in (
            "photo",
            "document",
            "voice",
            "video",
            "video_note",
            "audio",
            "animation",
            "sticker",
            "location",
        ):
            people.send_media(self.bram, g, kind, "Kijk @anna_devries")
        people.send_contact(self.bram, g, "+31612345678", "Bram", contact_user=self.bram)
        mention = {"type": "text_mention", "offset": 0, "length": 4, "user": self.anna}
        first = people.write(
            self.bram, g, "Anna +31 6 12345678 t.me/x /help #a", entities=[mention]
        )
        people.edit(self.bram, g, first, "Anna, of mail a@b.nl")
        sent = await call(
            "sendMessage",
            chat_id=g,
            text="<b>Les</b> vervalt",
            parse_mode="HTML",
            reply_markup=BUTTONS,
            protect_content=True,
            link_preview_options={"is_disabled": True},
            reply_parameters={"message_id": first},
        )
        number = sent["message_id"]
        query = people.press(self.bram, g, number, data="v1:ack:1")
        await call("answerCallbackQuery", callback_query_id=query, text="Gezien")
        people.react(self.bram, g, number, "👍")
        people.write(self.bram, g, "Dank", reply_to=number)
        await call(
            "editMessageText",
            chat_id=g,
            message_id=number,
            text="Les gaat door",
            reply_markup=BUTTONS,
        )
        await call("editMessageReplyMarkup", chat_id=g, message_id=number)
        await call("pinChatMessage", chat_id=g, message_id=number)
        await call("getChat", chat_id=g)
        await call("unpinChatMessage", chat_id=g)
        people.pin(self.anna, g, number)
        await call("unpinAllChatMessages", chat_id=g)
        await self.files()
        await call(
            "setChatPermissions",
            chat_id=g,
            permissions={"can_react_to_messages": True},
            use_independent_chat_permissions=True,
        )
        with contextlib.suppress(RefusedByTelegram):
            people.write(self.bram, g, "Mag dit nog?")
        await call("deleteMessage", chat_id=g, message_id=first)
        await call("deleteMessages", chat_id=g, message_ids=[number, 9999])
        people.set_title(self.anna, g, "3H2 berichten")
        people.set_unrestrict_boosts(self.anna, g, 1)
        people.set_boosts(self.bram, g, 1)
        people.write(self.bram, g, "Ik heb geboost")

    async def files(self) -> None:
        people, call, g = self.people, self.call, self.g
        await call("sendChatAction", chat_id=g, action="upload_document")
        photo = Upload("a.png", png(4, 3), "image/png")
        await call("sendPhoto", chat_id=g, photo=photo, caption="Plan")
        document = Upload("a.pdf", b"x", "application/pdf")
        sent = await call("sendDocument", chat_id=g, document=document, caption="Lijst")
        await call("editMessageCaption", chat_id=g, message_id=sent["message_id"], caption="Nieuw")
        await call("getFile", file_id=sent["document"]["file_id"])
        people.send_document(self.bram, g, "lijst.csv", b"x", caption="Van @bram_h2")
        people.send_photo(self.bram, g, png(2, 2))

    async def private(self) -> None:
        people = self.people
        people.start_bot(self.anna, "code")
        await self.call("sendMessage", chat_id=self.anna, text="Kies", reply_markup=REQUEST_CHAT)
        extra = people.create_group(self.anna, "2B1")
        people.press_request_chat(self.anna, extra)
        people.press_request_users(self.anna, [self.bram])
        people.press(self.anna, self.anna, text="Nummer")
        await self.call(
            "sendMessage", chat_id=self.anna, text="Klaar", reply_markup={"remove_keyboard": True}
        )
        own = people.write(self.bram, self.g, "Kom naar mijn chat")
        people.forward(self.anna, self.g, own, self.anna)
        people.forward_foreign(self.anna, self.anna, "Hoi mevrouw", self.bram)
        people.forward_foreign(self.anna, self.anna, "Hoi", self.bram, hide_sender=True)
        await self.call("getChat", chat_id=self.anna)
        await self.call("getChatMemberCount", chat_id=self.anna)
        await self.call("getChatMember", chat_id=self.anna, user_id=self.anna)
        people.block_bot(self.anna)
        people.unblock_bot(self.anna)
        people.connect_business(self.anna, {"can_reply": True})
        people.business_message(self.anna, self.bram, "Hoi")
        people.business_message(self.anna, self.bram, "Dag", outgoing=True)
        people.connect_business(self.anna, enabled=False)
        people.guest_summon(self.bram, "@groepswacht_bot meld", "app me")

    async def links(self) -> None:
        people, call, g = self.people, self.call, self.g
        await call("exportChatInviteLink", chat_id=g)
        made = await call("createChatInviteLink", chat_id=g, name="a", creates_join_request=True)
        people.request_join(self.cem, made["invite_link"])
        await call("approveChatJoinRequest", chat_id=g, user_id=self.cem)
        people.leave(self.cem, g)
        people.join(self.cem, people.create_link(self.anna, g, "van Anna"))
        people.leave(self.cem, g)
        people.join_by_folder(self.cem, g, self.anna)
        people.leave(self.cem, g)
        people.join_by_community(self.cem, g)
        people.leave(self.cem, g)
        people.request_join(self.cem, made["invite_link"])
        await call("sendMessage", chat_id=self.cem, text="Even geduld")
        await call("declineChatJoinRequest", chat_id=g, user_id=self.cem)
        await call("editChatInviteLink", chat_id=g, invite_link=made["invite_link"], member_limit=3)
        await call("revokeChatInviteLink", chat_id=g, invite_link=made["invite_link"])
        people.join(self.cem, chat=g, added_by=self.anna)

    async def members(self) -> None:
        people, call, g = self.people, self.call, self.g
        await call(
            "restrictChatMember",
            chat_id=g,
            user_id=self.cem,
            permissions={},
            until_date=self.telegram.clock.unix() + 3600,
        )
        await call("getChatMember", chat_id=g, user_id=self.cem)
        people.unrestrict(self.anna, g, self.cem)
        await call("promoteChatMember", chat_id=g, user_id=self.cem, can_pin_messages=True)
        await call(
            "setChatAdministratorCustomTitle",
            chat_id=g,
            user_id=self.cem,
            custom_title="Klassenhulp",
        )
        await call("getChatAdministrators", chat_id=g, return_bots=True)
        await call("promoteChatMember", chat_id=g, user_id=self.cem)
        await call("banChatMember", chat_id=g, user_id=self.cem)
        await call("getChatMember", chat_id=g, user_id=self.cem)
        await call("unbanChatMember", chat_id=g, user_id=self.cem, only_if_banned=True)
        await call("getChatMemberCount", chat_id=g)
        await call("getChatMember", chat_id=g, user_id=self.telegram.bot.id)
        people.demote(self.anna, g, self.telegram.bot.id, as_restricted=True)
        people.promote(self.anna, g, self.telegram.bot.id)
        people.promote(self.anna, g, self.bram, ["can_pin_messages"], "Hulp")

    async def odd_senders(self) -> None:
        people, g = self.people, self.g
        people.set_anonymous(self.anna, g, on=True)
        people.write(self.anna, g, "Bericht van de groep")
        people.set_anonymous(self.anna, g, on=False)
        channel = people.create_channel(self.bram, "Kanaal van Bram")
        people.write(self.bram, g, "Als kanaal", as_chat=channel)
        await self.call("banChatSenderChat", chat_id=g, sender_chat_id=channel)
        with contextlib.suppress(RefusedByTelegram):
            people.write(self.bram, g, "Nog eens", as_chat=channel)
        await self.call("unbanChatSenderChat", chat_id=g, sender_chat_id=channel)
        school = people.create_channel(self.anna, "Schoolnieuws")
        people.link_channel(self.anna, g, school)
        people.post_in_channel(self.anna, school, "Open dag")
        people.transfer_ownership(self.anna, g, self.bram)
        people.leave(self.bram, g, new_owner=self.anna)

    async def upgrade(self) -> None:
        people = self.people
        old = people.create_group(self.anna, "Mentoruur", [self.bram], kind="group")
        people.add_bot(self.anna, old)
        people.promote(self.anna, old, self.telegram.bot.id)
        await self.call("getChat", chat_id=old)
        await self.call("getChatAdministrators", chat_id=old)
        new = people.upgrade(self.anna, old)
        await self.call("getChat", chat_id=new)
        with contextlib.suppress(BotApiError):
            await self.call("sendMessage", chat_id=old, text="Hoi")
        people.remove(self.anna, new, self.bram)
        people.remove_bot(self.anna, new)

    async def farewell(self) -> None:
        await self.call("leaveChat", chat_id=self.g)
        await self.call("logOut")
        await self.call("close")
