"""What an agent asks for with a second party: consulting, swapping, three parties, and handing over."""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import consult_party_turns, consult_stages, queue_turns, talk_turns
from zhiyin.domain.calls.effects import (
    AcceptTransfer,
    AgentNow,
    Answer,
)
from zhiyin.domain.calls.inputs import CompleteAsked, ConsultAsked
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import (
    ConferenceStarted,
    Consultation,
    ConsultEnd,
    ConsultStage,
    ConsultStarted,
    HoldEnded,
    HoldStarted,
    Phase,
    SegmentEnd,
)


def consult(turn: Turn, event: ConsultAsked) -> None:
    """Put the customer on hold and ring the second party; the agent hears ringing."""
    segment = turn.call.segment
    if not talk_turns.talks(turn, event.agent) or segment is None:
        return
    if turn.call.consult is not None:
        turn.problem = "already_consulting"
        return
    if segment.held_by == "telephone" and event.line is None:
        turn.problem = "held_on_telephone"
        return
    turn.problem = queue_turns.why_not(turn, event.kind, event.target) if segment.leg else "not_connected"
    if turn.problem is not None:
        return
    if turn.call.phase is Phase.TALKING:
        turn.record(HoldStarted(event.agent, by="consult"))
    turn.record(
        ConsultStarted(
            event.kind, event.agent, event.target, event.number_ref, event.trunks, event.note_ref, event.line
        )
    )
    if event.line is not None:
        turn.know_leg(event.line)
        turn.do(Answer(event.line))
    turn.do(AgentNow(event.agent, AgentState.CONSULTING))
    consult_party_turns.wait_for_party(turn)
    consult_party_turns.seek(turn)


def complete(turn: Turn, event: CompleteAsked) -> None:
    """转出: the customer goes to the second party, the agent into after-call work."""
    consulted = _asked_about(turn, event.agent, must_be_present=True)
    if consulted is None:
        return
    if event.telephone is not None:
        turn.do(AcceptTransfer(event.telephone))
    consult_stages.hand_over(turn, SegmentEnd.TRANSFERRED, event.note_ref or consulted.note_ref)


def confer(turn: Turn, agent: int) -> None:
    """三方通话."""
    consulted = _asked_about(turn, agent, must_be_present=True)
    if consulted is None or _is_by_its_keys(turn):
        return
    if consulted.stage is ConsultStage.JOINED:
        turn.problem = "already_joined"
        return
    turn.record(ConferenceStarted(agent))
    consult_stages.connect(turn)


def swap(turn: Turn, agent: int) -> None:
    """切换: from the second party to the customer, or (also out of a conference) back to the second party alone."""
    consulted = _asked_about(turn, agent, must_be_present=True)
    if consulted is None or _is_by_its_keys(turn):
        return
    if consulted.stage is ConsultStage.TALKING:
        turn.record(HoldEnded(agent))
    else:
        turn.record(HoldStarted(agent, by="consult"))
    consult_stages.connect(turn)


def end_consult(turn: Turn, agent: int) -> None:
    """取消咨询: the second party is let go, the customer is back with the agent."""
    if _asked_about(turn, agent, must_be_present=False) is None:
        return
    consult_stages.let_go(turn, ConsultEnd.CANCELLED)
    consult_stages.back_to_customer(turn)


def agent_left(turn: Turn) -> None:
    """The consulting agent hung up: as on every desk telephone this hands over, if the second party is there.

    While it still rings, the customer goes to the front of the last queue and is not lost.
    """
    consulted = turn.call.consult
    if consulted is not None and consult_stages.is_present(turn):
        consult_stages.hand_over(turn, SegmentEnd.TRANSFERRED, consulted.note_ref)
        return
    turn.end_segment(SegmentEnd.AGENT_LEFT)
    consult_stages.let_go(turn, ConsultEnd.CANCELLED)
    queue_turns.fall_back(turn)


def _is_by_its_keys(turn: Turn) -> bool:
    """Refuse what only the keys of the agent's telephone can do: its second party is on a call of its own there."""
    if turn.call.consult is None or turn.call.consult.line is None:
        return False
    turn.problem = "on_telephone"
    return True


def _asked_about(turn: Turn, agent: int, *, must_be_present: bool) -> Consultation | None:
    """Return the consultation that this agent leads; otherwise the wish is refused."""
    segment = turn.call.segment
    if not talk_turns.talks(turn, agent) or segment is None:
        return None
    consulted = turn.call.consult
    if consulted is None:
        turn.problem = "not_consulting"
    elif not segment.leg:
        turn.problem = "not_connected"
    elif must_be_present and not consult_stages.is_present(turn):
        turn.problem = "not_answered"
    else:
        return consulted
    return None
