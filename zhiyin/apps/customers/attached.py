"""What is attached to a customer: the products it owns, its relations, its consents; and the product catalogue."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import UnknownReference
from zhiyin.apps.customers.models import Consent, Customer, OwnedProduct, Product, Relation
from zhiyin.apps.customers.visibility import check_changeable, locked_for_change, visible_customers
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

# --- the catalogue ---------------------------------------------------------------------------------------------


def list_products(*, tenant: Tenant, search: str = "", is_active: bool | None = None) -> QuerySet[Product]:
    rows: QuerySet[Product] = Product.objects.of(tenant)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(code__icontains=search))
    return rows if is_active is None else rows.filter(is_active=is_active)


def save_product(*, actor: Actor, product_id: int | None, fields: Mapping[str, Any]) -> Product:
    """Make or change a product of the catalogue; what is owned keeps name and warranty. Raises ``NotFound``."""
    row = Product(tenant=actor.tenant)
    if product_id is not None:
        found = Product.objects.of(actor.tenant).filter(pk=product_id).first()
        if found is None:
            raise NotFound
        row = found
    before = audit.fields_of(row) if product_id else None
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    action = "product.changed" if product_id else "product.created"
    after = audit.fields_of(row)
    audit.record(actor=actor, action=action, kind="product", subject=row.pk, name=row.name, before=before, after=after)
    return row


def remove_product(*, actor: Actor, product_id: int) -> None:
    """Raises ``NotFound``, and ``ProtectedError`` while a customer owns it: retire it then."""
    row = Product.objects.of(actor.tenant).filter(pk=product_id).first()
    if row is None:
        raise NotFound
    before = audit.fields_of(row)
    row.delete()
    audit.record(
        actor=actor, action="product.removed", kind="product", subject=product_id, name=row.name, before=before
    )


# --- owned products --------------------------------------------------------------------------------------------


@transaction.atomic
def save_owned(*, actor: Actor, customer_id: int, owned_id: int | None, fields: Mapping[str, Any]) -> OwnedProduct:
    """Write what a customer owns. The warranty's end follows from catalogue and purchase unless it is given.

    Raises ``NotFound`` and ``UnknownReference``.
    """
    customer = _customer(actor, customer_id)
    row = OwnedProduct(tenant=actor.tenant, customer=customer)
    if owned_id is not None:
        row = _owned(actor, customer_id, owned_id)
    before = audit.fields_of(row) if owned_id else None
    for name, value in fields.items():
        setattr(row, name, value)
    if "product_id" in fields and row.product_id is not None:
        product = Product.objects.of(actor.tenant).filter(pk=row.product_id).first()
        if product is None:
            raise UnknownReference("product_id")
        row.name = row.name or product.name
        if fields.get("warranty_until") is None and row.purchased_on and product.warranty_months:
            row.warranty_until = months_after(row.purchased_on, product.warranty_months)
    row.save()
    _record(actor, customer, "customer.product_told", before, audit.fields_of(row))
    return row


@transaction.atomic
def remove_owned(*, actor: Actor, customer_id: int, owned_id: int) -> None:
    """Raises ``NotFound``."""
    check_changeable(actor, customer_id)
    row = _owned(actor, customer_id, owned_id)
    before = audit.fields_of(row)
    row.delete()
    _record(actor, row.customer, "customer.product_removed", before, None)


def _owned(actor: Actor, customer_id: int, owned_id: int) -> OwnedProduct:
    row = OwnedProduct.objects.of(actor.tenant).filter(pk=owned_id, customer_id=customer_id).first()
    if row is None:
        raise NotFound
    return row


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- relations -------------------------------------------------------------------------------------------------


def relations_of(*, tenant: Tenant, customer_id: int) -> list[Relation]:
    """Return the relations in which a customer stands, from either side."""
    rows = Relation.objects.of(tenant).filter(Q(customer_id=customer_id) | Q(other_id=customer_id))
    return list(rows.select_related("customer", "other").order_by("kind", "pk"))


@transaction.atomic
def add_relation(*, actor: Actor, customer_id: int, other_id: int, fields: Mapping[str, Any]) -> Relation:
    """Raises ``NotFound`` and ``UnknownReference``; one told twice violates ``relation_twice``."""
    customer = _customer(actor, customer_id)
    other = visible_customers(actor).filter(pk=other_id).first()
    if other is None or other == customer:
        raise UnknownReference("other_id")
    row = Relation.objects.of(actor.tenant).create(customer=customer, other=other, **fields)
    _record(actor, customer, "customer.relation_added", None, audit.fields_of(row))
    return row


@transaction.atomic
def remove_relation(*, actor: Actor, customer_id: int, relation_id: int) -> None:
    """Raises ``NotFound``; a relation can be removed from either side."""
    check_changeable(actor, customer_id)
    rows = Relation.objects.of(actor.tenant).filter(Q(customer_id=customer_id) | Q(other_id=customer_id))
    row = rows.filter(pk=relation_id).first()
    if row is None:
        raise NotFound
    before = audit.fields_of(row)
    row.delete()
    _record(actor, row.customer, "customer.relation_removed", before, None)


# --- consents --------------------------------------------------------------------------------------------------


def consents_of(*, tenant: Tenant, customer_id: int) -> list[Consent]:
    """Return all that a customer said about being contacted, the last word first."""
    rows = Consent.objects.of(tenant).filter(customer_id=customer_id)
    return list(rows.order_by("channel", "purpose", "-at", "-pk"))


def consent_to(*, tenant: Tenant, customer_id: int, channel: str, purpose: str, now: datetime) -> bool | None:
    """Return whether a customer consents now; None where nobody asked, or what was said has run out."""
    last = (
        Consent.objects.of(tenant)
        .filter(customer_id=customer_id, channel=channel, purpose=purpose)
        .order_by("-at", "-pk")
        .first()
    )
    if last is None or (last.valid_until is not None and last.valid_until <= now):
        return None
    return last.is_given


@transaction.atomic
def tell_consent(*, actor: Actor, customer_id: int, fields: Mapping[str, Any]) -> Consent:
    """Write down what a customer said. Raises ``NotFound``."""
    customer = _customer(actor, customer_id)
    row = Consent.objects.of(actor.tenant).create(customer=customer, by_id=actor.user_id, **fields)
    _record(actor, customer, "customer.consent_told", None, audit.fields_of(row))
    return row


def _customer(actor: Actor, customer_id: int) -> Customer:
    """Return a customer of whom something is written down. Raises ``NotFound`` and ``SomebodyElsesCustomer``."""
    return locked_for_change(actor, [customer_id])[customer_id]


def _record(
    actor: Actor, customer: Customer, action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        before=before,
        after=after,
    )
