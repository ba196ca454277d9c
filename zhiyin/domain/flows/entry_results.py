"""How a flow on a share of its callers fares beside the flow that the others meet, and when it is taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArmResult:
    """The contacts of one arm that are over. ``gave_up``: hung up in the flow; ``faults``: a step could not go on,
    whether the flow's own handler caught it or not; ``failed_requests``: asked in vain."""

    contacts: int = 0
    gave_up: int = 0
    reached: int = 0  # an agent
    faults: int = 0
    failed_requests: int = 0
    flow_s: float | None = None  # the mean time in the flow
    score_pct: float | None = None  # the mean of what surveys gave, the best being 100

    def pct(self, count: int) -> float | None:
        return 100 * count / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True)
class Bounds:
    """By how many points the share may be worse; None: it is not looked at. ``least_contacts``: in each arm."""

    least_contacts: int
    gave_up_points: float | None
    fault_points: float | None


@dataclass(frozen=True, slots=True)
class Breach:
    """``reason``: "gave_up" or "faults". ``value`` and ``other`` in per cent of either arm, ``bound`` in points."""

    reason: str
    value: float
    other: float
    bound: float
    contacts: int


def find_breach(share: ArmResult, rest: ArmResult, bounds: Bounds) -> Breach | None:
    """Return the bound that the share has broken; None while either arm has too few contacts to be judged by."""
    if min(share.contacts, rest.contacts) < max(1, bounds.least_contacts):
        return None
    for reason, mine, theirs, bound in (
        ("faults", share.faults, rest.faults, bounds.fault_points),
        ("gave_up", share.gave_up, rest.gave_up, bounds.gave_up_points),
    ):
        value, other = 100 * mine / share.contacts, 100 * theirs / rest.contacts
        if bound is not None and value - other > bound:
            return Breach(reason, round(value, 1), round(other, 1), bound, share.contacts)
    return None
