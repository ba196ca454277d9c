"""Reading the traffic of flows: by node, by way out of a node, by hour, and what failed.

A day is one of the company's clock. Whose figures reach less than the company sees the flows that lead to a queue
within reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Func, Min, Q, QuerySet, Sum, TextField, Value

from zhiyin.apps.flow_traffic.errors import UnknownFlow
from zhiyin.apps.flow_traffic.models import FlowFailure, NodeTraffic, WayTraffic, Whereabouts
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.monitoring.errors import TooManyDays
from zhiyin.apps.monitoring.queries import company_day, queues_in_reach
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.places import Place
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.metrics.flow_traffic import NodeCounts

MOST_DAYS = 92
#: the kind of the node by which a call comes into a flow
START = "start"
#: the kind of the node that hands a caller to a queue's line
QUEUE = "queue"
COUNTS = tuple(field.name for field in fields(NodeCounts))


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` up to, not including, ``until``."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class NodeRow:
    """The figures of a node, of one version or of all together."""

    flow: int
    node: str
    kind: str
    counts: NodeCounts


@dataclass(frozen=True, slots=True)
class WayRow:
    """How often the stays at a node ended in this way; ``of``: how many of them ended."""

    flow: int
    node: str
    kind: str
    end: str
    way: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class HourRow:
    """A flow's figures of one hour or day of the company's clock, or (``hour``) of that hour of all days."""

    flow: int
    starts_at: datetime | None
    hour: int | None
    counts: NodeCounts


def span_of_days(*, tenant: Tenant, first: date | None, last: date | None, now: datetime) -> Span:
    """Return the days, both included; today where none is named. Raises ``TooManyDays``."""
    today = company_day(tenant, now).since.date()
    last = last or max(today, first or today)
    first = first or last
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise TooManyDays(MOST_DAYS)
    zone = ZoneInfo(tenant.time_zone)
    until = datetime.combine(last, time.min, tzinfo=zone) + timedelta(days=1)
    return Span(datetime.combine(first, time.min, tzinfo=zone), until)


def flows_in_reach(actor: Actor) -> frozenset[int] | None:
    """Return the flows whose figures the actor may see; ``None``: all."""
    within = queues_in_reach(actor)
    return None if within is None else flows.flows_leading_to(tenant=actor.tenant, queue_ids=within)


def flows_shown(*, actor: Actor) -> list[Any]:
    """Return the flows in force whose figures the actor may see, by name."""
    within = _flows_with_figures(actor)
    found = flows.list_flows(tenant=actor.tenant).filter(version__gt=0).order_by("name")
    return [flow for flow in found if within is None or flow.pk in within]


def _flows_with_figures(actor: Actor) -> frozenset[int] | None:
    """Return the flows within reach, and those that they use; ``None``: all."""
    within = flows_in_reach(actor)
    return None if within is None else within | flows.used_flows(tenant=actor.tenant).used_by(within)


def nodes(*, actor: Actor, span: Span, flow_id: int | None = None, version: int | None = None) -> list[NodeRow]:
    """Return the figures of each node that anybody came to; of one flow also where other flows use it."""
    found: dict[tuple[int, str, str], NodeCounts] = {}
    for placed in _placed(actor, span, flow_id):
        if version in (None, placed.at.version):
            _include(found.setdefault((placed.at.flow, placed.at.node, placed.kind), NodeCounts()), placed.counts)
    return [NodeRow(*key, counts) for key, counts in found.items()]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A node of a version: ``at`` as the flow names it that was asked for; ``called``: the flow of the call."""

    called: int
    at: Place
    kind: str
    counts: NodeCounts


def _placed(actor: Actor, span: Span, flow_id: int | None) -> list[_Placed]:
    reading = _Reading(actor, flow_id)
    rows = reading.filtered(NodeTraffic.objects.of(actor.tenant), span).order_by()
    totals = rows.values("flow_id", "version", "node", "kind").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    found = []
    for row in totals:
        at, counts = reading.place(row["flow_id"], row["version"], row["node"]), _counts(row)
        if at is None:
            continue
        if at.is_used:  # into a flow that is used a call comes by its start
            counts.came = counts.entered if row["kind"] == START and "/" not in at.node else 0
        found.append(_Placed(row["flow_id"], at, row["kind"], counts))
    return found


