"""One condition for each interface, by what came last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.interface_health import Condition, Interface, condition_of, worst_first

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("is_on", "stopped_why", "succeeded_at", "failed_at", "condition"),
    [
        (True, "", None, None, Condition.UNPROVEN),
        (True, "", NINE, None, Condition.WORKS),
        (True, "", LATER, NINE, Condition.WORKS),
        (True, "", NINE, LATER, Condition.FAILING),
        (True, "", None, NINE, Condition.FAILING),
        (False, "", NINE, LATER, Condition.OFF),
        (False, "gone", LATER, NINE, Condition.STOPPED),
        (True, "planner_gone", LATER, None, Condition.STOPPED),
    ],
)
def test_what_came_last_counts(
    is_on: bool, stopped_why: str, succeeded_at: datetime | None, failed_at: datetime | None, condition: Condition
) -> None:
    found = condition_of(is_on=is_on, stopped_why=stopped_why, succeeded_at=succeeded_at, failed_at=failed_at)
    assert found is condition


@given(st.lists(st.sampled_from(list(Condition))))
def test_what_has_to_be_mended_stands_first(conditions: list[Condition]) -> None:
    ordered = worst_first([Interface("webhook", at, "w", each) for at, each in enumerate(conditions)])
    broken = [each.condition in (Condition.STOPPED, Condition.FAILING) for each in ordered]
    assert broken == sorted(broken, reverse=True)
    assert len(ordered) == len(conditions)
