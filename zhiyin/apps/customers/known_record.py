"""What the record itself knows before the first word: the products the customer has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.apps.customers import queries
from zhiyin.apps.customers.known import Known
from zhiyin.apps.tenancy.actors import Actor


def known_by_record(actor: Actor, customer_ids: Sequence[int]) -> Mapping[int, Known]:
    """Return the names of each customer's products."""
    owned = queries.owned_products_of(tenant=actor.tenant, customer_ids=customer_ids)
    return {customer: Known(products=tuple(row.name for row in rows)) for customer, rows in owned.items()}
