"""Each agent's standing of the company's day, counted as events happen and again from the log after a restart.

Belongs to the routing desk; synchronous.
"""

from __future__ import annotations

from datetime import datetime

from zhiyin.domain.agents import Agent, AgentStateChanged
from zhiyin.domain.interactions import Interaction, InteractionEvent
from zhiyin.domain.routing.contacts import Standing
from zhiyin.domain.routing.tallies import Tallies, Tally
from zhiyin.engine.company import Company


class Standings:
    def __init__(self, company: Company) -> None:
        self.company = company
        self._tallies = Tallies()
        self._day_ends_at: datetime | None = None

    def agent_event(self, before: Agent, event: AgentStateChanged, at: datetime) -> None:
        self.begin_day(at)
        self._tallies.agent_event(before, event, at, since=self.company.day_began_at(at))

    def interaction_event(self, before: Interaction, event: InteractionEvent, at: datetime) -> None:
        self.begin_day(at)
        self._tallies.interaction_event(before, event, at, hard_classes=self.company.hard_classes)

    def of(self, agent: int, idle_since: datetime) -> Standing:
        """Return the agent's standing as he or she becomes free."""
        return self._tallies.standing(agent, idle_since=idle_since, fairness=self.company.policy.fairness)

    def rested_s(self, agent: int, now: datetime) -> float:
        """Return how long the agent has rested today, an unfinished rest apart."""
        self.begin_day(now)
        tally = self._tallies.by_agent.get(agent)
        return tally.rest_s if tally is not None else 0.0

    def taken(self) -> dict[tuple[int, int], int]:
        """Return how often each queue chose each agent today."""
        by_agent = self._tallies.by_agent
        return {(queue, agent): count for agent, tally in by_agent.items() for queue, count in tally.taken.items()}

    def checkpoint(self) -> dict[int, Tally]:
        return {agent: tally.copy() for agent, tally in self._tallies.by_agent.items()}

    def add_past(self, saved: dict[int, Tally], at: datetime) -> None:
        """Add a checkpoint of this day."""
        self.begin_day(at)
        self._tallies.add(saved)

    def begin_day(self, at: datetime) -> None:
        """At the company's midnight everybody begins anew."""
        if self._day_ends_at is not None and at < self._day_ends_at:
            return
        if self._day_ends_at is not None:
            self._tallies.begin()
        self._day_ends_at = self.company.day_ends_at(at)
