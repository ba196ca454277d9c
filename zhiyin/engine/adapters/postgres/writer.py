"""The line on which events become durable: one connection, one prepared statement, one round trip a group.

psycopg's cursors are made for every statement there is; what they cost (a task switch a wait, each array put together
in Python) was most of the journal's time. libpq is asked directly instead: the rows go as JSON, which msgspec writes
and PostgreSQL reads.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from zhiyin.contracts.events import Envelope
from zhiyin.engine.log_port import LogBatch

EVENT_COLUMNS = "tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body"

_STATEMENT = b"write_events"
# Parts of one statement do not see each other's rows: what a group both opens and closes is in neither list.
_PREPARE = f"""
PREPARE {_STATEMENT.decode()} (json, json, json, json, json, int) AS
WITH event AS (
    INSERT INTO event_log ({EVENT_COLUMNS})
    SELECT * FROM json_to_recordset($1) AS e (tenant bigint, stream text, epoch int, seq int, began date, number bigint,
                                              at timestamptz, type text, version smallint, body jsonb)
    ON CONFLICT DO NOTHING
), personal AS (
    INSERT INTO event_personal (tenant_id, ref, subject, kind, value)
    SELECT * FROM json_to_recordset($2) AS p (tenant bigint, ref text, subject text, kind text, value text)
    ON CONFLICT DO NOTHING
), opened AS (
    INSERT INTO open_stream (tenant_id, stream, stream_month, opened_at)
    SELECT * FROM json_to_recordset($3) AS o (tenant bigint, stream text, began date, at timestamptz)
    ON CONFLICT DO NOTHING
), closed AS (
    DELETE FROM open_stream
     USING json_to_recordset($4) AS c (tenant bigint, stream text)
     WHERE open_stream.tenant_id = c.tenant AND open_stream.stream = c.stream
), checkpoint AS (
    INSERT INTO agent_checkpoint (tenant_id, agent, stream, epoch, seq, at, body)
    SELECT * FROM json_to_recordset($5) AS a (tenant bigint, agent bigint, stream text, epoch int, seq int,
                                              at timestamptz, body jsonb)
     ORDER BY tenant, agent
    ON CONFLICT (tenant_id, agent) DO UPDATE
       SET stream = excluded.stream, epoch = excluded.epoch, seq = excluded.seq, at = excluded.at, body = excluded.body
     WHERE (agent_checkpoint.epoch, agent_checkpoint.at) <= (excluded.epoch, excluded.at)
)
SELECT pg_notify('zhiyin_log', ''), hold_engine_lease($6)"""  # noqa: S608 - only this module's own column list is put in

_encode = msgspec.json.Encoder().encode


class _PersonalRow(msgspec.Struct, frozen=True):
    tenant: int
    ref: str
    subject: str
    kind: str
    value: str


class _OpenRow(msgspec.Struct, frozen=True):
    tenant: int
    stream: str
    began: str
    at: datetime


class _CloseRow(msgspec.Struct, frozen=True):
    tenant: int
    stream: str


class _CheckpointRow(msgspec.Struct, frozen=True):
    tenant: int
    agent: int
    stream: str
    epoch: int
    seq: int
    at: datetime
    body: msgspec.Raw


def to_parameters(batches: Sequence[LogBatch]) -> list[bytes]:
    """Return the statement's parameters, each a list of rows in JSON; an event's keys are the envelope's own."""
    envelopes = [envelope for batch in batches for envelope in batch.envelopes]
    personal = [_PersonalRow(e.tenant, p.ref, e.stream, p.kind, p.value) for e in envelopes for p in e.personal]
    newest = {(c.envelope.tenant, c.agent): c.envelope for batch in batches for c in batch.checkpoints}
    checkpoints = [
        _CheckpointRow(tenant, agent, e.stream, e.epoch, e.seq, e.at, e.body) for (tenant, agent), e in newest.items()
    ]
    opens = {key for batch in batches for key in batch.opens}
    closes = {key for batch in batches for key in batch.closes}
    first: dict[tuple[int, str], Envelope] = {}
    if opens:
        for envelope in envelopes:
            first.setdefault((envelope.tenant, envelope.stream), envelope)
    opened = [_OpenRow(*key, first[key].began, first[key].at) for key in opens - closes]
    closed = [_CloseRow(*key) for key in closes]
    return [_encode(rows) for rows in (envelopes, personal, opened, closed, checkpoints)]


