"""./dev bench flows: how quickly flows are stepped through, proven, and tested by scripts; and how that grows.

Everything is compared with a reference of the same run: the time Python takes to decode and encode the flow's own JSON
once. That costs what the machine costs today, and grows with the flow, so the ratio can be compared between machines.

    ./dev bench flows [--json] [--seconds 1]
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.contracts.snapshots import QueueSetting, TenantSettings
from zhiyin.domain.flow_scripts.run import run_script
from zhiyin.domain.flow_scripts.script import read_script
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.check import find_problems, find_warnings
from zhiyin.domain.flows.graph import read_flow
from zhiyin.domain.flows.nodes.panel import FieldKind
from zhiyin.domain.flows.steps import Context, Key, Said

SIZES = (10, 100, 1000)
SETTINGS = TenantSettings(0, "bench", "bench", 1, queues=(QueueSetting(1, "q", "q", (1,)),))
SCRIPT = read_script(
    "press 1\nexpect node n1\npress 1\nexpect node n2\npress 9\nexpect say wrong_key\nhangup\nexpect end"
)


def document(size: int) -> dict[str, Any]:
    """A chain of menus with a queue at its end: key 1 leads on, all else to the queue."""
    prompt = {"prompt": {"key": "menu"}, "keys": {"1": "on", "2": "people"}}
    names = [f"n{number}" for number in range(size)]
    nodes = [{"id": name, "kind": "menu", "config": prompt} for name in names]
    nodes += [
        {"id": "start", "kind": "start"},
        {"id": "queue", "kind": "queue", "config": {"queue": 1}},
        {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
    ]
    edges = [{"from": "start", "exit": "next", "to": "n0"}]
    edges += [{"from": "queue", "exit": exit_, "to": "bye"} for exit_ in ("closed", "overflow")]
    for name, after in zip(names, [*names[1:], "queue"], strict=True):
        edges.append({"from": name, "exit": "1", "to": after})
        edges += [{"from": name, "exit": exit_, "to": "queue"} for exit_ in ("2", "no_key", "wrong_key")]
    return {"format": 1, "start": "start", "nodes": nodes, "edges": edges}


def rate(work: Callable[[], int], seconds: float) -> float:
    """Return how much of it is done in a second."""
    done, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < seconds:
        done += work()
    return done / spent


def measure(size: int, seconds: float) -> dict[str, float]:
    drawn = document(size)
    tracemalloc.start()
    flow = read_flow(drawn)
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    context = Context(is_open=lambda _hours: True)
    anything = {FieldKind.QUEUE: {1}}
    scene = scene_of(SETTINGS, flow)

    def walk() -> int:
        at, _ = interpreter.begin(flow, context)
        for _ in range(min(size, 100)):
            at, _ = interpreter.step(flow, at, Said(), context)
            at, _ = interpreter.step(flow, at, Key("1"), context)
        return 2 * min(size, 100)

    def prove() -> int:
        assert not find_problems(flow, prompts={"menu", "goodbye", "wrong_key", "no_key"}, known=anything)
        find_warnings(flow, voices={}, languages=())
        return 1

    def run() -> int:
        assert run_script(SCRIPT, scene).is_passed
        return 1

    def copy() -> int:
        json.loads(json.dumps(drawn))
        return 1

    proofs, reference = rate(prove, seconds), rate(copy, seconds)
    return {
        "nodes": size,
        "steps_per_s": rate(walk, seconds),
        "callers_per_s": rate(run, seconds),
        "proofs_per_s": proofs,
        "json_copies_per_s": reference,
        "proof_in_json_copies": reference / proofs,
        "memory_kB": memory / 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=1)
    given = parser.parse_args()
    found = [measure(size, given.seconds) for size in SIZES]
    if given.json:
        print(json.dumps(found))
        return
    for one in found:
        print(
            f"{one['nodes']:5.0f} nodes: {one['steps_per_s']:9,.0f} steps/s, {one['callers_per_s']:6,.0f} callers/s, "
            f"{one['proofs_per_s']:8,.1f} proofs/s (one = {one['proof_in_json_copies']:.1f} copies of its JSON), "
            f"{one['memory_kB']:7,.0f} kB"
        )


if __name__ == "__main__":
    main()
