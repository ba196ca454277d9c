"""Limits of the public pool, and when a customer returns to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.customers.pool import Due, PoolPolicy, choose_due, how_many_may_be_claimed

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
limits = st.none() | st.integers(0, 50)
counts = st.integers(0, 80)


@given(limits, limits, counts, counts)
def test_nobody_claims_beyond_a_limit_and_everybody_up_to_it(
    per_day: int | None, held_most: int | None, claimed: int, held: int
) -> None:
    policy = PoolPolicy(claims_per_day=per_day, max_held=held_most)
    most, why = how_many_may_be_claimed(policy, claimed_today=claimed, held=held)
    if most is None:
        assert (per_day, held_most, why) == (None, None, "")
        return
    assert most >= 0
    assert per_day is None or most == 0 or claimed + most <= per_day
    assert held_most is None or most == 0 or held + most <= held_most
    one_more = (per_day is not None and claimed + most + 1 > per_day) or (
        held_most is not None and held + most + 1 > held_most
    )
    assert one_more


@given(st.integers(1, 90), st.integers(0, 30), st.integers(0, 200), st.none() | st.integers(0, 200))
def test_nothing_returns_before_its_days_nor_without_its_announcement(
    after: int, announce: int, untouched: int, announced_ago: int | None
) -> None:
    policy = PoolPolicy(return_after_days=after, announce_days=announce)
    touched_at = NINE - timedelta(days=untouched)
    announced_at = None if announced_ago is None else NINE - timedelta(days=announced_ago)
    due = choose_due(policy, touched_at=touched_at, announced_at=announced_at, now=NINE)
    if due is Due.RETURN:
        assert announced_at is not None
        assert announced_at >= touched_at
        assert untouched >= after
        assert NINE - announced_at >= timedelta(days=announce)
    if due is Due.ANNOUNCE:
        assert untouched >= after - announce
    if announced_at is None and untouched >= after:
        assert due is Due.ANNOUNCE


def test_whoever_speaks_with_a_customer_after_the_announcement_keeps_it() -> None:
    policy = PoolPolicy(return_after_days=30, announce_days=3)
    announced_at, touched_at = NINE - timedelta(days=4), NINE - timedelta(days=1)
    assert choose_due(policy, touched_at=touched_at, announced_at=announced_at, now=NINE) is None


def test_without_a_number_of_days_nothing_returns() -> None:
    assert choose_due(PoolPolicy(), touched_at=NINE - timedelta(days=9999), announced_at=NINE, now=NINE) is None
