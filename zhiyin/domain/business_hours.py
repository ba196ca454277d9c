"""Opening hours: is it open at an instant, and when does that change? Pure; the caller passes local time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_LONGEST_CLOSED_DAYS = 366

Span = tuple[str, str]  # ("09:00", "18:00"); the end is exclusive, "24:00" is midnight's end


@dataclass(frozen=True, slots=True)
class Hours:
    """``weekly`` has seven days, Monday first; ``dates`` ("2026-10-01") replace the weekday, () is closed all day."""

    weekly: tuple[tuple[Span, ...], ...]
    dates: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


def is_open(hours: Hours, local: datetime) -> bool:
    """Return whether ``local`` (wall-clock time of the company) lies in an opening span.

    A date's own spans win over its weekday's: holidays close, make-up workdays open.
    """
    minute = local.strftime("%H:%M")
    return any(start <= minute < end for start, end in _spans(hours, local))


def opens_at(hours: Hours, local: datetime) -> datetime | None:
    """Return the first instant from ``local`` on at which it is open, within a year; None where it stays closed."""
    if is_open(hours, local):
        return local
    for days in range(_LONGEST_CLOSED_DAYS):
        day = (local + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        for start, _ in sorted(_spans(hours, day)):
            at = day.replace(hour=int(start[:2]), minute=int(start[3:]))
            if at >= local:
                return at
    return None


def next_change(hours: Hours, local: datetime) -> datetime | None:
    """Return the next instant at which it opens or closes, within a year; None where it stays as it is.

    A span that ends at midnight goes on into one that begins there.
    """
    open_now = is_open(hours, local)
    for days in range(_LONGEST_CLOSED_DAYS):
        day = (local + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        for edge in sorted({edge for span in _spans(hours, day) for edge in span}):
            at = day + timedelta(days=1) if edge == "24:00" else day.replace(hour=int(edge[:2]), minute=int(edge[3:]))
            if at > local and is_open(hours, at) is not open_now:
                return at
    return None


def _spans(hours: Hours, local: datetime) -> tuple[Span, ...]:
    return hours.dates.get(local.strftime("%Y-%m-%d"), hours.weekly[local.weekday()])
