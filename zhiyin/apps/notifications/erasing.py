"""What users were told about one customer: counted, handed over by kind and instant, removed."""

from __future__ import annotations

from typing import Any

from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.notifications.services import forget_customer
from zhiyin.apps.tenancy.models import Tenant

__all__ = ["count_of_customer", "export_customer", "forget_customer"]


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return Notification.objects.of(tenant).filter(customer_id=customer_id).count()


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    rows = Notification.objects.of(tenant).filter(customer_id=customer_id).order_by("pk")
    return {"told": [dict(row) for row in rows.values("code", "created_at")]}
