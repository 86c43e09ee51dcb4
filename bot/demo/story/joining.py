"""How people come into a class group: by its link, and only who is of the class."""

from bot.demo.school import SCHOOL_IDS, Who
from bot.demo.stage import Stage
from bot.demo.story.lock import TITLE
from bot.demo.telling import Findings, so, step
from bot.policy.events import (
    AccountLinked,
    GroupClassGroupsSet,
    JoinRequested,
    MemberAdmitted,
    MemberCameIn,
    MemberDeclined,
)

CLASS = "4H2"
HOW_TO_LINK = "Stuur mij hier je koppelcode"
ANOTHER_CLASS = "Deze groep is voor een andere klas"


def _link(stage: Stage) -> str:
    """The group's link, as it stands on the board in class."""
    return str(stage.telegram.calls_of("createChatInviteLink")[-1].result["invite_link"])


def _ask(stage: Stage, who: Who) -> bool:
    """Somebody opens the link; answer whether Telegram lets him in without asking."""
    return bool(stage.act.join(stage.accounts[who], _link(stage)))


@step(
    "08:25",
    f"{Who.TEACHER} kiest met /groepen voor welke klas ‘{TITLE}’ is.",
    f"{Who.TEACHER} chooses with /groepen which class ‘{TITLE}’ is for.",
    GroupClassGroupsSet,
)
async def class_chosen(stage: Stage) -> Findings:
    await stage.type(Who.TEACHER, "/groepen")
    await stage.tap(Who.TEACHER, TITLE, "Klassen kiezen")
    said = await stage.tap(Who.TEACHER, CLASS)
    return (
        so(
            CLASS in said,
            "Eén tik. Van nu af weet de bot wie er in deze groep hoort.",
            "One tap. From now on the bot knows who belongs in this group.",
        ),
    )


@step(
    "08:40",
    f"Leerling {Who.NEW_STUDENT} en ouder {Who.GUARDIAN} openen de link van de klas.",
    f"Student {Who.NEW_STUDENT} and parent {Who.GUARDIAN} open the class's link.",
    *(JoinRequested, MemberAdmitted, MemberCameIn) * 2,
)
async def at_once(stage: Stage) -> Findings:
    unasked = [_ask(stage, who) for who in (Who.NEW_STUDENT, Who.GUARDIAN)]
    await stage.quiet()
    return (
        so(
            not any(unasked),
            "De link laat niemand zomaar binnen: hij vraagt toestemming.",
            "The link lets nobody in by itself: it asks for approval.",
        ),
        so(
            stage.is_member(Who.NEW_STUDENT) and stage.is_member(Who.GUARDIAN),
            "De een is van de klas, de ander ouder van een leerling ervan: meteen binnen.",
            "One is of the class, the other parent of a student of it: let in at once.",
        ),
    )


@step(
    "08:45",
    f"Leerling {Who.UNLINKED_STUDENT} opent de link ook, maar heeft nog niet gekoppeld.",
    f"Student {Who.UNLINKED_STUDENT} opens the link too, but has not linked yet.",
    JoinRequested,
    AccountLinked,
    MemberAdmitted,
    MemberCameIn,
)
async def link_first(stage: Stage) -> Findings:
    who = Who.UNLINKED_STUDENT
    _ask(stage, who)
    await stage.quiet()
    told, waited = stage.last_words(who), not stage.is_member(who)
    stage.act.start_bot(stage.accounts[who], stage.props.codes[SCHOOL_IDS[who]].code)
    await stage.quiet()
    return (
        so(
            HOW_TO_LINK in told and waited,
            "De bot kent dit account niet, zegt hoe koppelen gaat, en laat het verzoek staan.",
            "The bot does not know this account, says how to link, and lets the request wait.",
        ),
        so(
            stage.is_member(who),
            "Na de code wordt er meteen opnieuw beslist: binnen.",
            "After the code it is decided again at once: let in.",
        ),
    )


@step(
    "08:50",
    f"{Who.OTHER_STUDENT} uit 5V1 heeft de link van 4H2 doorgestuurd gekregen.",
    f"{Who.OTHER_STUDENT} of 5V1 was forwarded the link of 4H2.",
    JoinRequested,
    MemberDeclined,
)
async def other_class(stage: Stage) -> Findings:
    _ask(stage, Who.OTHER_STUDENT)
    await stage.quiet()
    return (
        so(
            not stage.is_member(Who.OTHER_STUDENT)
            and ANOTHER_CLASS in stage.last_words(Who.OTHER_STUDENT),
            "Afgewezen, met de reden erbij en wie het kan nakijken. Verder geen gevolgen.",
            "Declined, with the reason and who can look into it. No other consequences.",
        ),
    )
