"""One contact of one customer: its events, its state, and how events rebuild the state.

Pure. What must happen next is decided in ``domain/calls/``; this module holds what did happen.
Personal data (numbers, names, digits) never stand in an event: an event holds an opaque reference
(``..._ref``) to a row of the erasable side table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

InteractionId = str
LegId = str
OfferId = str


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Phase(StrEnum):
    """Where a contact stands."""

    FLOW = "flow"  # in automatic service
    WAITING = "waiting"  # in a queue, nobody offered
    OFFERED = "offered"  # in a queue, an agent is being rung
    DIALLING = "dialling"  # outbound: the agent's telephone, then the customer's, is being rung
    TALKING = "talking"
    HELD = "held"
    TRANSFERRING = "transferring"  # blind transfer to an outside number is ringing
    ENDED = "ended"


class EndedBy(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"  # the flow, a limit, a fault; the reason says which
    CARRIER = "carrier"  # the other side could not be reached


class OfferEnd(StrEnum):
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"  # 久振未接
    REJECTED = "rejected"
    FAILED = "failed"  # the agent's telephone could not be reached
    CUSTOMER_GONE = "customer_gone"
    WITHDRAWN = "withdrawn"  # by the system: sign-out by a lead, a transfer elsewhere


class QueueEnd(StrEnum):
    ANSWERED = "answered"
    ABANDONED = "abandoned"  # 排队放弃
    TRANSFERRED = "transferred"
    OVERFLOWED = "overflowed"  # left by rule: full, closed, nobody signed in
    FAILED = "failed"


class SegmentEnd(StrEnum):
    CUSTOMER_LEFT = "customer_left"
    AGENT_LEFT = "agent_left"
    TRANSFERRED = "transferred"
    LOST = "lost"  # the agent's leg was lost: network, crash


@dataclass(frozen=True, slots=True)
class InteractionStarted:
    """``customer_ref`` refers to the other party's number (E.164 where it could be normalised)."""

    direction: Direction
    channel: str  # "voice"
    customer_leg: LegId
    customer_ref: str | None
    entry: str | None  # the company's own number that was called, or is shown
    came_by: str  # "trunk:<id>", "guest", "telephone:<id>", "direct", "desk"
    flow: int | None = None
    flow_version: int | None = None
    agent: int | None = None  # outbound: who dials
    codec: str = "alaw"
    trunk: int | None = None  # outbound: the way out


@dataclass(frozen=True, slots=True)
class NodeEntered:
    node: str
    kind: str


@dataclass(frozen=True, slots=True)
class DigitsCollected:
    """A menu's key stands here in clear; other digits only by reference, masked ones not at all."""

    node: str
    exit: str
    key: str | None = None
    digits_ref: str | None = None


@dataclass(frozen=True, slots=True)
class QueueEntered:
    queue: int
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offered:
    """``why`` is the decision record: candidates, what removed each, the rule and its version."""

    offer: OfferId
    agent: int
    leg: LegId
    expires_at: datetime
    why: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferEnded:
    offer: OfferId
    agent: int
    outcome: OfferEnd
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class QueueLeft:
    queue: int
    outcome: QueueEnd


@dataclass(frozen=True, slots=True)
class DialStarted:
    """A party is being rung: ``party`` is "agent", "customer" or "outside" (the target of a transfer)."""

    party: str
    leg: LegId
    agent: int | None = None
    number_ref: str | None = None
    trunk: int | None = None


@dataclass(frozen=True, slots=True)
class DialEnded:
    party: str
    leg: LegId
    answered: bool
    cause: str | None = None  # "busy", "no_answer", "refused", "congestion", "trunk_failed", "cancelled"


@dataclass(frozen=True, slots=True)
class SegmentStarted:
    """An agent and the customer can hear each other from here."""

    segment: int
    agent: int
    leg: LegId


@dataclass(frozen=True, slots=True)
class SegmentEnded:
    segment: int
    agent: int
    outcome: SegmentEnd


@dataclass(frozen=True, slots=True)
class HoldStarted:
    agent: int
    by: str = "agent"  # or "system": the desk was lost


@dataclass(frozen=True, slots=True)
class HoldEnded:
    agent: int


@dataclass(frozen=True, slots=True)
class TransferStarted:
    """Blind transfer. ``kind``: "agent", "queue" or "number"; a number stands by reference."""

    kind: str
    by_agent: int
    target: int | None = None
    number_ref: str | None = None


@dataclass(frozen=True, slots=True)
class TransferFailed:
    kind: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    recording: str
    leg: LegId


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    recording: str


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class InteractionEnded:
    by: EndedBy
    reason: str  # "hangup", "flow", "no_agents", "closed", "refused", "busy", "no_answer", "fault", ...


@dataclass(frozen=True, slots=True)
class AgentLegLost:
    """The agent's telephone was lost in mid-call (network, reload, crash); the customer hears hold music."""

    agent: int
    leg: LegId


@dataclass(frozen=True, slots=True)
class AgentLegBack:
    """The agent's telephone is connected to the customer again, by a new leg."""

    agent: int
    leg: LegId


InteractionEvent = (
    InteractionStarted
    | NodeEntered
    | DigitsCollected
    | QueueEntered
    | Offered
    | OfferEnded
    | QueueLeft
    | DialStarted
    | DialEnded
    | SegmentStarted
    | SegmentEnded
    | HoldStarted
    | HoldEnded
    | TransferStarted
    | TransferFailed
    | RecordingStarted
    | RecordingEnded
    | RecordingFailed
    | InteractionEnded
    | AgentLegLost
    | AgentLegBack
)


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

    def resumed(self, at: datetime) -> OpenSegment:
        """Return the segment with its hold ended at ``at``."""
        if self.held_since is None:
            return self
        return replace(self, held_since=None, hold_s=self.hold_s + (at - self.held_since).total_seconds())


