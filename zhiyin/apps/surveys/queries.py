"""Reading surveys: single answers, and what they come to by queue, agent, question or day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, Q, QuerySet
from django.db.models.functions import TruncDate

from zhiyin.apps.surveys.models import Survey, SurveyAnswer
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.visibility import visible_people
from zhiyin.domain.metrics.satisfaction import Satisfaction

#: whoever may see a contact may see how it was judged
READ = "interactions.read"
FIGURES = "figures.read"

Group = int | str | date | None


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` up to, not including, ``until``; None: open."""

    since: datetime | None = None
    until: datetime | None = None

    def of(self, field: str) -> Q:
        found = Q()
        if self.since is not None:
            found &= Q(**{f"{field}__gte": self.since})
        if self.until is not None:
            found &= Q(**{f"{field}__lt": self.until})
        return found


def list_answers(
    *,
    actor: Actor,
    span: Span,
    queue_id: int | None = None,
    agent_id: int | None = None,
    interaction_id: str = "",
    question: str = "",
    is_low: bool = False,
) -> QuerySet[SurveyAnswer]:
    """Return the answers within reach. ``is_low``: of those who are dissatisfied alone."""
    rows = SurveyAnswer.objects.of(actor.tenant).filter(visible_people(actor, READ), span.of("answered_at"))
    if queue_id is not None:
        rows = rows.filter(queue_id=queue_id)
    if agent_id is not None:
        rows = rows.filter(agent_id=agent_id)
    if interaction_id:
        rows = rows.filter(interaction_id=interaction_id)
    if question:
        rows = rows.filter(question__icontains=question)
    return rows.filter(Q(score=1) | Q(score__lte=F("most") * 2 / 5)) if is_low else rows


def mean_score_pct(*, tenant: Tenant, interaction_ids: QuerySet[Any, Any]) -> float | None:
    """Return the mean of what was answered in these contacts, the best being 100; None where nothing was."""
    rows = SurveyAnswer.objects.of(tenant).filter(interaction_id__in=interaction_ids)
    share = ExpressionWrapper(F("score") * 100.0 / F("most"), output_field=FloatField())
    found: float | None = rows.aggregate(mean=Avg(share))["mean"]
    return found


def scores_pct(*, tenant: Tenant, interaction_ids: Iterable[str], since: datetime) -> dict[tuple[str, int], float]:
    """Return what these contacts' customers gave their conversations, the best being 100, by contact and queue.

    Who answered several questions counts once, by their mean; who answered none is left out, and so is what a flow
    asked of somebody who had talked with nobody. ``since``: when the first of them began, for the index's sake.
    """
    judged = SurveyAnswer.objects.of(tenant).filter(answered_at__gte=since, queue_id__isnull=False)
    share = ExpressionWrapper(F("score") * 100.0 / F("most"), output_field=FloatField())
    rows = judged.filter(interaction_id__in=set(interaction_ids)).order_by().values_list("interaction_id", "queue_id")
    means: Iterable[tuple[str, int, float]] = rows.annotate(mean=Avg(share))
    return {(contact, queue): mean for contact, queue, mean in means}


def summarise(*, actor: Actor, span: Span, by: str) -> dict[Group, Satisfaction]:
    """Return the figures of each group; ``by``: "queue", "agent", "question" or "day" (of the company's clock).

    A survey that asked and got no answer counts for its queue, agent and day; it belongs to no question.
    """
    zone = ZoneInfo(actor.tenant.time_zone)
    answers = SurveyAnswer.objects.of(actor.tenant).filter(visible_people(actor, FIGURES), span.of("answered_at"))
    figures: dict[Group, Satisfaction] = {}
    key = {"queue": F("queue_id"), "agent": F("agent_id"), "question": F("question")}
    of_answers: Any = key.get(by) or TruncDate("answered_at", tzinfo=zone)
    grouped = answers.annotate(group=of_answers).order_by()
    for group, score, most, times in grouped.values_list("group", "score", "most").annotate(n=Count("pk")):
        figures.setdefault(group, Satisfaction()).add(score, most, times)
    responded = Count("interaction_id", distinct=True, filter=Q(agent_id__isnull=False))
    for group, times in grouped.values_list("group").annotate(n=responded):
        figures.setdefault(group, Satisfaction()).responded = times
    if by == "question":
        return figures
    of_surveys: Any = key.get(by) or TruncDate("asked_at", tzinfo=zone)
    surveys = Survey.objects.of(actor.tenant).filter(visible_people(actor, FIGURES), span.of("asked_at"))
    for group, times in surveys.annotate(group=of_surveys).order_by().values_list("group").annotate(n=Count("pk")):
        figures.setdefault(group, Satisfaction()).asked = times
    return figures
