"""Histories: what people do and what breaks, at which instant. Made from a seed, plain data, so that a failing one can
be written down, cut and played again.

A step carries dice of its own: what it does depends on them and on the moment, never on the steps before it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import msgspec

from zhiyin.config.simulation.dice import dice_of

#: Steps of people, with their weight in a hostile history.
_DEEDS = {"call": 16, "wish": 40, "desk": 14, "close_desk": 3, "flap": 3, "leave": 5, "press": 4, "mute": 2}
#: Steps that break something.
_FAULTS = {
    "kill": 6,
    "pause_log": 3,
    "slow_log": 2,
    "hang_log": 3,
    "full_disk": 1,
    "break_line": 3,
    "restart_asterisk": 2,
    "requests": 8,
    "facts": 6,
    "settings": 3,
    "jump": 2,
}


#: The same where a second engine stands by on a machine of its own. What a deposed leader had on its own disk comes
#: when it leads again, so that the log being away is left to the others.
_PAIR_FAULTS = {
    "freeze": 12, "kill": 6, "break_line": 3, "restart_asterisk": 2, "requests": 6, "facts": 6, "settings": 3, "jump": 2
}  # fmt: skip
#: On one machine the next engine finds it: there the database may be away, slow, or not answer.
_NEIGHBOUR_FAULTS = _PAIR_FAULTS | {"pause_log": 5, "slow_log": 3, "hang_log": 5, "full_disk": 1}


#: Where there are two Asterisks one may be out of sight besides.
_CLUSTER_FAULT = {"unseen": 8}


class Step(msgspec.Struct, frozen=True, array_like=True):
    """At ``at_s`` virtual seconds ``do`` happens, its choices made by ``dice``."""

    at_s: float
    do: str
    dice: int


class History(msgspec.Struct, frozen=True):
    """``seed`` also decides how the people behave who are not steps: who answers, how long they talk."""

    seed: int
    agents: int
    steps: tuple[Step, ...]
    #: requests to the telephone side take up to this long; 0: none takes any time
    latency_s: float = 0.0
    #: agents work by themselves: they hang up, complete their wrap-up, come back; and checks are rarer
    is_natural: bool = False
    #: a second engine stands by, on a machine of its own
    has_standby: bool = False
    #: or on the same one
    is_one_machine: bool = False
    #: two Asterisks share the calls
    has_nodes: bool = False

    @property
    def lasts_s(self) -> float:
        return self.steps[-1].at_s if self.steps else 0.0


def hostile(
    seed: int, *, steps: int = 120, agents: int = 4, faults_pct: int = 18, has_standby: bool = False
) -> History:
    """Return a dense history: few agents, many callers, impatient people, and a fault every few steps."""
    dice = dice_of(seed, "hostile")
    is_one_machine = has_standby and dice_of(seed, "machines").random() < 0.5
    pair = _NEIGHBOUR_FAULTS if is_one_machine else _PAIR_FAULTS
    has_nodes = dice_of(seed, "nodes").random() < 0.3
    faults = (pair if has_standby else _FAULTS) | (_CLUSTER_FAULT if has_nodes else {})
    at_s, found = 0.0, [Step(0.0, "desk", 2 * agent) for agent in range(agents)]
    for _ in range(steps):
        at_s += dice.choice((0.0, 0.01, 0.3, 1.0, 2.5, 6.0))
        table = faults if dice.randrange(100) < faults_pct else _DEEDS
        (do,) = dice.choices(tuple(table), tuple(table.values()))
        found.append(Step(round(at_s, 3), do, dice.getrandbits(32)))
    return History(
        seed,
        agents,
        tuple(found),
        latency_s=0.02,
        has_standby=has_standby,
        is_one_machine=is_one_machine,
        has_nodes=has_nodes,
    )


def day(
    seed: int, *, agents: int = 40, calls_per_hour: float = 600, hours: float = 10, faults_per_hour: float = 0
) -> History:
    """Return a working day: arrivals by a Poisson process with two peaks, shifts with breaks, now and then a fault."""
    dice = dice_of(seed, "day")
    found = [*_arrivals(dice, calls_per_hour, hours), *_shifts(dice, agents, hours)]
    at_s = 0.0
    while faults_per_hour and (at_s := at_s + dice.expovariate(faults_per_hour / 3600)) < hours * 3600:
        (do,) = dice.choices(tuple(_FAULTS), tuple(_FAULTS.values()))
        found.append(Step(round(at_s, 3), do, dice.getrandbits(32)))
    return History(seed, agents, tuple(sorted(found, key=lambda step: step.at_s)), is_natural=True)


def _arrivals(dice: random.Random, calls_per_hour: float, hours: float) -> Iterator[Step]:
    """Calls by thinning: the rate is highest in the middle of the morning and of the afternoon."""
    highest, at_s = calls_per_hour * 1.5, 0.0
    while (at_s := at_s + dice.expovariate(highest / 3600)) < hours * 3600:
        share = at_s / (hours * 3600)
        peak = 0.5 + max(0.0, 1 - abs(share - 0.25) / 0.15) + 0.8 * max(0.0, 1 - abs(share - 0.7) / 0.15)
        if dice.random() < peak / 1.5:
            yield Step(round(at_s, 3), "call", dice.getrandbits(32))


def _shifts(dice: random.Random, agents: int, hours: float) -> Iterator[Step]:
    """Everybody comes in the first ten minutes, rests twice, now and then does one thing by hand."""
    for agent in range(agents):
        begins_s = dice.uniform(0, 600)
        yield Step(round(begins_s, 3), "desk", agent * 2)
        for _ in range(max(1, int(hours / 4))):
            rest_s = dice.uniform(1200, hours * 3600)
            yield Step(round(rest_s, 3), "rest", agent)
            yield Step(round(rest_s + dice.uniform(120, 900), 3), "desk", agent * 2)
        for _ in range(int(hours * 2)):
            yield Step(round(dice.uniform(700, hours * 3600), 3), "wish", dice.getrandbits(32))


def without(history: History, left_out: Sequence[int]) -> History:
    """Return the history without the steps at these places."""
    gone = frozenset(left_out)
    steps = tuple(step for place, step in enumerate(history.steps) if place not in gone)
    return msgspec.structs.replace(history, steps=steps)
