"""The contacts' side of the router: where each waits by now, and when that changes by itself. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import Contact, Stage, lane_key, slope_of, stages_of
from zhiyin.domain.routing.counters import NEVER, Counter, Lane, Place, Waiting
from zhiyin.domain.routing.objectives import changed_shares
from zhiyin.domain.routing.policy import ContactChoice, Policy
from zhiyin.domain.routing.staff import Staff


class Lines:
    """Every contact that waits or is being offered, at its counter or before its own agents."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self.waiting: dict[str, Waiting] = {}
        self._counters: dict[tuple[int, str, tuple[Stage, ...]], Counter] = {}
        self._homes: dict[object, Lane | None] = {}  # by what makes two contacts alike
        self._own: dict[int, list[Place]] = {}  # by agent: what waits for him or her alone
        self._due: list[tuple[float, int, Counter | Waiting]] = []  # (at, number, what)
        self._number = 0

    def set_policy(self, policy: Policy, now: float) -> None:
        """Take everybody away from the counters of the rules before, and to those of the rules now."""
        everybody = sorted(self.waiting.values(), key=lambda waiting: (waiting.since, waiting.contact.id))
        for waiting in everybody:
            self.withdraw(waiting)
        self._staff.set_policy(policy)
        self._counters, self._homes = {}, {}
        for waiting in everybody:
            waiting.home = self._home_of(waiting.contact, now)
            if not waiting.is_offered:
                self.enter(waiting, now)

    def know_reached(self, reached: Mapping[int | str, float]) -> None:
        """Weigh the lanes anew whose queue's, or class's, share is another by now; everybody stays where it stands."""
        before = self._staff.policy
        policy = self._staff.policy = replace(before, reached=reached)
        by_objective = policy.contact_choice is ContactChoice.SERVICE_OBJECTIVE  # by other rules shares say nothing
        changed = changed_shares(before.reached, reached) if by_objective else ()
        for counter in self._counters.values():
            for lane in counter.lanes_made():
                if abs(counter.queue) in changed or lane.class_code in changed:
                    like = Contact("", 0.0, counter.queue, class_code=lane.class_code)
                    lane.weigh(slope_of(policy, policy.queue(counter.queue), like))

    def take_in(self, contact: Contact, now: float, *, asked: frozenset[int] = frozenset()) -> Waiting:
        home = self._home_of(contact, now)
        waiting = self.waiting[contact.id] = Waiting(contact, contact.since, home, contact.refused_by)
        waiting.is_offered, waiting.asked = bool(asked), asked
        if not asked:
            self._enter(waiting, now)
        return waiting

    def forgive(self, agent: int) -> None:
        """Whoever was refused by this agent may be offered to it again."""
        for waiting in self.waiting.values():
            if agent in waiting.refused_by:
                waiting.refused_by -= {agent}

    def ask_also(self, waiting: Waiting, queues: tuple[int, ...], now: float) -> None:
        """Move the contact to the counter at which these queues are asked too."""
        self.withdraw(waiting)
        waiting.contact = replace(waiting.contact, also=queues)
        waiting.home = self._home_of(waiting.contact, now)
        if not waiting.is_offered:
            self._enter(waiting, now)

    def enter(self, waiting: Waiting, now: float) -> None:
        """Put the contact where it belongs by now: before its own agents, or into its lane."""
        self.withdraw(waiting)
        self._enter(waiting, now)

    def _enter(self, waiting: Waiting, now: float) -> None:
        contact = waiting.contact
        if waiting.prefers and contact.preferred:
            until, owners = NEVER, contact.preferred
            if contact.queue is not None:
                until = waiting.since + contact.preferred_for_s
                owners = tuple(
                    a for a in owners if self._staff.is_waited_for(a, contact) and a not in waiting.refused_by
                )
            if owners and now < until:
                waiting.owners = owners
                for owner in owners:
                    insort(self._own.setdefault(owner, []), (waiting.since, contact.id, waiting))
                self._plan(until, waiting)
                return
        waiting.prefers = False
        if waiting.home is not None:
            waiting.home.put(waiting)

    def withdraw(self, waiting: Waiting) -> None:
        """Take the contact away from where it waits."""
        if waiting.is_in_lane and waiting.home is not None:
            waiting.home.drop(waiting)
        for owner in waiting.owners:
            own = self._own[owner]
            del own[bisect_left(own, (waiting.since, waiting.contact.id))]
        waiting.owners = ()

    def own_of(self, agent: int) -> list[Place] | None:
        """Return what waits for this agent alone, the first come first."""
        return self._own.get(agent)

    # --- what comes by itself ---------------------------------------------------------------------------------------

    @property
    def next_due(self) -> float:
        return self._due[0][0] if self._due else NEVER

    def is_due(self, now: float) -> bool:
        return bool(self._due) and self._due[0][0] <= now

    def _plan(self, at: float, what: Counter | Waiting) -> None:
        if at < NEVER:
            self._number += 1
            heapq.heappush(self._due, (at, self._number, what))

    def plan_for_contact(self, waiting: Waiting, now: float) -> None:
        """The contact waits on: some free agents may take it later."""
        if waiting.is_in_lane and waiting.home is not None:
            counter, since = waiting.home.counter, waiting.since
            self._plan(min((since + s for s in counter.free if since + s > now), default=NEVER), counter)

    def plan_for_agent(self, stands_at: Iterable[tuple[Counter, float]], now: float) -> None:
        """The agent waits on: it may take some contacts later."""
        for counter, patience_s in stands_at:
            self._plan(min(lane.first_after(now, patience_s) for lane in counter.lanes), counter)

    def come_due(self, at: float) -> list[Waiting]:
        """Move on whatever is due at this instant; return the contacts within reach of somebody new, in order."""
        moved: dict[str, Waiting] = {}
        while self._due and self._due[0][0] == at:
            _, _, what = heapq.heappop(self._due)
            if isinstance(what, Counter):
                moved |= {waiting.contact.id: waiting for waiting in what.within_reach(at)}
                self._plan(what.next_due(at), what)
            elif what.owners and self.waiting.get(what.contact.id) is what and at >= self._prefers_until(what):
                self.enter(what, at)
                moved[what.contact.id] = what
        return sorted(moved.values(), key=lambda waiting: (waiting.since, waiting.contact.id))

    @staticmethod
    def _prefers_until(waiting: Waiting) -> float:
        return waiting.since + waiting.contact.preferred_for_s if waiting.contact.queue is not None else NEVER

    # --- counters ---------------------------------------------------------------------------------------------------

    def lanes(self) -> Iterator[Lane]:
        """Go through all lanes in which somebody waits."""
        return (lane for counter in self._counters.values() for lane in counter.lanes)

    def lanes_of(self, queue: int) -> Iterator[Lane]:
        """Go through the queue's lanes in which somebody waits."""
        return (lane for counter in self._counters.values() if counter.queue == queue for lane in counter.lanes)

    def _home_of(self, contact: Contact, now: float) -> Lane | None:
        if contact.queue is None:
            return None
        key = (
            contact.queue,
            contact.channel,
            contact.class_code,
            contact.points,
            contact.requirement,
            contact.is_hard,
            contact.also,
        )
        home = self._homes.get(key)
        if home is None:
            policy = self._staff.policy
            counter = self._counter(contact.queue, contact.channel, stages_of(policy, contact), now)
            slope = slope_of(policy, policy.queue(contact.queue), contact)
            home = self._homes[key] = counter.lane(lane_key(policy, contact), slope, contact.class_code)
        return home

    def _counter(self, queue: int, channel: str, stages: tuple[Stage, ...], now: float) -> Counter:
        counter = self._counters.get((queue, channel, stages))
        if counter is None:
            counter = self._counters[queue, channel, stages] = Counter(queue, channel, stages)
            self._staff.take_in(counter, now)
        return counter
