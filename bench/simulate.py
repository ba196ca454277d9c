"""./dev bench simulate: how many simulated calls a minute the engine's own code deals with, on one core and on all.

A working day of natural people (see docs/guide/simulation.md) in virtual time, without faults; every call with its
menu, line, offer, conversation, recording, wrap-up, events and board. ``--profile`` prints where the time goes.

    ./dev bench simulate [--json] [--agents 100] [--calls-per-hour 3000] [--hours 1] [--jobs N] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import json
import logging
import os
import pstats
import time
from concurrent.futures import ProcessPoolExecutor

import structlog

from zhiyin.config.simulation.history import day
from zhiyin.config.simulation.run import Outcome, play


def one_day(seed: int, agents: int, calls_per_hour: float, hours: float) -> Outcome:
    """Play one day without a word of the engine's log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    history = day(seed, agents=agents, calls_per_hour=calls_per_hour, hours=hours)
    return play(history)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--calls-per-hour", type=float, default=3000)
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    day_of = (given.agents, given.calls_per_hour, given.hours)
    if given.profile:
        profile = cProfile.Profile()
        profile.runcall(one_day, 1, *day_of)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    alone = one_day(1, *day_of)
    cpu_s = time.process_time()
    again = one_day(1, *day_of)
    cpu_s = time.process_time() - cpu_s
    begun_s = time.perf_counter()
    with ProcessPoolExecutor(given.jobs) as pool:
        days = list(pool.map(one_day, range(2, 2 + given.jobs), *([value] * given.jobs for value in day_of)))
    together_s = time.perf_counter() - begun_s
    found = {
        "calls": alone.calls,
        "events_per_call": alone.events / alone.calls,
        "calls_per_cpu_minute": 60 * again.calls / cpu_s,
        "calls_per_minute_all": 60 * sum(one.calls for one in days) / together_s,
        "jobs": given.jobs,
        "times_real_time": again.virtual_s / again.real_s,
        "wrong": [wrong for one in (alone, *days) for wrong in one.wrong],
    }
    if given.json:
        print(json.dumps(found))
        return
    print(
        f"{found['calls']} calls, {found['events_per_call']:.1f} events each; "
        f"{found['calls_per_cpu_minute']:,.0f} calls a minute of one core, "
        f"{found['calls_per_minute_all']:,.0f} a minute with {given.jobs} processes; "
        f"{found['times_real_time']:,.0f} times as fast as the clock; wrong: {found['wrong'] or 'nothing'}"
    )


if __name__ == "__main__":
    main()
