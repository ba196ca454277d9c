"""A contact's state, and how events rebuild it. What must happen next is decided in ``domain/calls/``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

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
    NodeEntered,
    Offered,
    OfferEnd,
    OfferEnded,
    OfferId,
    Phase,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RecordingEnded,
    RecordingFailed,
    RecordingStarted,
    SegmentEnded,
    SegmentStarted,
    TransferFailed,
    TransferStarted,
)
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
    trunks: tuple[int, ...] = ()
    segment: OpenSegment | None = None
    segments: int = 0
    last_agent: int | None = None  # of the newest segment
    legs: int = 0  # legs made by us so far; the next one's id is derived from it
    outside_leg: LegId | None = None  # a transfer's target outside the company
    recording: str | None = None
    transfer: TransferStarted | None = None
    monitors: tuple[Monitor, ...] = ()
    monitorings: int = 0  # telephones of supervisors rung so far; the next one's id is derived from it
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
                trunks=event.trunks,
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
            segment = replace(state.segment, held_since=at, held_by=event.by) if state.segment else None
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
                monitors=(),
            )
        case AgentLegLost():
            segment = (
                replace(state.segment, leg="", held_since=state.segment.held_since or at) if state.segment else None
            )
            return replace(state, phase=Phase.HELD, segment=segment)
        case AgentLegBack():
            segment = replace(state.segment.resumed(at), leg=event.leg) if state.segment else None
            return replace(state, phase=Phase.TALKING, segment=segment)
        case MonitoringStarted():
            monitors = monitors_after(state.monitors, event)
            return replace(state, monitors=monitors, monitorings=state.monitorings + 1)
        case MonitoringAnswered() | MonitoringChanged() | MonitoringEnded() | TakenOver() | Disconnected():
            return replace(state, monitors=monitors_after(state.monitors, event))
