"""Reading the log in order and handing it to the projections, each with a cursor of its own.

The cursor is the pair (transaction, position); only transactions older than every open one are read, so that none
is skipped because it committed late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import psycopg
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from zhiyin.apps.interactions.events import LOG_CHANNEL
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.events import UnknownEvent, decode_body

log = structlog.get_logger(__name__)

BATCH = 500
#: notifications may be lost with a connection; nothing waits longer than this
POLL_S = 5.0
RETRY_S = 1.0
#: nothing wakes who waits for a notification: so soon it hears that it shall stop
STOP_S = 0.5
#: how soon to look again while events hide behind a transaction that is still open: its end notifies nobody
HIDDEN_S = 0.05

# Ordered by the number of the table: a bare "txid" is the text that is read, in which "1000" comes before "999".
_READ = """
    SELECT tenant_id, stream, at, type, version, body::text, txid::text, position FROM event_log
    WHERE (txid, position) > (%s::xid8, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY event_log.txid, event_log.position LIMIT %s
"""
_HIDDEN = "SELECT EXISTS (SELECT FROM event_log WHERE txid >= pg_snapshot_xmin(pg_current_snapshot()))"


class Projection(Protocol):
    """Rows folded from the log. ``fold`` runs inside the transaction that moves the cursor."""

    @property
    def name(self) -> str: ...

    def fold(self, events: Sequence[LoggedEvent]) -> None: ...


class Projector:
    """Keeps the projections up with the log until told to stop."""

    def __init__(self, projections: Sequence[Projection], *, database_url: str | None = None) -> None:
        self._projections = projections
        self._database_url = database_url or settings.DATABASE_URL
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Fold what is there, then wait for more; a database that goes away is waited for."""
        while not self._stop.is_set():
            try:
                self._follow()
            except (OperationalError, InterfaceError, psycopg.Error) as error:
                log.warning("projector_waits_for_database", error=type(error).__name__)
                close_old_connections()
                self._stop.wait(RETRY_S)
            except Exception:  # nothing may end this: every list and figure would stand still in silence
                log.exception("projector_broke")
                self._stop.wait(RETRY_S)

    def _follow(self) -> None:
        with psycopg.connect(self._database_url, autocommit=True, connect_timeout=5) as listener:
            listener.execute(f"LISTEN {LOG_CHANNEL}")
            while not self._stop.is_set():
                self.catch_up()
                started = time.monotonic()
                self._wait(listener, HIDDEN_S if self.has_hidden() else POLL_S)
                if time.monotonic() - started < 0.02:
                    self._stop.wait(0.02)  # let a burst gather: one batch costs hardly more than one event

    def _wait(self, listener: psycopg.Connection[Any], most_s: float) -> None:
        """Return when something was written, after ``most_s`` at the latest."""
        until = time.monotonic() + most_s
        while not self._stop.is_set() and (left_s := until - time.monotonic()) > 0:
            for _ in listener.notifies(timeout=min(left_s, STOP_S), stop_after=1):
                return

    def catch_up(self) -> int:
        """Fold everything that can be read by now; return how many events were folded."""
        folded = 0
        for projection in self._projections:
            while count := self._step(projection):
                folded += count
        return folded

    def has_hidden(self) -> bool:
        """Whether committed events may not be read yet, because an older transaction is still open."""
        with connection.cursor() as cursor:
            cursor.execute(_HIDDEN)
            return bool(cursor.fetchone()[0])

    def _step(self, projection: Projection) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO projection_cursor (name, txid, position) VALUES (%s, '0', 0) ON CONFLICT DO NOTHING",
                [projection.name],
            )
            cursor.execute(
                "SELECT txid::text, position FROM projection_cursor WHERE name = %s FOR UPDATE", [projection.name]
            )
            txid, position = cursor.fetchone()
            cursor.execute(_READ, [txid, position, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return 0
            projection.fold(_logged(rows))
            cursor.execute(
                "UPDATE projection_cursor SET txid = %s::xid8, position = %s WHERE name = %s",
                [rows[-1][6], rows[-1][7], projection.name],
            )
        return len(rows)


def _logged(rows: Sequence[tuple[object, ...]]) -> list[LoggedEvent]:
    """Return the events that this program knows, of companies that still exist."""
    tenants = set(Tenant.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", flat=True))
    logged: list[LoggedEvent] = []
    for tenant_id, stream, at, name, version, body, *_ in rows:
        if tenant_id not in tenants:
            continue
        try:
            event = decode_body(name, version, body.encode())  # type: ignore[arg-type, attr-defined] # as the SQL says
        except UnknownEvent:
            log.warning("event_unknown", type=name, version=version)
            continue
        except msgspec.MsgspecError:  # one row that is not what its type says holds up no other
            log.exception("event_unreadable", type=name, version=version, stream=stream)
            continue
        logged.append(LoggedEvent(tenant_id, stream, at, event))  # type: ignore[arg-type] # as the SQL says
    return logged
