"""Walking a flow: the shortest ways to its nodes, and the rings in it. Linear in nodes and edges."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from zhiyin.domain.flows.graph import Flow, FlowPath
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT, is_open

#: Whether the walk goes on from a node by an exit.
Goes = Callable[[str, str], bool]
#: Whence each node was come to: (node, exit), None for where the walk began.
Ways = Mapping[str, tuple[str, str] | None]


def anywhere(_node: str, _exit: str) -> bool:
    """Go by every exit."""
    return True


def edges_of(flow: Flow, node: str, goes: Goes = anywhere) -> Iterator[tuple[str, str]]:
    """Yield the (exit, next node) of a node, the flow's shortcut among them; an exit that leads nowhere is left out."""
    for exit_ in flow.nodes[node].exits:
        target = flow.next(node, exit_)
        if target is not None and goes(node, exit_):
            yield exit_, target
    if flow.shortcut is not None and goes(node, BY_SHORTCUT) and is_open(flow, node):
        yield BY_SHORTCUT, flow.shortcut


def roots_of(flow: Flow) -> tuple[str, ...]:
    """Return where a contact may come in: the start, and the handler of errors."""
    return (flow.start,) if flow.handler is None else (flow.start, flow.handler)


def is_last(flow: Flow, node: str) -> bool:
    """Return whether the contact may leave the flow here for good: people see to it, or there is no way on."""
    kind = KINDS[flow.kinds[node]]
    return kind.is_end and (kind.is_person or not flow.nodes[node].exits)


def ways_from(flow: Flow, roots: Iterable[str], goes: Goes = anywhere) -> Ways:
    """Return every node that is come to from ``roots``, each by its shortest way."""
    ways: dict[str, tuple[str, str] | None] = dict.fromkeys(roots)
    todo = deque(ways)
    while todo:
        node = todo.popleft()
        for exit_, target in edges_of(flow, node, goes):
            if target not in ways:
                ways[target] = (node, exit_)
                todo.append(target)
    return ways


def path_to(ways: Ways, node: str) -> FlowPath:
    """Return the (node, exit) by which ``node`` is come to, from where the walk began."""
    path = []
    came = ways.get(node)
    while came is not None:
        path.append(came)
        came = ways[came[0]]
    return tuple(reversed(path))


def rings(flow: Flow, nodes: Collection[str], goes: Goes) -> list[set[str]]:
    """Return the largest sets of ``nodes`` in which each leads back to each (Tarjan's, without recursion)."""
    found: list[set[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()

    def open_node(node: str) -> tuple[str, Iterator[str]]:
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        return node, iter([target for _, target in edges_of(flow, node, goes) if target in nodes])

    for root in nodes:
        if root in index:
            continue
        walk = [open_node(root)]
        while walk:
            node, targets = walk[-1]
            target = next(targets, None)
            if target is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == index[node]:
                    ring = _close(stack, on_stack, node)
                    if len(ring) > 1 or any(back == node for _, back in edges_of(flow, node, goes)):
                        found.append(ring)
            elif target not in index:
                walk.append(open_node(target))
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    return found


def _close(stack: list[str], on_stack: set[str], first: str) -> set[str]:
    ring: set[str] = set()
    while first not in ring:
        node = stack.pop()
        on_stack.discard(node)
        ring.add(node)
    return ring


def once_around(flow: Flow, ring: Collection[str], first: str, goes: Goes) -> FlowPath:
    """Return the shortest way from ``first`` through its ring back to it."""
    ways: dict[str, tuple[str, str] | None] = {first: None}
    todo = deque([first])
    while todo:
        node = todo.popleft()
        for exit_, target in edges_of(flow, node, goes):
            if target == first:
                return (*path_to(ways, node), (node, exit_))
            if target in ring and target not in ways:
                ways[target] = (node, exit_)
                todo.append(target)
    return ()
