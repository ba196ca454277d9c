"""Why a contact waited: a stay in a queue, split second by second into what it waited for. Pure, from the records.

Each instant of a stay has one cause, so that the seconds of all causes together are the wait. Who **may** take the
contact is the caller's word: by the queue's members and the skills asked for at its arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from zhiyin.domain.agents import AgentState


class WaitCause(StrEnum):
    RINGING = "ringing"  # 振铃: it was being offered to an agent
    NOBODY_ABLE = "nobody_able"  # 没有人具备技能: none of the queue's agents has the skills asked for
    NOBODY_SIGNED_IN = "nobody_signed_in"  # 无人签入
    NOBODY_AT_WORK = "nobody_at_work"  # 无人工作: all who are signed in are not ready or resting
    ALL_BUSY = "all_busy"  # 全忙: with other contacts, or with their after-call work
    KEPT = "kept"  # 按规则等待: somebody was ready, but for others first, or not yet for this contact


_AWAY = frozenset({AgentState.NOT_READY, AgentState.REST, AgentState.LOST})


@dataclass(frozen=True, slots=True)
class StateSpan:
    """An agent's stay in a state; ``until`` None: it lasts."""

    agent: int
    state: AgentState
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfferSpan:
    """How long the contact rang at an agent; ``until`` None: it rings still. ``outcome`` as the log has it."""

    agent: int
    since: datetime
    until: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class WaitAccount:
    """Seconds by cause, whose sum is the wait; ``busy_s``: agents' seconds by state while all were busy."""

    waited_s: float
    by_cause_s: Mapping[WaitCause, float]
    busy_s: Mapping[AgentState, float]

    @property
    def main_cause(self) -> WaitCause | None:
        """What took longest; None: it did not wait."""
        return max(self.by_cause_s, key=lambda cause: self.by_cause_s[cause], default=None)


def account_for(
    since: datetime,
    until: datetime,
    *,
    able: Collection[int],
    spans: Sequence[StateSpan],
    offers: Sequence[OfferSpan],
) -> WaitAccount:
    """Split the stay from ``since`` to ``until``; ``spans`` of the agents in ``able`` alone count."""
    counted = [span for span in spans if span.agent in able and _overlaps(span, since, until)]
    ringing = [offer for offer in offers if _overlaps(offer, since, until)]
    timed: list[StateSpan | OfferSpan] = [*counted, *ringing]
    edges = {since, until}
    for one in timed:
        edges |= {max(one.since, since), min(one.until or until, until)}
    by_cause: defaultdict[WaitCause, float] = defaultdict(float)
    busy: defaultdict[AgentState, float] = defaultdict(float)
    for begin, end in pairwise(sorted(edges)):
        took_s = (end - begin).total_seconds()
        states = [span.state for span in counted if _covers(span, begin, end)]
        cause = _cause(able, states, is_ringing=any(_covers(offer, begin, end) for offer in ringing))
        by_cause[cause] += took_s
        if cause is WaitCause.ALL_BUSY:
            for state in states:
                if state not in _AWAY:
                    busy[state] += took_s
    return WaitAccount((until - since).total_seconds(), dict(by_cause), dict(busy))


def _cause(able: Collection[int], states: Sequence[AgentState], *, is_ringing: bool) -> WaitCause:
    present = [state for state in states if state is not AgentState.LOGGED_OUT]
    if is_ringing:
        return WaitCause.RINGING
    if not able:
        return WaitCause.NOBODY_ABLE
    if not present:
        return WaitCause.NOBODY_SIGNED_IN
    if AgentState.READY in present:
        return WaitCause.KEPT
    return WaitCause.NOBODY_AT_WORK if all(state in _AWAY for state in present) else WaitCause.ALL_BUSY


def _overlaps(span: StateSpan | OfferSpan, since: datetime, until: datetime) -> bool:
    return span.since < until and (span.until is None or span.until > since)


def _covers(span: StateSpan | OfferSpan, begin: datetime, end: datetime) -> bool:
    return span.since <= begin and (span.until is None or span.until >= end)
