"""Loops that hold a caller: those in which nothing stands still, and those that who does nothing never leaves."""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.domain.flows.check.paths import Goes, Ways, edges_of, once_around, path_to, rings
from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.step import MAX_HOPS

#: So many nodes may follow each other in one instant: the interpreter's hops less the one a contact comes from, and the
#: one at which it stands still.
LONGEST_INSTANT = MAX_HOPS - 2


def loop_problems(flow: Flow, ways: Ways) -> Iterator[FlowProblem]:
    """Yield a problem for each ring in which a contact turns for ever, told by the node that is come to first."""
    instant = {name for name in ways if not KINDS[flow.kinds[name]].is_pause}

    def goes_instantly(node: str, _exit: str) -> bool:
        return node in instant

    silent = rings(flow, instant, goes_instantly)
    for ring in silent:
        yield _told("silent_loop", flow, ways, ring, goes_instantly)
    if not silent:
        yield from _instants_too_long(flow, ways, instant)

    held = rings(flow, ways, _is_unasked(flow))
    for ring in held:
        if not any(ring & other for other in silent):
            yield _told("endless_loop", flow, ways, ring, _is_unasked(flow))


def waiting_loops(flow: Flow, ways: Ways) -> Iterator[FlowProblem]:
    """Yield the rings that are left only by who is served while it waits in one of their lines."""
    goes = _is_unasked(flow, with_waits=True)
    bad = [*rings(flow, ways, _is_unasked(flow))]
    for ring in rings(flow, ways, goes):
        if not any(ring & other for other in bad):
            yield _told("waits_for_ever", flow, ways, ring, goes)


def _is_unasked(flow: Flow, *, with_waits: bool = False) -> Goes:
    """Return which exits a contact may be led by again and again without having chosen them."""

    def goes(node: str, exit_: str) -> bool:
        kind = KINDS[flow.kinds[node]]
        if exit_ in kind.limited or (exit_ in kind.waits and not with_waits):
            return False
        return exit_ not in kind.chosen_exits(flow.nodes[node])

    return goes


def _told(code: str, flow: Flow, ways: Ways, ring: set[str], goes: Goes) -> FlowProblem:
    first = next(name for name in ways if name in ring)  # they stand in the order in which they are come to
    return FlowProblem(code, first, path=(*path_to(ways, first), *once_around(flow, ring, first, goes)))


def _instants_too_long(flow: Flow, ways: Ways, instant: set[str]) -> Iterator[FlowProblem]:
    """Yield the first node at which more steps follow each other in one instant than the interpreter takes."""
    longest: dict[str, int] = {}
    for name in _last_first(flow, ways, instant):
        after = (longest[target] for _, target in edges_of(flow, name) if target in instant)
        longest[name] = 1 + max(after, default=0)
    for name in ways:
        if longest.get(name, 0) > LONGEST_INSTANT:
            yield FlowProblem("too_many_steps", name, path=path_to(ways, name))
            return


def _last_first(flow: Flow, ways: Ways, instant: set[str]) -> Iterator[str]:
    """Yield the instant nodes, each after those that it leads to; there is no ring among them."""
    seen: set[str] = set()
    for root in ways:
        if root not in instant or root in seen:
            continue
        seen.add(root)
        walk = [(root, edges_of(flow, root))]
        while walk:
            node, edges = walk[-1]
            target = next((target for _, target in edges if target in instant and target not in seen), None)
            if target is None:
                walk.pop()
                yield node
            else:
                seen.add(target)
                walk.append((target, edges_of(flow, target)))
