"""A contact's state, and how events rebuild it. What must happen next is decided in ``domain/calls/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.interactions.deferred import Callback, VoiceMessage, call_back, defer
from zhiyin.domain.interactions.deferred_events import (
    CallbackAgreed,
    CallbackEnded,
    CallbackPostponed,
    DeferredReassigned,
    Medium,
    MessageEnded,
    MessageInvited,
)
from zhiyin.domain.interactions.events import (
    AgentLegBack,
    AgentLegLost,
    DialEnded,
    DialStarted,
    DigitsCollected,
    Direction,
    EndedBy,
    HoldEnded,
    HoldStarted,
    InteractionEnded,
    InteractionEvent,
    InteractionId,
    InteractionStarted,
    LegId,
    MessageOrdered,
    NodeEntered,
    Offered,
    OfferEnded,
    Phase,
    QueueEntered,
    QueueLeft,
    RecordingDelayed,
    RecordingEnded,
    RecordingFailed,
    RecordingStarted,
    RequestEnded,
    RolesTurned,
    SegmentEnded,
    SegmentStarted,
    TransferFailed,
    TransferStarted,
)
from zhiyin.domain.interactions.flow_steps import stepped
from zhiyin.domain.interactions.handover_events import (
    ConferenceStarted,
    ConsultAnswered,
    ConsultEnded,
    ConsultStarted,
    DataAttached,
    Parked,
    ParkEnded,
)
from zhiyin.domain.interactions.handovers import (
    agent_lost,
    consulted,
    dialled_second_party,
    held,
    parked,
    transferred,
)
from zhiyin.domain.interactions.intervention_events import (
    Assigned,
    EndedWithMessage,
    PriorityChanged,
    Pulled,
    Requeued,
)
from zhiyin.domain.interactions.interventions import intervene
from zhiyin.domain.interactions.lines import lined_up
from zhiyin.domain.interactions.parties import Consultation, FailedHandover, OpenOffer, OpenSegment, ParkedCall
from zhiyin.domain.interactions.recorded import recorded
from zhiyin.domain.interactions.service_events import Consent, ConsentAnswered, LanguageSet, UtteranceHeard
from zhiyin.domain.interactions.sight_events import SightLost, SightRegained
from zhiyin.domain.interactions.supervision import (
    Disconnected,
    Monitor,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnded,
    MonitoringStarted,
    TakenOver,
    monitors_after,
)
from zhiyin.domain.interactions.survey_events import SurveyAnswered, SurveyStarted
from zhiyin.domain.interactions.waiting import OverflowTaken, Stay, WaitEstimated
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.classes import KnownCaller

_IN_NO_LINE = Stay()


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
    node_kind: str = ""
    node_since: datetime | None = None  # of the stay there: entered anew by the next engine, it goes on
    path: tuple[str, ...] = ()  # menu keys pressed, in order
    queue: int | None = None
    last_queue: int | None = None
    queued_at: datetime | None = None
    medium: Medium = Medium.VOICE  # what stood in the line last
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    stay: Stay = field(default_factory=Stay)  # in the queue's line
    offers: tuple[OpenOffer, ...] = ()  # several where the queue rings all, in the order of ringing
    refused_by: frozenset[int] = frozenset()  # agents who let it ring or refused, in this queue stay
    dialling: DialStarted | None = None
    agent: int | None = None  # outbound and internal: who dialled
    colleague: int | None = None  # internal: whose telephone the customer's leg is
    target_kind: str | None = None  # internal: what was dialled
    target: int | None = None
    agent_leg: LegId | None = None  # outbound: the agent's own telephone, once it is connected
    trunks: tuple[int, ...] = ()
    vip: bool = False
    caller: KnownCaller | None = None
    class_code: str = ""  # of the line it stands in, or stood in last
    preferred: tuple[int, ...] = ()  # agents for whom it is kept at first, and how long
    preferred_for_s: float = 0.0
    waits_for_away: bool = False
    trial: int | None = None  # changed rules on trial in the line, and by which it goes there
    arm: str = ""
    segment: OpenSegment | None = None
    segments: int = 0
    last_agent: int | None = None  # of the newest segment
    legs: int = 0  # legs made by us so far; the next one's id is derived from it
    outside_leg: LegId | None = None  # a transfer's target outside the company
    recording: str | None = None
    paused_recording: str | None = None  # what was recorded when something private began
    transfer: TransferStarted | None = None
    monitors: tuple[Monitor, ...] = ()
    take_overs: tuple[TakenOver, ...] = ()  # who lost the conversation to a supervisor, in order
    monitorings: int = 0  # telephones of supervisors rung so far; the next one's id is derived from it
    consult: Consultation | None = None
    parked: ParkedCall | None = None
    message: VoiceMessage | None = None
    callback: Callback | None = None
    survey: SurveyStarted | None = None  # the customer is asked, or was
    handed_by: int | None = None  # who handed it on last, and the note that went with it
    note_ref: str | None = None
    failed_handover: FailedHandover | None = None  # the last, until the customer is held, talked to or answered anew
    language: str = ""  # what the contact hears; "": the company's
    consent: Consent | None = None  # to being recorded, where it was asked
    answered: Mapping[str, int] = field(default_factory=dict)  # how many requests of each node of the flow were
    data_refs: tuple[str, ...] = ()  # attached data, oldest first; later values replace earlier ones
    unseen_since: datetime | None = None  # its Asterisk is out of sight; None: it is in sight
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    end_reason: str | None = None

    @property
    def offer(self) -> OpenOffer | None:
        """The first of the open offers."""
        return self.offers[0] if self.offers else None

    def offer_to(self, agent: int) -> OpenOffer | None:
        return next((offer for offer in self.offers if offer.agent == agent), None)

    def offer_on(self, leg: LegId) -> OpenOffer | None:
        return next((offer for offer in self.offers if offer.leg == leg), None)

    @property
    def is_deferred(self) -> bool:
        """Whether the contact goes on without the caller that it began with."""
        return self.callback is not None or (self.message is not None and self.message.is_left)

    @property
    def lacks_customer(self) -> bool:
        """Whether nobody stands on the customer's side: what was left behind waits, or an agent has it."""
        return self.is_deferred and (not self.customer_leg or self.rings_customer)

    @property
    def rings_customer(self) -> bool:
        """Whether the customer of a deferred contact is being called back now."""
        return self.is_deferred and self.dialling is not None and self.dialling.party == "customer"

    @property
    def rings_colleague(self) -> bool:
        """Whether it is meant for one colleague who has not answered yet."""
        return self.target_kind == "agent" and self.segments == 0

    def leg_of(self, agent: int) -> LegId | None:
        """Return the leg of an agent who talks, or is consulted; "" while its telephone is lost, None for no such."""
        if self.segment is not None and self.segment.agent == agent:
            return self.segment.leg
        if self.colleague == agent and self.phase is not Phase.DIALLING:
            return self.customer_leg
        return self.consult.leg if self.consult is not None and self.consult.agent == agent else None

    def agent_on(self, leg: LegId) -> int | None:
        """Return the agent whose leg it is, of those who talk or are consulted."""
        if self.segment is not None and (self.segment.leg == leg or (self.consult and self.consult.line == leg)):
            return self.segment.agent
        if self.colleague is not None and self.customer_leg == leg:
            return self.colleague
        return self.consult.agent if self.consult is not None and self.consult.leg == leg else None


