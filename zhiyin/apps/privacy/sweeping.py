"""Replacing words wherever they stand in a company's rows: every table, also those that are added later."""

from __future__ import annotations

from django.db import connection

from zhiyin.apps.privacy.sealing_plan import UNREADABLE_ENTRY
from zhiyin.apps.tenancy.models import Tenant

#: what stands where a person's word stood
#: two signs: never longer than what it replaces
ERASED = "••"


def sweep(*, tenant: Tenant, words: list[str]) -> int:
    """Replace the words in every text and JSON column of the company's rows; return how many rows held one.

    By a function of the database's owner (``replace_words``), which the role of the worker alone may call: no single
    role may write every table. The log is passed over: it names nobody.
    """
    if not words:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT replace_words(%s, %s, %s)", [tenant.pk, words, ERASED])
        return int(cursor.fetchone()[0])


def empty_audit(*, tenant: Tenant, subjects: list[str], words: list[str]) -> list[int]:
    """Take out of the audit what acts on these subjects ("customer:7") said, and what holds one of the words.

    Who did what and when stays. Returns the entries that were changed by it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT empty_audit(%s, %s, %s, %s)", [tenant.pk, subjects, words, ERASED])
        return list(cursor.fetchone()[0] or [])


def unreadable_entries(*, tenant: Tenant) -> list[int]:
    """Return the entries of the audit whose words a restore could not open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_entry WHERE tenant_id = %s AND after = %s::jsonb ORDER BY id",
            [tenant.pk, UNREADABLE_ENTRY],
        )
        return [row[0] for row in cursor.fetchall()]
