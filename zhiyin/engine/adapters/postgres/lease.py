"""The engine's lease in PostgreSQL: waiting for a turn, taking it, keeping it.

``engine_lease`` is the truth; a session lock beside it tells at once when the leader's connection is gone. Why each
step is safe: docs/decisions/0016-one-leader-by-lease.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import structlog

from zhiyin.domain.leadership import RENEW_EVERY_S, UNBROKEN_S, LeaseSeen, LeaseWatch
from zhiyin.engine.lease import LeaseGate, boot_s

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.1
CONNECT_TIMEOUT_S = 2
#: the leader's session lock; the other number is the lock of its transactions
_LOCK = (20250, 1)
_TERM_LOCK = (20250, 2)

_LOOK = """
    SELECT coalesce(l.epoch || ' ' || l.renewed_at, ''), coalesce(l.holder, ''),
           EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
           extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())
      FROM (SELECT 1) AS one LEFT JOIN engine_lease l ON true"""
_TRY_LOCK = "SELECT pg_try_advisory_lock(%s, %s)"
_END_SESSIONS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE application_name = %s AND pid <> pg_backend_pid()"""
_TAKE = """
    INSERT INTO engine_lease (id, epoch, holder, taken_at, renewed_at) VALUES (1, 1, %s, now(), now())
    ON CONFLICT (id) DO UPDATE SET epoch = engine_lease.epoch + 1, holder = excluded.holder, taken_at = now(),
        renewed_at = now()
    RETURNING epoch"""
_RENEW = "UPDATE engine_lease SET renewed_at = clock_timestamp() WHERE epoch = %s"
_GIVE_BACK = "UPDATE engine_lease SET holder = '' WHERE epoch = %s"
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError, OSError)


def holder_here() -> str:
    """Return this process's name among all engines: machine, process id and when it began."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{_began(os.getpid())}"


def application_name(holder: str) -> str:
    """The name that all of an engine's sessions in the database bear, by which its successor ends them."""
    return f"engine {holder}"


class PostgresLease:
    """``on_lost`` is called once when another engine leads; from then on ``gate`` stays closed."""

    def __init__(self, dsn: str, *, holder: str | None = None, on_lost: Callable[[], None] = lambda: None) -> None:
        self._dsn = dsn
        self.holder = holder or holder_here()
        self.gate = LeaseGate()
        self._on_lost = on_lost
        self._session: psycopg.AsyncConnection[Any] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._epoch = 0

    async def wait_for_turn(self) -> None:
        """Return once this engine may lead, with the leader's lock in hand; until then it is the standby."""
        watch, is_told = LeaseWatch(), False
        while True:
            asked_at_s = boot_s()
            try:
                seen, holder = await self._look()
                if watch.may_take(seen, asked_at_s=asked_at_s, now_s=boot_s()) and await self._lock(holder):
                    return
            except _AWAY as error:
                log.info("lease_unseen", why=str(error))
                await self._disconnect()
            if not is_told:
                is_told = True
                log.info("standing_by", holder=self.holder)
            await asyncio.sleep(LOOK_EVERY_S)

    async def take(self) -> int:
        """Begin a new term and keep it renewed; return its number. Raises ``OperationalError`` and its like."""
        async with asyncio.timeout(UNBROKEN_S * 2):
            session = await self._connected()
            asked_at_s = boot_s()
            async with session.transaction():
                await session.execute("SELECT pg_advisory_xact_lock(%s, %s)", _TERM_LOCK)
                cursor = await session.execute(_TAKE.encode(), (self.holder,))
                row = await cursor.fetchone()
        assert row is not None
        self._epoch = int(row[0])
        self.gate.renewed(asked_at_s)
        self._renewing = asyncio.create_task(self._renew_forever(), name="lease")
        log.info("leading", epoch=self._epoch, holder=self.holder)
        return self._epoch

    async def give_back(self) -> None:
        """Stop leading: the standby takes over without waiting."""
        if self._renewing is not None:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewing
        if self._epoch:
            with suppress(*_AWAY):
                async with asyncio.timeout(UNBROKEN_S):
                    session = await self._connected()
                    await session.execute(_GIVE_BACK.encode(), (self._epoch,))
        await self._disconnect()

    # --- as the standby ---------------------------------------------------------------------------------------------

    async def _look(self) -> tuple[LeaseSeen, str]:
        async with asyncio.timeout(UNBROKEN_S * 2):
            session = await self._connected()
            row = await (await session.execute(_LOOK.encode(), _LOCK)).fetchone()
        assert row is not None
        mark, holder, is_locked, up_s = row
        seen = LeaseSeen(mark, is_locked, not holder, _is_dead(holder), float(up_s))
        return seen, holder

    async def _lock(self, holder: str) -> bool:
        """End whoever held the lease and take the lock. False: another standby was faster."""
        _end_process(holder)
        session = await self._connected()
        async with asyncio.timeout(UNBROKEN_S * 2):
            if holder and holder != self.holder:
                await session.execute(_END_SESSIONS.encode(), (application_name(holder),))
            for _ in range(10):  # an ended session's lock is free a moment later
                row = await (await session.execute(_TRY_LOCK.encode(), _LOCK)).fetchone()
                if row is not None and row[0]:
                    return True
                await asyncio.sleep(0.02)
        return False

    # --- as the leader ----------------------------------------------------------------------------------------------

    async def _renew_forever(self) -> None:
        is_locked, has_failed = True, False
        while True:
            asked_at_s = boot_s()
            try:
                async with asyncio.timeout(UNBROKEN_S):
                    session = await self._connected()
                    if not is_locked:
                        row = await (await session.execute(_TRY_LOCK.encode(), _LOCK)).fetchone()
                        is_locked = bool(row and row[0])
                    is_ours = (await session.execute(_RENEW.encode(), (self._epoch,))).rowcount == 1
            except _AWAY as error:
                log.info("lease_not_renewed", why=str(error))
                is_locked = False
                await self._disconnect()
                if has_failed:  # by a new connection too: it is away, and nobody is elected by it
                    self.gate.renewed(boot_s())
                    await asyncio.sleep(LOOK_EVERY_S)
                has_failed = True
                continue
            has_failed = False
            if not is_ours:
                log.error("deposed", epoch=self._epoch, hint="another engine took over; this one stands by again")
                self._on_lost()
                return
            self.gate.renewed(asked_at_s)
            await asyncio.sleep(RENEW_EVERY_S)

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._session is None:
            session = await psycopg.AsyncConnection.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name=application_name(self.holder),
            )
            await session.execute("SET synchronous_commit = off")  # a renewal that is lost is only an older one
            self._session = session
        return self._session

    async def _disconnect(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(*_AWAY):
                await session.close()


def _began(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; empty where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _process_of(holder: str) -> tuple[int, str] | None:
    """Return (process id, beginning) of a holder on this machine."""
    host, _, rest = holder.partition(":")
    pid, _, began = rest.partition(":")
    if host != socket.gethostname()[:30] or not pid.isdecimal():
        return None
    return int(pid), began


def _is_dead(holder: str) -> bool:
    process = _process_of(holder)
    return process is not None and _began(process[0]) != process[1]


def _end_process(holder: str) -> None:
    """Kill a leader on this machine that no longer renews: stopped, it could wake at any time."""
    process = _process_of(holder)
    if process is None or process[0] == os.getpid() or _is_dead(holder):
        return
    log.warning("leader_ended", holder=holder)
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process[0], signal.SIGKILL)
