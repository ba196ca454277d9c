"""How many of each queue's members are in which state, kept as agents change: with a thousand agents, whoever asks how
a queue is staffed (each caller's promise, each row of the board) does not go through all of them.

Belongs to the routing desk; synchronous. Costs a step for each queue of the agent who changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.domain.agents import BUSY, SIGNED_IN, AgentState
from zhiyin.domain.routing.queues import QueueRule

#: Who may be offered a contact at once.
FREE = frozenset({AgentState.READY})
#: Who takes contacts: free, or back after the one that is being worked on.
AT_WORK = BUSY | FREE
#: Who is there for callers at all, sooner or later.
PRESENT = SIGNED_IN - {AgentState.LOST}


class Headcounts:
    def __init__(self, queues: Mapping[int, QueueRule]) -> None:
        self._states: dict[int, AgentState] = {}
        self._queues_of: dict[int, list[int]] = {}
        self._counts: dict[int, dict[AgentState, int]] = {}
        self.set_queues(queues)

    def set_queues(self, queues: Mapping[int, QueueRule]) -> None:
        """Count anew: queues and their members may differ."""
        self._queues_of, self._counts = {}, {queue: {} for queue in queues}
        for queue, rule in queues.items():
            for member in rule.members:
                self._queues_of.setdefault(member, []).append(queue)
        for agent, state in self._states.items():
            self._add(agent, state, 1)

    def follow(self, agent: int, state: AgentState) -> None:
        """The agent is in this state now, a member of any queue or of none."""
        before = self._states.get(agent)
        if before is state:
            return
        if before is not None:
            self._add(agent, before, -1)
        self._states[agent] = state
        self._add(agent, state, 1)

    def _add(self, agent: int, state: AgentState, one: int) -> None:
        for queue in self._queues_of.get(agent, ()):
            counts = self._counts[queue]
            counts[state] = counts.get(state, 0) + one

    def count(self, queue: int, states: frozenset[AgentState]) -> int:
        """Return how many members of the queue are in one of these states; none of an unknown queue."""
        return sum(count for state, count in self._counts.get(queue, {}).items() if state in states)
