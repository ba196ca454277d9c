"""What customers answered is theirs to have; it names nobody, so that it stays with the figures that count it."""

from __future__ import annotations

from typing import Any

from zhiyin.apps.interactions.erasing import contacts_of
from zhiyin.apps.surveys.models import SurveyAnswer
from zhiyin.apps.tenancy.models import Tenant


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:  # noqa: ARG001 - as every module of its kind
    return 0


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:  # noqa: ARG001
    return 0


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    rows = SurveyAnswer.objects.of(tenant).filter(interaction_id__in=ids).order_by("answered_at")
    names = ("interaction_id", "question", "score", "most", "answered_at")
    return {"survey_answers": list(rows.values(*names))}
