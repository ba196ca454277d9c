"""The engine's lease in PostgreSQL: ``engine_lease`` is the truth; a session lock beside it tells at once when the
leader's connection is gone. Why each step is safe: docs/decisions/0016-one-leader-by-lease.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import structlog

from zhiyin.domain.leadership import UNBROKEN_S, LeaseSeen
from zhiyin.engine.leader import Leadership, LeaseAway

log = structlog.get_logger(__name__)

CONNECT_TIMEOUT_S = 2
#: the leader's session lock; the other number is the lock of its transactions
_LOCK = (20250, 1)
_TERM_LOCK = (20250, 2)

#: looks, five milliseconds apart, at a process that was killed
_GONE_WITHIN_LOOKS = 100

_LOOK = """
    SELECT coalesce(l.epoch || ' ' || l.renewed_at, ''), coalesce(l.holder, ''),
           EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
           extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()),
           current_setting('transaction_read_only') = 'on'
      FROM (SELECT 1) AS one LEFT JOIN engine_lease l ON true"""
_MARK = "SELECT epoch || ' ' || renewed_at FROM engine_lease FOR UPDATE"
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


def holder_here() -> str:
    """Return this process's name among all engines: machine, process id and when it began."""
    return holder_of(os.getpid())


def holder_of(pid: int) -> str:
    """Return a process of this machine by the name that it has as a holder of the lease."""
    return f"{socket.gethostname()[:30]}:{pid}:{_began(pid)}"


def application_name(holder: str) -> str:
    """The name that all of an engine's sessions in the database bear, by which its successor ends them."""
    return f"engine {holder}"


class PostgresLeaseTable:
    """Implements ``LeaseTable``, by one connection."""

    def __init__(self, dsn: str, *, holder: str) -> None:
        self._dsn = dsn
        self._holder = holder
        self._session: psycopg.AsyncConnection[Any] | None = None
        self._is_locked = False
        self._leader_ran = ""

    async def look(self) -> tuple[LeaseSeen, str]:
        async with self._asked(UNBROKEN_S * 2) as session:
            row = await (await session.execute(_LOOK.encode(), _LOCK)).fetchone()
        assert row is not None
        mark, holder, is_locked, up_s, is_read_only = row
        if is_read_only:  # the leader cannot renew here, and nobody can be elected
            raise LeaseAway("the server may only be read")
        process = _process_of(holder)
        ran_before, self._leader_ran = self._leader_ran, _has_run(holder)
        seen = LeaseSeen(
            mark,
            is_locked,
            is_free=not holder,
            is_leader_dead=_is_dead(holder),
            is_leader_here=process is not None and process[0] != os.getpid(),
            server_up_s=float(up_s),
            is_leader_stopped=self._leader_ran != "" and self._leader_ran == ran_before,
        )
        return seen, holder

    async def lock(self, holder: str) -> bool:
        _end_process(holder)
        await _until_gone(holder)
        async with self._asked(UNBROKEN_S * 2) as session:
            if holder and holder != self._holder:
                await session.execute(_END_SESSIONS.encode(), (application_name(holder),))
            for _ in range(10):  # an ended session's lock is free a moment later
                row = await (await session.execute(_TRY_LOCK.encode(), _LOCK)).fetchone()
                if row is not None and row[0]:
                    self._is_locked = True
                    return True
                await asyncio.sleep(0.02)
        return False

    async def take(self) -> tuple[int, str]:
        async with self._asked(UNBROKEN_S * 2) as session, session.transaction():
            await session.execute("SELECT pg_advisory_xact_lock(%s, %s)", _TERM_LOCK)
            before = await (await session.execute(_MARK.encode())).fetchone()
            row = await (await session.execute(_TAKE.encode(), (self._holder,))).fetchone()
        assert row is not None
        return int(row[0]), str(before[0]) if before else ""

    async def renew(self, epoch: int) -> bool:
        async with self._asked(UNBROKEN_S) as session:
            if not self._is_locked:
                row = await (await session.execute(_TRY_LOCK.encode(), _LOCK)).fetchone()
                self._is_locked = bool(row and row[0])
            return (await session.execute(_RENEW.encode(), (epoch,))).rowcount == 1

    async def give_back(self, epoch: int) -> None:
        async with self._asked(UNBROKEN_S) as session:
            await session.execute(_GIVE_BACK.encode(), (epoch,))

    async def disconnect(self) -> None:
        session, self._session, self._is_locked = self._session, None, False
        if session is not None:
            with suppress(psycopg.Error, OSError):
                await session.close()

    @asynccontextmanager
    async def _asked(self, timeout_s: float) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """Whatever goes wrong with the database means the same here, a server that may only be read too."""
        try:
            async with asyncio.timeout(timeout_s):
                yield await self._connected()
        except (psycopg.Error, TimeoutError, OSError) as error:
            raise LeaseAway(str(error) or type(error).__name__) from error

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._session is None:
            session = await psycopg.AsyncConnection.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name=application_name(self._holder),
            )
            await session.execute("SET synchronous_commit = off")  # a renewal that is lost is only an older one
            self._session = session
        return self._session


class PostgresLease(Leadership):
    """The lead of this process, by its name in PostgreSQL."""

    def __init__(self, dsn: str, *, holder: str | None = None, on_lost: Callable[[], None] = lambda: None) -> None:
        name = holder or holder_here()
        super().__init__(PostgresLeaseTable(dsn, holder=name), holder=name, on_lost=on_lost)


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


def _has_run(holder: str) -> str:
    """Return what tells whether a process on this machine has run since: its beginning, and for how long its main
    thread had a processor, waited for one, and how often (proc(5), ``schedstat``). Empty: not known.
    """
    process = _process_of(holder)
    if process is None or process[0] == os.getpid() or _began(process[0]) != process[1]:
        return ""
    try:
        return f"{holder} {Path(f'/proc/{process[0]}/schedstat').read_text()}"
    except OSError:
        return ""


def _is_dead(holder: str) -> bool:
    process = _process_of(holder)
    return process is not None and _began(process[0]) != process[1]


async def _until_gone(holder: str) -> None:
    """Wait for the end of what was killed: on a disk that hangs it may still finish a write of its spool.

    The next engine reads that spool once, when it begins. Raises ``LeaseAway``.
    """
    process = _process_of(holder)
    if process is None or process[0] == os.getpid():
        return
    for _ in range(_GONE_WITHIN_LOOKS):
        if _is_dead(holder) or _is_zombie(process[0]):
            return
        await asyncio.sleep(0.005)
    raise LeaseAway(f"the leader before, process {process[0]}, was killed and does not end")


def _is_zombie(pid: int) -> bool:
    """Return whether only its parent has not yet taken note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return True


def _end_process(holder: str) -> None:
    """Kill a leader on this machine that no longer renews: stopped, it could wake at any time."""
    process = _process_of(holder)
    if process is None or process[0] == os.getpid() or _is_dead(holder):
        return
    log.warning("leader_ended", holder=holder)
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process[0], signal.SIGKILL)
