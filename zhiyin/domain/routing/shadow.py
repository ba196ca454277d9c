"""What a draft of the rules would have decided, asked at the router's own decisions. Pure; changes nothing.

Of each decision one question: for this contact, whom of those who are free; for this agent, whom of those who wait.
The draft answers for the moment as it is, which the rules in force have made: what would have come of its earlier
answers is not followed up (``replay`` does that). Whom a contact is kept for at first is no question here, it is
settled as the contact joins the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.contacts import (
    AgentProfile,
    Contact,
    Stage,
    Turns,
    draw_of,
    is_rested,
    rank_of,
    slope_of,
    stages_of,
)
from zhiyin.domain.routing.counters import Lane
from zhiyin.domain.routing.policy import Membership, Policy
from zhiyin.domain.routing.requirements import is_met
from zhiyin.domain.routing.staff import Agent, Staff

#: Among so many at most is asked: a decision with more is not put to the draft.
AT_MOST = 50
#: Questions a second on average, and at once: above that only a sample is asked.
PER_S, BURST = 20.0, 40.0
#: Sooner or later by less is the same time.
SAME_TIME_S = 0.5


@dataclass(frozen=True, slots=True)
class ShadowAnswer:
    """What the draft would have done. ``agent`` or ``contact`` None: nobody yet, ``later_s`` from now at the earliest.

    ``sooner_s``: how long before now it would have done so, as far as the moment shows; ``later_s`` None: never for
    those who were there.
    """

    agent: int | None
    contact: str | None
    sooner_s: float = 0.0
    later_s: float | None = 0.0


class Shadow:
    """A draft of the rules, asked beside the router. ``memberships``: of each agent, by the draft."""

    def __init__(self, policy: Policy, memberships: Mapping[int, tuple[Membership, ...]]) -> None:
        self.policy = policy
        self._memberships = memberships
        self._mine = {agent: frozenset(one.queue for one in served) for agent, served in memberships.items()}
        self._asked = {
            queue.id: frozenset({queue.id, *(added for ring in queue.rings for added in ring.add_queues)})
            for queue in policy.queues.values()
        }
        self._left, self._at = BURST, float("-inf")

    def may_ask(self, now: float) -> bool:
        """Take one of the questions that may be asked; False: too many were asked just now."""
        self._left = min(BURST, self._left + max(0.0, now - self._at) * PER_S)
        self._at = max(now, self._at)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    # --- for this contact, which agent ------------------------------------------------------------------------------

    def whom(self, contact: Contact, refused_by: frozenset[int], staff: Staff, now: float) -> ShadowAnswer | None:
        """Return whom of the free agents the draft would ask for the contact. None: too many to be looked at."""
        stages = stages_of(self.policy, contact)
        free = []
        for agent in staff.members_of(stages[-1].queues):
            if self._may_have(agent, contact, refused_by):
                free.append(agent)
                if len(free) > AT_MOST:
                    return None
        able = [ask for agent in free for ask in self._asks(agent, stages, now)]
        best: tuple[tuple[int, int, int, float, float, int], float] | None = None
        for agent, membership, patience_s in able:
            if now < contact.since + patience_s:
                continue
            key = self._key(agent, membership, stages, staff.turns)
            if best is None or key < best[0]:
                best = key, patience_s
        if best is None:
            due = min((contact.since + patience_s for _, _, patience_s in able), default=None)
            return ShadowAnswer(None, contact.id, later_s=None if due is None else round(due - now, 3))
        began = min(max(contact.since + patience_s, agent.standing.idle_since) for agent, _, patience_s in able)
        return ShadowAnswer(best[0][-1], contact.id, sooner_s=_sooner(now - began))

    def _asks(self, agent: Agent, stages: tuple[Stage, ...], now: float) -> Iterator[tuple[Agent, Membership, float]]:
        """Go through the agent's memberships by which it may have the contact, each with the wait that it needs."""
        rested = is_rested(self.policy, agent.standing, now)
        for membership in self._memberships.get(agent.profile.id, ()):
            patience_s = _patience(stages, agent.profile, membership, rested=rested)
            if patience_s is not None:
                yield agent, membership, patience_s

    def _may_have(self, agent: Agent, contact: Contact, refused_by: frozenset[int]) -> bool:
        has_room = can_take(agent.load, contact.channel, self.policy.channels, agent.profile.limits)
        return agent.is_open and has_room and agent.profile.id not in refused_by

    def _key(
        self, agent: Agent, membership: Membership, stages: tuple[Stage, ...], turns: Mapping[tuple[int, int], Turns]
    ) -> tuple[int, int, int, float, float, int]:
        """Return by what agents are compared, as ``counters.Free``: the smallest is asked."""
        rank = rank_of(
            self.policy,
            self.policy.queue(membership.queue),
            requirement=stages[0].requirement,
            profile=agent.profile,
            standing=agent.standing,
            membership=membership,
            turns=turns.get((membership.queue, agent.profile.id)) or Turns(),
            draw=draw_of(agent.profile.id, agent.times_open),
        )
        asked = stages[-1].queues.index(membership.queue)
        load = sum(agent.load.values())
        return asked, membership.tier, load, rank, agent.standing.idle_since, agent.profile.id

    # --- for this agent, which contact ------------------------------------------------------------------------------

    def which(self, agent: Agent, lanes: Iterable[Lane], now: float) -> ShadowAnswer | None:
        """Return whom of those in line the draft would give the agent. None: too many lanes to be looked at."""
        best: tuple[int, float, float, str] | None = None
        due: float | None = None
        mine = self._mine.get(agent.profile.id, frozenset())
        seen = 0
        for lane in lanes:
            asked = self._asked.get(lane.counter.queue, frozenset())
            if mine.isdisjoint(asked) and mine.isdisjoint(lane.counter.queues):
                continue
            seen += 1
            if seen > AT_MOST:
                return None
            contact = lane.first(agent.profile.id)[2].contact
            if not contact.id or not self._may_have(agent, contact, frozenset()):
                continue
            claim = slope_of(self.policy, self.policy.queue(contact.queue or 0), contact).at(now - contact.since)
            for _, membership, patience_s in self._asks(agent, stages_of(self.policy, contact), now):
                at = contact.since + patience_s
                if now < at:
                    due = at if due is None else min(due, at)
                    continue
                key = membership.order, -claim, contact.since, contact.id
                if best is None or key < best:
                    best = key
        if best is None:
            return ShadowAnswer(agent.profile.id, None, later_s=None if due is None else round(due - now, 3))
        return ShadowAnswer(agent.profile.id, best[-1])


def _patience(
    stages: tuple[Stage, ...], profile: AgentProfile, membership: Membership, *, rested: bool
) -> float | None:
    """Return how long a contact must have waited for the agent, as ``counters.Counter.patience``; None: never."""
    for stage in stages:
        is_asked = membership.queue in stage.queues and (rested or not stage.is_hard)
        if is_asked and is_met(stage.requirement, profile.skills):
            return max(membership.delay_s, stage.after_s)
    return None


def _sooner(by_s: float) -> float:
    return round(by_s, 3) if by_s >= SAME_TIME_S else 0.0
