"""The event log on a real PostgreSQL: what the engine's SQL promises, with the tables that the migrations made."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from tests.harness.product import Product
from zhiyin.contracts.events import Envelope, Personal, encode_body
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import Direction, InteractionStarted, QueueEnd, QueueEntered, QueueLeft
from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.routing.canaries import Canary
from zhiyin.engine.adapters.postgres.lease import PostgresLease, application_name
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.log_port import Checkpoint, DayCheckpoint, LogAway, LogBatch, LogRefused, TermOver, WrapUpDue

TENANT = 990_001
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
SEALER = SecretSealer(bytes(32))
#: tells this log's lines from those of the product that runs beside it
NAME = "log-under-test"


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


async def past(log: PostgresLog) -> list[Envelope]:
    """Return all that stands in the log, page by page."""
    found, after = [], None
    while True:
        page, after = await log.past_page(TENANT, AT, before_epoch=1_000_000, after=after)
        found += page
        if after is None:
            return found


STARTED = InteractionStarted(Direction.INBOUND, "voice", "leg", "ref-1", "4008001234", "direct")


@pytest.fixture
async def log(product: Product):
    url = f"postgresql://engine@/zhiyin?host={product.run_folder}"
    store = PostgresLog(url, sealer=SEALER, lease=PostgresLease(url, holder=NAME))
    await store.open()
    yield store
    await store.close()
    product.rows("DELETE FROM event_log WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM event_personal WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM open_stream WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM agent_checkpoint WHERE tenant_id = %s RETURNING 1", TENANT)
    product.rows("DELETE FROM engine_day_checkpoint WHERE tenant_id = %s RETURNING 1", TENANT)


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
    assert len(await past(log)) == 2


async def test_the_newest_checkpoint_of_an_agent_is_kept(log: PostgresLog) -> None:
    ready, rest = AgentStateChanged(7, AgentState.READY), AgentStateChanged(7, AgentState.REST, "rest")
    one, two = envelope("a:7:202611", 1, ready), envelope("a:7:202611", 2, rest)
    await log.write([LogBatch((one,), checkpoints=(Checkpoint(7, one),))])
    await log.write([LogBatch((two,), checkpoints=(Checkpoint(7, two),))])
    found = [checkpoint for tenant, checkpoint in await log.checkpoints() if tenant == TENANT]
    assert [c.envelope.event() for c in found] == [rest]


async def test_what_an_agent_chose_before_its_contact_is_found(log: PostgresLog) -> None:
    ready, talking = AgentStateChanged(8, AgentState.READY), AgentStateChanged(8, AgentState.TALKING, interaction="x")
    one, two = envelope("a:8:202611", 1, ready), envelope("a:8:202611", 2, talking)
    await log.write([LogBatch((one, two), checkpoints=(Checkpoint(8, two),))])
    assert [e.event() for tenant, e in await log.choices() if tenant == TENANT] == [ready]


async def test_a_server_that_cannot_be_reached_is_told_as_away() -> None:
    store = PostgresLog("postgresql://engine@/zhiyin?host=/nonexistent", sealer=SEALER)
    await store.open()
    with pytest.raises(LogAway):
        await store.write([LogBatch((envelope("i:x", 1, STARTED),))])
    await store.close()


async def test_what_can_never_be_stored_is_told_as_refused_and_the_line_goes_on(log: PostgresLog) -> None:
    note = Personal("ref-2", "text", "a\0b")
    with pytest.raises(LogRefused):
        await log.write([LogBatch((envelope("i:nul", 1, STARTED, personal=(note,)),))])
    await log.write([LogBatch((envelope("i:nul", 1, STARTED),))])
    assert len(await past(log)) == 1


async def test_many_batches_go_in_one_transaction_and_keep_their_order(log: PostgresLog) -> None:
    batches = [LogBatch((envelope("i:many", seq, STARTED),)) for seq in range(1, 301)]
    await asyncio.gather(*(log.write(batches[start : start + 100]) for start in (0, 100, 200)))
    found = [e for e in await past(log) if e.stream == "i:many"]
    assert sorted(e.seq for e in found) == list(range(1, 301))


async def test_a_contact_that_begins_and_ends_in_one_group_leaves_no_open_stream(
    log: PostgresLog, product: Product
) -> None:
    """The parts of the one statement that writes do not see each other's rows."""
    begun, ended = envelope("i:brief", 1, STARTED), envelope("i:brief", 2, STARTED)
    await log.write(
        [LogBatch((begun,), opens=((TENANT, "i:brief"),)), LogBatch((ended,), closes=((TENANT, "i:brief"),))]
    )
    assert not product.rows("SELECT 1 FROM open_stream WHERE tenant_id = %s", TENANT)
    assert len(await past(log)) == 2


