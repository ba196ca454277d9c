"""Reading imports and their rows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.tenancy.models import Tenant

WORKING_STATES = (Import.State.CHECKING, Import.State.RUNNING, Import.State.UNDOING)


def standing_still(*, tenant: Tenant, before: datetime) -> list[int]:
    """Return the imports at work on which nothing was done since ``before``."""
    rows = Import.objects.of(tenant).filter(state__in=WORKING_STATES, moved_at__lt=before)
    return list(rows.values_list("pk", flat=True))


def rows_of(found: Import, *, outcome: str = "", state: str = "") -> QuerySet[ImportRow]:
    """Return an import's rows in the order of the file."""
    rows: QuerySet[ImportRow] = ImportRow.objects.of(found.tenant).filter(imported=found)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("number")
