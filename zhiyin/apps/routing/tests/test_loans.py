"""Agents lent to a queue for a time: who may, what the engine is told, and what stays."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from zhiyin.apps.accounts.models import User
from zhiyin.apps.conftest import Company
from zhiyin.apps.queues.tests.test_queues import JSON, make
from zhiyin.apps.tenancy.publication import build_settings


def test_a_loan_lies_beside_the_memberships_until_it_is_over_or_ended(company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"].pk
    home, queue = make(client, "queues", name="售后", members=[agent]), make(client, "queues", name="销售")
    body = {"queue": queue, "agents": [agent], "minutes": 30, "is_instead": True}
    (loan,) = client.post("/api/routing/loans", body, content_type=JSON).json()["items"]
    assert (loan["agent"], loan["queue_name"], loan["is_instead"]) == (agent, "销售", True)
    (told,) = build_settings(tenant=company.tenant).loans
    assert (told.agent, told.queue, told.is_instead) == (agent, queue, True)
    assert told.until - told.from_at == timedelta(minutes=30)
    client.patch(f"/api/queues/{home}", {"name": "新售后", "members": [agent]}, content_type=JSON)
    assert len(build_settings(tenant=company.tenant).loans) == 1, "saved settings do not end it"
    again = client.post("/api/routing/loans", body | {"minutes": 60}, content_type=JSON)
    assert again.status_code == 201
    assert len(build_settings(tenant=company.tenant).loans) == 1, "lent anew, not twice"
    newest = again.json()["items"][0]["id"]
    assert client.post(f"/api/routing/loans/{newest}/end").status_code == 200
    assert client.post(f"/api/routing/loans/{newest}/end").json()["code"] == "loan_over"
    assert build_settings(tenant=company.tenant).loans == ()
    assert client.get(f"/api/queues/{home}").json()["members"] == [agent]
    listed = client.get("/api/routing/loans").json()
    assert [row["id"] for row in listed["items"]] == [newest, loan["id"]]
    assert client.get("/api/routing/loans?is_current=true").json()["total"] == 0
    acts = [entry["action"] for entry in client.get("/api/audit").json()["items"]]
    assert acts.count("loan.begun") == 2
    assert "loan.ended" in acts


def test_nobody_is_lent_into_the_past_or_from_another_company(company: Company, other_company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"].pk
    queue = make(client, "queues", name="售后")
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    for body, fields in (
        ({"agents": [agent], "until": past}, {"until": "in_the_past"}),
        ({"agents": [agent]}, {"until": "missing"}),
        ({"agents": [other_company.users["agent"].pk], "minutes": 30}, {"agents": "unknown_reference"}),
    ):
        answer = client.post("/api/routing/loans", {"queue": queue, **body}, content_type=JSON)
        assert (answer.status_code, answer.json()["fields"]) == (400, fields)
    assert build_settings(tenant=company.tenant).loans == ()


def test_a_lead_lends_the_own_team_alone(company: Company) -> None:
    queue = make(company.browser("administrator"), "queues", name="售后")
    stranger = company.users["administrator"].pk
    User.objects.of(company.tenant).filter(pk=stranger).update(team=None)
    body = {"queue": queue, "agents": [stranger], "minutes": 30}
    answer = company.browser("lead").post("/api/routing/loans", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"agents": "unknown_reference"})
    assert company.browser("agent").post("/api/routing/loans", body, content_type=JSON).status_code == 403