def apply(state: Interaction, event: InteractionEvent, at: datetime) -> Interaction:  # noqa: C901, PLR0911, PLR0912 - one arm a part of the state
    """Return the contact after ``event`` at ``at``. Never decides; unknown events cannot occur (typed)."""
    match event:
        case (
            NodeEntered()
            | DigitsCollected()
            | LanguageSet()
            | ConsentAnswered()
            | RequestEnded()
            | MessageOrdered()
            | SurveyStarted()
        ):
            return stepped(state, event, at)
        case QueueEntered() | WaitEstimated() | OverflowTaken() | Offered() | OfferEnded() | QueueLeft():
            return lined_up(state, event, at)
        case DialStarted() | DialEnded():
            return _dialled(state, event)
        case SegmentStarted() | SegmentEnded() | AgentLegBack() | RolesTurned():
            return _talked(state, event, at)
        case RecordingStarted() | RecordingDelayed() | RecordingEnded() | RecordingFailed():
            return recorded(state, event, at)
        case HoldStarted() | HoldEnded():
            return held(state, event, at)
        case TransferStarted() | TransferFailed():
            return transferred(state, event, at)
        case ConsultStarted() | ConsultAnswered() | ConferenceStarted() | ConsultEnded():
            return consulted(state, event, at)
        case Parked() | ParkEnded():
            return parked(state, event, at)
        case (
            MessageInvited()
            | MessageEnded()
            | CallbackAgreed()
            | CallbackPostponed()
            | CallbackEnded()
            | DeferredReassigned()
        ):
            return defer(state, event)
        case Requeued() | PriorityChanged() | Assigned() | Pulled() | EndedWithMessage():
            return intervene(state, event)
        case MonitoringStarted():
            monitors = monitors_after(state.monitors, event)
            return replace(state, monitors=monitors, monitorings=state.monitorings + 1)
        case TakenOver():
            return replace(state, take_overs=(*state.take_overs, event))
        case MonitoringAnswered() | MonitoringChanged() | MonitoringEnded() | Disconnected():
            return replace(state, monitors=monitors_after(state.monitors, event))
        case AgentLegLost():
            return agent_lost(state, at)
        case DataAttached():
            return replace(state, data_refs=(*state.data_refs, event.data_ref))
        case SightLost() | SightRegained():
            return replace(state, unseen_since=at if isinstance(event, SightLost) else None)
        case SurveyAnswered() | UtteranceHeard():
            return state
        case InteractionStarted():
            return _started(state, event, at)
        case InteractionEnded():
            return replace(
                state,
                phase=Phase.ENDED,
                ended_at=at,
                ended_by=event.by,
                end_reason=event.reason,
                segment=None,
                offers=(),
                monitors=(),
                unseen_since=None,
            )


