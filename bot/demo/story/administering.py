"""What an administrator does in the bot itself: a new list, and codes on paper."""

import re

from bot.demo.school import NEW_CLASS, NEW_ROSTER, NEW_STUDENTS, Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, so, step
from bot.policy.events import CodesHandedOut, RosterReceived

A_PAGE = re.compile(rb"/Type /Page\b")
ON_A_SHEET = 8


@step(
    "12:20",
    f"{Who.ADMINISTRATOR} stuurt de bot de nieuwe lijst van school als bestand: klas"
    f" {NEW_CLASS} is erbij.",
    f"{Who.ADMINISTRATOR} sends the bot the school's new list as a file: class {NEW_CLASS}"
    " has come.",
    RosterReceived,
)
async def new_roster(stage: Stage) -> Findings:
    account = stage.accounts[Who.ADMINISTRATOR]
    await stage.type(Who.ADMINISTRATOR, "/import")
    stage.act.send_document(account, account, "lijst.csv", NEW_ROSTER.encode())
    await stage.quiet()
    preview = stage.last_words(Who.ADMINISTRATOR)
    early = await stage.written_down(NEW_STUDENTS[0])
    done = await stage.tap(Who.ADMINISTRATOR, "Ja, inlezen")
    return (
        so(
            f"Nieuw: {len(NEW_STUDENTS)}. Gewijzigd: 0. Weg: 0." in preview and not early,
            f"Eerst een voorbeeld: {len(NEW_STUDENTS)} nieuw, niemand weg. Nog niets opgeschreven.",
            f"A preview first: {len(NEW_STUDENTS)} new, nobody gone. Nothing is written yet.",
        ),
        so(
            done.startswith("Ingelezen.") and await stage.written_down(NEW_STUDENTS[0]),
            "Na het ja staat het er, één keer.",
            "After the yes it is there, once.",
        ),
    )


@step(
    "12:30",
    f"{Who.ADMINISTRATOR} drukt met /codes kaartjes voor {NEW_CLASS} af.",
    f"{Who.ADMINISTRATOR} prints cards for {NEW_CLASS} with /codes.",
    CodesHandedOut,
)
async def codes_on_paper(stage: Stage) -> Findings:
    account = stage.accounts[Who.ADMINISTRATOR]
    await stage.type(Who.ADMINISTRATOR, "/codes")
    await stage.tap(
        Who.ADMINISTRATOR,
        "Leerlingen, per klas",
        f"{NEW_CLASS}: {len(NEW_STUDENTS)}",
        "Kaartjes",
    )
    paper = next(
        each for each in reversed(stage.heard_by(Who.ADMINISTRATOR)) if each["kind"] == "document"
    )
    pdf = stage.act.file_of(account, account, paper["message_id"])
    pages, size = len(A_PAGE.findall(pdf)), round(len(pdf) / 1024)
    return (
        so(
            pdf.startswith(b"%PDF-") and pages == -(-len(NEW_STUDENTS) // ON_A_SHEET),
            f"Een PDF van {pages} bladzijden en {size} kB: {len(NEW_STUDENTS)} kaartjes met QR,"
            " acht op een blad.",
            f"A PDF of {pages} pages and {size} kB: {len(NEW_STUDENTS)} cards with QR, eight on"
            " a page.",
        ),
        so(
            stage.telegram.calls_of("sendDocument")[-1].params["protect_content"] in {True, "true"},
            "Doorsturen van het bestand laat Telegram niet toe.",
            "Telegram does not allow the file to be forwarded.",
        ),
    )
