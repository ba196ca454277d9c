"""Where contacts that ask the same meet the agents who may take them. Pure.

A **counter** is made for one queue, channel and requirement. Its contacts stand in **lanes**, one a class, in the order
of their arrival: whatever the rule, the first of a lane has the largest claim of it, so a free agent compares lanes,
not contacts. Rings and delays need no moving about: each only says how long a contact must have waited before an agent
may take it. So every free agent stands here with that many seconds (its **patience**), and of a lane it may take
whoever came earlier than that, the first one first.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhiyin.domain.routing.contacts import Contact, Slope, Stage
from zhiyin.domain.routing.policy import Membership
from zhiyin.domain.routing.requirements import Requirement, is_met

NEVER = float("inf")


@dataclass(slots=True, eq=False)
class Waiting:
    """A contact as the router keeps it: in a lane, before its own agents, or being offered."""

    contact: Contact
    since: float
    home: Lane | None  # where it waits once it waits for no agent of its own; None: it never does
    refused_by: frozenset[int]
    is_in_lane: bool = False
    owners: tuple[int, ...] = ()  # for whom alone it waits
    prefers: bool = True  # until it has waited for them in vain
    is_offered: bool = False
    asked: frozenset[int] = frozenset()  # whose telephones ring for it
    rung_by: int | None = None  # the queue that lets all of a tier ring


#: A place in a lane: since when, whose (ids are unique, so that the third is never compared).
Place = tuple[float, str, Waiting]
#: A free agent at a counter: place of its queue among those asked, tier, contacts at work, rank, idle since, id.
Free = tuple[int, int, int, float, float, int]


_NOWHERE: Place = (NEVER, "", Waiting(Contact("", NEVER, None), NEVER, None, frozenset()))


class Lane:
    """Contacts of one class at a counter, the first come first. ``class_code``: of one of those who stand in it."""

    __slots__ = ("base", "class_code", "counter", "per_s", "places", "since", "top")

    def __init__(self, counter: Counter, slope: Slope, class_code: str) -> None:
        self.counter, self.class_code = counter, class_code
        self.weigh(slope)
        self.places: list[Place] = []
        self.since = NEVER  # of the first: read for every lane at every decision

    def weigh(self, slope: Slope) -> None:
        """Let the claims of all that stand here grow so from now on; their order is that of their arrival still."""
        self.base, self.per_s, self.top = slope.base, slope.per_s, slope.top

    def put(self, waiting: Waiting) -> None:
        places = self.places
        if not places:
            self.counter.lanes.append(self)
        place = (waiting.since, waiting.contact.id, waiting)
        if not places or places[-1] < place:
            places.append(place)
        else:
            insort(places, place)
        self.since = places[0][0]
        waiting.is_in_lane = True

    def drop(self, waiting: Waiting) -> None:
        places = self.places
        if places[0][2] is waiting:
            del places[0]
        else:
            del places[bisect_left(places, (waiting.since, waiting.contact.id))]  # the shorter sorts before
        if places:
            self.since = places[0][0]
        else:
            self.since = NEVER
            self.counter.lanes.remove(self)
        waiting.is_in_lane = False

    def first(self, but_for: int | None = None) -> Place:
        """Return the first who has not been refused by this agent; a place that never comes where there is none."""
        if but_for is None:
            return self.places[0]
        return next((place for place in self.places if but_for not in place[2].refused_by), _NOWHERE)

    def first_after(self, now: float, patience_s: float) -> float:
        """Return when the next contact will have waited so long that an agent of this patience may take it."""
        at = bisect_right(self.places, now, key=lambda place: place[0] + patience_s)
        return self.places[at][0] + patience_s if at < len(self.places) else NEVER


class Counter:
    """Contacts that ask the same in one queue, and the free agents who may take them."""

    __slots__ = ("_lanes_made", "channel", "free", "lanes", "queue", "stages")

    def __init__(self, queue: int, channel: str, stages: tuple[Stage, ...]) -> None:
        self.queue = queue
        self.channel = channel
        self.stages = stages
        self.lanes: list[Lane] = []  # those in which somebody waits
        self.free: dict[float, list[Free]] = {}  # by patience, the best first; no empty ones
        self._lanes_made: dict[object, Lane] = {}

    @property
    def requirement(self) -> Requirement:
        """What its contacts ask for at first."""
        return self.stages[0].requirement

    @property
    def queues(self) -> tuple[int, ...]:
        """All queues whose agents are asked sooner or later, in the order in which they are asked."""
        return self.stages[-1].queues

    def lane(self, key: object, slope: Slope, class_code: str) -> Lane:
        """Return the lane of those whose claims always grow alike (``lane_key``)."""
        lane = self._lanes_made.get(key)
        if lane is None:
            lane = self._lanes_made[key] = Lane(self, slope, class_code)
        return lane

    def lanes_made(self) -> Iterable[Lane]:
        """Go through all lanes, those in which nobody waits too."""
        return self._lanes_made.values()

    def patience(self, skills: Mapping[str, int], membership: Membership, *, is_rested: bool) -> float | None:
        """Return how long a contact must have waited for somebody of this membership and these skills; None: never."""
        for stage in self.stages:
            is_asked = membership.queue in stage.queues and (is_rested or not stage.is_hard)
            if is_asked and is_met(stage.requirement, skills):
                return max(membership.delay_s, stage.after_s)
        return None

    def put(self, patience_s: float, free: Free) -> None:
        insort(self.free.setdefault(patience_s, []), free)

    def drop(self, patience_s: float, free: Free) -> None:
        group = self.free[patience_s]
        del group[bisect_left(group, free)]
        if not group:
            del self.free[patience_s]

    def first_free(self, waiting: Waiting, now: float) -> Free | None:
        """Return the best agent who may take the contact by now."""
        best: Free | None = None
        since, refused_by = waiting.since, waiting.refused_by
        for patience_s, group in self.free.items():
            if now >= since + patience_s:
                first = group[0] if not refused_by else next((f for f in group if f[-1] not in refused_by), None)
                if first is not None and (best is None or first < best):
                    best = first
        return best

    def all_free(self, waiting: Waiting, now: float) -> Iterator[Free]:
        """Go through everybody who may take the contact by now, the best first."""
        asked = [group for patience_s, group in self.free.items() if now >= waiting.since + patience_s]
        for free in asked[0] if len(asked) == 1 else sorted(free for group in asked for free in group):
            if free[-1] not in waiting.refused_by:
                yield free

    def others(
        self, waiting: Waiting, now: float, *, but_for: Free, at_most: int
    ) -> tuple[int, tuple[tuple[int, float], ...]]:
        """Return how many may take the contact by now, and the best of them but for one, as (agent, idle since)."""
        asked = [group for patience_s, group in self.free.items() if now >= waiting.since + patience_s]
        refused = sum(free[-1] in waiting.refused_by for group in asked for free in group) if waiting.refused_by else 0
        best = itertools.islice((free for free in self.all_free(waiting, now) if free != but_for), at_most)
        return sum(map(len, asked)) - refused, tuple((free[-1], free[-2]) for free in best)

    def within_reach(self, now: float) -> Iterator[Waiting]:
        """Go through the contacts that have waited long enough for some free agent."""
        shortest_s = min(self.free, default=NEVER)
        for lane in self.lanes:
            for since, _, waiting in lane.places:
                if since + shortest_s > now:
                    break
                yield waiting

    def next_due(self, now: float) -> float:
        """Return when a contact that waits comes within the reach of an agent who is free, at the earliest."""
        return min(
            (lane.first_after(now, patience_s) for patience_s in self.free for lane in self.lanes), default=NEVER
        )
