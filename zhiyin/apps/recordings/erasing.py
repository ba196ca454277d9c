"""The recordings of a customer's contacts: handed over, and removed unless they are held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.erasing import contacts_of
from zhiyin.apps.interactions.queries import RecordingRows
from zhiyin.apps.recordings.errors import FilesAreRead
from zhiyin.apps.recordings.holds import is_held, lock_retention
from zhiyin.apps.recordings.retention import delete_recordings, may_remove_files, remove_ordered
from zhiyin.apps.tenancy.models import Tenant


def _recordings(tenant: Tenant, customer_id: int) -> RecordingRows:
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    return interactions.list_recordings(tenant=tenant).filter(interaction_id__in=ids).exclude(state="deleted")


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return _recordings(tenant, customer_id).filter(~is_held(tenant)).count()


def count_held(*, tenant: Tenant, customer_id: int) -> int:
    return _recordings(tenant, customer_id).filter(is_held(tenant)).count()


def forget_customer(*, tenant: Tenant, customer_id: int, now: datetime | None = None) -> int:
    """Delete the recordings that nobody holds, with their files. Raises ``FilesAreRead`` while a backup reads them."""
    with transaction.atomic():
        if not may_remove_files():
            raise FilesAreRead
        lock_retention(tenant)
        rows = list(_recordings(tenant, customer_id).filter(~is_held(tenant)))
        delete_recordings(tenant=tenant, rows=rows, keep_days=0, now=now or timezone.now())
        transaction.on_commit(lambda: remove_ordered(tenant))
    return len(rows)


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    rows = _recordings(tenant, customer_id).values("id", "interaction_id", "started_at")
    return {"recordings": [dict(row) for row in rows]}


def points_of_customer(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return by what backups seal the recordings, also those that were deleted since; not those that are held."""
    ids = contacts_of(tenant=tenant, customer_id=customer_id)
    rows = interactions.list_recordings(tenant=tenant).filter(interaction_id__in=ids).filter(~is_held(tenant))
    return [f"recording:{each}" for each in rows.values_list("pk", flat=True)]
