"""A canary's share is kept and stable; a broken bound is seen, and none where nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.metrics.facts import QueueVisit
from zhiyin.domain.routing.trials import (
    LEAST_SCORES,
    Arm,
    ArmFigures,
    Bounds,
    Breach,
    Scores,
    Trial,
    TrialStage,
    breach_of,
    difference_of_means,
    difference_of_scores,
    difference_of_shares,
    percentile,
)

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def canary(share_pct: int, number: int = 1) -> Trial:
    return Trial(number, TrialStage.CANARY, frozenset({7}), share_pct)


@given(st.integers(1, 99), st.integers(1, 10_000))
def test_a_share_converges_and_is_stable(share_pct: int, number: int) -> None:
    trial = canary(share_pct, number)
    arms = [trial.arm_of(f"c{contact}", 7) for contact in range(2000)]
    assert arms == [trial.arm_of(f"c{contact}", 7) for contact in range(2000)]
    share = share_pct / 100
    assert abs(arms.count(Arm.DRAFT) / 2000 - share) < 5.5 * sqrt(share * (1 - share) / 2000)


@given(st.text(min_size=1), st.integers(1, 98))
def test_a_larger_share_holds_the_smaller_one(contact: str, share_pct: int) -> None:
    if canary(share_pct).arm_of(contact, 7) is Arm.DRAFT:
        assert canary(share_pct + 1).arm_of(contact, 7) is Arm.DRAFT


def test_other_queues_and_a_shadow_have_no_arms() -> None:
    assert canary(50).arm_of("c", 8) is None
    assert Trial(1, TrialStage.SHADOW, frozenset({7}), 50).arm_of("c", 7) is None


def arm(waits_s: list[float], *, abandoned: int = 0, scores_pct: Iterable[float] = ()) -> ArmFigures:
    figures = ArmFigures(scores=Scores.of(scores_pct))
    for number, wait_s in enumerate(waits_s):
        outcome = QueueEnd.ABANDONED if number < abandoned else QueueEnd.ANSWERED
        figures.add(QueueVisit("c", 7, NINE, NINE + timedelta(seconds=wait_s), outcome), target_s=20)
    return figures


@given(st.lists(st.floats(0, 100), min_size=10, max_size=60), st.lists(st.floats(0, 100), min_size=10, max_size=60))
def test_a_breach_is_seen_when_and_only_when_the_level_is_lower_by_more(ours: list[float], theirs: list[float]) -> None:
    level = [100 * sum(wait_s <= 20 for wait_s in waits) / len(waits) for waits in (ours, theirs)]
    breach = breach_of(Bounds(10, 15.0), arm(ours), arm(theirs))
    assert (breach is not None) == (level[1] - level[0] > 15.0)


def test_too_few_contacts_break_no_bound() -> None:
    assert breach_of(Bounds(10, 5.0, 1.0), arm([90.0] * 9), arm([0.0] * 50)) is None
    assert breach_of(Bounds(10, 5.0), arm([90.0] * 50), arm([0.0] * 9)) is None


def test_a_long_wait_breaks_its_bound_without_any_comparison() -> None:
    assert breach_of(Bounds(10, None, 60.0), arm([5.0] * 8 + [90.0] * 2), arm([])) == Breach("wait_p90", 90.0, 60.0, 10)
    assert breach_of(Bounds(10, None, 60.0), arm([5.0] * 18 + [90.0] * 2), arm([])) is None


def test_a_stay_that_went_on_elsewhere_says_nothing() -> None:
    figures = ArmFigures()
    figures.add(QueueVisit("c", 7, NINE, NINE, QueueEnd.TRANSFERRED), target_s=20)
    assert figures.contacts == 0


def test_intervals_are_those_of_the_textbook() -> None:
    """Newcombe 1998, table II: 56 of 70 against 48 of 80."""
    found = difference_of_shares(56, 70, 48, 80)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((20.0, 5.24, 33.39), abs=0.01)
    means = difference_of_means([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert means is not None
    assert (means.value, means.high) == pytest.approx((-1.0, -1 + 1.96 * sqrt(2 / 3)), abs=0.01)
    assert difference_of_shares(0, 0, 1, 2) is None


def test_a_handful_of_scores_is_not_compared() -> None:
    """Three fives beside three fours would differ by 20 points with an interval of no width."""
    few, many = [100.0] * (LEAST_SCORES - 1), [80.0, 100.0] * LEAST_SCORES
    assert difference_of_scores(Scores.of(few), Scores.of(many)) is None
    assert difference_of_scores(Scores.of(many), Scores.of(few)) is None
    enough = [*few, 100.0]
    assert difference_of_scores(Scores.of(enough), Scores.of(many)) == difference_of_means(enough, many)
    assert breach_of(SATISFACTION, arm([1.0] * 50, scores_pct=[20.0] * 29), arm([1.0] * 50, scores_pct=many)) is None


#: shares of the best, as questions with three, four, five and ten keys give them
SCORES_PCT = st.lists(st.sampled_from([20.0, 33.33, 50.0, 60.0, 75.0, 80.0, 90.0, 100.0]), min_size=25, max_size=90)
SATISFACTION = Bounds(10, None, None, score_drop_pct=10.0)


@given(SCORES_PCT, SCORES_PCT, st.integers(1, 40))
def test_satisfaction_breaks_its_bound_when_and_only_when_it_is_surely_lower_by_more(
    ours: list[float], theirs: list[float], bound: int
) -> None:
    breach = breach_of(Bounds(10, None, None, bound), arm([1.0] * 90, scores_pct=ours), arm([1.0], scores_pct=theirs))
    assert breach is None, "the other arm has too few contacts"
    breach = breach_of(
        Bounds(10, None, None, bound), arm([1.0] * 90, scores_pct=ours), arm([1.0] * 10, scores_pct=theirs)
    )
    drop = fmean(theirs) - fmean(ours)
    half = 1.96 * sqrt(variance(ours) / len(ours) + variance(theirs) / len(theirs))
    if abs(drop - half - bound) < 0.02:  # rounded to hundredths of a point
        return
    is_broken = min(len(ours), len(theirs)) >= LEAST_SCORES and drop - half > bound
    assert (breach is not None) == is_broken
    if breach is not None:
        assert (breach.reason, breach.bound, breach.contacts) == ("score", bound, len(ours))
        assert breach.value == pytest.approx(drop, abs=0.06)


def test_scores_that_scatter_break_no_bound_until_they_are_many() -> None:
    """Of 30 customers who give 20 or 100 the mean may be 15 points off by chance; of 300 it is not."""
    few = breach_of(
        SATISFACTION, arm([1.0] * 50, scores_pct=[20, 100] * 15), arm([1.0] * 50, scores_pct=[20, 100, 100] * 10)
    )
    many = breach_of(
        SATISFACTION, arm([1.0] * 50, scores_pct=[20, 60] * 150), arm([1.0] * 50, scores_pct=[20, 100] * 150)
    )
    assert few is None
    assert many == Breach("score", 20.0, 10.0, 300)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([], 0.9) == 0.0
