"""A lead intervenes in a contact that waits for an agent (干预排队): another queue, a priority, an agent, an end.

What is being rung meanwhile is taken back first, and the agent is as if it had never rung; whatever has gone on since
the lead looked is left alone, and the lead is told.
"""

from __future__ import annotations

from datetime import timedelta

from zhiyin.domain.calls import deferred_line, queue_turns
from zhiyin.domain.calls.effects import StopTimer
from zhiyin.domain.calls.inputs import (
    AssignAsked,
    Chosen,
    EndWaitingAsked,
    Intervention,
    PriorityAsked,
    PullAsked,
    RequeueAsked,
)
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import (
    Assigned,
    CallbackEnd,
    DeferredReassigned,
    EndedBy,
    EndedWithMessage,
    OfferEnd,
    Phase,
    PriorityChanged,
    Pulled,
    QueueEnd,
    Requeued,
)
from zhiyin.domain.replacing import replace

#: Why a contact ended that a lead ended in line.
ENDED_BY_LEAD = "ended_by_lead"
#: The decision record of a contact that somebody took out of the line: no rule chose.
PULLED = "pulled"
#: How far a priority reaches, as in a flow.
LEAST_PRIORITY, MOST_PRIORITY = -100, 100
_IN_LINE = (Phase.WAITING, Phase.OFFERED)


def wished(turn: Turn, event: Intervention) -> None:
    """Meet a lead's wish, or say in ``problem`` why not."""
    turn.problem = _why_not(turn, event)
    if turn.problem is not None:
        return
    match event:
        case RequeueAsked():
            _requeue(turn, event)
        case PriorityAsked():
            _change_priority(turn, event)
        case AssignAsked():
            _assign(turn, event)
        case PullAsked():
            _pull(turn, event)
        case EndWaitingAsked():
            _end(turn, event)


def _why_not(turn: Turn, event: Intervention) -> str | None:  # noqa: PLR0911 - one line a reason
    call = turn.call
    if call.segment is not None:
        return "already_answered"
    if call.phase not in _IN_LINE or call.queue is None or call.queued_at is None:
        return "not_in_line"
    if call.queue != event.in_queue:
        return "moved_meanwhile"
    match event:
        case RequeueAsked(queue=queue):
            return _why_not_requeued(turn, queue)
        case PriorityAsked(class_code=code) if code and all(rule.code != code for rule in turn.rules.classes):
            return "unknown_class"
        case AssignAsked(target=target) if call.offer_to(target) is not None:
            return "rings_there"
        case PullAsked(agent=agent) if call.offer_to(agent) is not None:
            return "rings_there"
        case PullAsked(agent=agent) if not turn.rules.may_fetch(agent):
            return "busy"
        case _:
            return None


def _why_not_requeued(turn: Turn, queue: int) -> str | None:
    if turn.rules.queue(queue) is None:
        return "unknown_queue"
    if queue == turn.call.queue:
        return "same_queue"
    if not turn.call.lacks_customer and not turn.rules.is_staffed(queue):
        return "queue_unstaffed"
    return None


def _requeue(turn: Turn, event: RequeueAsked) -> None:
    call, rule = turn.call, turn.rules.queue(event.queue)
    since = call.stay.since if event.keeps_wait else turn.now
    turn.drop_offers(OfferEnd.WITHDRAWN)
    turn.record(Requeued(event.agent, event.in_queue, event.queue, event.keeps_wait))
    turn.leave_queue(QueueEnd.TRANSFERRED)
    if call.lacks_customer:
        skills = dict(rule.skills) if rule is not None else {}
        turn.record(DeferredReassigned(event.queue, event.agent, None, skills, place_at=since))
        deferred_line.wait(turn)
        return
    _fall_silent(turn)
    queue_turns.enter_queue(turn, event.queue, call.priority, since=since)


def _change_priority(turn: Turn, event: PriorityAsked) -> None:
    call = turn.call
    priority = call.priority if event.priority is None else event.priority
    priority = max(LEAST_PRIORITY, min(priority, MOST_PRIORITY))
    class_code = call.class_code if event.class_code is None else event.class_code
    if (priority, class_code) == (call.priority, call.class_code):
        return
    turn.record(PriorityChanged(event.agent, priority, class_code, call.priority, call.class_code))
    turn.do(queue_turns.place_in_line(turn))


def _assign(turn: Turn, event: AssignAsked) -> None:
    turn.drop_offers(OfferEnd.WITHDRAWN)
    turn.record(Assigned(event.agent, event.target, turn.now + timedelta(seconds=event.for_s)))
    turn.do(queue_turns.place_in_line(turn))


def _pull(turn: Turn, event: PullAsked) -> None:
    """Ring the lead's own telephone for it; it keeps its place until that is answered."""
    rang = turn.call.offer.agent if turn.call.offer is not None else None
    turn.drop_offers(OfferEnd.WITHDRAWN)
    turn.record(Pulled(event.agent, rang))
    lead = Chosen(event.agent, {"rule": PULLED, **_waited(turn)})
    queue_turns.ring_agents(turn, (lead,), queue=turn.call.queue, answers_itself=True)
    turn.do(replace(queue_turns.place_in_line(turn), may_join=False))


def _waited(turn: Turn) -> dict[str, object]:
    since = turn.call.stay.since or turn.now
    return {"waited_s": round((turn.now - since).total_seconds(), 3)}


def _end(turn: Turn, event: EndWaitingAsked) -> None:
    call = turn.call
    turn.drop_offers(OfferEnd.WITHDRAWN)
    turn.record(EndedWithMessage(event.agent, event.prompt, event.note_ref))
    if call.lacks_customer:
        if call.callback is not None:
            deferred_line.give_up(turn, CallbackEnd.CANCELLED, actor=event.agent)
        else:
            turn.end(EndedBy.SUPERVISOR, ENDED_BY_LEAD)
        return
    turn.leave_queue(QueueEnd.OVERFLOWED)
    _fall_silent(turn)
    if event.prompt:
        turn.say_last_words(call.customer_leg, event.prompt)
    turn.end(EndedBy.SUPERVISOR, ENDED_BY_LEAD)


def _fall_silent(turn: Turn) -> None:
    """Stop what the caller was being told or asked in this line."""
    turn.do(StopTimer("dialogue"))
    turn.live = replace(turn.live, dialogue=None)
    turn.be_quiet()
