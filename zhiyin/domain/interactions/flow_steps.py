"""How a contact's state follows the steps of its flow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.booking_reminders import REMINDER
from zhiyin.domain.flows.requests import ANSWERED
from zhiyin.domain.interactions.events import DigitsCollected, MessageOrdered, NodeEntered, Phase, RequestEnded
from zhiyin.domain.interactions.service_events import ConsentAnswered, LanguageSet
from zhiyin.domain.interactions.survey_events import SurveyStarted
from zhiyin.domain.interactions.waiting import Stay
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction

FlowStep = NodeEntered | DigitsCollected | LanguageSet | ConsentAnswered | RequestEnded | MessageOrdered | SurveyStarted

_IN_NO_LINE = Stay()


def stepped(state: Interaction, event: FlowStep, at: datetime) -> Interaction:  # noqa: PLR0911 - one arm an event
    match event:
        case NodeEntered():
            goes_on = not event.through and event.node == state.node
            since = state.node_since if goes_on else at
            return replace(
                state, phase=Phase.FLOW, node=event.node, node_kind=event.kind, node_since=since, stay=_IN_NO_LINE
            )
        case DigitsCollected():
            return replace(state, path=(*state.path, event.key)) if event.key else state
        case LanguageSet(language=language):
            return replace(state, language=language)
        case ConsentAnswered(outcome=outcome):
            return replace(state, consent=outcome)
        case RequestEnded():
            if event.outcome not in ANSWERED:
                return state
            return replace(state, answered={**state.answered, event.node: state.answered.get(event.node, 0) + 1})
        case MessageOrdered(node=node):
            if node != REMINDER or state.callback is None:
                return state
            return replace(state, callback=replace(state.callback, is_reminded=True))
        case SurveyStarted():
            return replace(
                state, phase=Phase.FLOW, flow=event.flow, flow_version=event.flow_version, node=None, survey=event
            )
