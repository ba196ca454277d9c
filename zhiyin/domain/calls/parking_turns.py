"""驻留: a customer who hears music on a slot until somebody fetches the call, or it goes back by itself."""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import queue_turns, talk_turns
from zhiyin.domain.calls.effects import AgentNow, Answer, FreeAgent, JoinLine, RingAgent, StartTimer
from zhiyin.domain.calls.inputs import ParkAsked, Resumed, UnparkAsked
from zhiyin.domain.calls.turn import OWN_RING_S, Turn
from zhiyin.domain.interactions import (
    DialEnded,
    DialStarted,
    EndedBy,
    LegId,
    Parked,
    ParkEnd,
    ParkEnded,
    SegmentEnd,
    TransferStarted,
)

#: The company's slots begin here.
FIRST_SLOT = 701
#: What a telephone dials to fetch a parked call.
SLOTS = range(FIRST_SLOT, 800)
#: How long a call is parked before it goes back; and how often that is tried again while nobody could take it.
PARK_S = 120
PARK_AGAIN_S = 30
#: Nobody may wait longer than this without anybody to come back to.
PARK_AT_MOST_S = 1800


def park(turn: Turn, event: ParkAsked) -> None:
    """The customer hears music on the smallest free slot, the agent goes into after-call work."""
    segment = turn.call.segment
    if not talk_turns.talks(turn, event.agent) or segment is None:
        return
    if turn.call.consult is not None:
        turn.problem = "consulting"
        return
    if not segment.leg:
        turn.problem = "not_connected"
        return
    turn.end_segment(SegmentEnd.PARKED)
    turn.record(Parked(event.agent, turn.rules.free_slot(), event.note_ref))
    turn.do(StartTimer("park", PARK_S))
    turn.play_music_apart(turn.call.customer_leg)


def unpark(turn: Turn, event: UnparkAsked) -> None:
    """取回: ring the agent's telephone, or answer the one that dialled the slot; then it is connected."""
    if turn.call.parked is None:
        turn.problem = "nothing_parked"
        return
    if turn.call.dialling is not None:
        turn.problem = "being_fetched"
        return
    if not turn.rules.may_fetch(event.agent):
        turn.problem = "busy"
        return
    leg = event.leg or turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("agent", leg, agent=event.agent))
    turn.do(AgentNow(event.agent, AgentState.DIALLING))
    turn.do(RingAgent(leg, event.agent, OWN_RING_S, offer=None) if event.leg is None else Answer(leg))


def fetched(turn: Turn, leg: LegId) -> None:
    """The agent who fetches it is on the line."""
    parked, dialling = turn.call.parked, turn.call.dialling
    if parked is None or dialling is None or dialling.agent is None:
        turn.hang_up(leg)
        return
    turn.record(DialEnded("agent", leg, answered=True))
    turn.record(ParkEnded(parked.slot, ParkEnd.FETCHED, dialling.agent))
    turn.start_segment(dialling.agent, leg)


def not_fetched(turn: Turn, word: str) -> None:
    """The telephone of the agent who wanted it did not answer: the call stays parked."""
    dialling = turn.call.dialling
    if dialling is None or dialling.agent is None:
        return
    turn.record(DialEnded("agent", dialling.leg, answered=False, cause=word))
    turn.do(FreeAgent(dialling.agent, 0))


def timed_out(turn: Turn) -> None:
    """Nobody fetched it: back to who parked it if ready, else to the front of its last queue."""
    parked = turn.call.parked
    if parked is None:
        return
    if turn.call.dialling is not None:
        turn.do(StartTimer("park", OWN_RING_S))
        return
    queue = turn.call.last_queue
    if turn.rules.is_ready(parked.by_agent):
        turn.record(ParkEnded(parked.slot, ParkEnd.TIMED_OUT))
        turn.record(TransferStarted("agent", parked.by_agent, parked.by_agent, note_ref=turn.call.note_ref))
        turn.do(JoinLine(None, only_agent=parked.by_agent), StartTimer("dial", OWN_RING_S))
    elif queue is not None and queue_turns.why_not(turn, "queue", queue) is None:
        turn.record(ParkEnded(parked.slot, ParkEnd.TIMED_OUT))
        queue_turns.enter_queue(turn, queue, queue_turns.RETURN_PRIORITY)
    elif (turn.now - parked.parked_at).total_seconds() < PARK_AT_MOST_S:
        turn.do(StartTimer("park", PARK_AGAIN_S))
    else:
        turn.say_last_words(turn.call.customer_leg, queue_turns.TRANSFER_FAILED_PROMPT)
        turn.end(EndedBy.SYSTEM, "transfer_failed")


def resume(turn: Turn, event: Resumed) -> None:
    """Continue a parked call; a telephone that was being rung is waited for, or was not there."""
    parked, dialling = turn.call.parked, turn.call.dialling
    if parked is None:
        queue_turns.fall_back(turn)
        return
    if dialling is not None and dialling.leg in event.up:
        fetched(turn, dialling.leg)
        return
    waited_s = (turn.now - parked.parked_at).total_seconds()
    turn.do(StartTimer("park", max(1.0, PARK_S - waited_s)))
    turn.play_music_apart(turn.call.customer_leg)
    if dialling is not None and dialling.leg not in event.legs:
        not_fetched(turn, "lost")
    elif dialling is not None and not dialling.leg.startswith(turn.call.id):
        turn.do(Answer(dialling.leg))  # a telephone that dialled the slot
