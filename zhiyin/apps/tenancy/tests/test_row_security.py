"""The walls between companies hold in the database itself."""

from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.tenancy.errors import TenantMissing
from zhiyin.apps.tenancy.row_security import unsecured_tables
from zhiyin.apps.tenancy.scope import enter_tenant


def test_every_table_with_a_tenant_is_behind_the_wall(rolled_back: Database) -> None:
    assert unsecured_tables() == []


def test_the_log_and_the_projections_are_behind_the_wall_too(database: Database) -> None:
    """The tables made by hand have a ``tenant_id`` like the others, so that the test above sees them."""
    with psycopg.connect(database.owner) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
            "WHERE c.relforcerowsecurity"
        ).fetchall()
    secured = {name for (name,) in rows}
    assert secured >= {"event_log", "event_personal", "open_stream", "agent_checkpoint", "engine_settings"}
    assert secured >= {"interaction", "segment", "agent_state_span", "recording", "accounts_user", "audit_entry"}


def test_without_a_company_nothing_is_seen(company: Company) -> None:
    assert Entry.objects.of(company.tenant).exists()
    enter_tenant(None)
    assert not Entry.objects.of(company.tenant).exists()


def test_another_companys_rows_are_not_seen(company: Company, other_company: Company) -> None:
    assert Entry.objects.of(company.tenant).exists()
    assert not Entry.objects.of(other_company.tenant).exists()


def test_nothing_is_written_into_another_company(company: Company, other_company: Company) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Customer.objects.of(other_company.tenant).create(name="越界")


def test_a_query_that_names_no_company_raises() -> None:
    with pytest.raises(TenantMissing, match="Customer"):
        Customer.objects.all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET type = type",
        "DELETE FROM event_log",
        "UPDATE audit_entry SET action = action",
        "DELETE FROM audit_entry",
        "UPDATE interaction SET id = id",
        "DELETE FROM segment",
        "SELECT * FROM event_log_default",
        "UPDATE engine_lease SET epoch = 0",
        "ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY",
    ],
)
def test_web_cannot_change_what_has_happened(database: Database, statement: str) -> None:
    with psycopg.connect(database.web) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
