"""What agents did today, as the rules between agents look at it: added up from the log's events. Pure.

Sums, so that it does not matter whether the past or the present is counted first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from zhiyin.domain.agents import BUSY, AgentState, AgentStateChanged
from zhiyin.domain.agents import Agent as AgentBefore
from zhiyin.domain.interactions import Direction, Interaction, InteractionEvent, Offered
from zhiyin.domain.metrics.facts import Conversation, facts_of, span_of
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import Standing
from zhiyin.domain.routing.policy import Fairness


@dataclass(slots=True)
class Tally:
    """One agent's day. Instants in seconds since 1970, 0: never. ``taken``: offers by the queue that chose."""

    contacts: int = 0
    talk_s: float = 0.0
    busy_s: float = 0.0
    present_s: float = 0.0
    rest_s: float = 0.0
    last_inbound_at: float = 0.0
    hard: int = 0
    hard_ended_at: float = 0.0
    taken: dict[int, int] = field(default_factory=dict)

    def copy(self) -> Tally:
        return replace(self, taken=dict(self.taken))

    def add(self, other: Tally) -> None:
        self.contacts += other.contacts
        self.talk_s += other.talk_s
        self.busy_s += other.busy_s
        self.present_s += other.present_s
        self.rest_s += other.rest_s
        self.last_inbound_at = max(self.last_inbound_at, other.last_inbound_at)
        self.hard += other.hard
        self.hard_ended_at = max(self.hard_ended_at, other.hard_ended_at)
        for queue, count in other.taken.items():
            self.taken[queue] = self.taken.get(queue, 0) + count


class Tallies:
    """Every agent's tally of one day; ``begin`` forgets the day before."""

    def __init__(self) -> None:
        self.by_agent: dict[int, Tally] = {}

    def begin(self) -> None:
        self.by_agent.clear()

    def of(self, agent: int) -> Tally:
        tally = self.by_agent.get(agent)
        if tally is None:
            tally = self.by_agent[agent] = Tally()
        return tally

    def agent_event(self, before: AgentBefore, event: AgentStateChanged, at: datetime, *, since: datetime) -> None:
        """Count the stay that ended, from ``since`` (the day's begin) on."""
        span = span_of(before, event, at)
        if span is None:
            return
        lasted_s = (at - max(span.started_at, since)).total_seconds()
        if lasted_s <= 0:
            return
        tally = self.of(span.agent)
        tally.present_s += lasted_s
        if span.state in BUSY:
            tally.busy_s += lasted_s
        elif span.state is AgentState.REST:
            tally.rest_s += lasted_s

    def interaction_event(
        self, before: Interaction, event: InteractionEvent, at: datetime, *, hard_classes: frozenset[str]
    ) -> None:
        """Count a conversation that ended, and an offer. A call between colleagues is no contact."""
        if before.direction is Direction.INTERNAL:
            return
        if isinstance(event, Offered):
            queue = event.why.get("queue", before.queue)
            if isinstance(queue, int):
                taken = self.of(event.agent).taken
                taken[queue] = taken.get(queue, 0) + 1
            return
        for fact in facts_of(before, event, at):
            if isinstance(fact, Conversation):
                self._conversation(fact, before, hard_classes)

    def _conversation(self, fact: Conversation, call: Interaction, hard_classes: frozenset[str]) -> None:
        tally, ended_at = self.of(fact.agent), _s(fact.ended_at)
        tally.contacts += 1
        tally.talk_s += fact.talk_s
        if call.direction is Direction.INBOUND:
            tally.last_inbound_at = max(tally.last_inbound_at, ended_at)
        if call.class_code in hard_classes:
            tally.hard += 1
            tally.hard_ended_at = max(tally.hard_ended_at, ended_at)

    def standing(self, agent: int, *, idle_since: datetime, fairness: Fairness) -> Standing:
        """Return the agent's standing as he or she becomes free."""
        tally = self.by_agent.get(agent) or Tally()
        return Standing(
            idle_since=_s(idle_since),
            last_inbound_at=tally.last_inbound_at,
            occupancy=tally.busy_s / tally.present_s if tally.present_s > 0 else 0.0,
            contacts=tally.contacts,
            talk_s=tally.talk_s,
            hard=tally.hard,
            rested_at=tally.hard_ended_at + fairness.gap_s if tally.hard_ended_at else 0.0,
        )

    def add(self, saved: dict[int, Tally]) -> None:
        for agent, tally in saved.items():
            self.of(agent).add(tally)


def _s(at: datetime) -> float:
    return at.astimezone(UTC).timestamp()
