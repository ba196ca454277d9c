"""Finding customers: by name, by pinyin initials, by part of a number, and by the number that calls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiyin.apps.customers.models import Customer, CustomerNumber
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.numbers import BadNumber, normalise_number

_DIGITS = re.compile(r"\+?[0-9][0-9 \-]*")
#: what masking leaves visible: whoever may not see numbers cannot find them by more than that
_VISIBLE_HEAD, _VISIBLE_TAIL = 3, 4


def search_customers(
    *, actor: Actor, search: str = "", level: str = "", owner_id: int | None = None
) -> QuerySet[Customer]:
    """Return the customers that fit; digits are looked for in the numbers, letters in pinyin, all in the name.

    Users who see numbers masked find one by its visible ends or by all of it, so that nobody spells out the
    hidden middle by searching.
    """
    rows: QuerySet[Customer] = Customer.objects.of(actor.tenant)
    text = search.strip()
    if text:
        fits = Q(name__icontains=text) | Q(company__icontains=text)
        if text.isascii() and text.isalpha():
            fits |= Q(pinyin__startswith=text.lower()) | Q(pinyin__contains=f" {text.lower()}")
        if _DIGITS.fullmatch(text):
            numbers = CustomerNumber.objects.of(actor.tenant).filter(customer_id=OuterRef("pk"))
            fits |= Q(Exists(numbers.filter(_fitting_digits(actor, text))))
        rows = rows.filter(fits)
    if level:
        rows = rows.filter(level=level)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return rows


def _fitting_digits(actor: Actor, text: str) -> Q:
    digits = re.sub(r"\D", "", text)
    head = digits.removeprefix("0") or digits  # a landline is typed with the 0 that its canonical form lacks
    fits = Q(digits=digits) | Q(number=_canonical_or_none(text, actor.tenant))
    if actor.sees_numbers:
        return fits | Q(digits__contains=digits) | Q(digits__startswith=head)
    if len(digits) <= _VISIBLE_HEAD:
        fits |= Q(digits__startswith=head)
    if len(digits) <= _VISIBLE_TAIL:
        fits |= Q(digits__endswith=digits)
    return fits


def _canonical_or_none(text: str, tenant: Tenant) -> str | None:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber:
        return None


def match_number(*, tenant: Tenant, number: str, limit: int = 10) -> list[Customer]:
    """Return the customers known by a canonical number, the last changed first."""
    known = CustomerNumber.objects.of(tenant).filter(customer_id=OuterRef("pk"), number=number)
    return list(Customer.objects.of(tenant).filter(Exists(known)).order_by("-changed_at")[:limit])


def numbers_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[CustomerNumber]]:
    """Return each customer's numbers in their order."""
    found: dict[int, list[CustomerNumber]] = defaultdict(list)
    rows = CustomerNumber.objects.of(tenant).filter(customer_id__in=list(customer_ids)).order_by("position", "pk")
    for row in rows:
        found[row.customer_id].append(row)
    return found


def customer_names(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, str]:
    wanted = set(customer_ids)
    if not wanted:
        return {}
    return dict(Customer.objects.of(tenant).filter(pk__in=wanted).values_list("pk", "name"))


def has_customer(*, tenant: Tenant, customer_id: int) -> bool:
    return Customer.objects.of(tenant).filter(pk=customer_id).exists()
