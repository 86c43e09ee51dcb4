"""What the bot knows of somebody, and how that ends."""

from bot.demo.school import Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, so, step
from bot.policy.events import AccountUnlinked


@step(
    "15:20",
    f"Leerling {Who.NEW_STUDENT} vraagt met /mijngegevens wat er over haar is opgeslagen.",
    f"Student {Who.NEW_STUDENT} asks with /mijngegevens what is stored about her.",
)
async def my_data(stage: Stage) -> Findings:
    said = await stage.type(Who.NEW_STUDENT, "/mijngegevens")
    await stage.tap(Who.NEW_STUDENT, "Bestand, JSON")
    account = stage.accounts[Who.NEW_STUDENT]
    sent = stage.heard_by(Who.NEW_STUDENT)[-1]
    content = stage.act.file_of(account, account, sent["message_id"])
    others = [who for who in Who if who is not Who.NEW_STUDENT and who.value in said]
    return (
        so(
            f"Naam: {Who.NEW_STUDENT}" in said and "Klassen: 4H2" in said and not others,
            "Alles wat er staat, waarom en hoe lang; van niemand anders iets.",
            "All that is there, why and for how long; nothing of anybody else.",
        ),
        so(
            Who.NEW_STUDENT.encode() in content,
            f"Ook als bestand om te bewaren: {len(content)} bytes JSON.",
            f"Also as a file to keep: {len(content)} bytes of JSON.",
        ),
    )


@step(
    "15:30",
    f"{Who.NEW_STUDENT} stopt met /stop.",
    f"{Who.NEW_STUDENT} stops with /stop.",
    AccountUnlinked,
)
async def stops(stage: Stage) -> Findings:
    asked = await stage.type(Who.NEW_STUDENT, "/stop")
    said = await stage.tap(Who.NEW_STUDENT, "Ja, koppeling beëindigen")
    again = await stage.type(Who.NEW_STUDENT, "/mijngegevens")
    return (
        so(
            asked != said and "nergens meer aan gekoppeld" in said,
            "Na één tik is het account van niemand meer, en de bot zegt wat er nog blijft.",
            "After one tap the account is nobody's, and the bot says what remains.",
        ),
        so(
            Who.NEW_STUDENT not in again,
            "Wie het opnieuw vraagt, is voor de bot een vreemde.",
            "Whoever asks again is a stranger to the bot.",
        ),
    )
