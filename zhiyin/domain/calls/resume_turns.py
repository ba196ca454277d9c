"""A call taken over by a new engine: what lives is kept, what ended meanwhile is recorded, what was only in
memory (timers, music, what is being said) begins anew."""

from __future__ import annotations

from collections.abc import Callable

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import (
    consult_return_turns,
    consult_turns,
    deferred_turns,
    flow_turns,
    internal_turns,
    message_turns,
    outbound_turns,
    overflow_turns,
    parking_turns,
    queue_turns,
    sight_turns,
    supervision_turns,
    survey_turns,
    talk_turns,
)
from zhiyin.domain.calls.effects import AgentNow, Join, Part, StartRecording, StartTimer
from zhiyin.domain.calls.inputs import Resumed
from zhiyin.domain.calls.turn import AGENT_BACK_S, Turn
from zhiyin.domain.interactions import EndedBy, LegId, Phase
from zhiyin.domain.replacing import replace


def resume(turn: Turn, event: Resumed) -> None:
    """Continue the call where its events left it, in sight again where it was not."""
    turn.live = replace(turn.live, legs=event.legs, music=frozenset(), unseen_since=None)
    if turn.call.customer_leg in event.legs:
        sight_turns.regain_sight(turn)
    _go_on(turn, event)
    sight_turns.regain_sight(turn)  # unless it is over: then its end, dated back, tells enough


def _go_on(turn: Turn, event: Resumed) -> None:
    supervision_turns.resume(turn, event)
    if turn.call.lacks_customer:
        deferred_turns.resume(turn, event)
        return
    if turn.call.phase is Phase.MESSAGE:
        message_turns.resume(turn, event)
        return
    if turn.call.phase is Phase.DIALLING:
        (_dialling if turn.call.colleague is None else internal_turns.resume_dialling)(turn, event)
        return
    if turn.call.customer_leg not in event.legs:
        turn.end(turn.caller, "hangup")
        return
    if turn.call.rings_colleague:
        internal_turns.resume_ringing(turn, event)
        return
    match turn.call.phase:
        case Phase.FLOW:
            flow_turns.enter_again(turn)
        case Phase.WAITING:
            _waiting(turn)
        case Phase.OFFERED:
            _offered(turn, event)
        case Phase.TALKING | Phase.HELD:
            _talking(turn, event)
        case Phase.PARKED:
            parking_turns.resume(turn, event)
        case _:
            _transferring(turn, event)


def _waiting(turn: Turn) -> None:
    if turn.call.queue is None:
        queue_turns.fall_back(turn)
        return
    turn.do(queue_turns.place_in_line(turn), StartTimer("max_wait", _wait_left_s(turn)))
    if overflow_turns.follow_chain(turn):
        queue_turns.announce(turn)


def _wait_left_s(turn: Turn) -> float:
    """Return how much of the longest wait is left."""
    rule = turn.rules.queue(turn.call.queue) if turn.call.queue is not None else None
    waited_s = (turn.now - (turn.call.queued_at or turn.now)).total_seconds()
    return max(1.0, rule.max_wait_s - waited_s) if rule else 1.0


def _offered(turn: Turn, event: Resumed) -> None:
    up = next((offer.leg for offer in turn.call.offers if offer.leg in event.up), None)
    if up is not None:
        queue_turns.answered(turn, up)
        return
    left_s = queue_turns.ring_on(turn, event.legs)
    if left_s is None:
        _waiting(turn)
        return
    turn.do(queue_turns.place_in_line(turn), StartTimer("max_wait", max(left_s + 1, _wait_left_s(turn))))
    overflow_turns.follow_chain(turn)
    queue_turns.announce(turn)


def _talking(turn: Turn, event: Resumed) -> None:
    segment = turn.call.segment
    if segment is None:
        # only an outside party talks with the customer
        if turn.call.outside_leg not in event.legs:
            turn.end(EndedBy.AGENT, "transferred")
        return
    if segment.leg and segment.leg not in event.legs:
        if turn.call.consult is not None:
            consult_turns.agent_left(turn)
        else:
            survey_turns.agent_left(turn)
        return
    if turn.call.recording is not None:
        turn.do(StartRecording(turn.call.recording, turn.call.customer_leg))
    if turn.call.consult is not None:
        consult_return_turns.resume(turn, event)
        _called_back(turn, event, consult_return_turns.agent_is_back)
        return
    if turn.call.phase is Phase.TALKING:
        turn.do(AgentNow(segment.agent, AgentState.TALKING), Join((turn.call.customer_leg, segment.leg)))
        return
    turn.do(Part(turn.call.customer_leg))
    turn.play_music()
    if segment.leg:
        turn.do(AgentNow(segment.agent, AgentState.HOLD))
    else:
        turn.do(AgentNow(segment.agent, AgentState.LOST), StartTimer("agent_back", AGENT_BACK_S))
        _called_back(turn, event, talk_turns.agent_is_back)


def _called_back(turn: Turn, event: Resumed, is_back: Callable[[Turn, LegId], None]) -> None:
    """The agent's lost telephone was being rung when the old engine ended: it answered, rings on, or is gone."""
    dialling = turn.call.dialling
    if dialling is None:
        return
    if dialling.leg in event.up:
        is_back(turn, dialling.leg)
    elif dialling.leg not in event.legs:
        talk_turns.agent_did_not_come_back(turn, dialling.leg, "lost")


def _dialling(turn: Turn, event: Resumed) -> None:
    call = turn.call
    dialling = call.dialling
    if dialling is None or (dialling.leg not in event.legs and dialling.party == "agent"):
        outbound_turns.party_gone(turn, dialling.leg if dialling else call.customer_leg, "lost")
        return
    if dialling.party == "customer" and call.agent_leg not in event.legs:
        outbound_turns.party_gone(turn, call.agent_leg or "", "lost")
    elif dialling.leg not in event.legs:
        outbound_turns.party_gone(turn, dialling.leg, "lost")
    elif dialling.leg in event.up and dialling.party == "agent":
        outbound_turns.agent_answered(turn, dialling.leg)
    elif dialling.leg in event.up:
        outbound_turns.customer_answered(turn)


def _transferring(turn: Turn, event: Resumed) -> None:
    call = turn.call
    if call.outside_leg is None:
        queue_turns.fall_back(turn)
    elif call.outside_leg not in event.legs:
        talk_turns.outside_ended(turn, "lost")
    elif call.outside_leg in event.up and call.dialling is not None:
        talk_turns.outside_answered(turn, call.outside_leg)
