"""Choose which agent is offered a waiting contact, and which contact a free agent is offered.

Required skills first, longest idle first; the line goes by priority, then by who waits longest. Ties go to
the lower id, so that a replayed trace gives the same answer. Durations in seconds, instants aware.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

RULE = "longest_idle"
VERSION = 1
#: How many of the others a decision record names.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """One contact in a line. ``only_agent``: meant for this agent alone; ``is_customer``: not where an agent asks."""

    interaction: str
    queue: int | None
    queued_at: datetime
    priority: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    refused_by: frozenset[int] = frozenset()
    only_agent: int | None = None
    is_offered: bool = False
    is_customer: bool = True

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The place in line: smaller comes first."""
        return (-self.priority, self.queued_at, self.interaction)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready agent. ``skills`` maps a skill to the agent's level (1-10)."""

    id: int
    idle_since: datetime
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, and ``why``: the record that explains it later."""

    agent: int
    why: dict[str, object]


def is_able(waiting: Waiting, agent: Candidate) -> bool:
    """Return whether the agent has every required skill and has not refused this contact."""
    if agent.id in waiting.refused_by:
        return False
    if waiting.only_agent is not None:
        return agent.id == waiting.only_agent
    if not waiting.skills:
        return True
    return all(agent.skills.get(skill, 0) >= level for skill, level in waiting.skills.items())


def idle_order(agent: Candidate) -> tuple[datetime, int]:
    """Who has been idle longest comes first."""
    return (agent.idle_since, agent.id)


def choose_agent(waiting: Waiting, ready: Iterable[Candidate], *, now: datetime) -> Choice | None:
    """Return the longest idle able agent of ``ready`` (the queue's ready members), or None: the caller waits on."""
    able: list[Candidate] = []
    unskilled = refused = 0
    for agent in ready:
        if is_able(waiting, agent):
            able.append(agent)
        elif agent.id in waiting.refused_by:
            refused += 1
        else:
            unskilled += 1
    first = heapq.nsmallest(1 + NAMED, able, key=idle_order)
    return to_choice(waiting, first, able=len(able), unskilled=unskilled, refused=refused, now=now)


def to_choice(
    waiting: Waiting, first: Sequence[Candidate], *, able: int, unskilled: int, refused: int, now: datetime
) -> Choice | None:
    """Return the choice of the first of ``first`` (able agents, longest idle first) with its decision record."""
    if not first:
        return None
    chosen, *others = first
    why: dict[str, object] = {
        "rule": "only_agent" if waiting.only_agent is not None else RULE,
        "version": VERSION,
        "waited_s": round((now - waiting.queued_at).total_seconds(), 3),
        "idle_s": round((now - chosen.idle_since).total_seconds(), 3),
        "able": able,
        "unskilled": unskilled,
        "refused": refused,
        "next": [{"agent": other.id, "idle_s": round((now - other.idle_since).total_seconds(), 3)} for other in others],
    }
    return Choice(chosen.id, why)


def choose_waiting(agent: Candidate, lines: Iterable[Waiting]) -> Waiting | None:
    """Return the first contact in line that ``agent`` may be offered. ``lines``: all of the agent's queues."""
    fit = (waiting for waiting in lines if not waiting.is_offered and is_able(waiting, agent))
    return min(fit, key=lambda waiting: waiting.order, default=None)
