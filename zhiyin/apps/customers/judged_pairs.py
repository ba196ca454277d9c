"""What a merge does to the pairs of possible duplicates, and its undoing with them.

The pair that was merged is settled. The merged one's pairs with others become the kept one's, with what people judged:
nobody shall have to look for them, or judge them, again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from zhiyin.apps.customers import snapshots
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.models.merging import DuplicatePair
from zhiyin.apps.tenancy.models import Tenant


def move_pairs(tenant: Tenant, merged_id: int, kept_id: int) -> Any:
    """Settle the pair of the two, let the others follow; return what ``move_pairs_back`` must know."""
    rows = DuplicatePair.objects.of(tenant)
    theirs = list(rows.filter(Q(low_id=merged_id) | Q(high_id=merged_id)).order_by("pk"))
    kept_ones = rows.filter(Q(low_id=kept_id) | Q(high_id=kept_id))
    known = {_other(pair, kept_id) for pair in kept_ones}
    before = {str(pair.pk): snapshots.columns_of(pair) for pair in theirs}
    for pair in theirs:
        other = _other(pair, merged_id)
        if other == kept_id or other in known:
            pair.delete()
            continue
        pair.low_id, pair.high_id = sorted((kept_id, other))
        pair.save(update_fields=["low_id", "high_id"])
    return before or None


def move_pairs_back(tenant: Tenant, before: Mapping[str, Any] | None) -> None:
    """Let the merged one's pairs be what they were, as far as both customers are still there."""
    for key, columns in (before or {}).items():
        both = (columns["low_id"], columns["high_id"])
        rows = DuplicatePair.objects.of(tenant)
        rows.filter(pk=key).delete()
        if Customer.objects.of(tenant).filter(pk__in=both).count() == len(both):
            rows.filter(low_id=both[0], high_id=both[1]).delete()  # found again since
            snapshots.write_row(DuplicatePair, tenant, key, columns)


def _other(pair: DuplicatePair, customer_id: int) -> int:
    return pair.high_id if pair.low_id == customer_id else pair.low_id
