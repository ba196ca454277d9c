"""Handing over and erasing over HTTP: previewed, confirmed by name, agreed to by a second person, told of."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, connected_as
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.privacy import services
from zhiyin.apps.privacy.errors import ContactIsOpen
from zhiyin.apps.privacy.tests.persons import MAIL, NAME, NINE, NUMBER, House, make_person, order, project
from zhiyin.apps.testing.contacts import log_contact

JSON = "application/json"


def ask(client: Client, method: str, address: str, **body: object) -> Any:
    return getattr(client, method)(f"/api{address}", body or None, content_type=JSON)


def told(company: Company) -> list[tuple[str, str, dict[str, Any]]]:
    """Return who was told what about erasures, by role."""
    roles = {user.pk: role for role, user in company.users.items()}
    rows = Notification.objects.of(company.tenant).filter(category="system", code__startswith="erasure_").order_by("pk")
    return [(roles[row.user_id], row.code, row.facts) for row in rows]


def test_it_is_previewed_confirmed_by_name_and_done_once(company: Company) -> None:
    customer = make_person(company)
    client = company.browser("administrator")
    told = ask(client, "get", f"/customers/{customer}/erasure").json()
    assert told["goes"]["customer"] >= 4
    wrong = ask(client, "post", f"/customers/{customer}/erasure", confirmation="欧阳", reason="x")
    assert (wrong.status_code, wrong.json()["fields"]) == (400, {"confirmation": "not_confirmed"})
    made = ask(client, "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x")
    assert (made.status_code, made.json()["state"]) == (201, "running")
    again = ask(client, "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x")
    assert again.json()["code"] == "erasure_goes_on"


def test_a_second_person_agrees_where_the_company_wants_it(company: Company) -> None:
    customer = make_person(company)
    client, lead = company.browser("administrator"), company.browser("lead")
    assert ask(client, "put", "/privacy-policy", needs_approval=True).json() == {"needs_approval": True}
    company.grant("lead", "customers.erase")
    made = ask(lead, "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x").json()
    assert (made["state"], made["is_mine"]) == ("waiting", True)
    assert not services.work(tenant=company.tenant, erasure_id=made["id"])
    own = ask(lead, "post", f"/erasures/{made['id']}/decision", is_approved=True)
    assert own.json()["code"] == "own_erasure"
    assert told(company) == [("administrator", "erasure_waits", {"by": company.users["lead"].name})]
    agreed = ask(client, "post", f"/erasures/{made['id']}/decision", is_approved=True).json()
    assert (agreed["state"], agreed["decided_by_name"]) == ("running", company.users["administrator"].name)
    assert ask(lead, "get", f"/erasures/{made['id']}").json() == agreed | {"is_mine": True}


def test_who_is_refused_is_told_and_may_ask_again(company: Company) -> None:
    customer = make_person(company)
    client, lead = company.browser("administrator"), company.browser("lead")
    ask(client, "put", "/privacy-policy", needs_approval=True)
    company.grant("lead", "customers.erase")
    asked = {"confirmation": NAME, "reason": "x"}
    made = ask(lead, "post", f"/customers/{customer}/erasure", **asked).json()
    ask(client, "post", f"/erasures/{made['id']}/decision", is_approved=False)
    assert told(company)[-1] == ("lead", "erasure_refused", {"by": company.users["administrator"].name})
    again = ask(lead, "post", f"/customers/{customer}/erasure", **asked).json()

    def listed(asked: str) -> list[int]:
        return [row["id"] for row in ask(client, "get", f"/erasures?sort=ordered_at&{asked}").json()["items"]]

    assert listed(f"customer={customer}") == [made["id"], again["id"]]
    assert (listed("state=refused"), listed("customer=0")) == ([made["id"]], [])


def test_nobody_is_erased_while_on_the_telephone(house: House) -> None:
    with house.web() as company:
        customer = make_person(company)
        services.save_policy(actor=company.actor("administrator"), needs_approval=True)
    waiting = order(house, customer)
    with house.web() as company:
        log_contact(company.tenant, at=NINE, number=NUMBER)
    project()
    with house.web() as company, pytest.raises(ContactIsOpen):
        services.decide(actor=company.actor("lead"), erasure_id=waiting.pk, is_approved=True)
    with house.web() as company:
        services.decide(actor=company.actor("lead"), erasure_id=waiting.pk, is_approved=False)
    with pytest.raises(ContactIsOpen):
        order(house, customer)


def test_a_person_is_handed_all_that_is_stored(house: House, person: int) -> None:
    company = house.company
    with connected_as(house.database.web):
        answer: Any = company.browser("administrator").get(f"/api/customers/{person}/personal-data")
        content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = content.read("data.json").decode()
    assert all(word in told for word in (NAME, NUMBER, MAIL, "幸福路88号", "养猫"))
    assert {"tables/customer.csv", "tables/notes.csv", "tables/contacts.csv", "index.html"} <= set(content.namelist())
    assert "个人数据 · Personal data" in content.read("index.html").decode()
    entry = Entry.objects.of(company.tenant).get(action="customer.handed_over")
    assert NAME not in str(entry.after) + entry.subject_name
