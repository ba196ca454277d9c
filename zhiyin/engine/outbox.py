"""What one step of a routing desk brought about; the switchboard takes it and records it."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiyin.domain.agents import Agent, AgentStateChanged
from zhiyin.domain.calls.inputs import AgentsFound, LineClosed


@dataclass(slots=True)
class Outbox:
    """What one step brought about: events in order, news for contacts, timers by agent (seconds, None: stop)."""

    events: list[tuple[Agent, AgentStateChanged]] = field(default_factory=list)  # (the agent before, the event)
    news: list[tuple[str, AgentsFound | LineClosed]] = field(default_factory=list)
    timers: list[tuple[str, int, float | None]] = field(default_factory=list)
