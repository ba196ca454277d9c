"""The contacts that came by an entry rule, and how they fared in the flow that it led them to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Avg, Count, Q, QuerySet, Sum

from zhiyin.apps.interactions.models import Interaction
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.calls.flow_turns import BLOCKED, FLOW_FAULT
from zhiyin.domain.flows.entry_results import ArmResult


def entry_contacts(*, tenant: Tenant, rule_id: int, since: datetime, is_in_share: bool) -> QuerySet[Interaction]:
    """Return the contacts that are over of one arm of an entry rule.

    Who had fallen outside of an earlier rule's share before is in neither: that one's comparison has it.
    """
    rows: QuerySet[Interaction] = Interaction.objects.of(tenant).filter(started_at__gte=since, ended_at__isnull=False)
    rows = rows.exclude(end_reason=BLOCKED)
    if is_in_share:
        return rows.filter(entry_rule_id=rule_id, entry_trial_id__isnull=True)
    return rows.filter(entry_trial_id=rule_id)


def entry_result(contacts: QuerySet[Interaction]) -> ArmResult:
    """Return how these contacts fared in the flow that they came to."""
    gave_up = Q(ended_by="customer", queued_at__isnull=True, answered_at__isnull=True, channel="voice")
    counted = contacts.aggregate(
        contacts=Count("pk"),
        gave_up=Count("pk", filter=gave_up),
        reached=Count("pk", filter=Q(answered_at__isnull=False)),
        faults=Count("pk", filter=Q(end_reason=FLOW_FAULT) | Q(caught_faults__gt=0)),
        failed_requests=Sum("failed_requests", default=0),
        flow_s=Avg("flow_s"),
    )
    return ArmResult(**counted)
