"""预约回呼 from a flow: the caller chose when to be called back; the contact waits without it until then."""

from __future__ import annotations

from zhiyin.domain.booking_slots import NO_NUMBER, SLOT
from zhiyin.domain.calls import deferred_line, flow_turns
from zhiyin.domain.calls.effects import StartTimer
from zhiyin.domain.calls.turn import LAST_WORDS_S, Turn
from zhiyin.domain.flows.steps import AgreeBooking, LineLeft
from zhiyin.domain.interactions import CallbackAgreed

TAKEN = "taken"
#: Who asked for a callback at a time of its own, on any way: what counts against the hours of a queue.
ASKED_BY = "booking"


def agree(turn: Turn, wanted: AgreeBooking) -> None:
    """Keep the time, if it is still free: between the question and the key somebody else may have taken it."""
    free = turn.rules.context.free_times(wanted.queue, wanted.number)
    number_ref = turn.rules.outside.keep(wanted.number) if wanted.number else turn.call.customer_ref
    rule = turn.rules.queue(wanted.queue)
    if free.problem or rule is None or number_ref is None:
        flow_turns.advance(turn, LineLeft(free.problem or NO_NUMBER))
        return
    if not free.has(wanted.begins_at):
        flow_turns.advance(turn, LineLeft(TAKEN))
        return
    leg = turn.call.customer_leg
    turn.record(
        CallbackAgreed(
            queue=wanted.queue,
            number_ref=number_ref,
            asked_by=ASKED_BY,
            place_at=wanted.begins_at,
            expires_at=wanted.begins_at + SLOT,
            skills=dict(rule.skills),
        )
    )
    turn.say_last_words(leg, *wanted.said)
    turn.do(StartTimer("last_words", LAST_WORDS_S))
    deferred_line.wait_until_due(turn, wanted.begins_at)
