"""Makes a failing history small: leaves out steps in ever smaller runs, as long as it still fails (ddmin)."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from zhiyin.config.simulation.history import History, without
from zhiyin.config.simulation.run import Outcome, play


def shrink_failing(history: History, outcome: Outcome, *, tries: int = 300) -> History:
    """Return a smaller history that fails in the same way."""
    wanted = kind_of(outcome.wrong[0])

    def fails(smaller: History) -> bool:
        return any(kind_of(wrong) == wanted for wrong in play(smaller).wrong)

    begun = tuple(step for step in history.steps if step.at_s <= outcome.failed_s)
    cut = msgspec.structs.replace(history, steps=begun)
    return shrink(cut if fails(cut) else history, fails=fails, tries=tries)


def kind_of(wrong: str) -> str:
    """Return what is wrong without its instant, names and numbers."""
    return re.sub(r"[0-9.]+", "#", wrong.partition(" ")[2])[:60]


def shrink(history: History, *, fails: Callable[[History], bool], tries: int) -> History:
    """Return a part of ``history`` that still fails; at most about ``tries`` histories are played."""
    at_once = msgspec.structs.replace(history, latency_s=0.0)
    if history.latency_s and fails(at_once):
        history = at_once
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
