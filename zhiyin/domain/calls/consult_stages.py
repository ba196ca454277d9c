"""Who hears whom while a second party is beside the customer, and how that ends: let go, or handed over.

The customer's side is always told by the contact's phase (talking, or held with music); what a second party adds
stands in ``Interaction.consult``. After each change ``connect`` lets everybody hear what the stage says.
"""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import (
    AgentNow,
    FreeAgent,
    Join,
    LeaveLine,
    Part,
    StopRingback,
    StopTimer,
)
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import (
    ConsultEnd,
    ConsultEnded,
    ConsultStage,
    DialEnded,
    HoldEnded,
    LegId,
    OfferEnd,
    Phase,
    SegmentEnd,
)


def connect(turn: Turn) -> None:
    """Let each party hear what the stage says; whoever has nobody hears music, and is apart before others join."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None:
        return
    customer, agent, party = turn.call.customer_leg, segment.leg, consulted.leg
    match consulted.stage:
        case ConsultStage.TALKING:
            together, apart = [line_of_agent(turn), party], [customer]
        case ConsultStage.SWAPPED:
            together, apart = [customer, agent], [party]
        case _:
            together, apart = [customer, agent, party], []
    if consulted.line is not None and agent:
        turn.do(Part(agent if consulted.stage is ConsultStage.TALKING else consulted.line))
    together = [leg for leg in together if leg]
    if len(together) == 1:
        apart, together = [*apart, *together], []
    for leg in apart:
        turn.play_music_apart(leg)
    for leg in together:
        turn.stop_music(leg)
    if together:
        turn.do(Join(tuple(together)))
    if agent:
        state = AgentState.TALKING if consulted.hears_customer else AgentState.CONSULTING
        turn.do(AgentNow(segment.agent, state))
    if consulted.agent is not None:
        is_joined = consulted.stage is ConsultStage.JOINED
        turn.do(AgentNow(consulted.agent, AgentState.TALKING if is_joined else AgentState.CONSULTING))


def back_to_customer(turn: Turn) -> None:
    """Connect customer and agent again, unless the agent's telephone itself holds: then its key does."""
    segment = turn.call.segment
    if segment is None or turn.call.phase is not Phase.HELD or segment.held_by == "telephone":
        return
    turn.be_quiet()
    turn.record(HoldEnded(segment.agent))
    turn.do(AgentNow(segment.agent, AgentState.TALKING), Join((turn.call.customer_leg, segment.leg)))


def let_go(turn: Turn, outcome: ConsultEnd, cause: str | None = None) -> None:
    """End the consulting, however far it came. A customer on hold stays there until the agent takes it back."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None:
        return
    turn.drop_offers(OfferEnd.WITHDRAWN)
    _stop_dialling(turn)
    turn.hang_up(consulted.leg)
    turn.hang_up(consulted.line or "")
    turn.do(LeaveLine(), StopTimer("consult"))
    if consulted.agent is not None:
        turn.do(FreeAgent(consulted.agent, 0))
    turn.record(ConsultEnded(outcome, consulted.agent, cause))
    if segment is None:
        return
    if segment.leg and not consulted.is_answered and consulted.line is None:
        turn.do(StopRingback(segment.leg))
    if turn.call.phase is Phase.HELD:
        turn.play_music_apart(turn.call.customer_leg)
    else:
        turn.do(Join((turn.call.customer_leg, segment.leg)))
    if segment.leg:
        is_held = turn.call.phase is Phase.HELD
        turn.do(AgentNow(segment.agent, AgentState.HOLD if is_held else AgentState.TALKING))


def hand_over(turn: Turn, outcome: SegmentEnd, note_ref: str | None) -> None:
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None:
        return
    _stop_dialling(turn)
    turn.be_quiet()
    turn.stop_music(consulted.leg)
    turn.end_segment(outcome)
    turn.hang_up(consulted.line or "")
    turn.record(ConsultEnded(ConsultEnd.COMPLETED, consulted.agent, note_ref=note_ref))
    if consulted.agent is not None:
        turn.start_segment(consulted.agent, consulted.leg)
    else:
        turn.do(StopTimer("agent_back"), Join((turn.call.customer_leg, consulted.leg)))


def is_present(turn: Turn) -> bool:
    consulted = turn.call.consult
    return consulted is not None and consulted.is_answered and consulted.leg in turn.live.legs


def line_of_agent(turn: Turn) -> LegId:
    """Return by which leg the agent talks to the second party."""
    consulted, segment = turn.call.consult, turn.call.segment
    own = segment.leg if segment is not None else ""
    return (consulted.line if consulted is not None else None) or own


def _stop_dialling(turn: Turn) -> None:
    dialling = turn.call.consult.dialling if turn.call.consult else None
    if dialling is not None:
        turn.record(DialEnded("consulted", dialling.leg, answered=False, cause="cancelled"))
        turn.hang_up(dialling.leg, "cancelled")
