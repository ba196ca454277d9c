"""When planned files are exchanged, of which time, and which names are meant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.file_exchange.names import fault_of_folder, fault_of_name, fill_name, is_meant
from zhiyin.domain.file_exchange.schedules import Every, Period, Schedule, next_run, span_of, wait_after

SHANGHAI, BERLIN, ADELAIDE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Adelaide")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
schedules = st.builds(Schedule, st.sampled_from(list(Every)), st.times().map(lambda at: at.replace(microsecond=0)))
zones = st.sampled_from([SHANGHAI, BERLIN, ADELAIDE, ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kathmandu")])
LONGEST = {Every.HOURLY: timedelta(hours=2), Every.DAILY: timedelta(hours=26), Every.WEEKLY: timedelta(days=7, hours=2)}


@given(schedules, st.integers(0, 6), moments, zones)
def test_the_next_run_lies_ahead_and_not_further_than_its_interval(
    schedule: Schedule, weekday: int, after: datetime, zone: ZoneInfo
) -> None:
    planned = Schedule(schedule.every, schedule.at, weekday)
    found = next_run(planned, after=after, zone=zone)
    assert timedelta(0) < found - after <= LONGEST[planned.every]
    if planned.every is Every.HOURLY:
        assert found.astimezone(zone).minute == planned.at.minute
    if planned.every is Every.WEEKLY and planned.at.hour > 4:
        assert found.astimezone(zone).weekday() == weekday


@given(schedules, moments, zones)
def test_a_run_follows_a_run_and_none_comes_twice(schedule: Schedule, after: datetime, zone: ZoneInfo) -> None:
    first = next_run(schedule, after=after, zone=zone)
    assert next_run(schedule, after=first, zone=zone) > first
    assert next_run(schedule, after=first - timedelta(seconds=1), zone=zone) == first


def test_a_time_that_the_clock_jumps_over_is_taken_once_right_after() -> None:
    planned = Schedule(Every.DAILY, time(2, 30))
    found = next_run(planned, after=datetime(2026, 3, 29, 0, 0, tzinfo=UTC), zone=BERLIN)
    assert found.astimezone(BERLIN).strftime("%d %H:%M") == "29 03:30"


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.LAST_HOUR, "2026-03-01 08:00", "2026-03-01 09:00"),
        (Period.YESTERDAY, "2026-02-28 00:00", "2026-03-01 00:00"),
        (Period.LAST_7_DAYS, "2026-02-22 00:00", "2026-03-01 00:00"),
        (Period.LAST_MONTH, "2026-02-01 00:00", "2026-03-01 00:00"),
    ],
)
def test_a_period_is_whole_on_the_companys_clock(period: Period, since: str, until: str) -> None:
    now = datetime(2026, 3, 1, 9, 17, tzinfo=SHANGHAI)
    span = span_of(period, now=now.astimezone(UTC), zone=SHANGHAI)
    assert span is not None
    assert [moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") for moment in span] == [since, until]


def test_after_three_tries_the_plans_own_time_is_waited_for() -> None:
    waits = [wait_after(failures) for failures in range(5)]
    assert waits == [None, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), None]


@pytest.mark.parametrize(
    ("pattern", "may_have_star", "fault"),
    [
        ("客户-{date}.csv", False, ""),
        ("a {time}(1).xlsx", False, ""),
        ("orders-*.csv", True, ""),
        ("orders-*.csv", False, "star_not_here"),
        ("{year}.csv", True, "unknown_gap"),
        ("../x.csv", True, "bad_file_name"),
        ("a/b.csv", True, "bad_file_name"),
        ("a\\b.csv", True, "bad_file_name"),
        (".hidden.csv", True, "bad_file_name"),
        ("a\n.csv", True, "bad_file_name"),
        ("a.csv.done", True, "bad_file_name"),
        ("a" * 121, True, "bad_file_name"),
        ("", True, "bad_file_name"),
    ],
)
def test_a_name_leads_nowhere_else(pattern: str, may_have_star: bool, fault: str) -> None:
    assert fault_of_name(pattern, may_have_star=may_have_star) == fault


@pytest.mark.parametrize("path", ["..", "a/../b", "/etc", "a//b", "a/", "./a", "a\x00b", "/".join("abcdefghi")])
def test_a_folder_leads_nowhere_else(path: str) -> None:
    assert fault_of_folder(path) == "bad_folder"
    assert (fault_of_folder(""), fault_of_folder("crm/客户")) == ("", "")


def test_names_are_filled_by_the_companys_clock_and_found_again() -> None:
    at = datetime(2026, 3, 1, 8, 5, 9, tzinfo=SHANGHAI)
    assert fill_name("客户-{date}-{time}-{month}-{yesterday}.csv", at=at) == "客户-20260301-080509-202603-20260228.csv"
    assert is_meant("orders-20260301.csv", "orders-{date}.csv")
    assert not is_meant("orders-2026031.csv", "orders-{date}.csv")
    assert not is_meant("orders-20260301.csv.done", "orders-*")
    assert not is_meant(".orders.csv", "*.csv")


@given(moments)
def test_every_filled_name_is_meant_by_its_pattern(at: datetime) -> None:
    pattern = "a-{date}-{yesterday}-{month}-{time}.csv"
    assert is_meant(fill_name(pattern, at=at), pattern)
