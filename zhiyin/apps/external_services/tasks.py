"""Jobs: sending the messages that flows ordered."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.tenancy.models import Tenant


def order_sending(*, tenant_id: int) -> None:
    """Let a company's messages be sent once this transaction is committed, one job at a time. Repeatable."""
    name = f"external_services.send:{tenant_id}"
    job = send_messages.configure(queueing_lock=name, lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id)


@app.task(name="external_services.send", queue="external_services")
def send_messages(*, tenant_id: int) -> None:
    """Send for a few seconds, then stand in line again."""
    from zhiyin.apps.external_services.messages import send_due  # noqa: PLC0415 - it orders jobs itself

    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is not None and send_due(tenant=tenant, clock=timezone.now):
        order_sending(tenant_id=tenant_id)


@app.periodic(cron="* * * * *")
@app.task(name="external_services.send_again", queue="external_services", queueing_lock="external_services.send_again")
def send_again(timestamp: int) -> None:
    """Each minute: send what failed before and is due again."""
    from zhiyin.apps.external_services.messages import tenants_with_due  # noqa: PLC0415

    for tenant_id in tenants_with_due(now=datetime.fromtimestamp(timestamp, UTC)):
        order_sending(tenant_id=tenant_id)
