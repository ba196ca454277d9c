"""Loops that hold a caller: those in which nothing stands still, and those that who does nothing never leaves."""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.domain.flows.check.paths import Goes, Ways, edges_of, once_around, path_to, rings
from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.flows.step import MAX_HOPS

#: So many nodes may follow each other in one instant: the interpreter's hops less the one a contact comes from, and the
#: one at which it stands still.
LONGEST_INSTANT = MAX_HOPS - 2


def loop_problems(flow: Flow, ways: Ways) -> Iterator[FlowProblem]:
    """Yield a problem for each ring in which a contact turns for ever, told by the node that is come to first."""
    instant = {name for name in ways if not KINDS[flow.kinds[name]].stands_still(flow.nodes[name])}

    def goes_instantly(node: str, exit_: str) -> bool:
        return node in instant and exit_ not in (BY_SHORTCUT, *KINDS[flow.kinds[node]].limited)

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
        if exit_ == BY_SHORTCUT or exit_ in kind.limited or (exit_ in kind.waits and not with_waits):
            return False
        return exit_ not in kind.chosen_exits(flow.nodes[node])

    return goes


def _told(code: str, flow: Flow, ways: Ways, ring: set[str], goes: Goes) -> FlowProblem:
    first = next(name for name in ways if name in ring)  # they stand in the order in which they are come to
    return FlowProblem(code, first, path=(*path_to(ways, first), *once_around(flow, ring, first, goes)))


def _instants_too_long(flow: Flow, ways: Ways, instant: set[str]) -> Iterator[FlowProblem]:
    """Yield the first node at which more steps may follow each other in one instant than the interpreter takes."""
    longest = _Longest(flow, instant)
    for name in ways:
        if name in instant and longest.is_too_long(name):
            yield FlowProblem("too_many_steps", name, path=path_to(ways, name))
            return


def _is_drawn(_node: str, exit_: str) -> bool:
    """Whether the flow itself goes by this exit; the shortcut begins an instant of its own."""
    return exit_ != BY_SHORTCUT


#: More ways through limited loops than this count as too long.
_MOST_STATES = 5_000
_Passes = tuple[tuple[str, int], ...]


class _Longest:
    """The most steps that may follow each other in one instant; the only rings among them are of limited loops."""

    def __init__(self, flow: Flow, instant: set[str]) -> None:
        self._flow, self._instant = flow, instant
        self._after: dict[tuple[str, _Passes], int] = {}

    def is_too_long(self, root: str) -> bool:
        return self._steps(root, (), 0) > LONGEST_INSTANT

    def _steps(self, node: str, passes: _Passes, before: int) -> int:
        """Return the steps from ``node`` on; what lies beyond the bound is not counted further."""
        known = self._after.get((node, passes))
        if known is not None:
            return known
        if before > LONGEST_INSTANT or len(self._after) > _MOST_STATES:
            return LONGEST_INSTANT + 1
        steps = 1
        for exit_, target in edges_of(self._flow, node, _is_drawn):
            taken = self._pass(node, exit_, passes)
            if target in self._instant and taken is not None:
                steps = max(steps, 1 + self._steps(target, taken, before + 1))
        self._after[node, passes] = steps
        return steps

    def _pass(self, node: str, exit_: str, passes: _Passes) -> _Passes | None:
        """Return the passes when ``node`` was left by this exit; None where it was taken often enough."""
        kind = KINDS[self._flow.kinds[node]]
        if exit_ not in kind.limited:
            return passes
        counted = dict(passes)
        counted[node] = counted.get(node, 0) + 1
        return tuple(sorted(counted.items())) if counted[node] <= kind.limit_of(self._flow.nodes[node]) else None
