"""How many minutes a company has called out today, by how dear the destination is, and when that is enough.

A stolen account is worth what it can call before somebody looks: the caps bound it to a day's minutes and the calls
that are in progress when they are reached. Pure: the company's day and the instant are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from zhiyin.domain.dialing.destinations import is_emergency


class Destination(StrEnum):
    EMERGENCY = "emergency"  # never counted, never refused
    DOMESTIC = "domestic"
    INTERNATIONAL = "international"
    PREMIUM = "premium"  # 声讯台 and their like abroad


#: Numbers whose owner earns by each minute: China's 160 and 168 after the area code, and well-known ranges abroad.
_PREMIUM = re.compile(
    r"\+86(?:10|2\d|[3-9]\d\d)?1(?:60|68)\d*|\+1(?:900|976)\d*|\+44(?:9|87[0-3])\d*|\+49(?:900|137)\d*"
    r"|\+338[1-9]\d*|\+3490[357]\d*|\+3989\d*|\+4190[016]\d*|\+6119\d*|\+810990\d*"
)


@dataclass(frozen=True, slots=True)
class DailyCaps:
    """Minutes a day; None: no cap. ``all_min`` covers every destination together."""

    all_min: int | None = None
    international_min: int | None = None
    premium_min: int | None = 0

    def of(self, destination: Destination) -> int | None:
        """Return the cap of one kind of destination alone."""
        caps = {Destination.INTERNATIONAL: self.international_min, Destination.PREMIUM: self.premium_min}
        return caps.get(destination)


def destination_of(number: str, *, home: str = "+86") -> Destination:
    """Return what kind of destination a number is, in E.164 or as a short code."""
    if is_emergency(number):
        return Destination.EMERGENCY
    if _PREMIUM.fullmatch(number):
        return Destination.PREMIUM
    return Destination.DOMESTIC if number.startswith(home) or not number.startswith("+") else Destination.INTERNATIONAL


@dataclass(slots=True)
class Spending:
    """One company's minutes of one day. Calls in progress count up to now; a new day begins from nothing."""

    day: date | None = None
    ended_s: dict[Destination, float] = field(default_factory=dict)
    running: dict[str, tuple[Destination, datetime]] = field(default_factory=dict)

    def begin(self, leg: str, destination: Destination, *, at: datetime) -> None:
        if destination is not Destination.EMERGENCY:
            self.running.setdefault(leg, (destination, at))

    def end(self, leg: str, *, at: datetime) -> tuple[Destination, float] | None:
        """Return what kind of call ended and how long it was connected; None for a leg that does not count."""
        found = self.running.pop(leg, None)
        return None if found is None else (found[0], max(0.0, (at - found[1]).total_seconds()))

    def add(self, destination: Destination, seconds: float, *, day: date) -> None:
        self._turn_to(day)
        self.ended_s[destination] = self.ended_s.get(destination, 0.0) + seconds

    def seconds(self, *, now: datetime, day: date) -> Mapping[Destination, float]:
        """Return today's seconds by destination, calls in progress included."""
        self._turn_to(day)
        total = dict(self.ended_s)
        for destination, since in self.running.values():
            total[destination] = total.get(destination, 0.0) + max(0.0, (now - since).total_seconds())
        return total

    def is_spent(self, destination: Destination, caps: DailyCaps, *, now: datetime, day: date) -> bool:
        """Whether no further call of this kind may begin today."""
        if destination is Destination.EMERGENCY:
            return False
        seconds = self.seconds(now=now, day=day)
        own = caps.of(destination)
        if own is not None and seconds.get(destination, 0.0) >= own * 60:
            return True
        return caps.all_min is not None and sum(seconds.values()) >= caps.all_min * 60

    def _turn_to(self, day: date) -> None:
        if self.day != day:
            self.day, self.ended_s = day, {}
