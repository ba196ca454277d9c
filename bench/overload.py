"""./dev bench overload: what becomes of service when three times as many call as can be served.

First the best goodput is sought by steps (callers who reached an agent, a second), then three times that rate comes
for ``--for`` seconds, then half of it. Printed are the goodput kept, how many were refused and how quickly, how late
agents' hang-ups and next calls became, and how long after the flood the last caller was refused. Signalling only, on
one machine: three times the callers are played by three times the processor, which is not ours then. So goodput for
each core that the load leaves is set beside the plain one: what remained had the flood come from elsewhere.

    ./dev bench overload [--json] [--agents 150] [--talk 1.0] [--steps 20,30,40,50,60] [--for 30] [--times 3]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.machine import bench_parts
from bench.many_queues import NUMBER, Layout
from bench.sides import SECRET, Ours
from bench.sip_load import Agents, Callers, Message
from zhiyin.config.supervisor.asterisk import provision_asterisk
from zhiyin.config.supervisor.service_user import become_service_user

STEP_S = 8.0
CALM_S = 8.0


class TimedAgents(Agents):
    """Notes when each conversation began and when each agent hung up."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.reached_at: list[float] = []
        self.hung_up_at: list[float] = []

    def _acked(self, message: Message) -> None:
        before = self.answered_calls
        super()._acked(message)
        if self.answered_calls > before:
            self.reached_at.append(asyncio.get_running_loop().time())

    def _hang_up(self, call_id: str) -> None:
        if call_id in self._calls:
            self.hung_up_at.append(asyncio.get_running_loop().time())
        super()._hang_up(call_id)


