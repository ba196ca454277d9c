"""A flow as data: reading its JSON into nodes and edges. What is wrong with it is found in check.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhiyin.domain.flows.nodes import BadNode, Node, read_node

FORMAT = 1
#: In the names of nodes that stand within a sub-flow (inlining.py): the flow that is called has the shortcut.
_IN_SUB_FLOW = "/"


#: A way through a flow: the nodes passed, each with the exit it was left by.
FlowPath = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """One thing wrong with a flow: ``code`` is translated by the page, ``node`` and ``field`` say where, ``detail``
    what besides. ``path``: the shortest way on which a caller meets it; of a loop, also once around."""

    code: str
    node: str | None = None
    field: str | None = None
    detail: str = ""
    path: FlowPath = ()


class BadFlow(Exception):
    """The JSON is not a flow; ``problems`` say why, all of them at once."""

    def __init__(self, problems: tuple[FlowProblem, ...]) -> None:
        super().__init__(", ".join(f"{p.node or '-'}: {p.code}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow ready to run. ``kinds`` has each node's kind; ``edges`` maps (node, exit) to the next node.

    ``handler``: the node at which a contact goes on when another fails; None: the call is ended with an apology.
    ``shortcut``: the node to which phrases and keys lead from any step.
    """

    start: str
    nodes: Mapping[str, Node]
    kinds: Mapping[str, str]
    edges: Mapping[tuple[str, str], str]
    handler: str | None = None
    shortcut: str | None = None

    def next(self, node: str, exit_: str) -> str | None:
        return self.edges.get((node, exit_))


def read_flow(document: Mapping[str, Any]) -> Flow:
    """Return the flow of a JSON document. Raises ``BadFlow`` naming every node that cannot be read."""
    problems: list[FlowProblem] = []
    if document.get("format") != FORMAT:
        raise BadFlow((FlowProblem("unknown_format"),))
    nodes: dict[str, Node] = {}
    kinds: dict[str, str] = {}
    for entry in document.get("nodes") or ():
        name = str(entry.get("id", ""))
        if not name or name in kinds:
            problems.append(FlowProblem("bad_id", name or None))
            continue
        kinds[name] = str(entry.get("kind"))
        try:
            nodes[name] = read_node(kinds[name], entry.get("config") or {})
        except BadNode as error:
            problems.append(FlowProblem(error.why, name, error.field))
    edges: dict[tuple[str, str], str] = {}
    for edge in document.get("edges") or ():
        source, exit_, target = str(edge.get("from")), str(edge.get("exit")), str(edge.get("to"))
        if source not in kinds or target not in kinds:
            problems.append(FlowProblem("edge_to_nowhere", source if source in kinds else None, exit_))
        elif (source, exit_) in edges:
            problems.append(FlowProblem("exit_used_twice", source, exit_))
        edges[source, exit_] = target
    start = str(document.get("start", ""))
    if kinds.get(start) != "start":
        problems.append(FlowProblem("no_start"))
    handlers = [name for name, kind in kinds.items() if kind == "on_error"]
    problems += [FlowProblem("second_handler", name) for name in handlers[1:]]
    shortcuts = [name for name, kind in kinds.items() if kind == "shortcut" and _IN_SUB_FLOW not in name]
    problems += [FlowProblem("second_shortcut", name) for name in shortcuts[1:]]
    if problems:
        raise BadFlow(tuple(problems))
    handler, shortcut = next(iter(handlers), None), next(iter(shortcuts), None)
    return Flow(start=start, nodes=nodes, kinds=kinds, edges=edges, handler=handler, shortcut=shortcut)
