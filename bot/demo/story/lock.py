"""A group of staff, and everything that is tried to write in it (B.6, second half)."""

from datetime import timedelta

from bot.demo.school import Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, Kind, so, step
from bot.policy.events import (
    BotAdded,
    GroupAdopted,
    GroupConfirmed,
    GroupResumed,
    GroupSuspended,
    LockDrifted,
    LockProved,
    MessageRefused,
    StaffAddressedStudent,
)
from bot.policy.groups import ALLOWED_WHEN_LOCKED, REQUIRED_RIGHTS

TITLE = "4H2 rooster"
LOCKED_OUT = "Only admins can send messages here."
OPEN_AGAIN = {"can_send_messages": True}
SIX_MINUTES = timedelta(minutes=6)
"""Longer than the time between two looks at a group."""


def _locked(stage: Stage, chat: int) -> bool:
    allowed = {name for name, on in stage.act.group_as_seen(chat)["permissions"].items() if on}
    return allowed == ALLOWED_WHEN_LOCKED


def _nonce(stage: Stage) -> str:
    """What stands in the link of the bot's answer to /nieuwegroep."""
    entities = stage.heard_by(Who.TEACHER)[-1]["entities"]
    url = next(str(each["url"]) for each in entities if "startgroup=" in str(each.get("url")))
    return url.partition("startgroup=")[2].partition("&")[0]


@step(
    "08:20",
    f"{Who.TEACHER} maakt de groep ‘{TITLE}’, met mentor {Who.MENTOR} als medebeheerder,"
    " en haalt de bot erbij met een startlink.",
    f"{Who.TEACHER} makes the group ‘{TITLE}’, with mentor {Who.MENTOR} as an administrator,"
    " and brings the bot in by a start link.",
    BotAdded,
    GroupConfirmed,
    GroupConfirmed,
    GroupAdopted,
    LockProved,
)
async def adopting(stage: Stage) -> Findings:
    act, props, accounts = stage.act, stage.props, stage.accounts
    teacher, student, clever = (
        accounts[who] for who in (Who.TEACHER, Who.STUDENT, Who.CLEVER_STUDENT)
    )
    members = [accounts[Who.MENTOR], student, clever]
    props.group = act.create_group(teacher, TITLE, members)
    act.promote(teacher, props.group, accounts[Who.MENTOR])
    props.question = act.write(student, props.group, "Valt het derde uur uit?")
    props.old_message = act.write(clever, props.group, "Goedemorgen.")
    act.write(teacher, teacher, "/nieuwegroep")
    await stage.quiet()
    act.add_bot(teacher, props.group, REQUIRED_RIGHTS, _nonce(stage))
    await stage.quiet()
    seen = act.group_as_seen(props.group)
    return (
        so(
            _locked(stage, props.group),
            "Op slot, en teruggelezen: leden kunnen lezen en met een emoji reageren, meer niet.",
            "Locked, and read back: members can read and react with an emoji, nothing else.",
        ),
        so(
            len(seen["pinned"]) == 1,
            "De huisregels staan bovenaan, in twee talen.",
            "The house rules are pinned, in two languages.",
        ),
    )


@step(
    "08:30",
    f"Leerling {Who.STUDENT} wil iets schrijven in ‘{TITLE}’, en zet er een emoji bij.",
    f"Student {Who.STUDENT} wants to write in ‘{TITLE}’, and reacts with an emoji.",
)
async def cannot_write(stage: Stage) -> Findings:
    student, group = stage.accounts[Who.STUDENT], stage.props.group
    refusal = stage.refusal(lambda: stage.act.write(student, group, "Mag ik iets vragen?"))
    notice = stage.act.group_as_seen(group)["pinned"][0]
    reacting = stage.refusal(lambda: stage.act.react(student, group, notice, "👍"))
    await stage.quiet()
    return (
        so(
            refusal == LOCKED_OUT,
            f"“{refusal}” De bot hoort hier niets van.",
            f"“{refusal}” The bot hears nothing of it.",
            Kind.REFUSED,
        ),
        so(
            reacting is None,
            "Een emoji bij een bericht mag wel.",
            "An emoji under a message is allowed.",
        ),
    )


BOOSTED = "Wie komt er vanavond gamen?"


@step(
    "09:10",
    f"In ‘{TITLE}’ mag per ongeluk wie boost schrijven. {Who.CLEVER_STUDENT} boost en schrijft.",
    f"By mistake, whoever boosts ‘{TITLE}’ may write. {Who.CLEVER_STUDENT} boosts and writes.",
    MessageRefused,
    GroupSuspended,
)
async def booster(stage: Stage) -> Findings:
    act, group, clever = stage.act, stage.props.group, stage.accounts[Who.CLEVER_STUDENT]
    act.set_unrestrict_boosts(stage.accounts[Who.TEACHER], group, 1)
    act.set_boosts(clever, group, 1)
    # So long that a message makes the bot look anew, and so short that its own turn has not come.
    await stage.later(timedelta(seconds=90))
    message = act.write(clever, group, BOOSTED)
    await stage.quiet()
    kept = await stage.written_down(BOOSTED)
    return (
        so(
            not stage.shown(group, message),
            "Telegram liet het bericht door; een tel later is het weg.",
            "Telegram let the message pass; a moment later it is gone.",
            Kind.REMOVED,
        ),
        so(
            kept,
            "De woorden staan apart, als bewijs, en worden na 30 dagen gewist.",
            "The words are kept apart, as evidence, and erased after 30 days.",
        ),
        so(
            "boost" in stage.heard_by(Who.TEACHER)[-1]["text"],
            f"{Who.TEACHER} hoort wat er te doen is, en tot wanneer.",
            f"{Who.TEACHER} is told what to do, and until when.",
            Kind.SIGNAL,
        ),
    )


