"""What can happen to a contact: its events. Personal data never stand in one, only references (``..._ref``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zhiyin.domain.interactions.deferred_events import DeferredEvent, Medium
from zhiyin.domain.interactions.handover_events import HandoverEvent
from zhiyin.domain.interactions.intervention_events import InterventionEvent
from zhiyin.domain.interactions.service_events import ServiceEvent
from zhiyin.domain.interactions.sight_events import SightEvent
from zhiyin.domain.interactions.supervision import (
    Disconnected,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnded,
    MonitoringStarted,
    TakenOver,
)
from zhiyin.domain.interactions.survey_events import SurveyEvent
from zhiyin.domain.interactions.waiting import OverflowTaken, WaitEstimated
from zhiyin.domain.routing.classes import KnownCaller

InteractionId = str
LegId = str
OfferId = str


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"  # 内部通话: one of ours calls a colleague or a queue; no customer


class Phase(StrEnum):
    """Where a contact stands."""

    FLOW = "flow"  # in automatic service
    WAITING = "waiting"  # in a queue, nobody offered
    OFFERED = "offered"  # in a queue, an agent is being rung
    DIALLING = "dialling"  # outbound: the agent's telephone, then the customer's, is being rung
    TALKING = "talking"
    HELD = "held"
    TRANSFERRING = "transferring"  # blind transfer to an outside number is ringing
    PARKED = "parked"  # 驻留: music until somebody fetches it
    MESSAGE = "message"  # 留言中: the caller is leaving a voice message
    POSTPONED = "postponed"  # 待回呼: nobody is on the line; called again later
    ENDED = "ended"


class EndedBy(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"  # the flow, a limit, a fault; the reason says which
    CARRIER = "carrier"  # the other side could not be reached
    SUPERVISOR = "supervisor"  # 强拆
    COLLEAGUE = "colleague"  # internal: who stands in the customer's place, or was called


class OfferEnd(StrEnum):
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"  # 久振未接
    REJECTED = "rejected"
    FAILED = "failed"  # the agent's telephone could not be reached
    ELSEWHERE = "elsewhere"  # 他人已接: another of those who were rung took it
    CUSTOMER_GONE = "customer_gone"
    WITHDRAWN = "withdrawn"  # by the system: sign-out by a lead, a transfer elsewhere


class QueueEnd(StrEnum):
    ANSWERED = "answered"
    ABANDONED = "abandoned"  # 排队放弃
    TRANSFERRED = "transferred"
    OVERFLOWED = "overflowed"  # left by rule: full, closed, nobody signed in
    VOICEMAIL = "voicemail"  # the caller leaves a message instead
    CALLBACK = "callback"  # the caller hangs up and is called back; the place stays
    POSTPONED = "postponed"  # a callback: later
    FAILED = "failed"


class SegmentEnd(StrEnum):
    CUSTOMER_LEFT = "customer_left"
    AGENT_LEFT = "agent_left"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    LOST = "lost"  # the agent's leg was lost: network, crash
    TAKEN_OVER = "taken_over"  # 拦截: a supervisor goes on in the agent's place
    DISCONNECTED = "disconnected"  # 强拆: a supervisor ended the contact
    COLLEAGUE_LEFT = "colleague_left"  # internal: who stood in the customer's place hung up
    TURNED = "turned"  # internal: the colleague leads the call from here
    NOT_REACHED = "not_reached"  # a callback: the customer did not answer
    DEFERRED = "deferred"  # the customer is called back later, or leaves a message


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
    agent: int | None = None  # outbound and internal: who dials
    codec: str = "alaw"
    trunks: tuple[int, ...] = ()  # outbound: the ways out, in the order in which they are tried
    target_kind: str | None = None  # internal: "agent" or "queue", and which
    target: int | None = None
    vip: bool = False  # the caller stands on the VIP list
    overridden_list: str | None = None  # outbound: dialled though it stands on this list
    caller: KnownCaller | None = None  # inbound: what routing knows of the caller, where anything
    entry_rule: int | None = None  # inbound: the entry rule that chose the flow; None: it is the number's own
    entry_trial: int | None = None  # inbound: the first rule that fits, but for its share (domain/flows/entries.py)


@dataclass(frozen=True, slots=True)
class NodeEntered:
    """``through``: the exit by which the node before was left; "" at the first, and where it is entered anew."""

    node: str
    kind: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class MessageOrdered:
    """A node of the flow has a message sent by an external service: to whom and what stands behind ``message_ref``."""

    node: str
    service: int
    message_ref: str


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """What a node had asked outside came to its end. ``request`` and ``outcome`` as in ``domain/flows/requests.py``;
    ``cause``: a code that says why it failed; ``service``: which external service was asked, where it was one."""

    node: str
    request: str
    outcome: str
    cause: str = ""
    service: int | None = None


@dataclass(frozen=True, slots=True)
class DigitsCollected:
    """A menu's key stands here in clear; other digits only by reference, masked ones not at all."""

    node: str
    exit: str
    key: str | None = None
    digits_ref: str | None = None


