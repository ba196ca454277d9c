"""Agents of several queues, and the numbers by which the queues are called: the same on both sides of a bench."""

from __future__ import annotations

from dataclasses import dataclass

#: the first queue's; the others' follow
NUMBER = "4008001234"


@dataclass(frozen=True, slots=True)
class Layout:
    """``members`` of ``agents`` are in each of ``queues``; no agent is in more than one queue more than another."""

    agents: int
    queues: int = 1
    members: int | None = None

    def __post_init__(self) -> None:
        if self.queues < 1 or not 1 <= self.each <= self.agents:
            raise ValueError(f"{self.queues} queues of {self.each} cannot be made of {self.agents} agents")

    @property
    def each(self) -> int:
        """Return how many are in a queue."""
        return self.agents if self.members is None else self.members

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(str(int(NUMBER) + queue) for queue in range(self.queues))

    def members_of(self, queue: int) -> tuple[int, ...]:
        """Return the numbers, from 1, of the agents in the queue, from 0: the next ones in a round of all."""
        first = queue * self.each
        return tuple(sorted((first + one) % self.agents + 1 for one in range(self.each)))
