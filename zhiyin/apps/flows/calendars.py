"""Calendars: what one says of this moment, and a year's holidays brought as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiyin.apps.audit import settings_changes
from zhiyin.apps.flows.errors import BadDays, UnknownZone
from zhiyin.apps.flows.models import Hours
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain import business_hours
from zhiyin.domain.business_hours import Span
from zhiyin.domain.calendar_days import read_days

#: Characters; a year's days need a tenth of it.
MAX_TABLE = 200_000
_OFFICE_DAY: tuple[Span, ...] = (("09:00", "18:00"),)


@dataclass(frozen=True, slots=True)
class CalendarNow:
    """``next_change_at``: when it opens or closes next; None: not within a year."""

    is_open: bool
    next_change_at: datetime | None


def now_of(row: Hours, *, tenant: Tenant, now: datetime) -> CalendarNow:
    hours, local = _hours(row), now.astimezone(ZoneInfo(row.time_zone or tenant.time_zone))
    return CalendarNow(business_hours.is_open(hours, local), business_hours.next_change(hours, local))


def check_zone(name: str) -> None:
    """Raises ``UnknownZone``; "" is the company's own."""
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone from error


def import_days(*, actor: Actor, row: Hours, table: str) -> Hours:
    """Take the days of a table over those of the calendar; days that it does not name stay. Raises ``BadDays``.

    A make-up workday without hours is open as the first working day of the week.
    """
    workday = next((_spans(day) for day in row.weekly if day), _OFFICE_DAY)
    days, bad = read_days(_rows(table), workday=workday)
    if bad or not days:
        raise BadDays([(one.row, one.code) for one in bad])
    dates = row.dates | {one.day: [list(span) for span in one.spans] for one in days}
    names = row.names | {one.day: one.name for one in days if one.name}
    return settings_changes.update(actor=actor, row=row, fields={"dates": dates, "names": names})


def _rows(table: str) -> list[list[str]]:
    """Read a table as spreadsheets write it: commas, semicolons or tabs."""
    text = table.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


def _hours(row: Hours) -> business_hours.Hours:
    return business_hours.Hours(
        tuple(_spans(day) for day in row.weekly), {day: _spans(spans) for day, spans in row.dates.items()}
    )


def _spans(day: list[list[str]]) -> tuple[Span, ...]:
    return tuple((begins, ends) for begins, ends in day)
