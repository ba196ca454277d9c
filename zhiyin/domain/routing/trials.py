"""Changed rules on trial: which contacts go by them, how these fare beside the others, when they are taken back. Pure.

A trial is in **shadow** (影子: asked at each decision, ``shadow``) or a **canary** (灰度): a share of the contacts
goes by the draft, chosen by a hash of the contact's id, so that the same contact is always in the same arm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, sqrt

from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.metrics.definitions import QueueFigures, service_level_pct
from zhiyin.domain.metrics.facts import QueueVisit
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.classes import Preference

#: Of so many of an arm's newest waits the bound on P90 is watched.
REMEMBERED = 200
#: The standard normal's quantile of a two-sided interval of 95 %.
_Z95 = 1.96
#: Fewer scores than these in an arm are not compared: scores take few values, so that a handful are often all the same,
#: and an interval by the normal distribution would be sure of what is chance.
LEAST_SCORES = 30


class Arm(StrEnum):
    """By which rules a contact of a canary goes."""

    DRAFT = "draft"
    PRESENT = "present"


class TrialStage(StrEnum):
    SHADOW = "shadow"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Bounds:
    """When the draft is taken back by itself, once each arm has had ``least_contacts``.

    ``drop_pct``: its service level lies so many points below the other arm's; ``wait_p90_s``: nine of ten of its waits
    are not over by then; ``score_drop_pct``: its customers' mean score surely lies more points below (decision 0073);
    None: not watched.
    """

    least_contacts: int = 50
    drop_pct: float | None = 10.0
    wait_p90_s: float | None = None
    score_drop_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a decision asks of a trial. ``queues``: in whose lines; ``preferences``: of the draft, by queue."""

    id: int
    stage: TrialStage
    queues: frozenset[int]
    share_pct: int = 0
    preferences: Mapping[int, Preference] = field(default_factory=dict)
    bounds: Bounds = Bounds()

    def arm_of(self, contact: str, queue: int) -> Arm | None:
        """Return by which rules the contact goes in the queue's line; None: it is not in the canary."""
        if self.stage is not TrialStage.CANARY or queue not in self.queues:
            return None
        return Arm.DRAFT if _place(self.id, contact) < self.share_pct / 100 else Arm.PRESENT


