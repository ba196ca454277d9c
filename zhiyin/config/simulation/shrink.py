"""Makes a failing history small: leaves out steps in ever smaller runs, as long as it still fails (ddmin)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from zhiyin.config.simulation.history import History, without


def shrink(history: History, *, fails: Callable[[History], bool], tries: int = 400) -> History:
    """Return a part of ``history`` that still fails; at most ``tries`` histories are played."""
    history = _simpler(history, fails)
    span = max(1, len(history.steps) // 2)
    while tries > 0:
        place, is_smaller = 0, False
        while place < len(history.steps) and tries > 0:
            smaller = without(history, range(place, place + span))
            tries -= 1
            if fails(smaller):
                history, is_smaller = smaller, True
            else:
                place += span
        if span == 1 and not is_smaller:
            break
        span = max(1, span // 2)
    return history


def _simpler(history: History, fails: Callable[[History], bool]) -> History:
    """Take away what is no step, where it is not needed."""
    at_once = msgspec.structs.replace(history, latency_s=0.0)
    return at_once if history.latency_s and fails(at_once) else history
