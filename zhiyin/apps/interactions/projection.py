"""Folding the log into contacts, segments and agents' states.

What an event means is the domain's (``apply``, ``facts_of``, ``span_of``); here it only becomes rows. A batch is
folded in memory, then written; cursor and rows share one transaction, so each event counts exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

import msgspec

from zhiyin.apps.interactions.models import AgentStateSpan, Interaction, Recording, Segment
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.flows.requests import FAILED, LATE
from zhiyin.domain.interactions import (
    CallbackAgreed,
    Direction,
    InteractionEnded,
    InteractionEvent,
    InteractionStarted,
    Medium,
    MessageEnd,
    MessageEnded,
    NodeEntered,
    Offered,
    Phase,
    QueueEnd,
    QueueEntered,
    RecordingDelayed,
    RecordingEnded,
    RecordingFailed,
    RecordingStarted,
    RequestEnded,
    SegmentStarted,
    apply,
)
from zhiyin.domain.interactions import Interaction as Contact
from zhiyin.domain.metrics.facts import (
    ConsultedStay,
    ContactFact,
    Conversation,
    JudgedEstimate,
    MissedOffer,
    ParkedStay,
    QueueVisit,
    facts_of,
    span_of,
)
from zhiyin.domain.metrics.flow_traffic import is_caught_fault

#: how a stay in line is called by what stood there: nobody listens in the others, so they are no wait
_STAY = {
    Medium.VOICE: Segment.Kind.QUEUE,
    Medium.VOICEMAIL: Segment.Kind.MESSAGE,
    Medium.CALLBACK: Segment.Kind.CALLBACK,
}
CONTACT_EVENTS: tuple[type[Any], ...] = get_args(InteractionEvent)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log as the projector reads it."""

    tenant_id: int
    stream: str
    at: datetime
    event: Any

    @property
    def subject(self) -> str:
        """The contact or agent that the stream is about."""
        return self.stream.split(":", 2)[1]