def _place(trial: int, contact: str) -> float:
    """Return the contact's place in [0, 1) in this trial: as if drawn, the same for ever, another in each trial."""
    digest = hashlib.blake2b(f"{trial}:{contact}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


@dataclass(slots=True)
class Scores:
    """What the customers of one arm gave: sums of whole hundredths of a per cent, so that no order changes them."""

    count: int = 0
    total: int = 0
    squares: int = 0

    @classmethod
    def of(cls, scores_pct: Iterable[float]) -> Scores:
        scores = cls()
        for score_pct in scores_pct:
            scores.add(score_pct)
        return scores

    def add(self, score_pct: float) -> None:
        """Add what one customer gave, 100 being the best."""
        score = round(100 * score_pct)
        self.count += 1
        self.total += score
        self.squares += score * score

    @property
    def mean_pct(self) -> float:
        return self.total / self.count / 100

    @property
    def squared_error(self) -> float:
        """The square of the mean's standard error, in points; of two at least."""
        spread = (self.squares - self.total**2 / self.count) / (self.count - 1)
        return max(spread, 0.0) / 10_000 / self.count


@dataclass(slots=True)
class ArmFigures:
    """How the contacts of one arm fared so far; what the engine's bounds look at. ``waits_s``: the newest of them."""

    figures: QueueFigures = field(default_factory=QueueFigures)
    waits_s: list[float] = field(default_factory=list)
    scores: Scores = field(default_factory=Scores)

    @property
    def contacts(self) -> int:
        return self.figures.answered + self.figures.lost

    def add(self, visit: QueueVisit, *, target_s: float) -> None:
        """Add a stay in line that is over; one that went on elsewhere says nothing of the rules."""
        if visit.outcome in (QueueEnd.ANSWERED, QueueEnd.ABANDONED, QueueEnd.OVERFLOWED):
            self.figures.add_visit(visit, target_s=target_s)
            self.waits_s.append(visit.wait_s)
            del self.waits_s[:-REMEMBERED]

    def copy(self) -> ArmFigures:
        return ArmFigures(replace(self.figures), [*self.waits_s], replace(self.scores))


@dataclass(frozen=True, slots=True)
class Breach:
    """Why the rules were taken back. ``reason``: "service_level" or "score" (points below), or "wait_p90" (seconds).

    ``contacts``: of so many that went by the draft; of "score": so many whose customers gave one.
    """

    reason: str
    value: float
    bound: float
    contacts: int


def breach_of(bounds: Bounds, draft: ArmFigures, present: ArmFigures) -> Breach | None:
    """Return the bound that the draft has broken; None while there are too few contacts, or all is well."""
    if draft.contacts < bounds.least_contacts:
        return None
    if bounds.wait_p90_s is not None and (p90_s := percentile(draft.waits_s, 0.9)) > bounds.wait_p90_s:
        return Breach("wait_p90", round(p90_s, 1), bounds.wait_p90_s, draft.contacts)
    if present.contacts < bounds.least_contacts:
        return None
    return _level_breach(bounds.drop_pct, draft, present) or _score_breach(bounds.score_drop_pct, draft, present)


def _level_breach(bound: float | None, draft: ArmFigures, present: ArmFigures) -> Breach | None:
    ours, theirs = service_level_pct(draft.figures), service_level_pct(present.figures)
    if bound is None or ours is None or theirs is None or theirs - ours <= bound:
        return None
    return Breach("service_level", round(theirs - ours, 1), bound, draft.contacts)


def _score_breach(bound: float | None, draft: ArmFigures, present: ArmFigures) -> Breach | None:
    """Scores are few and scatter: not their difference but its whole interval must lie beyond the bound."""
    found = difference_of_scores(draft.scores, present.scores) if bound is not None else None
    if bound is None or found is None or -found.high <= bound:
        return None
    return Breach("score", round(-found.value, 1), bound, draft.scores.count)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that so large a share of them does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Draft less present, with the bounds of the interval that holds it with 95 %."""

    value: float
    low: float
    high: float


def difference_of_shares(mine: int, of_mine: int, theirs: int, of_theirs: int) -> Difference | None:
    """Return the difference of two shares in points, with Newcombe's interval (1998, method 10); None of nothing."""
    if not of_mine or not of_theirs:
        return None
    p, p_low, p_high = _wilson(mine, of_mine)
    q, q_low, q_high = _wilson(theirs, of_theirs)
    low = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return Difference(*(round(100 * value, 2) for value in (p - q, low, high)))


def _wilson(count: int, of: int) -> tuple[float, float, float]:
    """Return a share and Wilson's interval for it."""
    share, z2 = count / of, _Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return share, middle - half, middle + half


def difference_of_means(mine: list[float], theirs: list[float]) -> Difference | None:
    """Return the difference of two means with Welch's interval for many values; None of fewer than two."""
    if len(mine) < 2 or len(theirs) < 2:
        return None
    (m, m_error), (t, t_error) = _mean(mine), _mean(theirs)
    return _difference(m - t, m_error + t_error)


def difference_of_scores(mine: Scores, theirs: Scores) -> Difference | None:
    """Return the difference of two mean scores; None where an arm has fewer than ``LEAST_SCORES``."""
    if min(mine.count, theirs.count) < LEAST_SCORES:
        return None
    return _difference(mine.mean_pct - theirs.mean_pct, mine.squared_error + theirs.squared_error)


def _difference(value: float, squared_error: float) -> Difference:
    half = _Z95 * sqrt(squared_error)
    return Difference(round(value, 2), round(value - half, 2), round(value + half, 2))


def _mean(values: list[float]) -> tuple[float, float]:
    """Return the mean and the square of its standard error."""
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)
