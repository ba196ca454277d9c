"""How it stands with a company's interfaces to other systems: one condition each, from what their own logs say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Condition(StrEnum):
    #: the last thing that was tried succeeded
    WORKS = "works"
    #: switched on, and it never had anything to do, or nobody can tell
    UNPROVEN = "unproven"
    #: the last thing that was tried did not succeed; it is tried again
    FAILING = "failing"
    #: it stopped by itself: somebody has to mend it
    STOPPED = "stopped"
    #: switched off by somebody
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Interface:
    """``kind`` and ``id`` name it; ``reason`` is the code of what went wrong last, "" where nothing did."""

    kind: str
    id: int
    name: str
    condition: Condition
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""


def condition_of(
    *, is_on: bool, stopped_why: str, succeeded_at: datetime | None, failed_at: datetime | None
) -> Condition:
    """Return the condition by what came last. What was stopped by itself is so though it counts as switched off."""
    if stopped_why:
        return Condition.STOPPED
    if not is_on:
        return Condition.OFF
    if failed_at is not None and (succeeded_at is None or failed_at > succeeded_at):
        return Condition.FAILING
    return Condition.UNPROVEN if succeeded_at is None else Condition.WORKS


#: what has to be mended first
_ORDER = (Condition.STOPPED, Condition.FAILING, Condition.UNPROVEN, Condition.WORKS, Condition.OFF)


def worst_first(interfaces: list[Interface]) -> list[Interface]:
    return sorted(interfaces, key=lambda each: (_ORDER.index(each.condition), each.kind, each.name, each.id))
