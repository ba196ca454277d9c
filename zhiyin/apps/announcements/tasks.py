"""Jobs: telling of notices at their beginning, and reminding who has not acknowledged."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiyin.apps.announcements import notices
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web
from zhiyin.apps.tenancy.scope import inside


@app.periodic(cron="*/5 * * * *")
@app.task(name="announcements.tell_notices", queue="reminders", queueing_lock="announcements.tell_notices")
def tell_notices(timestamp: int) -> None:
    """Every five minutes: begin what has begun, remind where it is time."""
    with working_as_web():
        for tenant in Tenant.objects.order_by("pk"):
            with inside(tenant):
                notices.tell_due(tenant=tenant, now=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="announcements.tell_notices_of", queue="reminders")
def tell_notices_of(*, tenant_id: int) -> None:
    """Tell of a notice at its very beginning. Safe to repeat."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web(), inside(tenant):
        notices.tell_due(tenant=tenant, now=timezone.now())
