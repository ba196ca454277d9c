"""转外线: a flow lets the caller be called through to a number outside, by the rules for calling out."""

from __future__ import annotations

from zhiyin.domain.calls import queue_turns
from zhiyin.domain.calls.effects import RingNumber, StartRingback
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.flows.nodes.transfer import FAILED, REASONS
from zhiyin.domain.flows.steps import DialOutside
from zhiyin.domain.interactions import DialStarted, TransferStarted


def begin(turn: Turn, wanted: DialOutside) -> None:
    """Ring the number, if it may be called now; the caller hears ringing."""
    outside = turn.rules.outside
    number_ref = outside.keep(wanted.number)
    trunks = outside.trunks() if number_ref is not None and outside.problem(number_ref) is None else ()
    if number_ref is None or not trunks:
        give_back(turn, FAILED)
        return
    turn.be_quiet()
    turn.record(TransferStarted("number", None, None, number_ref, trunks, ring_s=wanted.ring_s))
    turn.do(StartRingback(turn.call.customer_leg))
    ring(turn, trunks[0])


def ring(turn: Turn, trunk: int) -> None:
    """Ring the number of the transfer by this way out."""
    transfer = turn.call.transfer
    if transfer is None:
        return
    leg, number_ref = turn.next_leg(), transfer.number_ref or ""
    turn.know_leg(leg)
    turn.record(DialStarted("outside", leg, number_ref=number_ref, trunk=trunk))
    turn.do(RingNumber(leg, number_ref, trunk, transfer.ring_s))


def give_back(turn: Turn, word: str) -> None:
    """Nobody was reached: the flow goes on with the caller, by the exit that says why."""
    exit_ = word if word in REASONS else FAILED
    queue_turns.leave_line(turn, exit_, last_words="number_no_answer", reason="not_reached")
