"""Which hours of a day somebody may be called back in (预约回呼). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from zhiyin.domain.business_hours import Hours, is_open

SLOT = timedelta(hours=1)
#: A booking is made for what begins at least so much later.
AHEAD = timedelta(minutes=30)
#: Where no calendar says otherwise: nobody is to be rung early or late.
DAYTIME = Hours(tuple((("09:00", "18:00"),) for _ in range(7)))
#: As many days may be booked, today among them.
DAYS = 14
_MINUTE = timedelta(minutes=1)


def slots_of(hours: Hours, day: date, zone: tzinfo) -> Iterator[datetime]:
    """Yield when each slot of the day begins, in UTC: full hours of the clock there, open from begin to end.

    An hour that the clock skips is no slot; one that it repeats is one.
    """
    for hour in range(24):
        local = datetime.combine(day, time(hour), zone)
        begins_at = local.astimezone(UTC)
        if begins_at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            continue
        last = (begins_at + SLOT - _MINUTE).astimezone(zone)
        if is_open(hours, local) and is_open(hours, last):
            yield begins_at


def bookable(hours: Hours, zone: tzinfo, now: datetime) -> Iterator[tuple[date, list[datetime]]]:
    """Yield the days that may be booked, each with its slots to come; days without any are left out."""
    today = now.astimezone(zone).date()
    for days in range(DAYS):
        day = today + timedelta(days=days)
        slots = [begins_at for begins_at in slots_of(hours, day, zone) if begins_at >= now + AHEAD]
        if slots:
            yield day, slots