def _started(state: Interaction, event: InteractionStarted, at: datetime) -> Interaction:
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
        colleague=event.agent if event.direction is Direction.INTERNAL else None,
        target_kind=event.target_kind,
        target=event.target,
        trunks=event.trunks,
        vip=event.vip,
        caller=event.caller,
        started_at=at,
    )


def _dialled(state: Interaction, event: DialStarted | DialEnded) -> Interaction:
    if event.party == "consulted":
        return dialled_second_party(state, event)
    if event.party == "customer" and state.is_deferred:
        return call_back(state, event)
    if isinstance(event, DialStarted):
        outside = event.leg if event.party == "outside" else state.outside_leg
        return replace(state, dialling=event, legs=state.legs + 1, outside_leg=outside)
    outside = None if event.party == "outside" and not event.answered else state.outside_leg
    agent_leg = event.leg if event.party == "agent" and event.answered else state.agent_leg
    return replace(state, dialling=None, outside_leg=outside, agent_leg=agent_leg)


def _talked(
    state: Interaction, event: SegmentStarted | SegmentEnded | AgentLegBack | RolesTurned, at: datetime
) -> Interaction:
    match event:
        case SegmentStarted():
            return replace(
                state,
                phase=Phase.TALKING,
                segment=OpenSegment(event.segment, event.agent, event.leg, at),
                segments=event.segment,
                last_agent=event.agent,
                stay=_IN_NO_LINE,
                answered_at=state.answered_at or at,
                transfer=None,
                failed_handover=None,
            )
        case SegmentEnded():
            return replace(state, segment=None)
        case RolesTurned():
            return replace(state, colleague=event.colleague, customer_leg=event.colleague_leg)
        case AgentLegBack():
            if state.segment is None:
                return state
            segment = replace(state.segment, leg=event.leg)
            if state.consult is not None and not state.consult.hears_customer:
                return replace(state, segment=segment)
            return replace(state, phase=Phase.TALKING, segment=segment.resumed(at))
