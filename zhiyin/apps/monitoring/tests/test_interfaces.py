"""The page of all interfaces: from their own logs, what has to be mended first, in a few statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string

from zhiyin.apps.channels import services as channels
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.exchange.models import FilePlan
from zhiyin.apps.exchange.tests.builders import make_file_plan, make_file_run
from zhiyin.apps.integrations.models import Connector, InboundCall, Webhook
from zhiyin.apps.integrations.tests.builders import make_connector, make_delivery, make_inbound, make_webhook
from zhiyin.apps.tenancy.scope import inside
from zhiyin.contracts.readings import write_readings
from zhiyin.domain.alarms import TrunkReading, WorkReadings

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def shown(company: Company) -> dict[str, dict[str, Any]]:
    items = company.browser("administrator").get("/api/interfaces").json()["items"]
    return {item["kind"]: item for item in items}


def test_each_interface_says_how_it_stands_and_why(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_delivery(company)
    Webhook.objects.of(company.tenant).update(is_enabled=False, disabled_why="failing")
    hook = make_inbound(company)
    for problem in ("", "bad_signature"):
        InboundCall.objects.of(company.tenant).create(hook=hook, at=timezone.now(), problem=problem)
    make_connector(company)
    Connector.objects.of(company.tenant).update(succeeded_at=NINE, is_enabled=True)
    make_file_run(make_file_plan(company), state="failed")
    channels.create_trunk(actor=company.system, fields={"name": "T", "host": "192.0.2.1"})
    down = TrunkReading(company.tenant.code, "T", "refused")
    write_readings(tmp_path, WorkReadings(timezone.now(), 0.0, 0.0, 0, 0.0, trunks=(down,)))
    monkeypatch.setattr(settings, "RUN_DIR", str(tmp_path))
    found = shown(company)
    conditions = {kind: (item["condition"], item["reason"]) for kind, item in found.items()}
    assert conditions["webhook"][0] == "stopped"
    assert conditions["inbound"] == ("failing", "bad_signature")
    assert conditions["connector"] == ("works", "")
    assert conditions["file_plan"][0] == "failing"
    assert conditions["trunk"] == ("failing", "trunk_refused")
    assert next(iter(found)) == "webhook", "what stopped by itself stands first"
    assert company.browser("agent").get("/api/interfaces").status_code == 403


def test_the_statements_do_not_grow_with_the_interfaces(company: Company) -> None:
    def count() -> int:
        client = company.browser("administrator")
        with CaptureQueriesContext(connection) as statements:
            client.get("/api/interfaces")
        return len(statements)

    make_webhook(company)
    make_file_run(make_file_plan(company))
    few = count()
    for n in range(4):
        make_file_run(make_file_plan(company, name=f"P{n}"), state="failed")
        make_inbound(company, name=f"I{n}")
    assert count() == few


def test_the_worker_reads_what_fails_and_what_stopped_and_of_whom(
    database: Database, committed_company: Callable[[], Company], tmp_path: Path
) -> None:
    company = committed_company()
    with connected_as(database.web), inside(company.tenant):
        stored: dict[str, dict[str, Any]] = {"a": {"failures": 1}, "b": {"stopped_why": "planner_gone"}, "c": {}}
        for name, facts in stored.items():
            FilePlan.objects.of(company.tenant).filter(pk=make_file_plan(company, name=name).pk).update(**facts)
        make_webhook(company)
        Webhook.objects.of(company.tenant).update(disabled_why="gone")
    read = import_string("zhiyin.config.work_readings.Reader")(database.engine, tmp_path).read()
    down = [(each.kind, each.name, each.is_stopped) for each in read.interfaces if each.company == company.tenant.code]
    assert down == [("file_plan", "a", False), ("file_plan", "b", True), ("webhook", "W", True)]
