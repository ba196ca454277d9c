"""What kind of destination a number is, and when a day's minutes are spent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.dialing.spending import DailyCaps, Destination, Spending, destination_of

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
D, I, P, E = Destination.DOMESTIC, Destination.INTERNATIONAL, Destination.PREMIUM, Destination.EMERGENCY  # noqa: E741


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+8613800138000", D), ("+8657188886666", D), ("4008001234", D), ("95588", D), ("110", E),
        ("+861016812345", P), ("+8657116012345", P), ("+8616812345", P), ("+8616812345678", P),
        ("+447700900123", I), ("+19005551234", P), ("+12125551234", I), ("+4490012345", P), ("+4990012345", P),
    ],
)  # fmt: skip
def test_a_numbers_kind(number: str, kind: Destination) -> None:
    assert destination_of(number) is kind


@given(
    calls=st.lists(st.tuples(st.sampled_from([D, I]), st.integers(min_value=1, max_value=1200)), max_size=80),
    international_min=st.integers(min_value=0, max_value=60),
    all_min=st.integers(min_value=0, max_value=120),
)
def test_what_is_spent_exceeds_a_cap_by_less_than_one_call(
    calls: list[tuple[Destination, int]], international_min: int, all_min: int
) -> None:
    """One call after the other, as one stolen account makes them."""
    caps = DailyCaps(all_min=all_min, international_min=international_min)
    spending, now, made = Spending(), NINE, 0
    longest_s = max((seconds for _, seconds in calls), default=0)
    for number, (kind, seconds) in enumerate(calls):
        if spending.is_spent(kind, caps, now=now, day=TODAY):
            continue
        spending.begin(f"leg{number}", kind, at=now)
        now += timedelta(seconds=seconds)
        ended = spending.end(f"leg{number}", at=now)
        assert ended == (kind, seconds)
        spending.add(kind, seconds, day=TODAY)
        made += 1
    spent = spending.seconds(now=now, day=TODAY)
    assert spent.get(I, 0) <= international_min * 60 + longest_s
    assert sum(spent.values()) <= all_min * 60 + longest_s
    assert made == 0 or all_min > 0


def test_a_call_in_progress_counts_and_a_new_day_begins_from_nothing() -> None:
    spending, caps = Spending(), DailyCaps(international_min=10)
    spending.begin("leg", I, at=NINE)
    assert not spending.is_spent(I, caps, now=NINE + timedelta(minutes=9), day=TODAY)
    assert spending.is_spent(I, caps, now=NINE + timedelta(minutes=10), day=TODAY)
    assert not spending.is_spent(D, caps, now=NINE + timedelta(minutes=10), day=TODAY)
    spending.end("leg", at=NINE + timedelta(minutes=10))
    spending.add(I, 600, day=TODAY)
    assert spending.is_spent(I, caps, now=NINE, day=TODAY)
    assert not spending.is_spent(I, caps, now=NINE + timedelta(days=1), day=TODAY + timedelta(days=1))


def test_help_is_called_whatever_was_spent() -> None:
    spending = Spending()
    spending.add(D, 10**9, day=TODAY)
    assert not spending.is_spent(E, DailyCaps(all_min=0), now=NINE, day=TODAY)
    assert spending.is_spent(P, DailyCaps(), now=NINE, day=TODAY)
