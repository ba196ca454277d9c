"""How a rule's share fares beside the rest, and switching it off where a bound is broken."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from zhiyin.apps.accounts.roles import administrators
from zhiyin.apps.audit import services as audit
from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.entries.services import locked
from zhiyin.apps.interactions.entry_contacts import entry_contacts, entry_result
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.surveys.queries import mean_score_pct
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import publish_settings
from zhiyin.domain.flows.entry_results import ArmResult, Bounds, find_breach


def results_of(*, tenant: Tenant, row: EntryRule) -> tuple[ArmResult, ArmResult]:
    """Return the results of those within the rule's share and of those outside, since it last changed."""
    share, rest = (_result(tenant, row, is_in_share=is_in_share) for is_in_share in (True, False))
    return share, rest


def _result(tenant: Tenant, row: EntryRule, *, is_in_share: bool) -> ArmResult:
    contacts = entry_contacts(tenant=tenant, rule_id=row.pk, since=row.counted_since, is_in_share=is_in_share)
    score = mean_score_pct(tenant=tenant, interaction_ids=contacts.values("pk"))
    return replace(entry_result(contacts), score_pct=score)


def watched_rules(*, tenant: Tenant) -> list[int]:
    """Return the rules in force for a share."""
    rows = EntryRule.objects.of(tenant).filter(is_enabled=True, share_pct__lt=100)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def judge_rule(*, tenant: Tenant, rule_id: int, now: datetime) -> bool:
    """Switch the rule off where its share broke a bound, and tell the administrators; return whether it did."""
    row = locked(tenant, rule_id)
    if not (row.is_enabled and row.is_canary):
        return False
    share, rest = results_of(tenant=tenant, row=row)
    breach = find_breach(share, rest, Bounds(row.least_contacts, row.gave_up_points, row.fault_points))
    if breach is None:
        return False
    before = audit.fields_of(row)
    row.is_enabled, row.breach = False, asdict(breach) | {"at": now.isoformat()}
    row.save()
    audit.record(
        actor=Actor(tenant, None, "", ""),
        action="entryrule.switched_off",
        kind="entryrule",
        subject=row.pk,
        name=row.name,
        before=before,
        after=audit.fields_of(row),
        at=now,
    )
    publish_settings(tenant=tenant)
    notify(
        tenant=tenant,
        user_ids=administrators(tenant=tenant).values_list("pk", flat=True),
        category=Category.SYSTEM,
        code=f"entry_rule_off_{breach.reason}",
        facts={"name": row.name, "value": breach.value, "other": breach.other, "contacts": breach.contacts},
        link=f"/admin/entries?open={row.pk}",
        key=f"entry-rule-off-{row.pk}-{now.isoformat()}",
        now=now,
    )
    return True
