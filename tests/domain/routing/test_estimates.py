"""What is promised is kept: a queue simulated contact by contact, on stationary and on changing loads."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from zhiyin.domain.routing.estimates import ENOUGH, Handling, WaitEstimate, WaitEstimator

HOUR_S = 3600.0


@dataclass
class Told:
    """An estimate given at arrival; None where nothing was known."""

    estimate: WaitEstimate | None
    at: float
    waited_s: float = 0.0


def simulate(
    *,
    load: Callable[[float], float],
    agents: Callable[[float], int],
    handling: Callable[[random.Random], float],
    hours: float,
    seed: int,
    patience_s: float | None = None,
) -> list[Told]:
    """First come first served: ``load`` is contacts an hour at an instant, ``agents`` how many work then.

    Callers who are not answered within their patience, of this mean, hang up.
    """
    draw, estimator = random.Random(seed), WaitEstimator()
    line: list[tuple[Told, float]] = []
    ends: list[float] = []  # when each busy agent is free again
    told: list[Told] = []
    at = next_arrival = draw.expovariate(load(0.0) / HOUR_S)
    while at < hours * HOUR_S:
        if ends and ends[0] <= next_arrival:
            at = heapq.heappop(ends)
        else:
            at = next_arrival
            next_arrival = at + draw.expovariate(load(at) / HOUR_S)
            has_free = len(ends) < agents(at)
            estimator.joined(at, has_free=has_free)
            one = Told(None if has_free else estimator.estimate(len(line), agents=agents(at)), at)
            line.append((one, at + draw.expovariate(1 / patience_s) if patience_s else float("inf")))
        for waiting in [waiting for waiting in line if waiting[1] <= at]:
            line.remove(waiting)
            estimator.left(still_waiting=len(line))
        while line and len(ends) < agents(at):
            one, _ = line.pop(0)
            one.waited_s = at - one.at
            estimator.answered(at, agents=agents(at), still_waiting=len(line))
            if one.estimate is not None:
                estimator.judge(one.estimate, one.waited_s)
                told.append(one)
            heapq.heappush(ends, at + handling(draw))
    return told


def kept(told: list[Told], level: str) -> float:
    within = [one.waited_s <= getattr(one.estimate, level) for one in told if one.estimate is not None]
    return 100 * sum(within) / len(within)


def even(draw: random.Random) -> float:
    return draw.gammavariate(4, 60)


def wild(draw: random.Random) -> float:
    """Most are over soon and some take very long, as in a real contact centre."""
    return draw.lognormvariate(5.1, 0.8)


LOADS = {
    "stationary": {"load": lambda _: 142.0, "agents": lambda _: 10, "handling": even},
    "stationary, wild calls": {"load": lambda _: 142.0, "agents": lambda _: 10, "handling": wild},
    "one agent": {"load": lambda _: 13.5, "agents": lambda _: 1, "handling": even},
    "agents go to lunch": {
        "load": lambda _: 120.0,
        "agents": lambda at: 10 if at // HOUR_S % 4 else 7,
        "handling": even,
    },
    "a wave each third hour": {
        "load": lambda at: 230.0 if at // HOUR_S % 3 == 1 else 90.0,
        "agents": lambda _: 10,
        "handling": even,
    },
    "callers give up": {"load": lambda _: 190.0, "agents": lambda _: 10, "handling": wild, "patience_s": 300.0},
}


@pytest.mark.parametrize("name", LOADS)
@pytest.mark.parametrize("seed", [1, 2])
def test_nine_of_ten_waits_end_within_what_was_promised(name: str, seed: int) -> None:
    told = simulate(hours=60, seed=seed, **LOADS[name])
    assert len(told) > 300
    assert 85 <= kept(told, "p90_s") <= 95
    assert 42 <= kept(told, "p50_s") <= 58


def test_the_promise_is_no_formality() -> None:
    """The upper bound could be kept by promising an hour: it is not three times what was waited."""
    told = simulate(hours=60, seed=3, **LOADS["stationary"])
    waited_s = sum(one.waited_s for one in told) / len(told)
    promised_s = sum(one.estimate.p90_s for one in told if one.estimate is not None) / len(told)
    assert promised_s < 3 * waited_s


def test_nothing_is_said_where_nothing_is_known() -> None:
    estimator = WaitEstimator()
    assert estimator.estimate(0, agents=3) is None
    assert estimator.estimate(0, agents=3, handling=Handling(180.0, ENOUGH - 1)) is None
    assert estimator.estimate(0, agents=0, handling=Handling(180.0, 50)) is None, "nobody is at work"


def test_the_days_handling_time_is_gone_by_until_the_line_was_seen() -> None:
    estimator = WaitEstimator()
    first = estimator.estimate(4, agents=5, handling=Handling(180.0, 50))
    assert first is not None
    assert 150 < first.p50_s < 190 < first.p90_s < 330
    for turn in range(60):
        estimator.joined(turn * 10.0, has_free=False)
        estimator.answered(turn * 10.0 + 10, agents=5, still_waiting=1)
    seen = estimator.estimate(4, agents=5, handling=Handling(180.0, 50))
    assert seen is not None
    assert 40 < seen.p50_s < 60, "the line itself moves faster: its agents are helped"


def test_who_is_answered_at_once_says_nothing_of_waiting() -> None:
    estimator = WaitEstimator()
    for turn in range(20):
        estimator.joined(turn * 60.0, has_free=True)
        estimator.answered(turn * 60.0 + 4, agents=5, still_waiting=0)
    assert estimator.estimate(0, agents=5) is None


def test_who_is_overtaken_is_promised_more() -> None:
    estimator = WaitEstimator()
    handling = Handling(180.0, 50)
    for _ in range(30):
        estimate = estimator.estimate(1, agents=3, handling=handling, rank=(0, ""))
        assert estimate is not None
        estimator.judge(estimate, 600.0, rank=(0, ""))
    low, high = (estimator.estimate(1, agents=3, handling=handling, rank=(p, "")) for p in (0, 5))
    assert low is not None
    assert high is not None
    assert low.p90_s > 2 * high.p90_s
