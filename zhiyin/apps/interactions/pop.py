"""The screen pop: who is calling, from the log itself, so that it is there before any projection is."""

from collections import defaultdict

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services as customer_services
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.customers.schemas import shape_customers
from zhiyin.apps.interactions import queries, services
from zhiyin.apps.interactions.log import personal_values
from zhiyin.apps.interactions.schemas import InteractionOut, PopMatchOut, PopOut, names_for, shape_interactions
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import mask_number

MAX_MATCHES = 5
LAST_CONTACTS = 3


def build_pop(*, actor: Actor, interaction_id: str) -> PopOut:
    """Return who is calling and what is known of them. Raises ``NotFound``."""
    contact, _ = services.get_contact(actor=actor, interaction_id=interaction_id)
    number = personal_values(tenant=actor.tenant, refs=[contact.customer_ref]).get(contact.customer_ref or "")
    linked = queries.customers_of(tenant=actor.tenant, interaction_ids=[interaction_id]).get(interaction_id)
    return PopOut(
        number=number if actor.sees_numbers else None,
        masked=mask_number(number) if number else "",
        place=place_of(number).named(actor.language) if number else "",
        matches=_matches(actor, number, linked),
        customer_id=linked,
        entry=contact.entry,
        queue=names_for(actor, set()).queue(contact.queue or contact.last_queue) or None,
    )


def _matches(actor: Actor, number: str | None, linked: int | None) -> list[PopMatchOut]:
    known = customers.match_number(tenant=actor.tenant, number=number, limit=MAX_MATCHES) if number else []
    if linked is not None and linked not in {customer.pk for customer in known}:
        known = [customer_services.get_customer(tenant=actor.tenant, customer_id=linked), *known]
    known.sort(key=lambda customer: customer.pk != linked)
    ids = [customer.pk for customer in known]
    counts = queries.count_contacts_of(tenant=actor.tenant, customer_ids=ids)
    last = _last_contacts(actor, ids)
    return [
        PopMatchOut(customer=shaped, times_called=counts.get(shaped.id, 0), last=last[shaped.id])
        for shaped in shape_customers(actor, known)
    ]


def _last_contacts(actor: Actor, customer_ids: list[int]) -> dict[int, list[InteractionOut]]:
    rows = {
        row.pk: (customer_id, row)
        for customer_id in customer_ids
        for row in queries.list_contacts(actor=actor, wanted=queries.ContactFilter(customer=customer_id))
        .filter(ended_at__isnull=False)
        .order_by("-started_at")[:LAST_CONTACTS]
    }
    found: dict[int, list[InteractionOut]] = defaultdict(list)
    for shaped in shape_interactions(actor, [row for _, row in rows.values()]):
        found[rows[shaped.id][0]].append(shaped)
    return found