@dataclass(frozen=True, slots=True)
class Interaction:
    """The state of one contact, as rebuilt from its events."""

    id: InteractionId
    phase: Phase = Phase.FLOW
    direction: Direction = Direction.INBOUND
    channel: str = "voice"
    customer_leg: LegId = ""
    customer_ref: str | None = None
    entry: str | None = None
    came_by: str = ""
    codec: str = "alaw"
    flow: int | None = None
    flow_version: int | None = None
    node: str | None = None
    path: tuple[str, ...] = ()  # menu keys pressed, in order
    queue: int | None = None
    last_queue: int | None = None
    queued_at: datetime | None = None
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    offer: OpenOffer | None = None
    refused_by: frozenset[int] = frozenset()  # agents who let it ring or refused, in this queue stay
    dialling: DialStarted | None = None
    agent: int | None = None  # outbound: who dialled
    agent_leg: LegId | None = None  # outbound: the agent's own telephone, once it is connected
    trunk: int | None = None
    segment: OpenSegment | None = None
    segments: int = 0
    last_agent: int | None = None  # of the newest segment
    legs: int = 0  # legs made by us so far; the next one's id is derived from it
    outside_leg: LegId | None = None  # a transfer's target outside the company
    recording: str | None = None
    transfer: TransferStarted | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    end_reason: str | None = None


def apply(state: Interaction, event: InteractionEvent, at: datetime) -> Interaction:  # noqa: C901, PLR0911, PLR0912 - one arm an event
    """Return the contact after ``event`` at ``at``. Never decides; unknown events cannot occur (typed)."""
    match event:
        case InteractionStarted():
            return replace(
                state,
                phase=Phase.FLOW if event.direction is Direction.INBOUND else Phase.DIALLING,
                direction=event.direction,
                channel=event.channel,
                customer_leg=event.customer_leg,
                customer_ref=event.customer_ref,
                entry=event.entry,
                came_by=event.came_by,
                codec=event.codec,
                flow=event.flow,
                flow_version=event.flow_version,
                agent=event.agent,
                trunk=event.trunk,
                started_at=at,
            )
        case NodeEntered():
            return replace(state, phase=Phase.FLOW, node=event.node)
        case DigitsCollected():
            return replace(state, path=(*state.path, event.key)) if event.key else state
        case QueueEntered():
            return replace(
                state,
                phase=Phase.WAITING,
                queue=event.queue,
                last_queue=event.queue,
                queued_at=at,
                priority=event.priority,
                skills=event.skills,
                refused_by=frozenset(),
                transfer=None,
            )
        case Offered():
            offer = OpenOffer(event.offer, event.agent, event.leg, at, event.expires_at)
            return replace(state, phase=Phase.OFFERED, offer=offer, legs=state.legs + 1)
        case OfferEnded():
            refused = state.refused_by
            if event.outcome in (OfferEnd.NO_ANSWER, OfferEnd.REJECTED, OfferEnd.FAILED):
                refused = refused | {event.agent}
            return replace(state, phase=Phase.WAITING, offer=None, refused_by=refused)
        case QueueLeft():
            return replace(state, queue=state.queue if event.outcome is QueueEnd.ANSWERED else None, queued_at=None)
        case DialStarted():
            outside = event.leg if event.party == "outside" else state.outside_leg
            return replace(state, dialling=event, legs=state.legs + 1, outside_leg=outside)
        case DialEnded():
            outside = None if event.party == "outside" and not event.answered else state.outside_leg
            agent_leg = event.leg if event.party == "agent" and event.answered else state.agent_leg
            return replace(state, dialling=None, outside_leg=outside, agent_leg=agent_leg)
        case SegmentStarted():
            return replace(
                state,
                phase=Phase.TALKING,
                segment=OpenSegment(event.segment, event.agent, event.leg, at),
                segments=event.segment,
                last_agent=event.agent,
                answered_at=state.answered_at or at,
                transfer=None,
            )
        case SegmentEnded():
            return replace(state, segment=None)
        case HoldStarted():
            segment = replace(state.segment, held_since=at) if state.segment else None
            return replace(state, phase=Phase.HELD, segment=segment)
        case HoldEnded():
            segment = state.segment.resumed(at) if state.segment else None
            return replace(state, phase=Phase.TALKING, segment=segment)
        case TransferStarted():
            return replace(state, phase=Phase.TRANSFERRING, transfer=event)
        case TransferFailed():
            return replace(state, transfer=None)
        case RecordingStarted():
            return replace(state, recording=event.recording)
        case RecordingEnded() | RecordingFailed():
            return replace(state, recording=None)
        case InteractionEnded():
            return replace(
                state,
                phase=Phase.ENDED,
                ended_at=at,
                ended_by=event.by,
                end_reason=event.reason,
                segment=None,
                offer=None,
            )
        case AgentLegLost():
            segment = (
                replace(state.segment, leg="", held_since=state.segment.held_since or at) if state.segment else None
            )
            return replace(state, phase=Phase.HELD, segment=segment)
        case AgentLegBack():
            segment = replace(state.segment.resumed(at), leg=event.leg) if state.segment else None
            return replace(state, phase=Phase.TALKING, segment=segment)
