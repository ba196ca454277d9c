"""Reading trials of rules, and what the engine needs of the one that runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from zhiyin.apps.queues.queries import list_queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.contracts.snapshots import DraftClassSetting, DraftQueueSetting, TrialSetting

RUNNING = (RuleTrial.State.SHADOW.value, RuleTrial.State.CANARY.value)


def list_trials(*, tenant: Tenant, search: str = "") -> QuerySet[RuleTrial]:
    rows = RuleTrial.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_trial(*, tenant: Tenant, trial_id: int) -> RuleTrial:
    """Raises ``NotFound``."""
    row = RuleTrial.objects.of(tenant).filter(pk=trial_id).first()
    if row is None:
        raise NotFound
    return row


def engine_section(tenant: Tenant) -> dict[str, Any]:
    row = RuleTrial.objects.of(tenant).filter(state__in=RUNNING).first()
    if row is None:
        return {"trial": None}
    began_at = row.canary_began_at if row.state == RuleTrial.State.CANARY else row.shadow_began_at
    assert began_at is not None, "one that runs has begun"
    return {"trial": setting_of(tenant, row, stage=row.state, began_at=began_at)}


def setting_of(tenant: Tenant, row: RuleTrial, *, stage: str, began_at: datetime) -> TrialSetting:
    """Return the draft as the engine takes it in a stage."""
    changes = row.changes
    return TrialSetting(
        id=row.pk,
        stage=stage,
        began_at=began_at,
        queues=tuple(queues_of(tenant=tenant, changes=changes)),
        draft_queues=msgspec.convert(changes.get("queues", []), tuple[DraftQueueSetting, ...]),
        draft_classes=msgspec.convert(changes.get("classes", []), tuple[DraftClassSetting, ...]),
        contact_choice=changes.get("contact_choice"),
        share_pct=row.share_pct,
        least_contacts=row.least_contacts,
        drop_pct=row.drop_pct,
        wait_p90_s=row.wait_p90_s,
        score_drop_pct=row.score_drop_pct,
    )


def queues_of(*, tenant: Tenant, changes: dict[str, Any]) -> list[int]:
    """Return in whose lines the draft makes a difference: all where it concerns the company's rules."""
    if changes.get("classes") or changes.get("contact_choice"):
        return list(list_queues(tenant=tenant).order_by("pk").values_list("pk", flat=True))
    return [queue["id"] for queue in changes.get("queues", [])]
