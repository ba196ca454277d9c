"""A second party, and a telephone that is lost and comes back, or an engine that is new."""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import consult_party_turns, consult_stages, queue_turns, talk_turns
from zhiyin.domain.calls.effects import AgentNow, RingAgent, StartTimer, StopTimer
from zhiyin.domain.calls.inputs import Resumed
from zhiyin.domain.calls.turn import AGENT_BACK_S, OWN_RING_S, Turn
from zhiyin.domain.interactions import (
    AgentLegBack,
    AgentLegLost,
    ConsultEnd,
    DialEnded,
    DialStarted,
    LegId,
    SegmentEnd,
)


def lose_agent(turn: Turn) -> None:
    """The consulting agent's telephone is gone: who is left hears music until it is back; a conference goes on."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None or not segment.leg:
        return
    if not consulted.is_answered or consulted.line is not None:
        consult_stages.let_go(turn, ConsultEnd.CANCELLED, "agent_lost")
        talk_turns.lose_agent(turn)
        return
    turn.record(AgentLegLost(segment.agent, segment.leg))
    turn.hang_up(segment.leg)
    turn.do(AgentNow(segment.agent, AgentState.LOST), StartTimer("agent_back", AGENT_BACK_S))
    consult_stages.connect(turn)


def agent_is_back(turn: Turn, leg: LegId) -> None:
    """The consulting agent's telephone is connected again, with whom it was before."""
    segment = turn.call.segment
    if segment is None:
        turn.hang_up(leg)
        return
    turn.record(DialEnded("agent", leg, answered=True))
    turn.record(AgentLegBack(segment.agent, leg))
    turn.do(StopTimer("agent_back"))
    consult_stages.connect(turn)


def agent_stays_away(turn: Turn) -> None:
    """The consulting agent's telephone did not come back: whoever is on the line takes the customer over."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None or segment.leg:
        return
    talk_turns.stop_calling_back(turn)
    if consult_stages.is_present(turn):
        consult_stages.hand_over(turn, SegmentEnd.LOST, consulted.note_ref)
        return
    turn.end_segment(SegmentEnd.LOST)
    consult_stages.let_go(turn, ConsultEnd.LOST)
    queue_turns.fall_back(turn)


def call_party_back(turn: Turn) -> None:
    """A consulted agent's page is a new one: ring it; it answers by itself."""
    consulted = turn.call.consult
    if consulted is None or not consulted.is_answered or consulted.agent is None or consulted.dialling is not None:
        return
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("consulted", leg, agent=consulted.agent))
    turn.hang_up(consulted.leg)
    turn.do(RingAgent(leg, consulted.agent, OWN_RING_S, offer=None))


def resume(turn: Turn, event: Resumed) -> None:
    """Continue with a second party where the old engine's events left it."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None:
        return
    if consulted.line is not None and consulted.line not in event.legs:
        consult_stages.let_go(turn, ConsultEnd.CANCELLED)
        consult_stages.back_to_customer(turn)
        return
    if not segment.leg:
        turn.do(AgentNow(segment.agent, AgentState.LOST), StartTimer("agent_back", AGENT_BACK_S))
    if consulted.dialling is not None and consulted.dialling.leg in event.up:
        consult_party_turns.party_answered(turn, consulted.dialling.leg)
        return
    if consulted.is_answered:
        if consulted.dialling is not None and consulted.dialling.leg not in event.legs:
            consult_party_turns.dial_ended(turn, "lost")
        elif consulted.dialling is None and not consult_stages.is_present(turn):
            consult_party_turns.party_left(turn, "lost", is_lost=True)
        consult_stages.connect(turn)
        return
    turn.do(AgentNow(segment.agent, AgentState.CONSULTING))
    consult_party_turns.wait_for_party(turn)
    if consulted.kind != "number":
        _resume_offer(turn, event)
    elif consulted.dialling is None:
        consult_party_turns.seek(turn)
    elif consulted.dialling.leg not in event.legs:
        consult_party_turns.dial_ended(turn, "lost")


def _resume_offer(turn: Turn, event: Resumed) -> None:
    consulted, asked = turn.call.consult, turn.call.offers
    if consulted is None:
        return
    up = next((offer.leg for offer in asked if offer.leg in event.up), None)
    if up is not None:
        consult_party_turns.answered(turn, up)
        return
    consult_party_turns.seek(turn)
    for offer in asked:
        if offer.leg not in event.legs:
            consult_party_turns.withdraw(turn, offer)
    turn.time_offers(at_least_s=1.0)
