"""Whose contacts they were: a person's values in the side table of the log. The log and its projections stay.

They name nobody, so whatever is counted from them stays what it was.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhiyin.apps.customers.erasing import numbers_of_nobody_else, own_identifiers
from zhiyin.apps.engine_client import EngineRefused, ask_engine
from zhiyin.apps.interactions.models import CustomerLink, DeferredContact, Interaction
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import CancelCallback
from zhiyin.contracts.events import interaction_stream


def contacts_of(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return the contacts that are linked to the customer, and those of the customer's own numbers linked to nobody."""
    linked = CustomerLink.objects.of(tenant).filter(customer_id=customer_id).values_list("interaction_id", flat=True)
    numbers = sorted(own_identifiers(tenant=tenant, customer_id=customer_id).numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT substr(subject, 3) FROM event_personal p
            WHERE tenant_id = %s AND kind = 'number' AND value = ANY(%s) AND starts_with(subject, 'i:')
              AND NOT EXISTS (SELECT 1 FROM interactions_customerlink l
                              WHERE l.tenant_id = p.tenant_id AND l.interaction_id = substr(p.subject, 3))
            """,
            [tenant.pk, numbers],
        )
        unlinked = [row[0] for row in cursor.fetchall()]
    return sorted({*linked, *unlinked})


def own_numbers(*, tenant: Tenant, customer_id: int) -> frozenset[str]:
    """Return the numbers of the customer's contacts that are no other customer's."""
    found = {row["value"] for row in _values(tenant, customer_id) if row["kind"] == "number"}
    return numbers_of_nobody_else(tenant=tenant, customer_id=customer_id, numbers=found)


def has_open_contact(*, tenant: Tenant, customer_id: int) -> bool:
    """Return whether a contact with the customer is going on; a callback that waits is not, it can be cancelled."""
    ids = set(contacts_of(tenant=tenant, customer_id=customer_id)) - set(_waiting(tenant, customer_id))
    return Interaction.objects.of(tenant).filter(pk__in=ids, ended_at__isnull=True).exists()


def cancel_waiting(*, actor: Actor, customer_id: int) -> bool:
    """Take the customer's callbacks and messages that wait off the line; False: somebody works on one just now.

    Raises ``EngineAway``.
    """
    for callback in _waiting(actor.tenant, customer_id):
        try:
            ask_engine(
                CancelCallback(callback, actor.user_id),
                tenant_id=actor.tenant.pk,
                actor_id=actor.user_id,
                result=type(None),
            )
        except EngineRefused as refused:
            if refused.code == "being_worked":
                return False
    return True


def _waiting(tenant: Tenant, customer_id: int) -> list[str]:
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    rows = DeferredContact.objects.of(tenant).filter(pk__in=ids, state=DeferredContact.State.WAITING)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def count_of_contacts(*, tenant: Tenant, customer_id: int) -> int:
    """Return how many contacts stay, without anything that tells with whom."""
    return len(contacts_of(tenant=tenant, customer_id=customer_id))


def _streams(tenant: Tenant, customer_id: int) -> list[str]:
    return [interaction_stream(each) for each in contacts_of(tenant=tenant, customer_id=customer_id)]


def _values(tenant: Tenant, customer_id: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, kind, value FROM event_personal WHERE tenant_id = %s AND subject = ANY(%s) ORDER BY 1, 2",
            [tenant.pk, _streams(tenant, customer_id)],
        )
        return [{"contact": row[0][2:], "kind": row[1], "value": row[2]} for row in cursor.fetchall()]


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return len(_values(tenant, customer_id))


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Remove numbers and attached data of the customer's contacts. Needs the rights of the worker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM event_personal WHERE tenant_id = %s AND subject = ANY(%s)",
            [tenant.pk, _streams(tenant, customer_id)],
        )
        return int(cursor.rowcount)


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the contacts, those of them that are callbacks or messages, and what was stored with them."""
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    names = ("id", "direction", "channel", "entry", "started_at", "ended_at", "outcome")
    deferred = ("id", "kind", "state", "asked_by", "asked_at", "due_at", "attempts", "ended_at")
    return {
        "contacts": list(Interaction.objects.of(tenant).filter(pk__in=ids).order_by("started_at").values(*names)),
        "callbacks": list(DeferredContact.objects.of(tenant).filter(pk__in=ids).order_by("asked_at").values(*deferred)),
        "contact_values": _values(tenant, customer_id),
    }


def points_of_customer(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return by what backups seal what hangs on the customer's contacts."""
    return _streams(tenant, customer_id)
