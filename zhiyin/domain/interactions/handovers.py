"""How a contact's state follows consulting, conferences, parking and a lost telephone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.interactions.events import DialEnded, DialStarted, Phase, TransferStarted
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
from zhiyin.domain.interactions.parties import Consultation, ParkedCall
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction


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
            return replace(state, consult=consult, refused_by=frozenset())
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
            state = replace(state, consult=None)
            # A third party leaves the customer while the agent's telephone is away.
            return agent_lost(state, at) if state.segment is not None and not state.segment.leg else state


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
            return replace(state, phase=Phase.PARKED, parked=ParkedCall(event.slot, event.by_agent, at))
        case ParkEnded():
            return replace(state, parked=None)
