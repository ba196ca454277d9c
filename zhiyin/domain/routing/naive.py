"""The router's rules said plainly: every step looks at everybody. Pure.

Slow and short: what the router must agree with, and what answers "what if" for a moment that is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.contacts import (
    AgentProfile,
    Contact,
    Stage,
    Standing,
    Turns,
    draw_of,
    is_rested,
    rank_of,
    slope_of,
    stages_of,
)
from zhiyin.domain.routing.policy import AgentChoice, Membership, Policy
from zhiyin.domain.routing.requirements import is_met
from zhiyin.domain.routing.router import Offer


@dataclass(slots=True)
class _Agent:
    profile: AgentProfile
    standing: Standing = field(default_factory=Standing)
    is_open: bool = False
    is_here: bool = False
    is_away: bool = False
    load: dict[str, int] = field(default_factory=dict)
    times_open: int = 0


@dataclass(slots=True)
class _Waiting:
    contact: Contact
    refused_by: frozenset[int]
    prefers: bool = True
    owners: tuple[int, ...] = ()
    is_offered: bool = False
    asked: frozenset[int] = frozenset()
    rung_by: int | None = None


class NaiveRouter:
    """``router.Router``, said plainly: the same methods, the same offers."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self._agents: dict[int, _Agent] = {}
        self._contacts: dict[str, _Waiting] = {}
        self._turns: dict[tuple[int, int], Turns] = {}
        self._turn = 0
        self._delays: set[float] = set()
        self._now = float("-inf")

    def take_over(self, profiles: Iterable[AgentProfile], contacts: Iterable[Contact], now: float) -> None:
        self._now = now
        for profile in profiles:
            self._agents[profile.id] = _Agent(profile)
            self._delays |= {membership.delay_s for membership in profile.memberships}
        for contact in contacts:
            self._contacts[contact.id] = waiting = _Waiting(contact, contact.refused_by)
            self._enter(waiting, now)

    # --- what happens -----------------------------------------------------------------------------------------------

    def put_agent(self, profile: AgentProfile, now: float) -> list[Offer]:
        offers = self.advance(now)
        agent = self._agents.setdefault(profile.id, _Agent(profile))
        agent.profile = profile
        self._delays |= {membership.delay_s for membership in profile.memberships}
        self._match_agent(agent, now, offers)
        return offers

    def drop_agent(self, agent: int, now: float) -> list[Offer]:
        offers = self.close(agent, now)
        self._agents.pop(agent, None)
        return offers

    def open(self, agent: int, standing: Standing, now: float) -> list[Offer]:
        offers = self.advance(now)
        known = self._agents[agent]
        known.standing, known.is_open, known.is_here = standing, True, True
        known.times_open += 1
        self._match_agent(known, now, offers)
        return offers

    def pause(self, agent: int, now: float) -> list[Offer]:
        offers = self.advance(now)
        self._agents[agent].is_open, self._agents[agent].is_here = False, True
        return offers

    def away(self, agent: int, now: float) -> list[Offer]:
        return self._leave(agent, now, is_away=True)

    def close(self, agent: int, now: float) -> list[Offer]:
        return self._leave(agent, now, is_away=False)

    def _leave(self, agent: int, now: float, *, is_away: bool) -> list[Offer]:
        offers = self.advance(now)
        known = self._agents.get(agent)
        if known is None:
            return offers
        known.is_open = known.is_here = False
        known.is_away = is_away
        for waiting in self._in_line():
            if agent in waiting.owners and waiting.contact.queue is not None:
                self._enter(waiting, now)
                self._match_contact(waiting, now, offers)
        return offers

    def occupy(self, agent: int, channel: str, now: float) -> list[Offer]:
        offers = self.advance(now)
        load = self._agents[agent].load
        load[channel] = load.get(channel, 0) + 1
        return offers

    def release(self, agent: int, channel: str, now: float) -> list[Offer]:
        offers = self.advance(now)
        load = self._agents[agent].load
        load[channel] = max(0, load.get(channel, 0) - 1)
        self._match_agent(self._agents[agent], now, offers)
        return offers

    def arrive(self, contact: Contact, now: float) -> list[Offer]:
        offers = self.leave(contact.id, now)
        waiting = self._contacts[contact.id] = _Waiting(contact, contact.refused_by)
        self._enter(waiting, now)
        self._match_contact(waiting, now, offers)
        return offers

    def leave(self, contact: str, now: float) -> list[Offer]:
        offers = self.advance(now)
        self._contacts.pop(contact, None)
        return offers

    def decline(self, contact: str, agent: int, refused_by: frozenset[int], now: float) -> list[Offer]:
        offers = self.advance(now)
        waiting = self._contacts.get(contact)
        if waiting is None:
            return offers
        waiting.asked, waiting.refused_by = waiting.asked - {agent}, refused_by
        if waiting.asked:
            self._ring_on(waiting, self._agents, now, offers)
        else:
            waiting.is_offered, waiting.rung_by = False, None
            self._enter(waiting, now)
            self._match_contact(waiting, now, offers)
        return offers

    def advance(self, now: float) -> list[Offer]:
        """Stop at every instant between the last step and this one at which a rule may say something new."""
        offers: list[Offer] = []
        last, self._now = self._now, max(now, self._now)
        for at in sorted({at for at in self._instants() if last < at <= now}):
            for waiting in self._in_line():
                if waiting.owners and waiting.contact.queue is not None and at >= self._preferred_until(waiting):
                    self._enter(waiting, at)
            for _, agent in sorted(self._agents.items()):
                if agent.standing.rested_at == at:
                    self._match_agent(agent, at, offers)
            for waiting in self._in_line():
                if at in self._instants_of(waiting):
                    self._match_contact(waiting, at, offers)
        return offers

    def set_policy(self, policy: Policy, now: float) -> list[Offer]:
        offers = self.advance(now)
        self.policy = policy
        for waiting in self._in_line():
            self._enter(waiting, now)
        for _, agent in sorted(self._agents.items()):
            self._match_agent(agent, now, offers)
        return offers

    def know_reached(self, reached: Mapping[int | str, float], now: float) -> list[Offer]:
        offers = self.advance(now)
        self.policy = replace(self.policy, reached=reached)
        return offers

    # --- what the rules say -----------------------------------------------------------------------------------------

    def _instants(self) -> Iterator[float]:
        for waiting in self._contacts.values():
            yield from self._instants_of(waiting)
        yield from (agent.standing.rested_at for agent in self._agents.values())

    def _instants_of(self, waiting: _Waiting) -> Iterator[float]:
        since = waiting.contact.since
        yield self._preferred_until(waiting)
        yield from (since + delay_s for delay_s in self._delays)
        yield from (since + stage.after_s for stage in stages_of(self.policy, waiting.contact))

    def _in_line(self) -> list[_Waiting]:
        waiting = [waiting for waiting in self._contacts.values() if not waiting.is_offered]
        return sorted(waiting, key=lambda waiting: (waiting.contact.since, waiting.contact.id))

    @staticmethod
    def _preferred_until(waiting: _Waiting) -> float:
        return waiting.contact.since + waiting.contact.preferred_for_s

    def _enter(self, waiting: _Waiting, now: float) -> None:
        """Decide for whom it waits: its own agents who are here, or the queue."""
        contact = waiting.contact
        waiting.owners = contact.preferred
        if contact.queue is not None:
            here = (a for a in contact.preferred if a in self._agents and self._is_waited_for(self._agents[a], contact))
            waiting.owners = tuple(a for a in here if a not in waiting.refused_by)
            if not waiting.prefers or now >= self._preferred_until(waiting):
                waiting.owners = ()
        waiting.prefers = bool(waiting.owners)

    @staticmethod
    def _is_waited_for(agent: _Agent, contact: Contact) -> bool:
        return agent.is_here or (agent.is_away and contact.waits_for_away)

    def _stage(self, contact: Contact, now: float) -> Stage | None:
        """Return what the contact asks by now."""
        reached = [stage for stage in stages_of(self.policy, contact) if now >= contact.since + stage.after_s]
        return reached[-1] if reached else None

    def _may_have(self, agent: _Agent, waiting: _Waiting) -> bool:
        has_room = can_take(agent.load, waiting.contact.channel, self.policy.channels, agent.profile.limits)
        return agent.is_open and has_room and agent.profile.id not in waiting.refused_by

    def _memberships_for(self, agent: _Agent, waiting: _Waiting, stage: Stage, now: float) -> list[Membership]:
        """Return the agent's memberships by which the contact may be given to the agent now."""
        if not self._may_have(agent, waiting) or not is_met(stage.requirement, agent.profile.skills):
            return []
        if stage.is_hard and not is_rested(self.policy, agent.standing, now):
            return []
        since = waiting.contact.since
        return [
            membership
            for membership in agent.profile.memberships
            if membership.queue in stage.queues and now >= since + membership.delay_s
        ]

    def _match_contact(self, waiting: _Waiting, now: float, offers: list[Offer]) -> None:
        for owner in waiting.owners:
            if owner in self._agents and self._may_have(self._agents[owner], waiting):
                self._offer(waiting, (owner,), None, offers)
                return
        stage = self._stage(waiting.contact, now)
        if waiting.owners or stage is None:
            return
        for queue in stage.queues:
            found = [
                (
                    membership.tier,
                    sum(agent.load.values()),
                    self._rank(agent, waiting.contact, membership),
                    agent.standing.idle_since,
                    key,
                )
                for key, agent in self._agents.items()
                for membership in self._memberships_for(agent, waiting, stage, now)
                if membership.queue == queue
            ]
            if not found:
                continue
            found.sort()
            asked = [agent for *_, agent in found[:1]]
            rules = self.policy.queue(queue)
            if self._rings_all(queue):
                asked = [agent for tier, *_, agent in found if tier == found[0][0]][: rules.ring_at_most]
            self._offer(waiting, tuple(asked), queue, offers)
            return

    def _rings_all(self, queue: int) -> bool:
        return self.policy.queue(queue).agent_choice is AgentChoice.RING_ALL

    def _ring_on(self, waiting: _Waiting, agents: Iterable[int], now: float, offers: list[Offer]) -> None:
        """Telephones ring already: more of the same tier, or of a better one, join up to the queue's bound."""
        queue, stage = waiting.rung_by, self._stage(waiting.contact, now)
        if queue is None or stage is None or not self._rings_all(queue):
            return
        tiers = [m.tier for a in waiting.asked for m in self._agents[a].profile.memberships if m.queue == queue]
        room = max(0, self.policy.queue(queue).ring_at_most - len(waiting.asked))
        found = sorted(
            (
                membership.tier,
                sum(agent.load.values()),
                self._rank(agent, waiting.contact, membership),
                agent.standing.idle_since,
                key,
            )
            for key in agents
            for agent in (self._agents[key],)
            for membership in self._memberships_for(agent, waiting, stage, now)
            if membership.queue == queue and key not in waiting.asked and membership.tier <= max(tiers, default=0)
        )
        if found[:room]:
            self._offer(waiting, tuple(agent for *_, agent in found[:room]), queue, offers)

    def _rank(self, agent: _Agent, contact: Contact, membership: Membership) -> float:
        return rank_of(
            self.policy,
            self.policy.queue(membership.queue),
            requirement=stages_of(self.policy, contact)[0].requirement,
            profile=agent.profile,
            standing=agent.standing,
            membership=membership,
            turns=self._turns.get((membership.queue, agent.profile.id), Turns()),
            draw=draw_of(agent.profile.id, agent.times_open),
        )

    def _match_agent(self, agent: _Agent, now: float, offers: list[Offer]) -> None:
        while agent.is_open:
            own = [w for w in self._in_line() if agent.profile.id in w.owners and self._may_have(agent, w)]
            if own:
                self._offer(own[0], (agent.profile.id,), None, offers)
                continue
            claims = list(self._claims(agent, now))
            if not claims:
                break
            *_, contact, queue = min(claims)
            self._offer(self._contacts[contact], (agent.profile.id,), queue, offers)
        for waiting in sorted(self._contacts.values(), key=lambda waiting: (waiting.contact.since, waiting.contact.id)):
            if waiting.is_offered:
                self._ring_on(waiting, (agent.profile.id,), now, offers)

    def _claims(self, agent: _Agent, now: float) -> Iterator[tuple[int, float, float, str, int]]:
        """Go through everything that waits and may be given to the agent: the smallest comes first."""
        for waiting in self._in_line():
            contact = waiting.contact
            stage = None if waiting.owners else self._stage(contact, now)
            if stage is None:
                continue
            rules = self.policy.queue(contact.queue or 0)
            claim = slope_of(self.policy, rules, contact).at(now - contact.since)
            for membership in self._memberships_for(agent, waiting, stage, now):
                yield membership.order, -claim, contact.since, contact.id, membership.queue

    def _offer(self, waiting: _Waiting, agents: tuple[int, ...], queue: int | None, offers: list[Offer]) -> None:
        joins, waiting.is_offered = waiting.is_offered, True
        waiting.asked = waiting.asked.union(agents)
        if queue is not None and self._rings_all(queue):
            waiting.rung_by = queue
        self._turn += 1
        for agent in agents:
            load = self._agents[agent].load
            load[waiting.contact.channel] = load.get(waiting.contact.channel, 0) + 1
            if queue is not None:
                turns = self._turns.setdefault((queue, agent), Turns())
                turns.taken, turns.last = turns.taken + 1, self._turn
        offers.append(Offer(waiting.contact.id, agents, queue, joins))
