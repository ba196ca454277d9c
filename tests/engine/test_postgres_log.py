"""The event log on a real PostgreSQL: what the engine's SQL promises, with the tables that the migrations made."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from tests.harness.product import Product
from zhiyin.contracts.events import Envelope, Personal, encode_body
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import Direction, InteractionStarted
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.log_port import Checkpoint, LogAway, LogBatch

TENANT = 990_001
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
SEALER = SecretSealer(bytes(32))


def envelope(stream: str, seq: int, event: object, *, personal: tuple[Personal, ...] = ()) -> Envelope:
    return Envelope(
        tenant=TENANT,
        stream=stream,
        epoch=1,
        seq=seq,
        began="2026-11-01",
        at=AT,
        type=type(event).__name__,
        version=1,
        body=msgspec.Raw(encode_body(event)),  # type: ignore[arg-type]
        number=seq,
        personal=personal,
    )


STARTED = InteractionStarted(Direction.INBOUND, "voice", "leg", "ref-1", "4008001234", "direct")


@pytest.fixture
async def log(product: Product):
    store = PostgresLog(f"postgresql://engine@/zhiyin?host={product.run_folder}", sealer=SEALER)
    await store.open()
    yield store
    await store.close()
    product.rows("DELETE FROM event_log WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM event_personal WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM open_stream WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM agent_checkpoint WHERE tenant_id = %s RETURNING 1", TENANT)


async def test_a_repeated_batch_is_written_once_and_an_older_epoch_is_not_swallowed(log: PostgresLog) -> None:
    first = envelope("i:one", 1, STARTED, personal=(Personal("ref-1", "number", "+8613800138000"),))
    batch = LogBatch((first,), opens=((TENANT, "i:one"),))
    await log.write([batch])
    await log.write([batch])
    (stream,) = [s for s in await log.open_streams() if s.tenant == TENANT]
    assert [e.event() for e in stream.envelopes] == [STARTED]
    assert stream.personal == {"ref-1": "+8613800138000"}
    assert b"138" not in bytes(stream.envelopes[0].body)
    await log.write([LogBatch((), closes=((TENANT, "i:one"),)), LogBatch((envelope("i:one", 2, STARTED),))])
    assert len(await log.events_since(TENANT, AT)) == 2


async def test_the_newest_checkpoint_of_an_agent_is_kept(log: PostgresLog) -> None:
    ready, rest = AgentStateChanged(7, AgentState.READY), AgentStateChanged(7, AgentState.REST, "rest")
    one, two = envelope("a:7:202611", 1, ready), envelope("a:7:202611", 2, rest)
    await log.write([LogBatch((one,), checkpoints=(Checkpoint(7, one),))])
    await log.write([LogBatch((two,), checkpoints=(Checkpoint(7, two),))])
    found = [checkpoint for tenant, checkpoint in await log.checkpoints() if tenant == TENANT]
    assert [c.envelope.event() for c in found] == [rest]


async def test_a_server_that_cannot_be_reached_is_told_as_away() -> None:
    store = PostgresLog("postgresql://engine@/zhiyin?host=/nonexistent", sealer=SEALER)
    await store.open()
    with pytest.raises(LogAway):
        await store.write([LogBatch((envelope("i:x", 1, STARTED),))])
    await store.close()


async def test_many_batches_go_in_one_transaction_and_keep_their_order(log: PostgresLog) -> None:
    batches = [LogBatch((envelope("i:many", seq, STARTED),)) for seq in range(1, 301)]
    await asyncio.gather(*(log.write(batches[start : start + 100]) for start in (0, 100, 200)))
    found = [e for e in await log.events_since(TENANT, AT) if e.stream == "i:many"]
    assert sorted(e.seq for e in found) == list(range(1, 301))
