"""Why the bot did what it did: one calm sentence for every rule, in Dutch and English.

For ``python -m bot explain``, the review page and docs/protocol.md. A sentence names no person
and blames nobody.
"""

from collections.abc import Mapping

from bot.policy.rules import Rule

EXPLANATIONS: Mapping[Rule, tuple[str, str]] = {
    # May the bot be in this group at all?
    Rule.LEFT: (
        "De bot zit niet meer in deze groep.",
        "The bot is no longer in this group.",
    ),
    Rule.REFUSE_OWNER_NOT_STAFF: (
        "De eigenaar van deze groep is niet als medewerker bekend, dus de bot gaat weg.",
        "The owner of this group is not known as a member of staff, so the bot leaves.",
    ),
    Rule.REFUSE_ADMINISTRATOR_NOT_STAFF: (
        "Een beheerder van deze groep is niet als medewerker bekend, dus de bot gaat weg.",
        "An administrator of this group is not known as a member of staff, so the bot leaves.",
    ),
    Rule.REFUSE_DEADLINE_PASSED: (
        "De tijd om de groep in orde te maken is voorbij, dus de bot gaat weg.",
        "The time to put the group in order is over, so the bot leaves.",
    ),
    Rule.WAIT_OWNER_HIDDEN: (
        "Telegram laat niet zien wie de eigenaar is; de bot wacht stil af.",
        "Telegram does not show who the owner is; the bot waits in silence.",
    ),
    Rule.WAIT_ITEMS_FAILING: (
        "De groep is nog niet in orde; de eigenaar hoort wat er nog moet gebeuren.",
        "The group is not in order yet; its owner is told what has to be done.",
    ),
    Rule.WAIT_NOT_CONFIRMED: (
        "De groep is in orde, maar niemand van school heeft gevraagd om haar te beheren.",
        "The group is in order, but nobody at school has asked to have it managed.",
    ),
    Rule.ADOPT: (
        "De groep is in orde en wordt vanaf nu door de bot beheerd.",
        "The group is in order and is managed by the bot from now on.",
    ),
    Rule.SUSPEND: (
        "De beheerde groep is niet meer in orde; de eigenaar krijgt tijd om dat te herstellen.",
        "The managed group is no longer in order; its owner gets time to mend it.",
    ),
    Rule.KEEP: (
        "De groep is in orde.",
        "The group is in order.",
    ),
    Rule.ADDED: (
        "Iemand heeft de bot aan een groep toegevoegd; de bot bekijkt de groep.",
        "Somebody added the bot to a group; the bot looks at the group.",
    ),
    Rule.REMOVED: (
        "Iemand heeft de bot uit de groep gehaald.",
        "Somebody took the bot out of the group.",
    ),
    Rule.RIGHTS_CHANGED: (
        "De rechten van de bot in de groep zijn veranderd; de bot bekijkt de groep.",
        "The rights of the bot in the group have changed; the bot looks at the group.",
    ),
    Rule.SEATS_CHANGED: (
        "De beheerders of de eigenaar van de groep zijn veranderd; de bot bekijkt de groep.",
        "The administrators or the owner of the group have changed; the bot looks at the group.",
    ),
    Rule.CONFIRMED: (
        "Een medewerker heeft gevraagd om deze groep te beheren; de bot bekijkt de groep.",
        "A member of staff asked to have this group managed; the bot looks at the group.",
    ),
    Rule.CONFIRM_REFUSED: (
        "Dit verzoek om een groep te beheren kan de bot niet aannemen.",
        "The bot cannot accept this request to manage a group.",
    ),
    Rule.MIGRATED: (
        "Telegram heeft de groep een nieuw nummer gegeven; voor de bot is het dezelfde groep.",
        "Telegram gave the group a new number; to the bot it is the same group.",
    ),
    # Do administrators alone send?
    Rule.LOCK_DRIFTED: (
        "Leden mochten meer dan alleen lezen en reageren; de bot zet de groep weer op slot.",
        "Members could do more than read and react; the bot locks the group again.",
    ),
    Rule.LOCK_PROVED: (
        "De bot heeft gezien dat alleen beheerders berichten kunnen sturen.",
        "The bot has seen that only administrators can send messages.",
    ),
    Rule.MESSAGE_REFUSED: (
        "In deze groep sturen alleen beheerders berichten, dus dit bericht is weggehaald.",
        "In this group only administrators send messages, so this message was removed.",
    ),
    Rule.POST_AS_CHANNEL_REFUSED: (
        "Een bericht uit naam van een kanaal dat hier niet hoort, is weggehaald.",
        "A message in the name of a channel that does not belong here was removed.",
    ),
    Rule.MESSAGE_TOO_OLD: (
        "Het bericht is ouder dan Telegram laat weghalen; het staat er nog.",
        "The message is older than Telegram lets anybody remove; it is still there.",
    ),
    Rule.STAFF_MESSAGE: (
        "Een bericht van een medewerker blijft staan.",
        "A message of a member of staff stays.",
    ),
    Rule.ADMINISTRATOR_MESSAGE: (
        "Een bericht van een beheerder die niet als medewerker bekend is; de bot bekijkt de groep.",
        "A message of an administrator who is not known as staff; the bot looks at the group.",
    ),
    Rule.ANONYMOUS_ADMINISTRATOR: (
        "Een beheerder schreef anoniem; het bericht blijft staan en de bot bekijkt de groep.",
        "An administrator wrote anonymously; the message stays and the bot looks at the group.",
    ),
    Rule.SERVICE_MESSAGE: (
        "Een melding van Telegram of van de bot zelf blijft staan.",
        "A notice of Telegram's or of the bot itself stays.",
    ),
    Rule.NOT_OUR_GROUP: (
        "De bot beheert deze groep niet en laat haar berichten met rust.",
        "The bot does not manage this group and leaves its messages alone.",
    ),
    Rule.JOIN_REQUESTED: (
        "Iemand wil lid worden van de groep; een medewerker beslist.",
        "Somebody wants to join the group; a member of staff decides.",
    ),
    # Does staff go into discussion with one student?
    Rule.STAFF_ADDRESSED_STUDENT: (
        "Een medewerker richtte een bericht aan één leerling of ouder; een mens kijkt ernaar.",
        "Staff addressed a message to one student or parent; a person looks at it.",
    ),
    # Which channel may speak in a group?
    Rule.CHANNEL_REGISTERED: (
        "Een medewerker heeft dit kanaal als professioneel account aangemeld.",
        "A member of staff registered this channel as a professional account.",
    ),
    Rule.CHANNEL_REGISTER_REFUSED: (
        "Alleen een medewerker kan een kanaal aanmelden.",
        "Only a member of staff can register a channel.",
    ),
    Rule.CHANNEL_POST_KEPT: (
        "Een bericht van het aangemelde kanaal van deze groep blijft staan.",
        "A message of this group's registered channel stays.",
    ),
    Rule.CHANNEL_NOT_A_GROUP: (
        "Dit is een kanaal en geen groep, dus de bot gaat weg.",
        "This is a channel and not a group, so the bot leaves.",
    ),
    # What does a private message get?
    Rule.STAFF_ASKED_FOR: (
        "Iemand vroeg de bot om een medewerker; dat is een signaal en geen overtreding.",
        "Somebody asked the bot for a member of staff; that is a signal and no offence.",
    ),
    Rule.KIND_ANSWER: (
        "Wie de bot schrijft, krijgt één vriendelijk antwoord met de juiste weg.",
        "Whoever writes to the bot gets one kind answer with the right way to go.",
    ),
    Rule.ANSWERED_LATELY: (
        "Deze persoon kreeg kortgeleden al antwoord; de bot begint geen gesprek.",
        "This person got an answer a short while ago; the bot starts no conversation.",
    ),
    # Who is this, and what may he do?
    Rule.CODE_ACCEPTED: (
        "De code klopt; dit account hoort nu bij een persoon van school.",
        "The code is right; this account now belongs to a person at school.",
    ),
    Rule.CODE_UNKNOWN: (
        "Deze code is niet bekend.",
        "This code is not known.",
    ),
    Rule.CODE_EXPIRED: (
        "Deze code is verlopen.",
        "This code has expired.",
    ),
    Rule.CODE_SPENT: (
        "Deze code is niet meer te gebruiken.",
        "This code can no longer be used.",
    ),
    Rule.CODE_NOT_YOURS: (
        "Deze code kan niet bij dit account worden gebruikt.",
        "This code cannot be used with this account.",
    ),
    Rule.CODE_GUESSING: (
        "Er zijn te veel verkeerde codes ingevoerd; probeer het later opnieuw.",
        "Too many wrong codes were entered; try again later.",
    ),
    Rule.ALREADY_LINKED: (
        "Dit account is al gekoppeld.",
        "This account is linked already.",
    ),
    Rule.COMMAND_ALLOWED: (
        "Deze opdracht mag en wordt uitgevoerd.",
        "This command is allowed and is carried out.",
    ),
    Rule.COMMAND_REFUSED: (
        "Deze opdracht is alleen voor medewerkers.",
        "This command is for staff only.",
    ),
    Rule.STAFF_HELP: (
        "Een medewerker krijgt te zien wat de bot kan.",
        "A member of staff is shown what the bot can do.",
    ),
    Rule.EFFECT_DONE: (
        "Telegram heeft gedaan wat de bot vroeg.",
        "Telegram did what the bot asked.",
    ),
    Rule.EFFECT_FAILED: (
        "Telegram deed niet wat de bot vroeg, of het antwoord ging verloren.",
        "Telegram did not do what the bot asked, or the answer was lost.",
    ),
    Rule.BOOKKEEPING: (
        "Hier volgt niets uit.",
        "Nothing follows from this.",
    ),
}
