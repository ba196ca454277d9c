"""Another system's page for a contact: whose numbers stand in its address, and whose contacts have one at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact

JSON = "application/json"
NUMBER = "+8613812345678"
TEMPLATE = "https://crm.example/?phone={national_number}&call={call}&way={direction}"


def save(company: Company, template: str = TEMPLATE, **fields: Any) -> Any:
    body = {"template": template} | fields
    return company.browser("administrator").put("/api/screen-pop", body, content_type=JSON)


@pytest.fixture
def contact(as_engine: Database, committed_company: Callable[[], Company]) -> tuple[Company, str, Database]:
    company = committed_company()
    with inside(company.tenant):
        agent = company.users["agent"].pk
        found = log_contact(company.tenant, at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), number=NUMBER, agent=agent)
    Projector([ContactProjection()], database_url="").catch_up()
    return company, found, as_engine


def screen(company: Company, contact: str, role: str) -> dict[str, Any]:
    answer = company.browser(role).get(f"/api/interactions/{contact}/screen")
    told: dict[str, Any] = answer.json()
    return told


def test_the_address_holds_the_number_only_for_who_may_see_it(contact: tuple[Company, str, Database]) -> None:
    company, found, database = contact
    address = f"https://crm.example/?phone=13812345678&call={found}&way=inbound"
    with connected_as(database.web), inside(company.tenant):
        assert screen(company, found, "administrator") == {"address": "", "opens": "button", "missing": ""}
        assert save(company, opens="tab").status_code == 200
        assert screen(company, found, "administrator") == {"address": address, "opens": "tab", "missing": ""}
        hidden = screen(company, found, "agent")
        assert hidden == {"address": "", "opens": "tab", "missing": "number_hidden"}
        save(company, tells_numbers=True)
        assert screen(company, found, "agent")["address"] == address


def test_what_is_not_known_is_named(contact: tuple[Company, str, Database]) -> None:
    company, found, database = contact
    with connected_as(database.web), inside(company.tenant):
        save(company, "https://crm.example/#Contact/view/{remote_customer}")
        assert screen(company, found, "administrator")["missing"] == "remote_customer"


def test_a_desk_without_another_system_asks_for_a_contact_that_is_not_stored_yet(company: Company) -> None:
    """It is told of a ringing contact before that stands in the records: nothing is wrong, so nothing is refused."""
    not_yet = "01a207c9e0d4d07d8802eaf80fd4"
    assert screen(company, not_yet, "agent") == {"address": "", "opens": "button", "missing": ""}
    save(company)
    assert company.browser("agent").get(f"/api/interactions/{not_yet}/screen").status_code == 404


def test_a_bad_address_is_refused_by_name_and_a_change_is_audited(company: Company) -> None:
    answer = save(company, "http://crm.example/{call}")
    assert (answer.status_code, answer.json()["fields"]) == (400, {"template": "needs_https"})
    save(company)
    entry = Entry.objects.of(company.tenant).get(action="screen_address.changed")
    before, after = entry.before or {}, entry.after or {}
    assert (before["template"], after["template"]) == ("", TEMPLATE)
    assert company.browser("administrator").get("/api/screen-pop").json()["template"] == TEMPLATE
