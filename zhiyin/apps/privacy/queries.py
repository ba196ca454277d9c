"""Reading erasures and what is known of a customer's."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.tenancy.models import Tenant


def list_erasures(*, tenant: Tenant, customer_id: int | None = None) -> QuerySet[Erasure]:
    """Return the company's erasures, or those of one customer."""
    rows: QuerySet[Erasure] = Erasure.objects.of(tenant)
    return rows if customer_id is None else rows.filter(customer_id=customer_id)
