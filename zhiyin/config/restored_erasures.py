"""Persons whom an older backup brought back: erased again before anything starts.

The ledger of erasures (``DATA/erasures.jsonl``) lies beside the database and in no backup.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg

from zhiyin.config.environment import Environment

LEDGER = "erasures.jsonl"
#: remembered by a restore that found entries of the audit whose keys were forgotten
UNREADABLE_AUDIT = "unreadable_audit"


def has_missing_erasures(data: Path, connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the ledger names an erasure of a company here that this database does not know as done."""
    numbers, companies = [], []
    try:
        text = (data / LEDGER).read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    for line in text.splitlines():
        try:
            told = json.loads(line)
            number, company = str(told["number"]), str(told["company"])
        except (ValueError, KeyError, TypeError):
            continue  # cut off by a crash
        numbers.append(number)
        companies.append(company)
    found = connection.execute(
        """
        SELECT EXISTS (
            SELECT FROM unnest(%s::text[], %s::text[]) AS line(number, company)
            JOIN tenancy_tenant tenant ON tenant.code = line.company
            WHERE NOT EXISTS (SELECT FROM privacy_erasure erasure
                              WHERE erasure.number::text = line.number AND erasure.state IN ('done', 'refused')))
        """,
        (numbers, companies),
    ).fetchone()
    return found == (True,)


def erase_again(environment: Environment) -> None:
    """Do the erasures that are missing, from their first step to their certificate.

    Then the audit's chain is told of the entries that the restore could not read.
    """
    os.environ.update(environment.to_environ())
    os.environ["ZHIYIN_DB_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
    import django  # noqa: PLC0415 - the environment first

    django.setup()
    from zhiyin.apps.privacy import ledger, services  # noqa: PLC0415 - after setup

    for tenant, erasure in ledger.order_missing():
        while services.work(tenant=tenant, erasure_id=erasure.pk):
            pass
    services.tell_chain_of_unreadable()
