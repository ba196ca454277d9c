"""What each agent who is signed in may know of its next rest, and whose answer changed. Belongs to ``Rests``.

Looked at after each step that may have freed a place, with hundreds of agents: what is the same for all of the same
quotas is counted once, and only those whose answer may be another are answered anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from zhiyin.domain import rests
from zhiyin.domain.agents import AgentState
from zhiyin.domain.rests import Places, Rest, RestQuota, RestRule

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an agent may know of its next rest: ``free`` None: no quota; ``left_s`` None: no minutes are counted."""

    free: int | None = None
    place: int | None = None
    left_s: float | None = None


_NOTHING = Outlook()


class _Groups:
    """The agents whom the same quotas hold."""

    def __init__(self, quotas: Sequence[RestQuota]) -> None:
        self._members: dict[tuple[int, ...], set[int]] = {}
        for agent in frozenset[int]().union(*(quota.agents for quota in quotas)):
            own = tuple(index for index, quota in enumerate(quotas) if agent in quota.agents)
            self._members.setdefault(own, set()).add(agent)
        self._left: dict[tuple[int, ...], int | None] = {}

    def changed(self, places: Places) -> set[int]:
        """Return those for whom another number of places is left than the last time."""
        found: set[int] = set()
        for own, members in self._members.items():
            left = places.left_of(own)
            if own not in self._left or left != self._left[own]:
                self._left[own] = left
                found |= members
        return found


class RestOutlooks:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk
        self._found: dict[int, Outlook] = {}
        self._changed: set[int] = set()
        self._rule: RestRule | None = None
        self._groups = _Groups(())
        self._waiting: list[int] = []
        self._rested_s: dict[int, float] = {}  # of those who rest it grows: they stand here no more

    def of(self, agent: int) -> Outlook:
        return self._found.get(agent, _NOTHING)

    def take_changed(self) -> set[int]:
        """Return whose outlook changed since the last time."""
        changed, self._changed = self._changed, set()
        return changed

    def look(self, everybody: Mapping[int, Rest], signed_in: frozenset[int], now: datetime) -> None:
        """Answer those again whose answer may be another. ``everybody``: all rests."""
        rule = self._desk.company.rest_rule
        if not rule.quotas and rule.minutes_per_day is None and not self._found:
            return
        if signed_in:
            self._desk.standings.begin_day(now)
        for gone in self._found.keys() - signed_in:
            del self._found[gone]
        places = Places(rule.quotas, everybody, signed_in=signed_in)
        maybe = self._of_another_rule(rule) or (signed_in - self._found.keys())
        maybe |= self._groups.changed(places) | self._moved(rests.waiting_list(everybody))
        maybe |= self._rested(rule, signed_in, now)
        for agent in maybe & signed_in:
            found = Outlook(places.free_for(agent), places.in_list(agent), rests.left_s(rule, self.used_s(agent, now)))
            if found != self._found.get(agent, _NOTHING):
                self._changed.add(agent)
            self._found[agent] = found

    def _of_another_rule(self, rule: RestRule) -> frozenset[int]:
        """Return everybody where the rule is another than the last time."""
        if rule == self._rule:
            return frozenset()
        self._rule, self._groups = rule, _Groups(rule.quotas)
        self._rested_s.clear()
        return frozenset(self._desk.agents)

    def _moved(self, waiting: list[int]) -> set[int]:
        """Return who begins or ends to wait, and who waits behind."""
        before, self._waiting = self._waiting, waiting
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, waiting, strict=False)))
        return {*before[same:], *waiting[same:]}

    def _rested(self, rule: RestRule, signed_in: frozenset[int], now: datetime) -> set[int]:
        """Return who rested for longer than the last time, or on another day."""
        if rule.minutes_per_day is None:
            return set()
        rested_s, agents, known = self._desk.standings.rested_s, self._desk.agents, self._rested_s
        found = set()
        for agent in signed_in:
            now_s = rested_s(agent, now)
            if agents[agent].state is AgentState.REST:
                known.pop(agent, None)
                found.add(agent)
            elif known.get(agent) != now_s:
                known[agent] = now_s
                found.add(agent)
        return found

    def used_s(self, agent: int, now: datetime) -> float:
        """Return how long the agent rested today, the present rest with it."""
        state = self._desk.agent(agent)
        used_s = self._desk.standings.rested_s(agent, now)
        if state.state is AgentState.REST and state.since is not None:
            used_s += (now - max(state.since, self._desk.company.day_began_at(now))).total_seconds()
        return used_s
