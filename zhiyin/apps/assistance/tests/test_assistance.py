"""Checklists ticked in a contact, recommendations answered, quick replies found, desks set up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zhiyin.apps.assistance import services
from zhiyin.apps.assistance.models import ChecklistTick
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.queues import services as queues
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.domain.interactions import Offered, QueueEntered

JSON = "application/json"
GREET = {"key": "greet", "title": "问候", "words": "您好，请问怎么称呼？", "is_required": True}
CLOSE = {"key": "close", "title": "致谢", "words": "", "is_required": False}


def contact_of(company: Company, queue: int = 1) -> str:
    agent = company.users["agent"].pk
    now = timezone.now()
    return log_contact(
        company.tenant,
        at=now,
        then=[(1, QueueEntered(queue=queue)), (2, Offered(offer="o", agent=agent, leg="l", expires_at=now))],
    )


def link(company: Company, contact: str, **fields: Any) -> int:
    customer = customers.create_customer(actor=company.system, fields={"name": "张三"} | fields).pk
    address = f"/api/interactions/{contact}/customer"
    assert company.browser("agent").post(address, {"customer_id": customer}, content_type=JSON).status_code == 200
    return customer


# --- checklists -----------------------------------------------------------------------------------------------------


def test_a_contact_shows_the_lists_of_its_queue_and_of_all(company: Company) -> None:
    sales, service = (queues.create_queue(actor=company.system, fields={"name": name}).pk for name in ("销售", "售后"))
    for name, queue in (("全部", None), ("销售", sales), ("售后", service)):
        fields = {"name": name, "queue_id": queue, "steps": [GREET]}
        services.create_checklist(actor=company.system, fields=fields)
    services.create_checklist(actor=company.system, fields={"name": "停用", "steps": [GREET], "is_active": False})
    contact = contact_of(company, service)
    shown = company.browser("agent").get(f"/api/interactions/{contact}/checklists").json()["items"]
    assert [each["name"] for each in shown] == ["全部", "售后"]
    assert shown[0]["steps"][0] | GREET == shown[0]["steps"][0]


def test_a_ticked_step_stays_with_the_contact_as_it_read_then(company: Company) -> None:
    row = services.create_checklist(actor=company.system, fields={"name": "开场", "steps": [GREET, CLOSE]})
    contact, client = contact_of(company), company.browser("agent")
    address = f"/api/interactions/{contact}/checklists/{row.pk}/greet"
    for _ in range(2):
        answer = client.put(address, {"is_ticked": True}, content_type=JSON)
    (steps,) = [each["steps"] for each in answer.json()["items"]]
    assert [bool(step["ticked_at"]) for step in steps] == [True, False]
    assert steps[0]["ticked_by"] == company.users["agent"].name
    services.update_checklist(actor=company.system, checklist_id=row.pk, fields={"steps": [CLOSE]})
    (steps,) = [each["steps"] for each in client.get(f"/api/interactions/{contact}/checklists").json()["items"]]
    assert [(step["title"], bool(step["ticked_at"])) for step in steps] == [("致谢", False), ("问候", True)]
    services.remove_checklist(actor=company.system, checklist_id=row.pk, now=timezone.now())
    kept = client.get(f"/api/interactions/{contact}/checklists").json()["items"]
    assert [(each["name"], each["steps"][0]["title"]) for each in kept] == [("开场", "问候")]


def test_a_tick_is_taken_back_and_an_unknown_step_is_named(company: Company) -> None:
    row = services.create_checklist(actor=company.system, fields={"name": "开场", "steps": [GREET]})
    contact, client = contact_of(company), company.browser("agent")
    address = f"/api/interactions/{contact}/checklists/{row.pk}"
    client.put(f"{address}/greet", {"is_ticked": True}, content_type=JSON)
    client.put(f"{address}/greet", {"is_ticked": False}, content_type=JSON)
    assert not ChecklistTick.objects.of(company.tenant).exists()
    answer = client.put(f"{address}/other", {"is_ticked": True}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"step": "unknown_reference"})


def test_who_had_no_part_in_a_contact_ticks_nothing(company: Company) -> None:
    row = services.create_checklist(actor=company.system, fields={"name": "开场", "steps": [GREET]})
    contact = log_contact(company.tenant, at=timezone.now())
    address = f"/api/interactions/{contact}/checklists/{row.pk}/greet"
    answer = company.browser("agent").put(address, {"is_ticked": True}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_contact")


def test_a_lists_queue_must_exist(company: Company) -> None:
    answer = company.browser("administrator").post(
        "/api/checklists", {"name": "x", "queue_id": 2**40, "steps": [GREET]}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (400, {"queue_id": "unknown_reference"})


# --- recommendations --------------------------------------------------------------------------------------------------

FOR_VIPS = [{"field": "level", "operator": "is", "values": ["vip"]}]


def offered(company: Company, contact: str) -> list[tuple[str, str]]:
    items = company.browser("agent").get(f"/api/interactions/{contact}/recommendations").json()["items"]
    return [(item["name"], item["outcome"]) for item in items]


def test_a_recommendation_is_offered_to_whom_it_fits_in_its_days(company: Company) -> None:
    today = timezone.localdate()
    offers: dict[str, dict[str, Any]] = {
        "延保": {"conditions": FOR_VIPS},
        "新品": {"conditions": [{"field": "product", "operator": "contains", "values": ["锅炉"]}]},
        "过期": {"ends_on": today - timedelta(days=3)},
        "停用": {"is_active": False},
    }
    for name, fields in offers.items():
        services.create_recommendation(actor=company.system, fields={"name": name, **fields})
    contact = contact_of(company)
    assert offered(company, contact) == []  # whose contact it is, nobody knows
    link(company, contact, level="vip", product="水泵")
    assert offered(company, contact) == [("延保", "")]


def test_what_was_declined_is_counted_and_not_offered_again(company: Company) -> None:
    row = services.create_recommendation(actor=company.system, fields={"name": "延保"})
    first, client = contact_of(company), company.browser("agent")
    customer = link(company, first)
    for outcome, reason in (("shown", ""), ("declined", "太贵"), ("shown", "")):
        client.put(
            f"/api/interactions/{first}/recommendations/{row.pk}",
            {"outcome": outcome, "reason": reason},
            content_type=JSON,
        )
    assert offered(company, first) == [("延保", "declined")]
    second = contact_of(company)
    client.post(f"/api/interactions/{second}/customer", {"customer_id": customer}, content_type=JSON)
    assert offered(company, second) == []
    (told,) = company.browser("administrator").get("/api/recommendations").json()["items"]
    assert (told["shown"], told["accepted"], told["declined"]) == (1, 0, 1)
    assert Entry.objects.of(company.tenant).filter(action="recommendation.declined").count() == 1


def test_an_answer_needs_a_customer(company: Company) -> None:
    row = services.create_recommendation(actor=company.system, fields={"name": "延保"})
    contact = contact_of(company)
    answer = company.browser("agent").put(
        f"/api/interactions/{contact}/recommendations/{row.pk}", {"outcome": "accepted"}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "no_customer")


def test_the_last_day_is_not_before_the_first(company: Company) -> None:
    client = company.browser("administrator")
    days = {"starts_on": "2026-03-02", "ends_on": "2026-03-01"}
    answer = client.post("/api/recommendations", {"name": "x", **days}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"ends_on": "ends_before"})
    made = client.post("/api/recommendations", {"name": "x", "starts_on": "2026-03-02"}, content_type=JSON).json()
    answer = client.patch(f"/api/recommendations/{made['id']}", {"ends_on": "2026-03-01"}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"ends_on": "ends_before"})


# --- quick replies ----------------------------------------------------------------------------------------------------


def test_replies_are_found_by_initials_and_other_users_own_are_hidden(company: Company) -> None:
    agent, lead = company.browser("agent"), company.browser("lead")
    made = agent.post("/api/quick-replies", {"title": "问候语", "text": "您好，{客户姓名}"}, content_type=JSON).json()
    company.browser("administrator").post(
        "/api/quick-replies", {"title": "发票说明", "text": "发票三天内寄出", "is_shared": True}, content_type=JSON
    )
    assert [row["title"] for row in agent.get("/api/quick-replies?search=why").json()["items"]] == ["问候语"]
    assert [row["title"] for row in lead.get("/api/quick-replies").json()["items"]] == ["发票说明"]
    assert lead.get(f"/api/quick-replies/{made['id']}").status_code == 404
    assert lead.delete(f"/api/quick-replies/{made['id']}").status_code == 404


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_shared_replies_are_changed_by_administrators(company: Company, method: str) -> None:
    row = services.create_reply(
        actor=company.actor("administrator"), is_shared=True, fields={"title": "问候", "text": "您好"}
    )
    client, address = company.browser("agent"), f"/api/quick-replies/{row.pk}"
    answer = {
        "post": lambda: client.post(
            "/api/quick-replies", {"title": "x", "text": "y", "is_shared": True}, content_type=JSON
        ),
        "patch": lambda: client.patch(address, {"title": "x"}, content_type=JSON),
        "delete": lambda: client.delete(address),
    }[method]()
    assert (answer.status_code, answer.json()["code"]) == (403, "shared")


# --- one's own desk ---------------------------------------------------------------------------------------------------


def test_a_desk_is_set_up_for_its_user_alone(company: Company) -> None:
    agent, address = company.browser("agent"), "/api/session/desk-preferences"
    assert agent.get(address).json()["are_shortcuts_on"] is True
    wanted = {
        "are_shortcuts_on": False,
        "shortcuts": {"mute": "Alt+KeyN", "hold": ""},
        "sounds": {"7": {"tune": "soft", "is_muted": True}},
        "panels": {"shown": "checklist", "width_px": 400},
    }
    assert agent.put(address, wanted, content_type=JSON).json() == wanted
    assert agent.get(address).json() == wanted
    assert company.browser("lead").get(address).json()["shortcuts"] == {}


def test_a_shortcut_that_is_no_key_is_refused(company: Company) -> None:
    answer = company.browser("agent").put(
        "/api/session/desk-preferences", {"shortcuts": {"mute": "Alt+<script>"}}, content_type=JSON
    )
    assert answer.status_code == 422
