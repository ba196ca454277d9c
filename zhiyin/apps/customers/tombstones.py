"""Whose part a merged customer is now."""

from __future__ import annotations

from zhiyin.apps.customers.models import CustomerMerge
from zhiyin.apps.tenancy.models import Tenant


def parts_of(*, tenant: Tenant, customer_id: int) -> list[int]:
    """Return the customers who became part of this one, through merges of merges, and itself."""
    found = [customer_id]
    for into in found:
        rows = CustomerMerge.objects.of(tenant).filter(kept_id=into, undone_at__isnull=True)
        found += [part for part in rows.values_list("merged_id", flat=True) if part not in found]
    return found


def kept_for(*, tenant: Tenant, customer_id: int) -> int:
    """Return whose part a merged customer is now, through merges of merges; others are themselves."""
    seen = {customer_id}
    while True:
        rows = CustomerMerge.objects.of(tenant).filter(merged_id=customer_id, undone_at__isnull=True)
        into = rows.values_list("kept_id", flat=True).first()
        if into is None or into in seen:
            return customer_id
        seen.add(into)
        customer_id = into
