"""How it stands with planned exchange, from its log."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from zhiyin.apps.exchange.models import FilePlan, FileRun
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.interface_health import Interface, condition_of

State = FileRun.State


def interfaces_of(tenant: Tenant) -> list[Interface]:
    runs = FileRun.objects.of(tenant).filter(plan=OuterRef("pk")).order_by("-pk")
    failed = runs.filter(state=State.FAILED)
    rows = FilePlan.objects.of(tenant).annotate(
        # that no file was there is a success, too: the place was reached
        succeeded_at=Subquery(runs.filter(state__in=(State.DONE, State.NOTHING)).values("ended_at")[:1]),
        failed_at=Subquery(failed.values("ended_at")[:1]),
        problem=Subquery(failed.values("problem")[:1]),
    )
    return [
        Interface(
            "file_plan",
            row.pk,
            row.name,
            condition_of(
                is_on=row.is_enabled,
                stopped_why=row.stopped_why,
                succeeded_at=row.succeeded_at,
                failed_at=row.failed_at,
            ),
            row.succeeded_at,
            row.failed_at,
            row.stopped_why or row.problem or "",
        )
        for row in rows
    ]
