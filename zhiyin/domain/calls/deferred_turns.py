"""A contact without its caller: it waits in line as if the caller did, an agent takes it, the customer is called back.

The agent's part in it (the segment) begins when the agent takes it, and goes on once the customer is on the line.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import queue_turns, reminder_turns
from zhiyin.domain.calls.effects import (
    AgentNow,
    Join,
    JoinLine,
    RingNumber,
    StartRingback,
    StartTimer,
    StopRingback,
    StopTimer,
)
from zhiyin.domain.calls.inputs import AgentsFound, CallbackAsked, Resumed, TransferAsked
from zhiyin.domain.calls.outbound_turns import CAUSE_PROMPTS
from zhiyin.domain.calls.turn import NUMBER_RING_S, Turn
from zhiyin.domain.interactions import (
    CallbackAgreed,
    CallbackEnd,
    CallbackEnded,
    CallbackPostponed,
    DeferredReassigned,
    DialEnded,
    DialStarted,
    Direction,
    EndedBy,
    InteractionStarted,
    LegId,
    Medium,
    Phase,
    QueueEnd,
    QueueEntered,
    SegmentEnd,
    SegmentStarted,
)
from zhiyin.domain.routing.queues import CallbackRule

#: Before all who have not been rung yet: this one is on the line already.
REACHED_PRIORITY = 10
#: Why a callback is not made that may not be made now, but later.
CLOSED, BOOKED = "closed", "booked"
#: Problems with a number that time does not mend.
_NEVER = frozenset({"number_listed", "forbidden_destination", "bad_number", "colleague"})
_ANY = CallbackRule()


def begin(turn: Turn, event: CallbackAsked) -> None:
    """Somebody asked for a callback who is not on the line: it begins a contact, in line from now or from then on."""
    rule = turn.rules.queue(event.queue)
    if rule is None:
        turn.problem = "unknown_queue"
        return
    turn.record(
        InteractionStarted(
            direction=Direction.OUTBOUND,
            channel="callback",
            customer_leg="",
            customer_ref=event.number_ref,
            entry=event.entry,
            came_by=event.asked_by,
        )
    )
    begins_at = max(turn.now, event.due_at or turn.now)
    expires_after_s = (rule.callback or _ANY).expires_after_s
    turn.record(
        CallbackAgreed(
            queue=event.queue,
            number_ref=event.number_ref,
            asked_by=event.asked_by,
            place_at=begins_at,
            expires_at=event.expires_at or begins_at + timedelta(seconds=expires_after_s),
            skills=dict(rule.skills),
            agent=event.agent,
        )
    )
    if begins_at > turn.now:
        wait_until_due(turn, begins_at)
    else:
        wait(turn)


def wait_until_due(turn: Turn, begins_at: datetime) -> None:
    """It is booked: until then it stands in no line."""
    turn.record(CallbackPostponed(0, BOOKED, begins_at))
    turn.do(*_timers(turn))


# --- waiting --------------------------------------------------------------------------------------------------------


def wait(turn: Turn) -> None:
    """Stand in line, a callback at the place that it had."""
    call = turn.call
    if call.callback is not None:
        place = call.callback
        queue, priority, skills = place.queue, place.priority, dict(place.skills)
        _enter(turn, queue, priority, skills, medium=Medium.CALLBACK, since=place.place_at)
        turn.do(StartTimer("callback_expires", max(0.0, (place.expires_at - turn.now).total_seconds())))
    elif call.message is not None:
        rule = turn.rules.queue(call.message.queue)
        skills = dict(rule.skills) if rule is not None else {}
        queue, priority = call.message.queue, call.message.priority
        since = call.message.placed_at or call.message.began_at
        _enter(turn, queue, priority, skills, medium=Medium.VOICEMAIL, since=since)
    turn.do(place_in_line(turn))


def _enter(
    turn: Turn, queue: int, priority: int, skills: dict[str, int], *, medium: Medium, since: datetime | None
) -> None:
    """The contact stays of its class, and kept for whom it was kept."""
    call = turn.call
    turn.record(
        QueueEntered(
            queue,
            priority,
            skills,
            medium=medium,
            since=since,
            class_code=queue_turns.class_of(turn, ""),
            preferred=call.preferred,
            preferred_for_s=call.preferred_for_s,
            waits_for_away=call.waits_for_away,
        )
    )


def place_in_line(turn: Turn) -> JoinLine:
    call = turn.call
    left_behind = call.callback or call.message
    only_agent = left_behind.agent if left_behind is not None else None
    return JoinLine(
        call.queue,
        call.priority,
        dict(call.skills),
        only_agent=only_agent,
        asked=queue_turns.asked_by(turn),
        is_customer=call.medium is Medium.CALLBACK,
        refused_by=call.refused_by,
        class_code=call.class_code,
        preferred=call.preferred,
        preferred_for_s=call.preferred_for_s,
        waits_for_away=call.waits_for_away,
        since=call.stay.since,
    )


def found(turn: Turn, event: AgentsFound) -> None:
    """It is this contact's turn: agents are rung, or first the customer. What may not be called now waits."""
    callback = turn.call.callback
    if callback is None or turn.call.medium is not Medium.CALLBACK:
        queue_turns.ring_agents(turn, event.chosen, queue=turn.call.queue)
        return
    open_at = _open_at(turn, turn.now)
    problem = CLOSED if open_at > turn.now else turn.rules.outside.problem(callback.number_ref)
    if problem is None and not _rule(turn).is_customer_first:
        queue_turns.ring_agents(turn, event.chosen, queue=turn.call.queue)
        return
    queue_turns.give_back(turn, event)
    if problem is None:
        turn.leave_queue(QueueEnd.POSTPONED)
        ring(turn)
    elif problem in _NEVER:
        give_up(turn, CallbackEnd.FAILED, reason=problem)
    else:
        _postpone(turn, problem, callback.attempts, not_before=open_at)


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
    if attempts >= _rule(turn).attempts:
        give_up(turn, CallbackEnd.FAILED, reason=cause)
        return
    _postpone(turn, cause, attempts)


