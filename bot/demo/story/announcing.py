"""A teacher announces a change of the timetable (A.2), and sees that it arrived."""

from datetime import timedelta

from bot.demo.school import Who
from bot.demo.stage import Stage
from bot.demo.story.lock import TITLE
from bot.demo.telling import Findings, Kind, so, step
from bot.policy.events import (
    AnnouncementConfirmed,
    AnnouncementCorrected,
    AnnouncementDelivered,
    AnnouncementDoubted,
    AnnouncementReviewed,
)

ONE_LINE = "/bericht 4H2 uitval 3e uur wiskunde"
STOPPED = f"/bericht 4H2 let op {Who.CLEVER_STUDENT} is ziek vandaag"
READERS = (Who.STUDENT, Who.NEW_STUDENT, Who.UNLINKED_STUDENT)
COUNT_REFRESHED = timedelta(seconds=16)


def _announced(stage: Stage) -> int:
    """The newest message of the bot in the group."""
    seen = stage.act.group_as_seen(stage.props.group)["messages"]
    return max(int(each["message_id"]) for each in seen if each["by_bot"])


@step(
    "09:40",
    f"{Who.TEACHER} typt “{ONE_LINE}”, leest het na en tikt op Verstuur.",
    f"{Who.TEACHER} types “{ONE_LINE}”, reads it over and taps Verstuur (send).",
    AnnouncementConfirmed,
    AnnouncementDelivered,
)
async def sent(stage: Stage) -> Findings:
    before = _announced(stage)
    await stage.type(Who.TEACHER, ONE_LINE)
    waits = _announced(stage) == before
    await stage.tap(Who.TEACHER, "Verstuur")
    await stage.later(COUNT_REFRESHED)
    stage.props.announced = _announced(stage)
    text = stage.announcement(stage.props.announced)
    first = text.partition("\n")[0]
    return (
        so(
            waits,
            "Vóór de tik gaat er niets uit.",
            "Nothing goes out before the tap.",
        ),
        so(
            "Wiskunde valt uit." in text and "is cancelled" in text and Who.TEACHER in text,
            f"In de groep: “{first}”. In twee talen, met de naam van de docent.",
            f"In the group: “{first}”. In two languages, with the teacher's name.",
        ),
    )


@step(
    "09:42",
    "Drie leerlingen tikken op Gezien, één van hen twee keer.",
    "Three students tap Gezien (seen), one of them twice.",
)
async def seen(stage: Stage) -> Findings:
    group = stage.props.group
    for who in (*READERS, Who.STUDENT):
        account = stage.accounts[who]
        stage.act.press(account, group, *stage.button(account, group, "👀 Gezien"))
        await stage.quiet()
    await stage.later(COUNT_REFRESHED)
    shown = next(
        str(button["text"])
        for each in stage.act.group_as_seen(group)["messages"]
        if each["message_id"] == stage.props.announced
        for row in each["buttons"]
        for button in row
    )
    return (
        so(
            shown.endswith(f"· {len(READERS)}"),
            f"Ieder telt één keer. Op de knop staat nu “{shown}”.",
            f"Everybody counts once. The button now says “{shown}”.",
        ),
    )


@step(
    "09:45",
    f"{Who.TEACHER} typt “{STOPPED}”, en tikt op Twijfel.",
    f"{Who.TEACHER} types “{STOPPED}” (is ill today), and taps Twijfel (doubt).",
    AnnouncementDoubted,
    AnnouncementReviewed,
)
async def stopped(stage: Stage) -> Findings:
    before = _announced(stage)
    said = await stage.type(Who.TEACHER, STOPPED)
    marked = stage.underlined(Who.TEACHER)
    cannot_send = "Verstuur" not in stage.labels(Who.TEACHER)
    await stage.tap(Who.TEACHER, "Twijfel")
    asked = stage.last_words(Who.COORDINATOR)
    await stage.tap(Who.COORDINATOR, "Te persoonlijk")
    return (
        so(
            "A.2" in said and Who.CLEVER_STUDENT in marked and cannot_send,
            "Dit kan zo niet naar de groep: de bot noemt artikel A.2 en wijst de plek aan.",
            "This cannot go to the group as it is: the bot names article A.2 and the place.",
        ),
        so(
            Who.CLEVER_STUDENT in asked and _announced(stage) == before,
            f"{Who.COORDINATOR} geeft het terug als te persoonlijk: er gaat niets uit.",
            f"{Who.COORDINATOR} returns it as too personal: nothing goes out.",
            Kind.SIGNAL,
        ),
    )


@step(
    "09:50",
    f"Het was geen wiskunde maar Frans: {Who.TEACHER} tikt op Corrigeer en typt “Frans”.",
    f"It was not mathematics but French: {Who.TEACHER} taps Corrigeer and types “Frans”.",
    AnnouncementConfirmed,
    AnnouncementCorrected,
    AnnouncementDelivered,
)
async def corrected(stage: Stage) -> Findings:
    await stage.tap(Who.TEACHER, "Corrigeer", "Vak")
    await stage.type(Who.TEACHER, "Frans")
    await stage.tap(Who.TEACHER, "Verstuur")
    await stage.later(COUNT_REFRESHED)
    old, new = (stage.announcement(each) for each in (stage.props.announced, _announced(stage)))
    return (
        so(
            old.startswith("Vervangen"),
            f"Boven het oude bericht in ‘{TITLE}’ staat nu dat het vervangen is.",
            f"Above the old message in ‘{TITLE}’ it now says that it was replaced.",
        ),
        so(
            new.startswith("Correctie") and "Frans valt uit." in new,
            "Het nieuwe antwoordt erop, zodat iedereen ziet wat er veranderde.",
            "The new one replies to it, so that everybody sees what changed.",
        ),
    )
