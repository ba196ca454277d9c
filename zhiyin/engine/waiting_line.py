"""The contacts that wait for an agent of one company, each with its place. Synchronous; belongs to the routing desk."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.routing.matching import Candidate, Waiting, choose_waiting, is_able

#: ``Waiting.order``
Place = tuple[int, datetime, str]


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

    def first_for(self, agent: Candidate, queues: Iterable[int]) -> Waiting | None:
        """Return the first contact that ``agent``, a member of ``queues``, may be offered."""
        first = (self._first_fit(agent, self._places.get(queue, ())) for queue in queues)
        own = (w for *_, i in self._places.get(None, ()) if (w := self._waiting[i]).only_agent == agent.id)
        return choose_waiting(agent, [*(waiting for waiting in first if waiting is not None), *own])

    def _first_fit(self, agent: Candidate, places: Iterable[Place]) -> Waiting | None:
        for *_, interaction in places:
            waiting = self._waiting[interaction]
            if not waiting.is_offered and is_able(waiting, agent):
                return waiting
        return None

    def join(self, interaction: str, wish: JoinLine, queued_at: datetime) -> None:
        self.leave(interaction)
        waiting = self._waiting[interaction] = Waiting(
            interaction=interaction,
            queue=wish.queue,
            queued_at=queued_at,
            priority=wish.priority,
            skills=wish.skills,
            only_agent=wish.only_agent,
            is_offered=wish.is_offered,
            is_customer=wish.is_customer,
            refused_by=wish.refused_by,
        )
        insort(self._places.setdefault(waiting.queue, []), waiting.order)

    def leave(self, interaction: str) -> None:
        """Leave; one that does not wait is no error."""
        waiting = self._waiting.pop(interaction, None)
        if waiting is not None:
            places = self._places[waiting.queue]
            del places[bisect_left(places, waiting.order)]

    def mark_offered(self, interaction: str) -> None:
        """An agent is being rung: nobody else is to be."""
        self._change(interaction, is_offered=True)

    def wait_on(self, interaction: str, *, refused_by: frozenset[int]) -> None:
        """The offer came to nothing; those who refused are not asked again."""
        self._change(interaction, is_offered=False, refused_by=refused_by)

    def forgive(self, agent: int) -> None:
        """The agent is ready anew: what it let ring before may be offered to it again, or nobody may be left to ask."""
        for waiting in [waiting for waiting in self if agent in waiting.refused_by]:
            self._change(waiting.interaction, is_offered=waiting.is_offered, refused_by=waiting.refused_by - {agent})

    def _change(self, interaction: str, *, is_offered: bool, refused_by: frozenset[int] | None = None) -> None:
        waiting = self._waiting.get(interaction)
        if waiting is not None:
            refused = waiting.refused_by if refused_by is None else refused_by
            self._waiting[interaction] = replace(waiting, is_offered=is_offered, refused_by=refused)
