"""A contact's state, and how events rebuild it. What must happen next is decided in ``domain/calls/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.booking_reminders import REMINDER
from zhiyin.domain.flows.requests import ANSWERED
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
    OfferEnd,
    OfferEnded,
    Phase,
    QueueEnd,
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
from zhiyin.domain.interactions.parties import Consultation, FailedHandover, OpenOffer, OpenSegment, ParkedCall
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


def apply(state: Interaction, event: InteractionEvent, at: datetime) -> Interaction:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one arm an event
    """Return the contact after ``event`` at ``at``. Never decides; unknown events cannot occur (typed)."""
    match event:
        case ConsultStarted() | ConsultAnswered() | ConferenceStarted() | ConsultEnded():
            return consulted(state, event, at)
        case Parked() | ParkEnded():
            return parked(state, event, at)
        case DataAttached():
            return replace(state, data_refs=(*state.data_refs, event.data_ref))
        case DialStarted(party="consulted") | DialEnded(party="consulted"):
            return dialled_second_party(state, event)
        case (
            MessageInvited()
            | MessageEnded()
            | CallbackAgreed()
            | CallbackPostponed()
            | CallbackEnded()
            | DeferredReassigned()
        ):
            return defer(state, event)
        case DialStarted(party="customer") | DialEnded(party="customer") if state.is_deferred:
            return call_back(state, event)
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
                colleague=event.agent if event.direction is Direction.INTERNAL else None,
                target_kind=event.target_kind,
                target=event.target,
                trunks=event.trunks,
                vip=event.vip,
                caller=event.caller,
                started_at=at,
            )
        case NodeEntered():
            goes_on = not event.through and event.node == state.node
            since = state.node_since if goes_on else at
            return replace(
                state, phase=Phase.FLOW, node=event.node, node_kind=event.kind, node_since=since, stay=_IN_NO_LINE
            )
        case DigitsCollected():
            return replace(state, path=(*state.path, event.key)) if event.key else state
        case SurveyStarted():
            return replace(
                state, phase=Phase.FLOW, flow=event.flow, flow_version=event.flow_version, node=None, survey=event
            )
        case SurveyAnswered() | UtteranceHeard():
            return state
        case QueueEntered():
            return replace(
                state,
                phase=Phase.WAITING,
                queue=event.queue,
                last_queue=event.queue,
                queued_at=at,
                medium=event.medium,
                priority=event.priority,
                skills=event.skills,
                class_code=event.class_code,
                preferred=event.preferred,
                preferred_for_s=event.preferred_for_s,
                waits_for_away=event.waits_for_away,
                trial=event.trial,
                arm=event.arm,
                stay=state.stay.entered(event.since or at),
                refused_by=frozenset(),
                transfer=None,
            )
        case Offered():
            offer = OpenOffer(event.offer, event.agent, event.leg, at, event.expires_at)
            phase = Phase.OFFERED if state.consult is None else state.phase
            return replace(state, phase=phase, offers=(*state.offers, offer), legs=state.legs + 1)
        case OfferEnded():
            refused = state.refused_by
            if event.outcome in (OfferEnd.NO_ANSWER, OfferEnd.REJECTED, OfferEnd.FAILED):
                refused = refused | {event.agent}
            offers = tuple(offer for offer in state.offers if offer.offer != event.offer)
            phase = Phase.WAITING if state.consult is None and not offers else state.phase
            return replace(state, phase=phase, offers=offers, refused_by=refused)
        case LanguageSet(language=language):
            return replace(state, language=language)
        case ConsentAnswered(outcome=outcome):
            return replace(state, consent=outcome)
        case MessageOrdered(node=node):
            if node != REMINDER or state.callback is None:
                return state
            return replace(state, callback=replace(state.callback, is_reminded=True))
        case RequestEnded():
            if event.outcome not in ANSWERED:
                return state
            return replace(state, answered={**state.answered, event.node: state.answered.get(event.node, 0) + 1})
        case WaitEstimated() | OverflowTaken():
            return replace(state, stay=state.stay.after(event, at))
        case QueueLeft():
            queue = state.queue if event.outcome is QueueEnd.ANSWERED else None
            return replace(state, queue=queue, queued_at=None)
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
                stay=_IN_NO_LINE,
                answered_at=state.answered_at or at,
                transfer=None,
                failed_handover=None,
            )
        case SegmentEnded():
            return replace(state, segment=None)
        case HoldStarted() | HoldEnded():
            return held(state, event, at)
        case TransferStarted() | TransferFailed():
            return transferred(state, event, at)
        case RecordingStarted():
            message = state.message
            if state.phase is Phase.MESSAGE and message is not None:
                message = replace(message, recording=event.recording, began_at=at)
            return replace(state, recording=event.recording, paused_recording=None, message=message)
        case RecordingDelayed():
            if state.phase is not Phase.MESSAGE or state.message is None:
                return state
            return replace(state, message=replace(state.message, began_at=at))
        case RecordingEnded():
            return replace(state, recording=None, paused_recording=event.recording if event.pauses else None)
        case RecordingFailed():
            return replace(state, recording=None, paused_recording=None)
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
        case SightLost() | SightRegained():
            return replace(state, unseen_since=at if isinstance(event, SightLost) else None)
        case RolesTurned():
            return replace(state, colleague=event.colleague, customer_leg=event.colleague_leg)
        case AgentLegLost():
            return agent_lost(state, at)
        case AgentLegBack():
            if state.segment is None:
                return state
            segment = replace(state.segment, leg=event.leg)
            if state.consult is not None and not state.consult.hears_customer:
                return replace(state, segment=segment)
            return replace(state, phase=Phase.TALKING, segment=segment.resumed(at))
        case MonitoringStarted():
            monitors = monitors_after(state.monitors, event)
            return replace(state, monitors=monitors, monitorings=state.monitorings + 1)
        case MonitoringAnswered() | MonitoringChanged() | MonitoringEnded() | TakenOver() | Disconnected():
            return replace(state, monitors=monitors_after(state.monitors, event))
        case Requeued() | PriorityChanged() | Assigned() | Pulled() | EndedWithMessage():
            return intervene(state, event)
