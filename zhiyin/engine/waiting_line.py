"""The contacts that wait for an agent of one company, each with its place. Synchronous; belongs to the routing desk.

What waits and where, as boards and announcements show it; who is given what, the router decides.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import FOR_EVER, Slope

#: Since when it waits, and whose place it is.
Place = tuple[datetime, str]
#: Of what waits in no queue but for one agent alone.
BY_ARRIVAL = Slope(0.0, 1.0, FOR_EVER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One contact in a line. ``only_agent``: meant for this agent alone; ``is_customer``: not where an agent asks.

    ``slope``: how its claim grows; whoever has the larger one comes first, then who came first.
    """

    interaction: str
    queue: int | None
    queued_at: datetime
    slope: Slope = BY_ARRIVAL
    priority: int = 0
    class_code: str = ""
    refused_by: frozenset[int] = frozenset()
    only_agent: int | None = None
    is_offered: bool = False
    is_customer: bool = True
    also: tuple[int, ...] = ()  # queues whose agents are asked too

    @property
    def order(self) -> Place:
        """The place among those whose claims grow alike: smaller comes first."""
        return (self.queued_at, self.interaction)

    def claim(self, now: datetime) -> float:
        return self.slope.at((now - self.queued_at).total_seconds())


class WaitingLine:
    """A contact keeps its place from joining to leaving, also while it is being offered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        #: each queue's places by slope: of those whose claims grow alike, who came first is before
        self._lanes: dict[int | None, dict[Slope, list[Place]]] = {}

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def __len__(self) -> int:
        return len(self._waiting)

    def get(self, interaction: str) -> Waiting | None:
        return self._waiting.get(interaction)

    def of_queue(self, queue: int) -> list[Waiting]:
        """Return a queue's contacts; of those whose claims grow alike the first in line first."""
        lanes = self._lanes.get(queue, {}).values()
        return [self._waiting[interaction] for places in lanes for _, interaction in places]

    def place(self, interaction: str, now: datetime) -> int:
        """Return how many are before this contact in its queue by now; 0 for one that does not wait."""
        mine = self._waiting.get(interaction)
        return self._before(mine.queue, mine.claim(now), mine.order, now) if mine is not None else 0

    def would_be(self, interaction: str, queue: int, slope: Slope, since: datetime, now: datetime) -> int:
        """Return how many are before this contact in the queue by now, or would be if it joined."""
        mine = self._waiting.get(interaction)
        if mine is not None and mine.queue == queue:
            return self.place(interaction, now)
        return self._before(queue, slope.at((now - since).total_seconds()), (since, interaction), now)

    def _before(self, queue: int | None, claim: float, order: Place, now: datetime) -> int:
        """Count who comes first. In a lane no claim is larger than one before it: so they are its first ones."""

        def rank(slope: Slope) -> Callable[[Place], tuple[float, Place]]:
            return lambda place: (-slope.at((now - place[0]).total_seconds()), place)

        lanes = self._lanes.get(queue, {}).items()
        return sum(bisect_left(places, (-claim, order), key=rank(slope)) for slope, places in lanes)

    def join(self, interaction: str, wish: JoinLine, queued_at: datetime, slope: Slope = BY_ARRIVAL) -> None:
        self.leave(interaction)
        waiting = self._waiting[interaction] = Waiting(
            interaction=interaction,
            queue=wish.queue,
            queued_at=queued_at,
            slope=slope,
            priority=wish.priority,
            class_code=wish.class_code,
            only_agent=wish.only_agent,
            is_offered=bool(wish.asked),
            is_customer=wish.is_customer,
            refused_by=wish.refused_by,
            also=wish.also,
        )
        self._stand(waiting)

    def leave(self, interaction: str) -> None:
        """Leave; one that does not wait is no error."""
        waiting = self._waiting.pop(interaction, None)
        if waiting is not None:
            self._go(waiting)

    def _stand(self, waiting: Waiting) -> None:
        insort(self._lanes.setdefault(waiting.queue, {}).setdefault(waiting.slope, []), waiting.order)

    def _go(self, waiting: Waiting) -> None:
        lanes = self._lanes[waiting.queue]
        places = lanes[waiting.slope]
        del places[bisect_left(places, waiting.order)]
        if not places:
            del lanes[waiting.slope]

    def weigh_anew(self, slope_of: Callable[[Waiting], Slope], *, of: Collection[int | str] | None = None) -> None:
        """Other rules hold: claims grow otherwise from now on. ``of``: in these queues and classes alone."""
        for waiting in [each for each in self if of is None or each.queue in of or each.class_code in of]:
            slope = slope_of(waiting)
            if slope == waiting.slope:
                continue
            self._go(waiting)
            changed = self._waiting[waiting.interaction] = replace(waiting, slope=slope)
            self._stand(changed)

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
