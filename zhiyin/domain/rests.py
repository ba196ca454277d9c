"""小休: who may rest when, within the company's quotas. Durations in seconds; instants are aware.

Pure. A rest is asked for, granted (by a lead, by itself, or in the order of a waiting list), taken and over; whoever
has a place holds it from the grant on, so that a rest granted during a contact is there when the contact is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice


class RestApproval(StrEnum):
    """What becomes of a wish to rest."""

    NONE = "none"  # granted at once within the quotas, else refused
    LIST = "list"  # granted at once within the quotas, else by itself when a place is free, in order
    LEAD = "lead"  # a lead decides; what is granted beyond the quotas waits for a place


class RestStage(StrEnum):
    ASKED = "asked"  # 待批: a lead is to decide
    WAITING = "waiting"  # 排队: for a place
    GRANTED = "granted"  # 预小休: has a place, and begins once the contact and its wrap-up are over
    TAKEN = "taken"  # 小休中
    REFUSED = "refused"  # 未批准: kept until the agent has read it


class RestRefusal(StrEnum):
    """Why a lead said no: words of a list, so that no text about persons gets into the log."""

    BUSY_NOW = "busy_now"  # 话务忙
    TOO_FEW = "too_few"  # 在岗人数不足
    LATER = "later"  # 请稍后再申请
    OTHER = "other"  # 请与班长当面沟通


@dataclass(frozen=True, slots=True)
class Rest:
    """One agent's rest. ``planned_s`` 0: nobody says how long; ``until``: the planned end of one that is taken."""

    reason: str
    stage: RestStage
    asked_at: datetime
    planned_s: int = 0
    until: datetime | None = None
    is_overrun: bool = False
    decided_by: int | None = None
    refusal: RestRefusal | None = None

    @property
    def has_place(self) -> bool:
        return self.stage in (RestStage.GRANTED, RestStage.TAKEN)

    @property
    def is_open(self) -> bool:
        """Whether it is asked for and has no place yet."""
        return self.stage in (RestStage.ASKED, RestStage.WAITING)


