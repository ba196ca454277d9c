"""Files that came in with a customer, and files that went out and may hold one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhiyin.apps.exchange.models import Export, ExportPiece, Import, ImportRow, StoredFile
from zhiyin.apps.tenancy.models import Tenant

_KINDS = ("customers",)


def _rows(tenant: Tenant, customer_id: int) -> QuerySet[ImportRow]:
    rows: QuerySet[ImportRow] = ImportRow.objects.of(tenant).filter(subject_id=customer_id, imported__kind__in=_KINDS)
    return rows


def _files(tenant: Tenant, customer_id: int) -> QuerySet[StoredFile]:
    came_in = Import.objects.of(tenant).filter(pk__in=_rows(tenant, customer_id).values("imported_id"))
    went_out = Export.objects.of(tenant).filter(state=Export.State.READY)
    ids = {*came_in.values_list("file_id", flat=True), *went_out.values_list("file_id", flat=True)}
    rows: QuerySet[StoredFile] = StoredFile.objects.of(tenant).filter(pk__in=[each for each in ids if each])
    return rows


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return _rows(tenant, customer_id).count() + _files(tenant, customer_id).count()


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Empty the rows by which the customer came, and remove the files: nobody can take one person out of a file.

    An import whose rows stand in the table needs its file no more; an export is made anew.
    """
    count, _ = _files(tenant, customer_id).delete()
    Import.objects.of(tenant).filter(pk__in=_rows(tenant, customer_id).values("imported_id")).update(sample=[])
    Export.objects.of(tenant).filter(state=Export.State.READY).update(state=Export.State.REMOVED)
    making = Export.objects.of(tenant).filter(state=Export.State.RUNNING)
    ExportPiece.objects.of(tenant).filter(export__in=making).delete()
    making.update(finished=0)
    rows = _rows(tenant, customer_id)
    return count + rows.update(
        cells=[], before=None, after=None, keys=[], subject_name="", problems={}, subject_id=None
    )


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    rows = _rows(tenant, customer_id).values("imported__file_name", "number", "cells")
    return {"imported": [dict(row) for row in rows]}
