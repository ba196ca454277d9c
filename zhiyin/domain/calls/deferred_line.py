"""A contact without its caller stands in line as if the caller did: it comes, waits, is put off, given elsewhere, given
up. How an agent takes it and calls the customer back stands in ``deferred_turns``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiyin.domain.calls import queue_turns, reminder_turns
from zhiyin.domain.calls.effects import JoinLine, StartTimer
from zhiyin.domain.calls.inputs import CallbackAsked, TransferAsked
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import (
    CallbackAgreed,
    CallbackEnd,
    CallbackEnded,
    CallbackPostponed,
    DeferredReassigned,
    Direction,
    EndedBy,
    InteractionStarted,
    Medium,
    Phase,
    QueueEnd,
    QueueEntered,
    SegmentEnd,
)
from zhiyin.domain.routing.queues import CallbackRule

#: Why a callback is not made that may not be made now, but later.
CLOSED, BOOKED = "closed", "booked"
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
    turn.do(*timers(turn))


# --- waiting ---------------------------------------------------------------------------------------------------------


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


# --- later, or never -------------------------------------------------------------------------------------------------


def postpone(turn: Turn, cause: str, attempts: int, *, not_before: datetime | None = None) -> None:
    """Wait a while, off the line, and come back to the old place."""
    callback = turn.call.callback
    if callback is None:
        return
    later = open_at(turn, turn.now + timedelta(seconds=rule_of(turn).retry_after_s))
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


# --- when, by its queue's rules --------------------------------------------------------------------------------------


def timers(turn: Turn) -> list[StartTimer]:
    callback = turn.call.callback
    if callback is None or turn.call.segment is not None:
        return []
    timers = [StartTimer("callback_expires", max(0.0, (callback.expires_at - turn.now).total_seconds()))]
    if turn.call.phase is Phase.POSTPONED and callback.due_at is not None:
        timers.append(StartTimer("callback", max(0.0, (callback.due_at - turn.now).total_seconds())))
    return [*timers, *reminder_turns.timer(turn)]


def open_at(turn: Turn, at: datetime) -> datetime:
    """Return the first instant from ``at`` at which customers are called; ``at`` where that is never or always."""
    callback = turn.call.callback
    rule = turn.rules.queue(callback.queue) if callback is not None else None
    hours = rule.hours if rule is not None else None
    return (turn.rules.opens_at(hours, at) if hours is not None else None) or at


def rule_of(turn: Turn) -> CallbackRule:
    queue = turn.call.callback.queue if turn.call.callback is not None else turn.call.last_queue
    rule = turn.rules.queue(queue) if queue is not None else None
    return (rule.callback if rule is not None else None) or _ANY
