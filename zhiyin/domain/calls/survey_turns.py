"""满意度邀评: the agent has hung up first, or invites, and the customer who is still there is asked how it was.

Who was asked a while ago is spared. When that was is looked up while they talk; a customer of whom nobody knows it in
time is spared too: rather not asked than asked twice.
"""

from __future__ import annotations

from zhiyin.domain.calls import flow_turns, recording_turns
from zhiyin.domain.calls.effects import LookUpSurveys, Part
from zhiyin.domain.calls.inputs import SurveysTold
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.flows.surveys import SurveyRule
from zhiyin.domain.interactions import Direction, EndedBy, Phase, SegmentEnd, SurveyStarted
from zhiyin.domain.replacing import replace


def look_up(turn: Turn) -> None:
    """Somebody talks whose queue spares customers: find out when this one was asked last, once."""
    call = turn.call
    if call.segment is None or call.last_queue is None or turn.live.looks_for_surveys:
        return
    survey = turn.rules.survey(call.last_queue)
    if survey is not None and survey.spare_days:
        turn.live = replace(turn.live, looks_for_surveys=True)
        turn.do(LookUpSurveys())


def told(turn: Turn, event: SurveysTold) -> None:
    turn.live = replace(turn.live, is_survey_known=True, surveyed_at=event.asked_at)


def agent_left(turn: Turn) -> None:
    """The agent who talked with the customer alone has hung up: the customer is asked, or the contact ends."""
    survey = _survey_of(turn)
    if survey is None or not survey.asks(turn.call.id) or _is_spared(turn, survey):
        turn.end(EndedBy.AGENT, "hangup")
        return
    _ask(turn, survey)


def invite(turn: Turn, agent: int) -> None:
    """The agent lets the customer be asked, whatever share is drawn, and is done with the conversation."""
    call = turn.call
    if call.segment is None or call.segment.agent != agent or call.direction is Direction.INTERNAL:
        turn.problem = "not_your_call"
        return
    if call.consult is not None or call.phase not in (Phase.TALKING, Phase.HELD):
        turn.problem = "consulting" if call.consult is not None else "not_connected"
        return
    survey = _survey_of(turn)
    if survey is None or not survey.agents_invite:
        turn.problem = "no_survey"
    elif _is_spared(turn, survey):
        turn.problem = "asked_lately"
    else:
        _ask(turn, survey)


def _ask(turn: Turn, survey: SurveyRule) -> None:
    call, segment = turn.call, turn.call.segment
    if segment is None or call.last_queue is None:
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
    if call.segment is None or call.customer_leg not in turn.live.legs:
        return None
    return turn.rules.survey(call.last_queue)


def _is_spared(turn: Turn, survey: SurveyRule) -> bool:
    if not survey.spare_days:
        return False
    return not turn.live.is_survey_known or survey.spares(turn.live.surveyed_at, turn.now)
