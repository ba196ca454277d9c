"""What agents wrote about a customer's contacts after hanging up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhiyin.apps.interactions.erasing import contacts_of
from zhiyin.apps.interactions.models import WrapUp
from zhiyin.apps.tenancy.models import Tenant


def _written(tenant: Tenant, customer_id: int) -> QuerySet[WrapUp]:
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    rows: QuerySet[WrapUp] = WrapUp.objects.of(tenant).filter(interaction_id__in=ids).exclude(note="")
    return rows


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return _written(tenant, customer_id).count()


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Empty the notes; how a contact was classified stays, as it is counted."""
    return _written(tenant, customer_id).update(note="")


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "wrap_ups": [
            dict(row) for row in _written(tenant, customer_id).values("interaction_id", "result", "note", "changed_at")
        ]
    }
