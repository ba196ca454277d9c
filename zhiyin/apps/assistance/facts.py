"""What is known of a customer, as the conditions of recommendations ask for it."""

from __future__ import annotations

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services, tags
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.recommendations import Fact


def facts_of(*, actor: Actor, customer_id: int) -> dict[str, Fact]:
    """Return the facts of a customer, None where nothing is known. Raises ``NotFound``."""
    customer, tenant = services.get_customer(actor=actor, customer_id=customer_id), actor.tenant
    one = [customer_id]
    return {
        "level": customer.level,
        "kind": customer.kind,
        "gender": customer.gender,
        "type": customer.type or None,
        "service": customer.service or None,
        "company": customer.company or None,
        "monthly_value": None if customer.monthly_value is None else float(customer.monthly_value),
        "arrears": None if customer.arrears is None else float(customer.arrears),
        "tag": frozenset(tag.name for tag in tags.tags_of(tenant=tenant, customer_ids=one).get(customer_id, ())),
        "product": frozenset(
            owned.name for owned in customers.owned_products_of(tenant=tenant, customer_ids=one).get(customer_id, ())
        ),
    }