class TimedCallers(Callers):
    """Notes when each call was answered, refused and ended, and what a refusal said."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.answered_s: list[float] = []
        self.refused_s: list[float] = []
        self.refused_at: list[float] = []
        self.over_at: list[float] = []
        self.statuses: dict[int, int] = {}

    def take(self, message: Message) -> None:
        now_s = asyncio.get_running_loop().time()
        call = self._calls.get(message.get("call-id"))
        if not message.is_request and message.method == "INVITE" and message.status >= 200 and call is not None:
            is_new = not call.is_up
            self.statuses[message.status] = self.statuses.get(message.status, 0) + is_new
            if message.status >= 300:
                self.refused_s.append(now_s - call.started_s)
                self.refused_at.append(now_s)
            elif is_new:
                self.answered_s.append(now_s - call.started_s)
        over = self.over
        super().take(message)
        if self.over > over:
            self.over_at.append(now_s)


@dataclass
class Phase:
    """What came of one rate. Times in milliseconds."""

    rate: float
    goodput: float
    refused: int
    refused_p99_ms: float
    answered_p99_ms: float
    hang_up_p99_ms: float
    free_to_invite_p99_ms: float
    retransmissions: int
    #: processors used by each of our processes, in cores
    cores: dict[str, float]
    #: the same by what plays callers and agents
    load_cores: float

    @property
    def goodput_a_core(self) -> float:
        """Return goodput for each core that the load leaves."""
        return self.goodput / (len(os.sched_getaffinity(0)) - self.load_cores)


class Load:
    """One system of ours under callers and agents; a phase for each rate."""

    def __init__(self, side: Ours, agents: TimedAgents, callers: TimedCallers) -> None:
        self.side, self.agents, self.callers = side, agents, callers

    async def run(self, rate: float, for_s: float) -> Phase:
        """Call at this rate; the first quarter is not counted as goodput."""
        agents, callers, loop = self.agents, self.callers, asyncio.get_running_loop()
        for times in (
            callers.answered_s,
            callers.refused_s,
            agents.free_to_invite_s,
            agents.hung_up_at,
            callers.over_at,
        ):
            times.clear()
        refused, again = callers.refused, agents.retransmissions + callers.retransmissions
        begun_s, cpu, load_s = loop.time(), self.side.cpu(), time.process_time()
        await callers.call_at(rate, round(rate * for_s))
        ended_s = loop.time()
        counted_from_s = begun_s + (ended_s - begun_s) / 4
        reached = sum(counted_from_s <= at_s < ended_s for at_s in agents.reached_at)
        return Phase(
            rate=rate,
            goodput=reached / (ended_s - counted_from_s),
            refused=callers.refused - refused,
            refused_p99_ms=p99_ms(callers.refused_s),
            answered_p99_ms=p99_ms(callers.answered_s),
            # An agent's hang-up and its caller's cannot be told apart from others': the n-th goes with the n-th.
            hang_up_p99_ms=p99_ms([b - a for a, b in zip(agents.hung_up_at, callers.over_at, strict=False) if b > a]),
            free_to_invite_p99_ms=p99_ms(agents.free_to_invite_s),
            retransmissions=agents.retransmissions + callers.retransmissions - again,
            cores={name: (used - cpu[name]) / (ended_s - begun_s) for name, used in self.side.cpu().items()},
            load_cores=(time.process_time() - load_s) / (ended_s - begun_s),
        )


def p99_ms(values: list[float]) -> float:
    return 1000 * sorted(values)[min(len(values) - 1, int(len(values) * 0.99))] if values else float("nan")


async def measure(given: argparse.Namespace) -> dict[str, object]:
    side = Ours(provision_asterisk(bench_parts()), layout=Layout(given.agents), talk_s=given.talk)
    try:
        server = ("127.0.0.1", side.sip_port)
        agents = TimedAgents(server, count=given.agents, secret=SECRET, talk_s=given.talk)
        callers = TimedCallers(server, NUMBER)
        await agents.open()
        await callers.open()
        await side.start(agents)
        agents.is_backlogged = lambda: callers.open_calls > given.agents
        load = Load(side, agents, callers)
        await load.run(5, 4)
        steps = []
        for rate in [float(step) for step in given.steps.split(",")]:
            steps.append(await load.run(rate, STEP_S))
            tell(steps[-1])
            await callers.until_over(15)
            if len(steps) > 1 and max(step.goodput / step.rate for step in steps[-2:]) < 0.85:
                break  # twice in a row: not a hiccup of the machine
        best_step = max(steps, key=lambda step: step.goodput)
        best = best_step.goodput
        flood = await load.run(given.times * best, given.seconds)
        flood_ended_s = asyncio.get_running_loop().time()
        tell(flood)
        calm = await load.run(0.5 * best, CALM_S)
        tell(calm)
        last_refused_s = max((at_s for at_s in callers.refused_at), default=flood_ended_s)
        await callers.until_over(20)
        return {
            "best_goodput": best,
            "goodput_ratio": flood.goodput / best,
            "goodput_ratio_a_core": flood.goodput_a_core / best_step.goodput_a_core,
            "recovery_s": max(0.0, last_refused_s - flood_ended_s),
            "statuses": callers.statuses,
            "left_open": callers.open_calls,
            "steps": [asdict(step) for step in steps],
            "flood": asdict(flood),
            "calm": asdict(calm),
        }
    finally:
        side.stop()


def tell(phase: Phase) -> None:
    print(
        f"{phase.rate:7.1f} calls/s: goodput {phase.goodput:6.1f}, refused {phase.refused:5} "
        f"(p99 {phase.refused_p99_ms:6.0f} ms), answered p99 {phase.answered_p99_ms:6.0f} ms, "
        f"hang-up p99 {phase.hang_up_p99_ms:6.0f} ms, free -> INVITE p99 {phase.free_to_invite_p99_ms:6.0f} ms, "
        f"retransmissions {phase.retransmissions}, cores "
        + " ".join(f"{name} {used:.2f}" for name, used in {**phase.cores, "load": phase.load_cores}.items()),
        file=sys.stderr,
        flush=True,
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--agents", type=int, default=150)
    parser.add_argument("--talk", type=float, default=1.0)
    parser.add_argument("--steps", default="20,30,40,50,60,70,80")
    parser.add_argument("--for", dest="seconds", type=float, default=30)
    parser.add_argument("--times", type=float, default=3)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    become_service_user(data=Path(tempfile.gettempdir()) / "zhiyin-bench", parts=bench_parts(), module="bench.overload")
    found = await measure(given)
    if given.json:
        print(json.dumps(found))
        return
    print(
        f"best goodput {found['best_goodput']:.1f} calls/s; at {given.times:g} times that {found['goodput_ratio']:.0%} "
        f"of it remains ({found['goodput_ratio_a_core']:.0%} for each core that the load leaves); "
        f"the last caller was refused {found['recovery_s']:.1f} s after the flood"
    )


if __name__ == "__main__":
    asyncio.run(main())
