"""What people ask of contacts that go on without their caller, or without their agent, and what they cannot ask."""

from __future__ import annotations

from zhiyin.domain.calls import (
    deferred_line,
    deferred_turns,
    line_choices,
    message_turns,
    recording_turns,
    survey_turns,
)
from zhiyin.domain.calls.inputs import (
    CallBackAsked,
    CallLaterAsked,
    CancelAsked,
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DeferredWish,
    DigitsAsked,
    HoldAsked,
    Input,
    MessageAsked,
    MonitorAsked,
    ParkAsked,
    ReassignAsked,
    ResumeAsked,
    SurveyAsked,
    SwapAsked,
    TakeOverAsked,
    TransferAsked,
)
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import Direction, Phase, SegmentEnd

#: What makes sense with a customer on the line alone.
NEED_CUSTOMER = (
    *(HoldAsked, ResumeAsked, DigitsAsked, TransferAsked, ConsultAsked, CompleteAsked, ConferenceAsked),
    *(SwapAsked, ParkAsked, MonitorAsked, TakeOverAsked),
)


def wished(turn: Turn, event: DeferredWish) -> None:
    match event:
        case CallBackAsked(agent=agent):
            deferred_turns.call_back(turn, agent)
        case CallLaterAsked():
            _call_later(turn, event)
        case MessageAsked():
            _to_mailbox(turn, event)
        case SurveyAsked(agent=agent):
            survey_turns.invite(turn, agent)
        case CancelAsked(actor=actor, outcome=outcome):
            deferred_line.cancel(turn, outcome, actor)
        case ReassignAsked(actor=actor, queue=queue, agent=agent):
            deferred_line.reassign(turn, queue, agent, actor)


def without_customer(turn: Turn, event: Input) -> None:
    """An agent may hand a message on as it hands on a caller; for all else somebody must be on the line."""
    segment = turn.call.segment
    if not isinstance(event, TransferAsked) or event.kind == "number" or turn.call.rings_customer:
        turn.problem = "no_customer"
    elif segment is None or segment.agent != event.agent:
        turn.problem = "not_your_call"
    else:
        deferred_line.hand_on(turn, event)


def _call_later(turn: Turn, event: CallLaterAsked) -> None:
    """The customer hangs up and is called back, at the place of who asks now."""
    queue = turn.call.last_queue
    if not _talks(turn, event.agent):
        return
    if queue is None or turn.rules.queue(queue) is None:
        turn.problem = "no_queue"
        return
    number_ref = turn.call.customer_ref
    turn.problem = "no_number" if number_ref is None else turn.rules.outside.problem(number_ref)
    if turn.problem is not None or number_ref is None:
        return
    _end_conversation(turn)
    line_choices.agree(turn, queue, number_ref, asked_by="agent", by_agent=event.agent, note_ref=event.note_ref)


def _to_mailbox(turn: Turn, event: MessageAsked) -> None:
    queue = event.queue if event.queue is not None else turn.call.last_queue
    if not _talks(turn, event.agent):
        return
    if queue is None or turn.rules.queue(queue) is None:
        turn.problem = "no_queue" if queue is None else "unknown_queue"
    elif not message_turns.is_possible(turn, queue):
        turn.problem = message_turns.MAILBOX_FULL
    else:
        _end_conversation(turn)
        message_turns.invite(turn, queue, by_agent=event.agent, note_ref=event.note_ref)


def _talks(turn: Turn, agent: int) -> bool:
    """Return whether this agent talks with a customer who is not to be called back already."""
    call = turn.call
    if call.segment is None or call.segment.agent != agent or call.direction is Direction.INTERNAL:
        turn.problem = "not_your_call"
    elif call.consult is not None:
        turn.problem = "consulting"
    elif call.is_deferred:
        turn.problem = "already_deferred"
    elif call.phase not in (Phase.TALKING, Phase.HELD):
        turn.problem = "not_connected"
    return turn.problem is None


def _end_conversation(turn: Turn) -> None:
    recording_turns.end(turn)
    turn.be_quiet()
    turn.end_segment(SegmentEnd.DEFERRED)