async def test_a_group_larger_than_any_socket_buffer_is_written_whole(log: PostgresLog) -> None:
    await log.write([LogBatch(tuple(envelope("i:large", seq, STARTED) for seq in range(1, 8001)))])
    assert len(await past(log)) == 8000


def cut_the_writers_line(product: Product) -> None:
    with psycopg.connect(host=str(product.run_folder), user="engine", dbname="zhiyin") as engine:
        lines = "FROM pg_stat_activity WHERE application_name = %s AND query LIKE %s"
        cut = f"SELECT pg_terminate_backend(pid, 5000) {lines}"
        assert engine.execute(cut, (application_name(NAME), "%PREPARE write_events%")).fetchall()


async def test_a_line_cut_between_two_writes_is_made_anew(log: PostgresLog, product: Product) -> None:
    await log.write([LogBatch((envelope("i:cut", 1, STARTED),))])
    await asyncio.to_thread(cut_the_writers_line, product)
    await asyncio.wait_for(log.write([LogBatch((envelope("i:cut", 2, STARTED),))]), 3)
    assert [e.seq for e in await past(log)] == [1, 2]


async def test_a_line_cut_unseen_is_told_as_away_once(log: PostgresLog, product: Product) -> None:
    await log.write([LogBatch((envelope("i:unseen", 1, STARTED),))])
    cut_the_writers_line(product)
    with pytest.raises(LogAway):
        await asyncio.wait_for(log.write([LogBatch((envelope("i:unseen", 2, STARTED),))]), 3)
    await log.write([LogBatch((envelope("i:unseen", 2, STARTED),))])


@pytest.mark.parametrize("is_cut", [False, True], ids=["the server is well", "the server has ended it"])
async def test_a_line_whose_watch_another_connection_took_with_it_keeps_nobody_waiting(
    log: PostgresLog, product: Product, is_cut: bool
) -> None:
    """Its number in the loop was forgotten: after PostgreSQL was killed a write waited for ever, and with it all."""
    await log.write([LogBatch((envelope("i:watch", 1, STARTED),))])
    line = log._writer._line
    assert line is not None
    asyncio.get_running_loop().remove_reader(line._socket)
    if is_cut:
        await asyncio.to_thread(cut_the_writers_line, product)
        with pytest.raises(LogAway):
            await asyncio.wait_for(log.write([LogBatch((envelope("i:watch", 2, STARTED),))]), 10)
    await asyncio.wait_for(log.write([LogBatch((envelope("i:watch", 2, STARTED),))]), 10)
    assert [e.seq for e in await past(log)] == [1, 2]


