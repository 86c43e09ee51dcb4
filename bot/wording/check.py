"""The check itself: every kind of finding in one text."""

from collections.abc import Iterable
from functools import lru_cache

from bot.wording.addressing import addressing
from bot.wording.allowed import NOTHING_OWN, Allowed
from bot.wording.e_mail_addresses import e_mail_addresses
from bot.wording.findings import Finding, Kind, Severity, finding, tidied
from bot.wording.folding import fold, plain
from bot.wording.health import health_near_people
from bot.wording.home_addresses import comparable, home_addresses
from bot.wording.ibans import compact, ibans
from bot.wording.invitations import invitations
from bot.wording.links import Link, links
from bot.wording.mentions import Mentions, Who
from bot.wording.names import Names
from bot.wording.phone_numbers import own_numbers, phone_numbers
from bot.wording.words import words

_WEIGHTS = {Who.STUDENT: Severity.STOPS, Who.MAYBE_STUDENT: Severity.HINT}


def check(
    text: str,
    *,
    names: Names,
    has_media: bool = False,
    consent: bool = False,
    hidden_links: Iterable[Link] = (),
    allowed: Allowed = NOTHING_OWN,
) -> tuple[Finding, ...]:
    """What does not belong in a text to a whole group, in the order of the text.

    ``text`` as people will read it, without markup, of at most 4,096 characters (Bot API:
    sendMessage); longer ones take longer in proportion. ``has_media``: a picture, film or sound
    goes along; ``consent``: its author confirmed that everyone in it consents (A.5).
    ``hidden_links``: links under words. No text makes this raise; a phone number in ``allowed``
    that is none raises ``ValueError``.
    """
    folded = fold(text)
    text_words = words(folded)
    mentions = Mentions(folded, text_words, names).find()
    found = [
        finding(
            Kind.STUDENT_NAME,
            *folded.span(text_words[one.first].start, text_words[one.last].end),
            _WEIGHTS[one.who],
        )
        for one in mentions
        if one.who in _WEIGHTS
    ]
    own = _own(allowed)
    found += phone_numbers(folded, own.phone_numbers)
    found += e_mail_addresses(folded, own.domains)
    found += home_addresses(folded, own.addresses)
    found += ibans(folded, own.ibans)
    found += health_near_people(folded, text_words, mentions)
    found += invitations(folded)
    found += links(folded, hidden_links, own.accounts)
    found += addressing(folded, text_words, mentions)
    if has_media and not consent:
        found.append(finding(Kind.MEDIA_WITHOUT_CONSENT, 0, 0))
    return tidied(found, len(text))


@lru_cache(maxsize=8)
def _own(allowed: Allowed) -> Allowed:
    """What a school named, in the form in which each is compared."""
    return Allowed(
        phone_numbers=own_numbers(allowed.phone_numbers),
        domains=frozenset(plain(domain) for domain in allowed.domains),
        ibans=frozenset(compact(iban) for iban in allowed.ibans),
        addresses=frozenset(comparable(plain(address)) for address in allowed.addresses),
        accounts=frozenset(plain(account) for account in allowed.accounts),
    )
