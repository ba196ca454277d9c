"""A SIP telephone with two calls: the customer's, and one by which its agent talks to a second party."""

from __future__ import annotations

from zhiyin.domain.calls import consult_stages, talk_turns
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import ConsultEnd, HoldEnded, HoldStarted, LegId, Phase


def line_held(turn: Turn, leg: LegId, *, is_held: bool) -> None:
    """The telephone went from one of its two calls to the other: it holds the customer's, or takes it back."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None or consulted.line is None or leg != segment.leg:
        return
    if is_held and turn.call.phase is Phase.TALKING:
        turn.record(HoldStarted(segment.agent, by="telephone"))
        consult_stages.connect(turn)
    elif not is_held and turn.call.phase is Phase.HELD:
        if not consulted.is_answered:
            consult_stages.let_go(turn, ConsultEnd.CANCELLED)
            talk_turns.talk_again(turn, segment.agent, leg)
            return
        turn.record(HoldEnded(segment.agent))
        consult_stages.connect(turn)


def line_ended(turn: Turn) -> None:
    """The telephone hung up its second call: the second party is let go."""
    consult_stages.let_go(turn, ConsultEnd.CANCELLED)
    consult_stages.back_to_customer(turn)
