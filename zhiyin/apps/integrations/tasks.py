"""Jobs of integrations: sending what waits for a webhook, and forgetting old logs."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web


def order_delivery(*, tenant_id: int, webhook_id: int) -> None:
    """Let a webhook's messages be sent once this transaction is committed. Repeatable.

    One job per webhook sends at a time (``lock``), so that its messages keep their order.
    """
    name = f"integrations.deliver:{webhook_id}"
    job = deliver.configure(queueing_lock=name, lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, webhook_id=webhook_id)


@app.task(name="integrations.deliver", queue="integrations")
def deliver(*, tenant_id: int, webhook_id: int) -> None:
    """Send for a few seconds, then stand in line again."""
    from zhiyin.apps.integrations.deliveries import deliver_due  # noqa: PLC0415 - it orders jobs itself

    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is not None and deliver_due(tenant=tenant, webhook_id=webhook_id, clock=timezone.now):
        order_delivery(tenant_id=tenant_id, webhook_id=webhook_id)


@app.periodic(cron="* * * * *")
@app.task(name="integrations.deliver_again", queue="integrations", queueing_lock="integrations.deliver_again")
def deliver_again(timestamp: int) -> None:
    """Each minute: send what failed before and is due again."""
    from zhiyin.apps.integrations.deliveries import webhooks_with_due  # noqa: PLC0415

    for tenant_id, webhook_id in webhooks_with_due(now=datetime.fromtimestamp(timestamp, UTC)):
        order_delivery(tenant_id=tenant_id, webhook_id=webhook_id)


def order_connector(*, tenant_id: int, connector_id: int) -> None:
    """Let a connector's tasks be done once this transaction is committed, one job at a time. Repeatable."""
    name = f"integrations.connect:{connector_id}"
    job = connect.configure(queueing_lock=name, lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, connector_id=connector_id)


@app.task(name="integrations.connect", queue="integrations")
def connect(*, tenant_id: int, connector_id: int) -> None:
    """Work for a few seconds, with the rights of ``web``, then stand in line again."""
    from zhiyin.apps.integrations.connectors.work import work_due  # noqa: PLC0415 - it orders jobs itself

    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web():
        is_more = work_due(tenant=tenant, connector_id=connector_id, clock=timezone.now)
    if is_more:
        order_connector(tenant_id=tenant_id, connector_id=connector_id)


@app.periodic(cron="* * * * *")
@app.task(name="integrations.connect_again", queue="integrations", queueing_lock="integrations.connect_again")
def connect_again(timestamp: int) -> None:
    """Each minute: do what failed before and is due again, and ask for customers where it is time."""
    from zhiyin.apps.integrations.connectors.work import connectors_with_due  # noqa: PLC0415

    for tenant_id, connector_id in connectors_with_due(now=datetime.fromtimestamp(timestamp, UTC)):
        order_connector(tenant_id=tenant_id, connector_id=connector_id)


@app.periodic(cron="23 4 * * *")
@app.task(name="integrations.forget_old", queue="integrations", queueing_lock="integrations.forget_old")
def forget_old_logs(timestamp: int) -> None:
    """Daily: delete old deliveries, events and connectors' tasks."""
    from zhiyin.apps.integrations.deliveries import forget_old  # noqa: PLC0415

    forget_old(now=datetime.fromtimestamp(timestamp, UTC))
