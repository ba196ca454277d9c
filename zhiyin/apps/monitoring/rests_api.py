"""HTTP of the figures of rests (小休): who rested how often, how long, and how much longer than planned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.monitoring import queries
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_entries
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.domain.metrics.rests import RestFigures, RestGroup

router = Router(tags=["figures"], auth=Needs(queries.READ))

COLUMNS = {
    "day": ("日期", "Day"),
    "agent_name": ("座席", "Agent"),
    "team_name": ("班组", "Team"),
    "reason_name": ("小休原因", "Reason"),
    "rests": ("次数", "Rests"),
    "rest_s": ("时长（秒）", "Time (s)"),
    "rests_overrun": ("超时次数", "Overruns"),
    "overrun_s": ("超时时长（秒）", "Overrun (s)"),
    "longest_s": ("最长一次（秒）", "Longest (s)"),
}


class RestDayOut(Schema):
    """An agent's rests for one reason that began on one day of the company's clock. Durations in seconds.

    ``team``: the agent's present one. ``reason``: its code; the names are the code where the reason is no more.
    """

    day: date
    agent: int
    agent_name: str
    team: int | None
    team_name: str
    reason: str
    reason_name: str
    reason_name_en: str
    rests: int
    rest_s: float
    #: how many lasted longer than planned
    rests_overrun: int
    #: how long after their planned ends
    overrun_s: float
    longest_s: float


class RestDayPage(Page[RestDayOut]):
    pass


class RestDaysIn(Schema):
    """Days of the company's clock, 31 at most, both ends included; today's while nothing is said."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class RestDayListIn(ListIn, RestDaysIn):
    """``reason``: its code. ``search``: an agent's name."""

    agent: int | None = None
    team: int | None = None
    reason: str | None = Field(default=None, max_length=40)


class RestingAgent(Schema):
    id: int
    name: str


class RestingReason(Schema):
    code: str
    name: str
    name_en: str


class RestChoices(Schema):
    """By what the rests of some days can be narrowed: who rested, removed agents too, and for which reasons."""

    agents: list[RestingAgent]
    reasons: list[RestingReason]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A group with what it is called: lists are sorted and searched by names."""

    group: RestGroup
    figures: RestFigures
    agent_name: str
    team: int | None
    team_name: str
    reason_names: tuple[str, str]


@router.get("/rests", operation_id="listRestFigures", response={200: RestDayPage, **problems(400)})
def list_rests(request: TenantRequest, listing: Query[RestDayListIn]) -> Any:
    """The rests of agents within reach, by day, agent and reason; one that goes on counts until now."""
    found = _read(request.actor, listing)
    wanted = listing.search.lower()
    shown = [
        each
        for each in found
        if listing.agent in (None, each.group.agent)
        and listing.team in (None, each.team)
        and listing.reason in (None, each.group.reason)
        and wanted in each.agent_name.lower()
    ]
    return answer_entries(
        request,
        shown,
        listing,
        key=lambda each: f"{each.group.day} {each.group.agent} {each.group.reason}",
        sortable=_SORTABLE,
        default_sort="-day",
        shape=_shape,
        columns=COLUMNS,
    )


@router.get("/rests/choices", operation_id="getRestChoices", response={200: RestChoices, **problems(400)})
def get_choices(request: TenantRequest, days: Query[RestDaysIn]) -> Any:
    """Who rested on these days and for which reasons, by name: also agents and reasons that were removed since."""
    found = _read(request.actor, days)
    agents = {each.group.agent: each.agent_name for each in found}
    reasons = {each.group.reason: each.reason_names for each in found}
    return RestChoices(
        agents=[RestingAgent(id=one, name=name) for one, name in sorted(agents.items(), key=lambda each: each[1])],
        reasons=[
            RestingReason(code=code, name=names[0], name_en=names[1])
            for code, names in sorted(reasons.items(), key=lambda each: each[1])
        ],
    )


def _read(actor: Actor, listing: RestDaysIn) -> list[_Entry]:
    tenant, now = actor.tenant, timezone.now()
    first, last = queries.days_asked(listing.since, listing.until, today=queries.company_day(tenant, now).since.date())
    within = users_in_reach(actor, queries.READ)
    found = queries.rests_by_day(tenant=tenant, first=first, last=last, now=now, within=within)
    agents = {group.agent for group in found}
    names = accounts.names_of(tenant=tenant, user_ids=agents)
    teams = accounts.teams_of_users(tenant=tenant, user_ids=agents)
    reasons = queues.reason_names(tenant=tenant) if found else {}
    return [
        _Entry(
            group,
            figures,
            agent_name=names[group.agent],
            team=teams[group.agent][0],
            team_name=teams[group.agent][1],
            reason_names=reasons.get(group.reason, (group.reason, group.reason)),
        )
        for group, figures in found.items()
        if group.agent in names and group.agent in teams
    ]


def _shape(entries: Sequence[_Entry]) -> list[RestDayOut]:
    return [
        RestDayOut(
            day=each.group.day,
            agent=each.group.agent,
            agent_name=each.agent_name,
            team=each.team,
            team_name=each.team_name,
            reason=each.group.reason,
            reason_name=each.reason_names[0],
            reason_name_en=each.reason_names[1],
            rests=each.figures.rests,
            rest_s=each.figures.rest_s,
            rests_overrun=each.figures.rests_overrun,
            overrun_s=each.figures.overrun_s,
            longest_s=each.figures.longest_s,
        )
        for each in entries
    ]


_SORTABLE: dict[str, Callable[[_Entry], Any]] = {
    "day": lambda each: each.group.day,
    "agent_name": lambda each: each.agent_name,
    "team_name": lambda each: each.team_name,
    "reason_name": lambda each: each.reason_names[0],
    "rests": lambda each: each.figures.rests,
    "rest_s": lambda each: each.figures.rest_s,
    "rests_overrun": lambda each: each.figures.rests_overrun,
    "overrun_s": lambda each: each.figures.overrun_s,
    "longest_s": lambda each: each.figures.longest_s,
}
