"""What state an agent is in: the states, the events that change them, and the rules of change.

Pure: no clock, no I/O. Instants are aware datetimes passed in by the caller. The Chinese word of each
state, as the desk shows it, stands in docs/glossary.md and in the front end's locale files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhiyin.domain.replacing import replace
from zhiyin.domain.rests import Rest, RestStage
from zhiyin.domain.wrap_up import WrapUpWork


class AgentState(StrEnum):
    """The one state an agent is in at any instant; each is timed in the log."""

    LOGGED_OUT = "logged_out"  # 离线
    NOT_READY = "not_ready"  # 示忙, with a reason
    REST = "rest"  # 小休, with a reason
    READY = "ready"  # 空闲
    RESERVED = "reserved"  # 预占: an offer is being set up
    ALERTING = "alerting"  # 振铃
    DIALLING = "dialling"  # 呼叫中: an outbound call of the agent's own is being set up
    TALKING = "talking"  # 通话中
    HOLD = "hold"  # 保持
    CONSULTING = "consulting"  # 咨询中: with a second party on the line, or as the second party
    WRAP_UP = "wrap_up"  # 话后整理
    MONITORING = "monitoring"  # 监管中: beside a colleague's conversation
    LOST = "lost"  # 断线: the desk and its telephone are gone while signed in


#: States that the agent chooses; all others follow from the work.
CHOSEN = frozenset({AgentState.NOT_READY, AgentState.REST, AgentState.READY})
#: States during which a contact occupies the agent.
BUSY = frozenset(
    {
        AgentState.RESERVED,
        AgentState.ALERTING,
        AgentState.DIALLING,
        AgentState.TALKING,
        AgentState.HOLD,
        AgentState.CONSULTING,
        AgentState.WRAP_UP,
        AgentState.MONITORING,
    }
)
#: States in which a call that is an agent's own, or is coming to it, takes up the agent; after-call work does not.
ON_CALL = BUSY - {AgentState.WRAP_UP, AgentState.MONITORING}
SIGNED_IN = frozenset(AgentState) - {AgentState.LOGGED_OUT}

#: Reasons the system gives; all other reasons are the company's own data.
REASON_RING_NO_ANSWER = "ring_no_answer"
REASON_DEVICE_FAILED = "device_failed"
REASON_REJECTED = "rejected"
REASON_SIGNED_IN = "signed_in"
REASON_FORCED = "forced"
#: of who is ready again: a colleague who was rung too took the contact
REASON_ELSEWHERE = "answered_elsewhere"


@dataclass(frozen=True, slots=True)
class AgentStateChanged:
    """An agent went into ``state``; the state before ended at the same instant.

    ``reason`` is a code: of the company's not-ready reasons, or one of the system's above.
    ``interaction`` is the contact that occupies the agent, where one does.
    ``actor`` is the user who caused it; None means the system.
    ``until`` is the end of a state that is limited in time: wrap-up, a rest as planned, a pause after a missed offer.
    ``rest`` is the rest that the agent asked for, has, or was refused; ``wrap_up`` the after-call work that it is in,
    or may still take; ``missed`` how many offers in a row it let ring out.
    """

    agent: int
    state: AgentState
    reason: str | None = None
    interaction: str | None = None
    actor: int | None = None
    until: datetime | None = None
    #: what the agent chose to become once the contact is over
    next_state: AgentState | None = None
    next_reason: str | None = None
    #: where the state goes on: when it began
    since: datetime | None = None
    rest: Rest | None = None
    #: a lead, ``actor``, decided about it by this
    is_rest_answer: bool = False
    wrap_up: WrapUpWork | None = None
    missed: int = 0


AgentEvent = AgentStateChanged


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent's state as rebuilt from the events."""

    id: int
    state: AgentState = AgentState.LOGGED_OUT
    reason: str | None = None
    since: datetime | None = None
    interaction: str | None = None
    until: datetime | None = None
    next_state: AgentState | None = None
    next_reason: str | None = None
    #: when the agent last became idle, kept while it is ready or rung; decides "longest idle first"
    idle_since: datetime | None = None
    rest: Rest | None = None
    wrap_up: WrapUpWork | None = None
    missed: int = 0

    @property
    def is_signed_in(self) -> bool:
        return self.state is not AgentState.LOGGED_OUT

    @property
    def is_free(self) -> bool:
        return self.state is AgentState.READY


def apply(agent: Agent, event: AgentStateChanged, at: datetime) -> Agent:
    """Return the agent after ``event`` at ``at``. Never decides.

    A repeat of the state the agent is in (only ``next_state`` changed) keeps ``since``, which such an event says again:
    a start knows the newest event alone.
    """
    same = event.state is agent.state and event.reason == agent.reason and event.interaction == agent.interaction
    return replace(
        agent,
        state=event.state,
        reason=event.reason,
        since=event.since or (agent.since if same else at),
        interaction=event.interaction,
        until=event.until,
        next_state=event.next_state,
        next_reason=event.next_reason,
        idle_since=_idle_since(agent, event.state, at),
        rest=event.rest,
        wrap_up=event.wrap_up,
        missed=event.missed,
    )


def _idle_since(agent: Agent, state: AgentState, at: datetime) -> datetime | None:
    """Whose telephone rang in vain, by no fault of its own, has been idle since before."""
    match state:
        case AgentState.READY:
            return agent.idle_since or at
        case AgentState.ALERTING:
            return agent.idle_since
        case _:
            return None


def kept(agent: Agent, actor: int | None) -> AgentStateChanged:
    """Return an event that says again what the agent is; what changes beside the state is put into it."""
    return AgentStateChanged(
        agent=agent.id,
        state=agent.state,
        reason=agent.reason,
        interaction=agent.interaction,
        actor=actor,
        until=agent.until,
        next_state=agent.next_state,
        next_reason=agent.next_reason,
        since=agent.since,
        rest=agent.rest,
        wrap_up=agent.wrap_up,
        missed=agent.missed,
    )


def is_pause(agent: Agent) -> bool:
    """Whether the agent let offers ring out and is ready again by itself."""
    return agent.state is AgentState.NOT_READY and agent.reason == REASON_RING_NO_ANSWER and agent.until is not None


def rest_in(before: Agent, state: AgentState, reason: str | None, now: datetime) -> Rest | None:
    """Return what becomes of the agent's rest with this state: work interrupts one, a choice ends it."""
    rest = before.rest
    if state is AgentState.LOGGED_OUT:
        return None
    if state is AgentState.REST:
        return rest if rest is not None and rest.stage is RestStage.TAKEN else Rest(reason or "", RestStage.TAKEN, now)
    return None if rest is not None and rest.has_place and state in CHOSEN else rest


def wrap_up_in(before: Agent, state: AgentState, now: datetime) -> WrapUpWork | None:
    """Return the after-call work that may still be taken: a next contact ends that."""
    work = before.wrap_up
    is_open = work is not None and work.until is not None and now < work.until
    return work if is_open and state in CHOSEN else None


def missed_in(before: Agent, state: AgentState) -> int:
    """Return how many offers in a row are missed: a conversation, or signing out, ends the row."""
    return 0 if state in (AgentState.TALKING, AgentState.LOGGED_OUT) else before.missed
