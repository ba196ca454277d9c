"""The event log in PostgreSQL: plain SQL over a psycopg async pool, as database role ``engine``.

Tables are made by Django's migrations (docs/guide/boundaries.md); a test compares these column lists with them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from zhiyin.contracts.events import Envelope
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import CHOSEN
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.engine.adapters.postgres.callers import read_known_caller, read_last_survey
from zhiyin.engine.adapters.postgres.customers import find_customers
from zhiyin.engine.adapters.postgres.lease import PostgresLease, application_name
from zhiyin.engine.adapters.postgres.sealed_settings import open_settings
from zhiyin.engine.adapters.postgres.writer import LogWriter
from zhiyin.engine.leader import LeaseAway
from zhiyin.engine.log_port import (
    Checkpoint,
    DayCheckpoint,
    LogAway,
    LogBatch,
    LogRefused,
    OpenStream,
    PastCursor,
    TermOver,
)

log = structlog.get_logger(__name__)

#: No statement may hold the writer longer than this, on the server's clock.
STATEMENT_TIMEOUT_S = 5
#: A server that does not answer a write for so long is away: calls must not wait for it.
WRITE_TIMEOUT_S = 2
CONNECT_TIMEOUT_S = 2
_OPTIONS = f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}"

_SAVE_DAY = """
    INSERT INTO engine_day_checkpoint (tenant_id, body) VALUES (%s, %s)
    ON CONFLICT (tenant_id) DO UPDATE SET body = excluded.body"""
_COLUMNS = "tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body::text, position"
_BEYOND = f"""
    WITH news AS MATERIALIZED (
        SELECT {_COLUMNS} FROM event_log
         WHERE tenant_id = %s AND at >= %s AND (epoch, number) > (%s, %s) AND epoch < %s)
    SELECT * FROM news WHERE stream NOT LIKE 'i:%%'
    UNION ALL
    SELECT {_COLUMNS} FROM event_log JOIN (SELECT DISTINCT stream, stream_month FROM news WHERE stream LIKE 'i:%%') AS s
           USING (stream, stream_month) WHERE tenant_id = %s AND epoch < %s
     ORDER BY at, position"""  # noqa: S608 - only this module's own column list is put in
_PAST = f"""
    SELECT {_COLUMNS} FROM event_log WHERE tenant_id = %s AND (at, position) > (%s, %s) AND epoch < %s
       AND (%s::text[] IS NULL OR type = ANY(%s::text[]))
     ORDER BY at, position LIMIT %s"""  # noqa: S608 - only this module's own column list is put in
_PAGE = 5_000
#: by so much may a spooled event be older than what was counted when it came
_MARGIN = timedelta(hours=1)

#: as hold_engine_lease says it
_TERM_OVER = "ZY001"

#: One row as psycopg gives it: untyped at this edge only.
Row = tuple[Any, ...]

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TimeoutError, OSError)


class PostgresLog:
    """Implements ``LogStore``. One connection writes, so events keep their order; reads use a pool."""

    def __init__(self, dsn: str, *, sealer: SecretSealer, lease: PostgresLease | None = None) -> None:
        self._dsn = dsn
        self._lease = lease or PostgresLease(dsn)
        self._epoch: int | None = None  # None: this process does not lead, and holds nothing
        name = application_name(self._lease.holder)
        self._sealer = sealer
        self._pool = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=4,
            open=False,
            timeout=CONNECT_TIMEOUT_S,
            check=AsyncConnectionPool.check_connection,  # reads are few; the server may have ended it long ago
            kwargs={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "application_name": name,
                "options": _OPTIONS,
            },
        )
        self._writer = LogWriter(
            dsn,
            connect_timeout_s=CONNECT_TIMEOUT_S,
            write_timeout_s=WRITE_TIMEOUT_S,
            options=_OPTIONS,
            application_name=name,
        )

    async def open(self) -> None:
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give the lease back and disconnect. The standby need not wait for connections to be closed."""
        await self._writer.close()
        await self._lease.give_back()
        await self._pool.close(timeout=1)

    def pool_figures(self) -> dict[str, int]:
        """How many connections there are, are free, and how many requests wait for one."""
        found = self._pool.get_stats()
        wanted = ("pool_size", "pool_available", "requests_waiting", "requests_errors")
        return {name: found.get(name, 0) for name in wanted}

    async def take_lease(self) -> int:
        try:
            self._epoch = await self._lease.take()
        except LeaseAway as error:
            raise LogAway(str(error)) from error
        return self._epoch

    async def write(self, batches: Sequence[LogBatch]) -> None:
        try:
            await self._writer.write(batches, term=self._epoch)
        except _AWAY as error:
            raise LogAway(str(error)) from error
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            # without the values, which may be personal
            raise LogRefused(error.diag.message_primary or type(error).__name__) from None
        except psycopg.Error as error:
            if error.sqlstate == _TERM_OVER:
                raise TermOver(str(error)) from error
            raise LogAway(str(error)) from error  # a server that may only be read, a right that is missing

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

    async def choices(self) -> list[tuple[int, Envelope]]:
        rows = await self._fetch(
            """SELECT e.* FROM agent_checkpoint c CROSS JOIN LATERAL (
                   SELECT tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body::text
                     FROM event_log
                    WHERE tenant_id = c.tenant_id
                      AND stream IN (c.stream, 'a:' || c.agent || ':' || to_char(c.at - interval '1 month', 'YYYYMM'))
                      AND type = 'AgentStateChanged' AND body->>'state' = ANY(%s)
                    ORDER BY at DESC, epoch DESC, seq DESC LIMIT 1) AS e
                WHERE c.body->>'state' <> ALL(%s)""",
            ([*CHOSEN], [*CHOSEN]),
        )
        return [(row[0], _envelope(row)) for row in rows]

    async def events_since(self, tenant: int, since: datetime, *, types: Sequence[str]) -> list[Envelope]:
        rows = await self._fetch(
            f"""SELECT {_COLUMNS} FROM event_log WHERE tenant_id = %s AND at >= %s AND type = ANY(%s)
                ORDER BY at, position""",  # noqa: S608 - only this module's own column list is put in
            (tenant, since, [*types]),
        )
        return [_envelope(row[:10]) for row in rows]

    async def stream_since(self, tenant: int, stream: str, since: datetime) -> list[Envelope]:
        rows = await self._fetch(
            f"""SELECT {_COLUMNS} FROM event_log WHERE tenant_id = %s AND stream = %s AND at >= %s
                ORDER BY at, position""",  # noqa: S608 - only this module's own column list is put in
            (tenant, stream, since),
        )
        return [_envelope(row[:10]) for row in rows]

    async def past_page(
        self,
        tenant: int,
        since: datetime,
        *,
        before_epoch: int,
        after: PastCursor | None,
        types: Sequence[str] | None = None,
    ) -> tuple[list[Envelope], PastCursor | None]:
        """A whole day of a large centre would take longer than any statement may."""
        at, position = (after.at, after.position) if after else (since, -1)
        wanted = None if types is None else [*types]
        rows = await self._fetch(_PAST, (tenant, at, position, before_epoch, wanted, wanted, _PAGE))
        page = [_envelope(row[:10]) for row in rows]
        return page, PastCursor(rows[-1][6], rows[-1][10]) if len(rows) == _PAGE else None

    async def save_day(self, tenant: int, checkpoint: DayCheckpoint) -> None:
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("SELECT hold_engine_lease(%s)", (checkpoint.epoch,))
                await connection.execute(_SAVE_DAY.encode(), (tenant, msgspec.json.encode(checkpoint).decode()))
        except _AWAY as error:
            raise LogAway(str(error)) from error
        except psycopg.Error as error:
            raise (TermOver if error.sqlstate == _TERM_OVER else LogAway)(str(error)) from error

    async def saved_day(self, tenant: int) -> DayCheckpoint | None:
        rows = await self._fetch("SELECT body::text FROM engine_day_checkpoint WHERE tenant_id = %s", (tenant,))
        return msgspec.json.decode(rows[0][0], type=DayCheckpoint) if rows else None

    async def events_beyond(self, tenant: int, checkpoint: DayCheckpoint, *, before_epoch: int) -> list[Envelope]:
        term, number = checkpoint.epoch, checkpoint.number
        # Instants only narrow the search: what is counted is told by term and number.
        values = (tenant, checkpoint.at - _MARGIN, term, number, before_epoch, tenant, before_epoch)
        return [_envelope(row[:10]) for row in await self._fetch(_BEYOND, values)]

    async def known_caller(self, tenant: int, number: str) -> KnownCaller | None:
        try:
            async with self._pool.connection() as connection:
                return await read_known_caller(connection, tenant=tenant, number=number)
        except (*_AWAY, psycopg.Error) as error:  # the call goes on without, whatever is wrong
            raise LogAway(str(error)) from error

    async def last_survey(self, tenant: int, number: str) -> datetime | None:
        try:
            async with self._pool.connection() as connection:
                return await read_last_survey(connection, tenant=tenant, number=number)
        except (*_AWAY, psycopg.Error) as error:
            raise LogAway(type(error).__name__) from None  # without the number, which is personal

    async def find_customers(self, tenant: int, by: str, value: str, fields: Sequence[str]) -> list[dict[str, str]]:
        try:
            async with self._pool.connection() as connection:
                return await find_customers(connection, tenant=tenant, by=by, value=value, fields=fields)
        except (*_AWAY, psycopg.Error) as error:
            raise LogAway(type(error).__name__) from None  # without the value, which is personal

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
