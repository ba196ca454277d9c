"""The contacts that wait for an agent of one company, each with its place. Synchronous; belongs to the routing desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.routing.matching import Waiting


class WaitingLine:
    """A contact keeps its place from joining to leaving, also while it is being offered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def __len__(self) -> int:
        return len(self._waiting)

    def get(self, interaction: str) -> Waiting | None:
        return self._waiting.get(interaction)

    def of_queue(self, queue: int) -> list[Waiting]:
        return [waiting for waiting in self if waiting.queue == queue]

    def place(self, interaction: str) -> int:
        """Return how many are before this contact in its queue; 0 for one that does not wait."""
        mine = self._waiting.get(interaction)
        if mine is None:
            return 0
        return sum(other.queue == mine.queue and other.order < mine.order for other in self)

    def join(self, interaction: str, wish: JoinLine, queued_at: datetime) -> None:
        self._waiting[interaction] = Waiting(
            interaction=interaction,
            queue=wish.queue,
            queued_at=queued_at,
            priority=wish.priority,
            skills=wish.skills,
            only_agent=wish.only_agent,
            is_offered=wish.is_offered,
            is_consult=wish.is_consult,
            refused_by=wish.refused_by,
        )

    def leave(self, interaction: str) -> None:
        """Leave; one that does not wait is no error."""
        self._waiting.pop(interaction, None)

    def mark_offered(self, interaction: str) -> None:
        """An agent is being rung: nobody else is to be."""
        self._change(interaction, is_offered=True)

    def wait_on(self, interaction: str, *, refused_by: frozenset[int]) -> None:
        """The offer came to nothing; those who refused are not asked again."""
        self._change(interaction, is_offered=False, refused_by=refused_by)

    def _change(self, interaction: str, *, is_offered: bool, refused_by: frozenset[int] | None = None) -> None:
        waiting = self._waiting.get(interaction)
        if waiting is not None:
            refused = waiting.refused_by if refused_by is None else refused_by
            self._waiting[interaction] = replace(waiting, is_offered=is_offered, refused_by=refused)
