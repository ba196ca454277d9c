"""Does every caller come to a person (a line, a message, a callback), and soon? Is something said when it is closed?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from zhiyin.domain.flows.check.paths import Ways, anywhere, edges_of, is_last, path_to, roots_of, ways_from
from zhiyin.domain.flows.graph import Flow, FlowProblem
from zhiyin.domain.flows.nodes import KINDS

CLOSED, OPEN = "closed", "open"


def person_problems(flow: Flow, ways: Ways, *, within: int) -> Iterator[FlowProblem]:
    """Yield where a call ends before a person was offered, and the first node at which more than ``within`` steps were
    heard without one. A flow that leads to nobody at all (an announcement, a survey) is not meant to."""
    persons = {name for name in ways if KINDS[flow.kinds[name]].is_person}
    if not persons:
        return
    alone = ways_from(flow, roots_of(flow), lambda node, _: node not in persons)
    for name in alone:
        if is_last(flow, name) and name not in persons:
            yield FlowProblem("no_person", name, path=path_to(alone, name))
    steps, ways_heard = _steps_heard(flow, persons)
    far = (name for name in alone if name not in persons and not is_last(flow, name))
    first = min((name for name in far if steps[name] > within), key=steps.__getitem__, default=None)
    if first is not None:
        yield FlowProblem("person_far", first, detail=str(within), path=path_to(ways_heard, first))


def _steps_heard(flow: Flow, persons: set[str]) -> tuple[dict[str, int], Ways]:
    """Return how many steps were heard at least when a node is come to, its own among them, and by which ways."""
    steps: dict[str, int] = {}
    ways: dict[str, tuple[str, str] | None] = {}
    todo: deque[tuple[str, int, tuple[str, str] | None]] = deque((root, 0, None) for root in roots_of(flow))
    while todo:
        node, before, came = todo.popleft()
        if node in steps:
            continue
        steps[node], ways[node] = before + KINDS[flow.kinds[node]].is_pause, came
        if node in persons:
            continue
        for exit_, target in edges_of(flow, node, anywhere):
            heard = KINDS[flow.kinds[target]].is_pause
            put = todo.append if heard else todo.appendleft
            put((target, steps[node], (node, exit_)))
    return steps, ways


def closed_problems(flow: Flow, ways: Ways) -> Iterator[FlowProblem]:
    """Yield the exits "closed" after which the call ends without a word, or which lead where "open" does."""
    for name in ways:
        if CLOSED not in flow.nodes[name].exits:
            continue
        target = flow.next(name, CLOSED)
        if target is None:
            continue
        if OPEN in flow.nodes[name].exits and target == flow.next(name, OPEN):
            yield FlowProblem("closed_as_open", name, CLOSED, path=(*path_to(ways, name), (name, CLOSED)))
            continue
        wordless = ways_from(flow, (target,), lambda node, _: _is_wordless(flow, node))
        ends = (node for node in wordless if is_last(flow, node) and _is_wordless(flow, node))
        end = next(ends, None)
        if end is not None:
            path = (*path_to(ways, name), (name, CLOSED), *path_to(wordless, end))
            yield FlowProblem("closed_in_silence", name, CLOSED, path=path)


def _is_wordless(flow: Flow, name: str) -> bool:
    return not flow.nodes[name].prompts and not KINDS[flow.kinds[name]].is_person