# --- later, or never --------------------------------------------------------------------------------------------------


def _postpone(turn: Turn, cause: str, attempts: int, *, not_before: datetime | None = None) -> None:
    """Wait a while, off the line, and come back to the old place."""
    callback = turn.call.callback
    if callback is None:
        return
    later = _open_at(turn, turn.now + timedelta(seconds=_rule(turn).retry_after_s))
    until = not_before if not_before is not None and not_before > turn.now else later
    if until >= callback.expires_at:
        give_up(turn, CallbackEnd.EXPIRED, reason=cause)
        return
    if turn.call.queued_at is not None:
        turn.leave_queue(QueueEnd.POSTPONED)
    turn.record(CallbackPostponed(attempts, cause, until))
    turn.do(StartTimer("callback", (until - turn.now).total_seconds()))


def due(turn: Turn) -> None:
    """The quarantine is over, or the company opens."""
    if turn.call.phase is Phase.POSTPONED and turn.call.callback is not None:
        wait(turn)


def expire(turn: Turn) -> None:
    if turn.call.phase in (Phase.WAITING, Phase.POSTPONED) and turn.call.lacks_customer:
        give_up(turn, CallbackEnd.EXPIRED)


def give_up(turn: Turn, outcome: CallbackEnd, *, reason: str = "", actor: int | None = None) -> None:
    """Nobody is to work on it any more."""
    if turn.call.callback is not None:
        turn.record(CallbackEnded(outcome, actor))
    turn.end(EndedBy.SYSTEM, reason or outcome.value)


def cancel(turn: Turn, outcome: CallbackEnd, actor: int | None) -> None:
    """Somebody says that it is settled. What an agent is working on is the agent's."""
    if not turn.call.lacks_customer:
        turn.problem = "not_waiting"
    elif turn.call.phase not in (Phase.WAITING, Phase.OFFERED, Phase.POSTPONED):
        turn.problem = "being_worked"
    else:
        give_up(turn, outcome, actor=actor)


def reassign(turn: Turn, queue: int, agent: int | None, actor: int | None) -> None:
    """It waits elsewhere from now on, and keeps its place in time."""
    call = turn.call
    if not call.lacks_customer or call.phase not in (Phase.WAITING, Phase.POSTPONED):
        turn.problem = "being_worked" if call.lacks_customer else "not_waiting"
        return
    rule = turn.rules.queue(queue)
    if rule is None:
        turn.problem = "unknown_queue"
        return
    if agent is not None and agent not in rule.members:
        turn.problem = "not_an_agent"
        return
    if call.queued_at is not None:
        turn.leave_queue(QueueEnd.TRANSFERRED)
    turn.record(DeferredReassigned(queue, actor, agent, dict(rule.skills)))
    wait(turn)


def hand_on(turn: Turn, event: TransferAsked) -> None:
    """The agent who has a message gives it to another queue, or to one colleague."""
    queue = event.target if event.kind == "queue" and event.target is not None else turn.call.last_queue
    agent = event.target if event.kind == "agent" else None
    rule = turn.rules.queue(queue) if queue is not None else None
    if rule is None or queue is None:
        turn.problem = "unknown_queue"
        return
    turn.end_segment(SegmentEnd.TRANSFERRED)
    turn.record(DeferredReassigned(queue, event.agent, agent, dict(rule.skills)))
    wait(turn)


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
    wait(turn)


def resume(turn: Turn, event: Resumed) -> None:
    """A new engine: the place is kept, what was being dialled goes on."""
    call, dialling = turn.call, turn.call.dialling
    turn.do(*_timers(turn))
    if call.phase is Phase.OFFERED:
        up = next((offer.leg for offer in call.offers if offer.leg in event.up), None)
        if up is not None:
            accepted(turn, up)
        else:
            queue_turns.ring_on(turn, event.legs)
            turn.do(place_in_line(turn))
        return
    if call.phase is Phase.WAITING:
        turn.do(place_in_line(turn))
        return
    if call.phase is Phase.POSTPONED:
        if call.callback is not None and call.callback.due_at is None:
            wait(turn)
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


def _timers(turn: Turn) -> list[StartTimer]:
    callback = turn.call.callback
    if callback is None or turn.call.segment is not None:
        return []
    timers = [StartTimer("callback_expires", max(0.0, (callback.expires_at - turn.now).total_seconds()))]
    if turn.call.phase is Phase.POSTPONED and callback.due_at is not None:
        timers.append(StartTimer("callback", max(0.0, (callback.due_at - turn.now).total_seconds())))
    return [*timers, *reminder_turns.timer(turn)]


def _number_ref(turn: Turn) -> str | None:
    callback = turn.call.callback
    return callback.number_ref if callback is not None else turn.call.customer_ref


def _open_at(turn: Turn, at: datetime) -> datetime:
    """Return the first instant from ``at`` at which customers are called; ``at`` where that is never or always."""
    callback = turn.call.callback
    rule = turn.rules.queue(callback.queue) if callback is not None else None
    hours = rule.hours if rule is not None else None
    return (turn.rules.opens_at(hours, at) if hours is not None else None) or at


def _rule(turn: Turn) -> CallbackRule:
    queue = turn.call.callback.queue if turn.call.callback is not None else turn.call.last_queue
    rule = turn.rules.queue(queue) if queue is not None else None
    return (rule.callback if rule is not None else None) or _ANY
