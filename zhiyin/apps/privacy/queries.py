"""Reading erasures and what is known of a customer's."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.tenancy.models import Tenant


def list_erasures(*, tenant: Tenant, customer_id: int | None = None, state: str = "") -> QuerySet[Erasure]:
    """Return the company's erasures, those of one customer, or those in one state."""
    rows: QuerySet[Erasure] = Erasure.objects.of(tenant)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return rows.filter(state=state) if state else rows