@dataclass(frozen=True, slots=True)
class RestQuota:
    """At most so many of these agents rest at once: ``at_most``, and ``share_pct`` of those who are signed in.

    A share that comes to less than one is one: nobody could ever rest else.
    """

    agents: frozenset[int]
    at_most: int | None = None
    share_pct: int | None = None

    def limit(self, signed_in: Collection[int]) -> int:
        limits = [len(self.agents)]
        if self.at_most is not None:
            limits.append(self.at_most)
        if self.share_pct is not None:
            limits.append(max(1, len(self.agents.intersection(signed_in)) * self.share_pct // 100))
        return min(limits)


@dataclass(frozen=True, slots=True)
class NoRestTime:
    """Times of day without rests: from ``since`` to ``until`` ("11:00", "24:00") on these weekdays, Monday is 0."""

    since: str
    until: str
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class RestRule:
    """A company's rule. ``minutes_per_day`` None: as long as anybody likes."""

    approval: RestApproval = RestApproval.NONE
    minutes_per_day: int | None = None
    no_rest_times: tuple[NoRestTime, ...] = ()
    quotas: tuple[RestQuota, ...] = ()

    def blocked_until(self, local: datetime) -> str | None:
        """Return the time of day at which rests may begin again; None: they may now. ``local``: the company's clock."""
        clock = f"{local:%H:%M}"
        ends = [
            span.until
            for span in self.no_rest_times
            if local.weekday() in span.weekdays and span.since <= clock < span.until
        ]
        return max(ends, default=None)


class NoRest(Exception):
    """Nobody may rest so now; ``code`` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def left_s(rule: RestRule, used_s: float) -> float | None:
    """Return how long somebody who rested ``used_s`` today may still rest; None: any time."""
    return None if rule.minutes_per_day is None else max(0.0, rule.minutes_per_day * 60 - used_s)


def ask(
    rule: RestRule,
    agent: int,
    rest: Rest,
    *,
    used_s: float,
    local: datetime,
    rests: Mapping[int, Rest],
    signed_in: Collection[int],
) -> RestStage:
    """Return where a wish to rest stands at first. Raises ``NoRest``."""
    blocked_until = rule.blocked_until(local)
    if blocked_until is not None:
        raise NoRest("rest_blocked", until=blocked_until)
    left = left_s(rule, used_s)
    if left is not None and (left <= 0 or left < rest.planned_s):
        raise NoRest("rest_minutes_used", left=str(int(left // 60)))
    if rule.approval is RestApproval.LEAD:
        return RestStage.ASKED
    wished = {**rests, agent: Rest(rest.reason, RestStage.WAITING, rest.asked_at)}
    if agent in choose_granted(rule.quotas, wished, signed_in=signed_in):
        return RestStage.GRANTED
    if rule.approval is RestApproval.LIST:
        return RestStage.WAITING
    raise NoRest("rest_quota_full")


def choose_granted(
    quotas: Sequence[RestQuota],
    rests: Mapping[int, Rest],
    *,
    signed_in: Collection[int],
    absent: Collection[int] = frozenset(),
) -> list[int]:
    """Return who of the waiting list gets a place now, the first to ask first.

    Whoever must wait on keeps a place in each of its quotas: nobody who asked later makes it wait longer, so nobody
    starves between two quotas of which never both are free. The ``absent`` are left out, and keep nothing.
    """
    limits = [quota.limit(signed_in) for quota in quotas]
    taken = [_places_taken(quota, rests) for quota in quotas]
    granted = []
    for agent in waiting_list(rests):
        if agent in absent:
            continue
        own = [index for index, quota in enumerate(quotas) if agent in quota.agents]
        if all(taken[index] < limits[index] for index in own):
            granted.append(agent)
        for index in own:
            taken[index] += 1
    return granted


def waiting_list(rests: Mapping[int, Rest]) -> list[int]:
    """Return who waits for a place, the first to ask first."""
    waiting = [agent for agent, rest in rests.items() if rest.stage is RestStage.WAITING]
    return sorted(waiting, key=lambda agent: (rests[agent].asked_at, agent))


class Places:
    """How full the quotas are at a moment, counted once for everybody who is told of it."""

    def __init__(self, quotas: Iterable[RestQuota], rests: Mapping[int, Rest], *, signed_in: Collection[int]) -> None:
        waiting = waiting_list(rests)
        self._waiting = frozenset(waiting)
        self._left: list[tuple[RestQuota, int]] = []
        self._turns_of: list[dict[int, int]] = []  # of each quota, who waits for it and how many before
        for quota in quotas:
            own = {agent: turn for turn, agent in enumerate(agent for agent in waiting if agent in quota.agents)}
            self._turns_of.append(own)
            self._left.append((quota, quota.limit(signed_in) - _places_taken(quota, rests) - len(own)))

    def free_for(self, agent: int) -> int | None:
        """Return how many places are left for the agent, those who wait served first; None: no quota holds it."""
        own = 1 if agent in self._waiting else 0  # it does not wait for itself
        left = [left + own for quota, left in self._left if agent in quota.agents]
        return max(0, min(left)) if left else None

    def left_of(self, quotas: Iterable[int]) -> int | None:
        """Return what is left of the fullest of these quotas (by their places), below 0 where more wait than fit."""
        return min((self._left[index][1] for index in quotas), default=None)

    def in_list(self, agent: int) -> int | None:
        """Return the agent's place among those who wait for the same quotas, 1 first; None: it does not wait."""
        if agent not in self._waiting:
            return None
        own = [turns for turns in self._turns_of if agent in turns]
        longest = max(own, key=len, default={agent: 0})
        if len(own) == 1 or len(longest) == len(self._waiting):  # whoever waits before it for another waits in this too
            return 1 + longest[agent]
        return 1 + len(set[int]().union(*(islice(turns, turns[agent]) for turns in own)))


def _places_taken(quota: RestQuota, rests: Mapping[int, Rest]) -> int:
    return sum(rest.has_place and agent in quota.agents for agent, rest in rests.items())
