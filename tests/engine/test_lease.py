"""The lease on a real PostgreSQL: one leader, and nothing written or done by one whose term is over."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from urllib.parse import quote

import psycopg
import pytest

from tests.engine.test_postgres_log import STARTED, TENANT, envelope
from tests.harness.product import Product
from tests.harness.waiting import until
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.domain.leadership import LEASE_S
from zhiyin.engine.adapters.postgres import lease
from zhiyin.engine.adapters.postgres.lease import PostgresLease, holder_here
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.leader import LeaseAway
from zhiyin.engine.lease import LeaseGate
from zhiyin.engine.log_port import LogAway, LogBatch, TermOver


@pytest.fixture
def url(product: Product) -> Iterator[str]:
    """A database with the engine's tables alone, in the product's server."""
    server = f"host={quote(str(product.run_folder), safe='')}"
    with psycopg.connect(f"postgresql://postgres@/postgres?{server}", autocommit=True) as connection:
        connection.execute("CREATE DATABASE lease")
    found = f"postgresql://postgres@/lease?{server}"
    with psycopg.connect(found) as connection:
        for name in ("0001_event_log", "0004_engine_lease"):
            connection.execute(import_module(f"zhiyin.apps.interactions.migrations.{name}").CREATE)
    yield found
    with psycopg.connect(f"postgresql://postgres@/postgres?{server}", autocommit=True) as connection:
        connection.execute("DROP DATABASE lease WITH (FORCE)")


class Candidate:
    """An engine's lease and log, under a name of its own: as on a machine of its own."""

    def __init__(self, url: str, name: str) -> None:
        self.is_deposed = False
        self.lease = PostgresLease(url, holder=f"{name}:1:1", on_lost=self._lost)
        self.log = PostgresLog(url, sealer=SecretSealer(b"k" * 32), lease=self.lease)

    def _lost(self) -> None:
        self.is_deposed = True

    async def lead(self) -> int:
        await self.lease.wait_for_turn()
        return await self.log.take_lease()


@asynccontextmanager
async def candidate(url: str, name: str) -> AsyncIterator[Candidate]:
    made = Candidate(url, name)
    await made.log.open()
    try:
        yield made
    finally:
        await made.lease.give_back()
        await made.log.close()


async def test_the_standby_waits_while_the_leader_renews_and_follows_at_once_when_it_gives_back(url: str) -> None:
    async with candidate(url, "one") as one, candidate(url, "two") as two:
        assert await one.lead() == 1
        turn = asyncio.create_task(two.lead())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(turn), 3)
        await one.lease.give_back()
        async with asyncio.timeout(1):
            assert await turn == 2


async def test_a_deposed_leader_writes_nothing_more_and_is_told(url: str) -> None:
    """It stands still for longer than its lease, as a stopped process does, then goes on with what it had begun."""
    async with candidate(url, "one") as one, candidate(url, "two") as two:
        await one.lead()
        await one.log.write([LogBatch((envelope("i:first", 1, STARTED),), opens=((TENANT, "i:first"),))])
        await one.lease.stand_still()  # as SIGSTOP does
        await asyncio.wait_for(two.lead(), 5)
        assert not one.lease.gate.is_open
        with suppress(LogAway, TermOver):  # it may first find its connection ended
            await one.log.write([LogBatch((envelope("i:late", 1, STARTED),))])
        with pytest.raises(TermOver):
            await one.log.write([LogBatch((envelope("i:late", 1, STARTED),))])
        one.lease.go_on()  # SIGCONT
        await until(lambda: one.is_deposed, what="it is told")
        assert not one.lease.gate.is_open
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT stream FROM event_log").fetchall() == [("i:first",)]


async def test_a_leader_without_a_rival_goes_on_after_a_pause(url: str) -> None:
    async with candidate(url, "one") as one:
        await one.lead()
        await one.lease.stand_still()
        await until(lambda: not one.lease.gate.is_open, what="the lease has run out")
        acting = asyncio.create_task(one.lease.gate.passed())
        await asyncio.sleep(0)
        assert not acting.done()
        one.lease.go_on()
        await asyncio.wait_for(acting, 2)
        await one.log.write([LogBatch((envelope("i:on", 1, STARTED),))])
        assert not one.is_deposed


async def test_a_term_taken_during_a_write_waits_for_it_and_refuses_the_next(url: str) -> None:
    """The two cannot pass each other: a write that was let in is in the log before the new term begins."""
    async with candidate(url, "one") as one:
        await one.lead()
        async with await psycopg.AsyncConnection.connect(url) as writer:
            await writer.execute("SELECT hold_engine_lease(1)")
            successor = PostgresLease(url, holder="two:1:1")
            taking = asyncio.create_task(successor.take())
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(taking), 0.3)
            await writer.commit()
            assert await taking == 2
            with pytest.raises(psycopg.Error) as refused:
                await writer.execute("SELECT hold_engine_lease(1)")
            assert refused.value.sqlstate == "ZY001"
        await successor.give_back()


async def test_what_wants_to_act_after_a_pause_waits_for_the_renewal() -> None:
    now_s = 100.0
    gate = LeaseGate(lambda: now_s)
    gate.renewed(now_s)
    await gate.passed()
    now_s += 10
    acting = asyncio.create_task(gate.passed())
    await asyncio.sleep(0)
    assert not acting.done()
    gate.renewed(100.5)  # the answer to a question asked before the pause says nothing
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not acting.done()
    gate.renewed(now_s)
    await asyncio.wait_for(acting, 1)


class Silent:
    """An Asterisk that was told of no term, or of ``term``."""

    def __init__(self, term: int = 0) -> None:
        self.term = term

    async def newest_term(self) -> int:
        return self.term

    async def announce_term(self, term: int) -> None:
        self.term = max(self.term, term)


@pytest.mark.parametrize("announced", [1, 2], ids=["nobody newer", "a successor"])
async def test_a_leader_whose_server_became_read_only_goes_on_until_a_successor_is_announced(
    url: str, announced: int
) -> None:
    """Its renewal ended with this error, once and for ever: the engine stood still, and nobody was told."""
    async with candidate(url, "one") as one:
        await one.lead()
        one.lease.witness = Silent(announced)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER DATABASE lease SET default_transaction_read_only = on")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'engine one:1:1'"
            )
        await asyncio.sleep(LEASE_S + 1)
        assert one.is_deposed is (announced == 2)
        assert one.lease.gate.is_open is (announced == 1)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER DATABASE lease SET default_transaction_read_only = off")


def test_a_holder_is_known_by_machine_process_and_beginning() -> None:
    host, pid, began = holder_here().split(":")
    assert host
    assert (int(pid), began.isdecimal()) == (os.getpid(), True)


def test_whoever_takes_over_on_the_same_machine_waits_until_the_leader_before_is_gone() -> None:
    """Killed in a write of its spool it still finished that, after its successor had read the spool."""
    with subprocess.Popen(["sleep", "60"]) as leader:
        holder = f"{socket.gethostname()[:30]}:{leader.pid}:{lease._began(leader.pid)}"
        try:
            with pytest.raises(LeaseAway, match="does not end"):
                asyncio.run(lease._until_gone(holder))
            lease._end_process(holder)
            asyncio.run(lease._until_gone(holder))
            assert leader.wait(1) == -signal.SIGKILL
        finally:
            leader.kill()
