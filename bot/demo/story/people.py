"""The day begins: the first administrator, the roster, and codes on paper."""

from datetime import timedelta

from bot.demo.school import ROSTER, SCHOOL, SCHOOL_IDS, Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, so, step
from bot.policy.events import AccountLinked, CodeRefused, CodesIssued, RosterImported
from bot.policy.rosters.roster import plan
from bot.policy.rosters.roster_file import read_roster
from storage.linking_codes import Selection, first_administrator, issue_codes
from storage.people import current_roster, write_import

VALID = timedelta(days=SCHOOL.linking.code_valid_days)


@step(
    "07:35",
    f"{Who.ADMINISTRATOR} installeert de bot, krijgt de eerste code en stuurt die aan de bot.",
    f"{Who.ADMINISTRATOR} installs the bot, gets the first code and sends it to the bot.",
    CodesIssued,
    AccountLinked,
)
async def first_code(stage: Stage) -> Findings:
    issued = await first_administrator(stage.bot.engine, stage.bot.clock.now(), VALID)
    stage.act.start_bot(stage.accounts[Who.ADMINISTRATOR], issued.code)
    await stage.quiet()
    kept = await stage.written_down(issued.code.replace("-", ""))
    return (
        so(
            stage.last_words(Who.ADMINISTRATOR).startswith("Welkom"),
            "De code werkt één keer; het account is nu van een medewerker.",
            "The code works once; the account now belongs to a member of staff.",
        ),
        so(
            not kept,
            "De code zelf staat niet in de database, alleen een vingerafdruk ervan.",
            "The code itself is not in the database, only a fingerprint of it.",
        ),
    )


@step(
    "07:45",
    f"{Who.ADMINISTRATOR} leest de lijst van school in en drukt voor ieder een code af.",
    f"{Who.ADMINISTRATOR} imports the school's list and prints a code for everybody.",
    RosterImported,
    CodesIssued,
)
async def roster(stage: Stage) -> Findings:
    engine, now = stage.bot.engine, stage.bot.clock.now()
    read = read_roster(ROSTER.encode())
    await write_import(engine, read.rows, plan(await current_roster(engine), read.rows), now)
    issued = await issue_codes(engine, Selection(), now, VALID)
    stage.props.codes = {code.school_id: code for code in issued}
    await stage.quiet()
    return (
        so(
            set(SCHOOL_IDS.values()) <= stage.props.codes.keys(),
            f"{len(SCHOOL_IDS)} mensen op de lijst, ieder met een eigen code.",
            f"{len(SCHOOL_IDS)} people on the list, each with a code of their own.",
        ),
    )


LINKING = (
    Who.TEACHER,
    Who.MENTOR,
    Who.STUDENT,
    Who.OTHER_STUDENT,
    Who.CLEVER_STUDENT,
    Who.NEW_STUDENT,
    Who.GUARDIAN,
)


@step(
    "08:00",
    "Twee docenten, vier leerlingen en een ouder sturen hun eigen code aan de bot.",
    "Two teachers, four students and a parent send the bot their own code.",
    *(AccountLinked,) * len(LINKING),
)
async def linking(stage: Stage) -> Findings:
    for who in LINKING:
        stage.act.start_bot(stage.accounts[who], stage.props.codes[SCHOOL_IDS[who]].code)
    await stage.quiet()
    welcomed = [who for who in LINKING if stage.last_words(who).startswith("Welkom")]
    return (
        so(
            len(welcomed) == len(LINKING),
            "Ieder krijgt een welkom; de bot weet nu wie medewerker is en wie niet.",
            "Everybody is welcomed; the bot now knows who is staff and who is not.",
        ),
    )


@step(
    "08:10",
    f"Leerling {Who.CLEVER_STUDENT} vindt de code van {Who.COORDINATOR} bij de printer"
    " en probeert die.",
    f"Student {Who.CLEVER_STUDENT} finds the code of {Who.COORDINATOR} by the printer"
    " and tries it.",
    CodeRefused,
    AccountLinked,
)
async def foreign_code(stage: Stage) -> Findings:
    code = stage.props.codes[SCHOOL_IDS[Who.COORDINATOR]].code
    stage.act.start_bot(stage.accounts[Who.CLEVER_STUDENT], code)
    await stage.quiet()
    answer = stage.last_words(Who.CLEVER_STUDENT)
    stage.act.start_bot(stage.accounts[Who.COORDINATOR], code)
    await stage.quiet()
    return (
        so(
            "Er is niets veranderd" in answer and Who.COORDINATOR not in answer,
            "De code is voor dit account niet te gebruiken; de bot zegt niet van wie hij is.",
            "The code is of no use to this account; the bot does not say whose it is.",
        ),
        so(
            stage.last_words(Who.COORDINATOR).startswith("Welkom"),
            f"{Who.COORDINATOR} kan er daarna gewoon mee koppelen.",
            f"{Who.COORDINATOR} can still link with it afterwards.",
        ),
    )
