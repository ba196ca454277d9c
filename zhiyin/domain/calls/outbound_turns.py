"""A call that an agent makes: first the agent's own telephone, then the number."""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import (
    AgentNow,
    Answer,
    FreeAgent,
    RingAgent,
    RingNumber,
    StartRingback,
    StopRingback,
)
from zhiyin.domain.calls.inputs import DialAsked
from zhiyin.domain.calls.turn import NUMBER_RING_S, OWN_RING_S, Turn
from zhiyin.domain.interactions import (
    DialEnded,
    DialStarted,
    Direction,
    EndedBy,
    InteractionStarted,
    LegId,
)

#: What the agent hears when the number could not be reached, by cause.
CAUSE_PROMPTS = {
    "busy": "number_busy",
    "no_answer": "number_no_answer",
    "refused": "number_refused",
    "unknown_number": "number_unknown",
}


def dial(turn: Turn, event: DialAsked) -> None:
    """Start the call; the customer's leg gets its id here, so that nothing is dialled twice."""
    turn.record(
        InteractionStarted(
            direction=Direction.OUTBOUND,
            channel="voice",
            customer_leg=f"{turn.call.id}-c",
            customer_ref=event.number_ref,
            entry=event.entry,
            came_by="desk" if event.agent_leg is None else "telephone",
            agent=event.agent,
            codec=event.codec,
            trunks=event.trunks,
            overridden_list=event.overridden_list,
        )
    )
    turn.do(AgentNow(event.agent, AgentState.DIALLING))
    if event.agent_leg is not None:
        turn.know_leg(event.agent_leg)
        turn.record(DialStarted("agent", event.agent_leg, agent=event.agent))
        turn.do(Answer(event.agent_leg))
        agent_answered(turn, event.agent_leg)
        return
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("agent", leg, agent=event.agent))
    turn.do(RingAgent(leg, event.agent, OWN_RING_S, offer=None))


def agent_answered(turn: Turn, leg: LegId) -> None:
    """The agent's own telephone is connected: ring the number."""
    turn.record(DialEnded("agent", leg, answered=True))
    turn.do(StartRingback(leg))
    ring_customer(turn, turn.call.trunks[0] if turn.call.trunks else 0)


def ring_customer(turn: Turn, trunk: int) -> None:
    """Ring the number by this trunk; the leg's name stays, the one before it is gone."""
    leg, number_ref = turn.call.customer_leg, turn.call.customer_ref or ""
    turn.know_leg(leg)
    turn.record(DialStarted("customer", leg, number_ref=number_ref, trunk=trunk))
    turn.do(RingNumber(leg, number_ref, trunk, NUMBER_RING_S))


def customer_answered(turn: Turn) -> None:
    leg = turn.call.agent_leg or ""
    turn.record(DialEnded("customer", turn.call.customer_leg, answered=True))
    turn.do(StopRingback(leg))
    turn.start_segment(turn.call.agent or 0, leg)


def party_gone(turn: Turn, leg: LegId, word: str) -> None:
    """One of the two legs ended before they were connected."""
    dialling = turn.call.dialling
    if dialling is None or turn.call.agent is None:
        turn.end(EndedBy.SYSTEM, "fault")
        return
    agent = turn.call.agent
    if leg == turn.call.customer_leg:
        cause = "trunk_failed" if word in ("unreachable", "congestion") else word
        turn.record(DialEnded("customer", leg, answered=False, cause=cause))
        others = turn.call.trunks[turn.call.trunks.index(dialling.trunk) + 1 :] if dialling.trunk else ()
        if cause == "trunk_failed" and others and turn.call.agent_leg in turn.live.legs:
            ring_customer(turn, others[0])
            return
        if turn.call.agent_leg is not None:
            turn.do(StopRingback(turn.call.agent_leg))
            turn.say_last_words(turn.call.agent_leg, CAUSE_PROMPTS.get(cause, "trunk_failed"))
        turn.end(EndedBy.CARRIER, cause)
    else:
        cause = "agent_unreachable" if dialling.party == "agent" else "cancelled"
        turn.record(DialEnded(dialling.party, dialling.leg, answered=False, cause=cause))
        turn.end(EndedBy.AGENT, cause)
    turn.do(FreeAgent(agent, 0))


def cancel(turn: Turn, agent: int, *, by: EndedBy = EndedBy.AGENT, reason: str = "cancelled") -> None:
    """The agent, or somebody for the agent, gave up before the other side answered."""
    dialling = turn.call.dialling
    if dialling is not None:
        turn.record(DialEnded(dialling.party, dialling.leg, answered=False, cause="cancelled"))
    turn.end(by, reason)
    turn.do(FreeAgent(agent, 0))
