"""Which flows use which: what publishing a flow takes in, who uses a flow, and of what there is a newer version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import F

from zhiyin.apps.flows.models import Flow, FlowVersion
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.flows.graph import FlowProblem
from zhiyin.domain.flows.inlining import Inlined, Published, flows_used, inline


@dataclass(frozen=True, slots=True)
class SubFlowUse:
    """A step of the version in force uses ``version`` of a flow; ``newest`` is in force by now."""

    node: str
    flow: int
    name: str
    version: int
    newest: int


def inline_draft(*, tenant: Tenant, flow_id: int | None, graph: Mapping[str, Any]) -> Inlined:
    """Return a draft with all that it uses, as in force now; what stands against that among its problems."""
    if not flows_used(graph):
        return Inlined(graph)
    versions = {row.flow_id: row for row in _in_force(tenant)}

    def load(flow: int) -> Published | None:
        row = versions.get(flow)
        return Published(row.version, row.inlined or row.graph) if row is not None else None

    circles = [
        FlowProblem("uses_itself", node, "flow")
        for node, flow in flows_used(graph).items()
        if flow_id is not None and flow_id in _all_used(flow, versions)
    ]
    if circles:
        return Inlined(graph, problems=tuple(circles))
    return inline(graph, load)


def _all_used(flow: int, versions: Mapping[int, FlowVersion]) -> set[int]:
    """Return this flow and all that it uses, directly or not."""
    found, todo = {flow}, [flow]
    while todo:
        row = versions.get(todo.pop())
        for use in row.uses if row is not None else ():
            if use["flow"] not in found:
                found.add(use["flow"])
                todo.append(use["flow"])
    return found


def _in_force(tenant: Tenant) -> list[FlowVersion]:
    return list(FlowVersion.objects.of(tenant).filter(version=F("flow__version")))


def as_drawn(problems: Iterable[FlowProblem]) -> tuple[FlowProblem, ...]:
    """Return problems of a graph with its sub-flows inlined as problems of what was drawn: those within a sub-flow are
    told of the step that uses it."""
    told = (replace(one, node=_outer(one.node) if one.node else None, path=_drawn_path(one.path)) for one in problems)
    return tuple(dict.fromkeys(told))


def _outer(node: str) -> str:
    return node.partition("/")[0]


def _drawn_path(path: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """A sub-flow is one step, left by the exit by which it gave back last."""
    steps: list[tuple[str, str]] = []
    for node, exit_ in path:
        if "/" in node and steps and steps[-1][0] == _outer(node):
            steps[-1] = (_outer(node), exit_)
        else:
            steps.append((_outer(node), exit_))
    return tuple(steps)


def to_rows(inlined: Inlined) -> list[dict[str, Any]]:
    """Return what a version uses, as it is kept with it."""
    return [asdict(use) for use in inlined.uses]


def uses_of(flow: Flow) -> list[SubFlowUse]:
    """Return what the version in force uses."""
    version = FlowVersion.objects.of(flow.tenant).filter(flow=flow, version=flow.version).first()
    if version is None or not version.uses:
        return []
    used = Flow.objects.of(flow.tenant).in_bulk({use["flow"] for use in version.uses})
    return [
        SubFlowUse(use["node"], use["flow"], used[use["flow"]].name, use["version"], used[use["flow"]].version)
        for use in version.uses
        if use["flow"] in used
    ]


def users_of(*, tenant: Tenant, flow_id: int) -> list[Flow]:
    """Return the flows that use this one, in force or in their draft, by name."""
    in_force = {row.flow_id for row in _in_force(tenant) if any(use["flow"] == flow_id for use in row.uses)}
    flows = Flow.objects.of(tenant).order_by("name")
    return [flow for flow in flows if flow.pk in in_force or flow_id in flows_used(flow.draft).values()]
