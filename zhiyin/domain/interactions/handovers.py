"""How a contact's state follows consulting, conferences, parking and a lost telephone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.interactions.events import (
    DialEnded,
    DialStarted,
    HoldEnded,
    HoldStarted,
    Phase,
    TransferFailed,
    TransferStarted,
)
from zhiyin.domain.interactions.handover_events import (
    ConferenceStarted,
    ConsultAnswered,
    ConsultEnd,
    ConsultEnded,
    ConsultStage,
    ConsultStarted,
    Parked,
    ParkEnded,
)
from zhiyin.domain.interactions.parties import Consultation, FailedHandover, ParkedCall
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction


#: Ends that the consulting agent did not bring about, and has to be told of.
_CAME_TO_NOTHING = (
    ConsultEnd.REJECTED,
    ConsultEnd.NO_ANSWER,
    ConsultEnd.FAILED,
    ConsultEnd.PARTY_LEFT,
    ConsultEnd.LOST,
)
#: Of these the line itself says more than the word for all of them.
_SAID_BY_CAUSE = (ConsultEnd.REJECTED, ConsultEnd.NO_ANSWER, ConsultEnd.FAILED)


def agent_lost(state: Interaction, at: datetime) -> Interaction:
    """In a conference the customer talks on with the third party; else the customer hears music."""
    if state.segment is None:
        return replace(state, phase=Phase.HELD)
    segment = replace(state.segment, leg="")
    if state.consult is not None and state.consult.stage is ConsultStage.JOINED:
        return replace(state, segment=segment)
    return replace(state, phase=Phase.HELD, segment=replace(segment, held_since=segment.held_since or at))


def consulted(
    state: Interaction, event: ConsultStarted | ConsultAnswered | ConferenceStarted | ConsultEnded, at: datetime
) -> Interaction:
    consult = state.consult
    match event:
        case ConsultStarted():
            consult = Consultation(
                by_agent=event.by_agent,
                kind=event.kind,
                started_at=at,
                target=event.target,
                number_ref=event.number_ref,
                trunks=event.trunks,
                note_ref=event.note_ref,
                line=event.line,
            )
            return replace(state, consult=consult, refused_by=frozenset(), failed_handover=None)
        case ConsultAnswered() if consult is not None:
            stage = consult.stage if consult.is_answered else ConsultStage.TALKING
            return replace(
                state,
                consult=replace(
                    consult,
                    stage=stage,
                    agent=event.agent,
                    leg=event.leg,
                    answered_at=consult.answered_at or at,
                ),
            )
        case ConferenceStarted():
            segment = state.segment.resumed(at) if state.segment else None
            return replace(at_stage(state, ConsultStage.JOINED), phase=Phase.TALKING, segment=segment)
        case ConsultEnded(outcome=ConsultEnd.COMPLETED) if consult is not None:
            state = replace(state, consult=None, handed_by=consult.by_agent, note_ref=event.note_ref)
            if consult.agent is not None:
                return state  # the next segment begins with the next event
            transfer = TransferStarted("number", consult.by_agent, number_ref=consult.number_ref)
            return replace(state, phase=Phase.TRANSFERRING, transfer=transfer, outside_leg=consult.leg)
        case _:
            if consult is not None and consult.note_ref:  # what was written stays known, also of a later callback
                state = replace(state, handed_by=consult.by_agent, note_ref=consult.note_ref)
            state = replace(state, consult=None, failed_handover=_failed_consult(consult, event, at))
            # A third party leaves the customer while the agent's telephone is away.
            return agent_lost(state, at) if state.segment is not None and not state.segment.leg else state


def _failed_consult(
    consult: Consultation | None, event: ConsultAnswered | ConsultEnded, at: datetime
) -> FailedHandover | None:
    if consult is None or not isinstance(event, ConsultEnded) or event.outcome not in _CAME_TO_NOTHING:
        return None
    is_said = consult.kind != "agent" and event.outcome in _SAID_BY_CAUSE  # an agent's telephone says "busy" for no
    word = event.cause if is_said and event.cause else event.outcome.value
    target = consult.target if event.agent is None else event.agent
    kind = consult.kind if event.agent is None else "agent"
    return FailedHandover("consult", consult.by_agent, kind, word, at, target, consult.number_ref)


def transferred(state: Interaction, event: TransferStarted | TransferFailed, at: datetime) -> Interaction:
    if isinstance(event, TransferStarted):
        return replace(
            state,
            phase=Phase.TRANSFERRING,
            transfer=event,
            handed_by=event.by_agent,
            note_ref=event.note_ref,
            failed_handover=None,
        )
    transfer, failed = state.transfer, None
    is_back = transfer is not None and transfer.kind == "agent" and transfer.target == transfer.by_agent  # was parked
    if transfer is not None and transfer.by_agent is not None and not is_back:
        failed = FailedHandover(
            "transfer", transfer.by_agent, transfer.kind, event.cause, at, transfer.target, transfer.number_ref
        )
    return replace(state, transfer=None, failed_handover=failed)


def held(state: Interaction, event: HoldStarted | HoldEnded, at: datetime) -> Interaction:
    if isinstance(event, HoldStarted):
        segment = replace(state.segment, held_since=at, held_by=event.by) if state.segment else None
        state, phase = at_stage(state, ConsultStage.TALKING), Phase.HELD
    else:
        segment = state.segment.resumed(at) if state.segment else None
        state, phase = at_stage(state, ConsultStage.SWAPPED), Phase.TALKING
    return replace(state, phase=phase, segment=segment, failed_handover=None)


def at_stage(state: Interaction, stage: ConsultStage) -> Interaction:
    """Return the contact with its second party, if one is on the line, at ``stage``."""
    if state.consult is None or not state.consult.is_answered:
        return state
    return replace(state, consult=replace(state.consult, stage=stage))


def dialled_second_party(state: Interaction, event: DialStarted | DialEnded) -> Interaction:
    match event:
        case DialStarted() if state.consult is not None:
            return replace(state, legs=state.legs + 1, consult=replace(state.consult, dialling=event))
        case DialEnded() if state.consult is not None:
            return replace(state, consult=replace(state.consult, dialling=None))
        case _:
            return state


def parked(state: Interaction, event: Parked | ParkEnded, at: datetime) -> Interaction:
    match event:
        case Parked():
            slot = ParkedCall(event.slot, event.by_agent, at)
            return replace(state, phase=Phase.PARKED, parked=slot, handed_by=event.by_agent, note_ref=event.note_ref)
        case ParkEnded():
            return replace(state, parked=None)
