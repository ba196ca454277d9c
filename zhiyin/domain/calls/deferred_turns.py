"""A contact without its caller is worked on: an agent takes it from the line, the customer is called back.

The agent's part in it (the segment) begins when the agent takes it, and goes on once the customer is on the line. How
it waits stands in ``deferred_line``.
"""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import deferred_line, queue_turns
from zhiyin.domain.calls.effects import AgentNow, Join, RingNumber, StartRingback, StopRingback, StopTimer
from zhiyin.domain.calls.inputs import AgentsFound, Resumed
from zhiyin.domain.calls.outbound_turns import CAUSE_PROMPTS
from zhiyin.domain.calls.turn import NUMBER_RING_S, Turn
from zhiyin.domain.interactions import (
    CallbackEnd,
    DialEnded,
    DialStarted,
    EndedBy,
    LegId,
    Medium,
    Phase,
    QueueEnd,
    SegmentEnd,
    SegmentStarted,
)

#: Before all who have not been rung yet: this one is on the line already.
REACHED_PRIORITY = 10
#: Problems with a number that time does not mend.
_NEVER = frozenset({"number_listed", "forbidden_destination", "bad_number", "colleague"})


def found(turn: Turn, event: AgentsFound) -> None:
    """It is this contact's turn: agents are rung, or first the customer. What may not be called now waits."""
    callback = turn.call.callback
    if callback is None or turn.call.medium is not Medium.CALLBACK:
        queue_turns.ring_agents(turn, event.chosen, queue=turn.call.queue)
        return
    open_at = deferred_line.open_at(turn, turn.now)
    problem = deferred_line.CLOSED if open_at > turn.now else turn.rules.outside.problem(callback.number_ref)
    if problem is None and not deferred_line.rule_of(turn).is_customer_first:
        queue_turns.ring_agents(turn, event.chosen, queue=turn.call.queue)
        return
    queue_turns.give_back(turn, event)
    if problem is None:
        turn.leave_queue(QueueEnd.POSTPONED)
        ring(turn)
    elif problem in _NEVER:
        deferred_line.give_up(turn, CallbackEnd.FAILED, reason=problem)
    else:
        deferred_line.postpone(turn, problem, callback.attempts, not_before=open_at)


def accepted(turn: Turn, leg: LegId) -> None:
    """An agent took it: a message is listened to, a callback is dialled at once."""
    agent = turn.take_offer(leg)
    turn.leave_queue(QueueEnd.ANSWERED)
    if turn.live.last_words_to is not None:
        turn.hang_up(turn.live.last_words_to)
    turn.record(SegmentStarted(turn.call.segments + 1, agent, leg))
    turn.do(StopTimer("callback_expires"))
    if turn.call.medium is Medium.CALLBACK:
        turn.do(AgentNow(agent, AgentState.DIALLING))
        ring(turn)
    else:
        turn.do(AgentNow(agent, AgentState.TALKING))


# --- calling the customer --------------------------------------------------------------------------------------------


def ring(turn: Turn, trunk: int | None = None) -> None:
    """Ring the customer, by the first way out or by this one."""
    number_ref = _number_ref(turn)
    trunks = turn.rules.outside.trunks()
    way = trunk if trunk is not None else next(iter(trunks), None)
    if way is None or number_ref is None:
        _not_reached(turn, "trunk_failed")
        return
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("customer", leg, number_ref=number_ref, trunk=way))
    if turn.call.segment is not None:
        turn.stop_saying()
        turn.do(StartRingback(turn.call.segment.leg))
    turn.do(RingNumber(leg, number_ref, way, NUMBER_RING_S))


def call_back(turn: Turn, agent: int) -> None:
    """The agent who has heard the message calls its customer, as often as it takes."""
    call = turn.call
    number_ref = _number_ref(turn)
    if call.segment is None or call.segment.agent != agent or not call.segment.leg:
        turn.problem = "not_your_call"
    elif not call.lacks_customer:
        turn.problem = "already_connected"
    elif call.rings_customer:
        turn.problem = "already_dialling"
    elif number_ref is None:
        turn.problem = "no_number"
    else:
        turn.problem = turn.rules.outside.problem(number_ref)
    if turn.problem is None:
        turn.do(AgentNow(agent, AgentState.DIALLING))
        ring(turn)


