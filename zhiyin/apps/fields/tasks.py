"""Jobs of custom fields: entering the values of a field that became searchable."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhiyin.apps.fields import values
from zhiyin.apps.fields.models import FieldDefinition
from zhiyin.apps.fields.subjects import get_subject
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import enter_tenant

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=2, wait=10)
_BATCH = 2_000


@app.task(name="fields.fill_index", queue="fields", retry=_RETRY, pass_context=False)
def fill_index(*, tenant_id: int, field_id: int) -> None:
    """Enter every record's value of one field, a batch a transaction. Safe to repeat; a write meanwhile enters itself.

    The last transaction says that the index is whole. A field that is no longer searchable, or no more, is left alone.
    """
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    after: int | None = 0
    while tenant is not None and after is not None:
        with transaction.atomic():
            enter_tenant(tenant.pk)
            after = _fill_batch(tenant, field_id, after)


def _fill_batch(tenant: Tenant, field_id: int, after: int) -> int | None:
    """Return the last id of the batch, None when there is nothing more to do."""
    row = FieldDefinition.objects.of(tenant).select_for_update().filter(pk=field_id).first()
    if row is None or not (row.is_searchable or row.is_unique):
        return None
    records = dict(get_subject(row.subject).records(tenant, after, _BATCH))
    if not records:
        row.indexed_at = timezone.now()
        row.save(update_fields=["indexed_at"])
        return None
    filled: dict[int, Mapping[str, Any]] = {pk: record for pk, record in records.items() if row.code in record}
    values.enter_many(tenant, row.subject, filled, fields=[row.to_definition()])
    return max(chain(records, (after,)))
