"""Leaving and being away: who takes over, and who stands in meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from zhiyin.apps.accounts.actors import actor_of
from zhiyin.apps.accounts.models import Team
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers

JSON = "application/json"


@pytest.fixture
def admin(company: Company) -> Client:
    return company.browser("administrator")


def own(company: Company, role: str, count: int) -> None:
    for number in range(count):
        fields = {"name": f"客户{number}", "owner_id": company.users[role].pk}
        customers.create_customer(actor=company.system, fields=fields)


def owned(admin: Client, user: int) -> dict[str, int]:
    items = admin.get(f"/api/users/{user}/owned").json()["items"]
    return {each["kind"]: each["count"] for each in items}


def test_what_a_user_owns_goes_to_another(company: Company, admin: Client) -> None:
    own(company, "agent", 2)
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    assert owned(admin, agent)["customers"] == 2
    moved = admin.post(f"/api/users/{agent}/hand-over", {"to": lead}, content_type=JSON).json()["moved"]
    assert moved["customers"] == 2
    assert (owned(admin, agent)["customers"], owned(admin, lead)["customers"]) == (0, 2)
    entry = Entry.objects.of(company.tenant).get(action="user.handed_over")
    assert entry.after is not None
    assert (entry.after["to"], entry.after["customers"]) == (lead, 2)


@pytest.mark.parametrize("to", ["self", "nobody", "switched off"])
def test_who_cannot_take_over(company: Company, admin: Client, to: str) -> None:
    agent, lead = company.users["agent"], company.users["lead"]
    lead.is_active = False
    lead.save()
    target = {"self": agent.pk, "nobody": 999_999, "switched off": lead.pk}[to]
    answer = admin.post(f"/api/users/{agent.pk}/hand-over", {"to": target}, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["to"])


def test_nobody_is_removed_before_it_is_said_who_takes_over(company: Company, admin: Client) -> None:
    own(company, "agent", 1)
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    answer = admin.delete(f"/api/users/{agent}")
    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]["customers"]) == (409, "still_owns", 1)
    assert admin.delete(f"/api/users/{agent}?hand_over_to={lead}").status_code == 204
    assert owned(admin, lead)["customers"] == 1


def test_what_is_owned_may_stay_where_it_is(company: Company, admin: Client) -> None:
    own(company, "agent", 1)
    agent = company.users["agent"].pk
    assert admin.delete(f"/api/users/{agent}?leaves_owned=true").status_code == 204


def test_a_removed_lead_leads_no_team(company: Company, admin: Client) -> None:
    lead = company.users["lead"]
    Team.objects.of(company.tenant).update(lead=lead)
    assert admin.delete(f"/api/users/{lead.pk}").status_code == 204
    assert Team.objects.of(company.tenant).filter(lead__isnull=False).count() == 0


def be_away(admin: Client, company: Company, **changes: object) -> Any:
    now = datetime.now(UTC)
    body = {
        "user": company.users["agent"].pk,
        "deputy": company.users["lead"].pk,
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
    }
    return admin.post("/api/absences", body | changes, content_type=JSON)


def stands_in_for(company: Company, role: str) -> frozenset[int]:
    actor = actor_of(tenant=company.tenant, user_id=company.users[role].pk)
    assert actor is not None
    return actor.reach.users - {actor.user_id or 0}


def test_a_deputys_own_things_are_those_of_who_is_away_too(company: Company, admin: Client) -> None:
    assert stands_in_for(company, "lead") == frozenset()
    made = be_away(admin, company)
    assert made.status_code == 201
    assert stands_in_for(company, "lead") == {company.users["agent"].pk}
    assert admin.delete(f"/api/absences/{made.json()['id']}").status_code == 204
    assert stands_in_for(company, "lead") == frozenset()


@pytest.mark.parametrize(("from_h", "to_h"), [(1, 2), (-2, -1)], ids=["coming", "over"])
def test_outside_its_time_an_absence_is_none(company: Company, admin: Client, from_h: int, to_h: int) -> None:
    now = datetime.now(UTC)
    starts_at, ends_at = ((now + timedelta(hours=each)).isoformat() for each in (from_h, to_h))
    assert be_away(admin, company, starts_at=starts_at, ends_at=ends_at).status_code == 201
    assert stands_in_for(company, "lead") == frozenset()


def test_an_absence_that_makes_no_sense_is_refused(company: Company, admin: Client) -> None:
    agent = company.users["agent"].pk
    assert be_away(admin, company, deputy=agent).json()["fields"] == {"deputy": "bad_absence"}
    assert be_away(admin, company, ends_at="2020-01-01T00:00:00Z").json()["fields"] == {"ends_at": "bad_absence"}
    assert be_away(admin, company, deputy=999_999).json()["fields"] == {"deputy": "unknown_user"}
