"""Groups where the bot does not stay (B.6, first half)."""

from bot.demo.school import Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, Kind, so, step
from bot.policy.events import (
    BotAdded,
    CommandRefused,
    GroupAdopted,
    GroupConfirmed,
    GroupRefused,
    LockProved,
    OwnerChanged,
    SecondAsked,
    StaffTookPart,
)

SECOND_TITLE = "5V1 rooster"


@step(
    "11:40",
    f"Leerling {Who.OTHER_STUDENT} haalt de bot in een eigen groep, ‘5V1 gezellig’.",
    f"Student {Who.OTHER_STUDENT} brings the bot into a group of students, ‘5V1 gezellig’.",
    BotAdded,
    GroupRefused,
)
async def students_group(stage: Stage) -> Findings:
    act, owner = stage.act, stage.accounts[Who.OTHER_STUDENT]
    chat = act.create_group(owner, "5V1 gezellig", [stage.accounts[Who.STUDENT]])
    act.add_bot(owner, chat)
    await stage.quiet()
    said = [message for message in act.look(owner, chat)["messages"] if message["by_bot"]]
    texts = [message for message in said if message["kind"] == "text"]
    return (
        so(
            not stage.bot_is_in(chat) and len(texts) == 1,
            "De bot zegt één keer waarom, en gaat weg. Aan de groep verandert niets.",
            "The bot says once why, and leaves. Nothing changes in the group.",
        ),
    )


@step(
    "12:10",
    f"{Who.MENTOR} zit in een groep van {Who.CLEVER_STUDENT} en haalt de bot erbij.",
    f"{Who.MENTOR} is in a group of {Who.CLEVER_STUDENT} and brings the bot in.",
    BotAdded,
    GroupRefused,
    StaffTookPart,
)
async def staff_in_students_group(stage: Stage) -> Findings:
    act, mentor = stage.act, stage.accounts[Who.MENTOR]
    chat = act.create_group(stage.accounts[Who.CLEVER_STUDENT], "4H2 zonder school", [mentor])
    act.add_bot(mentor, chat)
    await stage.quiet()
    return (
        so(
            not stage.bot_is_in(chat),
            "De bot gaat weg. Dat een medewerker meedeed, is een signaal en nog geen oordeel.",
            "The bot leaves. That a member of staff took part is a signal, and no verdict yet.",
            Kind.SIGNAL,
        ),
    )


@step(
    "13:05",
    f"{Who.STRANGER}, die niemand van school kent, probeert /nieuwegroep.",
    f"{Who.STRANGER}, whom nobody at school knows, tries /nieuwegroep.",
    CommandRefused,
)
async def stranger(stage: Stage) -> Findings:
    account = stage.accounts[Who.STRANGER]
    stage.act.start_bot(account)
    stage.act.write(account, account, "/nieuwegroep")
    await stage.quiet()
    answers = stage.heard_by(Who.STRANGER)
    return (
        so(
            "er is niets veranderd" in answers[-1]["text"],
            "Een vriendelijk nee, zonder te zeggen wie er wel medewerker is.",
            "A kind no, without telling who is staff.",
        ),
    )


@step(
    "13:30",
    f"{Who.MENTOR} meldt de groep ‘{SECOND_TITLE}’ aan, nu met de knop in plaats van een link.",
    f"{Who.MENTOR} registers the group ‘{SECOND_TITLE}’, by the button instead of a link.",
    BotAdded,
    GroupConfirmed,
    GroupConfirmed,
    GroupAdopted,
    LockProved,
    SecondAsked,
)
async def by_button(stage: Stage) -> Findings:
    act, mentor = stage.act, stage.accounts[Who.MENTOR]
    chat = act.create_group(mentor, SECOND_TITLE, [stage.accounts[Who.OTHER_STUDENT]])
    act.write(mentor, mentor, "/nieuwegroep")
    await stage.quiet()
    stage.props.second_group = act.press_request_chat(mentor, chat)
    await stage.quiet()
    seen = act.group_as_seen(stage.props.second_group)
    return (
        so(
            not seen["permissions"]["can_send_messages"] and len(seen["pinned"]) == 1,
            "Telegram toont alleen eigen groepen; de bot kijkt het toch zelf na, en sluit af.",
            "Telegram offers one's own groups only; the bot checks all the same, and locks.",
        ),
    )


@step(
    "14:00",
    f"{Who.MENTOR} draagt ‘{SECOND_TITLE}’ over aan leerling {Who.OTHER_STUDENT}.",
    f"{Who.MENTOR} hands ‘{SECOND_TITLE}’ over to student {Who.OTHER_STUDENT}.",
    OwnerChanged,
    GroupRefused,
)
async def handed_over(stage: Stage) -> Findings:
    chat = stage.props.second_group
    owners = (stage.accounts[Who.MENTOR], chat, stage.accounts[Who.OTHER_STUDENT])
    stage.act.transfer_ownership(*owners)
    await stage.quiet()
    return (
        so(
            not stage.bot_is_in(chat),
            "Nu is het een groep van een leerling: de bot gaat meteen weg.",
            "Now it is a group of a student: the bot leaves at once.",
        ),
    )
