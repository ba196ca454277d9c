"""One company's routing desk: who may be offered what, and every agent's state. The only owner of both.

Synchronous: each call changes the state in one step and leaves what came of it (agents' events, agents found
for contacts) in the outbox, which the switchboard takes at once. Nothing here awaits.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from zhiyin.domain import agents
from zhiyin.domain.agents import BUSY, REASON_FORCED, REASON_SIGNED_IN, Agent, AgentState, AgentStateChanged
from zhiyin.domain.calls.effects import (
    AgentMissed,
    AgentNow,
    AskAlso,
    DeskMessage,
    FreeAgent,
    JoinLine,
    LeaveLine,
    RejoinLine,
    RingUnanswered,
    Unreserve,
)
from zhiyin.domain.calls.inputs import LineClosed
from zhiyin.domain.missed_offers import PLAIN_MISSED
from zhiyin.domain.replacing import replace
from zhiyin.domain.rests import Rest, RestStage
from zhiyin.domain.routing.contacts import Contact, Slope
from zhiyin.domain.routing.router import Offer
from zhiyin.domain.wrap_up import NO_WRAP_UP, WrapUpRule, WrapUpWork
from zhiyin.engine.company import Company
from zhiyin.engine.contact_test_desk import TEST, ContactTestDesk
from zhiyin.engine.distribution import Distribution
from zhiyin.engine.headcounts import PRESENT, Headcounts
from zhiyin.engine.matching import Matching
from zhiyin.engine.missed_offers import MissedOffers
from zhiyin.engine.outbox import Outbox
from zhiyin.engine.presences import LOST_AFTER_S, Presences
from zhiyin.engine.refusals import DeskRefused
from zhiyin.engine.rests import Rests
from zhiyin.engine.standings import Standings
from zhiyin.engine.waiting_line import WaitingLine
from zhiyin.engine.wrap_ups import WrapUps

#: Who has not signed in since the engine began, made once: of a large company that is most, and all are looked at.
_stranger = lru_cache(maxsize=10_000)(Agent)


class RoutingDesk:
    """Keeps the agents' states, and who is reserved for what. What has rules of its own is done by its collaborators:
    they change a state through ``become``, ``put`` and ``note`` alone.
    """

    def __init__(self, company: Company) -> None:
        self._company = company
        self.agents: dict[int, Agent] = {}
        self.headcounts = Headcounts(company.queues)
        self.standings = Standings(company)
        self.distribution = Distribution(company, self.standings)
        self.outbox = Outbox()
        self._reserved: dict[int, str] = {}
        self.chosen: dict[int, tuple[AgentState, str | None]] = {}  # what each agent chose last
        self.matching = Matching(self, self.distribution)
        self.presences = Presences(self)
        self.wrap_ups = WrapUps(self)
        self.missed = MissedOffers(self)
        self.rests = Rests(self)
        self.test_contacts = ContactTestDesk(self)

    @property
    def company(self) -> Company:
        return self._company

    @company.setter
    def company(self, company: Company) -> None:
        """Take new settings; members and skills may differ. ``rematch`` is to follow."""
        self._company = self.standings.company = company
        self.headcounts.set_queues(company.queues)
        self.rests.touch()

    @property
    def line(self) -> WaitingLine:
        return self.distribution.line

    def slope(self, queue: int, class_code: str, priority: int) -> Slope:
        return self.distribution.slope(queue, class_code, priority)

    # --- reading --------------------------------------------------------------------------------------------------

    def agent(self, agent: int) -> Agent:
        return self.agents.get(agent) or _stranger(agent)

    def is_staffed(self, queue: int) -> bool:
        """Return whether anybody whom the queue asks sooner or later is signed in (in whatever state)."""
        return any(self.headcounts.count(one, PRESENT) for one in self.company.asked_by(queue))

    def is_ready(self, agent: int) -> bool:
        is_left_alone = self.is_reserved(agent) or self.missed.is_left_alone(agent)
        return self.agent(agent).is_free and not is_left_alone and self.presences.is_reachable(agent)

    def ready_in(self, queue: int) -> int:
        """Return how many of the queue may be offered a contact, as the router knows."""
        return self.distribution.ready_in(queue)

    def may_fetch(self, agent: int) -> bool:
        """Return whether the agent may take a parked contact: signed in, with a telephone, and not on a contact."""
        state = self.agent(agent)
        is_busy = agent in self._reserved or (state.state in BUSY and state.state is not AgentState.WRAP_UP)
        is_there = state.is_signed_in and state.state is not AgentState.LOST and self.presences.is_reachable(agent)
        return is_there and not is_busy

    # --- agents' wishes ---------------------------------------------------------------------------------------------

    def sign_in(self, agent: int, *, actor: int | None, now: datetime) -> None:
        """签入. A repeat changes nothing; a lost agent is back."""
        if agent not in self.company.agents:
            raise DeskRefused("not_an_agent")
        if self.agent(agent).state in (AgentState.LOGGED_OUT, AgentState.LOST) and not self.is_occupied(agent):
            self.chosen[agent] = (AgentState.NOT_READY, REASON_SIGNED_IN)
            self.become(agent, AgentState.NOT_READY, now, reason=REASON_SIGNED_IN, actor=actor)

    def sign_out(self, agent: int, *, actor: int | None, now: datetime) -> None:
        if self.is_occupied(agent):
            raise DeskRefused("busy")
        self.chosen.pop(agent, None)
        if self.agent(agent).is_signed_in:
            self.become(agent, AgentState.LOGGED_OUT, now, actor=actor)
            self.close_unstaffed_lines(agent)

    def set_ready(self, agent: int, *, actor: int | None, now: datetime) -> None:
        self._need_signed_in(agent)
        if self._is_bound(agent):
            if self.agent(agent).state is AgentState.WRAP_UP and actor in (None, agent):
                raise DeskRefused("wrap_up_open")
            if self.agent(agent).state is not AgentState.WRAP_UP:
                self._remember(agent, AgentState.READY, None, actor, now)
                return
        if not self.presences.is_reachable(agent):
            raise DeskRefused("no_telephone")
        self.chosen[agent] = (AgentState.READY, None)
        self.missed.forgive(agent, now)
        if self.agent(agent).state is not AgentState.READY:
            self.become(agent, AgentState.READY, now, actor=actor, missed=0)
        self.matching.settle(now)

    def set_not_ready(self, agent: int, reason: str, *, actor: int | None, now: datetime) -> None:
        self._need_signed_in(agent)
        setting = next((r for r in self.company.settings.reasons if r.code == reason), None)
        if setting is None and reason != REASON_FORCED:
            raise DeskRefused("unknown_reason", reason=reason)
        is_bound = self._is_bound(agent) and not (reason == REASON_FORCED and self.wrap_ups.is_open(agent))
        if setting is not None and setting.is_rest:
            self.rests.ask(agent, setting, actor=actor, now=now, at_once=not is_bound)
            return
        if is_bound:
            self._remember(agent, AgentState.NOT_READY, reason, actor, now)
            return
        self.chosen[agent] = (AgentState.NOT_READY, reason)
        self.become(agent, AgentState.NOT_READY, now, reason=reason, actor=actor)

    # --- time -------------------------------------------------------------------------------------------------------

    def timer_fired(self, name: str, agent: int, now: datetime) -> None:
        match name:
            case "routing":
                self.matching.time_is_over(now)
            case "pause":
                self.missed.end_pause(agent, now)
            case "wrap_up":
                self.wrap_ups.time_is_over(agent, now)
            case "rest":
                self.rests.time_is_over(agent, now)
            case "rests":
                self.rests.settle(now)
            case "missed":
                self.missed.time_is_over(agent, now)
            case "forgive":
                self.missed.forgive(agent, now)
                self.matching.settle(now)
            case _ if name.startswith(TEST):
                self.test_contacts.end(name.removeprefix(TEST), now)
            case _:
                self.presences.time_is_over(name, agent, now)

    # --- what calls say ---------------------------------------------------------------------------------------------

    def take(self, interaction: str, queued_at: datetime | None, message: DeskMessage, now: datetime) -> None:
        """Carry out one message of a call."""
        match message:
            case JoinLine():
                self.matching.let_go_of_found(interaction)
                self.matching.settle(now)
                self.distribution.join(interaction, message, queued_at or now, now)
                self.matching.settle(now)
            case RejoinLine(refused_by=refused_by, agent=agent):
                self.matching.settle(now)
                self.distribution.rejoin(interaction, agent, self.missed.still_refusing(refused_by), now)
                self.matching.settle(now)
            case AskAlso(queues=queues):
                self.matching.settle(now)
                self.distribution.ask_also(interaction, queues, now)
                self.matching.settle(now)
            case LeaveLine():
                self.distribution.leave(interaction, now)
            case Unreserve(agent=agent):
                if self._reserved.get(agent) == interaction:
                    self.distribution.ask_no_more(interaction, agent)
                    self.release(agent)
                    self.matching.settle(now)
            case AgentNow(agent=agent, state=state):
                self.hold(agent, interaction)
                if self.agent(agent).state is not state or self.agent(agent).interaction != interaction:
                    self.become(agent, state, now, interaction=interaction)
            case AgentMissed(agent=agent, reason=reason, rule=rule):
                self.missed.missed(agent, reason, rule or PLAIN_MISSED, now)
            case FreeAgent(agent=agent, wrap_up_s=wrap_up_s, reason=reason, rule=rule):
                self.wrap_ups.free(agent, interaction, rule or WrapUpRule(limit_s=wrap_up_s), now, reason=reason)
            case RingUnanswered(agent=agent):
                self.missed.rang_nothing(agent, interaction, now)

    # --- who is whose -----------------------------------------------------------------------------------------------

    def is_reserved(self, agent: int) -> bool:
        return agent in self._reserved

    def held_for(self, interaction: str) -> list[int]:
        """Return the agents who are this contact's."""
        return [agent for agent, held in self._reserved.items() if held == interaction]

    def holds(self, agent: int, interaction: str) -> bool:
        """Return whether the agent is this contact's, found for it or on it."""
        return self._reserved.get(agent) == interaction

    def is_at_work(self, agent: int) -> bool:
        """Return whether the agent takes contacts now: ready, or on one and back afterwards."""
        state = self.agent(agent)
        return self.presences.is_reachable(agent) and (state.is_free or agent in self._reserved or state.state in BUSY)

    def rehearse(self, company: Company, contact: Contact, now: datetime) -> list[Offer]:
        """Return what would be offered if this contact came now, by these settings. Nothing comes of it."""
        return self.distribution.rehearse(company, contact, now)

    def put(self, agent: Agent) -> None:
        """The agent's new state."""
        self.agents[agent.id] = agent
        self.headcounts.follow(agent.id, agent.state)
        self.touch(agent.id)
        self.wrap_ups.follow(agent)

    def touch(self, *changed: int) -> None:
        """Their readiness or idle time may have changed: the next step tells the router."""
        self.matching.touch(changed)

    def hold(self, agent: int, interaction: str) -> None:
        """The agent is this contact's alone, until released: what the call says next ends it."""
        self._reserved[agent] = interaction
        self.touch(agent)

    def release(self, agent: int) -> None:
        self._reserved.pop(agent, None)
        self.touch(agent)

    def rematch(self, now: datetime) -> None:
        """Settings changed: members and skills may fit now that did not before."""
        self.distribution.set_company(self._company, now)
        self.touch(*self.agents)
        self.matching.settle(now)

    def know_standings(self, now: datetime) -> None:
        """What earlier engines' agents did today is counted now: who waits for work is ranked by it."""
        self.rests.touch()
        self.distribution.rank_anew(now)
        self.matching.settle(now)

    def close_unstaffed_lines(self, agent: int) -> None:
        """The last agent of a queue left: its callers must not wait for nobody."""
        for queue in self.company.asking(agent):
            if not self.is_staffed(queue):
                self.outbox.news += [(w.interaction, LineClosed()) for w in self.line.of_queue(queue)]
        mine = set(self.company.queues_of(agent))
        self.outbox.news += [(w.interaction, LineClosed()) for w in self.line if mine & set(w.also)]

    # --- states -----------------------------------------------------------------------------------------------------

    def restore(self, event: AgentStateChanged, at: datetime) -> None:
        """Rebuild an agent from its newest event, before any contact is taken over."""
        agent = agents.apply(Agent(event.agent), event, at)
        self.put(agent)
        self.rests.touch()
        if agents.is_pause(agent):
            self.chosen[event.agent] = (AgentState.READY, None)
        elif agent.state in agents.CHOSEN:
            self.chosen[event.agent] = (agent.state, agent.reason)
        if agent.interaction is not None and agent.state in BUSY | {AgentState.LOST}:
            self.hold(event.agent, agent.interaction)

    def restore_choice(self, event: AgentStateChanged) -> None:
        """Know again what an agent was before the contact that it is in: it becomes that afterwards."""
        self.chosen.setdefault(event.agent, (event.state, event.reason))

    def settle(self, live: set[str], now: datetime) -> None:
        """After a take-over: an agent whose contact is gone is freed; a wrap-up goes on or is over."""
        for agent in list(self.agents.values()):
            if agent.state is AgentState.WRAP_UP:
                self.wrap_ups.restore(agent, now)
            elif agent.interaction is not None and agent.interaction not in live:
                self.wrap_ups.free(agent.id, agent.interaction, NO_WRAP_UP, now)
            elif agents.is_pause(agent) and agent.until is not None:
                self.timer("missed", agent.id, max(0.0, (agent.until - now).total_seconds()))
            if agent.is_signed_in:
                self.timer("lost", agent.id, LOST_AFTER_S)
        self.rests.restore(now)

    def become(
        self,
        agent: int,
        state: AgentState,
        now: datetime,
        *,
        reason: str | None = None,
        interaction: str | None = None,
        until: datetime | None = None,
        actor: int | None = None,
        rest: Rest | None = None,
        wrap_up: WrapUpWork | None = None,
        missed: int | None = None,
    ) -> None:
        before = self.agent(agent)
        rest = rest or agents.rest_in(before, state, reason, now)
        keeps_wish = state in BUSY or state is AgentState.LOST
        goes_on = (state, reason, interaction) == (before.state, before.reason, before.interaction)
        event = AgentStateChanged(
            agent=agent,
            state=state,
            reason=reason,
            interaction=interaction,
            actor=actor,
            until=rest.until if state is AgentState.REST and rest is not None else until,
            next_state=before.next_state if keeps_wish else None,
            next_reason=before.next_reason if keeps_wish else None,
            since=before.since if goes_on else None,
            rest=rest,
            wrap_up=wrap_up or agents.wrap_up_in(before, state, now),
            missed=agents.missed_in(before, state) if missed is None else missed,
        )
        self.note(before, event, now)
        self.standings.agent_event(before, event, now)
        if rest != before.rest or not {AgentState.LOGGED_OUT, AgentState.LOST}.isdisjoint((before.state, state)):
            self.rests.touch()
        if state is AgentState.TALKING:
            self.missed.talks(agent)
        if before.state is AgentState.WRAP_UP and state is not AgentState.WRAP_UP:
            self.timer("wrap_up", agent, None)

    def _remember(self, agent: int, state: AgentState, reason: str | None, actor: int | None, now: datetime) -> None:
        """During a contact: what the agent wants to become afterwards."""
        before = self.agent(agent)
        rest = None if before.rest is not None and before.rest.stage is RestStage.GRANTED else before.rest
        if rest is not before.rest:
            self.rests.touch()  # no rest after all
        self.note(before, replace(agents.kept(before, actor), next_state=state, next_reason=reason, rest=rest), now)

    def note(self, before: Agent, event: AgentStateChanged, now: datetime) -> None:
        self.put(agents.apply(before, event, now))
        self.outbox.events.append((before, event))

    def to_chosen(self, agent: int, now: datetime, *, actor: int | None = None) -> None:
        """The work is over: what was wished for during it, else what was chosen before it; who was removed leaves."""
        before, is_ours = self.agent(agent), agent in self.company.agents
        if is_ours and before.rest is not None and before.rest.stage is RestStage.GRANTED:
            self.rests.begin(agent, before.rest, actor=actor, now=now)
            self.matching.settle(now)
            return
        if before.next_state is not None:
            self.chosen[agent] = (before.next_state, before.next_reason)
        state, reason = self.chosen.get(agent, (AgentState.NOT_READY, REASON_SIGNED_IN))
        if not is_ours:
            state, reason = AgentState.LOGGED_OUT, None
        elif state is AgentState.READY and not self.presences.is_reachable(agent):
            state, reason = AgentState.NOT_READY, agents.REASON_DEVICE_FAILED
        self.become(agent, state, now, reason=reason, actor=actor)
        self.matching.settle(now)

    def is_occupied(self, agent: int) -> bool:
        return agent in self._reserved or self.agent(agent).state in BUSY

    def _is_bound(self, agent: int) -> bool:
        """Whether what the agent chooses now has to wait for the contact, or for work that must be completed."""
        return self.is_occupied(agent) and (not self.wrap_ups.is_open(agent) or self.wrap_ups.is_mandatory(agent))

    def _need_signed_in(self, agent: int) -> None:
        if not self.agent(agent).is_signed_in:
            raise DeskRefused("not_signed_in")

    def timer(self, name: str, agent: int, after_s: float | None) -> None:
        self.outbox.timers.append((name, agent, after_s))
