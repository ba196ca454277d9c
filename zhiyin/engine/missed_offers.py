"""Offers that an agent let ring, and telephones that would not ring: who is asked again, when.

Belongs to the routing desk. Synchronous, as the desk is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhiyin.domain.agents import REASON_RING_NO_ANSWER, AgentState
from zhiyin.domain.missed_offers import ASK_AGAIN_S, AfterMiss, MissedRule, after_miss
from zhiyin.domain.replacing import replace
from zhiyin.domain.rests import RestStage
from zhiyin.domain.wrap_up import NO_WRAP_UP
from zhiyin.engine.ring_pauses import RingPauses

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk


class MissedOffers:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk
        self._pauses = RingPauses()
        self._just_now: set[int] = set()  # ready, and not to be asked for the same contact at once

    def is_left_alone(self, agent: int) -> bool:
        """Whether Asterisk would not ring the agent just now."""
        return agent in self._pauses

    def rang_nothing(self, agent: int, interaction: str, now: datetime) -> None:
        """Asterisk would not ring the agent's telephone: it is left alone for a moment."""
        self._desk.timer("pause", agent, self._pauses.begin(agent))
        self._desk.wrap_ups.free(agent, interaction, NO_WRAP_UP, now)

    def talks(self, agent: int) -> None:
        """The agent was rung and talks."""
        self._pauses.forget(agent)

    def end_pauses(self, now: datetime) -> None:
        """Asterisk is back: whom it would not ring may be rung at once."""
        for agent in self._pauses.end_all():
            self._desk.timer("pause", agent, None)
            self.end_pause(agent, now)

    def end_pause(self, agent: int, now: datetime) -> None:
        self._pauses.end(agent)
        self._desk.touch(agent)
        self._desk.matching.settle(now)

    def missed(self, agent: int, reason: str, rule: MissedRule, now: datetime) -> None:
        """An offer came to nothing by the agent's side: what follows where it let it ring says the queue's rule."""
        self._desk.release(agent)
        before = self._desk.agent(agent)
        if agent not in self._desk.company.agents:
            self._desk.become(agent, AgentState.LOGGED_OUT, now)
            return
        in_a_row = before.missed + 1 if reason == REASON_RING_NO_ANSWER else before.missed
        after = after_miss(rule, in_a_row) if reason == REASON_RING_NO_ANSWER else AfterMiss(is_ready=False)
        if before.rest is not None and before.rest.stage is RestStage.GRANTED:
            self._desk.to_chosen(agent, now)
        elif after.is_ready and self._desk.chosen.get(agent) == (AgentState.READY, None) and before.next_state is None:
            self._just_now.add(agent)
            self._desk.timer("forgive", agent, ASK_AGAIN_S)
            self._desk.put(replace(before, idle_since=None))  # its own fault: it comes after the others
            self._desk.become(agent, AgentState.READY, now, missed=in_a_row)
            self._desk.matching.settle(now)
        elif after.for_s is None:
            self._desk.chosen[agent] = (AgentState.NOT_READY, reason)
            self._desk.become(agent, AgentState.NOT_READY, now, reason=reason, missed=in_a_row)
        else:
            self._desk.chosen[agent] = (AgentState.READY, None)  # where it works by itself meanwhile, it is back
            until = now + timedelta(seconds=after.for_s)
            self._desk.become(agent, AgentState.NOT_READY, now, reason=reason, until=until, missed=in_a_row)
            self._desk.timer("missed", agent, after.for_s)

    def time_is_over(self, agent: int, now: datetime) -> None:
        """The time that follows a missed offer is over: the agent is ready again by itself."""
        state = self._desk.agent(agent)
        if state.state is not AgentState.NOT_READY or state.reason != REASON_RING_NO_ANSWER or state.until is None:
            return
        left_s = (state.until - now).total_seconds()
        if left_s > 0:
            self._desk.timer("missed", agent, left_s)
            return
        self.forgive(agent, now)
        self._desk.to_chosen(agent, now)

    def forgive(self, agent: int, now: datetime) -> None:
        self._just_now.discard(agent)
        self._desk.distribution.forgive(agent, now)

    def still_refusing(self, refused_by: frozenset[int]) -> frozenset[int]:
        """Return those who have not made themselves ready since they refused, or let it ring just now."""
        still = self._just_now
        return frozenset(agent for agent in refused_by if not self._desk.agent(agent).is_free or agent in still)
