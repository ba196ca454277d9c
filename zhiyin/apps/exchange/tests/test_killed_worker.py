"""A worker that is killed in mid-import: the next one goes on, nothing is doubled and nothing is half."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from zhiyin.apps.conftest import Company, Database, connected_as, environ_of
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.exchange import imports, runs
from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.tenancy.scope import inside

#: three batches
ROWS = 240
WITHIN_S = 120


@contextmanager
def working(database: Database) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process, killed at the end at the latest."""
    run = Path(database.data).parent / "run"
    named = environ_of(database.data, run, database.owner, database.engine, database.web)
    command = "from zhiyin.config.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "worker"], env=dict(os.environ) | named, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)  # the process is not ours to wait for


def take_up() -> None:
    """What upkeep does each minute, for a worker whose last sign of life is old."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    async def go() -> None:
        assert isinstance(app.connector, DjangoConnector)
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as jobs:
            task = import_string("zhiyin.config.upkeep.take_up_left_behind")
            await task.func(cast("Any", SimpleNamespace(app=jobs)), timestamp=0)

    asyncio.run(go())


@pytest.mark.timeout(300)
def test_an_import_whose_worker_is_killed_is_finished_by_the_next(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    tenant = company.tenant
    table = "姓名,电话\n" + "".join(f"客户{n},138{n:08d}\n" for n in range(ROWS))
    with connected_as(as_engine.web):
        with inside(tenant):
            actor = company.actor("administrator")
            made = imports.upload(actor=actor, kind_code="customers", name="a.csv", content=table.encode()).pk
            imports.start_check(actor=actor, import_id=made)
        runs.work(tenant=tenant, import_id=made, is_time_over=lambda: False)
        with inside(tenant):
            imports.start_run(actor=actor, import_id=made)

    def stored() -> Import:
        found: Import = Import.objects.of(tenant).get(pk=made)
        return found

    def names() -> list[str]:
        rows = customers.visible_customers(company.system).filter(tenant=tenant)
        return sorted(rows.values_list("name", flat=True))

    with working(as_engine) as worker:
        until(lambda: stored().finished > 0, "the worker did not begin")
        worker.kill()
        worker.wait()
    half = stored()
    assert 0 < half.finished < ROWS, "it was killed too late to prove anything"
    assert half.state == Import.State.RUNNING
    done = ImportRow.objects.of(tenant).filter(imported_id=made, state=ImportRow.State.DONE)
    assert len(names()) == half.finished == done.count() == half.counts["created"], "a batch was done in half"
    take_up()
    with working(as_engine):
        until(lambda: stored().state == Import.State.DONE, "the next worker did not go on")
    assert names() == sorted(f"客户{n}" for n in range(ROWS))
    assert (stored().counts, done.count()) == ({"created": ROWS}, ROWS)
