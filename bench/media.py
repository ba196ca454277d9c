"""./dev bench media: recorded calls with real sound both ways, ours beside Asterisk's own app_queue.

Every caller sends a packet each 20 ms; it goes through the caller's leg, the bridge and the agent's leg to a peer that
echoes it, and all the way back. Counted is what does not return, how evenly the rest does, what it costs, and whether
every recording grew by as much sound as was spoken.

    ./dev bench media [--json] [--calls 250] [--seconds 20] [--rounds 1]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.calls import percentile
from bench.machine import bench_parts
from bench.many_queues import NUMBER, Layout
from bench.rtp import Media
from bench.sides import SECRET, AppQueue, Ours, Side
from bench.sip_load import Agents, Callers
from zhiyin.config.supervisor.asterisk import AsteriskInstall, provision_asterisk
from zhiyin.config.supervisor.service_user import become_service_user

#: Stereo, 8 kHz, 16 bit.
RECORDED_BYTES_A_SECOND = 32_000
SETTLE_S = 2.0
CALLS_A_SECOND = 25


@dataclass
class Run:
    """One measured run. ``*_pct``: of one core, for one call."""

    side: str
    calls: int
    sent: int
    lost: int
    transit_p99_ms: float
    jitter_p99_ms: float
    asterisk_pct: float
    all_pct: float
    recordings_grown: int  # by at least 98 % of what was spoken

    @property
    def calls_a_core(self) -> float:
        return 100 / self.asterisk_pct if self.asterisk_pct else float("inf")


async def measure(side_type: type[Side], install: AsteriskInstall, given: argparse.Namespace) -> Run:
    """Start a fresh system, bring all calls up, and listen."""
    side = side_type(install, layout=Layout(given.calls), talk_s=3600)
    media = Media()
    try:
        server = ("127.0.0.1", side.sip_port)
        agents = Agents(server, count=given.calls, secret=SECRET, talk_s=3600)
        callers = Callers(server, NUMBER)
        agents.rtp_port, callers.rtp_port, callers.on_answer = media.agents_port, media.callers_port, media.add_call
        await agents.open()
        await callers.open()
        await side.start(agents)
        await callers.call_at(CALLS_A_SECOND, given.calls)
        async with asyncio.timeout(60):
            while await asyncio.to_thread(media.heard_calls) < given.calls:  # noqa: ASYNC110 - the peer tells nobody
                await asyncio.sleep(0.2)
        await asyncio.sleep(SETTLE_S)
        before, files = side.cpu(), recording_sizes(side.recordings)
        heard = await asyncio.to_thread(media.listen, given.seconds)
        after, files_after = side.cpu(), recording_sizes(side.recordings)
        share = {name: 100 * (after[name] - before[name]) / (given.seconds + 1) / given.calls for name in after}
        enough = 0.98 * given.seconds * RECORDED_BYTES_A_SECOND
        return Run(
            side=side.name,
            calls=given.calls,
            sent=heard.sent,
            lost=heard.lost,
            transit_p99_ms=percentile(heard.transit_ms, 0.99),
            jitter_p99_ms=percentile(heard.jitter_ms, 0.99),
            asterisk_pct=share["asterisk"],
            all_pct=sum(share.values()),
            recordings_grown=sum(files_after[name] - files.get(name, 0) >= enough for name in files_after),
        )
    finally:
        media.stop()
        side.stop()


def recording_sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.rglob("*.raw")}


def table(runs: list[Run]) -> str:
    head = (
        f"{'side':10} {'calls':>6} {'RTP sent':>9} {'lost':>6} {'transit p99':>12} {'jitter p99':>11} "
        f"{'Asterisk %/call':>16} {'all %/call':>11} {'calls/core':>11} {'recorded':>9}"
    )
    return "\n".join([head, *map(row, runs)])


def row(run: Run) -> str:
    return (
        f"{run.side:10} {run.calls:6} {run.sent:9} {run.lost:6} {run.transit_p99_ms:9.1f} ms "
        f"{run.jitter_p99_ms:8.1f} ms {run.asterisk_pct:16.3f} {run.all_pct:11.3f} {run.calls_a_core:11.0f} "
        f"{run.recordings_grown:9}"
    )


def report(runs: list[Run], *, as_json: bool) -> None:
    """Print the table and the ratio: medians of the alternated runs."""
    cost = {s: statistics.median(r.all_pct for r in runs if r.side == s) for s in ("zhiyin", "app_queue")}
    ratio = cost["zhiyin"] / cost["app_queue"]
    if as_json:
        print(json.dumps({"summary": {"core_pct_per_call": cost, "ratio": ratio}, "runs": [asdict(r) for r in runs]}))
        return
    print(table(runs))
    print(f"\nof a core for one recorded call, median: zhiyin {cost['zhiyin']:.3f} %, app_queue ", end="")
    print(f"{cost['app_queue']:.3f} %, ratio {ratio:.2f}")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calls", type=int, default=250)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    become_service_user(data=Path(tempfile.gettempdir()) / "zhiyin-bench", parts=bench_parts(), module="bench.media")
    install = provision_asterisk(bench_parts())
    runs = []
    for _ in range(given.rounds):
        for side in (Ours, AppQueue):
            runs.append(await measure(side, install, given))
            print(row(runs[-1]), file=sys.stderr, flush=True)
    report(runs, as_json=given.json)


if __name__ == "__main__":
    asyncio.run(main())
