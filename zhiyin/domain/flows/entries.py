"""By which flow a caller is served: the table of entry rules (进线规则). Pure.

The first rule that fits decides; without one the number's own flow does. A rule for a share of those who fit it is a
canary (灰度): who falls outside of the share goes on to the rules below, and is the other arm, against which its
results are measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

#: A rule for everybody who fits it.
WHOLE_PCT = 100.0


class Unmet(StrEnum):
    """A condition that a caller does not fit."""

    NUMBER = "number"
    VIP = "vip"
    CUSTOMER_CLASS = "customer_class"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Whom a flow is for: who fits every condition. A condition that is empty, or None, is none.

    ``numbers``: what was called, canonical. ``customer_classes``: the caller is a customer of one of them.
    ``hours``: a calendar that must be open, or closed where ``is_open_wanted`` is false.
    """

    id: int
    flow: int
    numbers: frozenset[str] = frozenset()
    customer_classes: frozenset[int] = frozenset()
    is_vip_only: bool = False
    hours: int | None = None
    is_open_wanted: bool = True
    share_pct: float = WHOLE_PCT

    def fits(self, call: EntryCall) -> bool:
        return self.unmet(call) is None

    def unmet(self, call: EntryCall) -> Unmet | None:
        """Return the first condition that the caller does not fit; None: all do. The share is none."""
        if self.numbers and call.number not in self.numbers:
            return Unmet.NUMBER
        if self.is_vip_only and not call.is_vip:
            return Unmet.VIP
        if self.customer_classes and self.customer_classes.isdisjoint(call.customer_classes):
            return Unmet.CUSTOMER_CLASS
        if self.hours is not None and call.is_open(self.hours) is not self.is_open_wanted:
            return Unmet.HOURS
        return None


@dataclass(frozen=True, slots=True)
class EntryCall:
    """What the rules ask of a call. ``customer_classes`` is empty for a caller of whom nothing is known.

    ``is_open`` tells of a calendar; None: there is no such, and no rule that asks for it fits. ``share`` draws for a
    rule's id a number of 0 to below 100, the same each time it is asked for this contact.
    """

    number: str
    customer_classes: frozenset[int]
    is_vip: bool
    is_open: Callable[[int], bool | None]
    share: Callable[[int], float]


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """``rule`` is None where the number's own flow decides; ``trial``: the first canary in whose other arm it is."""

    flow: int
    rule: int | None = None
    trial: int | None = None


def choose_flow(rules: Iterable[EntryRule], call: EntryCall, *, default: int) -> EntryChoice:
    """Return by which flow the caller is served; ``default`` is that of the number itself."""
    trial: int | None = None
    for rule in rules:
        if not rule.fits(call):
            continue
        if rule.share_pct >= WHOLE_PCT or call.share(rule.id) < rule.share_pct:
            return EntryChoice(rule.flow, rule.id, trial)
        trial = rule.id if trial is None else trial
    return EntryChoice(default, None, trial)
