"""What a customer answered to recommendations: the reasons are the person's, the counts are not."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhiyin.apps.assistance.models import RecommendationAnswer
from zhiyin.apps.tenancy.models import Tenant


def _answers(tenant: Tenant, customer_id: int) -> QuerySet[RecommendationAnswer]:
    rows: QuerySet[RecommendationAnswer] = RecommendationAnswer.objects.of(tenant).filter(customer_id=customer_id)
    return rows


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return _answers(tenant, customer_id).exclude(reason="").count()


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Empty the reasons; what was shown and accepted stays counted."""
    return _answers(tenant, customer_id).exclude(reason="").update(reason="")


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "recommendations": [
            dict(row) for row in _answers(tenant, customer_id).values("interaction_id", "outcome", "reason", "at")
        ]
    }
