"""The agents' side of the router: who sits in which queue, and at which counters each is free. Pure."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing, Turns, draw_of, is_rested, rank_of
from zhiyin.domain.routing.counters import Counter, Free
from zhiyin.domain.routing.policy import AgentChoice, Membership, Policy, QueuePolicy

_NO_TURNS = Turns()  # read, never counted on


class Presence(StrEnum):
    """Where an agent is who takes nothing now."""

    HERE = "here"  # at work, back soon
    AWAY = "away"  # signed in, not ready
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class View:
    """A counter as one membership sees it: after which wait the agent may take a contact, rested or not; or never."""

    membership: Membership
    order: int
    queue: int
    counter: Counter
    rested_s: float | None
    tired_s: float | None


@dataclass(slots=True, eq=False)
class Agent:
    """An agent as the router keeps it.

    ``is_here``: expected back soon, so that contacts which prefer it wait; ``is_away``: signed in and not ready, so
    that those wait which prefer it all the same.
    """

    profile: AgentProfile
    standing: Standing = field(default_factory=Standing)
    is_open: bool = False
    is_here: bool = False
    is_away: bool = False
    load: dict[str, int] = field(default_factory=dict)
    room: frozenset[str] = frozenset()  # channels of which it may have one more
    views: dict[str, list[View]] = field(default_factory=dict)  # by channel, in the agent's order
    at_counters: list[tuple[Counter, float, Free]] = field(default_factory=list)
    times_open: int = 0

    def tier_in(self, queue: int) -> int | None:
        return next((one.tier for one in self.profile.memberships if one.queue == queue), None)

    def see(self, counter: Counter) -> Iterator[View]:
        """Look at a new counter from every membership; yield what may be taken there."""
        skills = self.profile.skills
        for membership in self.profile.memberships:
            if membership.queue in counter.queues:
                rested_s = counter.patience(skills, membership, is_rested=True)
                tired_s = counter.patience(skills, membership, is_rested=False)
                if rested_s is not None:
                    view = View(membership, membership.order, membership.queue, counter, rested_s, tired_s)
                    insort(self.views.setdefault(counter.channel, []), view, key=lambda view: view.order)
                    yield view


class Staff:
    """Agents, their memberships, and where they are free."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.agents: dict[int, Agent] = {}
        self.turns: dict[tuple[int, int], Turns] = {}  # (queue, agent)
        self._turn = 0
        self._rooms: dict[tuple[tuple[tuple[str, int], ...], ...], frozenset[str]] = {}  # by load and own limits
        self._members: dict[int, dict[int, None]] = {}  # by queue, the agents in the order of their coming
        self._counters_of: dict[int, list[Counter]] = {}  # by queue whose agents are asked there

    def set_policy(self, policy: Policy) -> None:
        """Forget the counters: they are made anew as contacts ask for them."""
        self.policy = policy
        self._counters_of, self._rooms = {}, {}
        for agent in self.agents.values():
            agent.at_counters, agent.views = [], {}
            agent.room = self._room(agent.load, agent.profile.limits)

    def put(self, profile: AgentProfile) -> Agent:
        """Take an agent in, or new skills and memberships of one; free nowhere."""
        agent = self.agents.get(profile.id)
        if agent is None:
            agent = self.agents[profile.id] = Agent(profile)
        self.leave_counters(agent)
        self._leave_queues(agent)
        agent.profile = profile
        agent.room = self._room(agent.load, profile.limits)
        seen: dict[Counter, None] = {}
        for membership in profile.memberships:
            self._members.setdefault(membership.queue, {})[profile.id] = None
            seen |= dict.fromkeys(self._counters_of.get(membership.queue, ()))
        for counter in seen:
            list(agent.see(counter))
        return agent

    def stand_as(self, other: Staff) -> None:
        """Take over what another router's agents have and are, and whose turn it is; free nowhere yet."""
        self.turns = {key: replace(turns) for key, turns in other.turns.items()}
        self._turn = other._turn
        for agent in self.agents.values():
            was = other.agents.get(agent.profile.id)
            if was is not None:
                agent.load, agent.times_open = dict(was.load), was.times_open
                agent.is_here, agent.is_away = was.is_here, was.is_away
                agent.room = self._room(agent.load, agent.profile.limits)

    def drop(self, agent: Agent) -> None:
        self.leave_counters(agent)
        self._leave_queues(agent)
        del self.agents[agent.profile.id]

    def _leave_queues(self, agent: Agent) -> None:
        for membership in agent.profile.memberships:
            self._members.get(membership.queue, {}).pop(agent.profile.id, None)
        agent.views = {}

    def members_of(self, queues: Iterable[int]) -> Iterator[Agent]:
        """Go through everybody who serves one of these queues, free or not."""
        for member in dict.fromkeys(agent for queue in queues for agent in self._members.get(queue, ())):
            yield self.agents[member]

    def is_waited_for(self, agent: int, contact: Contact) -> bool:
        """Return whether a contact that prefers this agent waits for it."""
        known = self.agents.get(agent)
        return known is not None and (known.is_here or (known.is_away and contact.waits_for_away))

    def add_load(self, agent: Agent, channel: str, count: int) -> None:
        load = agent.load
        load[channel] = max(0, load.get(channel, 0) + count)
        agent.room = self._room(load, agent.profile.limits)

    def _room(self, load: Mapping[str, int], limits: Mapping[str, int]) -> frozenset[str]:
        """Return the channels of which somebody with this load and these limits may have one more."""
        key = (tuple(load.items()), tuple(limits.items())) if limits else (tuple(load.items()),)
        room = self._rooms.get(key)
        if room is None:
            channels = self.policy.channels
            room = self._rooms[key] = frozenset(c for c in {*channels, *load} if can_take(load, c, channels, limits))
        return room

    def is_rested(self, agent: Agent, now: float) -> bool:
        return is_rested(self.policy, agent.standing, now)

    def take_in(self, counter: Counter, now: float) -> None:
        """A new counter: whoever may take contacts there sees it, and is free there."""
        members: dict[int, None] = {}
        for queue in counter.queues:
            self._counters_of.setdefault(queue, []).append(counter)
            members |= self._members.get(queue, {})
        for member in members:
            agent = self.agents[member]
            for view in agent.see(counter):
                if agent.is_open and counter.channel in agent.room:
                    self._stand_at(agent, view, is_rested=self.is_rested(agent, now))

    def stand_at_counters(self, agent: Agent, now: float) -> list[tuple[Counter, float]]:
        """Let a free agent be found wherever there is room for more; return where it waits for how long a wait."""
        if agent.is_open:
            rested = self.is_rested(agent, now)
            for channel, views in agent.views.items():
                if channel in agent.room:
                    for view in views:
                        self._stand_at(agent, view, is_rested=rested)
        return [(counter, patience_s) for counter, patience_s, _ in agent.at_counters if counter.lanes]

    def _stand_at(self, agent: Agent, view: View, *, is_rested: bool) -> None:
        patience_s = view.rested_s if is_rested else view.tired_s
        if patience_s is None:
            return
        profile, standing, membership = agent.profile, agent.standing, view.membership
        rank = rank_of(
            self.policy,
            self.policy.queue(membership.queue),
            requirement=view.counter.requirement,
            profile=profile,
            standing=standing,
            membership=membership,
            turns=self.turns.get((membership.queue, profile.id)) or _NO_TURNS,
            draw=draw_of(profile.id, agent.times_open),
        )
        asked = view.counter.queues.index(membership.queue)
        free = (asked, membership.tier, sum(agent.load.values()), rank, standing.idle_since, profile.id)
        view.counter.put(patience_s, free)
        agent.at_counters.append((view.counter, patience_s, free))

    def by_other_rules(
        self, counter: Counter, first: Free, free: Sequence[Free]
    ) -> tuple[tuple[AgentChoice, int], ...]:
        """Return whom each other rule of the queue would ask first of these, by the same moment's standings."""
        queue = self.policy.queue(counter.queues[first[0]])
        same = [one for one in free if one[:3] == first[:3]]  # a rule decides within a queue, a tier and a load alone
        ranks = [self._ranking(queue.id, counter, self.agents[one[-1]]) for one in same]
        found = []
        for choice in AgentChoice:
            if choice not in (queue.agent_choice, AgentChoice.RANDOM, AgentChoice.RING_ALL):
                rule = replace(queue, agent_choice=choice)
                ranked = min((rank(rule), one[4], one[5]) for one, rank in zip(same, ranks, strict=True))
                found.append((choice, ranked[-1]))
        return tuple(found)

    def _ranking(self, queue: int, counter: Counter, agent: Agent) -> Callable[[QueuePolicy], float]:
        """Return how the agent ranks in the queue under any rule, by the standing of now."""
        profile = agent.profile
        return partial(
            rank_of,
            self.policy,
            requirement=counter.requirement,
            profile=profile,
            standing=agent.standing,
            membership=next(one for one in profile.memberships if one.queue == queue),
            turns=self.turns.get((queue, profile.id)) or _NO_TURNS,
            draw=draw_of(profile.id, agent.times_open),
        )

    @staticmethod
    def leave_counters(agent: Agent) -> None:
        for counter, patience_s, free in agent.at_counters:
            counter.drop(patience_s, free)
        agent.at_counters = []

    def give(self, agents: tuple[Agent, ...], channel: str, queue: int | None, now: float) -> None:
        """The agents have one contact more, by a queue's choice where it is given; the room they have left stays."""
        self._turn += 1
        for agent in agents:
            self.add_load(agent, channel, 1)
            if queue is not None:
                turns = self.turns.setdefault((queue, agent.profile.id), Turns())
                turns.taken, turns.last = turns.taken + 1, self._turn
            if agent.at_counters:
                self.leave_counters(agent)
                self.stand_at_counters(agent, now)
