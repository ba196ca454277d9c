"""The worker as the supervisor starts it: it projects, makes files, outlives the database, and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.db import connection

from zhiyin.apps.conftest import Company, Database, environ_of
from zhiyin.apps.interactions.models import Recording
from zhiyin.apps.recordings import services
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.domain.interactions import EndedBy, InteractionEnded, RecordingEnded, RecordingStarted

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_DEADLINE_S = 120
_PROGRAM = (
    "from zhiyin.config.environment import Environment; from zhiyin.config.worker import run; "
    "run(Environment.from_environ())"
)


@contextmanager
def working(database: Database) -> Iterator[subprocess.Popen[bytes]]:
    run = database.data.parent / "run"
    environ = environ_of(database.data, run, database.owner, database.engine, database.web)
    worker = subprocess.Popen([sys.executable, "-c", _PROGRAM], env=dict(os.environ) | environ)
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait(timeout=10)


def wait_until(condition: Callable[[], bool], *, worker: subprocess.Popen[bytes]) -> None:
    """Ask again and again, resting in between, until the condition holds or the deadline is over."""
    deadline = time.monotonic() + _DEADLINE_S
    while not condition():
        assert worker.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, "not in time"
        threading.Event().wait(0.1)


def record(company: Company, recording: str) -> None:
    file = services.raw_file(recording)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\x01\x00\x02\x00" * 8000)
    log_contact(
        company.tenant,
        at=NINE,
        then=[
            (1, RecordingStarted(recording=recording, leg="c")),
            (2, RecordingEnded(recording=recording)),
            (2, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
        ],
    )


def test_the_worker_finishes_recordings_even_after_the_database_was_away(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    prefix = f"worker-{company.tenant.pk}"

    def is_ready(recording: str) -> bool:
        return Recording.objects.of(company.tenant).filter(pk=recording, state="ready").exists()

    assert str(as_engine.data) == settings.DATA_DIR
    with working(as_engine) as worker:
        record(company, f"{prefix}-1")
        wait_until(lambda: is_ready(f"{prefix}-1"), worker=worker)
        with psycopg.connect(as_engine.owner.replace("owner@", "postgres@"), autocommit=True) as superuser:
            superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'engine'")
        connection.close()
        record(company, f"{prefix}-2")
        wait_until(lambda: is_ready(f"{prefix}-2"), worker=worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
