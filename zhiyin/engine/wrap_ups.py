"""After-call work of one company's agents, and what an agent becomes as its contact ends. Belongs to the routing desk.

Synchronous, as the desk is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhiyin.domain.agents import REASON_SIGNED_IN, Agent, AgentState
from zhiyin.domain.replacing import replace
from zhiyin.domain.rests import RestStage
from zhiyin.domain.wrap_up import PLAIN_WRAP_UP, WrapUpMode, WrapUpRule, WrapUpWork, work_on
from zhiyin.engine.presences import SIGN_OUT_AFTER_S
from zhiyin.engine.refusals import DeskRefused

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk


class WrapUps:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk
        self._contacts: dict[int, str | None] = {}  # agent in after-call work -> of which contact

    def follow(self, agent: Agent) -> None:
        """The agent's state changed: know who works on what."""
        if agent.state is AgentState.WRAP_UP:
            self._contacts[agent.id] = agent.interaction
        else:
            self._contacts.pop(agent.id, None)

    def complete(self, agent: int, *, then_ready: bool, actor: int | None, now: datetime) -> None:
        """完成. The agent becomes what was chosen during the contact, else ready or not ready as asked."""
        state = self._desk.agent(agent)
        if state.state is not AgentState.WRAP_UP:
            raise DeskRefused("not_in_wrap_up")
        if state.rest is not None and state.rest.stage is RestStage.GRANTED:
            self._desk.to_chosen(agent, now, actor=actor)
            return
        if not then_ready and state.next_state is None:
            self._desk.chosen[agent] = (AgentState.NOT_READY, REASON_SIGNED_IN)
        elif then_ready:
            self._desk.chosen[agent] = (AgentState.READY, None)
            self._desk.agents[agent] = replace(state, next_state=None, next_reason=None)
        self._desk.to_chosen(agent, now, actor=actor)

    def extend(self, agent: int, *, by_s: int, actor: int | None, now: datetime) -> None:
        """继续整理."""
        state = self._desk.agent(agent)
        if state.state is not AgentState.WRAP_UP or state.interaction is None:
            raise DeskRefused("not_in_wrap_up")
        work = state.wrap_up or work_on(state.interaction, PLAIN_WRAP_UP)
        if state.until is None or work.rule.mode is not WrapUpMode.EXTENDABLE:
            raise DeskRefused("wrap_up_not_extendable")
        if work.extensions_left <= 0:
            raise DeskRefused("no_extension_left")
        work = replace(work, extensions_left=work.extensions_left - 1)
        until = max(state.until, now) + timedelta(seconds=max(10, min(by_s, work.rule.extension_s)))
        self.go_into(agent, work, until, now, actor=actor)

    def take(self, agent: int, interaction: str, *, actor: int | None, now: datetime) -> None:
        """开始整理: after-call work that the queue leaves to the agent."""
        work = self._desk.agent(agent).wrap_up
        if work is None or work.interaction != interaction or work.until is None or work.until <= now:
            raise DeskRefused("no_wrap_up_to_take")
        if self._desk.is_occupied(agent):
            raise DeskRefused("busy")
        until = now + timedelta(seconds=work.rule.limit_s)
        self.go_into(agent, replace(work, until=None), until, now, actor=actor)

    def go_into(
        self, agent: int, work: WrapUpWork, until: datetime | None, now: datetime, *, actor: int | None = None
    ) -> None:
        """Go into after-call work, or go on in it: until then, or (None) until it is completed."""
        self._desk.become(
            agent, AgentState.WRAP_UP, now, interaction=work.interaction, until=until, actor=actor, wrap_up=work
        )
        self._desk.timer("wrap_up", agent, None if until is None else (until - now).total_seconds())

    def free(self, agent: int, interaction: str, rule: WrapUpRule, now: datetime, *, reason: str | None = None) -> None:
        if not self._desk.holds(agent, interaction):
            return
        self._desk.release(agent)
        state = self._desk.agent(agent)
        if agent not in self._desk.company.agents:
            self._desk.become(agent, AgentState.LOGGED_OUT, now)
        elif state.state is AgentState.LOST:
            if self._desk.presences.has_open_desk(agent):
                self._desk.to_chosen(agent, now)
            else:
                self._desk.become(agent, AgentState.LOST, now)
                self._desk.timer("sign_out", agent, SIGN_OUT_AFTER_S)
        elif rule.begins_by_itself:
            is_open = rule.mode is WrapUpMode.MANDATORY
            until = None if is_open else now + timedelta(seconds=rule.limit_s)
            self.go_into(agent, work_on(interaction, rule), until, now)
        elif rule.may_be_taken:
            work = replace(work_on(interaction, rule), until=now + timedelta(seconds=rule.limit_s))
            self._desk.put(replace(state, wrap_up=work))
            self._desk.to_chosen(agent, now)
        elif (
            state.state is AgentState.ALERTING
            and state.next_state is None
            and self._desk.chosen.get(agent) == (AgentState.READY, None)
        ):
            # as if it had never rung; where the telephone is away, it may be a page that is just being reloaded
            self._desk.become(agent, AgentState.READY, now, reason=reason)
            self._desk.matching.settle(now)
        else:
            self._desk.to_chosen(agent, now)

    def is_worked_on(self, interaction: str) -> bool:
        """Whether some agent is in after-call work of this contact."""
        return interaction in self._contacts.values()

    def is_open(self, agent: int) -> bool:
        return self._desk.agent(agent).state is AgentState.WRAP_UP

    def is_mandatory(self, agent: int) -> bool:
        """Whether the agent is in after-call work that ends only when it is completed."""
        work = self._desk.agent(agent).wrap_up
        return self.is_open(agent) and work is not None and work.is_mandatory

    def time_is_over(self, agent: int, now: datetime) -> None:
        state = self._desk.agent(agent)
        if state.state is not AgentState.WRAP_UP or state.until is None:
            return
        if now < state.until:
            self._desk.timer("wrap_up", agent, (state.until - now).total_seconds())
            return
        self._desk.to_chosen(agent, now)

    def restore(self, agent: Agent, now: datetime) -> None:
        """After a take-over: one with an end goes on until then, one that is completed by the agent until it is."""
        self._desk.release(agent.id)
        if agent.until is not None or not self.is_mandatory(agent.id):
            left_s = (agent.until - now).total_seconds() if agent.until else 0.0
            self._desk.timer("wrap_up", agent.id, max(0.0, left_s))
