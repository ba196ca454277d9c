"""One company's waiting contacts and ready agents, as the router sees them. Belongs to the routing desk; synchronous.

Speaks of agents who are ready or not, and of calls' wishes; the router speaks of capacity, classes and requirements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.calls.inputs import Chosen
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Slope, slope_of
from zhiyin.domain.routing.objectives import changed_shares
from zhiyin.domain.routing.policy import VOICE, Policy
from zhiyin.domain.routing.requirements import Requirement, levels_of
from zhiyin.domain.routing.router import Offer, Router
from zhiyin.domain.routing.shadow import Shadow
from zhiyin.domain.routing.staff import Presence
from zhiyin.domain.routing.trials import Arm, TrialStage
from zhiyin.engine.company import Company
from zhiyin.engine.contact_tests import TestContacts
from zhiyin.engine.decision_records import Records
from zhiyin.engine.standings import Standings
from zhiyin.engine.trial_rules import into_arm, is_in_arm, out_of_arm
from zhiyin.engine.waiting_line import BY_ARRIVAL, Waiting, WaitingLine

#: When a new installation's agents are made known: nobody is ready then.
_NOBODY_YET = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """Agents for a contact, several only where the queue rings all. ``joins``: others are being rung already."""

    interaction: str
    chosen: tuple[Chosen, ...]
    joins: bool


class Distribution:
    def __init__(self, company: Company, standings: Standings) -> None:
        self._standings = standings
        self.line = WaitingLine()
        self._company = company
        self._router = Router(explains=True)
        self._idle_since: dict[int, datetime] = {}  # of the ready
        self._ready_of: Counter[int] = Counter()  # by queue
        self._given: set[int] = set()  # to whom the router has given a contact
        self._known: set[int] = set()
        self._presence: dict[int, Presence] = {}  # of those who are not ready; GONE where it is not named
        self._beside: set[int] = set()  # on a call, and open for what there is room for beside it
        self._reached: Mapping[int | str, float] = {}
        self.tests = TestContacts()
        self._found: list[Found] = []
        self._contacts: dict[str, Contact] = {}
        self.set_company(company, _NOBODY_YET)

    def take_found(self) -> list[Found]:
        """Return what came of the steps since the last time."""
        found, self._found = self._found, []
        return found

    # --- agents -----------------------------------------------------------------------------------------------------

    def set_company(self, company: Company, now: datetime) -> None:
        """Take new members and skills; contacts keep their places."""
        ready = dict(self._idle_since)
        for agent in ready:
            self.not_ready(agent, now, Presence.HERE)
        for agent in list(self._beside):  # found again as they are touched
            self.not_ready(agent, now, Presence.HERE)
        for agent in self._known - company.agents.keys():
            self._give_back(agent, now)
            self._note(self._router.drop_agent(agent, _s(now)), now)
            self._presence.pop(agent, None)
            self._given.discard(agent)
        self._company, self._known = company, set(company.agents)
        policy = replace(company.policy, reached=self._reached)
        if replace(policy, version=self._router.policy.version) != self._router.policy:
            self._go_by(policy, now)
        for profile in profiles_of(company):
            self._note(self._router.put_agent(profile, _s(now)), now)
        self._take_trial(now)
        self._ask_anew(now)
        for agent, idle_since in ready.items():
            self.ready(agent, idle_since, now)

    def _go_by(self, policy: Policy, now: datetime) -> None:
        self._note(self._router.set_policy(policy, _s(now)), now)
        self.line.weigh_anew(self._slope_of)

    def know_reached(self, reached: Mapping[int | str, float], now: datetime) -> None:
        """Today's share of contacts served in time is another by now, of queues and classes that aim at one."""
        if reached != self._reached:
            changed, self._reached = changed_shares(self._reached, reached), reached
            self._note(self._router.know_reached(reached, _s(now)), now)
            self.line.weigh_anew(self._slope_of, of=changed)

    def _requirement(self, queue: int | None, joined_with: Mapping[str, int]) -> Requirement:
        """Return what a queue asks for by now; of one that is gone, what it asked for when the contact joined."""
        rule = self._company.queues.get(abs(queue)) if queue is not None else None
        return levels_of(joined_with if rule is None else rule.skills)

    def _ask_anew(self, now: datetime) -> None:
        """A queue may ask for other skills by now: of those who wait in it already, too."""
        for interaction, contact in list(self._contacts.items()):
            waiting = self.line.get(interaction)
            if waiting is None or contact.queue is None or abs(contact.queue) not in self._company.queues:
                continue
            wanted = self._requirement(contact.queue, {})
            if wanted != contact.requirement:
                changed = replace(contact, requirement=wanted, refused_by=waiting.refused_by)
                self._contacts[interaction] = changed
                self._note(self._router.arrive(changed, _s(now), asked=self._router.asked(interaction)), now)

    def _take_trial(self, now: datetime) -> None:
        """Ask the draft of a shadow from now on; who stands in the arm of a canary that is over goes by the rules."""
        rules = self._company.trial
        is_shadow = rules is not None and rules.trial.stage is TrialStage.SHADOW
        self._router.shadow = Shadow(rules.policy, rules.memberships) if rules is not None and is_shadow else None
        for interaction, contact in list(self._contacts.items()):
            waiting = self.line.get(interaction)
            if waiting is None or not is_in_arm(contact) or contact.queue in self._company.policy.queues:
                continue
            back = self._contacts[interaction] = out_of_arm(replace(contact, refused_by=waiting.refused_by))
            self._note(self._router.arrive(back, _s(now), asked=self._router.asked(interaction)), now)

    def ready(self, agent: int, idle_since: datetime, now: datetime) -> None:
        """The agent may be offered a contact; one who is already ready stays so, idle since then."""
        if agent not in self._known:
            return
        self._beside.discard(agent)
        if agent in self._given:
            self._router.pause(agent, _s(now))
            self._given.discard(agent)
            self._note(self._router.release(agent, VOICE, _s(now)), now)
        elif self._idle_since.get(agent) == idle_since:
            return
        if agent not in self._idle_since:
            self._ready_of.update(self._company.queues_of(agent))
        self._idle_since[agent] = idle_since
        self._presence.pop(agent, None)
        self._note(self._router.open(agent, self._standings.of(agent, idle_since), _s(now)), now)

    def rank_anew(self, now: datetime) -> None:
        """More is known of what agents did today: how often they were chosen, and their standings."""
        taken = self._standings.taken()
        arms = (-queue for queue in self._company.policy.queues if queue < 0)
        in_arms = {
            (-queue, agent): taken[queue, agent] for queue in arms for agent in self._known if (queue, agent) in taken
        }
        self._router.remember(taken | in_arms)
        for agent, idle_since in self._idle_since.items():
            if agent not in self._given:
                self._note(self._router.open(agent, self._standings.of(agent, idle_since), _s(now)), now)

    def on_call(self, agent: int, now: datetime) -> None:
        """A call occupies the agent: no other is offered, but what there is room for beside it."""
        if agent not in self._known:
            return
        if not self._has_room_beside(agent):
            self.not_ready(agent, now, Presence.HERE)
            return
        if agent in self._beside:
            return
        if self._idle_since.pop(agent, None) is not None:
            self._ready_of.subtract(self._company.queues_of(agent))
        self._beside.add(agent)
        self._presence[agent] = Presence.HERE
        if agent not in self._given:  # a call that was not offered here
            self._given.add(agent)
            self._note(self._router.occupy(agent, VOICE, _s(now)), now)
        self._note(self._router.open(agent, self._standings.of(agent, now), _s(now)), now)

    def _has_room_beside(self, agent: int) -> bool:
        """Return whether the company's rules leave room for anything beside a call."""
        channels, limits = self._company.policy.channels, self._company.agents[agent].channel_limits
        return any(can_take({VOICE: 1}, channel, channels, limits) for channel in channels if channel != VOICE)

    def not_ready(self, agent: int, now: datetime, presence: Presence) -> None:
        """Offer the agent nothing; whether contacts which prefer this agent wait on says where it is."""
        if agent not in self._known:
            return
        was_open = agent in self._idle_since or agent in self._beside
        if self._idle_since.pop(agent, None) is not None:
            self._ready_of.subtract(self._company.queues_of(agent))
        self._beside.discard(agent)
        if not was_open and self._presence.get(agent, Presence.GONE) is presence:
            return
        self._presence[agent] = presence
        match presence:
            case Presence.HERE:
                self._note(self._router.pause(agent, _s(now)), now)
            case Presence.AWAY:
                self._note(self._router.away(agent, _s(now)), now)
            case Presence.GONE:
                self._note(self._router.close(agent, _s(now)), now)
                self._give_back(agent, now)

    def forgive(self, agent: int, now: datetime) -> None:
        """The agent is ready anew: what it let ring before may be offered again, or nobody may be left to ask."""
        self.line.forgive(agent)
        if agent in self._known:
            self._note(self._router.forgive(agent, _s(now)), now)

    def ready_in(self, queue: int) -> int:
        """Return how many of the queue are ready."""
        return self._ready_of[queue]

    def slope(self, queue: int, class_code: str, priority: int) -> Slope:
        """Return how the claim of such a contact grows in the queue, by the company's rule."""
        policy = self._router.policy
        like = Contact("", 0.0, queue, class_code=class_code, points=float(priority))
        return slope_of(policy, policy.queue(queue), like)

    def _slope_of(self, waiting: Waiting) -> Slope:
        if waiting.queue is None or waiting.only_agent is not None:
            return BY_ARRIVAL
        return self.slope(waiting.queue, waiting.class_code, waiting.priority)

    # --- contacts ---------------------------------------------------------------------------------------------------

    def join(self, interaction: str, wish: JoinLine, queued_at: datetime, now: datetime) -> None:
        since = wish.since or queued_at
        alone = wish.only_agent is not None or wish.queue is None
        slope = BY_ARRIVAL if alone or wish.queue is None else self.slope(wish.queue, wish.class_code, wish.priority)
        self.line.join(interaction, wish, since, slope)
        contact = Contact(
            id=interaction,
            since=_s(since),
            queue=wish.queue if wish.only_agent is None else None,
            requirement=self._requirement(wish.queue, wish.skills),
            class_code=wish.class_code,
            preferred=wish.preferred if wish.only_agent is None else (wish.only_agent,),
            preferred_for_s=wish.preferred_for_s,
            refused_by=wish.refused_by,
            is_hard=wish.class_code in self._company.hard_classes,
            points=float(wish.priority),
            also=wish.also,
            waits_for_away=wish.waits_for_away,
        )
        rules = self._company.trial
        if rules is not None and wish.arm == Arm.DRAFT and wish.trial == rules.trial.id and wish.queue is not None:
            arm = into_arm(contact)
            contact = arm if arm.queue in self._company.policy.queues else contact
        self._contacts[interaction] = contact
        self._note(self._router.arrive(contact, _s(now), asked=wish.asked, may_join=wish.may_join), now)

    def ask_also(self, interaction: str, queues: tuple[int, ...], now: datetime) -> None:
        """Ask these queues' agents as well; the contact keeps its place, and its offer if it has one."""
        if self.line.ask_also(interaction, queues) is not None:
            self._contacts[interaction] = replace(self._contacts[interaction], also=queues)
            self._note(self._router.ask_also(interaction, queues, _s(now)), now)

    def rejoin(self, interaction: str, agent: int, refused_by: frozenset[int], now: datetime) -> None:
        """This agent does not take it: whoever else is asked still is; else it waits on."""
        offers = self._router.decline(interaction, agent, refused_by, _s(now))
        is_offered = bool(self._router.asked(interaction))
        self.line.wait_on(interaction, refused_by=refused_by, is_offered=is_offered)
        self._note(offers, now)

    def ask_no_more(self, interaction: str, agent: int) -> None:
        """The agent who was found for it was not needed."""
        self._router.ask_no_more(interaction, agent)

    def leave(self, interaction: str, now: datetime) -> None:
        self.line.leave(interaction)
        self._contacts.pop(interaction, None)
        self._note(self._router.leave(interaction, _s(now)), now)

    def rehearse(self, company: Company, contact: Contact, now: datetime) -> list[Offer]:
        """Return what would be offered if this contact came now, by these settings. Nothing comes of it."""
        policy = replace(company.policy, reached=self._reached)
        router = self._router.rehearse(policy, profiles_of(company), _s(now))
        return [offer for offer in router.arrive(contact, _s(now)) if offer.contact == contact.id]

    def load_of(self, agent: int) -> Mapping[str, int]:
        """Return how many contacts of each channel the agent has."""
        return self._router.load_of(agent)

    def takes(self, agent: int, channel: str) -> bool:
        """Return whether the agent may be offered one more contact of the channel now."""
        return self._router.takes(agent, channel)

    # --- contacts of the test channel -------------------------------------------------------------------------------

    def put_test(self, contact: Contact, now: datetime) -> None:
        """A test contact joins the line of its queue, like any contact of its channel."""
        self.tests.put(contact)
        self._note(self._router.arrive(contact, _s(now)), now)

    def end_test(self, contact: str, now: datetime) -> None:
        """A test contact is over; one that is over already is no error."""
        ended = self.tests.end(contact)
        if ended is None:
            return
        self._note(self._router.leave(contact, _s(now)), now)
        if ended.agent is not None and ended.agent in self._known:
            self._note(self._router.release(ended.agent, ended.contact.channel, _s(now)), now)

    def _give_back(self, agent: int, now: datetime) -> None:
        """The agent is gone: its test contacts wait again, at their places."""
        for held in self.tests.of(agent):
            self._note(self._router.release(agent, held.contact.channel, _s(now)), now)
            self.tests.put(held.contact)
            self._note(self._router.arrive(held.contact, _s(now)), now)

    def _take_tests(self, offer: Offer, now: datetime) -> None:
        """Whoever is asked first takes a test contact at once; it is the router's no longer."""
        taker, *others = offer.agents
        held = self.tests.take(offer.contact, taker, now)
        if held is None:
            return
        self._note(self._router.leave(offer.contact, _s(now)), now)
        for other in others:
            self._note(self._router.release(other, held.contact.channel, _s(now)), now)

    # --- time -------------------------------------------------------------------------------------------------------

    @property
    def next_due_s(self) -> float | None:
        """When a ring or a delay says something new, in seconds since 1970; None: nothing is to come."""
        due = self._router.next_due
        return None if due == float("inf") else due

    def advance(self, now: datetime) -> None:
        self._note(self._router.advance(_s(now)), now)

    # --- what comes of it -------------------------------------------------------------------------------------------

    def _note(self, offers: list[Offer], now: datetime) -> None:
        for offer in offers:
            if offer.contact in self.tests:
                self._take_tests(offer, now)
                continue
            records = self._records_of(offer)
            chosen = tuple(Chosen(agent, records.of(agent, now)) for agent in offer.agents)
            self._given.update(offer.agents)
            self.line.mark_offered(offer.contact)
            self._found.append(Found(offer.contact, chosen, offer.joins))

    def _records_of(self, offer: Offer) -> Records:
        waiting = self.line.get(offer.contact)
        assert waiting is not None, "the router knows who waits from here alone"
        return Records(
            offer=offer,
            contact=self._contacts[offer.contact],
            waiting=waiting,
            company=self._company,
            policy=self._router.policy,
            idle_since=self._idle_since,
            ready=self._ready_of[abs(offer.queue)] if offer.queue is not None else 1,
        )


def profiles_of(company: Company) -> list[AgentProfile]:
    """Return what the router knows of the company's agents."""
    return [
        AgentProfile(agent, setting.skills, company.memberships.get(agent, ()), setting.channel_limits)
        for agent, setting in company.agents.items()
    ]


def _s(at: datetime) -> float:
    return at.astimezone(UTC).timestamp()
