"""Attacks at length, against the whole product: ``./dev bench attacks [--minutes N] [--seed N]``.

RFC 4475 and mutated SIP with a probe call after every hundred messages; scans, guesses and searches for a way out from
ever new addresses, and how soon each is banned; then every route of the API with many cases. The suite runs samples.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import secrets
import statistics
import subprocess
import sys
import time

from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.sip_attacker import attacker
from tests.harness.sip_torture import mutations, rfc4475, torment

A_ROUND = 100
ATTACKS = {
    "accounts": ("REGISTER", True),
    "numbers": ("INVITE", False),
}
API_CASES_A_MINUTE = 8


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench attacks", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the SIP side is attacked (10)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31), help="of the mutations (a fresh one)")
    parser.add_argument("--no-api", action="store_true", help="leave out the API")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    product = Product(options=("--demo-password", DEMO_PASSWORD))
    try:
        product.start()
        asyncio.run(_attack(product, minutes=given.minutes, seed=given.seed))
    finally:
        product.remove()
    return 0 if given.no_api else _ask_the_api(cases=max(2, int(given.minutes * API_CASES_A_MINUTE)), seed=given.seed)


async def _attack(product: Product, *, minutes: float, seed: int) -> None:
    pid, ends_at = product.pids()["asterisk"], time.monotonic() + minutes * 60
    messages = itertools.chain(rfc4475().values(), mutations(seed))
    probes_s: list[float] = []
    bans_s: dict[str, list[float]] = {name: [] for name in ATTACKS}
    for round_number in itertools.count():
        if time.monotonic() > ends_at:
            break
        probes_s.append(await torment(product, itertools.islice(messages, A_ROUND), round_number))
        if round_number % 10 == 0:
            for name, (method, are_accounts) in ATTACKS.items():
                bans_s[name].append(await _until_banned(product, method, are_accounts=are_accounts))
    is_same = product.pids()["asterisk"] == pid
    print(f"{len(probes_s) * A_ROUND} messages, Asterisk {'lived' if is_same else 'DIED'}")
    print(_row("probe call", probes_s))
    for name, times_s in bans_s.items():
        print(_row(f"ban: {name}", times_s))


async def _until_banned(product: Product, method: str, *, are_accounts: bool) -> float:
    one = await attacker(("127.0.0.1", product.sip_port), f"127.5.{_byte()}.{_byte()}")
    try:
        targets = [secrets.token_hex(3) for _ in range(200)]
        flood = asyncio.create_task(one.flood(method, targets, per_s=200, for_s=1.0, are_accounts=are_accounts))
        took_s = await one.is_banned(within_s=10)
        await flood
        return took_s
    finally:
        one.close()


def _byte() -> int:
    return 1 + secrets.randbelow(250)


def _row(what: str, times_s: list[float]) -> str:
    if not times_s:
        return f"{what:<16} never"
    ordered = sorted(times_s)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"{what:<16} {len(times_s):>6} times, p50 {statistics.median(times_s) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
    )


def _ask_the_api(*, cases: int, seed: int) -> int:
    environ = {**os.environ, "ZHIYIN_API_CASES": str(cases), "ZHIYIN_API_SEED": str(seed)}
    tests = "zhiyin/apps/rest/tests/test_api_conformance.py"
    print(f"the API: {cases} cases for each route and role")
    return subprocess.run([sys.executable, "-m", "pytest", "-q", tests], env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
