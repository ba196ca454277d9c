"""Reading flows and hours, and what the engine is told of them and of prompts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F, QuerySet

from zhiyin.apps.flows import calendars, prompt_library
from zhiyin.apps.flows.models import Flow, FlowVersion, Hours
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import FlowSetting, HoursSetting
from zhiyin.domain.business_hours import Hours as OpeningHours
from zhiyin.domain.flows.places import UsedFlows

CALLER_CLASS = "caller_class"


def list_flows(*, tenant: Tenant, search: str = "") -> QuerySet[Flow]:
    rows: QuerySet[Flow] = Flow.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def list_hours(*, tenant: Tenant, search: str = "") -> QuerySet[Hours]:
    rows: QuerySet[Hours] = Hours.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def opening_hours(*, tenant: Tenant, hours_id: int) -> tuple[OpeningHours, str] | None:
    """Return a calendar and its time zone ("": the company's); None where it is not there."""
    row = Hours.objects.of(tenant).filter(pk=hours_id).first()
    if row is None:
        return None
    weekly = tuple(_spans(day) for day in row.weekly)
    return OpeningHours(weekly, {day: _spans(spans) for day, spans in row.dates.items()}), row.time_zone


def list_versions(*, tenant: Tenant, flow_id: int) -> QuerySet[FlowVersion]:
    return FlowVersion.objects.of(tenant).filter(flow_id=flow_id)


def graph_of(*, tenant: Tenant, flow_id: int, version: int) -> dict[str, Any] | None:
    """Return the graph of one published version, or None where there is no such."""
    return (
        FlowVersion.objects.of(tenant).filter(flow_id=flow_id, version=version).values_list("graph", flat=True).first()
    )


def flows_for_customer_classes(tenant: Tenant, class_ids: Collection[int]) -> list[str]:
    """Return the names of the flows in force with a step that tells these classes of customers apart."""
    asked = set(class_ids)
    versions = FlowVersion.objects.of(tenant).filter(version=F("flow__version")).select_related("flow")
    return sorted(row.flow.name for row in versions if asked & set(_customer_classes_in(_as_it_runs(row))))


def _customer_classes_in(graph: Mapping[str, Any]) -> Iterator[int]:
    for node in graph.get("nodes", ()):
        if node.get("kind") == CALLER_CLASS:
            for group in node.get("config", {}).get("groups", ()):
                yield from group.get("customer_classes") or ()


def running_graph_of(*, tenant: Tenant, flow_id: int, version: int) -> dict[str, Any] | None:
    """Return one published version as it runs, with the nodes of its sub-flows; None where there is no such."""
    row = FlowVersion.objects.of(tenant).filter(flow_id=flow_id, version=version).first()
    return _as_it_runs(row) if row is not None else None


def has_flow(*, tenant: Tenant, flow_id: int) -> bool:
    return Flow.objects.of(tenant).filter(pk=flow_id).exists()


def flow_names(*, tenant: Tenant, flow_ids: Iterable[int]) -> dict[int, str]:
    return dict(Flow.objects.of(tenant).filter(pk__in=set(flow_ids)).values_list("pk", "name"))


def flows_leading_to(*, tenant: Tenant, queue_ids: Collection[int]) -> frozenset[int]:
    """Return the flows in force that have a step for one of these queues, in sub-flows too."""
    wanted = set(queue_ids)
    in_force = set(Flow.objects.of(tenant).filter(version__gt=0).values_list("pk", "version"))
    return frozenset(
        row.flow_id
        for row in FlowVersion.objects.of(tenant).filter(flow_id__in={flow for flow, _ in in_force})
        if (row.flow_id, row.version) in in_force and wanted & _queues_named(_as_it_runs(row))
    )


def used_flows(*, tenant: Tenant) -> UsedFlows:
    """Return what every version of the company's flows uses, also those that are in force no more."""
    rows = FlowVersion.objects.of(tenant).exclude(uses=[]).values_list("flow_id", "version", "uses")
    return UsedFlows(
        {(flow, version): {use["node"]: (use["flow"], use["version"]) for use in uses} for flow, version, uses in rows}
    )


def _queues_named(graph: Mapping[str, Any]) -> set[int]:
    named = {(node.get("config") or {}).get("queue") for node in graph["nodes"]}
    return {queue for queue in named if isinstance(queue, int)}


def are_open(*, tenant: Tenant, at: datetime) -> dict[int, bool]:
    """Return of each calendar whether it is open at an instant."""
    return {row.pk: calendars.now_of(row, tenant=tenant, now=at).is_open for row in Hours.objects.of(tenant)}


def engine_section(tenant: Tenant) -> dict[str, Any]:
    return {
        "flows": tuple(_published_flows(tenant)),
        "hours": tuple(
            HoursSetting(
                id=row.pk,
                name=row.name,
                weekly=tuple(_spans(day) for day in row.weekly),
                dates={date: _spans(spans) for date, spans in row.dates.items()},
                time_zone=row.time_zone,
            )
            for row in Hours.objects.of(tenant).order_by("pk")
        ),
        "prompts": tuple(prompt_library.engine_prompts(tenant)),
    }


def _spans(day: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((begins, ends) for begins, ends in day)


def _as_it_runs(version: FlowVersion) -> dict[str, Any]:
    graph: dict[str, Any] = version.inlined or version.graph
    return graph


def _published_flows(tenant: Tenant) -> list[FlowSetting]:
    versions = {(row.flow_id, row.version): row for row in FlowVersion.objects.of(tenant)}
    return [
        FlowSetting(
            id=flow.pk,
            version=flow.version,
            name=flow.name,
            graph=msgspec.Raw(msgspec.json.encode(_as_it_runs(versions[flow.pk, flow.version]))),
        )
        for flow in Flow.objects.of(tenant).filter(version__gt=0).order_by("pk")
    ]
