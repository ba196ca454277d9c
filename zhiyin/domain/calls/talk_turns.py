"""A call between two people: hold, keypad, transfer, a lost and a returned telephone, the end."""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import forward_turns, queue_turns
from zhiyin.domain.calls.effects import (
    AcceptTransfer,
    AgentNow,
    FreeAgent,
    JoinLine,
    LeaveLine,
    Part,
    RingAgent,
    SendDigits,
    StartRingback,
    StartTimer,
    StopRingback,
    StopTimer,
)
from zhiyin.domain.calls.effects import Join as JoinLegs
from zhiyin.domain.calls.inputs import DataGiven, DigitsAsked, TransferAsked
from zhiyin.domain.calls.turn import AGENT_BACK_S, OWN_RING_S, Turn
from zhiyin.domain.interactions import (
    AgentLegBack,
    AgentLegLost,
    ConsultStage,
    DataAttached,
    DialEnded,
    DialStarted,
    EndedBy,
    HoldEnded,
    HoldStarted,
    LegId,
    Phase,
    SegmentEnd,
    SegmentEnded,
    TransferFailed,
    TransferStarted,
)

#: How often data may be attached to one contact.
MAX_DATA_CHANGES = 50
_KEYS = frozenset("0123456789*#ABCD")


def talks(turn: Turn, agent: int) -> bool:
    """Return whether this agent is connected with the customer; otherwise the wish is refused."""
    segment = turn.call.segment
    if segment is None or segment.agent != agent:
        turn.problem = "not_your_call"
        return False
    return True


def telephone_held(turn: Turn, leg: LegId, *, is_held: bool) -> None:
    """The agent pressed the hold key of the telephone itself: the customer hears our music, as with a desk's hold."""
    segment = turn.call.segment
    if segment is None or segment.leg != leg:
        return
    if is_held and turn.call.phase is Phase.TALKING:
        hold(turn, segment.agent, by="telephone")
    elif not is_held and turn.call.phase is Phase.HELD and segment.held_by == "telephone":
        talk_again(turn, segment.agent, leg)


def hold(turn: Turn, agent: int, *, by: str = "agent") -> None:
    if not talks(turn, agent):
        return
    if turn.call.consult is not None:
        turn.problem = "consulting"
        return
    if turn.call.phase is not Phase.TALKING:
        turn.problem = "already_held"
        return
    turn.record(HoldStarted(agent, by))
    turn.do(AgentNow(agent, AgentState.HOLD), Part(turn.call.customer_leg))
    turn.play_music()


def resume(turn: Turn, agent: int) -> None:
    if not talks(turn, agent):
        return
    segment = turn.call.segment
    if turn.call.consult is not None:
        turn.problem = "consulting"
        return
    if turn.call.phase is not Phase.HELD or segment is None or not segment.leg:
        turn.problem = "not_held"
        return
    if segment.held_by == "telephone":  # it would neither say nor hear anything until its own key is pressed
        turn.problem = "held_on_telephone"
        return
    talk_again(turn, agent, segment.leg)


def talk_again(turn: Turn, agent: int, leg: LegId) -> None:
    turn.be_quiet()
    turn.record(HoldEnded(agent))
    turn.do(AgentNow(agent, AgentState.TALKING), JoinLegs((turn.call.customer_leg, leg)))


def send_digits(turn: Turn, event: DigitsAsked) -> None:
    if not talks(turn, event.agent):
        return
    if not 1 <= len(event.digits) <= 32 or not set(event.digits) <= _KEYS:
        turn.problem = "bad_digits"
        return
    turn.do(SendDigits(_heard_by_agent(turn), event.digits))


def _heard_by_agent(turn: Turn) -> LegId:
    """Return whose keypad tones are meant: the second party's when it talks with the agent alone, or is outside."""
    consult = turn.call.consult
    if consult is None or not consult.is_answered or consult.stage is ConsultStage.SWAPPED:
        return turn.call.customer_leg
    if consult.stage is ConsultStage.JOINED and consult.agent is not None:
        return turn.call.customer_leg
    return consult.leg


def transfer(turn: Turn, event: TransferAsked) -> None:
    """Blind transfer: the agent is free at once; the customer hears music or ringing until somebody answers."""
    if not talks(turn, event.agent):
        return
    target = event.target
    if event.kind == "queue" and target is None:
        target = turn.call.last_queue
        turn.problem = "no_queue" if target is None else None
    if turn.call.consult is not None:
        turn.problem = "consulting"
    turn.problem = turn.problem or queue_turns.why_not(turn, event.kind, target)
    if turn.problem is not None:
        return
    if event.telephone is not None:
        turn.do(AcceptTransfer(event.telephone))
    turn.be_quiet()
    turn.end_segment(SegmentEnd.TRANSFERRED)
    turn.record(
        TransferStarted(event.kind, event.agent, target, event.number_ref, event.trunks, note_ref=event.note_ref)
    )
    match event.kind:
        case "queue" if target is not None:
            queue_turns.enter_queue(turn, target, queue_turns.RETURN_PRIORITY)
        case "agent":
            turn.play_music()
            turn.do(JoinLine(None, only_agent=target), StartTimer("dial", OWN_RING_S))
        case _:
            turn.do(Part(turn.call.customer_leg), StartRingback(turn.call.customer_leg))
            forward_turns.ring(turn, event.trunks[0] if event.trunks else 0)


