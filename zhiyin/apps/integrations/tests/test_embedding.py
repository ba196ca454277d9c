"""Who may embed a company's telephone: chosen by its administrators, as browsers write it, audited."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.tenancy.scope import enter_tenant

JSON = "application/json"


def save(company: Company, *origins: str) -> Any:
    return company.browser("administrator").put("/api/embedding", {"origins": origins}, content_type=JSON)


def told(code: str) -> list[str]:
    answer = Client().get(f"/api/embedding/{code}")
    assert answer.status_code == 200
    origins: list[str] = answer.json()["origins"]
    return origins


def test_origins_are_kept_as_browsers_write_them_each_once_and_audited_once(company: Company) -> None:
    assert company.browser("administrator").get("/api/embedding").json() == {"origins": []}
    for _ in range(2):
        answer = save(company, " https://CRM.example/app?x=1 ", "https://crm.example:443", "http://localhost:3000")
        assert answer.json() == {"origins": ["https://crm.example", "http://localhost:3000"]}
    entry = Entry.objects.of(company.tenant).get(action="embedding.changed")
    assert (entry.before, entry.after) == ({"origins": []}, answer.json())


@pytest.mark.parametrize(
    ("origin", "code"), [("https://*.example", "wildcard"), ("http://crm.example", "needs_https"), ("x", "bad_origin")]
)
def test_what_nobody_can_trust_is_refused_by_its_place(company: Company, origin: str, code: str) -> None:
    answer = save(company, "https://crm.example", origin)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["fields"] == {"origins.1": code}
    assert company.browser("administrator").get("/api/embedding").json() == {"origins": []}


def test_more_than_fit_into_a_header_are_refused(company: Company) -> None:
    answer = save(company, *(f"https://crm{n}.example" for n in range(31)))
    assert (answer.status_code, answer.json()["fields"]) == (422, {"origins": "too_long"})


def test_the_page_is_told_its_own_companys_origins_before_anybody_logs_in(
    company: Company, other_company: Company
) -> None:
    save(company, "https://crm.example")
    enter_tenant(other_company.tenant.pk)
    save(other_company, "https://erp.example")
    enter_tenant(None)
    assert told(company.tenant.code) == ["https://crm.example"]
    assert told(other_company.tenant.code.upper()) == ["https://erp.example"]
    assert told("no-such-company") == []
