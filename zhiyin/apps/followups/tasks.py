"""Jobs: waking reminders."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiyin.apps.followups import services
from zhiyin.apps.tenancy.models import Tenant


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
