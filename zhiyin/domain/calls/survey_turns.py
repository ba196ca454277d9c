"""满意度邀评: the agent has hung up first, and the customer who is still there is asked how it was."""

from __future__ import annotations

from dataclasses import replace

from zhiyin.domain.calls import flow_turns, recording_turns
from zhiyin.domain.calls.effects import Part
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.flows.surveys import SurveyRule
from zhiyin.domain.interactions import Direction, EndedBy, SegmentEnd, SurveyStarted


def agent_left(turn: Turn) -> None:
    """The agent who talked with the customer alone has hung up: the customer is asked, or the contact ends."""
    survey, call, segment = _survey_of(turn), turn.call, turn.call.segment
    if survey is None or segment is None or call.last_queue is None:
        turn.end(EndedBy.AGENT, "hangup")
        return
    turn.be_quiet()
    recording_turns.end(turn)  # what the customer answers is no part of the conversation
    turn.do(Part(call.customer_leg))
    turn.end_segment(SegmentEnd.AGENT_LEFT)
    turn.record(SurveyStarted(survey.flow_id, survey.flow_version, call.last_queue, segment.agent, segment.segment))
    turn.rules = replace(turn.rules, flow=survey.flow)
    flow_turns.begin(turn)


def _survey_of(turn: Turn) -> SurveyRule | None:
    """Return how this customer is asked; None: not at all, or not a second time."""
    call = turn.call
    if call.survey is not None or call.last_queue is None or call.direction is Direction.INTERNAL:
        return None
    if call.customer_leg not in turn.live.legs:
        return None
    survey = turn.rules.survey(call.last_queue)
    return survey if survey is not None and survey.asks(call.id) else None
