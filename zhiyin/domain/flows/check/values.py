"""Values that a node reads before any other has kept them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhiyin.domain.flows.check.paths import Goes, Ways, path_to, roots_of, ways_from
from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.kind import values_kept, values_read
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.flows.step import ERROR_VALUE


def unset_values(flow: Flow, ways: Ways, *, given: Collection[str] = ()) -> Iterator[FlowProblem]:
    """Yield each value that a contact may come to a node without, though the node reads it; ``given`` are there from
    the beginning."""
    readers: dict[str, list[str]] = {}
    for name in ways:
        for value in sorted(values_read(flow.nodes[name])):
            if value not in given:
                readers.setdefault(value, []).append(name)
    for value, names in readers.items():
        roots = [root for root in roots_of(flow) if not (root == flow.handler and value == ERROR_VALUE)]
        without = ways_from(flow, roots, _keeps_not(flow, value))
        for name in names:
            if name in without:
                yield FlowProblem("value_unset", name, value, path=path_to(without, name))


def _keeps_not(flow: Flow, value: str) -> Goes:
    def goes(node: str, exit_: str) -> bool:
        is_without = exit_ == BY_SHORTCUT or exit_ in KINDS[flow.kinds[node]].without
        return is_without or value not in values_kept(flow.nodes[node])

    return goes
