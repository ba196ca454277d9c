"""The engine's clock on a machine whose own is set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.engine.clock import JUMP_S, SLEW, SystemClock

BEGINNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@dataclass
class Hands:
    """The two clocks of a machine: one that only goes on, one that is set."""

    steady_s: float = 0.0
    off_s: float = 0.0

    def clock(self) -> SystemClock:
        return SystemClock(
            wall=lambda: BEGINNING + timedelta(seconds=self.steady_s + self.off_s), steady_s=lambda: self.steady_s
        )


@given(st.lists(st.tuples(st.floats(0.0, 600.0), st.sampled_from([0.0, 0.0, -7200.0, -5.0, 0.4, 5.0, 7200.0]))))
def test_it_goes_on_as_time_does_whatever_the_machines_clock_is_set_to(steps: list[tuple[float, float]]) -> None:
    hands = Hands()
    clock = hands.clock()
    seen = [(hands.steady_s, clock.now())]
    for passed_s, set_by_s in steps:
        hands.steady_s += passed_s
        hands.off_s += set_by_s
        seen.append((hands.steady_s, clock.now()))
    for (before_s, before), (after_s, after) in pairwise(seen):
        passed_s = after_s - before_s
        assert (after - before).total_seconds() == pytest.approx(passed_s, abs=passed_s * SLEW + 1e-5)


def test_a_jump_is_told_once_however_long_it_is_slewed_away() -> None:
    """What had been slewed away by then once looked like a jump of its own: one every three minutes, for days."""
    hands = Hands()
    clock = hands.clock()
    hands.off_s = 3600.0
    clock.now()
    assert clock.jump_s == pytest.approx(3600, abs=JUMP_S)
    clock.jump_s = None
    for passed_s in (1.0, 250.0, 1000.0, 3600.0):
        hands.steady_s += passed_s
        clock.now()
        assert clock.jump_s is None