class LogWriter:
    """Writes groups one after the other. Any failure drops the line; the next write makes a new one."""

    def __init__(
        self, dsn: str, *, connect_timeout_s: int, write_timeout_s: float, options: str, application_name: str
    ) -> None:
        self._dsn = dsn
        self._connect_timeout_s = connect_timeout_s
        self._write_timeout_s = write_timeout_s
        self._options = options
        self._application_name = application_name
        self._lock = asyncio.Lock()
        self._line: _Line | None = None

    async def write(self, batches: Sequence[LogBatch], *, term: int | None) -> None:
        """Make the batches durable in one transaction, if ``term`` is still the lease's.

        Raises psycopg's errors and ``OSError``.
        """
        parameters = [*to_parameters(batches), None if term is None else str(term).encode()]
        async with self._lock:
            try:
                if self._line is not None and self._line.is_broken:
                    await self._drop()
                if self._line is None:
                    self._line = await self._connect()
                await self._line.execute(parameters, timeout_s=self._write_timeout_s)
            except BaseException:  # a cancelled write too: what it asked for would answer the next one
                await self._drop()
                raise

    async def close(self) -> None:
        async with self._lock:
            await self._drop()

    async def _connect(self) -> _Line:
        connection = await psycopg.AsyncConnection.connect(
            self._dsn,
            autocommit=True,
            connect_timeout=self._connect_timeout_s,
            options=self._options,
            application_name=self._application_name,
        )
        try:
            await connection.execute(_PREPARE.encode())
            return _Line(connection)  # needs a descriptor more
        except BaseException:
            await connection.close()
            raise

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()


class _Line:
    """A connection that does one statement at a time. ``is_broken``: the server ended it."""

    def __init__(self, connection: psycopg.AsyncConnection[object]) -> None:
        self.is_broken = False
        self._connection = connection
        self._libpq = connection.pgconn
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        # libpq closes its own descriptor when the line breaks; the loop must not be left watching that number.
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._take_input)

    async def execute(self, parameters: Sequence[bytes | None], *, timeout_s: float) -> None:
        self._failure = None
        waiter = self._waiter = self._loop.create_future()
        # Another connection that ends late may take the loop's watch of a number with it that is this line's by now.
        self._loop.add_reader(self._socket, self._take_input)
        # A statement that is cancelled would first ask that same silent server to cancel it, and wait for the answer.
        timer = self._loop.call_later(timeout_s, self._cut)
        try:
            self._libpq.send_query_prepared(_STATEMENT, parameters)
            if self._libpq.flush():  # more than the socket's buffer takes
                self._loop.add_writer(self._socket, self._send_more)
            await waiter
        finally:
            timer.cancel()
            self._waiter = None

    async def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.close()
        await self._connection.close()

    def _send_more(self) -> None:
        try:
            if not self._libpq.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._break(error)

    def _take_input(self) -> None:
        """Read what the server says; the statement is done when libpq has no further result."""
        try:
            self._libpq.consume_input()
            while not self._libpq.is_busy():
                result = self._libpq.get_result()
                if result is None:
                    self._finish(self._failure)
                    return
                if result.status != ExecStatus.TUPLES_OK:
                    self._failure = error_from_result(result)
        except psycopg.Error as error:
            self._break(error)

    def _break(self, error: psycopg.Error) -> None:
        self.is_broken = True
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._finish(error)

    def _finish(self, failure: Exception | None) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if failure is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(failure)

    def _cut(self) -> None:
        """End the line to a server that does not answer: what waits for it fails at once."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._break(psycopg.OperationalError("the server did not answer in time"))
