"""How long somebody at a place in line is going to wait, as a middle and an upper bound. Pure; seconds.

A queue learns **what one contact costs it** from what happens: the time between two contacts leaving its line, times
the agents at work meanwhile. That holds talk, after-call work, breaks, and what the agents do for other queues, without
being told any of it. A place is that cost, divided by the agents at work now, once for everybody before and once more.

How far the truth lies from that is learnt too: each estimate is judged when its contact is answered, and the bounds are
drawn wider after a miss and closer after a hit, so that in the long run half of the waits end within ``p50_s`` and nine
of ten within ``p90_s``, whatever the load (adaptive conformal inference, Gibbs and Candès 2021). Where nothing has been
seen yet nothing is said.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import exp, sqrt

#: Of how many contacts the cost is learnt: enough for a mean, few enough to follow the hour.
REMEMBERED = 40
#: So many must have left the line, or have been talked with, before anything is said.
ENOUGH = 3
#: How far one judged estimate moves a bound (a natural logarithm), and how far all of them may.
LEARNING_RATE, FURTHEST = 0.2, 2.3
#: Priority and class of a contact: what others have before it.
Rank = tuple[int, str]
PLAIN: Rank = (0, "")
#: The standard normal's quantile for 90 %.
_Z90 = 1.2816


@dataclass(frozen=True, slots=True)
class WaitEstimate:
    """What is promised. ``before``: how many came first; ``agents``: at work then. Half wait no longer than ``p50_s``.

    ``plain_p50_s`` and ``plain_p90_s`` are those without what was learnt from earlier misses; by them it is judged.
    """

    p50_s: float
    p90_s: float
    before: int
    agents: int
    plain_p50_s: float
    plain_p90_s: float


@dataclass(frozen=True, slots=True)
class Handling:
    """The day's mean handling time, and of how many contacts: what is gone by until the line itself was seen."""

    mean_s: float
    contacts: int


@dataclass(slots=True)
class _Bounds:
    """How much wider than plain the bounds are drawn, as natural logarithms."""

    p50: float = 0.0
    p90: float = 0.0

    def judge(self, estimate: WaitEstimate, waited_s: float) -> None:
        rate = LEARNING_RATE / (1 + estimate.before)  # those of one line wait for the same: together they are one word
        is_late = waited_s > estimate.plain_p50_s * exp(self.p50)
        self.p50 = _within(self.p50 + rate * (is_late - 0.5))
        is_broken = waited_s > estimate.plain_p90_s * exp(self.p90)
        self.p90 = _within(self.p90 + rate * (is_broken - 0.1))


@dataclass(slots=True)
class WaitEstimator:
    """One queue's. Told when its line begins to wait, when somebody is answered, and when the line is empty."""

    _costs_s: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _busy_since: float | None = None  # since when somebody waits for whom no agent was free
    _bounds: dict[Rank, _Bounds] = field(default_factory=dict)  # others overtake some more than others

    def joined(self, at: float, *, has_free: bool) -> None:
        """Somebody joined the line; ``has_free``: an agent is there at once, so that it says nothing of waiting."""
        if self._busy_since is None and not has_free:
            self._busy_since = at

    def answered(self, at: float, *, agents: int, still_waiting: int) -> None:
        """Somebody of the line was answered, with so many agents at work and others still in line."""
        if self._busy_since is not None and at >= self._busy_since:
            self._costs_s.append((at - self._busy_since) * max(1, agents))
        self._busy_since = at if still_waiting else None

    def left(self, *, still_waiting: int) -> None:
        """Somebody left the line unanswered."""
        if not still_waiting:
            self._busy_since = None

    def judge(self, estimate: WaitEstimate, waited_s: float, *, rank: Rank = PLAIN) -> None:
        """The contact that was told this has been answered after so long."""
        self._bounds.setdefault(rank, _Bounds()).judge(estimate, waited_s)

    def estimate(
        self, before: int, *, agents: int, handling: Handling | None = None, rank: Rank = PLAIN
    ) -> WaitEstimate | None:
        """Return what to promise with ``before`` others in front; None while nothing is known, or nobody is at work."""
        cost_s, seen = self._cost(handling)
        if agents < 1 or seen < ENOUGH:
            return None
        turns = before + 1
        mean_s = turns * cost_s / agents
        spread = 1 / turns + 1 / seen  # of the departures themselves, and of how well their mean is known
        plain_p50_s, plain_p90_s = _quantile(mean_s, spread, 0.0), _quantile(mean_s, spread, _Z90)
        bounds = self._bounds.get(rank) or _Bounds()
        p50_s = plain_p50_s * exp(bounds.p50)
        return WaitEstimate(
            round(p50_s, 1),
            round(max(plain_p90_s * exp(bounds.p90), p50_s), 1),
            before,
            agents,
            round(plain_p50_s, 1),
            round(plain_p90_s, 1),
        )

    def _cost(self, handling: Handling | None) -> tuple[float, int]:
        """Return an agent's seconds for one contact and of how many it is known; the line's own word counts first."""
        seen = len(self._costs_s)
        if handling is None or handling.contacts < ENOUGH or seen >= REMEMBERED // 2:
            return (sum(self._costs_s) / seen if seen else 0.0), seen
        lent = min(handling.contacts, REMEMBERED // 2 - seen)
        return (sum(self._costs_s) + lent * handling.mean_s) / (seen + lent), seen + lent


def _quantile(mean: float, spread: float, z: float) -> float:
    """Return a quantile of the gamma distribution of this mean and squared variation (Wilson and Hilferty 1931)."""
    cube_root = 1 - spread / 9 + z * sqrt(spread) / 3
    return mean * max(cube_root, 0.0) ** 3


def _within(learnt: float) -> float:
    return max(-FURTHEST, min(FURTHEST, learnt))
