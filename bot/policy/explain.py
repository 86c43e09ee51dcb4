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
    # What may an announcement say, and what became of it?
    Rule.ANNOUNCEMENT_STOPPED: (
        "In de tekst staat iets wat niet in een groep hoort; zo gaat er niets uit.",
        "The text holds something that does not belong in a group; it does not go out so.",
    ),
    Rule.ANNOUNCEMENT_DOUBTED: (
        "Een collega bekijkt de tekst die is tegengehouden, en laat haar gaan of geeft haar terug.",
        "A colleague looks at the text that was stopped, and lets it go or returns it.",
    ),
    Rule.ANNOUNCEMENT_CONFIRMED: (
        "De maker heeft het bericht bevestigd; het gaat naar de gekozen groepen.",
        "The author confirmed the announcement; it goes to the groups that were chosen.",
    ),
    Rule.ANNOUNCEMENT_WITHDRAWN: (
        "De maker heeft het bericht ingetrokken.",
        "The author took the announcement back.",
    ),
    Rule.ANNOUNCEMENT_SEEN: (
        "Iemand uit de groep heeft op Gezien gedrukt.",
        "Somebody of the group pressed Seen.",
    ),
    Rule.ANNOUNCEMENT_REPEAT_ASKED: (
        "De les is dichtbij en nog weinig mensen zagen het; de maker kiest of het herhaald wordt.",
        "The lesson is near and few have seen it; the author chooses whether to repeat it.",
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
    Rule.UNLINKED: (
        "Dit account hoort bij niemand van school meer.",
        "This account no longer belongs to anybody at school.",
    ),
    Rule.STOP_WAITS: (
        "Er moet eerst iets worden overgedragen; de koppeling blijft zolang bestaan.",
        "Something has to be handed over first; until then the link stays.",
    ),
    Rule.DATA_ASKED: (
        "Iemand vroeg om correctie of verwijdering van eigen gegevens; een mens beslist.",
        "Somebody asked to have own data corrected or erased; a person decides.",
    ),
    Rule.COMMAND_ALLOWED: (
        "Deze opdracht mag en wordt uitgevoerd.",
        "This command is allowed and is carried out.",
    ),
    Rule.COMMAND_REFUSED: (
        "Deze opdracht is alleen voor medewerkers.",
        "This command is for staff only.",
    ),
    Rule.DUTY_PROPOSED: (
        "Een taak is voorgesteld en wacht op een andere beheerder.",
        "A duty was proposed and waits for another administrator.",
    ),
    Rule.DUTY_CHANGED: (
        "Een taak is gegeven of genomen, met instemming van wie daarvoor nodig is.",
        "A duty was given or taken, with the agreement of those who must agree.",
    ),
    Rule.DUTY_DECLINED: (
        "Een voorstel over een taak is afgewezen of ingetrokken.",
        "A proposal about a duty was declined or withdrawn.",
    ),
    Rule.DUTY_NOT_BY_YOURSELF: (
        "Wie een taak voorstelt of krijgt, beslist daar niet zelf over.",
        "Whoever proposes a duty, or is to get it, does not decide about it.",
    ),
    Rule.SECOND_ADMINISTRATOR_NEEDED: (
        "Hiervoor is een tweede gekoppelde beheerder nodig.",
        "This needs a second administrator who is linked.",
    ),
    Rule.LAST_ADMINISTRATOR: (
        "Er moet een gekoppelde beheerder overblijven, dus dit kan nu niet.",
        "An administrator who is linked must remain, so this cannot be done now.",
    ),
    Rule.LINK_REVOKED: (
        "Een beheerder heeft een koppeling beëindigd.",
        "An administrator ended a link.",
    ),
    Rule.NOT_OPEN_ANY_MORE: (
        "Dit was al afgehandeld of verlopen; er verandert niets.",
        "This was dealt with already or has ended; nothing changes.",
    ),
    Rule.STAFF_HELP: (
        "Een medewerker krijgt te zien wat de bot kan.",
        "A member of staff is shown what the bot can do.",
    ),
    Rule.GROUP_OFFERED: (
        "Een groep wordt aangeboden aan een collega, of het aanbod wordt ingetrokken.",
        "A group is offered to a colleague, or the offer is taken back.",
    ),
    Rule.OFFER_ANSWERED: (
        "Een collega neemt een groep aan die is aangeboden, of niet.",
        "A colleague takes a group that was offered, or does not.",
    ),
    Rule.GROUP_CLOSED: (
        "Een medewerker sluit een groep: de bot zegt dat daar en gaat weg.",
        "A member of staff closes a group: the bot says so there and leaves.",
    ),
    Rule.LINK_RENEWED: (
        "De uitnodigingslink van een groep wordt vervangen; de oude werkt niet meer.",
        "The invite link of a group is replaced; the old one works no more.",
    ),
    Rule.SCHOOL_YEAR_BEGUN: (
        "Een nieuw schooljaar begint: koppelingen van wie weg is, eindigen.",
        "A new school year begins: links of those who left end.",
    ),
    Rule.RECONFIRMATION_ASKED: (
        "De eigenaar hoort dat hij moet bevestigen dat de groep dit schooljaar doorgaat.",
        "The owner is asked to confirm that the group goes on this school year.",
    ),
    Rule.RECONFIRMED: (
        "De eigenaar heeft bevestigd dat de groep dit schooljaar doorgaat.",
        "The owner confirmed that the group goes on this school year.",
    ),
    Rule.JOIN_CONSENT_AWAITED: (
        "Voor deze leerling is toestemming van een ouder nodig; daar wacht het verzoek op.",
        "This student needs a guardian's consent; the request waits for it.",
    ),
    Rule.JOIN_TOO_YOUNG: (
        "De school laat leerlingen van dit leerjaar niet in groepsapps toe.",
        "The school does not let students of this year group into group apps.",
    ),
    Rule.CONSENT_GIVEN: (
        "Een ouder gaf toestemming voor de groepsapps van school.",
        "A guardian gave consent for the group apps of school.",
    ),
    Rule.CONSENT_WITHDRAWN: (
        "Een ouder trok de toestemming in; wie de groep beheert, hoort het en beslist.",
        "A guardian took back the consent; whoever runs the group hears of it and decides.",
    ),
    Rule.UNDER_SIXTEEN_CHOSEN: (
        "De school koos hoe de bot omgaat met leerlingen onder de zestien.",
        "The school chose what the bot does about students under sixteen.",
    ),
    Rule.JOIN_OF_THE_CLASS: (
        "Wie bij een klas van de groep hoort, wordt toegelaten.",
        "Whoever belongs to a class of the group is let in.",
    ),
    Rule.JOIN_OF_STAFF: (
        "Een medewerker van de klas of van de hele school wordt toegelaten.",
        "A member of staff of the class or of the whole school is let in.",
    ),
    Rule.JOIN_OF_A_BOT: (
        "Een andere bot komt niet in een groep van school.",
        "Another bot does not come into a group of school.",
    ),
    Rule.JOIN_NOT_LINKED: (
        "Dit account is nog niet gekoppeld; het verzoek wacht tot dat gebeurt.",
        "This account is not linked yet; the request waits until it is.",
    ),
    Rule.JOIN_NO_CLASSES: (
        "Van de groep is nog niet bekend voor welke klas ze is; het verzoek wacht.",
        "It is not known yet which class the group is for; the request waits.",
    ),
    Rule.JOIN_ANOTHER_CLASS: (
        "De groep is voor een andere klas, dus het verzoek wordt afgewezen.",
        "The group is for another class, so the request is declined.",
    ),
    Rule.JOIN_TOO_LATE: (
        "De tijd om over het verzoek te beslissen is voorbij; wie wil, vraagt het opnieuw.",
        "The time to decide on the request is over; whoever wants to may ask again.",
    ),
    Rule.CAME_IN: (
        "Iemand is in de groep gekomen.",
        "Somebody came into the group.",
    ),
    Rule.WENT: (
        "Iemand is uit de groep gegaan.",
        "Somebody went out of the group.",
    ),
    Rule.OUTSIDERS_TOLD: (
        "De eigenaar hoort wie er in de groep zit en er niet bij hoort.",
        "The owner is told who is in the group and does not belong there.",
    ),
    Rule.MEMBER_REMOVED: (
        "Een medewerker liet iemand uit de groep halen.",
        "A member of staff had somebody taken out of the group.",
    ),
    Rule.CLASSES_CHOSEN: (
        "Een medewerker koos voor welke klassen de groep is.",
        "A member of staff chose which classes the group is for.",
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