@step(
    "09:20",
    f"{Who.TEACHER} zet de uitzondering voor boosters uit.",
    f"{Who.TEACHER} switches the exception for boosters off.",
    GroupResumed,
)
async def mended(stage: Stage) -> Findings:
    stage.act.set_unrestrict_boosts(stage.accounts[Who.TEACHER], stage.props.group, 0)
    await stage.later(SIX_MINUTES)
    return (
        so(
            _locked(stage, stage.props.group),
            "De bot ziet het bij de volgende blik vanzelf; alles gaat verder als eerst.",
            "The bot sees it by itself at its next look; all goes on as before.",
        ),
    )


@step(
    "10:00",
    f"{Who.MENTOR} zet ‘{TITLE}’ met de hand open. Telegram meldt dat aan geen enkele bot.",
    f"{Who.MENTOR} opens ‘{TITLE}’ by hand. Telegram tells no bot of it.",
    LockDrifted,
    LockProved,
)
async def opened_by_hand(stage: Stage) -> Findings:
    group = stage.props.group
    stage.act.set_permissions(stage.accounts[Who.MENTOR], group, OPEN_AGAIN)
    await stage.quiet()
    was_open = not _locked(stage, group)
    await stage.later(SIX_MINUTES)
    proved = await stage.last_event(group)
    seconds = int(proved["payload"].get("open_seconds_at_most", 0))
    return (
        so(
            was_open,
            "De groep staat open, en de bot weet het nog niet.",
            "The group is open, and the bot does not know yet.",
        ),
        so(
            _locked(stage, group) and seconds >= SIX_MINUTES.total_seconds(),
            f"Zes minuten later gevonden, weer op slot. Hooguit {seconds} seconden open geweest.",
            f"Found six minutes later, locked again. Open for {seconds} seconds at most.",
        ),
    )


@step(
    "10:30",
    f"De groep staat weer open, en {Who.CLEVER_STUDENT} schrijft meteen als eigen kanaal.",
    f"The group is open again, and {Who.CLEVER_STUDENT} writes at once as a channel.",
    MessageRefused,
    LockDrifted,
    LockProved,
)
async def as_channel(stage: Stage) -> Findings:
    act, group, clever = stage.act, stage.props.group, stage.accounts[Who.CLEVER_STUDENT]
    channel = act.create_channel(clever, "De Echte Schoolkrant")
    act.set_permissions(stage.accounts[Who.MENTOR], group, OPEN_AGAIN)
    message = act.write(clever, group, "Morgen is iedereen vrij!", as_chat=channel)
    await stage.quiet()
    again = stage.refusal(lambda: act.write(clever, group, "Echt waar!", as_chat=channel))
    return (
        so(
            not stage.shown(group, message),
            "Het bericht is weg en het kanaal kan hier niet meer schrijven.",
            "The message is gone and the channel can no longer write here.",
            Kind.REMOVED,
        ),
        so(
            _locked(stage, group),
            "Wie schrijven kon, verried dat de groep openstond: meteen weer op slot.",
            "Whoever could write gave away that the group was open: locked again at once.",
        ),
        so(
            again == LOCKED_OUT,
            f"Een tweede poging komt er niet door: “{again}”",
            f"A second try does not pass: “{again}”",
            Kind.REFUSED,
        ),
    )


@step(
    "10:50",
    f"{Who.CLEVER_STUDENT} verandert een bericht van vóór het slot; dat laat Telegram toe.",
    f"{Who.CLEVER_STUDENT} changes a message from before the lock; Telegram allows that.",
    MessageRefused,
)
async def edited(stage: Stage) -> Findings:
    group, message = stage.props.group, stage.props.old_message
    clever = stage.accounts[Who.CLEVER_STUDENT]
    stage.act.edit(clever, group, message, "Goedemorgen. En vanavond gamen?")
    await stage.quiet()
    return (
        so(
            not stage.shown(group, message),
            "Het veranderde bericht is weg; het logboek zegt dat het een wijziging was.",
            "The changed message is gone; the log says that it was an edit.",
            Kind.REMOVED,
        ),
        so(
            stage.shown(group, stage.props.question),
            "Wat er van vóór het slot nog staat, laat de bot met rust.",
            "What else is left from before the lock, the bot leaves alone.",
        ),
    )


@step(
    "11:20",
    f"{Who.TEACHER} antwoordt in ‘{TITLE}’ op de vraag van één leerling.",
    f"{Who.TEACHER} replies in ‘{TITLE}’ to the question of one student.",
    StaffAddressedStudent,
)
async def replied(stage: Stage) -> Findings:
    group, teacher = stage.props.group, stage.accounts[Who.TEACHER]
    answer = stage.act.write(
        teacher, group, "Nee Lotte, gewoon komen.", reply_to=stage.props.question
    )
    await stage.quiet()
    return (
        so(
            stage.shown(group, answer),
            "Het bericht blijft staan. Of dit een discussie is, beoordeelt een mens.",
            "The message stays. Whether this is a discussion, a person judges.",
            Kind.SIGNAL,
        ),
    )
