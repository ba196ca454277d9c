"""Plans and runs as they stand in the tables, for tests that care for nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

from zhiyin.apps.conftest import Company
from zhiyin.apps.exchange.models import FilePlan, FileRun

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_file_plan(company: Company, name: str = "客户") -> FilePlan:
    plan: FilePlan = FilePlan.objects.of(company.tenant).create(
        name=name, direction="out", list_path="/api/customers", place="https", url="https://example.com/",
        file_name="{date}.csv", every="daily", by_name="甲",
    )  # fmt: skip
    return plan


def make_file_run(plan: FilePlan, state: str = "done") -> FileRun:
    run: FileRun = FileRun.objects.of(plan.tenant).create(
        plan=plan, trigger="schedule", state=state, planner_name="甲", started_at=NINE, ended_at=NINE
    )
    return run
