"""When a plan is carried out next, which time its list is of, and how long to wait after a failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
#: after the first failure, the second, ...; then the plan's own time is waited for
_WAITS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))


class Every(StrEnum):
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Period(StrEnum):
    """Of which time a list is exported, as whole hours, days and months of the company's clock."""

    ALL = ""
    LAST_HOUR = "last_hour"
    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True)
class Schedule:
    """``at`` on the company's clock; of hourly ones its minute alone counts. ``weekday``: Monday 0, of weekly ones."""

    every: Every
    at: time
    weekday: int = 0


def next_run(schedule: Schedule, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after ``after``, in UTC.

    A time that the clock jumps over is taken right after the jump; one that it shows twice, the first time.
    """
    if schedule.every is Every.HOURLY:
        return _next_minute(schedule.at.minute, after, zone)
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, schedule.at, tzinfo=zone).astimezone(UTC)
        if moment > after and (schedule.every is Every.DAILY or day.weekday() == schedule.weekday):
            return moment
        day += timedelta(days=1)


def _next_minute(minute: int, after: datetime, zone: ZoneInfo) -> datetime:
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
    while (away := (minute - moment.astimezone(zone).minute) % 60) != 0:
        moment += away * _MINUTE
    return moment


def wait_after(failures: int) -> timedelta | None:
    """Return how long to wait after the so-manieth failure in a row; ``None``: until the plan's own time."""
    return _WAITS[failures - 1] if 0 < failures <= len(_WAITS) else None


def span_of(period: Period, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return the time (from, until) that a list is of; ``None``: all of it."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match period:
        case Period.ALL:
            return None
        case Period.LAST_HOUR:
            # in UTC: an hour of the clock that comes twice is two
            until = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
            return until - timedelta(hours=1), until
        case Period.YESTERDAY:
            return midnight - timedelta(days=1), midnight
        case Period.LAST_7_DAYS:
            return midnight - timedelta(days=7), midnight
        case Period.LAST_MONTH:
            this = midnight.replace(day=1)
            return (this - timedelta(days=1)).replace(day=1), this
