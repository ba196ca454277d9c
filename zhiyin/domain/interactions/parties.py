"""Who has a part in a contact: those who are rung for it, who talks, the second party, and where it is parked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.interactions.events import DialStarted, LegId, OfferId
from zhiyin.domain.interactions.handover_events import ConsultStage
from zhiyin.domain.replacing import replace


@dataclass(frozen=True, slots=True)
class OpenOffer:
    offer: OfferId
    agent: int
    leg: LegId
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSegment:
    segment: int
    agent: int
    leg: LegId
    started_at: datetime
    held_since: datetime | None = None
    hold_s: float = 0.0
    held_by: str | None = None  # as in HoldStarted, while it is held

    def resumed(self, at: datetime) -> OpenSegment:
        """Return the segment with its hold ended at ``at``."""
        if self.held_since is None:
            return self
        return replace(self, held_since=None, held_by=None, hold_s=self.hold_s + (at - self.held_since).total_seconds())


@dataclass(frozen=True, slots=True)
class Consultation:
    """A second party beside the customer. ``agent``: who of ours is consulted, once on the line; ``leg``: its leg."""

    by_agent: int
    kind: str
    started_at: datetime
    stage: ConsultStage = ConsultStage.RINGING
    target: int | None = None
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    note_ref: str | None = None
    agent: int | None = None
    leg: LegId = ""
    answered_at: datetime | None = None
    dialling: DialStarted | None = None  # the number, or a consulted agent's telephone that comes back
    line: LegId | None = None  # the second call of the consulting agent's SIP telephone, where it has one

    @property
    def is_answered(self) -> bool:
        return self.stage is not ConsultStage.RINGING

    @property
    def hears_customer(self) -> bool:
        """Whether the customer is talked to, by the agent or by both."""
        return self.stage in (ConsultStage.SWAPPED, ConsultStage.JOINED)


@dataclass(frozen=True, slots=True)
class FailedHandover:
    """What came of a consultation or a transfer that did not succeed: whoever wanted it is told.

    ``how``: "consult" or "transfer"; ``kind``, ``target`` and ``number_ref``: whom it was meant for; ``word``: why, as
    in ``ConsultEnd`` or as the line's end says ("busy").
    """

    how: str
    by_agent: int
    kind: str
    word: str
    at: datetime
    target: int | None = None
    number_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ParkedCall:
    slot: int
    by_agent: int
    parked_at: datetime
