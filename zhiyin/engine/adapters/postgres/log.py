"""The event log in PostgreSQL: plain SQL over a psycopg async pool, as database role ``engine``.

Tables are made by Django's migrations (docs/guide/boundaries.md); a test compares these column lists with them.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from zhiyin.contracts.events import Envelope
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.engine.adapters.postgres.sealed_settings import open_settings
from zhiyin.engine.log_port import Checkpoint, LogAway, LogBatch, OpenStream

log = structlog.get_logger(__name__)

#: No statement may hold the writer longer than this, on the server's clock.
STATEMENT_TIMEOUT_S = 5
#: A server that does not answer a write for so long is away: calls must not wait for it.
WRITE_TIMEOUT_S = 2
CONNECT_TIMEOUT_S = 2

_COLUMNS = "tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body"
_INSERT_EVENTS = f"""
    INSERT INTO event_log ({_COLUMNS})
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::date[], %s::bigint[], %s::timestamptz[],
                         %s::text[], %s::smallint[], %s::jsonb[])
    ON CONFLICT DO NOTHING"""  # noqa: S608 - only this module's own column list is put in
_INSERT_PERSONAL = """
    INSERT INTO event_personal (tenant_id, ref, subject, kind, value)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    ON CONFLICT DO NOTHING"""
_OPEN = """
    INSERT INTO open_stream (tenant_id, stream, stream_month, opened_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING"""
_CLOSE = "DELETE FROM open_stream WHERE tenant_id = %s AND stream = %s"
_CHECKPOINT = """
    INSERT INTO agent_checkpoint (tenant_id, agent, stream, epoch, seq, at, body)
    VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
    ON CONFLICT (tenant_id, agent) DO UPDATE
       SET stream = excluded.stream, epoch = excluded.epoch, seq = excluded.seq, at = excluded.at, body = excluded.body
     WHERE (agent_checkpoint.epoch, agent_checkpoint.at) <= (excluded.epoch, excluded.at)"""
_TAKE_LEASE = """
    INSERT INTO engine_lease (id, epoch, holder, taken_at) VALUES (1, 1, %s, now())
    ON CONFLICT (id) DO UPDATE SET epoch = engine_lease.epoch + 1, holder = excluded.holder, taken_at = now()
    RETURNING epoch"""

#: One row as psycopg gives it: untyped at this edge only.
Row = tuple[Any, ...]

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TimeoutError, OSError)


class PostgresLog:
    """Implements ``LogStore``. One connection writes, so events keep their order; reads use the pool's others."""

    def __init__(self, dsn: str, *, sealer: SecretSealer) -> None:
        self._dsn = dsn
        self._sealer = sealer
        self._pool = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=4,
            open=False,
            timeout=CONNECT_TIMEOUT_S,
            kwargs={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}",
            },
        )

    async def open(self) -> None:
        await self._pool.open(wait=False)

    async def close(self) -> None:
        await self._pool.close()

    async def take_lease(self, holder: str) -> int:
        rows = await self._fetch(_TAKE_LEASE, (holder,))
        return int(rows[0][0])

    async def write(self, batches: Sequence[LogBatch]) -> None:
        envelopes = [envelope for batch in batches for envelope in batch.envelopes]
        try:
            async with self._pool.connection() as connection:
                with _cut_after(connection, WRITE_TIMEOUT_S):
                    async with connection.pipeline(), connection.cursor() as cursor:
                        if envelopes:
                            await cursor.execute(_INSERT_EVENTS, _event_columns(envelopes))
                            await self._write_beside(cursor, batches, envelopes)
                        else:
                            await cursor.execute("SELECT 1")
                    await connection.commit()
        except _AWAY as error:
            raise LogAway(str(error)) from error

    async def _write_beside(
        self, cursor: psycopg.AsyncCursor[object], batches: Sequence[LogBatch], envelopes: list[Envelope]
    ) -> None:
        personal = [(e.tenant, p.ref, e.stream, p.kind, p.value) for e in envelopes for p in e.personal]
        if personal:
            await cursor.execute(_INSERT_PERSONAL, [list(column) for column in zip(*personal, strict=True)])
        months = {(e.tenant, e.stream): (date.fromisoformat(e.began), e.at) for e in envelopes}
        for batch in batches:
            for tenant, stream in batch.opens:
                month, opened_at = months[tenant, stream]
                await cursor.execute(_OPEN, (tenant, stream, month, opened_at))
            for key in batch.closes:
                await cursor.execute(_CLOSE, key)
        newest = {(c.envelope.tenant, c.agent): c.envelope for batch in batches for c in batch.checkpoints}
        for (tenant, agent), e in sorted(newest.items()):
            await cursor.execute(_CHECKPOINT, (tenant, agent, e.stream, e.epoch, e.seq, e.at, bytes(e.body).decode()))
        await cursor.execute("SELECT pg_notify('zhiyin_log', '')")

    async def newest_at(self) -> datetime | None:
        rows = await self._fetch("SELECT max(at) FROM event_log WHERE stream_month >= current_date - 62", ())
        newest: datetime | None = rows[0][0]
        return newest

    async def settings(self) -> list[TenantSettings]:
        rows = await self._fetch("SELECT body::text FROM engine_settings ORDER BY tenant_id", ())
        return [open_settings(msgspec.json.decode(row[0], type=TenantSettings), self._sealer) for row in rows]

    async def open_streams(self) -> list[OpenStream]:
        rows = await self._fetch(
            """SELECT e.tenant_id, e.stream, e.epoch, e.seq, e.stream_month, e.number, e.at, e.type, e.version,
                      e.body::text
                 FROM open_stream o
                 JOIN event_log e USING (tenant_id, stream, stream_month)
                ORDER BY e.tenant_id, e.stream, e.epoch, e.seq""",
            (),
        )
        personal = await self._fetch(
            """SELECT p.tenant_id, p.subject, p.ref, p.value
                 FROM open_stream o JOIN event_personal p ON p.tenant_id = o.tenant_id AND p.subject = o.stream""",
            (),
        )
        values: dict[tuple[int, str], dict[str, str]] = {}
        for tenant, subject, ref, value in personal:
            values.setdefault((tenant, subject), {})[ref] = value
        streams: dict[tuple[int, str], list[Envelope]] = {}
        for row in rows:
            streams.setdefault((row[0], row[1]), []).append(_envelope(row))
        return [
            OpenStream(tenant, stream, tuple(envelopes), values.get((tenant, stream), {}))
            for (tenant, stream), envelopes in streams.items()
        ]

    async def checkpoints(self) -> list[tuple[int, Checkpoint]]:
        rows = await self._fetch(
            """SELECT tenant_id, stream, epoch, seq, date_trunc('month', at)::date, 0, at, 'AgentStateChanged', 1,
                      body::text, agent FROM agent_checkpoint""",
            (),
        )
        return [(row[0], Checkpoint(row[10], _envelope(row[:10]))) for row in rows]

    async def events_since(self, tenant: int, since: datetime) -> list[Envelope]:
        rows = await self._fetch(
            """SELECT tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body::text
                 FROM event_log WHERE tenant_id = %s AND at >= %s ORDER BY at, position""",
            (tenant, since),
        )
        return [_envelope(row) for row in rows]

    async def settings_changes(self) -> AsyncIterator[int]:
        try:
            async with await psycopg.AsyncConnection.connect(
                self._dsn, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
            ) as connection:
                await connection.execute("LISTEN zhiyin_settings")
                yield 0
                async for notice in connection.notifies():
                    yield int(notice.payload or 0)
        except _AWAY as error:
            raise LogAway(str(error)) from error

    async def _fetch(self, query: str, values: Sequence[object]) -> list[Row]:
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(query.encode(), values)
                return await cursor.fetchall()
        except _AWAY as error:
            raise LogAway(str(error)) from error


@contextmanager
def _cut_after(connection: psycopg.AsyncConnection[object], limit_s: float) -> Iterator[None]:
    """Cut the line to a server that does not answer within ``limit_s``: what waits for it fails at once.

    A cancelled statement would first ask that same server to cancel it, and wait for the answer.
    """

    def cut() -> None:
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = asyncio.get_running_loop().call_later(limit_s, cut)
    try:
        yield
    finally:
        timer.cancel()


def _event_columns(envelopes: list[Envelope]) -> list[list[object]]:
    rows = [
        (
            e.tenant,
            e.stream,
            e.epoch,
            e.seq,
            date.fromisoformat(e.began),
            e.number,
            e.at,
            e.type,
            e.version,
            bytes(e.body).decode(),
        )
        for e in envelopes
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _envelope(row: Row) -> Envelope:
    tenant, stream, epoch, seq, month, number, at, type_, version, body = row
    return msgspec.convert(
        {
            "tenant": tenant,
            "stream": stream,
            "epoch": epoch,
            "seq": seq,
            "began": str(month),
            "at": at,
            "type": type_,
            "version": version,
            "number": number,
        }
        | {"body": msgspec.Raw(str(body).encode())},
        type=Envelope,
    )
