"""A customer's own rows: by what the person is found, handed over, and emptied for good.

The customer's row stays without anything that tells who it was, so that what is counted stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiyin.apps.customers import snapshots
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.models import (
    Customer,
    CustomerEmail,
    CustomerMerge,
    CustomerNumber,
    DuplicatePair,
    ListEntry,
    PoolMove,
    Relation,
    SearchEntry,
)
from zhiyin.apps.fields import services as fields_of_own
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import publish_settings

#: stands where the name stood, in both languages
NOBODY = "已删除 · Erased"
_EMPTIED: dict[str, Any] = {
    **dict.fromkeys(("pinyin", "company", "hobbies", "note", "service", "credit_rating", "class_reason"), ""),
    **dict.fromkeys(("birth_year", "birth_month", "birth_day", "anniversary_on", "credit_limit"), None),
    **dict.fromkeys(("owner", "owned_since", "return_announced_at"), None),
    "name": NOBODY,
    "gender": Customer.Gender.UNKNOWN.value,
    "custom": {},
}


@dataclass(frozen=True, slots=True)
class Identifiers:
    """By what one customer and no other is found."""

    names: frozenset[str]
    numbers: frozenset[str]
    emails: frozenset[str]


def own_identifiers(*, tenant: Tenant, customer_id: int) -> Identifiers:
    """Return the customer's names (also those of merged ones), numbers and mails that no other customer has."""
    merges = _merges(tenant, customer_id)
    names = {name for pair in merges.values_list("kept_name", "merged_name") for name in pair}
    names |= set(Customer.objects.of(tenant).filter(pk=customer_id).values_list("name", flat=True))
    numbers = set(CustomerNumber.objects.of(tenant).filter(customer_id=customer_id).values_list("number", flat=True))
    emails = set(CustomerEmail.objects.of(tenant).filter(customer_id=customer_id).values_list("email", flat=True))
    return Identifiers(
        frozenset(name for name in names if name != NOBODY and not _is_shared_name(tenant, customer_id, name)),
        numbers_of_nobody_else(tenant=tenant, customer_id=customer_id, numbers=numbers),
        frozenset(emails - _others_emails(tenant, customer_id, emails)),
    )


def numbers_of_nobody_else(*, tenant: Tenant, customer_id: int, numbers: set[str]) -> frozenset[str]:
    """Return those numbers that are no other customer's."""
    others = CustomerNumber.objects.of(tenant).filter(number__in=numbers).exclude(customer_id=customer_id)
    return frozenset(numbers - set(others.values_list("number", flat=True)))


def _others_emails(tenant: Tenant, customer_id: int, emails: set[str]) -> set[str]:
    others = CustomerEmail.objects.of(tenant).filter(email__in=emails).exclude(customer_id=customer_id)
    return set(others.values_list("email", flat=True))


def _is_shared_name(tenant: Tenant, customer_id: int, name: str) -> bool:
    return Customer.objects.of(tenant).filter(name__contains=name).exclude(pk=customer_id).exists()


def _merges(tenant: Tenant, customer_id: int) -> QuerySet[CustomerMerge]:
    return CustomerMerge.objects.of(tenant).filter(Q(kept_id=customer_id) | Q(merged_id=customer_id))


def _pairs(tenant: Tenant, customer_id: int) -> QuerySet[DuplicatePair]:
    return DuplicatePair.objects.of(tenant).filter(Q(low_id=customer_id) | Q(high_id=customer_id))


def _relations(tenant: Tenant, customer_id: int) -> QuerySet[Relation]:
    return Relation.objects.of(tenant).filter(Q(customer_id=customer_id) | Q(other_id=customer_id))


def _entries(tenant: Tenant, customer_id: int) -> QuerySet[ListEntry]:
    numbers = CustomerNumber.objects.of(tenant).filter(customer_id=customer_id).values("number")
    return ListEntry.objects.of(tenant).filter(Q(customer_id=customer_id) | Q(number__in=numbers))


def _blocked(tenant: Tenant, customer_id: int) -> QuerySet[ListEntry]:
    return _entries(tenant, customer_id).filter(list=ListEntry.List.BLOCK, ended_at__isnull=True).exclude(number="")


def count_blocked(*, tenant: Tenant, customer_id: int) -> int:
    """Return how many of the customer's numbers stay on the block list, and nothing else of them."""
    return _blocked(tenant, customer_id).count()


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Return how many rows tell of the customer."""
    own = sum(
        model._base_manager.filter(tenant_id=tenant.pk, **{f"{name}_id": customer_id}).count()
        for model, name in snapshots.own_references()
    )
    return 1 + own + _merges(tenant, customer_id).count() + _pairs(tenant, customer_id).count()


@transaction.atomic
def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Empty the customer's row and remove all that hangs on it. Safe to repeat. Returns how many rows it were."""
    blocked = _blocked(tenant, customer_id)
    kept = list(blocked.values_list("pk", flat=True))
    count = blocked.exclude(reason=NOBODY).update(customer=None, reason=NOBODY, ended_reason="")
    rows: list[QuerySet[Any]] = [
        _entries(tenant, customer_id).exclude(pk__in=kept),
        _relations(tenant, customer_id),
        _merges(tenant, customer_id),
        _pairs(tenant, customer_id),
        SearchEntry.objects.of(tenant).filter(customer_id=customer_id),
    ]
    for model, name in snapshots.own_references():
        if model not in (ListEntry, Relation, PoolMove):
            rows.append(model._base_manager.filter(tenant_id=tenant.pk, **{f"{name}_id": customer_id}))
    for each in rows:
        count += each.delete()[0]
    count += PoolMove.objects.of(tenant).filter(customer_id=customer_id).exclude(reason="").update(reason="")
    fields_of_own.forget(tenant, SUBJECT, [customer_id])
    found = Customer.objects.of(tenant).filter(pk=customer_id, erased_at__isnull=True)
    count += found.update(**_EMPTIED, erased_at=timezone.now())
    publish_settings(tenant=tenant)
    return count


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the customer's own rows by table."""
    taken = snapshots.take(tenant=tenant, customer_id=customer_id)
    if taken is None:
        return {}
    tables = {label.split(".")[0]: list(rows.values()) for label, rows in taken["rows"].items()}
    return {"customer": [taken["record"]], **tables}


def audited_of_customer(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return what of the customer's stands in the audit by an id of its own."""
    merged = _merges(tenant, customer_id).values_list("merged_id", flat=True)
    entries = _entries(tenant, customer_id).values_list("pk", flat=True)
    return [f"customer:{each}" for each in merged] + [f"list_entry:{each}" for each in entries]


def points_of_customer(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return by what backups seal the customer's rows: the customer, and whoever was merged into it."""
    merged = _merges(tenant, customer_id).filter(kept_id=customer_id).values_list("merged_id", flat=True)
    return [f"customer:{each}" for each in (customer_id, *merged)]
