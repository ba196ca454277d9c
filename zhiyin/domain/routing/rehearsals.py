"""A made-up caller: what each ring would ask, and what keeps each agent from being asked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhiyin.domain.routing.contacts import AgentProfile, Contact, Stage, stages_of
from zhiyin.domain.routing.counters import Counter
from zhiyin.domain.routing.overflow import Condition, Outlook, OverflowStep, holds
from zhiyin.domain.routing.policy import Policy
from zhiyin.domain.routing.requirements import NeedsSkill, is_met, missing


@dataclass(frozen=True, slots=True)
class Reach:
    """From which wait on an agent may take the contact; ``after_s`` None: never. ``lacks``: skills asked for at first.

    ``is_tired``: a rested agent would be asked sooner.
    """

    after_s: float | None
    lacks: tuple[NeedsSkill, ...] = ()
    is_tired: bool = False


@dataclass(frozen=True, slots=True)
class RingReach:
    """A stage of the relaxation, and who of the agents may take the contact in it."""

    stage: Stage
    able: tuple[int, ...]


def reach_of(policy: Policy, contact: Contact, profile: AgentProfile, *, is_rested: bool) -> Reach:
    """Return how the contact stands to the agent, whatever the agent is doing."""
    stages = stages_of(policy, contact)
    if not stages:
        return Reach(None)
    counter = Counter(contact.queue or 0, contact.channel, stages)
    lacks = missing(stages[0].requirement, profile.skills)

    def after(*, rested: bool) -> float | None:
        found = [counter.patience(profile.skills, one, is_rested=rested) for one in profile.memberships]
        return min((seconds for seconds in found if seconds is not None), default=None)

    asked_s, rested_s = after(rested=is_rested), after(rested=True)
    return Reach(asked_s, lacks, is_tired=asked_s != rested_s)


def rings_of(policy: Policy, contact: Contact, profiles: Iterable[AgentProfile]) -> Iterator[RingReach]:
    """Go through what the contact asks as it waits, each with those who may take it then."""
    everybody = tuple(profiles)
    for stage in stages_of(policy, contact):
        asked = [p for p in everybody if any(one.queue in stage.queues for one in p.memberships)]
        yield RingReach(stage, tuple(p.id for p in asked if is_met(stage.requirement, p.skills)))


def asked_agents(policy: Policy, contact: Contact, memberships: Mapping[int, Collection[int]]) -> set[int]:
    """Return who serves a queue that is asked sooner or later, or is preferred (``memberships``: queue -> agents)."""
    queues = {queue for stage in stages_of(policy, contact) for queue in stage.queues}
    return {agent for queue in queues for agent in memberships.get(queue, ())} | set(contact.preferred)


def steps_of(
    chain: tuple[OverflowStep, ...], outlook: Outlook, *, is_open: bool
) -> Iterator[tuple[OverflowStep, float | None, bool]]:
    """Go through the chain: each step, after which wait it would be taken (None: not by time), and whether it comes to
    that before a step that takes the contact away."""
    gone_at_s = float("inf")
    for step in chain:
        at_s: float | None = None
        if holds(step, outlook, waited_s=0.0, is_open=is_open):
            at_s = 0.0
        elif step.condition is Condition.WAITED_OVER:
            at_s = float(step.threshold)
        yield step, at_s, gone_at_s > 0 if at_s is None else at_s < gone_at_s
        if step.is_last_word and at_s is not None:
            gone_at_s = min(gone_at_s, at_s)
