"""The proof before publishing: what would trap a caller, and what is better seen to. Pure; linear in the flow's size.

What is proven is the graph: that the world may send a contact by any exit at any time, as it likes. So two nodes that
ask for the same hours may be thought open and closed in the same call; a flow is refused rather than a caller trapped.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhiyin.domain.flows.check.loops import loop_problems, waiting_loops
from zhiyin.domain.flows.check.paths import edges_of, is_last, path_to, roots_of, ways_from
from zhiyin.domain.flows.check.persons import closed_problems, person_problems
from zhiyin.domain.flows.check.settings import missing_voices, unknown_settings
from zhiyin.domain.flows.check.values import unset_values
from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes.panel import FieldKind

__all__ = ["PERSON_WITHIN", "find_problems", "find_warnings"]

#: After so many steps heard a caller should have been offered a person, where the company says nothing else.
PERSON_WITHIN = 5


def find_problems(
    flow: Flow, *, prompts: Collection[str], known: Mapping[FieldKind, Collection[object]]
) -> tuple[FlowProblem, ...]:
    """Return every hole of the flow: unconnected exits, unreachable nodes, unknown prompts, settings that are not among
    those ``known`` of their kind, loops that hold a caller, and no way to an end. An empty answer means it may be
    published. ``path``: the shortest way on which a caller comes to the hole."""
    ways = ways_from(flow, roots_of(flow))
    problems: list[FlowProblem] = []
    for name, node in flow.nodes.items():
        path = path_to(ways, name)
        problems += [
            FlowProblem("exit_open", name, exit_, path=(*path, (name, exit_)))
            for exit_ in node.exits
            if flow.next(name, exit_) is None
        ]
        problems += [FlowProblem("unknown_prompt", name, key, path=path) for key in node.prompts if key not in prompts]
        problems += unknown_settings(flow, name, known, path)
    problems += [FlowProblem("unreachable", name) for name in flow.nodes if name not in ways]
    problems += loop_problems(flow, ways)
    leads_out = _leading_out(flow)
    problems += [FlowProblem("no_way_out", name, path=path_to(ways, name)) for name in ways if name not in leads_out]
    return tuple(problems)


def find_warnings(
    flow: Flow,
    *,
    voices: Mapping[str, Collection[str]],
    languages: Collection[str],
    person_within: int | None = PERSON_WITHIN,
    values: Collection[str] = (),
) -> tuple[FlowProblem, ...]:
    """Return what does not keep the flow from being published, and is better seen to: calls that end, or go on for
    long, without a person offered (``person_within`` steps; None: nobody minds), a closed company that says nothing,
    prompts that lack a language, values read before they are kept (``values``: those there from the beginning),
    and lines that are left only to be joined again."""
    ways = ways_from(flow, roots_of(flow))
    problems = [*waiting_loops(flow, ways), *closed_problems(flow, ways)]
    if person_within is not None:
        problems += person_problems(flow, ways, within=person_within)
    problems += unset_values(flow, ways, given=values)
    problems += missing_voices(flow, ways, voices, languages)
    return tuple(problems)


def _leading_out(flow: Flow) -> set[str]:
    """Return the nodes from which an end can be come to."""
    back: dict[str, list[str]] = {}
    for name in flow.nodes:
        for _, target in edges_of(flow, name):
            back.setdefault(target, []).append(name)
    found = {name for name in flow.nodes if is_last(flow, name)}
    todo = list(found)
    while todo:
        for before in back.get(todo.pop(), ()):
            if before not in found:
                found.add(before)
                todo.append(before)
    return found
