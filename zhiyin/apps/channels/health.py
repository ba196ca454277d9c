"""How it stands with trunks, as the worker saw them last (``contracts/readings.py``)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhiyin.apps.channels.models import Trunk
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.readings import read_readings
from zhiyin.domain.alarms import READINGS_LAST
from zhiyin.domain.interface_health import Condition, Interface


def interfaces_of(tenant: Tenant) -> list[Interface]:
    read = read_readings(Path(settings.RUN_DIR)) if settings.RUN_DIR else None
    is_fresh = read is not None and timezone.now() - read.at <= READINGS_LAST
    down = {each.name: each.state for each in read.trunks if each.company == tenant.code} if read is not None else {}
    found = []
    for row in Trunk.objects.of(tenant):
        if not row.is_enabled:
            found.append(Interface("trunk", row.pk, row.name, Condition.OFF))
        elif read is None or not is_fresh:
            found.append(Interface("trunk", row.pk, row.name, Condition.UNPROVEN))
        elif row.name in down:
            reason = f"trunk_{down[row.name]}"
            found.append(Interface("trunk", row.pk, row.name, Condition.FAILING, failed_at=read.at, reason=reason))
        else:
            found.append(Interface("trunk", row.pk, row.name, Condition.WORKS, succeeded_at=read.at))
    return found
