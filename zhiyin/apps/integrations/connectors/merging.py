"""When two customers become one, what other systems know of both belongs to the one."""

from __future__ import annotations

from typing import Any

from zhiyin.apps.integrations.models import ConnectorLink
from zhiyin.apps.tenancy.models import Tenant


def move(tenant: Tenant, merged_id: int, kept_id: int) -> list[int]:
    """Let the merged customer's links follow; return which they were."""
    rows = ConnectorLink.objects.of(tenant).filter(customer_id=merged_id)
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(customer_id=kept_id)
    return moved


def move_back(tenant: Tenant, merged_id: int, kept_id: int, moved: Any) -> None:
    rows = ConnectorLink.objects.of(tenant).filter(pk__in=moved or (), customer_id=kept_id)
    rows.update(customer_id=merged_id)
