"""Scopes as conditions of a query: the same as the pure rule says, on random organisations."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.accounts.actors import actor_of
from zhiyin.apps.accounts.models import Department, Role, Team, User
from zhiyin.apps.conftest import Company
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.visibility import are_in_reach, users_in_reach, visible
from zhiyin.domain.permissions import Scope


def department(company: Company, name: str, parent: Department | None = None) -> Department:
    row = Department.objects.of(company.tenant).create(name=name, parent=parent)
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save()
    return row


def team(company: Company, name: str, of: Department, lead: User | None = None) -> Team:
    return Team.objects.of(company.tenant).create(name=name, department=of, lead=lead)


def member(company: Company, name: str, of: Team | None) -> User:
    role = Role.objects.of(company.tenant).get(code="agent")
    return User.objects.of(company.tenant).create(username=name, name=name, role=role, team=of)


def as_actor(company: Company, user: User) -> Actor:
    actor = actor_of(tenant=company.tenant, user_id=user.pk)
    assert actor is not None
    return actor


@pytest.fixture
def people(company: Company) -> dict[str, User]:
    """Sales with two teams, one of them in the department east below it; service beside it."""
    sales, service = department(company, "销售"), department(company, "服务")
    east = department(company, "华东", sales)
    users = {"lead": member(company, "lead-a", None)}
    first = team(company, "销售一组", sales, lead=users["lead"])
    users |= {
        "me": member(company, "me", first),
        "mate": member(company, "mate", first),
        "below": member(company, "below", team(company, "华东一组", east)),
        "beside": member(company, "beside", team(company, "服务一组", service)),
        "alone": member(company, "alone", None),
    }
    return users


def with_scope(company: Company, scope: Scope | None) -> Role:
    rights = {} if scope is None else {"customers.read": scope.value}
    return Role.objects.of(company.tenant).create(code=f"r-{scope}", name=f"r-{scope}", rights=rights)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (None, set()),
        (Scope.OWN, {"me"}),
        (Scope.TEAM, {"me", "mate"}),
        (Scope.DEPARTMENT, {"me", "mate", "below"}),
        (Scope.ALL, {"me", "mate", "below", "beside", "alone", "lead"}),
    ],
)
def test_whom_each_scope_reaches(
    company: Company, people: dict[str, User], scope: Scope | None, seen: set[str]
) -> None:
    people["me"].role = with_scope(company, scope)
    people["me"].save()
    actor = as_actor(company, people["me"])
    rows = User.objects.of(company.tenant).filter(visible(actor, "customers.read", owner="pk"))
    assert {name for name, user in people.items() if user in rows} == seen
    for name, user in people.items():
        assert are_in_reach(actor, "customers.read", [user.pk]) is (name in seen)
        is_within = actor.reach.includes(actor.scope_of("customers.read"), owner=user.pk, team=user.team_id)
        assert is_within is (name in seen)


def test_a_lead_reaches_the_team_without_being_in_it(company: Company, people: dict[str, User]) -> None:
    people["lead"].role = with_scope(company, Scope.TEAM)
    people["lead"].save()
    users = users_in_reach(as_actor(company, people["lead"]), "customers.read")
    assert users is not None
    assert {user for (user,) in users.values_list("pk")} == {people[name].pk for name in ("lead", "me", "mate")}


def test_the_head_of_a_department_reaches_all_below_it(company: Company, people: dict[str, User]) -> None:
    boss = people["alone"]
    boss.role = with_scope(company, Scope.DEPARTMENT)
    boss.save()
    Department.objects.of(company.tenant).filter(name="销售").update(head=boss)
    users = users_in_reach(as_actor(company, boss), "customers.read")
    assert users is not None
    assert {user for (user,) in users.values_list("pk")} == {people[n].pk for n in ("alone", "me", "mate", "below")}


def test_knowing_who_asks_costs_one_statement(company: Company, people: dict[str, User]) -> None:
    with CaptureQueriesContext(connection) as statements:
        actor = as_actor(company, people["me"])
        assert actor.may("desk")
        assert actor.team_ids
    assert len(statements) == 1


def test_the_system_sees_all(company: Company, people: dict[str, User]) -> None:
    assert users_in_reach(company.system, "customers.read") is None
