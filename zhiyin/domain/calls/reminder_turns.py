"""预约提醒: some hours before a booked callback its customer is written to, once."""

from __future__ import annotations

from zhiyin.domain.booking_reminders import REMINDER
from zhiyin.domain.calls.effects import StartTimer
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import MessageOrdered, Phase


def timer(turn: Turn) -> list[StartTimer]:
    """Return what wakes the contact for it; nothing where it is done, not wanted, or was booked later than that."""
    wait_s = _wait_s(turn)
    return [] if wait_s is None else [StartTimer("reminder", max(0.0, wait_s))]


def remind(turn: Turn) -> None:
    """Order the message, where the queue's settings still say so; its hour may have moved with them."""
    wait_s = _wait_s(turn)
    if wait_s is None:
        return
    if wait_s > 0:
        turn.do(*timer(turn))
        return
    kept = turn.rules.outside.keep_reminder()
    if kept is not None:
        service, ref = kept
        turn.record(MessageOrdered(REMINDER, service, ref))


def _wait_s(turn: Turn) -> float | None:
    call, callback = turn.call, turn.call.callback
    if callback is None or call.phase is not Phase.POSTPONED or callback.is_reminded or callback.attempts:
        return None
    rule = turn.rules.queue(callback.queue)
    reminder = rule.callback.reminder if rule is not None and rule.callback is not None else None
    if reminder is None or callback.due_at is None or turn.now >= callback.due_at:
        return None
    due_at = reminder.due_at(callback.due_at)
    if call.started_at is not None and due_at <= call.started_at:
        return None  # who has just booked needs none
    return (due_at - turn.now).total_seconds()
