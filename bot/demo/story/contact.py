"""What people write to the bot in private (B.7), and what happens when Telegram fails."""

from datetime import timedelta

from bot.demo.school import Who
from bot.demo.stage import Stage
from bot.demo.telling import Findings, Kind, so, step
from bot.policy.effects import SendPage
from bot.policy.events import EffectFailed, PrivateMessageAnswered, StaffAskedFor
from bot.policy.ids import UserId
from storage.outbox import EffectState, Waiting

QUESTION = "mag ik het nummer van meneer Krijtstof"
REST_SECONDS = 120


@step(
    "12:40",
    f"Leerling {Who.STUDENT} schrijft aan de bot: “{QUESTION}?”",
    f"Student {Who.STUDENT} writes to the bot: “may I have the number of mister Krijtstof?”",
    StaffAskedFor,
    PrivateMessageAnswered,
)
async def asked_for_staff(stage: Stage) -> Findings:
    account = stage.accounts[Who.STUDENT]
    stage.act.write(account, account, f"{QUESTION}?")
    await stage.quiet()
    answer = stage.heard_by(Who.STUDENT)[-1]["text"]
    return (
        so(
            "een gesprek voeren kan ik niet" in answer and "Vertrouwelijk praten" in answer,
            "Eén vriendelijk antwoord: wie er helpt, en wie in vertrouwen luistert.",
            "One kind answer: who helps, and who listens in confidence.",
        ),
        so(
            not await stage.written_down(QUESTION),
            "De woorden staan nergens in de database. Vragen is geen overtreding.",
            "The words are nowhere in the database. Asking is no offence.",
            Kind.SIGNAL,
        ),
    )


async def _to(stage: Stage, who: Who, state: EffectState) -> list[Waiting]:
    """What the outbox holds for somebody in private, in a state."""
    user = UserId(stage.accounts[who])
    return [
        each
        for each in await stage.effects(state)
        if isinstance(each.effect, SendPage) and each.effect.user == user
    ]


@step(
    "14:30",
    f"{Who.GUARDIAN} vraagt /help, maar Telegram wil twee minuten rust (429).",
    f"{Who.GUARDIAN} asks for /help, but Telegram wants two minutes of rest (429).",
)
async def flooded(stage: Stage) -> Findings:
    account = stage.accounts[Who.GUARDIAN]
    before = len(stage.heard_by(Who.GUARDIAN))
    stage.telegram.faults.add("sendMessage", "429", retry_after=REST_SECONDS, chat_id=account)
    stage.act.write(account, account, "/help")
    await stage.quiet()
    waiting = await _to(stage, Who.GUARDIAN, EffectState.PENDING)
    due = [f"{stage.local(each.due_at):%H:%M:%S}" for each in waiting]
    silent = len(stage.heard_by(Who.GUARDIAN)) == before
    await stage.later(timedelta(seconds=REST_SECONDS + 1))
    left = await _to(stage, Who.GUARDIAN, EffectState.PENDING)
    heard = len(stage.heard_by(Who.GUARDIAN)) - before
    return (
        so(
            silent and len(due) == 1,
            f"In de uitbak: 1 bericht ‘wacht’, tot {', '.join(due)}. Er raakt niets kwijt.",
            f"In the outbox: 1 message ‘waiting’, until {', '.join(due)}. Nothing is lost.",
        ),
        so(
            heard == 1 and not left,
            "Na de rust is het precies één keer aangekomen.",
            "After the rest it has arrived exactly once.",
        ),
    )


@step(
    "15:00",
    f"{Who.COORDINATOR} vraagt /help; het antwoord van Telegram aan de bot gaat verloren.",
    f"{Who.COORDINATOR} asks for /help; Telegram's answer to the bot is lost.",
    EffectFailed,
)
async def answer_lost(stage: Stage) -> Findings:
    account = stage.accounts[Who.COORDINATOR]
    before = len(stage.heard_by(Who.COORDINATOR))
    stage.telegram.faults.add("sendMessage", "deliver_then_drop", chat_id=account)
    stage.act.write(account, account, "/help")
    await stage.quiet()
    unknown = await _to(stage, Who.COORDINATOR, EffectState.UNKNOWN)
    await stage.later(timedelta(minutes=10))
    return (
        so(
            len(unknown) == 1,
            "In de uitbak: 1 bericht ‘onbekend’. De bot doet niet alsof hij het weet.",
            "In the outbox: 1 message ‘unknown’. The bot does not pretend to know.",
            Kind.SIGNAL,
        ),
        so(
            len(stage.heard_by(Who.COORDINATOR)) - before == 1,
            "Hij stuurt het niet blind nog eens: er staat één bericht, geen twee.",
            "It does not blindly send it again: there is one message, not two.",
        ),
    )
