"""Knowing before hello: what one call tells the desk about whoever is calling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import known
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.known import Badge, Known, KnownMatter, Mood
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.models import CustomerLink, WrapUp
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.attached_data import to_value
from zhiyin.contracts.events import interaction_stream
from zhiyin.domain.interactions import DataAttached, EndedBy, InteractionEnded

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = "+8613812345678"
#: session with company, user, the contact itself, who has its number; of those who are known all that is known, and
#: what belongs to their last contacts
FROZEN = {"unknown": 4, "known": 6}


def add(company: Company, name: str, number: str = NUMBER) -> int:
    changes = [customers.NumberChange(number=number)]
    return customers.create_customer(actor=company.system, fields={"name": name}, numbers=changes).pk


def past_contact(company: Company, customer: int, *, day: int, result: str = "", about: int | None = None) -> str:
    """A contact that is over and projected, with what its agent wrote."""
    at = NINE + timedelta(days=day)
    ended = InteractionEnded(by=EndedBy.AGENT, reason="hangup")
    contact = log_contact(company.tenant, at=at, number=None, then=[(9, ended)])
    CustomerLink(tenant=company.tenant, interaction_id=contact, customer_id=customer, at=at).save()
    if result:
        WrapUp(
            tenant=company.tenant,
            interaction_id=contact,
            user=company.users["agent"],
            disposition_id=about,
            result=result,
            note=f"note of day {day}",
            completed_at=at,
        ).save()
    return contact


def pop_of(company: Company, contact: str, role: str = "agent") -> dict[str, Any]:
    answer = company.browser(role).get(f"/api/interactions/{contact}/pop")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_open_and_solved_matters_come_from_what_agents_wrote(company: Company) -> None:
    customer = add(company, "张三")
    repair = queues.create_disposition(actor=company.system, fields={"name": "维修", "name_en": "Repair"}).pk
    invoice = queues.create_disposition(actor=company.system, fields={"name": "发票", "name_en": "Invoice"}).pk
    past_contact(company, customer, day=1, result="follow_up", about=repair)
    last = past_contact(company, customer, day=3, result="escalated", about=repair)
    past_contact(company, customer, day=2, result="resolved", about=invoice)
    past_contact(company, customer, day=4, result="invalid", about=invoice)
    (match,) = pop_of(company, log_contact(company.tenant, at=timezone.now(), number=NUMBER))["matches"]
    assert [(m["title"], m["id"], m["contacts"], m["note"]) for m in match["open"]] == [
        ("维修", last, 2, "note of day 3")
    ]
    assert [m["title"] for m in match["solved"]] == ["发票"]
    assert (match["badges"], match["products"], match["mood"]) == ([], [], None)  # nobody knows: nothing is said


def test_what_a_later_contact_solved_is_no_open_matter(company: Company) -> None:
    customer = add(company, "张三")
    repair = queues.create_disposition(actor=company.system, fields={"name": "维修"}).pk
    past_contact(company, customer, day=1, result="follow_up", about=repair)
    past_contact(company, customer, day=2, result="resolved", about=repair)
    (match,) = pop_of(company, log_contact(company.tenant, at=timezone.now(), number=NUMBER))["matches"]
    assert (match["open"], len(match["solved"])) == ([], 1)


def test_an_unknown_callers_form_is_filled_with_what_came_along(company: Company) -> None:
    ref = "data:1"
    contact = log_contact(company.tenant, at=timezone.now(), number=NUMBER, then=[(1, DataAttached(ref, "carrier"))])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, 'data', %s)",
            [
                *(company.tenant.pk, ref, interaction_stream(contact)),
                to_value({"Customer-Name": "周芳", "公司": "机械厂", "order": "A-17"}),
            ],
        )
    pop = pop_of(company, contact)
    assert pop["details"] == {"name": "周芳", "company": "机械厂", "address": ""}
    assert pop["data"] == {"Customer-Name": "周芳", "公司": "机械厂", "order": "A-17"}
    assert pop["place"] == "江苏 连云港"


def test_a_new_customer_keeps_the_address_that_was_filled_in(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number=NUMBER)
    body = {"name": "周芳", "company": "机械厂", "address": "海州区 1 号"}
    made = company.browser("agent").post(f"/api/interactions/{contact}/customer", body, content_type="application/json")
    assert (made.json()["address"], made.json()["company"]) == ("海州区 1 号", "机械厂")
    assert pop_of(company, contact)["customer_id"] == made.json()["id"]


def known_elsewhere(_: Actor, customer_ids: list[int]) -> dict[int, Known]:
    return {
        customer_ids[0]: Known(
            matters=(KnownMatter("ticket", "7", "T-7", "", True, NINE),),
            badges=(Badge("vip", "VIP", "good"),),
            products=("Boiler",),
            mood=Mood(2, 5, "slow", NINE),
        )
    }


def test_another_part_of_the_product_tells_what_it_knows(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    add(company, "张三")
    monkeypatch.setattr(settings, "KNOWN_SOURCES", [f"{__name__}.known_elsewhere"])
    (match,) = pop_of(company, log_contact(company.tenant, at=timezone.now(), number=NUMBER))["matches"]
    assert [(m["kind"], m["id"]) for m in match["open"]] == [("ticket", "7")]
    assert [badge["code"] for badge in match["badges"]] == ["vip"]
    assert (match["products"], match["mood"]["score"]) == (["Boiler"], 2)
    known._sources.cache_clear()


def test_the_pops_statements_do_not_grow_with_matches_contacts_or_matters(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    """Five matches with many contacts and matters each cost what one costs."""
    company = committed_company()

    def fill(names: list[str], contacts: int) -> None:
        with connected_as(as_engine.web), inside(company.tenant):
            repair = queues.create_disposition(actor=company.system, fields={"name": f"维修{names}"}).pk
            for name in names:
                customer = add(company, name)
                for day in range(contacts):
                    past_contact(company, customer, day=day, result="follow_up", about=repair)
        Projector([ContactProjection()], database_url="").catch_up()

    def count() -> int:
        with connected_as(as_engine.web):
            client = company.browser("agent")
            with CaptureQueriesContext(connection) as statements:
                found = client.get(f"/api/interactions/{contact}/pop").json()["matches"]
            assert all(match["last"] and match["open"] for match in found)
        words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return sum(not statement["sql"].startswith(words) for statement in statements.captured_queries)

    with connected_as(as_engine.web), inside(company.tenant):
        contact = log_contact(company.tenant, at=NINE + timedelta(days=30), number=NUMBER)
    unknown = count()
    fill(["a"], 1)
    few = count()
    fill(["b", "c", "d", "e"], 6)
    assert ({"unknown": unknown, "known": few}, count()) == (FROZEN, FROZEN["known"])
