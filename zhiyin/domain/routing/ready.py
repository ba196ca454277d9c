"""The ready members of a queue, kept in order, so that a choice does not look at every member.

Chooses as ``matching.choose_agent`` does among the same agents: same agent, same record.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import datetime

from zhiyin.domain.routing.matching import NAMED, Candidate, Choice, Waiting, choose_agent, idle_order, to_choice


class ReadyAgents:
    """Ready agents of one queue, longest idle first."""

    def __init__(self) -> None:
        self._agents: dict[int, Candidate] = {}
        self._order: list[tuple[datetime, int]] = []

    def __len__(self) -> int:
        return len(self._agents)

    def put(self, agent: Candidate) -> None:
        """Take an agent in, or its new idle time or skills."""
        self.drop(agent.id)
        self._agents[agent.id] = agent
        insort(self._order, idle_order(agent))

    def drop(self, agent: int) -> None:
        """Take an agent out; one that is not in is no error."""
        known = self._agents.pop(agent, None)
        if known is not None:
            del self._order[bisect_left(self._order, idle_order(known))]

    def choose(self, waiting: Waiting, *, now: datetime) -> Choice | None:
        """Return the longest idle able agent, or None: the caller waits on."""
        if waiting.skills or waiting.only_agent is not None:
            return choose_agent(waiting, self._agents.values(), now=now)
        refused = sum(agent in self._agents for agent in waiting.refused_by)
        first: list[Candidate] = []
        for _, agent in self._order:
            if agent not in waiting.refused_by:
                first.append(self._agents[agent])
                if len(first) > NAMED:
                    break
        return to_choice(waiting, first, able=len(self._agents) - refused, unskilled=0, refused=refused, now=now)
