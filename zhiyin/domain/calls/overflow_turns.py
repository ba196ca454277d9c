"""A call that waits and its queue's overflow chain: which step is taken, and what comes of it."""

from __future__ import annotations

from zhiyin.domain.calls import line_choices, message_turns, queue_turns
from zhiyin.domain.calls.effects import AskAlso, StartTimer
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import EndedBy, OverflowTaken, Phase, QueueEnd
from zhiyin.domain.routing.overflow import (
    ACTION_WORDS,
    LOOK_EVERY_S,
    AddQueue,
    EndWith,
    LeaveByFlow,
    MoveTo,
    Outlook,
    OverflowStep,
    PlayPrompt,
    PromiseCallback,
    TakeMessage,
    holds,
    look_after_s,
)
from zhiyin.domain.routing.queues import QueueRule

#: Why the contact ended where a step of the chain ended it.
OVERFLOW = "overflow"


def follow_chain(turn: Turn) -> bool:
    """Take every step whose time has come, in order; return whether the contact still stands in its queue's line.

    While an agent is being rung nothing is taken: the caller is about to be answered. Nor while the caller arranges a
    callback: nothing is spoken into a number that is being typed, and nobody is moved in the middle of it.
    """
    rule = turn.rules.queue(turn.call.queue) if turn.call.queue is not None else None
    if rule is None or turn.call.queued_at is None or not rule.overflow or turn.call.lacks_customer:
        return True
    if turn.call.phase is Phase.OFFERED or turn.live.dialogue is not None:
        turn.do(StartTimer("overflow", LOOK_EVERY_S))
        return True
    waited_s = (turn.now - turn.call.queued_at).total_seconds()
    outlook = turn.rules.outlook(rule.id)
    open_now = is_open(turn, rule)
    for number, step in enumerate(rule.overflow):
        if number in turn.call.stay.steps or not _is_possible(turn, step):
            continue
        if not holds(step, outlook, waited_s=waited_s, is_open=open_now):
            continue
        _record(turn, rule, number, outlook, waited_s)
        _take(turn, step)
        if step.is_last_word or isinstance(step.action, TakeMessage | PromiseCallback):
            return False
    after_s = look_after_s(rule.overflow, turn.call.stay.steps, waited_s=waited_s)
    if after_s is not None:
        turn.do(StartTimer("overflow", after_s))
    return True


def is_open(turn: Turn, rule: QueueRule) -> bool:
    """Return whether the queue's calendar is open; a queue without one is, and one whose calendar is gone."""
    if rule.hours is None:
        return True
    try:
        return turn.rules.context.is_open(rule.hours)
    except KeyError:
        return True


def _is_possible(turn: Turn, step: OverflowStep) -> bool:
    """Never to a queue that is not there, that nobody serves, or that the contact was moved on from before."""
    match step.action:
        case AddQueue(queue=target):
            return turn.rules.queue(target) is not None and target not in turn.call.stay.added
        case MoveTo(queue=target):
            been_there = target == turn.call.queue or target in turn.call.stay.left
            return turn.rules.queue(target) is not None and not been_there and turn.rules.is_staffed(target)
        case TakeMessage():
            queue = turn.call.queue
            return turn.call.colleague is None and queue is not None and message_turns.is_possible(turn, queue)
        case PromiseCallback():
            number_ref = turn.call.customer_ref
            may_call = number_ref is not None and turn.rules.outside.problem(number_ref) is None
            return turn.call.colleague is None and may_call
        case _:
            return True


def _record(turn: Turn, rule: QueueRule, number: int, outlook: Outlook, waited_s: float) -> None:
    step = rule.overflow[number]
    turn.record(
        OverflowTaken(
            queue=rule.id,
            step=number,
            condition=step.condition.value,
            threshold=step.threshold,
            action=ACTION_WORDS[type(step.action)],
            target=step.action.queue if isinstance(step.action, AddQueue | MoveTo) else None,
            prompt=step.action.prompt if isinstance(step.action, PlayPrompt | EndWith) else None,
            waited_s=round(waited_s, 1),
            before=outlook.before,
            p90_s=outlook.estimate.p90_s if outlook.estimate else None,
        )
    )


def _take(turn: Turn, step: OverflowStep) -> None:
    match step.action:
        case AddQueue():
            turn.do(AskAlso(turn.call.stay.added))
        case MoveTo(queue=target):
            since, priority = turn.call.stay.since, turn.call.priority
            turn.leave_queue(QueueEnd.OVERFLOWED)
            turn.be_quiet()
            queue_turns.enter_queue(turn, target, priority, since=since)
        case PlayPrompt(prompt=prompt):
            turn.say(turn.call.customer_leg, (prompt,), "wait")
        case EndWith(prompt=prompt):
            turn.leave_queue(QueueEnd.OVERFLOWED)
            turn.be_quiet()
            turn.say_last_words(turn.call.customer_leg, prompt)
            turn.end(EndedBy.SYSTEM, OVERFLOW)
        case LeaveByFlow():
            queue_turns.overflow(turn)
        case TakeMessage():
            message_turns.invite(turn, turn.call.queue or 0)
        case PromiseCallback():
            line_choices.promise(turn, turn.call.customer_ref or "", asked_by="overflow")
