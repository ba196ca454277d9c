"""One company's routing desk: who may be offered what, and every agent's state. The only owner of both.

Synchronous: each call changes the state in one step and leaves what came of it (agents' events, agents found
for contacts) in the outbox, which the switchboard takes at once. Nothing here awaits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from zhiyin.domain import agents
from zhiyin.domain.agents import (
    BUSY,
    REASON_FORCED,
    REASON_RING_NO_ANSWER,
    REASON_SIGNED_IN,
    Agent,
    AgentState,
    AgentStateChanged,
)
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
from zhiyin.domain.calls.inputs import AgentsFound, LineClosed
from zhiyin.domain.missed_offers import ASK_AGAIN_S, PLAIN_MISSED, AfterMiss, MissedRule, after_miss
from zhiyin.domain.rests import Rest, RestStage
from zhiyin.domain.routing.contacts import Contact, Slope
from zhiyin.domain.routing.requirements import levels_of
from zhiyin.domain.routing.router import Offer
from zhiyin.domain.routing.staff import Presence
from zhiyin.domain.wrap_up import NO_WRAP_UP, PLAIN_WRAP_UP, WrapUpMode, WrapUpRule, WrapUpWork, work_on
from zhiyin.engine.company import Company
from zhiyin.engine.contact_tests import TestContacts
from zhiyin.engine.distribution import Distribution
from zhiyin.engine.refusals import DeskRefused
from zhiyin.engine.rests import Rests
from zhiyin.engine.ring_pauses import RingPauses
from zhiyin.engine.standings import Standings
from zhiyin.engine.waiting_line import WaitingLine

#: A desk that is gone this long while its agent waits for work is a lost connection.
LOST_AFTER_S = 20
#: A page that is back may take this long until its telephone is.
TELEPHONE_BACK_S = 10
#: What the timers of test contacts are called by.
TEST = "test:"
_OF_RULES = frozenset({"rest", "rests", "missed", "forgive"})
#: And this long: the agent is signed out.
SIGN_OUT_AFTER_S = 900


@dataclass(slots=True)
class Outbox:
    """What one step brought about: events in order, news for contacts, timers by agent (seconds, None: stop)."""

    events: list[tuple[Agent, AgentStateChanged]] = field(default_factory=list)  # (the agent before, the event)
    news: list[tuple[str, AgentsFound | LineClosed]] = field(default_factory=list)
    timers: list[tuple[str, int, float | None]] = field(default_factory=list)


class RoutingDesk:
    def __init__(self, company: Company) -> None:
        self._company = company
        self.agents: dict[int, Agent] = {}
        self.standings = Standings(company)
        self._distribution = Distribution(company, self.standings)
        self._routing_due_s: float | None = None  # for when the timer is set, in seconds since 1970
        self._touched: set[int] = set()  # whose readiness or idle time may have changed
        self.outbox = Outbox()
        self._reserved: dict[int, str] = {}
        self._chosen: dict[int, tuple[AgentState, str | None]] = {}  # what each agent chose last
        self._reachable: set[int] = set()
        self._desks_open: set[int] = set()
        self._pauses = RingPauses()
        self._wrap_ups: dict[int, str | None] = {}  # agent in after-call work -> of which contact
        self._reached: Mapping[int | str, float] = {}
        self._missed_just_now: set[int] = set()  # ready, and not to be asked for the same contact at once
        self.rests = Rests(self)

    @property
    def company(self) -> Company:
        return self._company

    @company.setter
    def company(self, company: Company) -> None:
        """Take new settings; members and skills may differ. ``rematch`` is to follow."""
        self._company = self.standings.company = company
        self.rests.touch()

    @property
    def line(self) -> WaitingLine:
        return self._distribution.line

    def slope(self, queue: int, class_code: str, priority: int) -> Slope:
        return self._distribution.slope(queue, class_code, priority)

    # --- reading --------------------------------------------------------------------------------------------------

    def agent(self, agent: int) -> Agent:
        return self.agents.get(agent) or Agent(agent)

    def is_staffed(self, queue: int) -> bool:
        """Return whether anybody whom the queue asks sooner or later is signed in (in whatever state)."""
        asked = (self.company.queues[one] for one in self.company.asked_by(queue))
        return any(self._counts_as_staff(agent) for rule in asked for agent in rule.members)

    def is_ready(self, agent: int) -> bool:
        is_left_alone = agent in self._reserved or agent in self._pauses
        return self.agent(agent).is_free and not is_left_alone and agent in self._reachable

    def is_reachable(self, agent: int) -> bool:
        return agent in self._reachable

    def ready_in(self, queue: int) -> int:
        """Return how many of the queue may be offered a contact, as the router knows."""
        return self._distribution.ready_in(queue)

    def may_fetch(self, agent: int) -> bool:
        """Return whether the agent may take a parked contact: signed in, with a telephone, and not on a contact."""
        state = self.agent(agent)
        is_busy = agent in self._reserved or (state.state in BUSY and state.state is not AgentState.WRAP_UP)
        return state.is_signed_in and state.state is not AgentState.LOST and agent in self._reachable and not is_busy

    def _counts_as_staff(self, agent: int) -> bool:
        return self.agent(agent).state not in (AgentState.LOGGED_OUT, AgentState.LOST)

    # --- agents' wishes ---------------------------------------------------------------------------------------------

    def sign_in(self, agent: int, *, actor: int | None, now: datetime) -> None:
        """签入. A repeat changes nothing; a lost agent is back."""
        if agent not in self.company.agents:
            raise DeskRefused("not_an_agent")
        if self.agent(agent).state in (AgentState.LOGGED_OUT, AgentState.LOST) and not self._occupied(agent):
            self._chosen[agent] = (AgentState.NOT_READY, REASON_SIGNED_IN)
            self._become(agent, AgentState.NOT_READY, now, reason=REASON_SIGNED_IN, actor=actor)

    def sign_out(self, agent: int, *, actor: int | None, now: datetime) -> None:
        if self._occupied(agent):
            raise DeskRefused("busy")
        self._chosen.pop(agent, None)
        if self.agent(agent).is_signed_in:
            self._become(agent, AgentState.LOGGED_OUT, now, actor=actor)
            self._close_unstaffed_lines(agent)

    def set_ready(self, agent: int, *, actor: int | None, now: datetime) -> None:
        self._need_signed_in(agent)
        if self._is_bound(agent):
            if self.agent(agent).state is AgentState.WRAP_UP and actor in (None, agent):
                raise DeskRefused("wrap_up_open")
            if self.agent(agent).state is not AgentState.WRAP_UP:
                self._remember(agent, AgentState.READY, None, actor, now)
                return
        if agent not in self._reachable:
            raise DeskRefused("no_telephone")
        self._chosen[agent] = (AgentState.READY, None)
        self._forgive(agent, now)
        if self.agent(agent).state is not AgentState.READY:
            self._become(agent, AgentState.READY, now, actor=actor, missed=0)
        self.settle_matching(now)

    def set_not_ready(self, agent: int, reason: str, *, actor: int | None, now: datetime) -> None:
        self._need_signed_in(agent)
        setting = next((r for r in self.company.settings.reasons if r.code == reason), None)
        if setting is None and reason != REASON_FORCED:
            raise DeskRefused("unknown_reason", reason=reason)
        is_bound = self._is_bound(agent) and not (reason == REASON_FORCED and self._is_wrapping(agent))
        if setting is not None and setting.is_rest:
            self.rests.ask(agent, setting, actor=actor, now=now, at_once=not is_bound)
            return
        if is_bound:
            self._remember(agent, AgentState.NOT_READY, reason, actor, now)
            return
        self._chosen[agent] = (AgentState.NOT_READY, reason)
        self._become(agent, AgentState.NOT_READY, now, reason=reason, actor=actor)

    def take_rest(self, agent: int, rest: Rest, *, actor: int | None, now: datetime) -> None:
        """The agent rests from now on."""
        self._chosen[agent] = (AgentState.REST, rest.reason)
        self._become(agent, AgentState.REST, now, reason=rest.reason, until=rest.until, actor=actor, rest=rest)

    def keep_rest(
        self, agent: int, rest: Rest | None, *, actor: int | None, now: datetime, is_answer: bool = False
    ) -> None:
        """Record how the agent's rest stands; its state goes on. One that is granted follows the contact."""
        before = self.agent(agent)
        next_state, next_reason = before.next_state, before.next_reason
        if rest is not None and rest.stage is RestStage.GRANTED:
            next_state, next_reason = AgentState.REST, rest.reason
        elif next_state is AgentState.REST:
            next_state, next_reason = None, None
        event = replace(agents.kept(before, actor), rest=rest, is_rest_answer=is_answer)
        self._note(before, replace(event, next_state=next_state, next_reason=next_reason), now)
        self.rests.touch()

    def complete_wrap_up(self, agent: int, *, then_ready: bool, actor: int | None, now: datetime) -> None:
        """完成. The agent becomes what was chosen during the contact, else ready or not ready as asked."""
        state = self.agent(agent)
        if state.state is not AgentState.WRAP_UP:
            raise DeskRefused("not_in_wrap_up")
        if state.rest is not None and state.rest.stage is RestStage.GRANTED:
            self._to_chosen(agent, now, actor=actor)
            return
        if not then_ready and state.next_state is None:
            self._chosen[agent] = (AgentState.NOT_READY, REASON_SIGNED_IN)
        elif then_ready:
            self._chosen[agent] = (AgentState.READY, None)
            self.agents[agent] = replace(state, next_state=None, next_reason=None)
        self._to_chosen(agent, now, actor=actor)

    def extend_wrap_up(self, agent: int, *, by_s: int, actor: int | None, now: datetime) -> None:
        """继续整理."""
        state = self.agent(agent)
        if state.state is not AgentState.WRAP_UP or state.interaction is None:
            raise DeskRefused("not_in_wrap_up")
        work = state.wrap_up or work_on(state.interaction, PLAIN_WRAP_UP)
        if state.until is None or work.rule.mode is not WrapUpMode.EXTENDABLE:
            raise DeskRefused("wrap_up_not_extendable")
        if work.extensions_left <= 0:
            raise DeskRefused("no_extension_left")
        work = replace(work, extensions_left=work.extensions_left - 1)
        until = max(state.until, now) + timedelta(seconds=max(10, min(by_s, work.rule.extension_s)))
        self._wrap_up(agent, work, until, now, actor=actor)

    def take_wrap_up(self, agent: int, interaction: str, *, actor: int | None, now: datetime) -> None:
        """开始整理: after-call work that the queue leaves to the agent."""
        work = self.agent(agent).wrap_up
        if work is None or work.interaction != interaction or work.until is None or work.until <= now:
            raise DeskRefused("no_wrap_up_to_take")
        if self._occupied(agent):
            raise DeskRefused("busy")
        until = now + timedelta(seconds=work.rule.limit_s)
        self._wrap_up(agent, replace(work, until=None), until, now, actor=actor)

    def _wrap_up(
        self, agent: int, work: WrapUpWork, until: datetime | None, now: datetime, *, actor: int | None = None
    ) -> None:
        """Go into after-call work, or go on in it: until then, or (None) until it is completed."""
        self._become(
            agent, AgentState.WRAP_UP, now, interaction=work.interaction, until=until, actor=actor, wrap_up=work
        )
        self._timer("wrap_up", agent, None if until is None else (until - now).total_seconds())

    # --- what is known of desks and telephones ----------------------------------------------------------------------

    def desk_connected(self, agent: int, *, is_connected: bool, now: datetime) -> None:
        """A desk opened or the last one closed; a browser's telephone goes with it, a SIP telephone does not."""
        if is_connected:
            self._desks_open.add(agent)
            self._timer("lost", agent, None)
            self._timer("sign_out", agent, None)
            self._come_back(agent, now)
            return
        self._desks_open.discard(agent)
        if self.agent(agent).is_signed_in:
            self._timer("lost", agent, LOST_AFTER_S)

    def telephone_reachable(self, agent: int, *, is_reachable: bool, now: datetime) -> None:
        if is_reachable:
            self._reachable.add(agent)
            self._touched.add(agent)
            self._come_back(agent, now)
            self.settle_matching(now)
            return
        self._reachable.discard(agent)
        self._touched.add(agent)

    def _come_back(self, agent: int, now: datetime) -> None:
        """A lost agent is back with desk and telephone; one whose telephone stays away is told so after a while."""
        if self.agent(agent).state is not AgentState.LOST or agent in self._reserved or agent not in self._desks_open:
            return
        if agent in self._reachable:
            self._to_chosen(agent, now)
        else:
            self._timer("back", agent, TELEPHONE_BACK_S)

    def is_wrapping_up(self, interaction: str) -> bool:
        """Whether some agent is in after-call work of this contact."""
        return interaction in self._wrap_ups.values()

    def has_open_desk(self, agent: int) -> bool:
        return agent in self._desks_open

    def timer_fired(self, name: str, agent: int, now: datetime) -> None:
        state = self.agent(agent)
        match name:
            case "routing":
                self._routing_due_s = None
                self._distribution.advance(now)
                self.settle_matching(now)
            case "pause":
                self._end_pause(agent, now)
            case _ if name in _OF_RULES or name.startswith(TEST):
                self._rule_timer(name, agent, now)
            case "wrap_up" if state.state is AgentState.WRAP_UP and state.until is not None:
                if now < state.until:
                    self._timer("wrap_up", agent, (state.until - now).total_seconds())
                    return
                self._to_chosen(agent, now)
            case "back" if state.state is AgentState.LOST and agent in self._desks_open:
                if agent not in self._reserved:
                    self._to_chosen(agent, now)
            case "lost" if agent not in self._desks_open and state.is_signed_in:
                setting = self.company.agents.get(agent)
                if not self._occupied(agent) and (setting is None or setting.telephone == "browser"):
                    self._become(agent, AgentState.LOST, now)
                    self._close_unstaffed_lines(agent)
                self._timer("sign_out", agent, SIGN_OUT_AFTER_S)
            case "sign_out" if agent not in self._desks_open and state.is_signed_in:
                if self._occupied(agent) and not self._is_mandatory(agent):
                    self._timer("sign_out", agent, 60)
                    return
                self._chosen.pop(agent, None)
                self._become(agent, AgentState.LOGGED_OUT, now)
            case _:
                pass

    def _rule_timer(self, name: str, agent: int, now: datetime) -> None:
        """A time that the company's rules set is over."""
        match name:
            case "rest":
                self.rests.time_is_over(agent, now)
            case "rests":
                self.rests.settle(now)
            case "missed":
                self._end_missed_pause(agent, now)
            case _ if name.startswith(TEST):
                self.end_test(name.removeprefix(TEST), now)
            case _:
                self._forgive(agent, now)
                self.settle_matching(now)

    # --- what calls say ---------------------------------------------------------------------------------------------

    def take(self, interaction: str, queued_at: datetime | None, message: DeskMessage, now: datetime) -> None:
        """Carry out one message of a call."""
        match message:
            case JoinLine():
                self._let_go_of_found(interaction)
                self.settle_matching(now)
                self._distribution.join(interaction, message, queued_at or now, now)
                self.settle_matching(now)
            case RejoinLine(refused_by=refused_by, agent=agent):
                self.settle_matching(now)
                self._distribution.rejoin(interaction, agent, self._still_refusing(refused_by), now)
                self.settle_matching(now)
            case AskAlso(queues=queues):
                self.settle_matching(now)
                self._distribution.ask_also(interaction, queues, now)
                self.settle_matching(now)
            case LeaveLine():
                self._distribution.leave(interaction, now)
            case Unreserve(agent=agent):
                if self._reserved.get(agent) == interaction:
                    self._distribution.ask_no_more(interaction, agent)
                    self._release(agent)
                    self.settle_matching(now)
            case AgentNow(agent=agent, state=state):
                self._hold(agent, interaction)
                if self.agent(agent).state is not state or self.agent(agent).interaction != interaction:
                    self._become(agent, state, now, interaction=interaction)
            case AgentMissed(agent=agent, reason=reason, rule=rule):
                self._missed(agent, reason, rule or PLAIN_MISSED, now)
            case FreeAgent(agent=agent, wrap_up_s=wrap_up_s, reason=reason, rule=rule):
                self._free(agent, interaction, rule or WrapUpRule(limit_s=wrap_up_s), now, reason=reason)
            case RingUnanswered(agent=agent):
                self._timer("pause", agent, self._pauses.begin(agent))
                self._free(agent, interaction, NO_WRAP_UP, now)

    def end_pauses(self, now: datetime) -> None:
        """Asterisk is back: whom it would not ring may be rung at once."""
        for agent in self._pauses.end_all():
            self._timer("pause", agent, None)
            self._end_pause(agent, now)

    def _end_pause(self, agent: int, now: datetime) -> None:
        self._pauses.end(agent)
        self._touched.add(agent)
        self.settle_matching(now)

    def _missed(self, agent: int, reason: str, rule: MissedRule, now: datetime) -> None:
        """An offer came to nothing by the agent's side: what follows where it let it ring says the queue's rule."""
        self._release(agent)
        before = self.agent(agent)
        if agent not in self.company.agents:
            self._become(agent, AgentState.LOGGED_OUT, now)
            return
        in_a_row = before.missed + 1 if reason == REASON_RING_NO_ANSWER else before.missed
        after = after_miss(rule, in_a_row) if reason == REASON_RING_NO_ANSWER else AfterMiss(is_ready=False)
        if before.rest is not None and before.rest.stage is RestStage.GRANTED:
            self._to_chosen(agent, now)
        elif after.is_ready and self._chosen.get(agent) == (AgentState.READY, None) and before.next_state is None:
            self._missed_just_now.add(agent)
            self._timer("forgive", agent, ASK_AGAIN_S)
            self._put(replace(before, idle_since=None))  # its own fault: it comes after the others
            self._become(agent, AgentState.READY, now, missed=in_a_row)
            self.settle_matching(now)
        elif after.for_s is None:
            self._chosen[agent] = (AgentState.NOT_READY, reason)
            self._become(agent, AgentState.NOT_READY, now, reason=reason, missed=in_a_row)
        else:
            self._chosen[agent] = (AgentState.READY, None)  # where it works by itself meanwhile, it is back
            until = now + timedelta(seconds=after.for_s)
            self._become(agent, AgentState.NOT_READY, now, reason=reason, until=until, missed=in_a_row)
            self._timer("missed", agent, after.for_s)

    def _end_missed_pause(self, agent: int, now: datetime) -> None:
        """The time that follows a missed offer is over: the agent is ready again by itself."""
        state = self.agent(agent)
        if state.state is not AgentState.NOT_READY or state.reason != REASON_RING_NO_ANSWER or state.until is None:
            return
        left_s = (state.until - now).total_seconds()
        if left_s > 0:
            self._timer("missed", agent, left_s)
            return
        self._forgive(agent, now)
        self._to_chosen(agent, now)

    def _forgive(self, agent: int, now: datetime) -> None:
        self._missed_just_now.discard(agent)
        self._distribution.forgive(agent, now)

    def _free(
        self, agent: int, interaction: str, rule: WrapUpRule, now: datetime, *, reason: str | None = None
    ) -> None:
        if self._reserved.get(agent) != interaction:
            return
        self._release(agent)
        state = self.agent(agent)
        if agent not in self.company.agents:
            self._become(agent, AgentState.LOGGED_OUT, now)
        elif state.state is AgentState.LOST:
            if agent in self._desks_open:
                self._to_chosen(agent, now)
            else:
                self._become(agent, AgentState.LOST, now)
                self._timer("sign_out", agent, SIGN_OUT_AFTER_S)
        elif rule.begins_by_itself:
            is_open = rule.mode is WrapUpMode.MANDATORY
            until = None if is_open else now + timedelta(seconds=rule.limit_s)
            self._wrap_up(agent, work_on(interaction, rule), until, now)
        elif rule.may_be_taken:
            work = replace(work_on(interaction, rule), until=now + timedelta(seconds=rule.limit_s))
            self._put(replace(state, wrap_up=work))
            self._to_chosen(agent, now)
        elif (
            state.state is AgentState.ALERTING
            and state.next_state is None
            and self._chosen.get(agent) == (AgentState.READY, None)
        ):
            # as if it had never rung; where the telephone is away, it may be a page that is just being reloaded
            self._become(agent, AgentState.READY, now, reason=reason)
            self.settle_matching(now)
        else:
            self._to_chosen(agent, now)

    # --- matching ---------------------------------------------------------------------------------------------------

    def _still_refusing(self, refused_by: frozenset[int]) -> frozenset[int]:
        """Return those who have not made themselves ready since they refused, or let it ring just now."""
        still = self._missed_just_now
        return frozenset(agent for agent in refused_by if not self.agent(agent).is_free or agent in still)

    def settle_if_touched(self, now: datetime) -> None:
        """Whoever changed is known to the router at once: who waited for an agent that left waits for others."""
        if self._touched:
            self.settle_matching(now)

    def settle_matching(self, now: datetime) -> None:
        """Tell the router who is ready by now, and reserve whom it found: one synchronous step."""
        self._distribution.know_reached(self._reached, now)
        self._take_found()  # first: whom new settings found somebody for is not ready any more
        while self._touched or self._take_found():
            for agent in sorted(self._touched):
                state = self.agent(agent)
                if self.is_ready(agent):
                    self._distribution.ready(agent, state.idle_since or state.since or now, now)
                elif self._takes_more(agent):
                    self._distribution.on_call(agent, now)
                else:
                    self._distribution.not_ready(agent, now, self._presence(agent))
            self._touched.clear()
        self._plan_routing(now)

    def _takes_more(self, agent: int) -> bool:
        """Return whether the agent is on a call, and wishes for nothing else than to be ready after it."""
        state = self.agent(agent)
        is_on_call = state.state in agents.ON_CALL or (state.is_free and agent in self._reserved)
        rests = state.rest is not None and state.rest.stage is RestStage.GRANTED
        goes_on = state.next_state in (None, AgentState.READY) and not rests
        return is_on_call and goes_on and self._chosen.get(agent) == (AgentState.READY, None)

    def _presence(self, agent: int) -> Presence:
        state = self.agent(agent)
        if state.is_free or agent in self._reserved or state.state in BUSY:
            return Presence.HERE
        return Presence.AWAY if state.state in agents.CHOSEN else Presence.GONE

    def know_reached(self, reached: Mapping[int | str, float]) -> None:
        """Whose target is missed first is judged by this from the next step on."""
        self._reached = reached

    # --- the test channel -------------------------------------------------------------------------------------------

    @property
    def tests(self) -> TestContacts:
        return self._distribution.tests

    def put_test(self, queue: int, channel: str, lasts_s: float, now: datetime) -> str:
        """Let a contact of no channel stand in the queue's line like one of ``channel``; return its id."""
        contact = Contact(
            id=self.tests.next_id(),
            since=now.timestamp(),
            queue=queue,
            channel=channel,
            requirement=levels_of(self.company.queues[queue].skills),
        )
        self._distribution.put_test(contact, now)
        self._timer(f"{TEST}{contact.id}", 0, lasts_s)
        self.settle_matching(now)
        return contact.id

    def end_test(self, contact: str, now: datetime) -> None:
        self._timer(f"{TEST}{contact}", 0, None)
        self._distribution.end_test(contact, now)
        self.settle_matching(now)

    def load_of(self, agent: int) -> Mapping[str, int]:
        """Return how many contacts of each channel the agent has, as the router counts them."""
        return self._distribution.load_of(agent)

    def takes(self, agent: int, channel: str) -> bool:
        """Return whether the agent may be offered one more contact of the channel now."""
        return self._distribution.takes(agent, channel)

    def _plan_routing(self, now: datetime) -> None:
        """Come back when a ring opens for somebody who waits while an agent is ready."""
        due_s = self._distribution.next_due_s
        if due_s != self._routing_due_s:
            self._routing_due_s = due_s
            self._timer("routing", 0, None if due_s is None else max(0.0, due_s - now.timestamp()))

    def _take_found(self) -> bool:
        found = self._distribution.take_found()
        for one in found:
            for chosen in one.chosen:
                self._hold(chosen.agent, one.interaction)
            self.outbox.news.append((one.interaction, AgentsFound(one.chosen, one.joins)))
        return bool(found)

    def _let_go_of_found(self, interaction: str) -> None:
        """It joins anew: whoever was found for its old place, and is not rung yet, is free for others again."""
        waiting = self.line.get(interaction)
        if waiting is None or not waiting.is_offered:
            return
        for agent in [agent for agent, held in self._reserved.items() if held == interaction]:
            if self.agent(agent).is_free:
                self._release(agent)

    def holds(self, agent: int, interaction: str) -> bool:
        """Return whether the agent is this contact's, found for it or on it."""
        return self._reserved.get(agent) == interaction

    def is_at_work(self, agent: int) -> bool:
        """Return whether the agent takes contacts now: ready, or on one and back afterwards."""
        state = self.agent(agent)
        return agent in self._reachable and (state.is_free or agent in self._reserved or state.state in BUSY)

    def rehearse(self, company: Company, contact: Contact, now: datetime) -> list[Offer]:
        """Return what would be offered if this contact came now, by these settings. Nothing comes of it."""
        return self._distribution.rehearse(company, contact, now)

    def reserve(self, agent: int, interaction: str) -> None:
        """The agent is about to work on this contact and is offered nothing else; what the call says next ends it."""
        self._hold(agent, interaction)

    def _put(self, agent: Agent) -> None:
        """The agent's new state."""
        self.agents[agent.id] = agent
        self._touched.add(agent.id)
        if agent.state is AgentState.WRAP_UP:
            self._wrap_ups[agent.id] = agent.interaction
        else:
            self._wrap_ups.pop(agent.id, None)

    def _hold(self, agent: int, interaction: str) -> None:
        """The agent is this contact's alone, until released."""
        self._reserved[agent] = interaction
        self._touched.add(agent)

    def _release(self, agent: int) -> None:
        self._reserved.pop(agent, None)
        self._touched.add(agent)

    def rematch(self, now: datetime) -> None:
        """Settings changed: members and skills may fit now that did not before."""
        self._distribution.set_company(self._company, now)
        self._touched |= set(self.agents)
        self.settle_matching(now)

    def know_standings(self, now: datetime) -> None:
        """What earlier engines' agents did today is counted now: who waits for work is ranked by it."""
        self.rests.touch()
        self._distribution.rank_anew(now)
        self.settle_matching(now)

    def _close_unstaffed_lines(self, agent: int) -> None:
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
        self._put(agent)
        self.rests.touch()
        if agents.is_pause(agent):
            self._chosen[event.agent] = (AgentState.READY, None)
        elif agent.state in agents.CHOSEN:
            self._chosen[event.agent] = (agent.state, agent.reason)
        if agent.interaction is not None and agent.state in BUSY | {AgentState.LOST}:
            self._hold(event.agent, agent.interaction)

    def restore_choice(self, event: AgentStateChanged) -> None:
        """Know again what an agent was before the contact that it is in: it becomes that afterwards."""
        self._chosen.setdefault(event.agent, (event.state, event.reason))

    def settle(self, live: set[str], now: datetime) -> None:
        """After a take-over: an agent whose contact is gone is freed; a wrap-up goes on or is over."""
        for agent in list(self.agents.values()):
            if agent.state is AgentState.WRAP_UP:
                self._release(agent.id)
                if agent.until is not None or not self._is_mandatory(agent.id):
                    left_s = (agent.until - now).total_seconds() if agent.until else 0.0
                    self._timer("wrap_up", agent.id, max(0.0, left_s))
            elif agent.interaction is not None and agent.interaction not in live:
                self._free(agent.id, agent.interaction, NO_WRAP_UP, now)
            elif agents.is_pause(agent) and agent.until is not None:
                self._timer("missed", agent.id, max(0.0, (agent.until - now).total_seconds()))
            if agent.is_signed_in:
                self._timer("lost", agent.id, LOST_AFTER_S)
        self.rests.restore(now)

    def _become(
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
        self._note(before, event, now)
        self.standings.agent_event(before, event, now)
        if (
            rest != before.rest
            or AgentState.LOGGED_OUT in (before.state, state)
            or AgentState.LOST in (before.state, state)
        ):
            self.rests.touch()
        if state is AgentState.TALKING:
            self._pauses.forget(agent)
        if before.state is AgentState.WRAP_UP and state is not AgentState.WRAP_UP:
            self._timer("wrap_up", agent, None)

    def _remember(self, agent: int, state: AgentState, reason: str | None, actor: int | None, now: datetime) -> None:
        """During a contact: what the agent wants to become afterwards."""
        before = self.agent(agent)
        rest = None if before.rest is not None and before.rest.stage is RestStage.GRANTED else before.rest
        if rest is not before.rest:
            self.rests.touch()  # no rest after all
        self._note(before, replace(agents.kept(before, actor), next_state=state, next_reason=reason, rest=rest), now)

    def _note(self, before: Agent, event: AgentStateChanged, now: datetime) -> None:
        self._put(agents.apply(before, event, now))
        self.outbox.events.append((before, event))

    def _to_chosen(self, agent: int, now: datetime, *, actor: int | None = None) -> None:
        """The work is over: what was wished for during it, else what was chosen before it."""
        before = self.agent(agent)
        if before.rest is not None and before.rest.stage is RestStage.GRANTED:
            self.rests.begin(agent, before.rest, actor=actor, now=now)
            self.settle_matching(now)
            return
        if before.next_state is not None:
            self._chosen[agent] = (before.next_state, before.next_reason)
        state, reason = self._chosen.get(agent, (AgentState.NOT_READY, REASON_SIGNED_IN))
        if state is AgentState.READY and agent not in self._reachable:
            state, reason = AgentState.NOT_READY, agents.REASON_DEVICE_FAILED
        self._become(agent, state, now, reason=reason, actor=actor)
        self.settle_matching(now)

    def _occupied(self, agent: int) -> bool:
        return agent in self._reserved or self.agent(agent).state in BUSY

    def is_occupied(self, agent: int) -> bool:
        return self._occupied(agent)

    def _is_wrapping(self, agent: int) -> bool:
        return self.agent(agent).state is AgentState.WRAP_UP

    def _is_mandatory(self, agent: int) -> bool:
        """Whether the agent is in after-call work that ends only when it is completed."""
        work = self.agent(agent).wrap_up
        return self._is_wrapping(agent) and work is not None and work.is_mandatory

    def _is_bound(self, agent: int) -> bool:
        """Whether what the agent chooses now has to wait for the contact, or for work that must be completed."""
        return self._occupied(agent) and (not self._is_wrapping(agent) or self._is_mandatory(agent))

    def _need_signed_in(self, agent: int) -> None:
        if not self.agent(agent).is_signed_in:
            raise DeskRefused("not_signed_in")

    def _timer(self, name: str, agent: int, after_s: float | None) -> None:
        self.outbox.timers.append((name, agent, after_s))
