"""HTTP of figures."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.monitoring import queries
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.domain.metrics.definitions import (
    AgentFigures,
    QueueFigures,
    answer_rate_pct,
    average_handling_time_s,
    average_speed_of_answer_s,
    average_wait_before_abandoning_s,
    occupancy_pct,
    service_level_pct,
)

router = Router(tags=["figures"], auth=Needs(queries.READ))


class QueueFiguresOut(Schema):
    offered: int
    answered: int
    answered_in_target: int
    abandoned: int
    short_abandoned: int
    overflowed: int
    lost: int
    waiting: int
    service_level_pct: float | None
    answer_rate_pct: float | None
    average_speed_of_answer_s: float | None
    average_wait_before_abandoning_s: float | None
    average_handling_time_s: float | None
    talk_s: float
    hold_s: float
    wrap_up_s: float


class QueueTodayOut(QueueFiguresOut):
    id: int
    name: str
    name_en: str


class TodayOut(Schema):
    """The company's day so far. ``total`` is all queues together."""

    since: datetime
    until: datetime
    total: QueueFiguresOut
    queues: list[QueueTodayOut]


class AgentTodayOut(Schema):
    agent: int
    name: str
    handled: int
    missed: int
    talk_s: float
    hold_s: float
    consult_s: float
    #: with colleagues, without a customer
    internal_s: float
    wrap_up_s: float
    ready_s: float
    not_ready_s: float
    rest_s: float
    #: by the code of its reason
    rests_s: dict[str, float]
    #: how many rests lasted longer than planned
    rests_overrun: int
    monitoring_s: float
    signed_in_s: float
    occupancy_pct: float | None


class AgentsTodayOut(Schema):
    since: datetime
    until: datetime
    agents: list[AgentTodayOut]


def _figures(figures: QueueFigures) -> dict[str, Any]:
    plain = (
        "offered",
        "answered",
        "answered_in_target",
        "abandoned",
        "short_abandoned",
        "overflowed",
        "lost",
        "waiting",
    )
    return {
        **{name: getattr(figures, name) for name in (*plain, "talk_s", "hold_s", "wrap_up_s")},
        "service_level_pct": service_level_pct(figures),
        "answer_rate_pct": answer_rate_pct(figures),
        "average_speed_of_answer_s": average_speed_of_answer_s(figures),
        "average_wait_before_abandoning_s": average_wait_before_abandoning_s(figures),
        "average_handling_time_s": average_handling_time_s(figures),
    }


@router.get("/today", operation_id="getFiguresToday", response={200: TodayOut, **problems()})
def get_today(request: TenantRequest) -> Any:
    """The figures of the company's day so far, of each queue that users within reach serve."""
    tenant = request.actor.tenant
    day = queries.company_day(tenant, timezone.now())
    figures = queries.figures_by_queue(
        tenant=tenant,
        facts=queries.read_facts(tenant=tenant, day=day),
        within=queries.queues_in_reach(request.actor),
    )
    names = queues.queue_names(tenant=tenant)
    return {
        "since": day.since,
        "until": day.until,
        "total": _figures(queries.sum_of(list(figures.values()))),
        "queues": [
            {"id": queue_id, "name": names[queue_id][0], "name_en": names[queue_id][1], **_figures(each)}
            for queue_id, each in sorted(figures.items())
            if queue_id in names
        ],
    }


@router.get("/agents", operation_id="getFiguresAgents", response={200: AgentsTodayOut, **problems()})
def get_agents(request: TenantRequest) -> Any:
    """The figures of the company's day so far, of each agent within reach."""
    tenant = request.actor.tenant
    day = queries.company_day(tenant, timezone.now())
    figures = queries.figures_by_agent(facts=queries.read_facts(tenant=tenant, day=day), day=day)
    reachable = users_in_reach(request.actor, queries.READ)
    if reachable is not None:
        within = set(reachable.values_list("pk", flat=True))
        figures = {agent: each for agent, each in figures.items() if agent in within}
    names = accounts.names_of(tenant=tenant, user_ids=figures)
    plain = list(AgentFigures.__dataclass_fields__)
    return {
        "since": day.since,
        "until": day.until,
        "agents": [
            {
                "agent": agent_id,
                "name": names[agent_id],
                **{name: getattr(each, name) for name in plain},
                "occupancy_pct": occupancy_pct(each),
            }
            for agent_id, each in sorted(figures.items())
            if agent_id in names
        ],
    }
