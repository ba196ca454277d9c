"""Reading entry rules, and what the engine needs of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import EntryRuleSetting


def list_rules(*, tenant: Tenant, search: str = "") -> QuerySet[EntryRule]:
    rows = EntryRule.objects.of(tenant).select_related("flow")
    return rows.filter(Q(name__icontains=search) | Q(note__icontains=search)) if search else rows


def get_rule(*, tenant: Tenant, rule_id: int) -> EntryRule:
    """Raises ``NotFound``."""
    row = list_rules(tenant=tenant).filter(pk=rule_id).first()
    if row is None:
        raise NotFound
    return row


def rules_for_customer_classes(tenant: Tenant, class_ids: Collection[int]) -> list[str]:
    """Return the names of the rules that are for one of these classes of customers."""
    rows = EntryRule.objects.of(tenant).filter(customer_classes__overlap=list(class_ids))
    return list(rows.values_list("name", flat=True))


def engine_section(tenant: Tenant) -> dict[str, Any]:
    rows = EntryRule.objects.of(tenant).order_by("position", "pk")
    return {"entry_rules": tuple(setting_of(row) for row in rows)}


def setting_of(row: EntryRule) -> EntryRuleSetting:
    return EntryRuleSetting(
        id=row.pk,
        flow=row.flow_id,
        name=row.name,
        is_enabled=row.is_enabled,
        numbers=tuple(row.numbers),
        customer_classes=tuple(row.customer_classes),
        is_vip_only=row.is_vip_only,
        hours=row.hours_id,
        is_open_wanted=row.is_open_wanted,
        share_pct=float(row.share_pct),
    )
