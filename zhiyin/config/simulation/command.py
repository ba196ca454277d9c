"""What ``zhiyin simulate`` does: plays seeded histories in virtual time; a failing one is cut small and shown."""

from __future__ import annotations

import argparse
import secrets
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from zhiyin.config.simulation.history import History, day, hostile
from zhiyin.config.simulation.run import Outcome, play
from zhiyin.config.simulation.shrink import shrink_failing
from zhiyin.config.simulation.trace import history_lines, trace_lines
from zhiyin.config.supervisor.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How much of a trace is shown; the file has all of it.
SHOWN = 120
_CRITICAL = 50


def simulate(given: argparse.Namespace) -> int:
    """Play; print what was wrong. Returns 1 when something was."""
    _be_quiet()
    make = (
        partial(day, faults_per_hour=2) if given.day else partial(hostile, steps=given.steps, has_standby=given.standby)
    )
    if given.replay:
        return _replay(given.replay, make)
    first = given.seed if given.seed is not None else secrets.randbelow(10**9)
    print(in_words(f"seeds {first} to {first + given.runs - 1}", f"种子 {first} 至 {first + given.runs - 1}"))
    failed = calls = 0
    for seed, outcome in _play_all(range(first, first + given.runs), make, given.jobs):
        calls += outcome.calls
        if outcome.wrong:
            failed += 1
            _show(make(seed), outcome, given.out)
    runs, bound = given.runs, 100 * 3 / given.runs
    print(
        in_words(f"{runs} histories, {calls} calls, {failed} failed", f"{runs} 段历史，{calls} 通电话，{failed} 段失败")
    )
    if not failed and runs > 3:
        print(in_words(f"0 of {runs} bounds the rate at {bound:.2g} %", f"0/{runs}：失败率上界 {bound:.2g} %"))
    return 1 if failed else 0


def _play_all(seeds: range, make: partial[History], jobs: int) -> Iterator[tuple[int, Outcome]]:
    if jobs <= 1:
        yield from ((seed, play(make(seed))) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs, initializer=_be_quiet) as pool:
        yield from zip(seeds, pool.map(partial(_play_seed, make), seeds), strict=True)


def _play_seed(make: partial[History], seed: int) -> Outcome:
    return play(make(seed))


def _replay(what: str, make: partial[History]) -> int:
    path = Path(what)
    history = msgspec.json.decode(path.read_bytes(), type=History) if path.exists() else make(int(what))
    outcome = play(history, is_traced=True)
    _print(history_lines(history))
    _print(trace_lines(outcome))
    _print(outcome.wrong)
    return 1 if outcome.wrong else 0


def _show(history: History, outcome: Outcome, out: Path | None) -> None:
    """Cut the history small, print its steps and the end of its trace, and keep it to be played again."""
    small = shrink_failing(history, outcome)
    again = play(small, is_traced=True)
    folder = out or Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"failed-{history.seed}.json"
    path.write_bytes(msgspec.json.encode(small))
    _print(history_lines(small))
    _print(trace_lines(again, last=SHOWN))
    _print(again.wrong or outcome.wrong)
    print(in_words(f"again: zhiyin simulate --replay {path}", f"重放：zhiyin simulate --replay {path}"))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _be_quiet() -> None:
    """The engine's log lines would be thousands; the trace says more."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_CRITICAL))
