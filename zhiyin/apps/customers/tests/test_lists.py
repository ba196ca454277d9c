"""VIP, block and do-not-call list: who and why, until when, and that the engine knows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.known import read_known
from zhiyin.apps.customers.lists import queries, services
from zhiyin.apps.customers.models import ListEntry
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.testing.contacts import log_contact

JSON = "application/json"
NUMBER = "+8613812345678"
NEXT_YEAR = datetime(2099, 1, 1, tzinfo=UTC)


def somebody(company: Company, *numbers: str) -> int:
    changes = [NumberChange(number=number) for number in numbers or (NUMBER,)]
    return customers.create_customer(actor=company.system, fields={"name": "张三"}, numbers=changes).pk


def add(company: Company, **body: object) -> dict[str, object]:
    body = {"list": "block", "reason": "骚扰电话"} | body
    answer = company.browser("lead").post("/api/lists", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def published(company: Company) -> list[tuple[str, str]]:
    return [(one.number, one.list) for one in build_settings(tenant=company.tenant).listed]


def test_a_number_on_a_list_is_known_to_the_engine_until_it_is_taken_off(company: Company) -> None:
    entry = add(company, number="138 1234 5678", expires_at=NEXT_YEAR.isoformat())
    assert (entry["number"], entry["author"], entry["state"]) == (NUMBER, company.users["lead"].name, "active")
    assert queries.is_on(company.tenant, "block", NUMBER)
    assert not queries.is_on(company.tenant, "vip", NUMBER)
    assert published(company) == [(NUMBER, "block")]
    ended = company.browser("lead").post(f"/api/lists/{entry['id']}/end", {"reason": "误加"}, content_type=JSON).json()
    assert (ended["state"], ended["ended_reason"], ended["ended_by"]) == ("ended", "误加", company.users["lead"].name)
    assert not queries.is_on(company.tenant, "block", NUMBER)
    assert published(company) == []
    history = company.browser("agent").get("/api/lists").json()["items"]
    assert [(one["reason"], one["number"], one["masked"]) for one in history] == [("骚扰电话", None, "138****5678")]
    actions = Entry.objects.of(company.tenant).filter(action__startswith="list_entry").order_by("pk")
    assert [entry.action for entry in actions] == ["list_entry.added", "list_entry.ended"]
    assert "13812345678" not in str([entry.after for entry in actions])


def test_a_customer_on_a_list_stands_there_with_every_number_also_new_ones(company: Company) -> None:
    customer = somebody(company)
    add(company, list="vip", customer_id=customer)
    customers.update_customer(
        actor=company.system, customer_id=customer, fields={}, numbers=[NumberChange(number="95588")]
    )
    assert published(company) == [("95588", "vip")]
    assert queries.lists_of_number(tenant=company.tenant, number="95588") == {"vip"}
    shown = company.browser("agent").get(f"/api/customers/{customer}").json()
    assert shown["lists"] == ["vip"]
    known = read_known(actor=company.actor("agent"), customer_ids=[customer])[customer]
    assert [(badge.code, badge.name, badge.tone) for badge in known.badges] == [("vip", "VIP", "good")]


def test_an_expired_entry_does_not_count_and_makes_room_for_a_new_one(company: Company) -> None:
    now = timezone.now()
    ListEntry.objects.of(company.tenant).create(
        list="block", number=NUMBER, reason="旧", created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    assert not queries.is_on(company.tenant, "block", NUMBER)
    assert published(company) == []
    add(company, number=NUMBER, reason="新")
    states = company.browser("lead").get("/api/lists", {"sort": "created_at"}).json()["items"]
    assert [(one["reason"], one["state"]) for one in states] == [("旧", "ended"), ("新", "active")]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"number": "abc"}, 400, "number"),
        ({"number": NUMBER, "reason": " "}, 422, "reason"),
        ({"number": NUMBER, "expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"customer_id": 2**40}, 400, "customer_id"),
    ],
    ids=["no number", "no reason", "expiry passed", "nobody"],
)
def test_what_cannot_be_listed_is_refused(company: Company, body: dict[str, object], status: int, field: str) -> None:
    given = {"list": "block", "reason": "x"} | body
    answer = company.browser("lead").post("/api/lists", given, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])


def test_twice_on_one_list_is_refused_and_on_two_lists_is_not(company: Company) -> None:
    add(company, number=NUMBER)
    again = company.browser("lead").post(
        "/api/lists", {"list": "block", "number": NUMBER, "reason": "x"}, content_type=JSON
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_listed")
    add(company, list="do_not_call", number=NUMBER)
    assert queries.lists_of_number(tenant=company.tenant, number=NUMBER) == {"block", "do_not_call"}


def test_the_caller_of_a_contact_is_listed_without_being_seen(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number=NUMBER)
    answer = company.browser("lead").post(
        f"/api/interactions/{contact}/list-entry", {"list": "do_not_call", "reason": "客户要求"}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["masked"]) == (201, "138****5678")
    assert queries.is_on(company.tenant, "do_not_call", NUMBER)


def test_many_customers_are_listed_at_once_and_those_already_there_left_as_they_are(company: Company) -> None:
    first, second, third = (somebody(company, f"1390000000{n}") for n in (1, 2, 3))
    add(company, list="do_not_call", customer_id=first, reason="早")
    company.tenant.refresh_from_db()
    version = company.tenant.settings_version
    added = services.add_customers(
        actor=company.system,
        list_code="do_not_call",
        customer_ids=[first, second, third],
        reason="批量",
        now=timezone.now(),
        expires_at=None,
    )
    assert added == [second, third]
    company.tenant.refresh_from_db()
    assert company.tenant.settings_version == version + 1, "the engine is told once, however many there are"
    assert [number for number, _ in published(company)] == [f"+861390000000{n}" for n in (1, 2, 3)]


def test_pasted_numbers_are_listed_at_once_and_each_that_was_not_is_told(company: Company) -> None:
    add(company, number="13900000001")
    pasted = {"list": "block", "numbers": ["139 0000 0001", "13900000002", "+8613900000002", "abc"], "reason": "骚扰"}
    answer = company.browser("lead").post("/api/lists/numbers", pasted, content_type=JSON)
    assert answer.json() == {"added": 1, "already": ["139 0000 0001"], "wrong": ["abc"]}
    assert {number for number, _ in published(company)} == {"+8613900000001", "+8613900000002"}
    assert company.browser("agent").post("/api/lists/numbers", pasted, content_type=JSON).status_code == 403
