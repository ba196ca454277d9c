"""Making and changing customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import BadCustomerNumber, UnknownOwner
from zhiyin.apps.customers.models import Customer, CustomerNumber
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.contracts.numbers import BadNumber, mask_number, normalise_number


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number of a customer: a stored one by its ``id`` (whoever may not see it keeps it so), or a new one."""

    id: int | None = None
    number: str | None = None


@transaction.atomic
def create_customer(*, actor: Actor, fields: Mapping[str, Any], numbers: Sequence[NumberChange] = ()) -> Customer:
    """Make a customer. Raises ``BadCustomerNumber`` and ``UnknownOwner``."""
    _check_owner(actor.tenant, fields)
    customer = Customer(tenant=actor.tenant, **fields)
    customer.pinyin = search_keys(customer.name)
    customer.save(force_insert=True)
    _set_numbers(actor.tenant, customer, numbers)
    audit.record(
        actor=actor,
        action="customer.created",
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        after=_shown(actor.tenant, customer),
    )
    return customer


@transaction.atomic
def update_customer(
    *, actor: Actor, customer_id: int, fields: Mapping[str, Any], numbers: Sequence[NumberChange] | None = None
) -> Customer:
    """Change what is named of a customer; ``numbers``, where given, are all there shall be.

    Raises ``NotFound``, ``BadCustomerNumber`` and ``UnknownOwner``.
    """
    customer = get_customer(tenant=actor.tenant, customer_id=customer_id)
    _check_owner(actor.tenant, fields)
    before = _shown(actor.tenant, customer)
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.pinyin = search_keys(customer.name)
    customer.save()
    if numbers is not None:
        _set_numbers(actor.tenant, customer, numbers)
    audit.record(
        actor=actor,
        action="customer.changed",
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        before=before,
        after=_shown(actor.tenant, customer),
    )
    return customer


def get_customer(*, tenant: Tenant, customer_id: int) -> Customer:
    """Raises ``NotFound``."""
    customer = Customer.objects.of(tenant).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound
    return customer


def record_reading(*, actor: Actor, customer: Customer) -> None:
    """Write down that somebody saw the customer's numbers in clear."""
    if actor.sees_numbers:
        audit.record(actor=actor, action="customer.read", kind="customer", subject=customer.pk, name=customer.name)


def number_to_dial(*, tenant: Tenant, customer_number_id: int) -> str:
    """Return a stored number for dialling without showing it. Raises ``NotFound``."""
    row = CustomerNumber.objects.of(tenant).filter(pk=customer_number_id).first()
    if row is None:
        raise NotFound
    return row.number


def _set_numbers(tenant: Tenant, customer: Customer, changes: Sequence[NumberChange]) -> None:
    stored = {row.pk: row for row in CustomerNumber.objects.of(tenant).filter(customer=customer)}
    kept: dict[str, CustomerNumber] = {}
    for index, change in enumerate(changes):
        row = stored.get(change.id) if change.id is not None else None
        if row is None or change.number is not None:
            row = row or CustomerNumber(tenant=tenant, customer=customer)
            row.number = _canonical(change.number or "", tenant, index)
            row.digits = row.number.removeprefix("+86").removeprefix("+")
        row.position = index
        kept.setdefault(row.number, row)
    keep_ids = [row.pk for row in kept.values() if row.pk]
    CustomerNumber.objects.of(tenant).filter(customer=customer).exclude(pk__in=keep_ids).delete()
    for row in kept.values():
        row.save()


def _canonical(text: str, tenant: Tenant, index: int) -> str:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber as error:
        raise BadCustomerNumber(index) from error


def _check_owner(tenant: Tenant, fields: Mapping[str, Any]) -> None:
    owner_id = fields.get("owner_id")
    if owner_id is not None and not are_users(tenant=tenant, user_ids=(owner_id,)):
        raise UnknownOwner


def _shown(tenant: Tenant, customer: Customer) -> dict[str, Any]:
    numbers = CustomerNumber.objects.of(tenant).filter(customer=customer).order_by("position")
    shown = {name: value for name, value in audit.fields_of(customer).items() if name != "pinyin"}
    return shown | {"numbers": [mask_number(row.number) for row in numbers]}
