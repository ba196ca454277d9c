"""The public pool (公海): who may claim how many customers, and when an untouched one goes back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PoolPolicy:
    """None: no limit; ``return_after_days`` None: nothing returns by itself."""

    claims_per_day: int | None = 20
    max_held: int | None = 200
    return_after_days: int | None = None
    announce_days: int = 3


class Due(StrEnum):
    ANNOUNCE = "announce"
    RETURN = "return"


def how_many_may_be_claimed(policy: PoolPolicy, *, claimed_today: int, held: int) -> tuple[int | None, str]:
    """Return how many more one user may claim now (None: any number), and which limit says so ("" for none)."""
    today = None if policy.claims_per_day is None else max(0, policy.claims_per_day - claimed_today)
    room = None if policy.max_held is None else max(0, policy.max_held - held)
    if today is None and room is None:
        return None, ""
    if room is None or (today is not None and today <= room):
        return today, "claims_per_day"
    return room, "max_held"


def choose_due(policy: PoolPolicy, *, touched_at: datetime, announced_at: datetime | None, now: datetime) -> Due | None:
    """Return what is due for a customer that was touched (claimed, spoken with, followed up) last at ``touched_at``.

    Nothing returns unannounced: where the announcement came late, the owner still has its days.
    """
    if policy.return_after_days is None:
        return None
    announce_at = touched_at + timedelta(days=max(0, policy.return_after_days - policy.announce_days))
    if now < announce_at:
        return None
    if announced_at is None or announced_at < touched_at:
        return Due.ANNOUNCE
    ends_at = max(
        touched_at + timedelta(days=policy.return_after_days), announced_at + timedelta(days=policy.announce_days)
    )
    return Due.RETURN if now >= ends_at else None
