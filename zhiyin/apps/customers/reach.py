"""By what a customer is reached: the numbers, mail addresses and postal addresses, each list as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from zhiyin.apps.customers.errors import BadCustomerEmail, BadCustomerNumber
from zhiyin.apps.customers.models import Customer, CustomerAddress, CustomerEmail, CustomerNumber
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.numbers import BadNumber, normalise_number


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number of a customer: a stored one by its ``id`` (whoever may not see it keeps it so), or a new one.

    ``use`` None: as it was; of a new one, what the number itself tells.
    """

    id: int | None = None
    number: str | None = None
    use: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What shall be there of each list; None leaves it as it is. The first of each is the primary one."""

    numbers: Sequence[NumberChange] | None = None
    emails: Sequence[str] | None = None
    addresses: Sequence[Mapping[str, Any]] | None = field(default=None)


def set_reach(tenant: Tenant, customer: Customer, reach: Reach) -> None:
    """Write what is given. Raises ``BadCustomerNumber`` and ``BadCustomerEmail``."""
    if reach.numbers is not None:
        _set_numbers(tenant, customer, reach.numbers)
    if reach.emails is not None:
        _set_emails(tenant, customer, reach.emails)
    if reach.addresses is not None:
        set_addresses(tenant, customer, reach.addresses)


def _set_numbers(tenant: Tenant, customer: Customer, changes: Sequence[NumberChange]) -> None:
    stored = {row.pk: row for row in CustomerNumber.objects.of(tenant).filter(customer=customer)}
    kept: dict[str, CustomerNumber] = {}
    for index, change in enumerate(changes):
        row = stored.get(change.id) if change.id is not None else None
        if row is None or change.number is not None:
            row = row or CustomerNumber(tenant=tenant, customer=customer)
            is_new = not row.number
            row.number = canonical_number(change.number or "", tenant, index)
            row.digits = digits_of(row.number)
            if is_new:
                row.use = _likely_use(row.number)
        row.use = change.use or row.use
        row.position = index
        kept.setdefault(row.number, row)
    keep_ids = [row.pk for row in kept.values() if row.pk]
    CustomerNumber.objects.of(tenant).filter(customer=customer).exclude(pk__in=keep_ids).delete()
    for row in kept.values():
        row.save()


def _likely_use(number: str) -> str:
    return CustomerNumber.Use.MOBILE if place_of(number).kind == "mobile" else CustomerNumber.Use.OTHER


def digits_of(number: str) -> str:
    """Return a canonical number as people of the country type it."""
    return number.removeprefix("+86").removeprefix("+")


def canonical_number(text: str, tenant: Tenant, index: int) -> str:
    """Raises ``BadCustomerNumber`` that names the number at ``index``."""
    try:
        return normalise_number(text, tenant.region)
    except BadNumber as error:
        raise BadCustomerNumber(index) from error


def _set_emails(tenant: Tenant, customer: Customer, emails: Sequence[str]) -> None:
    wanted: dict[str, int] = {}
    for index, text in enumerate(emails):
        email = text.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise BadCustomerEmail(index) from error
        wanted.setdefault(email, index)
    rows = CustomerEmail.objects.of(tenant).filter(customer=customer)
    rows.exclude(email__in=wanted).delete()
    stored = {row.email: row for row in rows}
    for email, index in wanted.items():
        row = stored.get(email) or CustomerEmail(tenant=tenant, customer=customer, email=email)
        row.position = index
        row.save()


def set_addresses(tenant: Tenant, customer: Customer, addresses: Sequence[Mapping[str, Any]]) -> None:
    """Let the customer have these addresses and no others; those that say nothing are left out."""
    CustomerAddress.objects.of(tenant).filter(customer=customer).delete()
    rows = [
        CustomerAddress(tenant=tenant, customer=customer, position=index, **address)
        for index, address in enumerate(addresses)
    ]
    CustomerAddress.objects.of(tenant).bulk_create([row for row in rows if str(row)])
