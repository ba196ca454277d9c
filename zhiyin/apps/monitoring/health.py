"""How the parts behind ``web`` are; ``live`` puts this together with what it sees itself."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

#: a worker says every 10 s that it lives
_WORKER_SILENT = timedelta(seconds=45)
_LOW_DISK_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class PartState:
    """``state``: "ok", "degraded" or "away"."""

    state: str
    detail: str = ""


def part_states() -> dict[str, PartState]:
    """Return the state of database, worker and disk. A database that is away raises, as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        (beat,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone()
    states = {"postgres": PartState("ok", f"PostgreSQL {version}")}
    if beat is None or timezone.now() - beat > _WORKER_SILENT:
        states["worker"] = PartState("away", "No worker has reported lately.")
    else:
        states["worker"] = PartState("ok", f"{failed} failed jobs" if failed else "")
    free = shutil.disk_usage(settings.DATA_DIR or "/").free
    detail = f"{free // 1024**2} MB free"
    states["disk"] = PartState("ok" if free > _LOW_DISK_BYTES else "degraded", detail)
    return states
