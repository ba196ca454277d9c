"""Jobs: waking reminders, carrying out care rules."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.followups import care, services
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web
from zhiyin.apps.tenancy.scope import inside

log = structlog.get_logger(__name__)


@app.task(name="followups.wake_one", queue="reminders")
def wake_one(*, tenant_id: int, follow_up_id: int) -> None:
    """Remind of one at its time. Safe to repeat: one that was put off or is done already is left alone."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is not None:
        services.wake(tenant=tenant, now=timezone.now(), follow_up_id=follow_up_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="followups.wake_overslept", queue="reminders", queueing_lock="followups.wake_overslept")
def wake_overslept(timestamp: int) -> None:
    """Remind of what no job woke: rows of a restored backup, jobs that failed."""
    for tenant in Tenant.objects.order_by("pk"):
        services.wake(tenant=tenant, now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="7 * * * *")
@app.task(name="followups.make_care_tasks", queue="care", queueing_lock="followups.make_care_tasks")
def make_care_tasks(timestamp: int) -> None:
    """Every hour, so that each company's day begins by its own clock: each company in a job of its own."""
    for tenant in Tenant.objects.order_by("pk"):
        order_care_tasks(tenant_id=tenant.pk, at=timestamp)


def order_care_tasks(*, tenant_id: int, at: int) -> None:
    """Order a company's care tasks, once however often it is asked before the work begins."""
    order = make_care_tasks_of.configure(queueing_lock=f"followups.make_care_tasks:{tenant_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        order.defer(tenant_id=tenant_id, at=at)


@app.task(name="followups.make_care_tasks_of", queue="care")
def make_care_tasks_of(*, tenant_id: int, at: int) -> None:
    """Carry out the rules that were not yet today. Safe to repeat."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web(), inside(tenant):
        made = care.make_tasks(tenant=tenant, now=datetime.fromtimestamp(at, UTC))
    if made:
        log.info("care_tasks_made", tenant=tenant_id, made=made)
