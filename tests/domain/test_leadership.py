"""When a standby may take over: soon after the leader's end, and never because it could not look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.leadership import LEASE_S, RENEW_EVERY_S, STOPPED_S, UNBROKEN_S, LeaseSeen, LeaseWatch

HELD = LeaseSeen("7 a", is_locked=True, is_free=False, is_leader_dead=False, is_leader_here=True, server_up_s=1000)
UNLOCKED = replace(HELD, is_locked=False)


@dataclass
class Look:
    at_s: float
    seen: LeaseSeen
    took_s: float = 0.01


def taken_at(looks: Iterable[Look]) -> float | None:
    watch = LeaseWatch()
    for look in looks:
        if watch.may_take(look.seen, asked_at_s=look.at_s, now_s=look.at_s + look.took_s):
            return look.at_s
    return None


def every(step_s: float, seen: LeaseSeen, *, until_s: float) -> list[Look]:
    return [Look(n * step_s, seen) for n in range(int(until_s / step_s) + 1)]


@pytest.mark.parametrize(
    ("seen", "after_s"),
    [
        (replace(UNLOCKED, is_free=True), 0.0),
        (replace(UNLOCKED, is_leader_dead=True), 0.0),
        (UNLOCKED, 0.5),
        (replace(UNLOCKED, server_up_s=2), 3.0),
        (HELD, 2.0),
        (replace(HELD, is_leader_stopped=True), 1.0),
        (replace(HELD, is_leader_dead=True), 2.0),
    ],
    ids=["nobody has it", "its process is gone", "its connection is gone", "the database was restarted",
         "it renews no more", "its process is stopped", "another session still holds the lock"],
)  # fmt: skip
def test_how_soon_the_standby_takes_over(seen: LeaseSeen, after_s: float) -> None:
    at_s = taken_at(every(0.1, seen, until_s=10))
    assert at_s is not None
    assert after_s <= at_s <= after_s + 0.21


def test_a_leader_that_renews_is_left_alone() -> None:
    looks = [Look(n / 10, replace(HELD, mark=f"7 {int(n / 10 / RENEW_EVERY_S)}")) for n in range(300)]
    assert taken_at(looks) is None


@given(st.lists(st.integers(0, int(STOPPED_S * 10) - 1), min_size=1))
def test_a_leader_that_runs_is_not_taken_for_stopped(pauses: list[int]) -> None:
    """However late it renews, up to its lease: each time it had a processor is counted from anew."""
    stopped = [look for pause in pauses for look in [False, *[True] * pause]]
    looks = [Look(n / 10, replace(HELD, is_leader_stopped=is_stopped)) for n, is_stopped in enumerate(stopped)]
    assert taken_at(look for look in looks if look.at_s < LEASE_S - 0.1) is None


@given(st.lists(st.tuples(st.floats(UNBROKEN_S + 0.02, 60), st.integers(1, 8)), max_size=6))
def test_a_database_that_hangs_deposes_nobody(hangs: list[tuple[float, int]]) -> None:
    """However often and long no look succeeds, time that was not looked at does not count."""
    at_s, looks = 0.0, []
    for hang_s, seen_times in hangs:
        looks += [Look(at_s + n * 0.1, HELD) for n in range(seen_times)]
        at_s += seen_times * 0.1 + hang_s
    assert taken_at(looks) is None


@given(st.floats(UNBROKEN_S + 0.01, 60))
def test_a_look_that_took_long_proves_nothing(took_s: float) -> None:
    """A frozen database answers when it wakes, before the leader has been able to renew."""
    assert taken_at([Look(0.0, HELD, took_s=took_s), Look(took_s + 0.1, HELD)]) is None


@given(st.lists(st.floats(0.01, UNBROKEN_S - 0.02), min_size=1, max_size=100))
def test_a_leader_that_stands_still_is_replaced_whatever_the_rhythm_of_looking(steps_s: list[float]) -> None:
    at_s, looks = 0.0, []
    while at_s < LEASE_S + 2 * UNBROKEN_S:
        looks.append(Look(at_s, HELD, took_s=0.0))
        at_s += steps_s[len(looks) % len(steps_s)]
    taken = taken_at(looks)
    assert taken is not None
    assert LEASE_S <= taken <= LEASE_S + UNBROKEN_S
