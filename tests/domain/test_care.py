"""When care is due: every day of every year, around leap days and year's ends, after days without a worker."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.care import (
    DAYS_MADE_UP,
    Assignment,
    Days,
    Occasion,
    anchors_of,
    choose_owner,
    days_of_year,
    due_days,
    due_on,
    yearly_anchor,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
BIRTHDAYS = st.sampled_from([(date(2024, 1, 1) + timedelta(n)).timetuple()[1:3] for n in range(366)])


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2027, 2, 28), date(2027, 2, 28)),
        (date(2027, 3, 1), None),
        (date(2028, 2, 28), None),
        (date(2028, 2, 29), date(2028, 2, 29)),
    ],
    ids=["common year", "not in March", "leap year, a day early", "leap year"],
)
def test_who_was_born_on_29_february_has_a_day_each_year(today: date, found: date | None) -> None:
    assert yearly_anchor(2, 29, since_year=2000, anchors=Days(today, today)) == found


@given(birthday=BIRTHDAYS, first=DAYS, length=st.integers(0, 44))
def test_the_search_by_month_and_day_finds_whose_day_it_is_and_nobody_else(
    birthday: tuple[int, int], first: date, length: int
) -> None:
    days = Days(first, first + timedelta(length))
    anchor = yearly_anchor(*birthday, since_year=None, anchors=days)
    assert (birthday in days_of_year(days)) is (anchor is not None)


@given(birthday=BIRTHDAYS, begins=DAYS, lead=st.integers(0, 30), gaps=st.lists(st.integers(1, 13), max_size=60))
def test_each_birthday_is_due_once_however_the_worker_wakes(
    birthday: tuple[int, int], begins: date, lead: int, gaps: list[int]
) -> None:
    """Away for up to thirteen days at a time: each year's birthday is found, and known by its anchor, made once."""
    made: set[date] = set()
    today = begins
    for gap in [0, *gaps]:
        today += timedelta(gap)
        due = due_days(today=today, begins_on=begins)
        assert due is not None
        anchor = yearly_anchor(
            *birthday, since_year=None, anchors=anchors_of(due, occasion=Occasion.BIRTHDAY, days=lead)
        )
        if anchor is not None:
            assert due_on(anchor, occasion=Occasion.BIRTHDAY, days=lead) in due
            made.add(anchor)
    wanted = {
        day + timedelta(lead)
        for day in (begins + timedelta(n) for n in range((today - begins).days + 1))
        if _is_birthday(day + timedelta(lead), birthday)
    }
    assert made == wanted


def _is_birthday(day: date, birthday: tuple[int, int]) -> bool:
    is_stand_in = birthday == (2, 29) and not calendar.isleap(day.year)
    return (day.month, day.day) == ((2, 28) if is_stand_in else birthday)


@given(today=DAYS, away=st.integers(0, 400))
def test_a_long_outage_does_not_flood(today: date, away: int) -> None:
    due = due_days(today=today, begins_on=today - timedelta(away))
    assert due is not None
    assert due.last == today
    assert (due.last - due.first).days == min(away, DAYS_MADE_UP - 1)


def test_a_rule_that_begins_tomorrow_makes_nothing_today() -> None:
    assert due_days(today=date(2026, 3, 2), begins_on=date(2026, 3, 3)) is None


@given(due=DAYS, days=st.integers(0, 400), occasion=st.sampled_from(list(Occasion)))
def test_a_task_is_due_as_many_days_from_its_anchor_as_the_rule_says(due: date, days: int, occasion: Occasion) -> None:
    anchors = anchors_of(Days(due, due), occasion=occasion, days=days)
    assert due_on(anchors.first, occasion=occasion, days=days) == due


def test_the_year_of_birth_is_no_birthday() -> None:
    days = Days(date(2026, 5, 1), date(2026, 5, 31))
    assert yearly_anchor(5, 4, since_year=2026, anchors=days) is None
    assert yearly_anchor(5, 4, since_year=2025, anchors=days) == date(2026, 5, 4)
    assert yearly_anchor(4, 31, since_year=None, anchors=Days(date(2026, 4, 20), date(2026, 5, 5))) is None


@given(people=st.lists(st.integers(1, 99), unique=True, min_size=1, max_size=7), turn=st.integers(0, 50))
def test_turns_give_everybody_the_same(people: list[int], turn: int) -> None:
    given_to: list[int | None] = []
    for _ in range(3 * len(people)):
        owner, turn = choose_owner(Assignment.TURNS, customer_owner=5, people=people, turn=turn)
        given_to.append(owner)
    assert {given_to.count(one) for one in people} == {3}


@pytest.mark.parametrize(
    ("assignment", "customer_owner", "people", "owner"),
    [
        (Assignment.OWNER, 7, [1], 7),
        (Assignment.OWNER, None, [1], 1),
        (Assignment.OWNER, None, [], None),
        (Assignment.TURNS, 7, [], None),
        (Assignment.POOL, 7, [1], None),
    ],
    ids=["owned", "nobody's: by turns", "nobody's, nobody there", "no people", "claimable"],
)
def test_who_gets_a_task(
    assignment: Assignment, customer_owner: int | None, people: list[int], owner: int | None
) -> None:
    assert choose_owner(assignment, customer_owner=customer_owner, people=people, turn=0)[0] == owner
