"""Two engines, one leader: the other takes over within two seconds, and only from a leader that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.harness.contact import calling
from tests.harness.failures import children_of, frozen_postgres, is_well, leader, signal_to
from tests.harness.product import Product
from tests.harness.waiting import until
from zhiyin.config.supervisor.engine_link import leader_pid
from zhiyin.contracts.links import socket_link

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONTROL_BACK_WITHIN_S = 2.0


@pytest_asyncio.fixture(loop_scope="session")
async def engines(product: Product) -> AsyncIterator[set[int]]:
    """Both engines, well and at their places; afterwards the same."""
    await _both_stand(product)
    yield {product.pids()[name] for name in ("engine", "standby")}
    await _both_stand(product)


async def _both_stand(product: Product) -> None:
    def stand() -> bool:
        parts = product.status()["parts"]
        return all(parts[name]["state"] == "ok" for name in ("engine", "standby")) and is_well(product)

    await until(stand, what="both engines run", within_s=30)
    await until(lambda: _stands_by(product), what="one of them stands by", within_s=30)


def _stands_by(product: Product) -> bool:
    """Whether the engine that does not lead has said so: before that it is still being loaded."""
    (waiting,) = {product.pids()[name] for name in ("engine", "standby")} - {leader(product)}
    said = (product.log("engine") + product.log("standby")).splitlines()
    return any("standing_by" in line and f":{waiting}:" in line for line in said)


async def _answers(product: Product, *, other_than: int) -> float:
    """Wait until another engine answers; return when, by the steady clock."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if await leader_pid(socket_link(product.run_folder / "engine.sock")) not in (None, other_than):
            return time.monotonic()
        await asyncio.sleep(0.02)
    raise AssertionError(f"no other engine answers\n{product.evidence()}")


def _epoch(product: Product) -> int:
    return int(product.rows("SELECT epoch FROM engine_lease")[0]["epoch"])


async def test_a_killed_leader_is_followed_by_the_standby_within_two_seconds(
    product: Product, engines: set[int]
) -> None:
    """Counted until a command is answered; a new call is taken by the new leader."""
    old, epoch = leader(product), _epoch(product)
    killed_at = time.monotonic()
    os.kill(old, signal.SIGKILL)
    back_at = await _answers(product, other_than=old)
    assert leader(product) in engines - {old}
    assert _epoch(product) == epoch + 1
    print(f"control back after {back_at - killed_at:.2f} s")
    assert back_at - killed_at < CONTROL_BACK_WITHIN_S
    async with calling(product) as (call, contact):
        await contact.tells("NodeEntered")
        await call.hang_up()
    await contact.tells("InteractionEnded")


async def test_a_frozen_leader_is_replaced_and_never_wakes(product: Product, engines: set[int]) -> None:
    """Stopped for longer than its lease, it is ended by its successor: nothing of it can act any more."""
    old = leader(product)
    frozen_at = time.monotonic()
    os.kill(old, signal.SIGSTOP)
    try:
        back_at = await _answers(product, other_than=old)
    finally:
        signal_to(old, signal.SIGCONT)
    print(f"control back after {back_at - frozen_at:.2f} s")
    assert back_at - frozen_at < CONTROL_BACK_WITHIN_S
    await until(lambda: old not in product.pids().values(), what="the frozen one is gone")


async def test_a_short_pause_deposes_nobody(product: Product, engines: set[int]) -> None:
    old, epoch = leader(product), _epoch(product)
    os.kill(old, signal.SIGSTOP)
    await asyncio.sleep(0.8)
    os.kill(old, signal.SIGCONT)
    async with calling(product) as (call, contact):
        await contact.tells("NodeEntered")
        await call.hang_up()
    assert (leader(product), _epoch(product)) == (old, epoch)


async def test_a_database_that_hangs_deposes_nobody(product: Product, engines: set[int]) -> None:
    old, epoch = leader(product), _epoch(product)
    with frozen_postgres(product):
        await asyncio.sleep(4)
        assert await leader_pid(socket_link(product.run_folder / "engine.sock")) == old
    await until(lambda: is_well(product), what="all is well again", within_s=30)
    await asyncio.sleep(2.5)  # long enough for a standby that counted the pause
    assert (leader(product), _epoch(product)) == (old, epoch)


async def test_a_database_that_is_killed_deposes_nobody(product: Product, engines: set[int]) -> None:
    old, epoch = leader(product), _epoch(product)
    postmaster = product.pids()["postgres"]
    killed = (postmaster, *children_of(postmaster))
    for pid in killed:
        signal_to(pid, signal.SIGKILL)
    await until(lambda: product.pids().get("postgres", postmaster) != postmaster, what="it runs again", within_s=30)
    await until(lambda: is_well(product), what="all is well again", within_s=30)
    await until(lambda: product.status()["parts"]["postgres"]["state"] == "ok", what="the database is up", within_s=30)
    await asyncio.sleep(3.5)  # longer than a leader may look for a restarted server
    assert (leader(product), _epoch(product)) == (old, epoch)


async def test_an_engine_that_is_told_to_stop_hands_over(product: Product, engines: set[int]) -> None:
    """As in an upgrade: the standby leads without waiting for a lease to run out."""
    old = leader(product)
    told_at = time.monotonic()
    os.kill(old, signal.SIGTERM)
    back_at = await _answers(product, other_than=old)
    print(f"control back after {back_at - told_at:.2f} s")
    assert back_at - told_at < CONTROL_BACK_WITHIN_S
