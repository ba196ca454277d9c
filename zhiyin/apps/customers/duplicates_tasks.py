"""The job that looks through all customers for those who may be one."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.customers import duplicates
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web

#: a database that went away in the middle: the search begins again
_RETRY = RetryStrategy(max_attempts=5, wait=10)


def order_search(*, tenant_id: int, search_id: int) -> None:
    """Let the worker do a search, once however often it is ordered."""
    job = search_duplicates.configure(queueing_lock=f"customers.duplicates:{tenant_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, search_id=search_id)


@app.task(name="customers.search_duplicates", queue="exchange", retry=_RETRY)
def search_duplicates(*, tenant_id: int, search_id: int) -> None:
    """Look through all customers of a company. Repeatable."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web():
        duplicates.search_all(tenant=tenant, search_id=search_id, now=timezone.now)
