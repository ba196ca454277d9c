"""HTTP of flows' traffic: figures of nodes, of the ways out of them, of hours, what failed, and how it stands now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from ninja import Query, Router

from zhiyin.apps.channels import queries as channels
from zhiyin.apps.external_services import queries as external_services
from zhiyin.apps.flow_traffic import queries
from zhiyin.apps.flow_traffic.devices import devices_of
from zhiyin.apps.flow_traffic.models import FlowFailure
from zhiyin.apps.flow_traffic.schemas import (
    FAILURE_COLUMNS,
    HOUR_COLUMNS,
    NODE_COLUMNS,
    WAY_COLUMNS,
    CountersIn,
    DaysIn,
    DeviceOut,
    DevicesOut,
    FlowCountersOut,
    FlowFailureIn,
    FlowFailureOut,
    FlowFailurePage,
    HourTrafficIn,
    HourTrafficOut,
    HourTrafficPage,
    NodeTrafficIn,
    NodeTrafficOut,
    NodeTrafficPage,
    StepNowOut,
    StepsNowOut,
    TrafficFlowOut,
    TrafficFlowsOut,
    WayTrafficIn,
    WayTrafficOut,
    WayTrafficPage,
)
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.monitoring.queries import READ
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_entries, answer_list
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.metrics.flow_traffic import NodeCounts

router = Router(tags=["flow-traffic"], auth=Needs(READ))

#: how far back failures are shown while nothing is said
LATELY = timedelta(hours=1)


def _counts(counts: NodeCounts) -> dict[str, Any]:
    return {
        **{name: getattr(counts, name) for name in queries.COUNTS if name != "stay_ms"},
        "still_there": queries.still_there(counts),
        "gave_up_pct": queries.share_pct(counts.gave_up, counts.entered),
        "average_stay_s": queries.average_stay_s(counts),
    }


def _span(actor: Actor, asked: DaysIn | CountersIn) -> queries.Span:
    return queries.span_of_days(tenant=actor.tenant, first=asked.since, last=asked.until, now=timezone.now())


def _named(actor: Actor, rows: Sequence[Any]) -> dict[int, str]:
    return flows.flow_names(tenant=actor.tenant, flow_ids={row.flow for row in rows})


def _of_node(row: Any, names: Mapping[int, str]) -> dict[str, Any]:
    words = queries.kind_words(row.kind)
    return {
        "flow": row.flow,
        "flow_name": names.get(row.flow, ""),
        "node": row.node,
        "kind": row.kind,
        "kind_name": words[0],
        "kind_name_en": words[1],
    }


def _or_last(value: float | None) -> float:
    return -1.0 if value is None else value


def _ranks(names: Sequence[str]) -> dict[str, Callable[[Any], Any]]:
    """Return how rows with counts are sorted."""

    def rank(name: str) -> Callable[[Any], Any]:
        return lambda row: _or_last(_counts(row.counts)[name])

    return {name: rank(name) for name in names}


_SORTED = _ranks([*(name for name in queries.COUNTS if name != "stay_ms"), "gave_up_pct", "average_stay_s"])


@router.get("/nodes", operation_id="listNodeTraffic", response={200: NodeTrafficPage, **problems(400)})
def list_nodes(request: TenantRequest, listing: Query[NodeTrafficIn]) -> Any:
    """What came of contacts at each node of the flows within reach."""
    actor = request.actor
    found = queries.nodes(actor=actor, span=_span(actor, listing), flow_id=listing.flow, version=listing.version)
    names, wanted = _named(actor, found), listing.search.lower()
    shown = [row for row in found if any(wanted in word.lower() for word in (row.node, *queries.kind_words(row.kind)))]
    return answer_entries(
        request,
        shown,
        listing,
        key=lambda row: f"{row.flow} {row.node}",
        sortable=_SORTED | {"flow_name": lambda row: names.get(row.flow, ""), "node": lambda row: row.node},
        default_sort="-entered",
        shape=lambda rows: [NodeTrafficOut(**_of_node(row, names), **_counts(row.counts)) for row in rows],
        columns=NODE_COLUMNS,
    )


@router.get("/ways", operation_id="listWayTraffic", response={200: WayTrafficPage, **problems(400)})
def list_ways(request: TenantRequest, listing: Query[WayTrafficIn]) -> Any:
    """By which exits, and how else, contacts left the nodes."""
    actor, span = request.actor, _span(request.actor, listing)
    found = queries.ways(actor=actor, span=span, flow_id=listing.flow, version=listing.version, node=listing.node)
    names, wanted = _named(actor, found), listing.search.lower()

    def shape(rows: Sequence[queries.WayRow]) -> list[WayTrafficOut]:
        return [
            WayTrafficOut(
                **_of_node(row, names),
                end=row.end,
                way=row.way,
                way_name=queries.exit_words(row.kind, row.way)[0] if row.end == "left" else "",
                way_name_en=queries.exit_words(row.kind, row.way)[1] if row.end == "left" else "",
                times=row.times,
                share_pct=queries.share_pct(row.times, row.of),
            )
            for row in rows
        ]

    return answer_entries(
        request,
        [row for row in found if wanted in row.way.lower()],
        listing,
        key=lambda row: f"{row.flow} {row.node} {row.end} {row.way}",
        sortable={
            "times": lambda row: row.times,
            "node": lambda row: row.node,
            "way": lambda row: (row.end, row.way),
            "share_pct": lambda row: row.times / row.of,
            "flow_name": lambda row: names.get(row.flow, ""),
        },
        default_sort="-times",
        shape=shape,
        columns=WAY_COLUMNS,
    )


@router.get("/hours", operation_id="listHourTraffic", response={200: HourTrafficPage, **problems(400)})
def list_hours(request: TenantRequest, listing: Query[HourTrafficIn]) -> Any:
    """How many contacts came into each flow, by hour, by day or by the hour of the day, and what came of them."""
    actor = request.actor
    found = queries.hours(actor=actor, span=_span(actor, listing), by=listing.by, flow_id=listing.flow)
    names, wanted = _named(actor, found), listing.search.lower()

    def shape(rows: Sequence[queries.HourRow]) -> list[HourTrafficOut]:
        return [
            HourTrafficOut(
                flow=row.flow,
                flow_name=names.get(row.flow, ""),
                starts_at=row.starts_at,
                hour=row.hour,
                **_counts(row.counts) | {"gave_up_pct": queries.share_pct(row.counts.gave_up, row.counts.came)},
            )
            for row in rows
        ]

    def when(row: queries.HourRow) -> float:
        return row.starts_at.timestamp() if row.starts_at is not None else float(row.hour or 0)

    ranks: dict[str, Callable[[queries.HourRow], Any]] = {
        **_SORTED,
        "gave_up_pct": lambda row: _or_last(queries.share_pct(row.counts.gave_up, row.counts.came)),
        "flow_name": lambda row: names.get(row.flow, ""),
        "starts_at": when,
        "hour": when,
    }
    return answer_entries(
        request,
        [row for row in found if wanted in names.get(row.flow, "").lower()],
        listing,
        key=lambda row: f"{row.flow} {when(row)}",
        sortable=ranks,
        default_sort="hour" if listing.by == "hour_of_day" else "-starts_at",
        shape=shape,
        columns=HOUR_COLUMNS,
    )


@router.get("/failures", operation_id="listFlowFailures", response={200: FlowFailurePage, **problems()})
def list_failures(request: TenantRequest, listing: Query[FlowFailureIn]) -> Any:
    """Requests of nodes that failed or came too late, and nodes that could not go on; the newest first."""
    actor = request.actor
    until = listing.until or timezone.now()
    since = listing.since or until - LATELY
    rows = queries.failures(
        actor=actor,
        span=queries.Span(since, until),
        flow_id=listing.flow,
        what=listing.what,
        service_id=listing.service,
        search=listing.search,
    )

    def shape(page: Sequence[FlowFailure]) -> list[FlowFailureOut]:
        names = flows.flow_names(tenant=actor.tenant, flow_ids={row.flow_id for row in page}) if page else {}
        asked = {row.service_id for row in page if row.service_id is not None}
        services = external_services.service_names(tenant=actor.tenant, service_ids=asked) if asked else {}
        return [_failure(row, names, services) for row in page]

    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("failed_at", "node", "what", "outcome", "cause")},
        default_sort="-failed_at",
        shape=shape,
        columns=FAILURE_COLUMNS,
    )


def _failure(row: FlowFailure, names: Mapping[int, str], services: Mapping[int, str]) -> FlowFailureOut:
    words = queries.kind_words(row.kind)
    return FlowFailureOut(
        id=row.pk,
        interaction=row.interaction_id,
        flow=row.flow_id,
        flow_name=names.get(row.flow_id, ""),
        version=row.version,
        node=row.node,
        kind=row.kind,
        kind_name=words[0],
        kind_name_en=words[1],
        failed_at=row.failed_at,
        what=row.what,
        outcome=row.outcome,
        cause=row.cause,
        service=row.service_id,
        service_name=services.get(row.service_id or 0, ""),
    )


@router.get("/now", operation_id="getStepsNow", response={200: StepsNowOut, **problems()})
def get_steps_now(request: TenantRequest) -> Any:
    """How many callers are at each step of the flows within reach, the fullest first, a second or two ago.

    Numbers of telephones and single contacts are not told: whoever has come to no queue yet belongs to no team.
    """
    found = queries.steps_now(actor=request.actor)
    names = _named(request.actor, found)
    return {"items": [StepNowOut(**_of_node(row, names), callers=row.callers, since=row.since) for row in found]}


@router.get("/devices", operation_id="getIvrDevices", response={200: DevicesOut, **problems()})
def get_devices(request: TenantRequest) -> Any:
    """How it stands with the telephone nodes that carry the calls, and with the trunks by which they come."""
    return {"items": [DeviceOut.from_orm(device) for device in devices_of(request.actor.tenant)]}


@router.get("/flows", operation_id="getTrafficFlows", response={200: TrafficFlowsOut, **problems()})
def get_flows(request: TenantRequest) -> Any:
    """The flows in force whose figures are within reach, and the names of trunks."""
    actor = request.actor
    return {
        "items": [TrafficFlowOut.from_orm(flow) for flow in queries.flows_shown(actor=actor)],
        "trunks": list(channels.list_trunks(tenant=actor.tenant).order_by("pk")),
        "services": list(external_services.services_that_flows_ask(tenant=actor.tenant)),
        "kinds": [{"kind": kind, "name": words[0], "name_en": words[1]} for kind, words in queries.all_kinds()],
    }


@router.get("/flows/{flow_id}", operation_id="getFlowCounters", response={200: FlowCountersOut, **problems(400, 404)})
def get_counters(request: TenantRequest, flow_id: int, asked: Query[CountersIn]) -> Any:
    """The counters of each step that anybody came to, for the canvas."""
    actor = request.actor
    queries.require_flow(actor=actor, flow_id=flow_id)
    span = _span(actor, asked)
    found = queries.drawn_counters(actor=actor, span=span, flow_id=flow_id, version=asked.version)
    names = flows.flow_names(tenant=actor.tenant, flow_ids=found.came_by)
    most_first = sorted(found.came_by.items(), key=lambda entry: (-entry[1], entry[0]))
    return {
        "since": span.since,
        "until": span.until,
        "versions": found.versions,
        "nodes": [{"node": node, **_counts(counts)} for node, counts in sorted(found.nodes.items())],
        "came_by": [{"flow": flow, "flow_name": names.get(flow, ""), "came": came} for flow, came in most_first],
    }
