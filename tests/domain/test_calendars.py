"""Calendars: when it opens and closes next, and a year's holidays read from a table."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.business_hours import Hours, is_open, next_change
from zhiyin.domain.calendar_days import BadRow, CalendarDay, read_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = (("09:00", "12:00"), ("13:00", "18:00"))
WEEK = (OFFICE,) * 5 + ((), ())
#: the national holiday of 2026, and the Saturday worked for it
HOLIDAY = Hours(WEEK, {f"2026-10-0{day}": () for day in range(1, 8)} | {"2026-10-10": OFFICE})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-09-30T08:00", "2026-09-30T09:00"),
        ("2026-09-30T11:59", "2026-09-30T12:00"),
        ("2026-09-30T12:00", "2026-09-30T13:00"),
        ("2026-09-30T18:00", "2026-10-08T09:00"),
        ("2026-10-09T20:00", "2026-10-10T09:00"),
    ],
    ids=["opens", "closes at noon", "opens after noon", "closed over the holiday", "make-up Saturday"],
)
def test_the_next_change(now: str, then: str) -> None:
    assert next_change(HOLIDAY, at(now)) == at(then)


def test_what_never_closes_or_never_opens_does_not_change() -> None:
    assert next_change(Hours(((("00:00", "24:00"),),) * 7), at("2026-09-30T12:00")) is None
    assert next_change(Hours(((),) * 7), at("2026-09-30T12:00")) is None


def test_midnight_between_two_open_days_is_no_change() -> None:
    night = Hours(((("00:00", "06:00"), ("22:00", "24:00")),) * 7)
    assert next_change(night, at("2026-09-30T23:00")) == at("2026-10-01T06:00")


clocks = st.integers(0, 23).map(lambda hour: f"{hour:02}:30")
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] < span[1])
weeks = st.lists(st.lists(spans, max_size=1).map(tuple), min_size=7, max_size=7).map(tuple)


@given(weeks, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)))  # noqa: DTZ001 - wall-clock time
def test_until_the_next_change_it_is_as_it_is_now(week: tuple[tuple[tuple[str, str], ...], ...], now: datetime) -> None:
    hours = Hours(week)
    change = next_change(hours, now)
    if change is None:
        assert not any(week)
        return
    assert is_open(hours, change) is not is_open(hours, now)
    just_before = change - timedelta(microseconds=1)
    assert just_before < now or is_open(hours, just_before) is is_open(hours, now)


def test_a_years_table_is_read_in_both_languages() -> None:
    days, bad = read_days(
        [
            ["日期", "类型", "名称", "时间"],
            ["2026-10-01", "节假日", "国庆节"],
            ["2026/10/2", "holiday"],
            ["2026年10月10日", "调休", "国庆补班"],
            ["2026-10-11", "workday", "", "9:00-12:00; 13:00 - 17:30"],
            ["", ""],
        ],
        workday=OFFICE,
    )
    assert bad == ()
    assert days == (
        CalendarDay("2026-10-01", (), "国庆节"),
        CalendarDay("2026-10-02", ()),
        CalendarDay("2026-10-10", OFFICE, "国庆补班"),
        CalendarDay("2026-10-11", (("09:00", "12:00"), ("13:00", "17:30"))),
    )


def test_each_bad_row_is_named() -> None:
    _, bad = read_days(
        [["2026-10-01", "休"], ["2026-13-01", "休"], ["2026-10-02", "?"], ["2026-10-03", "班", "", "18:00-9:00"]],
        workday=OFFICE,
    )
    assert bad == (BadRow(2, "date"), BadRow(3, "kind"), BadRow(4, "hours"))
