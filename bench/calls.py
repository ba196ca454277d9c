"""./dev bench calls: what a handled, recorded call costs us and what it costs Asterisk's own app_queue.

Same machine, same Asterisk, same load, alternating. A call: INVITE, answer, line, agent rung, connected, recorded, the
agent hangs up after ``--talk`` seconds. Counted is a caller who reached an agent. CPU is that of every process that
serves: Asterisk, and on our side the engine and PostgreSQL. Signalling only: no RTP flows.

    ./dev bench calls [--json] [--agents 300] [--rate 50] [--calls 1500] [--rounds 3] [--talk 1.0] [--steps 60,80,100]
    ./dev bench calls --agents 1000 --queues 50 --members 300     # fifty queues, every agent in fifteen of them
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.machine import bench_parts
from bench.many_queues import Layout
from bench.sides import SECRET, AppQueue, Ours, Side
from bench.sip_load import Agents, Callers
from zhiyin.config.supervisor.asterisk import (
    AsteriskInstall,
    provision_asterisk,
)
from zhiyin.config.supervisor.service_user import become_service_user


@dataclass
class Run:
    """One measured run."""

    side: str
    rate: float
    calls: int
    reached: int
    refused: int
    cpu_ms_per_call: dict[str, float]
    retransmissions: int
    free_to_invite_ms: list[float] = field(repr=False, default_factory=list)
    events_per_call: float = 0.0

    @property
    def total_ms(self) -> float:
        return sum(self.cpu_ms_per_call.values())


async def measure(side_type: type[Side], install: AsteriskInstall, given: argparse.Namespace, rate: float) -> Run:
    """Start a fresh system, warm it up, put the load on it, and take it down."""
    layout = Layout(given.agents, given.queues, min(given.members or given.agents, given.agents))
    side = side_type(install, layout=layout, talk_s=given.talk)
    try:
        server = ("127.0.0.1", side.sip_port)
        agents = Agents(server, count=given.agents, secret=SECRET, talk_s=given.talk)
        callers = Callers(server, *layout.numbers)
        await agents.open()
        await callers.open()
        await side.start(agents)
        await callers.call_at(10, 20)
        await callers.until_over(20)
        agents.is_backlogged = lambda: callers.open_calls > given.agents
        reached, events, refused, before = side.reached(), side.events(), callers.refused, side.cpu()
        again = agents.retransmissions + callers.retransmissions
        calls = given.calls
        await callers.call_at(rate, calls)
        await callers.until_over(60)
        after = side.cpu()
        got = side.reached() - reached
        return Run(
            side=side.name,
            rate=rate,
            calls=calls,
            reached=got,
            refused=callers.refused - refused,
            cpu_ms_per_call={name: 1000 * (after[name] - before[name]) / max(1, got) for name in after},
            retransmissions=agents.retransmissions + callers.retransmissions - again,
            free_to_invite_ms=[1000 * s for s in agents.free_to_invite_s],
            events_per_call=(side.events() - events) / max(1, got),
        )
    finally:
        side.stop()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def table(runs: list[Run]) -> str:
    lines = [
        f"{'side':10} {'calls/s':>8} {'reached':>12} {'CPU ms/call':>12} {'of it':40} {'retrans.':>8} {'events':>7}"
    ]
    for run in runs:
        parts = " ".join(f"{name} {value:.2f}" for name, value in run.cpu_ms_per_call.items())
        lines.append(
            f"{run.side:10} {run.rate:8.0f} {run.reached:6}/{run.calls:<5} {run.total_ms:12.2f} {parts:40} "
            f"{run.retransmissions:8} {run.events_per_call:7.1f}"
        )
    return "\n".join(lines)


def report(runs: list[Run], pressed: list[Run], *, as_json: bool) -> None:
    """Print the table and the ratios: medians of the alternated runs."""
    median = {s: statistics.median(r.total_ms for r in runs if r.side == s) for s in ("zhiyin", "app_queue")}
    waits = {s: [w for r in pressed if r.side == s for w in r.free_to_invite_ms] for s in ("zhiyin", "app_queue")}
    best = {
        s: max((r.rate for r in runs + pressed if r.side == s and r.reached == r.calls and not r.refused), default=0.0)
        for s in ("zhiyin", "app_queue")
    }
    summary = {
        "cpu_ms_per_call": median,
        "cpu_ratio": median["zhiyin"] / median["app_queue"],
        "clean_calls_per_s": best,
        "free_to_invite_ms": {
            s: {"n": len(w), "p50": percentile(w, 0.5), "p99": percentile(w, 0.99)} for s, w in waits.items()
        },
    }
    if as_json:
        print(json.dumps({"summary": summary, "runs": [asdict(r) for r in runs + pressed]}))
        return
    print(table(runs + pressed))
    print(f"\nCPU per call, median: zhiyin {median['zhiyin']:.2f} ms, app_queue {median['app_queue']:.2f} ms, ", end="")
    print(f"ratio {summary['cpu_ratio']:.2f}")
    print(f"highest rate at which every caller reached an agent: {best}")
    for side, wait in waits.items():
        p50, p99 = percentile(wait, 0.5), percentile(wait, 0.99)
        print(f"agent free -> INVITE, {side}: n {len(wait)}, p50 {p50:.1f} ms, p99 {p99:.1f} ms")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--queues", type=int, default=1, help="each with a number of its own, called in turn")
    parser.add_argument("--members", type=int, help="agents in each queue (all); every agent in as many as every other")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--calls", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--talk", type=float, default=1.0)
    parser.add_argument("--steps", default="80,110", help="further rates, one run each, for the highest clean rate")
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    become_service_user(data=Path(tempfile.gettempdir()) / "zhiyin-bench", parts=bench_parts(), module="bench.calls")
    install = provision_asterisk(bench_parts())
    runs = []
    for _ in range(given.rounds):
        for side in (Ours, AppQueue):
            runs.append(await measure(side, install, given, given.rate))
            print(table(runs[-1:]).splitlines()[1], file=sys.stderr, flush=True)
    pressed = []
    few = argparse.Namespace(**{**vars(given), "agents": max(10, int(given.rate * given.talk * 0.8))})
    pressed += [await measure(side, install, few, given.rate) for side in (Ours, AppQueue)]
    for rate in [float(step) for step in given.steps.split(",") if step]:
        for side in (Ours, AppQueue):
            runs.append(await measure(side, install, given, rate))
            print(table(runs[-1:]).splitlines()[1], file=sys.stderr, flush=True)
    report(runs, pressed, as_json=given.json)


if __name__ == "__main__":
    asyncio.run(main())