def ways(
    *, actor: Actor, span: Span, flow_id: int | None = None, version: int | None = None, node: str = ""
) -> list[WayRow]:
    """Return how the stays at each node ended; of one flow also where other flows use it."""
    reading = _Reading(actor, flow_id)
    rows = reading.filtered(WayTraffic.objects.of(actor.tenant), span).order_by()
    if node:
        rows = rows.filter(Q(node=node) | Q(node__endswith=f"/{node}"))
    found: dict[tuple[int, str, str, str, str], int] = {}
    totals = rows.values_list("flow_id", "version", "node", "kind", "end", "way").annotate(n=Sum("times"))
    for flow, of_version, name, kind, end, way, times in totals:
        at = reading.place(flow, of_version, name)
        if at is None or version not in (None, at.version) or (node and at.node != node):
            continue
        key = (at.flow, at.node, kind, end, way)
        found[key] = found.get(key, 0) + times
    of: dict[tuple[int, str], int] = {}
    for (flow, name, _, _, _), times in found.items():
        of[flow, name] = of.get((flow, name), 0) + times
    return [WayRow(*key, times, of[key[0], key[1]]) for key, times in found.items()]


def hours(*, actor: Actor, span: Span, by: str, flow_id: int | None = None) -> list[HourRow]:
    """Return each flow's figures, of one also where other flows use it; ``by``: "hour", "day", or "hour_of_day" of all
    days together."""
    zone = ZoneInfo(actor.tenant.time_zone)
    found: dict[tuple[int, datetime | None, int | None], NodeCounts] = {}
    for flow, quarter_at, counts in _by_quarter(actor, span, flow_id):
        local = quarter_at.astimezone(zone)
        starts_at = local.replace(hour=0 if by == "day" else local.hour, minute=0)
        key = (None, local.hour) if by == "hour_of_day" else (starts_at, None)
        _include(found.setdefault((flow, *key), NodeCounts()), counts)
    return [HourRow(*key, counts) for key, counts in found.items()]


def _by_quarter(actor: Actor, span: Span, flow_id: int | None) -> Iterator[tuple[int, datetime, NodeCounts]]:
    """Yield what came of all nodes together; those of a flow that is used are told apart by the step that uses it."""
    reading = _Reading(actor, flow_id)
    rows = reading.filtered(NodeTraffic.objects.of(actor.tenant), span).order_by()
    sums = {f"sum_{name}": Sum(name) for name in COUNTS}
    if not reading.users:
        for row in rows.values("flow_id", "quarter_at").annotate(**sums):
            yield row["flow_id"], row["quarter_at"], _counts(row)
        return
    user = Func(F("node"), Value("[^/]*$"), Value(""), function="regexp_replace", output_field=TextField())
    rows = rows.annotate(user=user).values("flow_id", "version", "user", "quarter_at")
    for row in rows.annotate(**sums, starts=Sum("entered", filter=Q(kind=START))):
        at, counts = reading.place(row["flow_id"], row["version"], f"{row['user']}{START}"), _counts(row)
        if at is None:
            continue
        if at.is_used:
            counts.came = (row["starts"] or 0) if "/" not in at.node else 0
        yield at.flow, row["quarter_at"], counts


def require_flow(*, actor: Actor, flow_id: int) -> None:
    """Raises ``UnknownFlow`` where there is no such flow, or its figures are out of the actor's reach."""
    within = _flows_with_figures(actor)
    if not flows.has_flow(tenant=actor.tenant, flow_id=flow_id) or (within is not None and flow_id not in within):
        raise UnknownFlow


def failures(
    *,
    actor: Actor,
    span: Span,
    flow_id: int | None = None,
    what: str = "",
    service_id: int | None = None,
    search: str = "",
) -> QuerySet[FlowFailure]:
    """Return what failed, ``search``: in the node or the cause."""
    rows: QuerySet[FlowFailure] = FlowFailure.objects.of(actor.tenant)
    rows = rows.filter(failed_at__gte=span.since, failed_at__lt=span.until)
    within = flows_in_reach(actor)
    if within is not None:
        rows = rows.filter(flow_id__in=within)
    if flow_id is not None:
        rows = rows.filter(_in_flow(actor.tenant, flow_id))
    if search:
        rows = rows.filter(Q(node__icontains=search) | Q(cause__icontains=search))
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return rows.filter(what=what) if what else rows


@dataclass(frozen=True, slots=True)
class StepNow:
    """``callers`` are at a node now, the first of them since ``since``."""

    flow: int
    node: str
    kind: str
    callers: int
    since: datetime


def steps_now(*, actor: Actor) -> list[StepNow]:
    """Return where callers in automatic service are, in the flows within reach, the fullest step first.

    Who waits in a queue's line is not in automatic service any more. As old as the projection: a second or two.
    """
    rows = Whereabouts.objects.of(actor.tenant).filter(node__isnull=False).exclude(kind=QUEUE)
    within = flows_in_reach(actor)
    if within is not None:
        rows = rows.filter(flow_id__in=within)
    totals = rows.order_by().values_list("flow_id", "node", "kind").annotate(n=Count("pk"), first=Min("since"))
    return sorted((StepNow(*row) for row in totals), key=lambda step: (-step.callers, step.since))