@dataclass(frozen=True, slots=True)
class QueueEntered:
    """``class_code``: the contact's class; ``preferred``: agents for whom it is kept at first, so long at most
    (``waits_for_away``: while they are not ready, too).

    ``since``: since when its place counts, where it has waited before: in another queue, or to be called back.
    ``trial``: changed rules that are on trial in this line, ``arm`` by which it goes ("draft" or "present").
    """

    queue: int
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    class_code: str = ""
    preferred: tuple[int, ...] = ()
    preferred_for_s: float = 0.0
    since: datetime | None = None
    medium: Medium = Medium.VOICE
    trial: int | None = None
    arm: str = ""
    waits_for_away: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """``why`` is the decision record: candidates, what removed each, the rule and its version.

    Of a queue that rings all (同振) several are open at once, one an agent; the first who answers has the contact.
    """

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
    """A party is being rung: ``party`` is "agent", "customer", "outside" (the target of a transfer) or "consulted".

    Of a contact without its caller, the customer's leg is this one from here.
    """

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
    by: str = "agent"  # by the desk; "telephone": by the hold key of the agent's own telephone; "consult"


@dataclass(frozen=True, slots=True)
class HoldEnded:
    agent: int


@dataclass(frozen=True, slots=True)
class TransferStarted:
    """Blind transfer. ``kind``: "agent", "queue" or "number"; numbers and notes stand by reference."""

    kind: str
    by_agent: int | None  # None: by the flow
    target: int | None = None
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    note_ref: str | None = None
    ring_s: int = 60  # a number: so long at most


@dataclass(frozen=True, slots=True)
class TransferFailed:
    kind: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    recording: str
    leg: LegId


@dataclass(frozen=True, slots=True)
class RecordingDelayed:
    """What started begins only now, or up to ``within_s`` seconds before: Asterisk could not be asked sooner."""

    recording: str
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """``pauses``: it goes on, as a recording of its own, as soon as nothing private is said any more."""

    recording: str
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class InteractionEnded:
    """``within_s``: how exact its instant is, where the end was found out late; 0: it was heard as it came."""

    by: EndedBy
    reason: str  # "hangup", "flow", "no_agents", "closed", "refused", "busy", "no_answer", "fault", ...
    within_s: float = 0.0


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


@dataclass(frozen=True, slots=True)
class RolesTurned:
    """Internal: ``agent`` leads the call from here, and ``colleague`` stands in the customer's place.

    So whichever of the two holds, transfers or consults, it is done as with a customer.
    """

    agent: int
    colleague: int
    colleague_leg: LegId


InteractionEvent = (
    InteractionStarted
    | NodeEntered
    | RequestEnded
    | MessageOrdered
    | ServiceEvent
    | DigitsCollected
    | QueueEntered
    | WaitEstimated
    | OverflowTaken
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
    | RecordingDelayed
    | RecordingFailed
    | InteractionEnded
    | AgentLegLost
    | AgentLegBack
    | RolesTurned
    | MonitoringStarted
    | MonitoringAnswered
    | MonitoringChanged
    | MonitoringEnded
    | TakenOver
    | Disconnected
    | HandoverEvent
    | DeferredEvent
    | InterventionEvent
    | SurveyEvent
    | SightEvent
)
