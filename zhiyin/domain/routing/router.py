"""The router of one company: brings waiting contacts and free agents together, one step for each thing that happens.

Pure and incremental: no clock, no I/O; every method is told ``now``, does first what became due by then, and returns
the offers that follow, in order. After each step nobody waits whom a free agent may take: the rules choose *who*,
never whether. The rules are ``policy.Policy``; ``naive`` says the same by looking at everybody, and the tests hold the
two together.

The caller owns what an offer leads to: it says ``leave`` when the contact is answered or gone, ``decline`` when one who
was asked does not take it, ``release`` when an agent's contact is over, and ``advance`` at ``next_due``.

Where a queue rings all, whoever becomes free while telephones ring, and finds nobody who waits, rings as well; so does
the next in place of one who declines.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.claims import NOBODY_WAITED, PassedOver, largest_claim, passed_over
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing, Turns
from zhiyin.domain.routing.counters import Waiting
from zhiyin.domain.routing.lines import Lines
from zhiyin.domain.routing.policy import AgentChoice, Policy
from zhiyin.domain.routing.ringing import asked_at_once, asked_besides, rings_all
from zhiyin.domain.routing.shadow import Shadow, ShadowAnswer
from zhiyin.domain.routing.staff import Agent, Staff


class Offer(NamedTuple):
    """These agents (several only where the queue rings all) are to be asked to take the contact.

    ``queue``: whose agents they are; None for one that waited for its own agent. ``joins``: others are being asked
    already. ``able``: how many could be asked;
    ``others``: the next of them, as (agent, idle since). ``by_other_rules``: whom each other rule between agents would
    have asked first, where the router explains and there was a choice. ``passed``: who else waited for the agent;
    ``shadow``: what a draft of the rules would have done.
    """

    contact: str
    agents: tuple[int, ...]
    queue: int | None
    joins: bool = False
    able: int = 1
    others: tuple[tuple[int, float], ...] = ()
    by_other_rules: tuple[tuple[AgentChoice, int], ...] = ()
    passed: PassedOver = NOBODY_WAITED
    shadow: ShadowAnswer | None = None


#: Of how many agents at most is looked whom other rules would have asked: an explanation costs little.
EXPLAINED = 50
#: How many of the others an offer names.
NAMED = 5


class Router:
    def __init__(self, policy: Policy | None = None, *, explains: bool = False) -> None:
        self._explains = explains
        self._staff = Staff(policy or Policy())
        self._lines = Lines(self._staff)
        #: asked what it would have done at each decision; changes none
        self.shadow: Shadow | None = None
        self._rests: list[tuple[float, int]] = []  # (when an agent's gap after a hard contact ends, agent)
        self._ringing: dict[str, Waiting] = {}  # for which telephones ring, and more may

    @property
    def policy(self) -> Policy:
        return self._staff.policy

    def take_over(self, profiles: Iterable[AgentProfile], contacts: Iterable[Contact], now: float) -> None:
        """Begin with what was there before, nobody free yet: the places in line are those of ``since``."""
        for profile in profiles:
            self.put_agent(profile, now)
        for contact in contacts:
            self._lines.take_in(contact, now)

    def remember(self, taken: Mapping[tuple[int, int], int]) -> None:
        """Know how often each queue chose each agent: (queue, agent) -> times. In force as they are opened again."""
        for key, times in taken.items():
            self._staff.turns.setdefault(key, Turns()).taken = times

    def rehearse(self, policy: Policy, profiles: Iterable[AgentProfile], now: float) -> Router:
        """Return another router that stands as this one does, by these rules and profiles.

        This one does not change, and what the other one offers reaches nobody.
        """
        other = Router(policy, explains=True)
        for profile in profiles:
            other.put_agent(profile, now)
        other._staff.stand_as(self._staff)
        for waiting in sorted(self._lines.waiting.values(), key=lambda one: (one.since, one.contact.id)):
            kept_for = waiting.owners if waiting.prefers else ()  # whoever was there when it came
            contact = replace(waiting.contact, refused_by=waiting.refused_by, preferred=kept_for)
            other._lines.take_in(contact, now, asked=waiting.asked)
        for agent_id, agent in sorted(self._staff.agents.items()):
            if agent.is_open and agent_id in other._staff.agents:
                other.open(agent_id, agent.standing, now)
        return other

    # --- agents -----------------------------------------------------------------------------------------------------

    def put_agent(self, profile: AgentProfile, now: float) -> list[Offer]:
        """Take an agent in, or new skills and memberships of one."""
        offers = self.advance(now)
        memberships = tuple(sorted(profile.memberships, key=lambda membership: (membership.order, membership.queue)))
        agent = self._staff.put(replace(profile, memberships=memberships))
        self._match_agent(agent, now, offers)
        return offers

    def drop_agent(self, agent: int, now: float) -> list[Offer]:
        """Forget an agent; whoever waited for him or her alone waits for the queue."""
        offers = self.close(agent, now)
        known = self._staff.agents.get(agent)
        if known is not None:
            self._staff.drop(known)
        return offers

    def open(self, agent: int, standing: Standing, now: float) -> list[Offer]:
        """The agent may be offered whatever there is room for."""
        offers = self.advance(now)
        known = self._staff.agents[agent]
        self._staff.leave_counters(known)
        known.standing, known.is_open, known.is_here = standing, True, True
        known.times_open += 1
        if standing.rested_at > now:
            heapq.heappush(self._rests, (standing.rested_at, agent))
        self._match_agent(known, now, offers)
        return offers

    def pause(self, agent: int, now: float) -> list[Offer]:
        """Offer the agent nothing for now; who prefers this agent waits on."""
        offers = self.advance(now)
        known = self._staff.agents[agent]
        known.is_open, known.is_here = False, True
        self._staff.leave_counters(known)
        return offers

    def forgive(self, agent: int, now: float) -> list[Offer]:
        """The agent may be offered what it refused before."""
        offers = self.advance(now)
        self._lines.forgive(agent)
        known = self._staff.agents[agent]
        self._staff.leave_counters(known)
        self._match_agent(known, now, offers)
        return offers

    def away(self, agent: int, now: float) -> list[Offer]:
        """The agent is signed in and not ready: who prefers this agent waits on only where it was told to."""
        return self._leave(agent, now, is_away=True)

    def close(self, agent: int, now: float) -> list[Offer]:
        """The agent is gone: who prefers this agent waits no longer for it."""
        return self._leave(agent, now, is_away=False)

    def _leave(self, agent: int, now: float, *, is_away: bool) -> list[Offer]:
        offers = self.advance(now)
        known = self._staff.agents.get(agent)
        if known is None:
            return offers
        known.is_open = known.is_here = False
        known.is_away = is_away
        self._staff.leave_counters(known)
        for _, _, waiting in list(self._lines.own_of(agent) or ()):
            self._lines.enter(waiting, now)
            self._match_contact(waiting, now, offers)
        return offers

    def load_of(self, agent: int) -> Mapping[str, int]:
        """Return how many contacts of each channel the agent has."""
        known = self._staff.agents.get(agent)
        return known.load if known is not None else {}

    def takes(self, agent: int, channel: str) -> bool:
        """Return whether the agent may be offered one more contact of the channel now."""
        known = self._staff.agents.get(agent)
        return known is not None and known.is_open and channel in known.room

    def occupy(self, agent: int, channel: str, now: float) -> list[Offer]:
        """The agent has a contact that was not offered here: a call out, one handed over."""
        offers = self.advance(now)
        self._staff.give((self._staff.agents[agent],), channel, None, now)
        return offers

    def release(self, agent: int, channel: str, now: float) -> list[Offer]:
        """A contact of the agent is over, or was offered in vain."""
        offers = self.advance(now)
        known = self._staff.agents[agent]
        self._staff.add_load(known, channel, -1)
        self._staff.leave_counters(known)
        self._match_agent(known, now, offers)
        return offers

    # --- contacts ---------------------------------------------------------------------------------------------------

    def arrive(
        self, contact: Contact, now: float, *, asked: frozenset[int] = frozenset(), may_join: bool = True
    ) -> list[Offer]:
        """A contact joins its line, at the place that its ``since`` gives it.

        ``asked``: taken over while these are being asked; nobody else is, but where its queue rings all (``may_join``).
        """
        offers = self.leave(contact.id, now)
        waiting = self._lines.take_in(contact, now, asked=asked)
        if not asked:
            self._match_contact(waiting, now, offers)
        elif may_join and contact.queue is not None and rings_all(self.policy, contact.queue):
            waiting.rung_by = contact.queue
            self._ringing[contact.id] = waiting
            self._ring_on(waiting, now, offers)
        return offers

    def leave(self, contact: str, now: float) -> list[Offer]:
        """The contact waits no more; one that does not is no error."""
        offers = self.advance(now)
        self._ringing.pop(contact, None)
        waiting = self._lines.waiting.pop(contact, None)
        if waiting is not None:
            self._lines.withdraw(waiting)
        return offers

    def ask_also(self, contact: str, queues: tuple[int, ...], now: float) -> list[Offer]:
        """Ask the agents of these queues too from now on; the contact keeps its place, and an offer that is open."""
        offers = self.advance(now)
        waiting = self._lines.waiting.get(contact)
        if waiting is not None:
            self._lines.ask_also(waiting, queues, now)
            if not waiting.is_offered:
                self._match_contact(waiting, now, offers)
        return offers

    def decline(self, contact: str, agent: int, refused_by: frozenset[int], now: float) -> list[Offer]:
        """This agent does not take it, and those of ``refused_by`` are not asked again.

        Others who are being asked still are. Where nobody is, the contact waits on, at its place.
        """
        offers = self.advance(now)
        waiting = self._lines.waiting.get(contact)
        if waiting is None:
            return offers
        waiting.asked, waiting.refused_by = waiting.asked - {agent}, refused_by
        if waiting.asked:
            self._ring_on(waiting, now, offers)
            return offers
        self._ringing.pop(contact, None)
        waiting.is_offered, waiting.rung_by = False, None
        self._lines.enter(waiting, now)
        self._match_contact(waiting, now, offers)
        return offers

    def ask_no_more(self, contact: str, agent: int) -> None:
        """The offer was not passed on to this agent, nor is any further one until the others have declined."""
        waiting = self._lines.waiting.get(contact)
        if waiting is not None:
            waiting.asked -= {agent}
            self._ringing.pop(contact, None)

    def asked(self, contact: str) -> frozenset[int]:
        """Return who is being asked to take the contact."""
        waiting = self._lines.waiting.get(contact)
        return frozenset() if waiting is None else waiting.asked

    # --- time and rules ---------------------------------------------------------------------------------------------

    @property
    def next_due(self) -> float:
        """When the rules say something new by themselves, at the earliest; infinity: never."""
        return min(self._lines.next_due, self._rests[0][0] if self._rests else float("inf"))

    def advance(self, now: float) -> list[Offer]:
        """Do what became due: rings, delays, the end of a preference or of a gap, each as of its own instant.

        Of one instant agents are served first, by what every contact asks by then.
        """
        offers: list[Offer] = []
        if not self._rests and not self._lines.is_due(now):
            return offers
        while (at := self.next_due) <= now:
            moved = self._lines.come_due(at)
            while self._rests and self._rests[0][0] == at:
                agent = self._staff.agents.get(heapq.heappop(self._rests)[1])
                if agent is not None and agent.standing.rested_at == at:  # else of a standing that is over
                    self._staff.leave_counters(agent)
                    self._match_agent(agent, at, offers)
            for waiting in moved:
                if not waiting.is_offered:
                    self._match_contact(waiting, at, offers)
        return offers

    def set_policy(self, policy: Policy, now: float) -> list[Offer]:
        """Go by other rules from now on. Contacts keep their places, agents what they have."""
        offers = self.advance(now)
        self._lines.set_policy(policy, now)
        for _, agent in sorted(self._staff.agents.items()):
            self._staff.leave_counters(agent)
            self._match_agent(agent, now, offers)
        return offers

    def know_reached(self, reached: Mapping[int | str, float], now: float) -> list[Offer]:
        """Judge by these shares whose target is missed first. Only the order changes: nobody may take anybody new."""
        offers = self.advance(now)
        self._lines.know_reached(reached)
        return offers

    # --- which agent ------------------------------------------------------------------------------------------------

    def _match_contact(self, waiting: Waiting, now: float, offers: list[Offer]) -> None:
        """Find agents for a contact that has just come to where it waits."""
        for owner in waiting.owners:
            agent = self._staff.agents.get(owner)
            if agent is not None and self._may_have_own(agent, waiting):
                self._offer(waiting, (agent,), Offer(waiting.contact.id, (), None), now, offers)
                return
        if not waiting.is_in_lane or waiting.home is None:
            return
        counter = waiting.home.counter
        if counter.free:
            first = counter.first_free(waiting, now)
            if first is None:
                self._lines.plan_for_contact(waiting, now)
                return
            asked = asked_at_once(self._staff, counter, waiting, first, now)
            able, others = counter.others(waiting, now, but_for=first, at_most=NAMED)
            others = tuple(other for other in others if all(other[0] != agent.profile.id for agent in asked))
            rules: tuple[tuple[AgentChoice, int], ...] = ()
            if self._explains and 1 < able <= EXPLAINED:
                rules = self._staff.by_other_rules(counter, first, list(counter.all_free(waiting, now)))
            shadow = None
            if self.shadow is not None and self.shadow.may_ask(now):
                shadow = self.shadow.whom(waiting.contact, waiting.refused_by, self._staff, now)
            queue = counter.queues[first[0]]
            told = Offer(waiting.contact.id, (), queue, able=able, others=others, by_other_rules=rules, shadow=shadow)
            self._offer(waiting, asked, told, now, offers)

    def _may_have_own(self, agent: Agent, waiting: Waiting) -> bool:
        is_asked = agent.is_open and agent.profile.id not in waiting.refused_by
        return is_asked and waiting.contact.channel in agent.room

    def _ring_on(self, waiting: Waiting, now: float, offers: list[Offer], *, only: Agent | None = None) -> None:
        """Telephones ring already: let whoever else may ring as well."""
        joining = asked_besides(self._staff, waiting, now, only=only)
        if joining:
            self._offer(waiting, joining, Offer(waiting.contact.id, (), waiting.rung_by), now, offers)

    # --- which contact ----------------------------------------------------------------------------------------------

    def _match_agent(self, agent: Agent, now: float, offers: list[Offer]) -> None:
        """Give a free agent what there is room for, the largest claim first; then let the agent wait for more."""
        if not agent.is_open:
            return
        while agent.room:
            found = self._first_own(agent) or self._first_of_lanes(agent, now)
            if found is None:
                break
            self._offer(found[0], (agent,), self._told(agent, found[0], found[1], now), now, offers)
        self._lines.plan_for_agent(self._staff.stand_at_counters(agent, now), now)
        if self._ringing and agent.room:
            for waiting in sorted(self._ringing.values(), key=lambda waiting: (waiting.since, waiting.contact.id)):
                self._ring_on(waiting, now, offers, only=agent)

    def _told(self, agent: Agent, waiting: Waiting, queue: int | None, now: float) -> Offer:
        """Return what is to be told of the choice between contacts, before it is carried out."""
        told = Offer(waiting.contact.id, (), queue)
        if queue is None:
            return told
        if self._explains:
            rested = self._staff.is_rested(agent, now)
            told = told._replace(passed=passed_over(self.policy, agent, told.contact, now, is_rested=rested))
        if self.shadow is not None and self.shadow.may_ask(now):
            told = told._replace(shadow=self.shadow.which(agent, self._lines.lanes(), now))
        return told

    def _first_own(self, agent: Agent) -> tuple[Waiting, None] | None:
        own = self._lines.own_of(agent.profile.id)
        for _, _, waiting in own or ():
            if self._may_have_own(agent, waiting):
                return waiting, None
        return None

    def _first_of_lanes(self, agent: Agent, now: float) -> tuple[Waiting, int] | None:
        return largest_claim(agent, now, is_rested=self._staff.is_rested(agent, now))

    # --- both -------------------------------------------------------------------------------------------------------

    def _offer(self, waiting: Waiting, agents: tuple[Agent, ...], told: Offer, now: float, offers: list[Offer]) -> None:
        """One step: the contact waits no more, and the agents have it. ``told``: the offer but for them."""
        self._lines.withdraw(waiting)
        self._staff.give(agents, waiting.contact.channel, told.queue, now)
        asked, joins = tuple(agent.profile.id for agent in agents), waiting.is_offered
        waiting.is_offered, waiting.asked = True, waiting.asked.union(asked)
        if told.queue is not None and rings_all(self.policy, told.queue):
            waiting.rung_by = told.queue
            self._ringing[waiting.contact.id] = waiting
        offers.append(told._replace(agents=asked, joins=joins))