def next_trunk(trunks: tuple[int, ...], tried: int | None, word: str) -> int | None:
    """Return the way out to try after ``tried`` failed so; None where another would fail the same way."""
    if word not in ("unreachable", "congestion") or tried not in trunks:
        return None
    return next(iter(trunks[trunks.index(tried) + 1 :]), None)


def attach_data(turn: Turn, event: DataGiven) -> None:
    """随路数据: of agents only who handles the contact may attach any."""
    consult, segment = turn.call.consult, turn.call.segment
    handlers = {segment.agent if segment else None, consult.agent if consult else None} - {None}
    if event.by == "agent" and event.agent not in handlers:
        turn.problem = "not_your_call"
        return
    if len(turn.call.data_refs) >= MAX_DATA_CHANGES:
        turn.problem = "too_much_data"
        return
    turn.record(DataAttached(event.data_ref, event.by, event.agent))


def outside_answered(turn: Turn, leg: LegId) -> None:
    """The transfer's target outside the company answered."""
    turn.record(DialEnded("outside", leg, answered=True))
    turn.do(StopRingback(turn.call.customer_leg), JoinLegs((turn.call.customer_leg, leg)))


def outside_ended(turn: Turn, word: str) -> None:
    """The outside party hung up, or could not be reached."""
    dialling = turn.call.dialling
    transfer = turn.call.transfer
    is_by_flow = transfer is not None and transfer.by_agent is None
    if dialling is None:
        turn.end(EndedBy.SYSTEM if is_by_flow else EndedBy.AGENT, "transferred")
        return
    turn.record(DialEnded("outside", dialling.leg, answered=False, cause=word))
    trunk = next_trunk(transfer.trunks if transfer else (), dialling.trunk, word)
    if trunk is not None:
        forward_turns.ring(turn, trunk)
        return
    turn.record(TransferFailed("number", word))
    turn.do(StopRingback(turn.call.customer_leg))
    if is_by_flow:
        forward_turns.give_back(turn, word)
        return
    queue_turns.fall_back(turn)


def transfer_timed_out(turn: Turn) -> None:
    """Nobody took the call that was meant for one agent."""
    if turn.call.transfer is None or turn.call.phase is not Phase.TRANSFERRING:
        return
    turn.record(TransferFailed(turn.call.transfer.kind, "no_answer"))
    turn.do(LeaveLine())
    queue_turns.fall_back(turn)


def lose_agent(turn: Turn) -> None:
    """The agent's telephone is gone in mid-call: music for the customer, time for the agent to come back."""
    segment = turn.call.segment
    if segment is None or not segment.leg:
        return
    turn.record(AgentLegLost(segment.agent, segment.leg))
    turn.hang_up(segment.leg)
    turn.do(
        Part(turn.call.customer_leg),
        AgentNow(segment.agent, AgentState.LOST),
        StartTimer("agent_back", AGENT_BACK_S),
    )
    turn.play_music()


def call_agent_back(turn: Turn) -> None:
    """The agent's telephone is registered again: ring it; its browser answers by itself."""
    segment = turn.call.segment
    if segment is None or (turn.call.dialling is not None and turn.call.dialling.party == "agent"):
        return
    lose_agent(turn)
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("agent", leg, agent=segment.agent))
    turn.do(RingAgent(leg, segment.agent, OWN_RING_S, offer=None))


def agent_is_back(turn: Turn, leg: LegId) -> None:
    segment = turn.call.segment
    if segment is None:
        turn.hang_up(leg)
        return
    turn.record(DialEnded("agent", leg, answered=True))
    turn.record(AgentLegBack(segment.agent, leg))
    turn.be_quiet()
    turn.do(
        StopTimer("agent_back"),
        AgentNow(segment.agent, AgentState.TALKING),
        JoinLegs((turn.call.customer_leg, leg)),
    )


def agent_stays_away(turn: Turn) -> None:
    """The grace is over: the customer is given to somebody else."""
    segment = turn.call.segment
    if segment is None or segment.leg:
        return
    stop_calling_back(turn)
    turn.record(SegmentEnded(segment.segment, segment.agent, SegmentEnd.LOST))
    turn.do(FreeAgent(segment.agent, 0))
    queue_turns.fall_back(turn)


def stop_calling_back(turn: Turn) -> None:
    dialling = turn.call.dialling
    if dialling is not None:
        turn.record(DialEnded(dialling.party, dialling.leg, answered=False, cause="no_answer"))
        turn.hang_up(dialling.leg, "cancelled")


def agent_did_not_come_back(turn: Turn, leg: LegId, word: str) -> None:
    """The agent's telephone did not take the call back; the grace goes on."""
    turn.record(DialEnded("agent", leg, answered=False, cause=word))
