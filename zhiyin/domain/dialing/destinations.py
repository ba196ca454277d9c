"""Which numbers may be called: toll-fraud basics. Pure; numbers come normalised (E.164, or a short code's digits)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Always allowed, never counted against a cap: police, fire, ambulance, traffic accidents (CN), and the common 112.
EMERGENCY = frozenset({"110", "119", "120", "122", "112", "911", "999"})
#: Dearer than any call a centre makes by accident: satellite and international premium ranges.
ALWAYS_DENIED = ("+870", "+881", "+882", "+883", "+979", "+1900", "+1976")


@dataclass(frozen=True, slots=True)
class DestinationRule:
    """``allowed`` and ``denied`` are E.164 prefixes; the longest that fits decides, denial wins a tie."""

    allowed: Sequence[str] = ("+86",)
    denied: Sequence[str] = ()


def is_emergency(number: str) -> bool:
    return number in EMERGENCY


def why_forbidden(number: str, rule: DestinationRule) -> str | None:
    """Return a problem code, or None where ``number`` may be called."""
    if is_emergency(number):
        return None
    if any(number.startswith(prefix) for prefix in ALWAYS_DENIED):
        return "forbidden_destination"
    allowed = max((len(prefix) for prefix in rule.allowed if number.startswith(prefix)), default=-1)
    denied = max((len(prefix) for prefix in rule.denied if number.startswith(prefix)), default=-1)
    if allowed < 0 or denied >= allowed:
        return "forbidden_destination"
    return None
