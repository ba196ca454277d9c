"""小休统计: rests by day, agent and reason. Durations in seconds; a day is one of the company's clock.

Pure. A rest belongs, whole, to the day on which it began: so a night's rest is one rest, and its overrun is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from zhiyin.domain.agents import AgentState
from zhiyin.domain.metrics.definitions import plus_s
from zhiyin.domain.metrics.facts import AgentSpan


class RestGroup(NamedTuple):
    """Whose rests for which reason on which day; ``reason`` is a code of the company's, "" where none was given."""

    day: date
    agent: int
    reason: str


@dataclass(slots=True)
class RestFigures:
    """Sums of the rests of one group."""

    rests: int = 0
    rest_s: float = 0.0
    rests_overrun: int = 0  # longer than planned
    overrun_s: float = 0.0  # spent after the planned end
    longest_s: float = 0.0

    def add(self, *, rest_s: float, overrun_s: float) -> None:
        """Count one whole rest."""
        self.rests += 1
        self.rest_s = plus_s(self.rest_s, rest_s)
        self.rests_overrun += overrun_s > 0
        self.overrun_s = plus_s(self.overrun_s, overrun_s)
        self.longest_s = max(self.longest_s, rest_s)


def overrun_s(stay: AgentSpan) -> float:
    """Return how much of the stay lies after its planned end; 0 where nobody said how long."""
    if stay.until is None:
        return 0.0
    return max(0.0, (stay.ended_at - max(stay.started_at, stay.until)).total_seconds())


def tally_rests(stays: Iterable[AgentSpan], *, zone: tzinfo) -> dict[RestGroup, RestFigures]:
    """Return the figures of each group. What is no rest is left out; the order of the stays does not matter.

    A rest that was interrupted (a lost connection) has several stays with one planned end, and is one rest.
    """
    parts: dict[tuple[int, str, datetime, bool], list[AgentSpan]] = {}
    for stay in stays:
        if stay.state is AgentState.REST:
            is_planned = stay.until is not None
            told_by = stay.until or stay.started_at
            parts.setdefault((stay.agent, stay.reason or "", told_by, is_planned), []).append(stay)
    figures: dict[RestGroup, RestFigures] = {}
    for (agent, reason, _, _), of_rest in parts.items():
        began = min(stay.started_at for stay in of_rest)
        group = RestGroup(began.astimezone(zone).date(), agent, reason)
        figures.setdefault(group, RestFigures()).add(
            rest_s=sum(stay.duration_s for stay in of_rest), overrun_s=sum(overrun_s(stay) for stay in of_rest)
        )
    return figures
