"""久振未接: what follows when an agent lets an offer ring out. Pure; seconds."""

from __future__ import annotations

from dataclasses import dataclass

#: An agent who stays ready is offered the same contact again after this time, if nobody else has taken it.
ASK_AGAIN_S = 5


@dataclass(frozen=True, slots=True)
class MissedRule:
    """After ``limit`` in a row (0: never) the agent is not ready, for ``back_after_s`` (0: until it says otherwise);
    after each before that it is left alone for ``pause_s`` (0: it stays ready)."""

    limit: int = 1
    pause_s: int = 0
    back_after_s: int = 0


PLAIN_MISSED = MissedRule()


@dataclass(frozen=True, slots=True)
class AfterMiss:
    """``is_ready``: it stays ready; else it is not, for ``for_s`` seconds, or (None) until it says so itself."""

    is_ready: bool
    for_s: int | None = None


def after_miss(rule: MissedRule, in_a_row: int) -> AfterMiss:
    """Return what follows the ``in_a_row``-th offer that the agent let ring out."""
    if 0 < rule.limit <= in_a_row:
        return AfterMiss(is_ready=False, for_s=rule.back_after_s or None)
    if rule.pause_s > 0:
        return AfterMiss(is_ready=False, for_s=rule.pause_s)
    return AfterMiss(is_ready=True)
