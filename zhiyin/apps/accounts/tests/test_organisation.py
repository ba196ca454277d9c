"""Departments, teams and sites over HTTP; moving keeps what is below together."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.accounts import organisation
from zhiyin.apps.accounts.models import Department
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company

JSON = "application/json"
ROOT = "/api/organisation"


@pytest.fixture
def admin(company: Company) -> Client:
    return company.browser("administrator")


def make(admin: Client, what: str, **body: object) -> int:
    answer = admin.post(f"{ROOT}/{what}", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def change(admin: Client, what: str, key: int, **body: object) -> Any:
    return admin.patch(f"{ROOT}/{what}/{key}", body, content_type=JSON)


def paths(company: Company) -> dict[str, str]:
    rows = Department.objects.of(company.tenant)
    names = dict(rows.values_list("pk", "name"))
    return {
        name: "/".join(names[int(pk)] for pk in path.split("/")[:-1]) for name, path in rows.values_list("name", "path")
    }


def test_a_company_begins_with_a_department_and_a_team_of_everybody(company: Company) -> None:
    shown = company.browser("agent").get(ROOT).json()
    assert [each["name"] for each in shown["departments"]] == [company.tenant.name]
    assert [(each["name"], each["members"]) for each in shown["teams"]] == [("一组", 3)]
    assert shown["without_team"] == 0


def test_the_companys_own_roles_can_be_addressed_by_everybody(company: Company, admin: Client) -> None:
    role = admin.post("/api/roles", {"name": "回访员", "name_en": "Caller back"}, content_type=JSON).json()
    named = company.browser("agent").get(ROOT).json()["roles"]
    assert [each["code"] for each in named[:3]] == ["agent", "lead", "administrator"]
    assert named[3:] == [{"code": role["code"], "name": "回访员", "name_en": "Caller back"}]


def test_a_department_moves_with_all_below_it(company: Company, admin: Client) -> None:
    sales = make(admin, "departments", name="销售")
    east = make(admin, "departments", name="华东", parent=sales)
    make(admin, "departments", name="杭州", parent=east)
    service = make(admin, "departments", name="服务")
    assert change(admin, "departments", east, parent=service).status_code == 200
    assert paths(company)["杭州"] == "服务/华东/杭州"
    assert change(admin, "departments", east, parent=None).status_code == 200
    assert paths(company)["杭州"] == "华东/杭州"


def test_a_department_cannot_stand_below_itself(company: Company, admin: Client) -> None:
    sales = make(admin, "departments", name="销售")
    east = make(admin, "departments", name="华东", parent=sales)
    for target in (sales, east):
        answer = change(admin, "departments", sales, parent=target)
        assert (answer.status_code, answer.json()["code"]) == (400, "below_itself")
    assert paths(company)["华东"] == "销售/华东"


def test_the_tree_has_an_end(company: Company, admin: Client) -> None:
    parent: int | None = None
    for depth in range(organisation.MAX_DEPTH):
        parent = make(admin, "departments", name=f"D{depth}", parent=parent)
    answer = admin.post(f"{ROOT}/departments", {"name": "x", "parent": parent}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"parent": "too_deep"})


def test_branches_keep_the_order_they_are_put_in(company: Company, admin: Client) -> None:
    top = make(admin, "departments", name="甲")
    below = [make(admin, "departments", name=name, parent=top) for name in "abc"]
    change(admin, "departments", below[2], position=0)
    shown = [each["name"] for each in admin.get(ROOT).json()["departments"] if each["parent"] == top]
    assert shown == ["c", "a", "b"]
    teams = [make(admin, "teams", name=f"t{name}", department=top) for name in "abc"]
    change(admin, "teams", teams[0], position=9)
    shown = [each["name"] for each in admin.get(ROOT).json()["teams"] if each["department"] == top]
    assert shown == ["tb", "tc", "ta"]


def test_what_is_in_use_is_not_removed(company: Company, admin: Client) -> None:
    (team,) = admin.get(ROOT).json()["teams"]
    answer = admin.delete(f"{ROOT}/teams/{team['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "team_in_use")
    answer = admin.delete(f"{ROOT}/departments/{team['department']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "department_in_use")
    site = make(admin, "sites", name="杭州", address="文三路")
    user = company.users["agent"].pk
    assert admin.patch(f"/api/users/{user}", {"site": site}, content_type=JSON).json()["site_name"] == "杭州"
    assert admin.delete(f"{ROOT}/sites/{site}").status_code == 204
    assert admin.get(f"/api/users/{user}").json()["site"] is None


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("departments", {"name": "x", "parent": 999_999}, "unknown_parent"),
        ("departments", {"name": "x", "head": 999_999}, "unknown_head"),
        ("teams", {"name": "x", "department": 999_999}, "unknown_department"),
    ],
)
def test_what_is_named_must_exist(company: Company, admin: Client, what: str, body: object, field: str) -> None:
    answer = admin.post(f"{ROOT}/{what}", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {field.removeprefix("unknown_"): field})


def test_two_teams_have_two_names(company: Company, admin: Client) -> None:
    department = admin.get(ROOT).json()["departments"][0]["id"]
    answer = admin.post(f"{ROOT}/teams", {"name": "一组", "department": department}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (409, {"name": "taken"})


def test_a_new_user_joins_the_only_team_and_with_several_none(company: Company, admin: Client) -> None:
    def add(name: str, **more: object) -> Any:
        body = {"username": name, "name": name, "password": "long enough 1"} | more
        return admin.post("/api/users", body, content_type=JSON).json()

    (team,) = admin.get(ROOT).json()["teams"]
    assert add("first")["team"] == team["id"]
    assert add("second", team=None)["team"] is None
    other = make(admin, "teams", name="二组", department=team["department"])
    assert add("third")["team"] is None
    assert add("fourth", team=other)["team_name"] == "二组"


def test_users_are_found_by_where_they_belong(company: Company, admin: Client) -> None:
    (team,) = admin.get(ROOT).json()["teams"]
    top = make(admin, "departments", name="销售")
    below = make(admin, "departments", name="华东", parent=top)
    mine = make(admin, "teams", name="二组", department=below)
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    admin.patch(f"/api/users/{agent}", {"team": mine}, content_type=JSON)
    admin.patch(f"/api/users/{lead}", {"team": None}, content_type=JSON)

    def found(**wanted: str | int) -> set[int]:
        return {row["id"] for row in admin.get("/api/users", wanted).json()["items"]}

    assert found(team=mine) == found(department=top) == {agent}
    assert found(team=0) == {lead}
    assert found(team=team["id"]) == {company.users["administrator"].pk}
    assert found(role="lead") == {lead}


def test_a_move_is_written_down_with_before_and_after(company: Company, admin: Client) -> None:
    (team,) = admin.get(ROOT).json()["teams"]
    other = make(admin, "departments", name="销售")
    change(admin, "teams", team["id"], department=other)
    entry = Entry.objects.of(company.tenant).filter(action="team.changed").latest("pk")
    assert (entry.before, entry.after) == ({"department": team["department"]}, {"department": other})


def test_the_organisation_costs_the_same_for_many_branches(company: Company, admin: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as statements:
            admin.get(ROOT)
        return len(statements)

    few = count()
    for number in range(5):
        department = make(admin, "departments", name=f"D{number}", head=company.users["lead"].pk)
        make(admin, "teams", name=f"T{number}", department=department, lead=company.users["lead"].pk)
    assert count() == few