@dataclass(slots=True)
class ContactFold:
    """One contact while a batch is folded into it."""

    row: Interaction
    contact: Contact
    segments: list[Segment]
    recordings: dict[str, Recording]
    is_new: bool = False

    @classmethod
    def load(cls, row: Interaction, segments: Sequence[Segment], recordings: Sequence[Recording]) -> ContactFold:
        contact = msgspec.convert(row.state or {"id": row.pk}, Contact)
        return cls(row, contact, list(segments), {recording.pk: recording for recording in recordings})

    @classmethod
    def begin(cls, logged: LoggedEvent) -> ContactFold:
        row = Interaction(
            tenant_id=logged.tenant_id,
            id=logged.subject,
            direction=Direction.INBOUND.value,
            channel="voice",
            started_at=logged.at,
        )
        return cls(row, Contact(logged.subject), [], {}, is_new=True)

    def fold(self, event: InteractionEvent, at: datetime) -> None:
        for fact in facts_of(self.contact, event, at):
            self._keep(fact)
        was_in_flow = self.row.flow_s is None and self.contact.phase is Phase.FLOW
        self.contact = apply(self.contact, event, at)
        if was_in_flow and self.contact.phase is not Phase.FLOW and self.row.flow_id is not None:
            self.row.flow_s = (at - self.row.started_at).total_seconds()
        match event:
            case InteractionStarted():
                self._start(event, at)
            case QueueEntered(queue=queue, medium=medium):
                self.row.queue_id = queue
                self.row.queued_at = self.row.queued_at or at
                self._open(_STAY[medium], at, queue_id=queue)
            case RequestEnded() | NodeEntered() if self.row.flow_s is None:
                self._count_trouble(event)
            case MessageEnded(outcome=MessageEnd.LEFT):
                self.row.channel = Medium.VOICEMAIL.value
            case CallbackAgreed():
                self.row.channel = Medium.CALLBACK.value
            case Offered(agent=agent) if self.row.caller_agent_id is not None and self.row.agent_id is None:
                self.row.agent_id = agent
            case SegmentStarted(segment=number, agent=agent):
                self.row.agent_id = agent if agent != self.row.caller_agent_id else self.row.agent_id
                self.row.answered_at = self.row.answered_at or at
                self._open(Segment.Kind.TALK, at, number=number, agent_id=agent, queue_id=self.contact.last_queue)
                self._give_message(agent)
            case RecordingStarted() | RecordingDelayed() | RecordingEnded() | RecordingFailed():
                self._record(event, at)
            case InteractionEnded(by=by, reason=reason):
                self.row.ended_at, self.row.ended_by, self.row.end_reason = at, by.value, reason[:40]
                self.row.outcome = self._outcome()
            case _:
                pass
        self.row.path = list(self.contact.path)
        self.row.data_refs = list(self.contact.data_refs)
        self.row.state = None if self.row.ended_at else msgspec.to_builtins(self.contact)

    def _count_trouble(self, event: RequestEnded | NodeEntered) -> None:
        if isinstance(event, NodeEntered):
            self.row.caught_faults += is_caught_fault(event)
        else:
            self.row.failed_requests += event.outcome in (FAILED, LATE)

    def _start(self, event: InteractionStarted, at: datetime) -> None:
        self.row.direction, self.row.channel = event.direction.value, event.channel
        self.row.customer_ref, self.row.entry = event.customer_ref, event.entry or ""
        self.row.came_by, self.row.started_at = event.came_by, at
        self.row.flow_id, self.row.entry_rule_id = event.flow, event.entry_rule
        self.row.entry_trial_id = event.entry_trial
        if event.direction is Direction.INTERNAL:
            self.row.caller_agent_id = event.agent
        else:
            self.row.agent_id = event.agent

    def _give_message(self, agent: int) -> None:
        """A message was recorded before anybody took it: it is heard by who works on it."""
        message = self.contact.message
        row = self.recordings.get(message.recording or "") if message is not None else None
        if row is not None:
            row.agent_id = agent

    def _record(
        self, event: RecordingStarted | RecordingDelayed | RecordingEnded | RecordingFailed, at: datetime
    ) -> None:
        row = self.recordings.get(event.recording)
        if row is None:
            row = self.recordings[event.recording] = Recording(
                tenant_id=self.row.tenant_id,
                id=event.recording,
                interaction_id=self.row.pk,
                agent_id=self.row.agent_id,
                queue_id=self.row.queue_id,
                started_at=at,
            )
        match event:
            case RecordingStarted():
                self.row.is_recorded = True
            case RecordingDelayed():
                row.started_at = at
            case RecordingEnded():
                row.ended_at = at
                if row.state == Recording.State.RECORDING.value:
                    row.state = Recording.State.PROCESSING.value
            case RecordingFailed(cause=cause):
                row.ended_at, row.state, row.cause = at, Recording.State.FAILED.value, cause[:100]

    def _keep(self, fact: ContactFact) -> None:
        match fact:
            case QueueVisit():
                self.row.wait_s += fact.wait_s if fact.medium is Medium.VOICE else 0.0
                self._close(_STAY[fact.medium], fact.left_at, fact.outcome.value)
            case JudgedEstimate():
                self._judge(fact)
            case Conversation():
                self.row.talk_s += fact.talk_s
                self.row.hold_s += fact.hold_s
                self._close(Segment.Kind.TALK, fact.ended_at, fact.outcome.value, hold_s=fact.hold_s)
            case MissedOffer():
                self._open(Segment.Kind.OFFER, fact.at, agent_id=fact.agent, queue_id=self.contact.queue)
                self._close(Segment.Kind.OFFER, fact.at, fact.outcome.value)
            case ConsultedStay():
                self.row.consult_s += fact.duration_s
                self._open(Segment.Kind.CONSULT, fact.started_at, agent_id=fact.agent)
                self._close(Segment.Kind.CONSULT, fact.ended_at, fact.outcome.value)
            case ParkedStay():
                self.row.parked_s += fact.duration_s
                self._open(Segment.Kind.PARK, fact.parked_at, agent_id=fact.by_agent)
                self._close(Segment.Kind.PARK, fact.ended_at, fact.outcome.value)

    def _open(self, kind: Segment.Kind, at: datetime, **fields: Any) -> None:
        segment = Segment(
            tenant_id=self.row.tenant_id, interaction_id=self.row.pk, kind=kind.value, started_at=at, **fields
        )
        self.segments.append(segment)

    def _close(self, kind: Segment.Kind, at: datetime, outcome: str, *, hold_s: float = 0.0) -> None:
        for segment in reversed(self.segments):
            if segment.kind == kind.value and segment.ended_at is None:
                segment.ended_at, segment.outcome, segment.hold_s = at, outcome, hold_s
                return

    def _judge(self, fact: JudgedEstimate) -> None:
        """Count a promise with the stay in which it was given: the one that was just closed."""
        stays = [segment for segment in self.segments if segment.kind == Segment.Kind.QUEUE.value]
        if stays:
            stays[-1].estimates += 1
            stays[-1].estimates_within_p50 += fact.is_within_p50
            stays[-1].estimates_within_p90 += fact.is_within_p90

    def _outcome(self) -> str:
        if self.row.answered_at is not None:
            return Interaction.Outcome.ANSWERED.value
        if self.row.direction != Direction.INBOUND.value:
            return Interaction.Outcome.NOT_REACHED.value
        ends = [segment.outcome for segment in self.segments if segment.kind == Segment.Kind.QUEUE.value]
        if not ends:
            return Interaction.Outcome.SELF_SERVICE.value
        if QueueEnd.ABANDONED.value in ends:
            return Interaction.Outcome.ABANDONED.value
        return Interaction.Outcome.OVERFLOWED.value


@dataclass(slots=True)
class AgentFold:
    """One agent while a batch is folded into the agent's states."""

    tenant_id: int
    agent: Agent
    open_span: AgentStateSpan | None
    closed: list[AgentStateSpan] = field(default_factory=list)
    #: seconds of wrap-up by contact
    wrap_up_s: dict[str, float] = field(default_factory=dict)

    @classmethod
    def load(cls, tenant_id: int, agent_id: int, span: AgentStateSpan | None) -> AgentFold:
        if span is None:
            return cls(tenant_id, Agent(agent_id), None)
        agent = Agent(
            agent_id,
            state=AgentState(span.state),
            reason=span.reason,
            since=span.started_at,
            interaction=span.interaction_id,
        )
        return cls(tenant_id, agent, span)

    def fold(self, event: AgentStateChanged, at: datetime) -> None:
        """Close the present stay and open the next; the repeat of a state (a new month's beginning) goes on."""
        ended = span_of(self.agent, event, at)
        if self.open_span is not None and ended is None:
            return
        if ended is not None and ended.state is AgentState.WRAP_UP and ended.interaction:
            self.wrap_up_s[ended.interaction] = self.wrap_up_s.get(ended.interaction, 0.0) + ended.duration_s
        if self.open_span is not None:
            self.open_span.ended_at = at
            self.closed.append(self.open_span)
        self.agent = Agent(event.agent, event.state, event.reason, at, event.interaction)
        self.open_span = None
        if event.state is not AgentState.LOGGED_OUT:
            self.open_span = AgentStateSpan(
                tenant_id=self.tenant_id,
                agent_id=event.agent,
                state=event.state.value,
                reason=event.reason,
                interaction_id=event.interaction,
                started_at=at,
                until_at=event.until if event.state is AgentState.REST else None,
            )
