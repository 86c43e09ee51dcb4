"""The buttons and documents of administrators: which upload, person, duty or request they name.

A button may be old, forged or somebody else's: what it names is only looked up here.
"""

import secrets
from dataclasses import dataclass

from telegram import Message

from bot.callback_data import number_in
from bot.gather.pressing import Pressed
from bot.gather.private import PrivateMessage
from bot.policy.administering.administration import (
    CodesFacts,
    ConfirmFacts,
    RequestFacts,
    RevokeFacts,
    UploadFacts,
)
from bot.policy.administering.duties import AskFacts, DecideFacts, DutyFacts
from bot.policy.administering.under_way import MOST_NUMBER, DeskNeeds
from bot.policy.ids import PersonId
from bot.policy.known import Known, Needs
from bot.policy.people import Duty


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document that somebody sent to the bot in private."""

    message: Message
    number: int

    @classmethod
    def of(cls, message: Message) -> "SentDocument":
        """From a message that holds one, with a fresh number for the upload."""
        return cls(message, secrets.randbelow(MOST_NUMBER - 1) + 1)

    @property
    def written(self) -> PrivateMessage:
        """The same as a message like any other."""
        return PrivateMessage(self.message)

    def facts(self, known: Known) -> UploadFacts:
        """As a roster."""
        document = self.message.document
        assert document is not None  # noqa: S101 (the handler's filter matched on it)
        return UploadFacts(
            at=known.at,
            asker=self.written.asker(known),
            number=self.number,
            file_id=document.file_id,
            size=document.file_size,
        )


@dataclass(frozen=True, slots=True)
class DeskPress:
    """A press of an administrator's button: ``first`` and ``last`` are what its dots set apart."""

    pressed: Pressed
    first: str
    middle: str
    last: str
    fresh: int

    @classmethod
    def of(cls, pressed: Pressed) -> "DeskPress":
        """From a press, with a fresh number for what it may begin."""
        first, _, rest = pressed.press.argument.partition(".")
        middle, _, last = rest.rpartition(".")
        fresh = secrets.randbelow(MOST_NUMBER - 1) + 1
        return cls(pressed, first, middle, last, fresh)

    @property
    def upload_needs(self) -> Needs:
        """The presser and the upload: ``yes.12`` or ``no.12``."""
        desk = DeskNeeds(uploads=frozenset((number_in(self.last),)))
        return self.pressed.needs | Needs(desk=desk)

    def confirm_facts(self, known: Known) -> ConfirmFacts:
        """An answer to a preview."""
        return ConfirmFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            upload=known.desk.uploads.get(number_in(self.last)),
            confirms=self.first == "yes",
            replaces=self.pressed.message,
        )

    def codes_facts(self, known: Known) -> CodesFacts:
        """A wish for codes on paper."""
        return CodesFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            argument=self.pressed.press.argument,
        )

    @property
    def person(self) -> PersonId:
        """The person that the button names: ``12`` or ``12.coordinator.1``."""
        return PersonId(number_in(self.first))

    @property
    def person_needs(self) -> Needs:
        """The presser, the person, what is proposed about him, and the administrators."""
        about = frozenset((self.person,))
        desk = DeskNeeds(people=about, proposals_about=about, administrators=True)
        return self.pressed.needs | Needs(desk=desk)

    def revoke_facts(self, known: Known) -> RevokeFacts:
        """The end of somebody's link."""
        return RevokeFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            subject=known.desk.people.get(self.person),
            administrators=known.desk.administrators,
            replaces=self.pressed.message,
        )

    @property
    def duty(self) -> Duty | None:
        """The duty that the button names."""
        return Duty(self.middle) if self.middle in Duty.__members__.values() else None

    def duty_facts(self, duty: Duty, known: Known) -> DutyFacts:
        """A duty to give or take."""
        return DutyFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            subject=known.desk.people.get(self.person),
            duty=duty,
            grants=self.last == "1",
            administrators=known.desk.administrators,
            sharing=known.desk.sharing,
            open=tuple(p for p in known.desk.proposals.values() if p.person == self.person),
            number=self.fresh,
            replaces=self.pressed.message,
        )

    def ask_facts(self, known: Known) -> AskFacts:
        """A wish that the others look at what waits."""
        return AskFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            administrators=known.desk.administrators,
        )

    @property
    def proposal_needs(self) -> Needs:
        """The presser, the proposal (``12.1``) with whom it is about, and the administrators."""
        desk = DeskNeeds(proposals=frozenset((number_in(self.first),)), administrators=True)
        return self.pressed.needs | Needs(desk=desk)

    def decide_facts(self, known: Known) -> DecideFacts:
        """An answer to a proposal."""
        proposal = known.desk.proposals.get(number_in(self.first))
        return DecideFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            proposal=proposal,
            subject=None if proposal is None else known.desk.people.get(proposal.person),
            administrators=known.desk.administrators,
            approves=self.last == "1",
            replaces=self.pressed.message,
        )

    @property
    def request_needs(self) -> Needs:
        """The presser and the request."""
        desk = DeskNeeds(requests=frozenset((number_in(self.first),)))
        return self.pressed.needs | Needs(desk=desk)

    def request_facts(self, known: Known) -> RequestFacts:
        """A request that has been dealt with."""
        return RequestFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            request=known.desk.requests.get(number_in(self.first)),
            replaces=self.pressed.message,
        )
