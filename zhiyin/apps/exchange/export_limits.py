"""What may leave as a file, and what an export is beyond."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, Sum

from zhiyin.apps.audit import services as audit
from zhiyin.apps.exchange.models import Export, ExportPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: a sheet of XLSX holds no more, with its titles and its watermark
MOST_ROWS = 1_000_000
_POLICY_FIELDS = ("rows_at_once", "rows_per_export", "rows_per_day", "over_limit", "keep_hours", "watermark")
_NOT_TAKEN = (Export.State.WAITING, Export.State.REFUSED, Export.State.CANCELLED, Export.State.FAILED)


def policy_of(*, tenant: Tenant) -> ExportPolicy:
    """Return the company's limits; a company that set none has those that every company begins with."""
    return ExportPolicy.objects.of(tenant).first() or ExportPolicy(tenant=tenant)


@transaction.atomic
def save_policy(*, actor: Actor, fields: Mapping[str, Any]) -> ExportPolicy:
    """Set limits; they hold for what is exported from now on."""
    policy = policy_of(tenant=actor.tenant)
    before = _shown(policy)
    for name in _POLICY_FIELDS:
        if name in fields:
            setattr(policy, name, fields[name])
    policy.save()
    audit.record(actor=actor, action="export_policy.changed", kind="export_policy", before=before, after=_shown(policy))
    return policy


def _shown(policy: ExportPolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in _POLICY_FIELDS}


def taken_today(*, actor: Actor, now: datetime) -> int:
    """Return how many rows this user (or key) has exported since the company's midnight."""
    midnight = now.astimezone(ZoneInfo(actor.tenant.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    whose = Q(by_id=actor.user_id) if actor.user_id else Q(by__isnull=True, by_name=actor.name)
    rows = Export.objects.of(actor.tenant).filter(whose, created_at__gte=midnight).exclude(state__in=_NOT_TAKEN)
    return rows.aggregate(rows=Sum("total"))["rows"] or 0


def limits_passed(policy: ExportPolicy, *, actor: Actor, rows: int, now: datetime) -> list[str]:
    """Return which limits an export of so many rows is beyond: "rows_per_export", "rows_per_day"."""
    beyond = []
    if rows > policy.rows_per_export:
        beyond.append("rows_per_export")
    if taken_today(actor=actor, now=now) + rows > policy.rows_per_day:
        beyond.append("rows_per_day")
    return beyond
