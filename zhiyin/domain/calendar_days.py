"""A year's holidays and make-up workdays (调休) as a table of days: reading what somebody brings. Pure.

One row a day: the date, what it is, its name, and for a workday its hours where they differ. Words in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhiyin.domain.business_hours import Span

_HOLIDAYS = frozenset({"holiday", "节假日", "假日", "假期", "放假", "休", "休息", "closed"})
_WORKDAYS = frozenset({"workday", "make-up", "makeup", "调休", "调休上班", "补班", "上班", "班", "open"})
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_SPAN = re.compile(r"^(\d{1,2}:\d{2})[-–~至](\d{1,2}:\d{2})$")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not as its weekday. ``spans`` () is closed all day."""

    day: str
    spans: tuple[Span, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says no day. ``row`` counts from 1, the head included; ``code``: "date", "kind" or "hours"."""

    row: int
    code: str


def read_days(
    rows: Iterable[Sequence[str]], *, workday: tuple[Span, ...]
) -> tuple[tuple[CalendarDay, ...], tuple[BadRow, ...]]:
    """Return the days of a table and the rows that say none; empty rows and a head are passed over.

    ``workday``: the hours of a make-up workday that names none.
    """
    days: dict[str, CalendarDay] = {}
    bad: list[BadRow] = []
    for number, cells in enumerate(rows, 1):
        row = [cell.strip() for cell in cells]
        if not any(row) or (number == 1 and not row[0][:1].isdigit()):
            continue
        row += [""] * (4 - len(row))
        day, kind = _day_of(row[0]), _kind_of(row[1])
        spans = _spans_of(kind, row[3], workday)
        if day is None:
            bad.append(BadRow(number, "date"))
        elif spans is None:
            bad.append(BadRow(number, "kind" if kind is None else "hours"))
        else:
            days[day] = CalendarDay(day, spans, row[2][:40])
    return tuple(days[day] for day in sorted(days)), tuple(bad)


def _day_of(text: str) -> str | None:
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _kind_of(text: str) -> str | None:
    word = text.lower()
    if word in _HOLIDAYS:
        return "holiday"
    return "workday" if word in _WORKDAYS else None


def _spans_of(kind: str | None, hours: str, workday: tuple[Span, ...]) -> tuple[Span, ...] | None:
    match kind:
        case "holiday":
            return ()
        case "workday":
            return _read_spans(hours) if hours else workday
        case _:
            return None


def _read_spans(text: str) -> tuple[Span, ...] | None:
    spans: list[Span] = []
    for part in re.split(r"[;；,，\s]+", re.sub(r"\s*([-–~至])\s*", r"\1", text)):
        found = _SPAN.match(part)
        if found is None:
            return None
        begins, ends = (clock.zfill(5) for clock in found.groups())
        if not begins < ends <= "24:00" or max(begins[3:], ends[3:]) > "59" or (spans and begins < spans[-1][1]):
            return None
        spans.append((begins, ends))
    return tuple(spans)
