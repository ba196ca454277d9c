"""A call between colleagues (内部通话): an agent calls another one, or a queue of the company's own.

Who calls stands in the customer's place, so that the rest goes as it does with a customer. Where it is the one in the
customer's place who holds, transfers or consults, the two change roles first. No customer takes part: it is counted
in nobody's contacts, and an agent who does not take it stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import queue_turns, talk_turns
from zhiyin.domain.calls.effects import (
    AgentNow,
    Answer,
    FreeAgent,
    RingAgent,
    RingUnanswered,
    StartRingback,
    StartTimer,
    StopRecording,
    StopRingback,
)
from zhiyin.domain.calls.inputs import (
    NOT_ASKED,
    Chosen,
    ColleagueDialAsked,
    ConsultAsked,
    DigitsAsked,
    HoldAsked,
    ParkAsked,
    Resumed,
    TransferAsked,
)
from zhiyin.domain.calls.turn import OWN_RING_S, Turn
from zhiyin.domain.interactions import (
    DialEnded,
    DialStarted,
    Direction,
    EndedBy,
    InteractionStarted,
    LegId,
    OfferEnd,
    OpenOffer,
    Phase,
    RecordingEnded,
    RolesTurned,
    SegmentEnd,
    SegmentEnded,
)

#: What only who leads the call may ask.
LEADING = (HoldAsked, DigitsAsked, TransferAsked, ConsultAsked, ParkAsked)

_BUSY, _NO_ANSWER, _REFUSED, _AWAY = "busy", "no_answer", "refused", "agent_unreachable"
_PROMPTS = {_NO_ANSWER: "number_no_answer", _REFUSED: "number_refused"}
_REASONS = {OfferEnd.NO_ANSWER: _NO_ANSWER, OfferEnd.REJECTED: _REFUSED}


def dial(turn: Turn, event: ColleagueDialAsked) -> None:
    """Ring the caller's own telephone; one that dialled by itself is there already."""
    leg = event.agent_leg or f"{turn.call.id}-c"
    turn.record(
        InteractionStarted(
            direction=Direction.INTERNAL,
            channel="voice",
            customer_leg=leg,
            customer_ref=None,
            entry=None,
            came_by="desk" if event.agent_leg is None else "telephone",
            agent=event.agent,
            codec=event.codec,
            target_kind=event.kind,
            target=event.target,
        )
    )
    turn.know_leg(leg)
    turn.record(DialStarted("agent", leg, agent=event.agent))
    turn.do(AgentNow(event.agent, AgentState.DIALLING))
    if event.agent_leg is None:
        turn.do(RingAgent(leg, event.agent, OWN_RING_S, offer=None))
        return
    turn.do(Answer(leg))
    caller_answered(turn, leg)


def caller_answered(turn: Turn, leg: LegId) -> None:
    """The caller's telephone is connected: into the queue, or to the colleague, who may have become busy."""
    turn.record(DialEnded("agent", leg, answered=True))
    target = turn.call.target or 0
    if turn.call.target_kind == "queue":
        queue_turns.enter_queue(turn, target, 0)
    elif not turn.rules.may_fetch(target):
        _end_unheard(turn, _BUSY)
    else:
        turn.do(StartRingback(leg))
        queue_turns.ring_agents(turn, (Chosen(target, {"rule": "dialled"}),), queue=None)


def answered(turn: Turn, leg: LegId) -> None:
    """The colleague took the call."""
    called = turn.call.target or 0
    turn.do(StopRingback(turn.call.customer_leg))
    turn.take_offer(leg)
    turn.start_segment(called, leg)


def refuse(turn: Turn, refused: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None:
    """The colleague did not take it, which is nobody's fault: it is free for contacts as it was before."""
    turn.end_offer(refused, outcome, cause)
    turn.do(FreeAgent(refused.agent, 0))
    _not_taken(turn, _REASONS.get(outcome, _AWAY))


def withdraw(turn: Turn, withdrawn: OpenOffer, *, was_asked: bool = True) -> None:
    """The colleague's page vanished while it rang, or Asterisk was not really asked to ring it."""
    turn.end_offer(withdrawn, OfferEnd.WITHDRAWN, "unreachable" if was_asked else NOT_ASKED)
    turn.do(FreeAgent(withdrawn.agent, 0) if was_asked else RingUnanswered(withdrawn.agent))
    _not_taken(turn, _AWAY)


def _not_taken(turn: Turn, reason: str) -> None:
    turn.do(StopRingback(turn.call.customer_leg))
    _end_unheard(turn, reason)


def _end_unheard(turn: Turn, reason: str) -> None:
    turn.say_last_words(turn.call.customer_leg, _PROMPTS.get(reason, "number_busy"))
    turn.end(EndedBy.COLLEAGUE, reason)


def party_gone(turn: Turn, leg: LegId, word: str) -> None:
    """The caller's own telephone did not answer, or hung up at once."""
    turn.record(DialEnded("agent", leg, answered=False, cause=word))
    turn.end(EndedBy.AGENT, _AWAY)


def lead_and(turn: Turn, agent: int, meet: Callable[[], None]) -> None:
    """Let the colleague in the customer's place lead, and meet what it asked; refused, all stays as it was."""
    call, live = turn.call, turn.live
    if not _lead(turn, agent):
        return
    meet()
    if turn.problem is not None:
        turn.take_back(call, live)


def _lead(turn: Turn, agent: int) -> bool:
    """Change the roles of the two; False, with the reason, where the other one is doing something with the call."""
    call, segment = turn.call, turn.call.segment
    if call.consult is not None:
        turn.problem = "consulting"
        return False
    if call.phase is not Phase.TALKING or segment is None or not segment.leg:
        turn.problem = "already_held" if call.phase is Phase.HELD else "not_connected"
        return False
    leg = call.customer_leg
    if call.recording is not None:
        turn.do(StopRecording(leg))
        turn.record(RecordingEnded(call.recording))
    turn.record(SegmentEnded(segment.segment, segment.agent, SegmentEnd.TURNED))
    turn.record(RolesTurned(agent, segment.agent, segment.leg))
    turn.start_segment(agent, leg)
    return True


def lose_colleague(turn: Turn, agent: int, word: str) -> None:
    """A telephone was lost in mid-call: the other one hears music until it is back, whichever of the two it is."""
    if _lead(turn, agent):
        talk_turns.lose_agent(turn)
        return
    turn.problem = None
    turn.end(EndedBy.COLLEAGUE, word)


def call_colleague_back(turn: Turn, agent: int) -> None:
    """The telephone in the customer's place is a new one, that knows nothing of the call: ring it."""
    if _lead(turn, agent):
        talk_turns.call_agent_back(turn)
        return
    turn.problem = None
    turn.end(EndedBy.COLLEAGUE, "lost")


def resume_dialling(turn: Turn, event: Resumed) -> None:
    """Continue while the caller's own telephone is being rung."""
    leg = turn.call.customer_leg
    if leg not in event.legs:
        party_gone(turn, leg, "lost")
    elif leg in event.up:
        caller_answered(turn, leg)


def resume_ringing(turn: Turn, event: Resumed) -> None:
    """Continue while the colleague is being rung."""
    offer = turn.call.offer
    if offer is None:
        _end_unheard(turn, _AWAY)
    elif offer.leg in event.up:
        answered(turn, offer.leg)
    elif offer.leg in event.legs:
        left_s = max(1.0, (offer.expires_at - turn.now).total_seconds())
        turn.do(StartRingback(turn.call.customer_leg), StartTimer("offer", left_s))
    else:
        withdraw(turn, offer)
