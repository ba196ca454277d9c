"""The projection of surveys and their answers."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.surveys.models import Survey, SurveyAnswer
from zhiyin.domain.interactions import SurveyAnswered, SurveyStarted

_JUDGED = ("queue_id", "agent_id", "score", "most", "answered_at")


class SurveyProjection:
    """Rows of who was asked and what was answered."""

    name = "surveys"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        started = [logged for logged in events if isinstance(logged.event, SurveyStarted)]
        Survey._base_manager.bulk_create([_survey(logged) for logged in started], ignore_conflicts=True)
        answered = [logged for logged in events if isinstance(logged.event, SurveyAnswered)]
        if not answered:
            return
        ids = {logged.subject for logged in answered}
        asked = {row.interaction_id: row for row in Survey._base_manager.filter(interaction_id__in=ids)}
        last = {(logged.subject, logged.event.question): logged for logged in answered}
        SurveyAnswer._base_manager.bulk_create(
            [_answer(logged, asked.get(logged.subject)) for logged in last.values()],
            update_conflicts=True,
            unique_fields=("tenant", "interaction_id", "question"),
            update_fields=_JUDGED,
        )


def _survey(logged: LoggedEvent) -> Survey:
    event: SurveyStarted = logged.event
    return Survey(
        tenant_id=logged.tenant_id,
        interaction_id=logged.subject,
        queue_id=event.queue,
        agent_id=event.agent,
        flow_id=event.flow,
        asked_at=logged.at,
    )


def _answer(logged: LoggedEvent, survey: Survey | None) -> SurveyAnswer:
    event: SurveyAnswered = logged.event
    return SurveyAnswer(
        tenant_id=logged.tenant_id,
        interaction_id=logged.subject,
        question=event.question,
        queue_id=survey.queue_id if survey is not None else None,
        agent_id=survey.agent_id if survey is not None else None,
        score=event.score,
        most=event.most,
        answered_at=logged.at,
    )
