"""Quiet hours: by day, over midnight, and never both quiet and not."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.quiet_hours import QuietHours


@pytest.mark.parametrize(
    ("begins", "ends", "at", "is_quiet"),
    [
        ("12:00", "14:00", "11:59", False),
        ("12:00", "14:00", "12:00", True),
        ("12:00", "14:00", "14:00", False),
        ("22:00", "07:00", "23:30", True),
        ("22:00", "07:00", "06:59", True),
        ("22:00", "07:00", "07:00", False),
        ("08:00", "08:00", "03:00", True),
    ],
)
def test_quiet_hours_begin_and_end_as_said(begins: str, ends: str, at: str, is_quiet: bool) -> None:
    hours = QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
    assert hours.holds_at(time.fromisoformat(at)) is is_quiet


@given(begins=st.times(), ends=st.times(), at=st.times())
def test_the_hours_turned_round_are_the_rest_of_the_day(begins: time, ends: time, at: time) -> None:
    if begins != ends:
        assert QuietHours(begins, ends).holds_at(at) is not QuietHours(ends, begins).holds_at(at)
