"""Looking with other eyes: all that the other sees, nothing that changes anything, on every route there is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.rest.tests.test_every_route import ROUTES
from zhiyin.contracts.tickets import read_ticket

JSON = "application/json"
VIEW = "/api/session/view"
#: a new login begins a new session, which looks with its own eyes
ALLOWED = {"endView", "logIn"}
UNSAFE = [route for route in ROUTES if route.method != "GET" and route.operation_id not in ALLOWED]


def viewing(company: Company, **body: object) -> Client:
    admin = company.browser("administrator")
    answer = admin.put(VIEW, body, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return admin


def session(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/session").json()
    return found


def test_an_administrator_sees_what_the_user_sees(company: Company) -> None:
    agent = company.users["agent"]
    client = viewing(company, user=agent.pk)
    seen = session(client)
    assert (seen["user"]["id"], seen["user"]["role"], seen["user"]["agent"]) == (agent.pk, "agent", None)
    assert seen["viewing"]["user_name"] == agent.name
    assert client.get("/api/users").status_code == 403
    assert client.get("/api/customers").status_code == 200


def test_a_role_is_looked_at_with_the_own_name(company: Company) -> None:
    client = viewing(company, role="agent")
    seen = session(client)
    assert seen["user"]["id"] == company.users["administrator"].pk
    assert seen["user"]["role"] == "agent"
    assert "admin" not in seen["user"]["rights"]


def test_one_click_ends_it(company: Company) -> None:
    client = viewing(company, user=company.users["agent"].pk)
    ended = client.delete(VIEW).json()
    assert (ended["user"]["role"], ended["viewing"]) == ("administrator", None)
    assert client.get("/api/users").status_code == 200
    assert client.delete(VIEW).status_code == 200


@pytest.mark.parametrize("role", ["agent", "administrator"])
def test_nothing_can_be_changed_with_other_eyes(company: Company, role: str) -> None:
    """As an administrator too: a colleague's eyes are not one's own."""
    client = viewing(company, role=role)
    refused = {}
    for route in UNSAFE:
        address = route.address(dict.fromkeys(route.parameters, 1))
        answer = client.generic(route.method, address, json.dumps({}), content_type=JSON)
        refused[route.operation_id] = (answer.status_code, answer.json()["code"])
    assert refused == {route.operation_id: (403, "viewing_only") for route in UNSAFE}


def test_the_ticket_for_the_socket_names_no_agent_and_no_right_to_act(company: Company) -> None:
    client = viewing(company, user=company.users["lead"].pk)
    text = client.get("/api/ticket").json()["ticket"]
    ticket = read_ticket(text, bytes.fromhex(settings.TICKET_KEY), now=datetime.now(UTC))
    assert ticket.agent is None
    assert "live.read" in ticket.rights
    assert not {"calls.supervise", "agents.force"} & set(ticket.rights)


def test_it_is_written_down_and_reading_is_the_administrators(company: Company) -> None:
    agent, admin = company.users["lead"], company.users["administrator"]
    client = viewing(company, user=agent.pk)
    client.get("/api/interactions", {"format": "csv"})
    client.delete(VIEW)
    rows = Entry.objects.of(company.tenant).filter(user_id=admin.pk).order_by("pk")
    assert [row.action for row in rows] == ["view_as.began", "export.sent", "view_as.ended"]
    assert [row.user_name for row in rows] == [admin.name, f"{admin.name} → {agent.name}", admin.name]


@pytest.mark.parametrize("body", [{}, {"user": 1, "role": "agent"}])
def test_one_thing_is_looked_at(company: Company, body: object) -> None:
    assert company.browser("administrator").put(VIEW, body, content_type=JSON).status_code == 422


def test_nobody_else_may_and_nothing_unknown_is_seen(company: Company, other_company: Company) -> None:
    agent = {"user": company.users["agent"].pk}
    assert company.browser("lead").put(VIEW, agent, content_type=JSON).status_code == 403
    admin = company.browser("administrator")
    for body in ({"user": 999_999}, {"role": "nothing"}, {"user": company.users["administrator"].pk}):
        assert admin.put(VIEW, body, content_type=JSON).status_code == 404
    other = {"user": other_company.users["agent"].pk}
    assert admin.put(VIEW, other, content_type=JSON).status_code == 404


def test_who_is_no_administrator_any_more_looks_with_the_own_eyes(company: Company) -> None:
    client = viewing(company, user=company.users["agent"].pk)
    admin = company.users["administrator"]
    admin.role = company.users["lead"].role
    admin.save()
    assert session(client)["user"]["id"] == admin.pk
