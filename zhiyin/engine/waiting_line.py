"""The contacts that wait for an agent of one company, each with its place. Synchronous; belongs to the routing desk.

What waits and where, as boards and announcements show it; who is given what, the router decides.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from zhiyin.domain.calls.effects import JoinLine

#: ``Waiting.order``
Place = tuple[int, datetime, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One contact in a line. ``only_agent``: meant for this agent alone; ``is_customer``: not where an agent asks."""

    interaction: str
    queue: int | None
    queued_at: datetime
    priority: int = 0
    refused_by: frozenset[int] = frozenset()
    only_agent: int | None = None
    is_offered: bool = False
    is_customer: bool = True
    also: tuple[int, ...] = ()  # queues whose agents are asked too

    @property
    def order(self) -> Place:
        """The place in line: smaller comes first."""
        return (-self.priority, self.queued_at, self.interaction)


class WaitingLine:
    """A contact keeps its place from joining to leaving, also while it is being offered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        #: each queue's places in order; a place ends with the contact's id
        self._places: dict[int | None, list[Place]] = {}

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def __len__(self) -> int:
        return len(self._waiting)

    def get(self, interaction: str) -> Waiting | None:
        return self._waiting.get(interaction)

    def of_queue(self, queue: int) -> list[Waiting]:
        """Return a queue's contacts, first in line first."""
        return [self._waiting[interaction] for *_, interaction in self._places.get(queue, ())]

    def place(self, interaction: str) -> int:
        """Return how many are before this contact in its queue; 0 for one that does not wait."""
        mine = self._waiting.get(interaction)
        return bisect_left(self._places[mine.queue], mine.order) if mine is not None else 0

    def would_be(self, interaction: str, queue: int, priority: int, since: datetime) -> int:
        """Return how many are before this contact in the queue, or would be if it joined now."""
        mine = self._waiting.get(interaction)
        if mine is not None and mine.queue == queue:
            return self.place(interaction)
        return bisect_left(self._places.get(queue, []), (-priority, since, interaction))

    def join(self, interaction: str, wish: JoinLine, queued_at: datetime) -> None:
        self.leave(interaction)
        waiting = self._waiting[interaction] = Waiting(
            interaction=interaction,
            queue=wish.queue,
            queued_at=queued_at,
            priority=wish.priority,
            only_agent=wish.only_agent,
            is_offered=bool(wish.asked),
            is_customer=wish.is_customer,
            refused_by=wish.refused_by,
            also=wish.also,
        )
        insort(self._places.setdefault(waiting.queue, []), waiting.order)

    def leave(self, interaction: str) -> None:
        """Leave; one that does not wait is no error."""
        waiting = self._waiting.pop(interaction, None)
        if waiting is not None:
            places = self._places[waiting.queue]
            del places[bisect_left(places, waiting.order)]

    def ask_also(self, interaction: str, queues: tuple[int, ...]) -> Waiting | None:
        """Let these queues' agents be asked as well; return the contact, if it waits."""
        waiting = self._waiting.get(interaction)
        if waiting is None:
            return None
        waiting = self._waiting[interaction] = replace(waiting, also=queues)
        return waiting

    def mark_offered(self, interaction: str) -> None:
        """An agent is being rung: nobody else is to be."""
        self._change(interaction, is_offered=True)

    def wait_on(self, interaction: str, *, refused_by: frozenset[int], is_offered: bool = False) -> None:
        """An offer came to nothing; those who refused are not asked again. ``is_offered``: others are asked still."""
        self._change(interaction, is_offered=is_offered, refused_by=refused_by)

    def forgive(self, agent: int) -> None:
        """The agent is ready anew, and has refused nothing."""
        for waiting in [waiting for waiting in self if agent in waiting.refused_by]:
            self._change(waiting.interaction, is_offered=waiting.is_offered, refused_by=waiting.refused_by - {agent})

    def _change(self, interaction: str, *, is_offered: bool, refused_by: frozenset[int] | None = None) -> None:
        waiting = self._waiting.get(interaction)
        if waiting is not None:
            refused = waiting.refused_by if refused_by is None else refused_by
            self._waiting[interaction] = replace(waiting, is_offered=is_offered, refused_by=refused)
