"""What is known of a customer, as the conditions of recommendations ask for it."""

from __future__ import annotations

from zhiyin.apps.customers import services as customers
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.recommendations import Fact

#: the facts that conditions may name
FIELDS = ("level", "gender", "product", "company", "address", "hobbies")


def facts_of(*, tenant: Tenant, customer_id: int) -> dict[str, Fact]:
    """Return the facts of a customer, None where nothing is known. Raises ``NotFound``."""
    customer = customers.get_customer(tenant=tenant, customer_id=customer_id)
    return {field: getattr(customer, field) or None for field in FIELDS}
