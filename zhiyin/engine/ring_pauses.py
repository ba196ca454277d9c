"""Whom Asterisk would not ring is left alone for a moment, or a caller, an agent and a mute Asterisk would spin.

Pure: says how long; the routing desk keeps the timer.
"""

from __future__ import annotations

#: The first pause, and the longest: each is twice the one before, until the agent talks.
PAUSE_S, LONGEST_PAUSE_S = 1.0, 8.0


class RingPauses:
    def __init__(self) -> None:
        self._paused: set[int] = set()
        self._latest_s: dict[int, float] = {}

    def __contains__(self, agent: int) -> bool:
        return agent in self._paused

    def begin(self, agent: int) -> float:
        """Begin a pause; return its seconds."""
        latest_s = self._latest_s.get(agent)
        pause_s = PAUSE_S if latest_s is None else min(2 * latest_s, LONGEST_PAUSE_S)
        self._latest_s[agent] = pause_s
        self._paused.add(agent)
        return pause_s

    def end(self, agent: int) -> None:
        """The pause is over; the next one will be longer."""
        self._paused.discard(agent)

    def forget(self, agent: int) -> None:
        """The agent was rung and talks: the next pause will be short."""
        self._latest_s.pop(agent, None)

    def end_all(self) -> list[int]:
        """Asterisk is back: end every pause; return whose."""
        ended = sorted(self._paused)
        self._paused.clear()
        self._latest_s.clear()
        return ended