async def test_a_line_that_is_told_nothing_is_cut_by_its_time(
    log: PostgresLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.write([LogBatch((envelope("i:silent", 1, STARTED),))])
    line = log._writer._line
    assert line is not None
    monkeypatch.setattr(log._writer, "_write_timeout_s", 0.2)
    monkeypatch.setattr(line, "_take_input", lambda: asyncio.get_running_loop().remove_reader(line._socket))
    with pytest.raises(LogAway):
        await asyncio.wait_for(log.write([LogBatch((envelope("i:silent", 2, STARTED),))]), 10)


async def test_a_cancelled_write_does_not_answer_the_next_one(log: PostgresLog) -> None:
    abandoned = asyncio.create_task(log.write([LogBatch((envelope("i:left", 1, STARTED),))]))
    await asyncio.sleep(0)
    abandoned.cancel()
    await log.write([LogBatch((envelope("i:left", 2, STARTED),))])
    assert 2 in [e.seq for e in await past(log)]


async def test_a_page_of_some_types_and_one_stream_are_read_alone(log: PostgresLog) -> None:
    """Of weeks a canary reads its own kinds of events, and whether its draft was taken back by the stream's key."""
    moved = AgentStateChanged(7, AgentState.READY)
    told = (envelope("i:1", 1, STARTED), envelope("a:7:202611", 2, moved), envelope("i:2", 3, STARTED))
    await log.write([LogBatch(told)])
    wanted = ("InteractionStarted", "QueueEntered")
    page, beyond = await log.past_page(TENANT, AT, before_epoch=1_000_000, after=None, types=wanted)
    assert ([one.number for one in page], beyond) == ([1, 3], None)
    assert [one.number for one in await log.stream_since(TENANT, "i:2", AT)] == [3]
    assert await log.stream_since(TENANT, "i:2", AT + timedelta(seconds=1)) == []
    assert await log.stream_since(TENANT + 1, "i:2", AT) == []


async def test_a_canary_is_kept_with_the_day_as_it_was(log: PostgresLog) -> None:
    epoch = await log.take_lease()
    canary = Canary(5, AT)
    canary.take("1", QueueEntered(2, trial=5, arm="draft"), AT, target_s=lambda _queue: 20)
    canary.take("1", QueueLeft(2, QueueEnd.ANSWERED), AT + timedelta(seconds=3), target_s=lambda _queue: 20)
    canary.take("2", QueueEntered(2, trial=5, arm="present"), AT, target_s=lambda _queue: 20)
    await log.save_day(TENANT, DayCheckpoint(AT, AT, epoch, 2, {}, canary=canary))
    read = await log.saved_day(TENANT)
    assert read is not None
    assert read.canary == canary


async def test_a_days_figures_are_kept_and_what_lies_beyond_them_is_read_with_its_contacts(log: PostgresLog) -> None:
    """Of what the checkpoint holds only contacts that went on are read again, and nobody's but this company's."""
    epoch = await log.take_lease()
    before = [envelope("i:over", 1, STARTED), envelope("i:live", 2, STARTED)]
    after = [envelope("i:live", 3, STARTED), envelope("a:7:202611", 4, AgentStateChanged(7, AgentState.READY))]
    await log.write([LogBatch(tuple(msgspec.structs.replace(e, epoch=epoch) for e in (*before, *after)))])
    figures = QueueFigures(answered=3, wait_answered_s=7.25, waiting=2)
    due = WrapUpDue("live", 7, 2, since=AT)
    saved = DayCheckpoint(AT, AT, epoch, 2, {5: figures}, (due,))
    assert await log.saved_day(TENANT) is None
    await log.save_day(TENANT, msgspec.structs.replace(saved, number=1))
    await log.save_day(TENANT, saved)
    read = await log.saved_day(TENANT)
    assert read is not None
    assert (asdict(read.queues[5]), read.wrap_ups, read.number) == (asdict(figures), (due,), 2)
    beyond = await log.events_beyond(TENANT, read, before_epoch=epoch + 1)
    assert [(e.stream, e.number) for e in beyond] == [("i:live", 2), ("i:live", 3), ("a:7:202611", 4)]
    assert [read.holds(e) for e in beyond] == [True, False, False]
    late = msgspec.structs.replace(read, at=AT + timedelta(hours=5))
    assert await log.events_beyond(TENANT, late, before_epoch=epoch + 1) == []
    assert await log.events_beyond(TENANT, read, before_epoch=epoch) == []
    with pytest.raises(TermOver):
        await log.save_day(TENANT, msgspec.structs.replace(saved, epoch=epoch - 1))
