"""From events to the facts that figures are made of. The board and the projector both come by here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.interactions import (
    ConsultEnd,
    ConsultEnded,
    Interaction,
    InteractionEvent,
    Medium,
    OfferEnd,
    OfferEnded,
    ParkEnd,
    ParkEnded,
    QueueEnd,
    QueueLeft,
    SegmentEnd,
    SegmentEnded,
)


@dataclass(frozen=True, slots=True)
class QueueVisit:
    """One stay of a contact in a queue's line, from entering it to leaving it."""

    interaction: str
    queue: int
    queued_at: datetime
    left_at: datetime
    outcome: QueueEnd
    medium: Medium = Medium.VOICE  # only where somebody listens is it a wait

    @property
    def wait_s(self) -> float:
        return (self.left_at - self.queued_at).total_seconds()


@dataclass(frozen=True, slots=True)
class JudgedEstimate:
    """A promised wait whose contact was answered ``waited_s`` after it."""

    queue: int
    p50_s: float
    p90_s: float
    waited_s: float
    queued_at: datetime

    @property
    def is_within_p50(self) -> bool:
        return self.waited_s <= self.p50_s

    @property
    def is_within_p90(self) -> bool:
        return self.waited_s <= self.p90_s


@dataclass(frozen=True, slots=True)
class Conversation:
    """One segment: an agent and a customer connected. ``hold_s`` is part of the span between the instants."""

    interaction: str
    segment: int
    agent: int
    queue: int | None
    started_at: datetime
    ended_at: datetime
    hold_s: float
    outcome: SegmentEnd

    @property
    def talk_s(self) -> float:
        """Talk time: connected, less on hold."""
        return (self.ended_at - self.started_at).total_seconds() - self.hold_s


@dataclass(frozen=True, slots=True)
class ConsultedStay:
    """An agent as second party, from its answer to the end; what follows a hand-over is a conversation of its own.

    For the customer, and for the agent who asked, the same time is hold (or, in a conference, talk).
    """

    interaction: str
    agent: int
    started_at: datetime
    ended_at: datetime
    outcome: ConsultEnd

    @property
    def duration_s(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class ParkedStay:
    """A customer's stay on a slot: neither hold nor a queue's wait, and nobody's working time."""

    interaction: str
    by_agent: int
    parked_at: datetime
    ended_at: datetime
    outcome: ParkEnd

    @property
    def duration_s(self) -> float:
        return (self.ended_at - self.parked_at).total_seconds()


@dataclass(frozen=True, slots=True)
class AgentSpan:
    """One stay of an agent in a state; ``until``: its planned end, of a rest."""

    agent: int
    state: AgentState
    reason: str | None
    interaction: str | None
    started_at: datetime
    ended_at: datetime
    until: datetime | None = None

    @property
    def is_overrun(self) -> bool:
        """Whether the planned end lies within; where a rest was interrupted, its last part alone is overrun."""
        return self.until is not None and self.started_at <= self.until < self.ended_at

    @property
    def duration_s(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class MissedOffer:
    """An offer that the agent let ring, refused, or could not be reached for."""

    interaction: str
    agent: int
    outcome: OfferEnd
    at: datetime


ContactFact = QueueVisit | JudgedEstimate | Conversation | MissedOffer | ConsultedStay | ParkedStay


def facts_of(before: Interaction, event: InteractionEvent, at: datetime) -> tuple[ContactFact, ...]:  # noqa: PLR0911 - one arm a fact
    """Return the facts that ``event`` completes; ``before`` is the contact as it was just before."""
    match event:
        case QueueLeft(queue=queue, outcome=outcome) if before.queued_at is not None:
            visit = QueueVisit(before.id, queue, before.queued_at, at, outcome, before.medium)
            return (visit, *_judged(before, at)) if _is_served(before, outcome) else (visit,)
        case SegmentEnded(outcome=outcome) if before.segment is not None:
            segment = before.segment
            hold_s = segment.hold_s
            if segment.held_since is not None:
                hold_s += (at - segment.held_since).total_seconds()
            return (
                Conversation(
                    before.id,
                    segment.segment,
                    segment.agent,
                    before.last_queue,
                    segment.started_at,
                    at,
                    hold_s,
                    outcome,
                ),
            )
        case OfferEnded(agent=agent, outcome=outcome) if outcome in _MISSED:
            return (MissedOffer(before.id, agent, outcome, at),)
        case ConsultEnded(outcome=outcome) if before.consult is not None:
            consult = before.consult
            if consult.agent is None or consult.answered_at is None:
                return ()
            return (ConsultedStay(before.id, consult.agent, consult.answered_at, at, outcome),)
        case ParkEnded(outcome=outcome) if before.parked is not None:
            return (ParkedStay(before.id, before.parked.by_agent, before.parked.parked_at, at, outcome),)
        case _:
            return ()


def _is_served(before: Interaction, outcome: QueueEnd) -> bool:
    return outcome is QueueEnd.ANSWERED and before.medium is Medium.VOICE


def _judged(before: Interaction, at: datetime) -> tuple[JudgedEstimate, ...]:
    """Judge what was promised in this stay, now that somebody has answered."""
    return tuple(
        JudgedEstimate(
            queue=given.estimate.queue,
            p50_s=given.estimate.p50_s,
            p90_s=given.estimate.p90_s,
            waited_s=(at - given.at).total_seconds(),
            queued_at=before.queued_at or given.at,
        )
        for given in before.stay.estimates
    )


_MISSED = frozenset({OfferEnd.NO_ANSWER, OfferEnd.REJECTED, OfferEnd.FAILED})


def span_of(before: Agent, event: AgentStateChanged, at: datetime) -> AgentSpan | None:
    """Return the stay that ``event`` ends, or None where the state goes on or the agent was logged out."""
    if before.since is None or before.state is AgentState.LOGGED_OUT:
        return None
    if (before.state, before.reason, before.interaction) == (event.state, event.reason, event.interaction):
        return None
    until = before.until if before.state is AgentState.REST else None
    return AgentSpan(before.id, before.state, before.reason, before.interaction, before.since, at, until)
