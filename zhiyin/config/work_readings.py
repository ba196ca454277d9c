"""The worker's reading of the work behind the front, three times a minute: lag, growth of recordings, clock, trunks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import psycopg
import structlog

from zhiyin.apps.engine_client import EngineAway, EngineRefused, ask_engine
from zhiyin.config.worker_metrics import PROJECTION_LAG
from zhiyin.contracts.commands import TestTrunk
from zhiyin.contracts.readings import write_readings
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.alarms import InterfaceReading, TrunkReading, WorkReadings

log = structlog.get_logger(__name__)

EVERY_S = 20.0
_CONNECT_WITHIN_S = 5
_TRUNK_WITHIN_S = 6.0
_DOWN = ("refused", "unreachable")
#: of every company: stored now, growth a day over the last week, and for how many days it keeps its recordings
_STORED = """
    SELECT sum(f.size_bytes), coalesce(sum(f.size_bytes) FILTER (WHERE f.made_at > now() - interval '7 days'), 0) / 7.0,
           max(p.keep_days)
    FROM recordings_file f LEFT JOIN recordings_retentionpolicy p USING (tenant_id) GROUP BY f.tenant_id
"""
_JUMPS = (
    "SELECT count(*) FROM event_log WHERE tenant_id = 0 AND at > now() - interval '1 hour' AND type = 'ClockJumped'"
)
#: companies whose newest look through the audit's chain found something
_BROKEN_AUDITS = """
    SELECT code FROM tenancy_tenant t WHERE
        (SELECT found FROM audit_verification v WHERE v.tenant_id = t.id ORDER BY ended_at DESC LIMIT 1) > 0
    ORDER BY code
"""
#: interfaces that fail, and those that stopped by themselves; what somebody switched off is no alarm
_INTERFACES_DOWN = """
    SELECT t.code, i.kind, i.name, i.is_stopped FROM tenancy_tenant t JOIN (
        SELECT tenant_id, 'webhook' AS kind, name, disabled_why <> '' AS is_stopped FROM integrations_webhook
        WHERE disabled_why <> '' OR (is_enabled AND failing_since < now() - interval '5 minutes')
        UNION ALL
        SELECT tenant_id, 'connector', name, disabled_why <> '' FROM integrations_connector
        WHERE disabled_why <> '' OR (is_enabled AND failing_since < now() - interval '5 minutes')
        UNION ALL
        SELECT tenant_id, 'file_plan', name, stopped_why <> '' FROM exchange_fileplan
        WHERE is_enabled AND (stopped_why <> '' OR failures > 0)
    ) i ON i.tenant_id = t.id ORDER BY 1, 2, 3
"""


class _TrunkState(msgspec.Struct, frozen=True):
    state: str


@dataclass(frozen=True, slots=True)
class _Stored:
    """One company's recordings."""

    size_bytes: int
    bytes_a_day: float
    keep_days: int | None


class Reader:
    """Reads until told to stop; whatever cannot be read now is read the next time."""

    def __init__(self, database_url: str, run: Path) -> None:
        self._url = database_url
        self._run = run
        self._stop = Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                write_readings(self._run, self.read())
            except (psycopg.Error, OSError) as error:
                log.warning("readings_failed", error=type(error).__name__)
            self._stop.wait(EVERY_S)

    def read(self) -> WorkReadings:
        """Raises ``psycopg.Error``."""
        with psycopg.connect(self._url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
            lag_s = max((float(row[2]) for row in connection.execute(PROJECTION_LAG)), default=0.0)
            stored = [_Stored(int(row[0]), float(row[1]), row[2]) for row in connection.execute(_STORED)]
            broken = tuple(str(row[0]) for row in connection.execute(_BROKEN_AUDITS))
            down = [InterfaceReading(*row) for row in connection.execute(_INTERFACES_DOWN)]
            jumps = int(_number(connection, _JUMPS))
            asked_at = time.time()
            off_s = _number(connection, "SELECT extract(epoch FROM clock_timestamp())") - (asked_at + time.time()) / 2
            bodies = [row[0] for row in connection.execute("SELECT body::text FROM engine_settings")]
        trunks = tuple(down for body in bodies for down in _trunks_down(msgspec.json.decode(body, type=TenantSettings)))
        return WorkReadings(
            datetime.now(UTC),
            projection_lag_s=max(0.0, lag_s),
            recording_bytes_a_day=sum(each.bytes_a_day for each in stored),
            clock_jumps=jumps,
            clock_off_s=off_s,
            trunks=trunks,
            broken_audits=broken,
            interfaces=tuple(down),
            recording_bytes=sum(each.size_bytes for each in stored),
            recording_bytes_wanted=_bytes_wanted(stored),
        )


def _bytes_wanted(stored: Sequence[_Stored]) -> float | None:
    """What will be stored once as much is deleted as comes; None where somebody keeps for ever what grows."""
    wanted = 0.0
    for each in stored:
        if each.keep_days is None and each.bytes_a_day > 0:
            return None
        wanted += each.size_bytes if each.keep_days is None else each.bytes_a_day * each.keep_days
    return wanted


def _number(connection: psycopg.Connection[tuple[object, ...]], query: str) -> float:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return float(str(row[0]))


def _trunks_down(settings: TenantSettings) -> list[TrunkReading]:
    down: list[TrunkReading] = []
    for trunk in settings.trunks:
        if not trunk.is_enabled:
            continue
        try:
            found = ask_engine(
                TestTrunk(trunk.id),
                tenant_id=settings.tenant,
                actor_id=None,
                result=_TrunkState,
                timeout_s=_TRUNK_WITHIN_S,
            )
        except (EngineAway, EngineRefused):
            continue
        if found.state in _DOWN:
            down.append(TrunkReading(settings.code, trunk.name, found.state))
    return down
