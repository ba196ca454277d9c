"""One transaction a request: a refusal keeps nothing, a fault is told, a lost database harms no later request."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.conftest import Company, Database
from zhiyin.apps.customers import services as customers
from zhiyin.apps.tenancy.scope import inside

JSON = "application/json"


def test_a_request_leaves_no_company_behind_in_the_connection(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    assert company.browser("lead").get("/api/customers").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        assert cursor.fetchone()[0] in (None, "")


def test_a_fault_is_told_as_a_problem_and_nothing_is_kept(
    database: Database, committed_company: Callable[[], Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    company = committed_company()
    client = company.browser("agent")
    client.raise_request_exception = False

    def break_down(**_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(customers, "set_reach", lambda *_: break_down())
    answer = client.post("/api/customers", {"name": "半个"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    monkeypatch.undo()
    assert client.get("/api/customers").json()["total"] == 0


def test_a_database_that_went_away_is_told_and_found_again(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    client = company.browser("agent")
    assert client.get("/api/customers").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with psycopg.connect(database.owner.replace("owner@", "postgres@"), autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    answer = client.get("/api/customers")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "database_away", "2")
    connection.close()
    assert client.get("/api/customers").status_code == 200


def test_a_kept_connection_is_looked_at_without_a_statement_and_its_end_is_seen(database: Database) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with CaptureQueriesContext(connection) as statements:
        assert connection.is_usable()
    assert len(statements) == 0
    with psycopg.connect(database.owner.replace("owner@", "postgres@"), autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    assert not connection.is_usable()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_two_requests_of_two_companies_see_their_own(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    companies = [committed_company(), committed_company()]
    for number, company in enumerate(companies):
        with inside(company.tenant):
            customers.create_customer(actor=company.system, fields={"name": f"客户{number}"})
    for _ in range(2):
        for number, company in enumerate(companies):
            names = [item["name"] for item in company.browser("lead").get("/api/customers").json()["items"]]
            assert names == [f"客户{number}"]
