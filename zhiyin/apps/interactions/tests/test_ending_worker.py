"""A worker that is told to stop ends soon, also while its database is away: nothing that it waits for would come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.utils.module_loading import import_string

from tests.harness.failures import children_of, signal_to
from tests.harness.waiting import wait_until
from zhiyin.apps.conftest import Database, environ_of

#: the supervisor would kill it after 20 s; some 3 s where nothing else runs
ENDS_WITHIN_S = 15.0


class Worker:
    """A real worker process; ``said`` is what it has logged so far."""

    def __init__(self, database: Database, folder: Path) -> None:
        run = Path(database.data).parent / "run"
        named = environ_of(database.data, run, database.owner, database.engine, database.web)
        self._log = folder / "worker.log"
        command = "from zhiyin.config.main import main; main()"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", command, "worker"], env=dict(os.environ) | named, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self._log.read_text()

    def ends(self) -> float:
        """Tell it to stop; return how long that took."""
        began_s = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began_s


@pytest.fixture
def worker(database: Database, tmp_path: Path) -> Iterator[Worker]:
    """A worker that has signed on for jobs; those whom an earlier test cut off are forgotten."""
    with psycopg.connect(database.owner) as owner:
        owner.execute("DELETE FROM procrastinate_workers")
    worker = Worker(database, tmp_path)
    try:
        wait_until(lambda: workers_of(database), what="it takes jobs", within_s=60)
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


def workers_of(database: Database) -> int:
    """Return how many workers are signed on."""
    with psycopg.connect(database.owner) as asked:
        (row,) = asked.execute("SELECT count(*) FROM procrastinate_workers").fetchall()
    return int(row[0])


@contextmanager
def frozen(database: Database) -> Iterator[None]:
    """Stop every process of the database, as a disk that hangs does: connections stay and answer nothing."""
    with psycopg.connect(database.owner) as one:
        postmaster = int(Path(f"/proc/{one.info.backend_pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(postmaster, signal.SIGSTOP)  # first, so that no process of it comes new
    stopped = [postmaster, *children_of(postmaster)]
    try:
        for pid in stopped[1:]:
            signal_to(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(stopped):
            signal_to(pid, signal.SIGCONT)


@contextmanager
def gone(database: Database) -> Iterator[None]:
    """End every session and let nobody in, as a server that was stopped: its socket is not there."""
    socket = next((Path(database.data).parent / "run").glob(".s.PGSQL.*[0-9]"))
    away = socket.with_name("away")
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'engine' AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(database.engine, autocommit=True) as last:
        socket.rename(away)
        try:
            last.execute(others)
            yield
        finally:
            away.rename(socket)


@pytest.mark.timeout(120)
def test_a_worker_ends_within_seconds_while_its_database_answers_nothing(database: Database, worker: Worker) -> None:
    """It waited for an answer until it was killed."""
    with frozen(database):
        assert worker.ends() < ENDS_WITHIN_S
    assert worker.process.returncode == 0
    assert "worker_left_its_work" in worker.said(), "it says why"


@pytest.mark.timeout(120)
def test_a_worker_ends_within_seconds_while_its_database_is_gone(database: Database, worker: Worker) -> None:
    """Procrastinate waited 30 s for a connection of its pool."""
    with gone(database):
        wait_until(lambda: "projector_waits_for_database" in worker.said(), what="it has noticed", within_s=60)
        assert worker.ends() < ENDS_WITHIN_S
    assert worker.process.returncode == 0


@pytest.mark.timeout(120)
def test_a_worker_whose_database_is_there_ends_at_once_and_signs_off(database: Database, worker: Worker) -> None:
    """And whoever asks finds no worker any more."""
    assert worker.ends() < ENDS_WITHIN_S
    assert worker.process.returncode == 0
    assert workers_of(database) == 0


@pytest.mark.timeout(120)
def test_a_job_in_hand_is_finished_first_where_the_database_is_there(as_engine: Database, worker: Worker) -> None:
    """Only a database that is away cuts it off."""
    forget = import_string("zhiyin.config.upkeep.forget")
    with psycopg.connect(as_engine.owner) as in_its_way:
        in_its_way.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        job = forget.configure(queueing_lock=f"test-{uuid.uuid4().hex}").defer(timestamp=0)  # beside the hourly one
        wait_until(lambda: state_of(as_engine, job) == "doing", what="the job is in hand")
        worker.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.process.wait(3)  # the database has been looked at meanwhile
    assert worker.process.wait(20) == 0
    assert state_of(as_engine, job) == "succeeded"
    assert workers_of(as_engine) == 0


def state_of(database: Database, job: int) -> str:
    with psycopg.connect(database.owner) as asked:
        (row,) = asked.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]).fetchall()
    return str(row[0])
