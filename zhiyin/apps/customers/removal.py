"""Removing a customer whom nobody needs, and putting one back as it was."""

from __future__ import annotations

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import snapshots
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.errors import CustomerInUse
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.fields import services as fields_of_own
from zhiyin.apps.tenancy.actors import Actor


@transaction.atomic
def remove_customer(*, actor: Actor, customer_id: int) -> None:
    """Remove a customer to whom nothing else refers. Raises ``CustomerInUse``; one that is not there is no error."""
    customer = Customer.objects.of(actor.tenant).select_for_update().filter(pk=customer_id).first()
    if customer is None:
        return
    referring = snapshots.referring(tenant=actor.tenant, customer_id=customer_id)
    if referring:
        raise CustomerInUse(referring)
    fields_of_own.forget(actor.tenant, SUBJECT, [customer_id])
    customer.delete()
    audit.record(actor=actor, action="customer.removed", kind="customer", subject=customer_id, name=customer.name)


@transaction.atomic
def put_back_customer(*, actor: Actor, customer_id: int, snapshot: snapshots.Snapshot) -> None:
    """Let a customer be again what a snapshot says."""
    snapshots.put_back(tenant=actor.tenant, customer_id=customer_id, snapshot=snapshot)
    name = str(snapshot["record"]["name"])
    audit.record(actor=actor, action="customer.put_back", kind="customer", subject=customer_id, name=name)
