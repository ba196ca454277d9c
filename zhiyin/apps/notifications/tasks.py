"""Jobs of notifications."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from zhiyin.apps.notifications import services
from zhiyin.apps.tenancy.models import Tenant


@app.periodic(cron="23 3 * * *")
@app.task(name="notifications.forget_old", queue="upkeep", queueing_lock="notifications.forget_old")
def forget_old(timestamp: int) -> None:
    """Daily: delete notifications whose time is over."""
    for tenant in Tenant.objects.order_by("pk"):
        services.forget_old(tenant=tenant, now=datetime.fromtimestamp(timestamp, UTC))
