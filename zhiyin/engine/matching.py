"""What the desk knows of its agents, told to the router; what the router finds, reserved. Belongs to the routing desk.

Synchronous: whoever is found is reserved in the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain import agents
from zhiyin.domain.agents import BUSY, AgentState
from zhiyin.domain.calls.inputs import AgentsFound
from zhiyin.domain.rests import RestStage
from zhiyin.domain.routing.staff import Presence
from zhiyin.engine.distribution import Distribution

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk


class Matching:
    def __init__(self, desk: RoutingDesk, distribution: Distribution) -> None:
        self._desk = desk
        self._distribution = distribution
        self._routing_due_s: float | None = None  # for when the timer is set, in seconds since 1970
        self._touched: set[int] = set()  # whose readiness or idle time may have changed
        self._reached: Mapping[int | str, float] = {}

    def touch(self, changed: Iterable[int]) -> None:
        self._touched |= set(changed)

    def know_reached(self, reached: Mapping[int | str, float]) -> None:
        """Whose target is missed first is judged by this from the next step on."""
        self._reached = reached

    def time_is_over(self, now: datetime) -> None:
        """A ring opens for somebody who waits."""
        self._routing_due_s = None
        self._distribution.advance(now)
        self.settle(now)

    def settle_if_touched(self, now: datetime) -> None:
        """Whoever changed is known to the router at once: who waited for an agent that left waits for others."""
        if self._touched:
            self.settle(now)

    def settle(self, now: datetime) -> None:
        """Tell the router who is ready by now, and reserve whom it found: one synchronous step."""
        self._distribution.know_reached(self._reached, now)
        self._take_found()  # first: whom new settings found somebody for is not ready any more
        while self._touched or self._take_found():
            for agent in sorted(self._touched):
                state = self._desk.agent(agent)
                if self._desk.is_ready(agent):
                    self._distribution.ready(agent, state.idle_since or state.since or now, now)
                elif self._takes_more(agent):
                    self._distribution.on_call(agent, now)
                else:
                    self._distribution.not_ready(agent, now, self._presence(agent))
            self._touched.clear()
        self._plan_routing(now)

    def _takes_more(self, agent: int) -> bool:
        """Return whether the agent is on a call, and wishes for nothing else than to be ready after it."""
        state = self._desk.agent(agent)
        is_on_call = state.state in agents.ON_CALL or (state.is_free and self._desk.is_reserved(agent))
        rests = state.rest is not None and state.rest.stage is RestStage.GRANTED
        goes_on = state.next_state in (None, AgentState.READY) and not rests
        return is_on_call and goes_on and self._desk.chosen.get(agent) == (AgentState.READY, None)

    def _presence(self, agent: int) -> Presence:
        state = self._desk.agent(agent)
        if state.is_free or self._desk.is_reserved(agent) or state.state in BUSY:
            return Presence.HERE
        return Presence.AWAY if state.state in agents.CHOSEN else Presence.GONE

    def _plan_routing(self, now: datetime) -> None:
        """Come back when a ring opens for somebody who waits while an agent is ready."""
        due_s = self._distribution.next_due_s
        if due_s != self._routing_due_s:
            self._routing_due_s = due_s
            self._desk.timer("routing", 0, None if due_s is None else max(0.0, due_s - now.timestamp()))

    def _take_found(self) -> bool:
        found = self._distribution.take_found()
        for one in found:
            for chosen in one.chosen:
                self._desk.hold(chosen.agent, one.interaction)
            self._desk.outbox.news.append((one.interaction, AgentsFound(one.chosen, one.joins)))
        return bool(found)

    def let_go_of_found(self, interaction: str) -> None:
        """It joins anew: whoever was found for its old place, and is not rung yet, is free for others again."""
        waiting = self._desk.line.get(interaction)
        if waiting is None or not waiting.is_offered:
            return
        for agent in self._desk.held_for(interaction):
            if self._desk.agent(agent).is_free:
                self._desk.release(agent)
