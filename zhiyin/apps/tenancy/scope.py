"""Which company the database lets this transaction see.

Row-level security compares ``tenant_id`` with the setting ``app.tenant``, which lives as long as the transaction.
Outside such a block a company's tables look empty to the role ``web``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from zhiyin.apps.tenancy.models import Tenant


def enter_tenant(tenant_id: int | None) -> None:
    """Show this transaction the rows of one company, or (None) of none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", ["" if tenant_id is None else str(tenant_id)])


@contextmanager
def inside(tenant: Tenant) -> Iterator[Tenant]:
    """Run a block as one transaction that sees ``tenant``'s rows."""
    with transaction.atomic():
        enter_tenant(tenant.pk)
        yield tenant
