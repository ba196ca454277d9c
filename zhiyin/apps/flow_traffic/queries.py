"""Reading the traffic of flows: by node, by way out of a node, by hour, and what failed.

A day is one of the company's clock. Whose figures reach less than the company sees the flows that lead to a queue
within reach.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from zhiyin.apps.flow_traffic.errors import UnknownFlow
from zhiyin.apps.flow_traffic.models import FlowFailure, NodeTraffic, WayTraffic
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.monitoring.errors import TooManyDays
from zhiyin.apps.monitoring.queries import company_day, queues_in_reach
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.metrics.flow_traffic import NodeCounts

MOST_DAYS = 92
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
    within = flows_in_reach(actor)
    found = flows.list_flows(tenant=actor.tenant).filter(version__gt=0).order_by("name")
    return [flow for flow in found if within is None or flow.pk in within]


def nodes(*, actor: Actor, span: Span, flow_id: int | None = None, version: int | None = None) -> list[NodeRow]:
    """Return the figures of each node that anybody came to."""
    rows = _counted(NodeTraffic.objects.of(actor.tenant), actor, span, flow_id, version)
    found = rows.order_by().values("flow_id", "node", "kind").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    return [NodeRow(row["flow_id"], row["node"], row["kind"], _counts(row)) for row in found]


def ways(
    *, actor: Actor, span: Span, flow_id: int | None = None, version: int | None = None, node: str = ""
) -> list[WayRow]:
    """Return how the stays at each node ended."""
    rows = _counted(WayTraffic.objects.of(actor.tenant), actor, span, flow_id, version)
    if node:
        rows = rows.filter(node=node)
    found = list(rows.order_by().values_list("flow_id", "node", "kind", "end", "way").annotate(n=Sum("times")))
    of: dict[tuple[int, str], int] = {}
    for flow, name, _, _, _, times in found:
        of[flow, name] = of.get((flow, name), 0) + times
    return [WayRow(flow, name, kind, end, way, n, of[flow, name]) for flow, name, kind, end, way, n in found]


def hours(*, actor: Actor, span: Span, by: str, flow_id: int | None = None) -> list[HourRow]:
    """Return each flow's figures; ``by``: "hour", "day", or "hour_of_day" of all days together."""
    zone = ZoneInfo(actor.tenant.time_zone)
    rows = _counted(NodeTraffic.objects.of(actor.tenant), actor, span, flow_id, None).order_by()
    found: dict[tuple[int, datetime | None, int | None], NodeCounts] = {}
    for row in rows.values("flow_id", "quarter_at").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS}):
        local = row["quarter_at"].astimezone(zone)
        starts_at = local.replace(hour=0 if by == "day" else local.hour, minute=0)
        key = (None, local.hour) if by == "hour_of_day" else (starts_at, None)
        _include(found.setdefault((row["flow_id"], *key), NodeCounts()), _counts(row))
    return [HourRow(*key, counts) for key, counts in found.items()]


def require_flow(*, actor: Actor, flow_id: int) -> None:
    """Raises ``UnknownFlow`` where there is no such flow, or its figures are out of the actor's reach."""
    within = flows_in_reach(actor)
    if not flows.has_flow(tenant=actor.tenant, flow_id=flow_id) or (within is not None and flow_id not in within):
        raise UnknownFlow


def failures(
    *, actor: Actor, span: Span, flow_id: int | None = None, what: str = "", search: str = ""
) -> QuerySet[FlowFailure]:
    """Return what failed, ``search``: in the node or the cause."""
    rows: QuerySet[FlowFailure] = FlowFailure.objects.of(actor.tenant)
    rows = rows.filter(failed_at__gte=span.since, failed_at__lt=span.until)
    within = flows_in_reach(actor)
    if within is not None:
        rows = rows.filter(flow_id__in=within)
    if flow_id is not None:
        rows = rows.filter(flow_id=flow_id)
    if search:
        rows = rows.filter(Q(node__icontains=search) | Q(cause__icontains=search))
    return rows.filter(what=what) if what else rows


def drawn_counters(*, actor: Actor, span: Span, flow_id: int, version: int | None = None) -> dict[str, NodeCounts]:
    """Return the counters of each node as it is drawn: a sub-flow's own end are its node's.

    Of a sub-flow, who gave up, was served, or met a fault inside counts at the node that uses it; it was left when it
    gave the contact back: all that came and did none of these, and is not inside any more.
    """
    found: dict[str, NodeCounts] = {}
    for row in nodes(actor=actor, span=span, flow_id=flow_id, version=version):
        name, _, inside = row.node.partition("/")
        counts = found.setdefault(name, NodeCounts())
        if not inside:
            _include(counts, row.counts)
            continue
        here = row.counts.entered - _over(row.counts)
        counts.left -= here  # who is inside has not left
        for lost in ("served", "gave_up", "faults", "ended"):
            times = getattr(row.counts, lost)
            setattr(counts, lost, getattr(counts, lost) + times)
            counts.left -= times
        counts.failed_requests += row.counts.failed_requests
        counts.stay_ms += row.counts.stay_ms
    return found


def versions_with_traffic(*, actor: Actor, span: Span, flow_id: int) -> list[int]:
    rows = _counted(NodeTraffic.objects.of(actor.tenant), actor, span, flow_id, None)
    return sorted(rows.order_by().values_list("version", flat=True).distinct())


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


def _counted(rows: Any, actor: Actor, span: Span, flow_id: int | None, version: int | None) -> Any:
    rows = rows.filter(quarter_at__gte=span.since, quarter_at__lt=span.until)
    within = flows_in_reach(actor)
    if within is not None:
        rows = rows.filter(flow_id__in=within)
    if flow_id is not None:
        rows = rows.filter(flow_id=flow_id)
    return rows if version is None else rows.filter(version=version)


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
    return KINDS[kind].exits.get(exit_, ("", "")) if kind in KINDS else ("", "")


def all_kinds() -> list[tuple[str, tuple[str, str]]]:
    return [(kind, known.words) for kind, known in KINDS.items()]
