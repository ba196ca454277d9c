"""Two customers become one: of two care tasks of one rule and day, the customer is to be called for one.

A task that was closed stays in the history and the one still to do goes; where both were closed both stay. All other
follow-ups move by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhiyin.apps.customers.merging import register
from zhiyin.apps.customers.snapshots import columns_of, write_row
from zhiyin.apps.followups.models import FollowUp
from zhiyin.apps.tenancy.models import Tenant


def settle_doubled(tenant: Tenant, merged_id: int, kept_id: int) -> Any:
    """Let only one of two such tasks be the rule's; return what ``bring_back`` must know."""
    before: dict[str, Any] = {}
    for spare in list(_spare(tenant, merged_id, kept_id)):
        before[str(spare.pk)] = columns_of(spare)
        if spare.state == FollowUp.State.PLANNED:
            spare.delete()
        else:
            FollowUp.objects.of(tenant).filter(pk=spare.pk).update(rule=None)
    return before


def bring_back(tenant: Tenant, _merged_id: int, _kept_id: int, before: Any) -> None:
    for key, columns in (before or {}).items():
        write_row(FollowUp, tenant, key, columns)


def _spare(tenant: Tenant, merged_id: int, kept_id: int) -> Iterator[FollowUp]:
    """Yield one of each two: what is still to do rather than what was done, the merged one's rather than the other."""
    by_rule = FollowUp.objects.of(tenant).filter(rule__isnull=False)
    kept = {(row.rule_id, row.anchor_on): row for row in by_rule.filter(customer_id=kept_id)}
    for row in by_rule.filter(customer_id=merged_id).order_by("pk"):
        other = kept.get((row.rule_id, row.anchor_on))
        if other is not None:
            is_kept_spare = other.state == FollowUp.State.PLANNED and row.state != FollowUp.State.PLANNED
            yield other if is_kept_spare else row


def register_merging() -> None:
    register("followups.followup.rule", settle_doubled, bring_back)
