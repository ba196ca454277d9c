"""Which hours of a day somebody may be called back in (预约回呼), and which of them are free. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from zhiyin.domain.business_hours import Hours, is_open

SLOT = timedelta(hours=1)
#: A booking is made for what begins at least so much later.
AHEAD = timedelta(minutes=30)
#: Where no calendar says otherwise: nobody is to be rung early or late.
DAYTIME = Hours(tuple((("09:00", "18:00"),) for _ in range(7)))
#: As many days may be booked, today among them.
DAYS = 14
#: So many bookings of one number may stand at the same time.
OF_A_NUMBER = 2
_MINUTE = timedelta(minutes=1)

#: Why there is no time to choose: the queue has no hours, all are taken, the number is not called, it has its bookings.
CLOSED, FULL, NO_NUMBER, TOO_MANY = "closed", "full", "no_number", "too_many"

Opens = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """When a queue can still call somebody back: the days in order, each with when its free slots begin (UTC).

    ``zone``: on whose clock they are full hours; ``today``: there. ``problem``: why there are none, "" where there are.
    """

    problem: str = CLOSED
    days: tuple[tuple[date, tuple[datetime, ...]], ...] = ()
    zone: tzinfo = UTC
    today: date = date.min

    def has(self, begins_at: datetime) -> bool:
        return any(begins_at in slots for _, slots in self.days)


def slots_of(hours: Hours, day: date, zone: tzinfo) -> Iterator[datetime]:
    """Yield when each slot of the day begins, in UTC: full hours of the clock there, open from begin to end.

    An hour that the clock skips is no slot; one that it repeats is one.
    """
    return _slots(opens_by(hours, zone), day, zone)


def bookable(hours: Hours, zone: tzinfo, now: datetime) -> Iterator[tuple[date, list[datetime]]]:
    """Yield the days that may be booked, each with its slots to come; days without any are left out."""
    return _bookable(opens_by(hours, zone), zone, now, DAYS)


def opens_by(hours: Hours, zone: tzinfo) -> Opens:
    """Return whether it is open at an instant."""
    return lambda at: is_open(hours, at.astimezone(zone))


def free_times(
    opens: Opens, zone: tzinfo, now: datetime, *, taken: Sequence[datetime], per_hour: int, days: int = DAYS
) -> FreeTimes:
    """Return what is free of the next ``days`` days. ``taken``: when the bookings that stand begin, sorted."""
    today = now.astimezone(zone).date()
    offered = list(_bookable(opens, zone, now, min(days, DAYS)))
    free = ((day, tuple(at for at in slots if booked_in(taken, at) < per_hour)) for day, slots in offered)
    found = tuple((day, slots) for day, slots in free if slots)
    problem = "" if found else FULL if offered else CLOSED
    return FreeTimes(problem, found, zone, today)


def booked_in(taken: Sequence[datetime], begins_at: datetime) -> int:
    """Return how many bookings fall into the slot; ``taken`` is sorted."""
    return bisect_left(taken, begins_at + SLOT) - bisect_left(taken, begins_at)


def _bookable(opens: Opens, zone: tzinfo, now: datetime, days: int) -> Iterator[tuple[date, list[datetime]]]:
    today = now.astimezone(zone).date()
    for later in range(days):
        day = today + timedelta(days=later)
        slots = [begins_at for begins_at in _slots(opens, day, zone) if begins_at >= now + AHEAD]
        if slots:
            yield day, slots


def _slots(opens: Opens, day: date, zone: tzinfo) -> Iterator[datetime]:
    for hour in range(24):
        local = datetime.combine(day, time(hour), zone)
        begins_at = local.astimezone(UTC)
        if begins_at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            continue
        if opens(begins_at) and opens(begins_at + SLOT - _MINUTE):
            yield begins_at
