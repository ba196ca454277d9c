"""How late an event is heard, by Asterisk's own date on it, whatever the two machines' clocks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.engine.adapters.asterisk.event_clock import AT_ONCE, LATE_FROM_S, EventClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def dated(at_s: float, *, ahead_s: float = 0.0) -> str:
    """Write as Asterisk does, whose clock is ``ahead_s`` before ours."""
    at = NOON + timedelta(seconds=at_s + ahead_s)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"


def compared(*, ahead_s: float = 0.0, rtt_s: float = 0.002) -> EventClock:
    clock = EventClock()
    clock.compare(dated(10 + rtt_s / 2, ahead_s=ahead_s), asked_s=10, answered_s=10 + rtt_s)
    return clock


@given(
    ahead_s=st.floats(-1e6, 1e6),
    rtt_s=st.floats(0, 0.2),
    at_s=st.floats(11, 3000),
    late_s=st.floats(0, 60),
)
def test_the_age_of_an_event_is_as_exact_as_it_says(ahead_s: float, rtt_s: float, at_s: float, late_s: float) -> None:
    clock = compared(ahead_s=ahead_s, rtt_s=rtt_s)
    late = clock.lateness(dated(at_s, ahead_s=ahead_s), now_s=at_s + late_s)
    if late == AT_ONCE:
        assert late_s < LATE_FROM_S + rtt_s / 2 + 0.003
    else:
        assert abs(late.ago_s - late_s) <= late.within_s + 0.003


def test_an_answer_that_was_held_up_does_not_spoil_what_is_known() -> None:
    clock = compared()
    clock.compare(dated(12), asked_s=12, answered_s=17)
    assert clock.lateness(dated(16), now_s=17).ago_s == pytest.approx(1, abs=0.01)


def test_a_clock_that_was_set_is_known_anew_within_seconds() -> None:
    """Else every event after it would seem an hour old."""
    clock = compared()
    clock.compare(dated(12, ahead_s=-3600), asked_s=12, answered_s=12.002)
    assert clock.lateness(dated(13, ahead_s=-3600), now_s=13) == AT_ONCE


def test_before_any_answer_and_without_a_date_an_event_is_of_now() -> None:
    assert EventClock().lateness(dated(0), now_s=50) == AT_ONCE
    assert compared().lateness("", now_s=50) == AT_ONCE
    clock = compared()
    clock.forget()
    assert clock.lateness(dated(0), now_s=50) == AT_ONCE