def _in_flow(tenant: Tenant, flow_id: int) -> Q:
    """What happened in a flow, called by itself or used by another."""
    versions: dict[tuple[int, str], list[int]] = {}
    for user, version, step in flows.used_flows(tenant=tenant).ways_into(flow_id):
        versions.setdefault((user, step), []).append(version)
    asked = Q(flow_id=flow_id)
    for (user, step), of in sorted(versions.items()):
        asked |= Q(flow_id=user, version__in=of, node__startswith=f"{step}/")
    return asked


@dataclass(frozen=True, slots=True)
class FlowCounters:
    """``nodes``: as drawn. ``versions``: those with traffic. ``came_by``: flow called -> how often that led here."""

    nodes: dict[str, NodeCounts]
    versions: list[int]
    came_by: dict[int, int]


def drawn_counters(*, actor: Actor, span: Span, flow_id: int, version: int | None = None) -> FlowCounters:
    """Return the counters of each node as it is drawn, also where other flows use this one.

    Of a sub-flow, who gave up, was served, or met a fault inside counts at the node that uses it; it was left when it
    gave the contact back: all that came and did none of these, and is not inside any more.
    """
    found: dict[str, NodeCounts] = {}
    came_by: dict[int, int] = {}
    placed = _placed(actor, span, flow_id)
    for row in placed:
        if version not in (None, row.at.version):
            continue
        if row.counts.came:
            came_by[row.called] = came_by.get(row.called, 0) + row.counts.came
        name, _, inside = row.at.node.partition("/")
        counts = found.setdefault(name, NodeCounts())
        if inside:
            _include_inside(counts, row.counts)
        else:
            _include(counts, row.counts)
    return FlowCounters(found, sorted({row.at.version for row in placed}), came_by)


def _include_inside(counts: NodeCounts, inside: NodeCounts) -> None:
    counts.left -= inside.entered - _over(inside)  # who is inside has not left
    for lost in ("served", "gave_up", "faults", "ended"):
        times = getattr(inside, lost)
        setattr(counts, lost, getattr(counts, lost) + times)
        counts.left -= times
    counts.failed_requests += inside.failed_requests
    counts.stay_ms += inside.stay_ms


def _over(counts: NodeCounts) -> int:
    return counts.left + counts.served + counts.gave_up + counts.faults + counts.ended


def still_there(counts: NodeCounts) -> int:
    """Return how many stays are not over."""
    return counts.entered - _over(counts)


def average_stay_s(counts: NodeCounts) -> float | None:
    over = _over(counts)
    return counts.stay_ms / over / 1000 if over else None


def share_pct(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


class _Reading:
    """How rows are read: all flows as they were called, or one flow with whatever uses it."""

    def __init__(self, actor: Actor, flow_id: int | None) -> None:
        self._flow_id = flow_id
        self._within = flows_in_reach(actor)
        self._used = None if flow_id is None else flows.used_flows(tenant=actor.tenant)
        #: the flows that use the one asked for
        self.users = frozenset[int]() if self._used is None or flow_id is None else self._used.users_of(flow_id)

    def filtered(self, rows: Any, span: Span) -> Any:
        rows = rows.filter(quarter_at__gte=span.since, quarter_at__lt=span.until)
        if self._within is not None:
            rows = rows.filter(flow_id__in=self._within)
        return rows if self._flow_id is None else rows.filter(flow_id__in={self._flow_id, *self.users})

    def place(self, flow: int, version: int, node: str) -> Place | None:
        called = Place(flow, version, node)
        if self._used is None or self._flow_id is None:
            return called
        return self._used.place_in(self._flow_id, called)


def _counts(row: dict[str, Any]) -> NodeCounts:
    return NodeCounts(**{name: row[f"sum_{name}"] or 0 for name in COUNTS})


def _include(total: NodeCounts, more: NodeCounts) -> None:
    for name in COUNTS:
        setattr(total, name, getattr(total, name) + getattr(more, name))


def kind_words(kind: str) -> tuple[str, str]:
    """Return what a kind of node is called, in Chinese and English."""
    return KINDS[kind].words if kind in KINDS else (kind, kind)


def exit_words(kind: str, exit_: str) -> tuple[str, str]:
    """Return what an exit is called that every node of the kind has; ("", "") for one that a flow named itself."""
    if exit_ == BY_SHORTCUT:
        return KINDS["shortcut"].words
    return KINDS[kind].exits.get(exit_, ("", "")) if kind in KINDS else ("", "")


def all_kinds() -> list[tuple[str, tuple[str, str]]]:
    return [(kind, known.words) for kind, known in KINDS.items()]
