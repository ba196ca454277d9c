"""Reading customers' numbers: for their cards, and for the lists on which they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from zhiyin.apps.customers.models import CustomerNumber
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.read_once import read_once


@read_once
def numbers_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[CustomerNumber]]:
    """Return each customer's numbers in their order."""
    found: dict[int, list[CustomerNumber]] = defaultdict(list)
    rows = CustomerNumber.objects.of(tenant).filter(customer_id__in=list(customer_ids)).order_by("position", "pk")
    for row in rows:
        found[row.customer_id].append(row)
    return found
