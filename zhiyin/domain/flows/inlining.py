"""Sub-flows: a flow is published with the nodes of every flow that it uses, under "node/...". Pure.

So the record, the proof, and an engine that takes a call over know one flat flow. A sub-flow's own handler of errors
is left out: the flow that is called decides where a contact goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhiyin.domain.flows.graph import FlowProblem

SUB_FLOW, RETURN, ON_ERROR = "sub_flow", "return", "on_error"
#: So deep may flows use one another, and so many nodes may a published flow have.
MAX_DEPTH = 5
MAX_NODES = 2000

Graph = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A flow as published: ``graph`` is inlined already."""

    version: int
    graph: Graph


@dataclass(frozen=True, slots=True)
class Use:
    """A node uses a version of a flow."""

    node: str
    flow: int
    version: int


@dataclass(frozen=True, slots=True)
class Inlined:
    graph: Graph
    uses: tuple[Use, ...] = ()
    problems: tuple[FlowProblem, ...] = ()


def flows_used(graph: Graph) -> dict[str, int]:
    """Return the flow that each node of a drawn graph uses; a draft may hold anything."""
    nodes = graph.get("nodes") or ()
    drawn = [node for node in nodes if isinstance(node, Mapping) and node.get("kind") == SUB_FLOW]
    used = {str(node.get("id")): (node.get("config") or {}).get("flow") for node in drawn}
    return {name: flow for name, flow in used.items() if type(flow) is int}


def inline(graph: Graph, load: Callable[[int], Published | None]) -> Inlined:
    """Return the graph with all that it uses. ``load`` returns what is in force of a flow, None for nothing."""
    nodes, edges = list(graph.get("nodes") or ()), list(graph.get("edges") or ())
    uses: list[Use] = []
    problems: list[FlowProblem] = []
    for name, flow in flows_used(graph).items():
        published = load(flow)
        if published is None:
            problems.append(FlowProblem("unknown_flow", name, "flow"))
            continue
        uses.append(Use(name, flow, published.version))
        inner, joints = _prefixed(name, published.graph)
        ways = {edge["exit"]: edge["to"] for edge in edges if edge["from"] == name}
        edges = [edge for edge in edges if edge["from"] != name]
        edges.append({"from": name, "exit": "enter", "to": f"{name}/{published.graph['start']}"})
        edges += [{**edge, "to": ways[edge["exit"]]} for edge in joints if edge["exit"] in ways]
        edges += inner["edges"]
        nodes = [_told(node) if node.get("id") == name else node for node in nodes] + inner["nodes"]
        if any(node["id"].count("/") > MAX_DEPTH for node in inner["nodes"]):
            problems.append(FlowProblem("too_deep", name, "flow"))
    if len(nodes) > MAX_NODES:
        problems.append(FlowProblem("too_many_nodes"))
    return Inlined({**graph, "nodes": nodes, "edges": edges}, tuple(uses), tuple(problems))


def _told(node: Mapping[str, Any]) -> dict[str, Any]:
    return {**node, "config": {**(node.get("config") or {}), "is_inlined": True}}


def _prefixed(name: str, graph: Graph) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a caller can reach of a sub-flow under ``name``, and the ways back, which lead nowhere yet."""
    reached = _reached(graph)
    nodes, joints = [], []
    for node in graph["nodes"]:
        if node["id"] not in reached:
            continue
        prefixed = {**node, "id": f"{name}/{node['id']}"}
        if node["kind"] == RETURN and not (node.get("config") or {}).get("is_inlined"):
            outcome = (node.get("config") or {}).get("outcome", "done")
            prefixed = _told(prefixed)
            joints.append({"from": prefixed["id"], "exit": outcome})
        nodes.append(prefixed)
    edges = [
        {**edge, "from": f"{name}/{edge['from']}", "to": f"{name}/{edge['to']}"}
        for edge in graph["edges"]
        if edge["from"] in reached
    ]
    return {"nodes": nodes, "edges": edges}, joints


def _reached(graph: Graph) -> set[str]:
    ways: dict[str, list[str]] = {}
    for edge in graph["edges"]:
        ways.setdefault(edge["from"], []).append(edge["to"])
    reached, todo = {graph["start"]}, [graph["start"]]
    while todo:
        for to in ways.get(todo.pop(), ()):
            if to not in reached:
                reached.add(to)
                todo.append(to)
    return reached
