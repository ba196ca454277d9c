"""Roles: the matrix, copies, and that somebody can always administer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zhiyin.apps.accounts.rights import BUILT_IN, CATALOGUE
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.tenancy.field_rights import known_fields

JSON = "application/json"


@pytest.fixture
def admin(company: Company) -> Client:
    return company.browser("administrator")


def make(admin: Client, **body: object) -> dict[str, Any]:
    answer = admin.post("/api/roles", {"name": "外呼座席"} | body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_the_built_in_roles_follow_the_catalogue(admin: Client) -> None:
    shown = {role["code"]: role for role in admin.get("/api/roles").json()["items"]}
    assert {code: role["users"] for code, role in shown.items()} == {"agent": 1, "lead": 1, "administrator": 1}
    for code, permissions in BUILT_IN.items():
        assert shown[code]["rights"] == {right: scope.value for right, scope in permissions.rights.items()}
        assert shown[code]["is_built_in"] is True


def test_every_right_has_words_and_no_scope_where_it_has_none() -> None:
    assert len({right.code for right in CATALOGUE}) == len(CATALOGUE)
    for right in CATALOGUE:
        assert right.zh
        assert right.en.isascii()
        assert right.has_scopes or {right.agent, right.lead} <= {None, *BUILT_IN["administrator"].rights.values()}


def test_a_copy_begins_with_the_same_rights_and_goes_its_own_way(company: Company, admin: Client) -> None:
    copy = make(admin, copy_of="agent")
    assert copy["rights"] == {right: scope.value for right, scope in BUILT_IN["agent"].rights.items()}
    rights = copy["rights"] | {"customers.read": "own"}
    del rights["customers.write"]
    changed = admin.patch(f"/api/roles/{copy['id']}", {"rights": rights}, content_type=JSON).json()
    assert changed["rights"] == rights
    agent = company.users["agent"]
    admin.patch(f"/api/users/{agent.pk}", {"role": copy["code"]}, content_type=JSON)
    user = company.browser("agent").get("/api/session").json()["user"]
    assert (user["role"], user["role_name"], user["scopes"]["customers.read"]) == (copy["code"], "外呼座席", "own")
    assert "customers.write" not in user["rights"]
    refused = company.browser("agent").post("/api/customers", {"name": "张三"}, content_type=JSON)
    assert (refused.status_code, refused.json()["facts"]) == (403, {"right": "customers.write"})


@pytest.mark.parametrize("body", [{"name": "x"}, {"rights": {}}])
def test_a_built_in_role_stays_as_it_is(admin: Client, body: object) -> None:
    (agent, *_) = admin.get("/api/roles").json()["items"]
    answer = admin.patch(f"/api/roles/{agent['id']}", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "built_in_role")
    assert admin.delete(f"/api/roles/{agent['id']}").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rights": {"nothing.such": "all"}}, "rights.nothing.such"),
        ({"rights": {"admin": "own"}}, "rights.admin"),
        ({"fields": {"customer.nothing": "hide"}}, "fields.customer.nothing"),
    ],
)
def test_what_cannot_be_granted_is_named(admin: Client, body: dict[str, object], field: str) -> None:
    answer = admin.post("/api/roles", {"name": "x"} | body, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_role_in_use_is_not_removed(company: Company, admin: Client) -> None:
    role = make(admin)
    agent = company.users["agent"].pk
    admin.patch(f"/api/users/{agent}", {"role": role["code"]}, content_type=JSON)
    answer = admin.delete(f"/api/roles/{role['id']}")
    assert (answer.status_code, answer.json()["facts"]) == (409, {"users": 1})
    admin.patch(f"/api/users/{agent}", {"role": "agent"}, content_type=JSON)
    assert admin.delete(f"/api/roles/{role['id']}").status_code == 204


def test_the_last_administrator_cannot_be_locked_out_by_a_role(company: Company, admin: Client) -> None:
    role = make(admin, copy_of="administrator")
    me = company.users["administrator"].pk
    assert admin.patch(f"/api/users/{me}", {"role": role["code"]}, content_type=JSON).status_code == 200
    answer = admin.patch(f"/api/roles/{role['id']}", {"rights": {"desk": "all"}}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    for change in ({"role": "agent"}, {"is_active": False}):
        answer = admin.post("/api/users/change", {"ids": [me], **change}, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    assert admin.get("/api/users").status_code == 200


def test_numbers_masked_as_a_field_are_masked_as_by_right(company: Company, admin: Client) -> None:
    assert any(field.code == "numbers" for field in known_fields(company.tenant)["customer"])
    role = make(admin, copy_of="lead", fields={"customer.numbers": "mask"})
    admin.patch(f"/api/users/{company.users['lead'].pk}", {"role": role["code"]}, content_type=JSON)
    user = company.browser("lead").get("/api/session").json()["user"]
    assert "numbers.clear" not in user["rights"]
    assert user["fields"] == {"customer.numbers": "mask"}


def test_a_changed_matrix_is_written_down(company: Company, admin: Client) -> None:
    role = make(admin, rights={"desk": "all"})
    admin.patch(f"/api/roles/{role['id']}", {"rights": {}}, content_type=JSON)
    entry = Entry.objects.of(company.tenant).filter(action="role.changed").latest("pk")
    assert (entry.before, entry.after) == ({"rights": {"desk": "all"}}, {"rights": {}})


def test_several_users_are_changed_at_once_or_none(company: Company, admin: Client) -> None:
    ids = [company.users["agent"].pk, company.users["lead"].pk]
    answer = admin.post("/api/users/change", {"ids": ids, "team": None, "is_active": False}, content_type=JSON)
    assert answer.json() == {"changed": 2}
    rows = admin.get("/api/users", {"is_active": False}).json()["items"]
    assert {row["id"]: row["team"] for row in rows} == dict.fromkeys(ids)
    body = {"ids": [*ids, 999_999], "is_active": True}
    assert admin.post("/api/users/change", body, content_type=JSON).status_code == 404
    assert admin.get("/api/users", {"is_active": False}).json()["total"] == 2
