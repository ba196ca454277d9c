"""Jobs of erasures."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.tenancy.models import Tenant

#: one on which nothing was done for so long was left behind by a worker that died
_LEFT_BEHIND = timedelta(minutes=2)


def order(*, tenant_id: int, erasure_id: int) -> None:
    """Let the worker go on with an erasure, once however often it is ordered."""
    job = work_on_erasure.configure(queueing_lock=f"privacy.erasure:{erasure_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, erasure_id=erasure_id)


@app.task(name="privacy.work_on_erasure", queue="exchange")
def work_on_erasure(*, tenant_id: int, erasure_id: int) -> None:
    """Do one step, then stand in line again. Safe to repeat, and to be cut off anywhere."""
    from zhiyin.apps.privacy import services  # noqa: PLC0415 - which orders jobs by this module

    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is not None and services.work(tenant=tenant, erasure_id=erasure_id):
        order(tenant_id=tenant_id, erasure_id=erasure_id)


@app.periodic(cron="* * * * *")
@app.task(name="privacy.resume_left_behind", queue="exchange", queueing_lock="privacy.resume_left_behind")
def resume_left_behind(timestamp: int) -> None:
    """Every minute: take up what a worker that died left standing."""
    from zhiyin.apps.privacy import services  # noqa: PLC0415

    before = datetime.fromtimestamp(timestamp, UTC) - _LEFT_BEHIND
    for tenant in Tenant.objects.order_by("pk"):
        for erasure_id in services.standing_still(tenant=tenant, before=before):
            order(tenant_id=tenant.pk, erasure_id=erasure_id)
