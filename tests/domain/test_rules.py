"""Hours, destinations, numbers, matching, figures: the small rules, at their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.numbers import BadNumber, dial_string, mask_number, normalise_number
from zhiyin.domain.announcements import SYSTEM_PROMPTS, minutes_prompts, wait_prompts
from zhiyin.domain.business_hours import Hours, is_open
from zhiyin.domain.dialing.destinations import EMERGENCY, DestinationRule, why_forbidden
from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.metrics.definitions import (
    QueueFigures,
    answer_rate_pct,
    average_speed_of_answer_s,
    service_level_pct,
    tally,
)
from zhiyin.domain.metrics.facts import QueueVisit

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday
WEEKDAYS = Hours(weekly=((("09:00", "12:00"), ("13:30", "18:00")),) * 5 + ((), ()))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NINE - timedelta(minutes=1), False),
        (NINE, True),
        (NINE.replace(hour=11, minute=59), True),
        (NINE.replace(hour=12), False),
        (NINE.replace(hour=13, minute=30), True),
        (NINE.replace(hour=18), False),
        (NINE + timedelta(days=5), False),
    ],
    ids=["before", "exactly at", "last minute", "lunch", "after lunch", "evening", "saturday"],
)
def test_hours_open_and_close_to_the_minute(at: datetime, expected: bool) -> None:
    assert is_open(WEEKDAYS, at) is expected


def test_a_date_replaces_its_weekday() -> None:
    hours = Hours(WEEKDAYS.weekly, {"2026-11-02": (), "2026-11-07": (("00:00", "24:00"),)})
    assert not is_open(hours, NINE)
    assert is_open(hours, NINE + timedelta(days=5, hours=14, minutes=59))


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("+86-138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("0571-88886666", "+8657188886666"),
        ("sip:13800138000@10.0.0.1", "+8613800138000"),
        ("400-800-1234", "4008001234"),
        ("95588", "95588"),
        ("10086", "10086"),
        ("110", "110"),
        ("1001", "1001"),
        ("00442079460958", "+442079460958"),
    ],
)
def test_numbers_have_one_form(typed: str, canonical: str) -> None:
    assert normalise_number(typed) == canonical
    assert normalise_number(canonical) == canonical


@pytest.mark.parametrize("typed", ["", "anonymous", "caller", "'; DROP TABLE", "1" * 40, "+"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(BadNumber):
        normalise_number(typed)


def test_dialling_and_masking() -> None:
    assert dial_string("+8613800138000") == "13800138000"
    assert dial_string("+8657188886666") == "057188886666"
    assert dial_string("+442079460958") == "00442079460958"
    assert mask_number("+8613800138000") == "138****8000"
    assert mask_number("+8657186886666") == "057*****6666"
    assert mask_number("+861086956092") == "010****6092"
    assert "0013" not in mask_number("+8613800138000")


@pytest.mark.parametrize(
    ("number", "rule", "problem"),
    [
        ("+8613800138000", DestinationRule(), None),
        ("+442079460958", DestinationRule(), "forbidden_destination"),
        ("+8616812345678", DestinationRule(("+86",), ("+86168",)), "forbidden_destination"),
        ("+8616812345678", DestinationRule(("+86", "+86168123"), ("+86168",)), None),
        ("+881612345678", DestinationRule(("+",)), "forbidden_destination"),
        ("+8613800138000", DestinationRule(()), "forbidden_destination"),
    ],
    ids=["home", "abroad", "denied prefix", "longer allow wins", "satellite", "nothing allowed"],
)
def test_destinations(number: str, rule: DestinationRule, problem: str | None) -> None:
    assert why_forbidden(number, rule) == problem


def test_emergency_numbers_always_may_be_called() -> None:
    assert all(why_forbidden(number, DestinationRule(())) is None for number in EMERGENCY)


def test_the_wait_is_spoken_only_in_prompts_that_exist() -> None:
    for before in (None, 0, 1, 2, 99, 100, 5000):
        for p50_s, p90_s in ((1, 30), (30, 61), (100, 700), (900, 2400), (3000, 3600), (4000, 9000)):
            assert set(wait_prompts(before, is_first=True, wait_s=(p50_s, p90_s))) <= set(SYSTEM_PROMPTS)


@pytest.mark.parametrize(
    ("p50_s", "p90_s", "said"),
    [
        (10, 60, "wait_under_minute"),
        (10, 61, "wait_about number_1 wait_to number_2 wait_minutes"),
        (130, 290, "wait_about number_2 wait_to number_5 wait_minutes"),
        (599, 600, "wait_about number_9 wait_to number_10 wait_minutes"),
        (600, 600, "wait_about number_10 wait_minutes"),
        (500, 1000, "wait_about number_8 wait_to number_20 wait_minutes"),
        (1500, 2000, "wait_about number_25 wait_to number_40 wait_minutes"),
        (3000, 3601, "wait_over_hour"),
    ],
)
def test_the_wait_is_said_in_minutes_never_more_exactly_than_it_is_known(p50_s: int, p90_s: int, said: str) -> None:
    assert " ".join(minutes_prompts(p50_s, p90_s)) == said


def test_one_caller_ahead_is_no_plural() -> None:
    assert wait_prompts(1, is_first=False) == ("position_one",)


def visit(wait_s: float, outcome: QueueEnd) -> QueueVisit:
    return QueueVisit("i", 1, NINE, NINE + timedelta(seconds=wait_s), outcome)


def test_figures_by_their_definitions() -> None:
    visits = [
        visit(20, QueueEnd.ANSWERED),
        visit(21, QueueEnd.ANSWERED),
        visit(3, QueueEnd.ABANDONED),
        visit(60, QueueEnd.ABANDONED),
        visit(0, QueueEnd.OVERFLOWED),
    ]
    figures = tally(visits, [], [], targets_s={1: 20})[1]
    assert (figures.offered, figures.answered, figures.abandoned, figures.lost) == (5, 2, 2, 3)
    assert figures.short_abandoned == 1
    assert service_level_pct(figures) == pytest.approx(20.0)
    assert answer_rate_pct(figures) == pytest.approx(40.0)
    assert average_speed_of_answer_s(figures) == pytest.approx(20.5)


@given(st.lists(st.integers(0, 3_600_000_000), min_size=2, max_size=60), st.randoms(use_true_random=False))
def test_a_sum_of_seconds_is_the_same_in_whatever_order_it_was_made(microseconds: list[int], random: Random) -> None:
    """A company brought back from its archive reads its facts in another order and showed other figures."""
    visits = [visit(each / 1e6, QueueEnd.ANSWERED) for each in microseconds]
    mixed = random.sample(visits, len(visits))
    (forward,), (other,) = (tally(each, [], [], targets_s={}).values() for each in (visits, mixed))
    assert forward == other
    assert forward.wait_answered_s == sum(microseconds) / 1e6


def test_no_figure_is_made_up_before_the_first_contact() -> None:
    empty = QueueFigures()
    assert (service_level_pct(empty), answer_rate_pct(empty), average_speed_of_answer_s(empty)) == (None, None, None)
