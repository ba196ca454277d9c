"""Who is rung at once: the best agent, or, where a queue rings all (同振), everybody of the best one's tier. Pure."""

from __future__ import annotations

from itertools import islice

from zhiyin.domain.routing.counters import Counter, Free, Waiting
from zhiyin.domain.routing.policy import AgentChoice, Policy
from zhiyin.domain.routing.staff import Agent, Staff


def rings_all(policy: Policy, queue: int) -> bool:
    return policy.queue(queue).agent_choice is AgentChoice.RING_ALL


def asked_at_once(staff: Staff, counter: Counter, waiting: Waiting, first: Free, now: float) -> tuple[Agent, ...]:
    """Return whom the queue asks at once: the best, or everybody of the best's tier up to its bound."""
    queue = counter.queues[first[0]]
    if not rings_all(staff.policy, queue):
        return (staff.agents[first[-1]],)
    best = (staff.agents[free[-1]] for free in counter.all_free(waiting, now) if free[:2] == first[:2])
    return tuple(islice(best, staff.policy.queue(queue).ring_at_most))


def asked_besides(staff: Staff, waiting: Waiting, now: float, *, only: Agent | None = None) -> tuple[Agent, ...]:
    """Return who is free and of a tier that is being asked, or of a better one, up to the queue's bound."""
    queue, home, agents = waiting.rung_by, waiting.home, staff.agents
    if queue is None or home is None or not rings_all(staff.policy, queue):
        return ()
    tiers = [tier for one in waiting.asked if one in agents and (tier := agents[one].tier_in(queue)) is not None]
    room = staff.policy.queue(queue).ring_at_most - len(waiting.asked)
    if not tiers or room <= 0:
        return ()
    more = (
        agents[free[-1]]
        for free in home.counter.all_free(waiting, now)
        if home.counter.queues[free[0]] == queue and free[1] <= max(tiers) and free[-1] not in waiting.asked
    )
    return tuple(islice((agent for agent in more if only in (None, agent)), room))
