"""One address and one product as plain fields of a customer, as forms that know one of each give them.

They stand for the first address and the first owned product; the lists themselves have routes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhiyin.apps.customers.models import Customer, CustomerAddress, OwnedProduct
from zhiyin.apps.tenancy.models import Tenant

_NAMES = ("address", "product", "purchased_on")


def split(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the customer's own fields, and those that stand for a row of a list."""
    own = {name: value for name, value in fields.items() if name not in _NAMES}
    return own, {name: fields[name] for name in _NAMES if name in fields}


def write(*, tenant: Tenant, customer: Customer, given: Mapping[str, Any]) -> None:
    """Write the address's text and the product's name and date; empty ones remove what they stand for."""
    if "address" in given:
        _write_address(tenant, customer, given["address"])
    if "product" in given or "purchased_on" in given:
        _write_product(tenant, customer, given)


def _write_address(tenant: Tenant, customer: Customer, line: str) -> None:
    row = CustomerAddress.objects.of(tenant).filter(customer=customer).order_by("position", "pk").first()
    if row is None:
        row = CustomerAddress(tenant=tenant, customer=customer)
    if str(row) == line:
        return
    if not line:
        row.delete()
        return
    row.province = row.city = row.district = ""
    row.line = line
    row.save()


def _write_product(tenant: Tenant, customer: Customer, given: Mapping[str, Any]) -> None:
    row = OwnedProduct.objects.of(tenant).filter(customer=customer).order_by("pk").first()
    name = given.get("product", row.name if row else "")
    purchased_on = given.get("purchased_on", row.purchased_on if row else None)
    if not name and purchased_on is None:
        if row is not None:
            row.delete()
        return
    row = row or OwnedProduct(tenant=tenant, customer=customer)
    if row.name != name:
        row.product = None
    row.name, row.purchased_on = name, purchased_on
    row.save()


def shown(*, tenant: Tenant, customer: Customer) -> dict[str, Any]:
    """Return the products as the audit shows them."""
    rows = OwnedProduct.objects.of(tenant).filter(customer=customer).order_by("pk")
    return {"products": [f"{row.name} {row.purchased_on or ''}".strip() for row in rows]}