def reached(turn: Turn) -> None:
    """The customer answered: the agent talks with it, or it waits at the front for the next agent."""
    turn.record(DialEnded("customer", turn.call.customer_leg, answered=True))
    segment = turn.call.segment
    if segment is not None:
        turn.do(StopRingback(segment.leg), AgentNow(segment.agent, AgentState.TALKING))
        turn.do(Join((turn.call.customer_leg, segment.leg)))
        turn.record_conversation()
        return
    callback = turn.call.callback
    if callback is not None:
        queue_turns.enter_queue(turn, callback.queue, REACHED_PRIORITY, since=callback.place_at)


def missed(turn: Turn, word: str) -> None:
    """The customer's telephone did not answer; another way out is tried where this one failed."""
    dialling = turn.call.dialling
    if dialling is None:
        return
    cause = "trunk_failed" if word in ("unreachable", "congestion") else word
    turn.record(DialEnded("customer", dialling.leg, answered=False, cause=cause))
    trunks = turn.rules.outside.trunks()
    others = trunks[trunks.index(dialling.trunk) + 1 :] if dialling.trunk in trunks else ()
    if cause == "trunk_failed" and others:
        ring(turn, others[0])
        return
    _not_reached(turn, cause)


def _not_reached(turn: Turn, cause: str) -> None:
    call, segment = turn.call, turn.call.segment
    if segment is not None and call.medium is not Medium.CALLBACK:  # a message: the agent may try again
        turn.do(StopRingback(segment.leg), AgentNow(segment.agent, AgentState.TALKING))
        turn.say(segment.leg, (CAUSE_PROMPTS.get(cause, "trunk_failed"),), "note")
        return
    if segment is not None:
        turn.end_segment(SegmentEnd.NOT_REACHED)
    attempts = (call.callback.attempts if call.callback is not None else 0) + 1
    if attempts >= deferred_line.rule_of(turn).attempts:
        deferred_line.give_up(turn, CallbackEnd.FAILED, reason=cause)
        return
    deferred_line.postpone(turn, cause, attempts)


# --- the agent's side ------------------------------------------------------------------------------------------------


def agent_left(turn: Turn) -> None:
    """The agent is done with a message; a callback whose customer was not on the line yet was tried in vain."""
    if turn.call.rings_customer and turn.call.dialling is not None:
        leg = turn.call.dialling.leg
        turn.record(DialEnded("customer", leg, answered=False, cause="cancelled"))
        turn.hang_up(leg, "cancelled")
        if turn.call.medium is Medium.CALLBACK:
            _not_reached(turn, "cancelled")
            return
    turn.end(EndedBy.AGENT, "message_handled")


def agent_lost(turn: Turn) -> None:
    """The agent's telephone is gone: whoever is free next takes it over."""
    segment = turn.call.segment
    if segment is None:
        return
    if turn.call.rings_customer and turn.call.dialling is not None:
        leg = turn.call.dialling.leg
        turn.record(DialEnded("customer", leg, answered=False, cause="cancelled"))
        turn.hang_up(leg, "cancelled")
    turn.end_segment(SegmentEnd.LOST)
    deferred_line.wait(turn)


def resume(turn: Turn, event: Resumed) -> None:
    """A new engine: the place is kept, what was being dialled goes on."""
    call, dialling = turn.call, turn.call.dialling
    turn.do(*deferred_line.timers(turn))
    if call.phase is Phase.OFFERED:
        up = next((offer.leg for offer in call.offers if offer.leg in event.up), None)
        if up is not None:
            accepted(turn, up)
        else:
            queue_turns.ring_on(turn, event.legs)
            turn.do(deferred_line.place_in_line(turn))
        return
    if call.phase is Phase.WAITING:
        turn.do(deferred_line.place_in_line(turn))
        return
    if call.phase is Phase.POSTPONED:
        if call.callback is not None and call.callback.due_at is None:
            deferred_line.wait(turn)
        return
    if call.segment is not None and call.segment.leg not in event.legs:
        agent_lost(turn)
        return
    if call.segment is not None:
        state = AgentState.DIALLING if dialling is not None else AgentState.TALKING
        turn.do(AgentNow(call.segment.agent, state))
    if dialling is None:
        return
    if dialling.leg in event.up:
        reached(turn)
    elif dialling.leg not in event.legs:
        missed(turn, "lost")


def _number_ref(turn: Turn) -> str | None:
    callback = turn.call.callback
    return callback.number_ref if callback is not None else turn.call.customer_ref
