"""A history and its trace as words: one line each, virtual instants first."""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.config.simulation.history import History
from zhiyin.config.simulation.run import Outcome

_SIGNS = {"request": "->", "fact": "<-", "event": "==", "wish": " ?", "answer": " !", "WRONG": "**"}


def trace_lines(outcome: Outcome, *, last: int | None = None) -> Iterator[str]:
    """Yield the trace: requests ``->``, facts ``<-``, events ``==``, wishes ``?``, refusals ``!``, wrong ``**``."""
    trace = outcome.trace if last is None else outcome.trace[-last:]
    for at_s, kind, what in trace:
        yield f"{at_s:10.3f} {_SIGNS.get(kind, '  ')} {kind:8} {what}"


def history_lines(history: History) -> Iterator[str]:
    yield f"seed {history.seed}, {history.agents} agents, {len(history.steps)} steps"
    for step in history.steps:
        yield f"{step.at_s:10.3f}    {step.do} {step.dice}"
