"""Notes and follow-ups of one customer: counted, handed over, removed."""

from __future__ import annotations

from typing import Any

from zhiyin.apps.followups.models import FollowUp, Note
from zhiyin.apps.followups.services import forget_customer
from zhiyin.apps.tenancy.models import Tenant

__all__ = ["audited_of_customer", "count_of_customer", "export_customer", "forget_customer"]


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    notes = Note.objects.of(tenant).filter(customer_id=customer_id).count()
    return notes + FollowUp.objects.of(tenant).filter(customer_id=customer_id).count()


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what colleagues wrote and planned; names of colleagues are not the customer's data."""
    notes = Note.objects.of(tenant).filter(customer_id=customer_id)
    tasks = FollowUp.objects.of(tenant).filter(customer_id=customer_id)
    return {
        "notes": [dict(row) for row in notes.order_by("pk").values("text", "created_at")],
        "follow_ups": [
            dict(row) for row in tasks.order_by("pk").values("subject", "how", "due_at", "state", "outcome", "result")
        ],
    }


def audited_of_customer(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return what of the customer's stands in the audit by an id of its own."""
    notes = Note.objects.of(tenant).filter(customer_id=customer_id).values_list("pk", flat=True)
    tasks = FollowUp.objects.of(tenant).filter(customer_id=customer_id).values_list("pk", flat=True)
    return [f"note:{each}" for each in notes] + [f"follow_up:{each}" for each in tasks]
