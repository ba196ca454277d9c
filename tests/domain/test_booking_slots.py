"""Which hours may be booked: full ones on the queue's clock, open throughout, not too soon, not too far ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.booking_slots import AHEAD, CLOSED, DAYS, FULL, SLOT, bookable, free_times, opens_by, slots_of
from zhiyin.domain.business_hours import Hours, is_open

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ALWAYS = Hours(tuple((("00:00", "24:00"),) for _ in range(7)))
MONDAY = date(2026, 3, 2)
OFFICE = Hours(tuple((("09:30", "12:00"), ("13:00", "16:30")) for _ in range(7)), {"2026-03-03": ()})


def local_hours(day: date, zone: ZoneInfo, hours: Hours = OFFICE) -> list[int]:
    return [at.astimezone(zone).hour for at in slots_of(hours, day, zone)]


def test_a_slot_is_open_from_its_begin_to_its_end() -> None:
    assert local_hours(MONDAY, SHANGHAI) == [10, 11, 13, 14, 15]
    assert local_hours(date(2026, 3, 3), SHANGHAI) == [], "a holiday"


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 24)], ids=["skips", "repeats"]
)
def test_an_hour_that_the_clock_skips_is_no_slot(day: date, count: int) -> None:
    slots = list(slots_of(ALWAYS, day, BERLIN))
    assert len(slots) == len(set(slots)) == count


def test_what_is_over_or_begins_too_soon_is_not_offered() -> None:
    now = datetime(2026, 3, 2, 10, 31, tzinfo=SHANGHAI)
    days = dict(bookable(OFFICE, SHANGHAI, now))
    assert [at.astimezone(SHANGHAI).hour for at in days[MONDAY]] == [13, 14, 15]
    assert date(2026, 3, 3) not in days
    assert max(days) == MONDAY + timedelta(days=DAYS - 1)


@given(st.integers(0, 365 * 24 * 60))
def test_whatever_is_offered_can_be_kept(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for day, slots in bookable(OFFICE, BERLIN, now):
        for at in slots:
            assert at >= now + AHEAD
            assert at.astimezone(BERLIN).date() == day
            assert all(is_open(OFFICE, (at + SLOT * part).astimezone(BERLIN)) for part in (0, 0.5, 0.98))


def test_a_slot_is_free_until_so_many_begin_in_it() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    ten = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
    opens = opens_by(OFFICE, SHANGHAI)
    taken = [ten, ten + timedelta(minutes=59), ten + timedelta(minutes=60)]
    found = free_times(opens, SHANGHAI, now, taken=taken, per_hour=2, days=1)
    assert (found.problem, found.has(ten), found.has(ten + SLOT)) == ("", False, True)
    assert free_times(opens, SHANGHAI, now, taken=taken, per_hour=0).problem == FULL
    holiday = now + timedelta(days=1)
    assert free_times(opens, SHANGHAI, holiday, taken=(), per_hour=1, days=1).problem == CLOSED
