"""Reading care rules, and what came of their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from zhiyin.apps.followups.models import CareRule, FollowUp
from zhiyin.apps.tenancy.models import Tenant

_DONE = Q(state=FollowUp.State.DONE)


@dataclass(frozen=True, slots=True)
class Figures:
    made: int = 0
    open: int = 0
    done: int = 0
    reached: int = 0
    not_reached: int = 0
    refused: int = 0
    skipped: int = 0


def list_rules(*, tenant: Tenant, search: str = "", is_active: bool | None = None) -> QuerySet[CareRule]:
    rows: QuerySet[CareRule] = CareRule.objects.of(tenant)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(subject__icontains=search))
    return rows if is_active is None else rows.filter(is_active=is_active)


def figures_of(*, tenant: Tenant, rule_ids: Sequence[int]) -> dict[int, Figures]:
    """Return what came of each rule's tasks; one statement."""
    rows = FollowUp.objects.of(tenant).filter(rule_id__in=rule_ids).order_by().values("rule_id")
    parts = {
        "made": Count("pk"),
        "open": Count("pk", filter=Q(state=FollowUp.State.PLANNED)),
        "done": Count("pk", filter=_DONE),
        "skipped": Count("pk", filter=Q(state=FollowUp.State.CANCELLED)),
        **{one: Count("pk", filter=_DONE & Q(outcome=one)) for one in ("reached", "not_reached", "refused")},
    }
    counted = rows.annotate(**parts).values_list("rule_id", *parts)
    return {rule_id: Figures(**dict(zip(parts, counts, strict=True))) for rule_id, *counts in counted if rule_id}
