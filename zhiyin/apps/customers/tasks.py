"""Nightly jobs of customers: classes and key accounts anew, and the return to the pool."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from procrastinate.contrib.django import app

from zhiyin.apps.customers import classes, pool
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside

log = structlog.get_logger(__name__)


@app.periodic(cron="11 19 * * *")
@app.task(name="customers.keep", queue="customers", queueing_lock="customers.keep")
def keep_customers(timestamp: int) -> None:
    """Each night (in China): let every company's customers be looked after, each in a job of its own."""
    for tenant in Tenant.objects.order_by("pk"):
        keep_company.configure(queueing_lock=f"customers.keep:{tenant.pk}").defer(tenant_id=tenant.pk, at=timestamp)


@app.task(name="customers.keep_company", queue="customers")
def keep_company(*, tenant_id: int, at: int) -> None:
    """Sort one company's customers into classes, find its key accounts, return the untouched. Safe to repeat."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with inside(tenant):
        changed = classes.sort_into_classes(tenant=tenant)
        keys = classes.find_key_accounts(tenant=tenant)
        announced, returned = pool.return_untouched(tenant=tenant, now=datetime.fromtimestamp(at, UTC))
    log.info("customers_kept", tenant=tenant_id, classed=changed, keys=keys, announced=announced, returned=returned)
