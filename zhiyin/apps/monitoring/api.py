"""HTTP of figures."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.monitoring import queries
from zhiyin.apps.monitoring.queries import QueueDay
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_entries
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.domain.metrics.definitions import (
    AgentFigures,
    QueueFigures,
    answer_rate_pct,
    average_handling_time_s,
    average_speed_of_answer_s,
    average_wait_before_abandoning_s,
    kept_p50_pct,
    kept_p90_pct,
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

    #: waits promised to those who were answered; a good promise keeps half by P50 and nine of ten by P90
    estimates: int
    kept_p50_pct: float | None
    kept_p90_pct: float | None


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


class QueueDayOut(QueueTodayOut):
    """A queue's figures of one day of the company's clock."""

    day: date


class QueueDayPage(Page[QueueDayOut]):
    pass


class QueueDayListIn(ListIn):
    """Days of the company's clock, 31 at most, both ends included; today's while nothing is said. ``search``: a
    queue's name."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    queue: int | None = None


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
        "estimates",
    )
    return {
        **{name: getattr(figures, name) for name in (*plain, "talk_s", "hold_s", "wrap_up_s")},
        "service_level_pct": service_level_pct(figures),
        "answer_rate_pct": answer_rate_pct(figures),
        "average_speed_of_answer_s": average_speed_of_answer_s(figures),
        "average_wait_before_abandoning_s": average_wait_before_abandoning_s(figures),
        "average_handling_time_s": average_handling_time_s(figures),
        "kept_p50_pct": kept_p50_pct(figures),
        "kept_p90_pct": kept_p90_pct(figures),
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


DAY_COLUMNS = {
    "day": ("日期", "Day"),
    "name": ("技能组", "Queue"),
    "offered": ("人工请求量", "Offered"),
    "answered": ("接听量", "Answered"),
    "lost": ("呼损量", "Lost"),
    "abandoned": ("放弃", "Abandoned"),
    "short_abandoned": ("短放弃", "Short abandons"),
    "overflowed": ("溢出", "Overflowed"),
    "answer_rate_pct": ("接通率（%）", "Answer rate (%)"),
    "service_level_pct": ("服务水平（%）", "Service level (%)"),
    "average_speed_of_answer_s": ("平均应答时长（秒）", "Average speed of answer (s)"),
    "average_wait_before_abandoning_s": ("放弃前等待（秒）", "Wait before abandoning (s)"),
    "average_handling_time_s": ("平均处理时长（秒）", "Average handling time (s)"),
    "estimates": ("预估次数", "Waits promised"),
    "kept_p50_pct": ("预估中位命中率（%）", "Kept by P50 (%)"),
    "kept_p90_pct": ("预估命中率（%）", "Kept by P90 (%)"),
}


@router.get("/days", operation_id="listFiguresByDay", response={200: QueueDayPage, **problems(400)})
def list_days(request: TenantRequest, listing: Query[QueueDayListIn]) -> Any:
    """The figures of each queue on each day, of the queues that users within reach serve."""
    tenant, now = request.actor.tenant, timezone.now()
    today = queries.company_day(tenant, now).since.date()
    first, last = queries.days_asked(listing.since, listing.until, today=today)
    names = queues.queue_names(tenant=tenant)
    within = queries.queues_in_reach(request.actor)
    found = queries.figures_by_queue_and_day(tenant=tenant, first=first, last=last, now=now, within=within)
    wanted = listing.search.lower()
    shown = [
        each
        for each in found
        if each.queue in names
        and listing.queue in (None, each.queue)
        and any(wanted in name.lower() for name in names[each.queue])
    ]
    return answer_entries(
        request,
        shown,
        listing,
        key=lambda each: f"{each.day} {each.queue}",
        sortable=_SORTABLE | {"name": lambda each: names[each.queue][0]},
        default_sort="-day",
        shape=lambda days: [_queue_day(each, names[each.queue]) for each in days],
        columns=DAY_COLUMNS,
    )


def _queue_day(each: QueueDay, names: tuple[str, str]) -> QueueDayOut:
    return QueueDayOut(day=each.day, id=each.queue, name=names[0], name_en=names[1], **_figures(each.figures))


_SORTABLE: dict[str, Callable[[QueueDay], Any]] = {
    "day": lambda each: each.day,
    "offered": lambda each: each.figures.offered,
    "answered": lambda each: each.figures.answered,
    "lost": lambda each: each.figures.lost,
    "estimates": lambda each: each.figures.estimates,
    "service_level_pct": lambda each: _or_last(service_level_pct(each.figures)),
    "kept_p50_pct": lambda each: _or_last(kept_p50_pct(each.figures)),
    "kept_p90_pct": lambda each: _or_last(kept_p90_pct(each.figures)),
}


def _or_last(value: float | None) -> float:
    return -1.0 if value is None else value


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
