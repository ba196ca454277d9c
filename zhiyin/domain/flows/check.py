"""The proof before publishing: what would leave a caller stuck or in silence. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.panel import FieldKind


def find_problems(
    flow: Flow, *, prompts: Collection[str], known: Mapping[FieldKind, Collection[object]]
) -> tuple[FlowProblem, ...]:
    """Return every hole of the flow: unconnected exits, unreachable nodes, unknown prompts, settings that are not among
    those ``known`` of their kind, loops in which nothing is said, and no way to an end. An empty answer means it may be
    published."""
    problems: list[FlowProblem] = []
    for name, node in flow.nodes.items():
        problems += [FlowProblem("exit_open", name, exit_) for exit_ in node.exits if flow.next(name, exit_) is None]
        problems += [FlowProblem("unknown_prompt", name, key) for key in node.prompts if key not in prompts]
        problems += _unknown_settings(flow, name, known)
    roots = {flow.start, flow.handler or flow.start}
    reachable = set[str]().union(*(_reachable(flow, root) for root in roots))
    problems += [FlowProblem("unreachable", name) for name in flow.nodes if name not in reachable]
    problems += [FlowProblem("silent_loop", name) for name in sorted(_silent_loops(flow))]
    ends = {name for name, kind in flow.kinds.items() if KINDS[kind].is_end}
    problems += [FlowProblem("no_way_out", name) for name in sorted(reachable) if not _reachable(flow, name) & ends]
    return tuple(problems)


def _unknown_settings(flow: Flow, name: str, known: Mapping[FieldKind, Collection[object]]) -> list[FlowProblem]:
    """Return the fields of a node whose queue, hours or class the company does not have; "" and None name none."""
    node, problems = flow.nodes[name], []
    for field in KINDS[flow.kinds[name]].fields:
        value = getattr(node, field.attribute or field.name)
        if field.kind in known and value not in ("", None) and value not in known[field.kind]:
            problems.append(FlowProblem(f"unknown_{field.kind}", name, field.name))
    return problems


def _reachable(flow: Flow, start: str) -> set[str]:
    seen = {start}
    todo = [start]
    while todo:
        name = todo.pop()
        for exit_ in flow.nodes[name].exits:
            target = flow.next(name, exit_)
            if target is not None and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _silent_loops(flow: Flow) -> set[str]:
    """Return the nodes that can come back to themselves without any pause between."""
    silent = {name for name, kind in flow.kinds.items() if not KINDS[kind].is_pause}
    loops = set()
    for name in silent:
        todo = [name]
        seen: set[str] = set()
        while todo:
            here = todo.pop()
            for exit_ in flow.nodes[here].exits:
                target = flow.next(here, exit_)
                if target == name:
                    loops.add(name)
                elif target in silent and target not in seen:
                    seen.add(target)
                    todo.append(target)
    return loops
