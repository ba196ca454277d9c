"""Opening hours: is it open at an instant, in the company's own time zone? Pure; the caller passes local time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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
    day = hours.dates.get(local.strftime("%Y-%m-%d"), hours.weekly[local.weekday()])
    minute = local.strftime("%H:%M")
    return any(start <= minute < end for start, end in day)
