"""HTTP of surveys: the answers one by one, and what they come to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems
from zhiyin.apps.surveys import queries
from zhiyin.apps.surveys.models import SurveyAnswer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.metrics.satisfaction import (
    Satisfaction,
    average_score_pct,
    dissatisfied_pct,
    response_rate_pct,
    satisfied_pct,
)

router = Router(tags=["surveys"], auth=Needs(queries.READ))

COLUMNS = {
    "answered_at": ("评价时间", "Answered at"),
    "question": ("评价项", "Question"),
    "score": ("得分", "Score"),
    "most": ("满分", "Best score"),
    "queue_name": ("技能组", "Queue"),
    "agent_name": ("座席", "Agent"),
    "interaction": ("联络编号", "Contact"),
}


class SurveyAnswerOut(Schema):
    """What a contact's customer answered: ``score`` of 1 to ``most``. No queue and agent: a flow asked by itself."""

    id: int
    interaction: str
    question: str
    score: int
    most: int
    queue: int | None
    queue_name: str
    agent: int | None
    agent_name: str
    answered_at: datetime


class SurveyAnswerPage(Page[SurveyAnswerOut]):
    pass


class SurveyAnswerListIn(ListIn):
    """``search``: in the question."""

    queue: int | None = None
    agent: int | None = None
    interaction: str = Field(default="", max_length=64)
    low: bool = False
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class SatisfactionIn(Schema):
    by: Literal["queue", "agent", "question", "day"] = "queue"
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class SatisfactionOut(Schema):
    """A group's figures; ``key`` is the queue's or agent's id, the question, or the day as YYYY-MM-DD."""

    key: str
    name: str
    name_en: str
    asked: int
    responded: int
    answers: int
    satisfied: int
    dissatisfied: int
    response_rate_pct: float | None
    satisfied_pct: float | None
    dissatisfied_pct: float | None
    average_score_pct: float | None


class SatisfactionsOut(Schema):
    total: SatisfactionOut
    groups: list[SatisfactionOut]


@router.get("/answers", operation_id="listSurveyAnswers", response={200: SurveyAnswerPage, **problems()})
def list_answers(request: TenantRequest, listing: Query[SurveyAnswerListIn]) -> Any:
    """What customers answered, the newest first. ``low``: of the dissatisfied alone."""
    actor = request.actor

    def shape(rows: Sequence[SurveyAnswer]) -> list[SurveyAnswerOut]:
        return _shape(actor.tenant, rows)

    rows = queries.list_answers(
        actor=actor,
        span=queries.Span(listing.since, listing.until),
        queue_id=listing.queue,
        agent_id=listing.agent,
        interaction_id=listing.interaction,
        question=listing.search,
        is_low=listing.low,
    )
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("answered_at", "question", "score")},
        default_sort="-answered_at",
        shape=shape,
        columns=COLUMNS,
        export_right="interactions.export",
    )


def _shape(tenant: Tenant, rows: Sequence[SurveyAnswer]) -> list[SurveyAnswerOut]:
    named = queues.queue_names(tenant=tenant) if rows else {}
    people = accounts.names_of(tenant=tenant, user_ids={row.agent_id for row in rows})
    return [
        SurveyAnswerOut(
            id=row.pk,
            interaction=row.interaction_id,
            question=row.question,
            score=row.score,
            most=row.most,
            queue=row.queue_id,
            queue_name=named.get(row.queue_id or 0, ("", ""))[0],
            agent=row.agent_id,
            agent_name=people.get(row.agent_id or 0, ""),
            answered_at=row.answered_at,
        )
        for row in rows
    ]


@router.get(
    "/satisfaction",
    operation_id="getSatisfaction",
    auth=Needs(queries.FIGURES),
    response={200: SatisfactionsOut, **problems()},
)
def get_satisfaction(request: TenantRequest, asked: Query[SatisfactionIn]) -> Any:
    """What the answers come to, of all that are within reach and by group."""
    actor, span = request.actor, queries.Span(asked.since, asked.until)
    groups = queries.summarise(actor=actor, span=span, by=asked.by)
    names = _names_of(actor.tenant, asked.by, groups)
    total = groups if asked.by == "queue" else queries.summarise(actor=actor, span=span, by="queue")
    return {
        "total": _figures("", ("", ""), _sum_of(list(total.values()))),
        "groups": [
            _figures(_key(group), names.get(group, (_key(group), _key(group))), each)
            for group, each in sorted(groups.items(), key=lambda item: _key(item[0]))
        ],
    }


def _key(group: queries.Group) -> str:
    return "" if group is None else str(group)


def _names_of(tenant: Tenant, by: str, groups: dict[queries.Group, Satisfaction]) -> dict[Any, tuple[str, str]]:
    if by == "queue":
        return dict(queues.queue_names(tenant=tenant))
    if by == "agent":
        ids = [group for group in groups if isinstance(group, int)]
        return {user: (name, name) for user, name in accounts.names_of(tenant=tenant, user_ids=ids).items()}
    return {}


def _sum_of(figures: list[Satisfaction]) -> Satisfaction:
    total = Satisfaction()
    for each in figures:
        total.include(each)
    return total


def _figures(key: str, names: tuple[str, str], figures: Satisfaction) -> dict[str, Any]:
    plain = ("asked", "responded", "answers", "satisfied", "dissatisfied")
    return {
        "key": key,
        "name": names[0],
        "name_en": names[1],
        **{name: getattr(figures, name) for name in plain},
        "response_rate_pct": response_rate_pct(figures),
        "satisfied_pct": satisfied_pct(figures),
        "dissatisfied_pct": dissatisfied_pct(figures),
        "average_score_pct": average_score_pct(figures),
    }
