"""./dev bench soak: the kill series. Parts are killed, frozen, starved of descriptors and disk under live calls.

After each fault the product must come to rest, reconcile, and have kept its promises: no answered call cut but by an
Asterisk that died, nobody stuck, nobody offered twice, no place in the line lost. Zero violations in n rounds bound
their rate at 3/n (95 %). A failing round says how to run it again: the same seed and fault.

    ./dev bench soak [--json] [--seed 1] [--rounds 10] [--only engine] [--agents 80] [--calls 240] [--rate 20]

Links between the parts are cut on an installation whose parts have machines of their own (network namespaces: as root,
with Kamailio), under two real calls a round, whatever ``--agents`` and ``--calls`` say.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
from contextlib import ExitStack
from dataclasses import asdict

import pytest

from bench.calls import percentile
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.failures import small_disk
from tests.harness.link_rounds import CUTS, cut_under_calls
from tests.harness.machines import installation
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.survival import Fault, Round, load_on, strike_under_load
from tests.scale.conftest import as_product

FAULTS = (
    Fault("engine"),
    Fault("engine", 1.0),
    Fault("engine", 10.0),
    Fault("engine", full_s=5.0),
    Fault("engine", full_s=5.0, is_cut_off=True),
    Fault("standby"),
    Fault("postgres"),
    Fault("postgres", 10.0),
    Fault("asterisk"),
    Fault("asterisk", 3.0),
    Fault("live"),
    Fault("live", 3.0),
    Fault("live", full_s=5.0),
    Fault("web"),
    Fault("worker"),
)
#: where the product may have a disk of its own
DISK_FAULTS = (Fault("disk", full_s=5.0),)
DISK_MB = 2500
#: what ``--only`` calls the rounds on several machines
LINKS = "links"
#: how wide a fault's name is printed
LABEL = 36


async def run(given: argparse.Namespace) -> list[Round]:
    """Run the rounds one after the other; each fault's rounds follow from the seed."""
    rounds = [] if given.only == LINKS else await _run_on_one_machine(given)
    return [*rounds, *(await _run_links(given) if given.only in (None, LINKS) else ())]


async def _run_links(given: argparse.Namespace) -> list[Round]:
    rounds: list[Round] = []
    try:
        with installation() as machines:
            await asyncio.to_thread(machines.set_up)
            await asyncio.to_thread(machines.start_all)
            with Api(as_product(machines), ADMINISTRATOR) as administrator:
                for number in range(given.rounds):
                    for cut in CUTS:
                        chosen = random.Random(f"{given.seed} {number} {cut.label}")
                        rounds.append(await cut_under_calls(machines, administrator, cut, chosen=chosen))
                        tell(rounds[-1], number, given)
    except pytest.skip.Exception as why:
        print(f"links: left out. {why}", file=sys.stderr, flush=True)
    return rounds


async def _run_on_one_machine(given: argparse.Namespace) -> list[Round]:
    with ExitStack() as stack:
        options = ("--demo-password", DEMO_PASSWORD)
        if os.geteuid() == 0:
            product = Product(stack.enter_context(small_disk(DISK_MB)), options=options, rtp_ports=2000)
            return await _run(product, (*FAULTS, *DISK_FAULTS), given)
        return await _run(Product(options=options, rtp_ports=2000), FAULTS, given)


async def _run(product: Product, faults: tuple[Fault, ...], given: argparse.Namespace) -> list[Round]:
    rounds: list[Round] = []
    try:
        await asyncio.to_thread(product.start, within_s=300)
        async with load_on(product, agents=given.agents, seed=given.seed, talk_s=given.talk) as load:
            for number in range(given.rounds):
                for fault in faults:
                    if given.only and fault.part != given.only:
                        continue
                    load.random.seed(f"{given.seed} {number} {fault}")
                    await load.be_ready()
                    rounds.append(await strike_under_load(load, fault, calls=given.calls, rate=given.rate))
                    tell(rounds[-1], number, given)
    finally:
        product.remove()
    return rounds


def tell(done: Round, number: int, given: argparse.Namespace) -> None:
    state = "ok" if not done.violations else "VIOLATED"
    when = f"after {done.at_s:5.2f} s  control back {done.control_back_s:5.2f} s"
    line = f"{number:3} {done.fault.label:{LABEL}} {when}  {state}"
    print(line, file=sys.stderr, flush=True)
    for violation in done.violations:
        print(f"      {violation}", file=sys.stderr, flush=True)
    if done.violations:
        again = (
            f"./dev bench soak --seed {given.seed} --only {done.fault.part} --rounds {number + 1} "
            f"--agents {given.agents} --calls {given.calls} --rate {given.rate:g} --talk {given.talk:g}"
        )
        print(f"      again: {again}", file=sys.stderr, flush=True)


def table(rounds: list[Round]) -> str:
    columns = f"{'rounds':>6} {'calls':>7} {'violated':>8} {'rate below':>10} {'control p50':>11} {'p99':>8}"
    lines = [f"{'fault':{LABEL}} {columns}"]
    for fault in dict.fromkeys(each.fault for each in rounds):
        of = [each for each in rounds if each.fault == fault]
        violated = sum(bool(each.violations) for each in of)
        bound = f"{min(100, 300 / len(of)):.0f} %" if not violated else "-"
        waits = [each.control_back_s for each in of]
        lines.append(
            f"{fault.label:{LABEL}} {len(of):6} "
            f"{sum(each.calls for each in of):7} {violated:8} {bound:>10} "
            f"{percentile(waits, 0.5):9.2f} s {percentile(waits, 0.99):6.2f} s"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", help="one part: engine, postgres, asterisk, live, web, worker, standby, disk, links")
    parser.add_argument("--agents", type=int, default=80)
    parser.add_argument("--calls", type=int, default=240)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--talk", type=float, default=8)
    given = parser.parse_args()
    rounds = asyncio.run(run(given))
    print(json.dumps([asdict(each) for each in rounds]) if given.json else table(rounds))
    return 1 if any(each.violations for each in rounds) else 0


if __name__ == "__main__":
    sys.exit(main())
