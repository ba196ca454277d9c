"""The proof before publishing: what would leave a caller stuck or in silence. Pure."""

from __future__ import annotations

from collections.abc import Collection

from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes.deferred import CallbackNode, VoicemailNode
from zhiyin.domain.flows.nodes.hang_up import HangUp
from zhiyin.domain.flows.nodes.hours import HoursNode
from zhiyin.domain.flows.nodes.queue import QueueNode

#: Nodes at which a contact stands still (it is spoken to or waits): a loop without one never ends.
_PAUSES = frozenset({"play", "menu", "queue", "voicemail", "callback", "rate", "hang_up"})
_FOR_A_QUEUE = QueueNode | VoicemailNode | CallbackNode


def find_problems(
    flow: Flow,
    *,
    prompts: Collection[str],
    queues: Collection[int],
    hours: Collection[int],
    classes: Collection[str] = (),
) -> tuple[FlowProblem, ...]:
    """Return every hole of the flow: unconnected exits, unreachable nodes, unknown queues, prompts, hours and classes,
    loops in which nothing is said, and no way to an end. An empty answer means it may be published."""
    problems: list[FlowProblem] = []
    for name, node in flow.nodes.items():
        problems += [FlowProblem("exit_open", name, exit_) for exit_ in node.exits if flow.next(name, exit_) is None]
        problems += [FlowProblem("unknown_prompt", name, key) for key in node.prompts if key not in prompts]
        if isinstance(node, _FOR_A_QUEUE) and node.queue not in queues:
            problems.append(FlowProblem("unknown_queue", name, "queue"))
        if isinstance(node, QueueNode) and node.class_code and node.class_code not in classes:
            problems.append(FlowProblem("unknown_class", name, "class"))
        if isinstance(node, HoursNode) and node.hours not in hours:
            problems.append(FlowProblem("unknown_hours", name, "hours"))
    reachable = _reachable(flow, flow.start)
    problems += [FlowProblem("unreachable", name) for name in flow.nodes if name not in reachable]
    problems += [FlowProblem("silent_loop", name) for name in sorted(_silent_loops(flow))]
    ends = {
        name for name, node in flow.nodes.items() if isinstance(node, HangUp | QueueNode | VoicemailNode | CallbackNode)
    }
    for name in sorted(reachable):
        if not (_reachable(flow, name) & ends):
            problems.append(FlowProblem("no_way_out", name))
    return tuple(problems)


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
    silent = {name for name, kind in flow.kinds.items() if kind not in _PAUSES}
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
