"""Whose customers are seen and changed: own, the team's, the department's, all; and who is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts.models import Department, Role, Team, User
from zhiyin.apps.conftest import Company, logged_in
from zhiyin.apps.customers import services
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.models.merging import DuplicatePair
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.followups import services as followups
from zhiyin.apps.interactions.models import ShownCustomer
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.domain.permissions import Scope

JSON = "application/json"
WHOSE = ("mine", "mates", "belows", "besides", "pools")
NUMBERS = {name: f"1391111000{index}" for index, name in enumerate(WHOSE)}
SEEN = {
    Scope.OWN: {"mine", "pools"},
    Scope.TEAM: {"mine", "mates", "pools"},
    Scope.DEPARTMENT: {"mine", "mates", "belows", "pools"},
    Scope.ALL: set(WHOSE),
}


@dataclass(slots=True)
class Centre:
    """Somebody with a mate, a colleague in the department below and one beside; and a customer of each."""

    company: Company
    me: User
    mate: User
    customers: dict[str, int]

    def with_scope(
        self, scope: Scope, *, fields: dict[str, str] | None = None, rights: dict[str, str] | None = None
    ) -> Client:
        codes = ("desk", "customers.read", "customers.write", "customers.merge", "customers.export", "lists.write")
        given = dict.fromkeys(codes, scope.value) | (rights or {})
        self.me.role = Role.objects.of(self.company.tenant).create(
            code=f"r-{scope}", name=f"r-{scope}", rights=given, fields=fields or {}
        )
        self.me.save()
        return logged_in(self.me)

    def named(self, ids: set[int]) -> set[str]:
        return {name for name, customer in self.customers.items() if customer in ids}


@pytest.fixture
def centre(company: Company) -> Centre:
    tenant = company.tenant

    def member(name: str, department: Department) -> User:
        team, _ = Team.objects.of(tenant).get_or_create(name=f"{department.name}组", department=department)
        return User.objects.of(tenant).create(
            username=name, name=name, role=Role.objects.of(tenant).get(code="agent"), team=team
        )

    def department(name: str, parent: Department | None = None) -> Department:
        row = Department.objects.of(tenant).create(name=name, parent=parent)
        row.path = f"{parent.path if parent else ''}{row.pk}/"
        row.save()
        return row

    sales = department("销售")
    me, mate = member("me", sales), member("mate", sales)
    owners = {"mine": me, "mates": mate, "belows": member("below", department("华东", sales))}
    owners["besides"] = member("beside", department("服务"))
    customers = {
        name: services.create_customer(
            actor=company.system,
            fields={"name": f"客户{name}", "company": "云帆", "owner_id": owners[name].pk if name in owners else None},
            numbers=[NumberChange(number=NUMBERS[name])],
        ).pk
        for name in WHOSE
    }
    return Centre(company, me, mate, customers)


def seen_in(answer: Any) -> set[int]:
    assert answer.status_code == 200, answer.content
    return {item["id"] for item in answer.json()["items"]}


@pytest.mark.parametrize("scope", list(SEEN))
def test_list_search_record_timeline_notes_and_file_agree_on_who_is_seen(centre: Centre, scope: Scope) -> None:
    me, seen = centre.with_scope(scope), SEEN[scope]
    assert centre.named(seen_in(me.get("/api/customers"))) == seen
    assert centre.named(seen_in(me.get("/api/customers", {"search": "客户"}))) == seen
    file = me.get("/api/customers", {"format": "csv"})
    assert {name for name in WHOSE if f"客户{name}" in b"".join(file).decode("utf-8-sig")} == seen
    for name, customer in centre.customers.items():
        expected = 200 if name in seen else 404
        for address in ("", "/timeline", "/products", "/relations", "/consents"):
            assert me.get(f"/api/customers/{customer}{address}").status_code == expected, (name, address)
        assert me.get("/api/notes", {"customer": customer}).status_code == expected
        found = seen_in(me.get("/api/customers", {"search": NUMBERS[name]}))
        assert centre.named(found) == {name} & seen


@pytest.mark.parametrize("scope", list(SEEN))
def test_who_is_owned_within_the_scope_is_changed_and_who_is_only_seen_says_so(centre: Centre, scope: Scope) -> None:
    me = centre.with_scope(scope)
    changed = SEEN[scope] if scope is Scope.ALL else SEEN[scope] - {"pools"}
    for name, customer in centre.customers.items():
        address = f"/api/customers/{customer}"
        answer = me.patch(address, {"note": "改"}, content_type=JSON)
        expected = 200 if name in changed else 403 if name in SEEN[scope] else 404
        assert answer.status_code == expected, name
        if name in SEEN[scope]:
            assert me.get(address).json()["may_change"] is (name in changed)
        if expected == 403:
            assert answer.json()["code"] == "somebody_elses_customer"
        consent = {"channel": "call", "purpose": "marketing", "is_given": True, "how": "电话"}
        told = me.post(f"{address}/consents", consent, content_type=JSON)
        assert told.status_code == (201 if expected == 200 else expected)


def test_a_pool_customer_is_claimed_and_changed_then(centre: Centre) -> None:
    me, customer = centre.with_scope(Scope.OWN), centre.customers["pools"]
    assert me.post("/api/customers/pool/claim", {"customers": [customer]}, content_type=JSON).status_code == 200
    assert me.patch(f"/api/customers/{customer}", {"note": "改"}, content_type=JSON).status_code == 200


def test_nobody_takes_a_customer_past_the_limits_of_the_pool(centre: Centre) -> None:
    address = f"/api/customers/{centre.customers['pools']}"
    agent, lead = centre.company.browser("agent"), centre.company.browser("lead")
    refused = agent.patch(address, {"owner_id": centre.company.users["agent"].pk}, content_type=JSON)
    assert (refused.status_code, refused.json()["fields"]) == (403, {"owner_id": "not_writable"})
    assert agent.patch(address, {"owner_id": None, "note": "改"}, content_type=JSON).status_code == 200
    assert lead.patch(address, {"owner_id": centre.mate.pk}, content_type=JSON).status_code == 200


def test_what_somebody_with_a_narrow_scope_makes_is_their_own(centre: Centre) -> None:
    made = centre.with_scope(Scope.OWN).post("/api/customers", {"name": "新客"}, content_type=JSON)
    assert (made.status_code, made.json()["owner"]["id"], made.json()["may_change"]) == (201, centre.me.pk, True)


def test_bulk_acts_reach_only_whom_the_scope_allows(centre: Centre) -> None:
    me = centre.with_scope(Scope.TEAM, rights={"customers.assign": "all"})
    everybody = list(centre.customers.values())

    def done(address: str, **body: object) -> set[str]:
        answer = me.post(f"/api/customers/{address}", {"customers": everybody} | body, content_type=JSON)
        assert answer.status_code == 200, answer.content
        return centre.named(set(answer.json()["customers"]))

    assert done("tags") == {"mine", "mates"}
    assert done("lists", list="vip", reason="老客户") == {"mine", "mates", "pools"}
    assert done("pool/assign", owner_id=centre.mate.pk) == {"mine", "pools"}
    assert done("pool/release") == {"mine", "mates", "pools"}
    assert Customer.objects.of(centre.company.tenant).get(pk=centre.customers["besides"]).owner_id is not None


def test_duplicates_and_merging_stay_within_the_scope(centre: Centre) -> None:
    me, customers = centre.with_scope(Scope.TEAM), centre.customers
    for other in ("mates", "besides"):
        low, high = sorted((customers["mine"], customers[other]))
        DuplicatePair.objects.of(centre.company.tenant).create(
            low_id=low, high_id=high, score=80, reasons=["name"], found_at=timezone.now()
        )
    pairs = me.get("/api/duplicates").json()["items"]
    assert [{pair["one"]["id"], pair["other"]["id"]} for pair in pairs] == [{customers["mine"], customers["mates"]}]
    for other, expected in (("besides", 404), ("pools", 403)):
        pair = {"kept_id": customers["mine"], "merged_id": customers[other]}
        assert me.post("/api/merges", pair, content_type=JSON).status_code == expected


def test_whoever_types_a_colleagues_customer_hears_that_there_is_one_and_not_who(centre: Centre) -> None:
    draft = {"name": "客户besides", "numbers": [NUMBERS["besides"]]}
    answer = centre.with_scope(Scope.OWN).post("/api/duplicates/similar", draft, content_type=JSON).json()
    assert (answer["items"], answer["beyond"]) == ([], 1)


def offer_to(centre: Centre, user: User, number: str) -> str:
    return log_contact(centre.company.tenant, at=timezone.now(), number=f"+86{number}", agent=user.pk)


def test_whoever_answers_a_caller_works_with_the_record_for_a_day_and_nobody_else_does(centre: Centre) -> None:
    me, customer = centre.with_scope(Scope.OWN), centre.customers["besides"]
    address = f"/api/customers/{customer}"
    anothers = offer_to(centre, centre.mate, NUMBERS["besides"])
    assert me.get(f"/api/interactions/{anothers}/pop").json()["matches"] == []
    assert me.get(address).status_code == 404
    mine = offer_to(centre, centre.me, NUMBERS["besides"])
    (match,) = me.get(f"/api/interactions/{mine}/pop").json()["matches"]
    assert (match["customer"]["id"], match["customer"]["may_change"]) == (customer, True)
    assert me.get(f"{address}/timeline").status_code == 200
    assert me.patch(address, {"note": "改"}, content_type=JSON).status_code == 200
    ShownCustomer.objects.of(centre.company.tenant).filter(user=centre.me).update(until=timezone.now() - timedelta(1))
    assert me.get(address).status_code == 404


def test_whoever_has_something_to_do_for_a_customer_sees_the_record_until_it_is_done(centre: Centre) -> None:
    me, customer = centre.with_scope(Scope.OWN), centre.customers["besides"]
    planned = followups.plan_follow_up(
        actor=centre.company.system,
        customer_id=customer,
        fields={"subject": "回访", "owner_id": centre.me.pk, "due_at": timezone.now()},
        now=timezone.now(),
    )
    assert me.get(f"/api/customers/{customer}").status_code == 200
    done = me.post(f"/api/follow-ups/{planned.pk}/complete", {"outcome": "reached", "result": ""}, content_type=JSON)
    assert done.status_code == 200, done.content
    assert me.get(f"/api/customers/{customer}").status_code == 404


@pytest.mark.parametrize("scope", list(SEEN))
def test_follow_ups_are_seen_within_their_own_scope(centre: Centre, scope: Scope) -> None:
    for name, customer in centre.customers.items():
        owner = Customer.objects.of(centre.company.tenant).get(pk=customer).owner_id or centre.company.users["lead"].pk
        followups.plan_follow_up(
            actor=centre.company.system,
            customer_id=customer,
            fields={"subject": name, "owner_id": owner, "due_at": timezone.now()},
            now=timezone.now(),
        )
    me = centre.with_scope(Scope.ALL, rights={"followups.read": scope.value})
    answer = me.get("/api/follow-ups")
    assert answer.status_code == 200, answer.content
    expected = SEEN[scope] if scope is Scope.ALL else SEEN[scope] - {"pools"}
    assert {item["subject"] for item in answer.json()["items"]} == expected


FOUND_BY: tuple[tuple[str, dict[str, str]], ...] = (
    ("company", {"search": "云帆"}),
    ("emails", {"search": "zhang@example"}),
    ("tags", {"search": "常客"}),
    ("company", {"sort": "company"}),
    ("monthly_value", {"min_value": "10"}),
    ("arrears", {"in_arrears": "true"}),
    ("arrears", {"sort": "-arrears"}),
    ("birthday", {"birth_month": "5"}),
    ("addresses", {"city": "杭州"}),
    ("type", {"type": "wholesale"}),
)


@pytest.mark.parametrize("access", ["hide", "mask"])
def test_what_a_role_does_not_see_in_clear_cannot_be_found_out(centre: Centre, access: str) -> None:
    tag = centre.company.browser("administrator").post("/api/tags", {"name": "常客"}, content_type=JSON).json()
    whole = {"emails": ["zhang@example.com"], "monthly_value": "20", "arrears": "5", "type": "wholesale"} | {
        "birthday": {"month": 5, "day": 1}, "addresses": [{"city": "杭州"}], "tag_ids": [tag["id"]]
    }  # fmt: skip
    customer = centre.customers["mine"]
    lead = centre.company.browser("lead")
    assert lead.patch(f"/api/customers/{customer}", whole, content_type=JSON).status_code == 200
    me = centre.with_scope(Scope.ALL)
    for field, asked in FOUND_BY:
        assert customer in seen_in(lead.get("/api/customers", asked)), asked
        centre.me.role.fields = {f"customer.{field}": access}
        centre.me.role.save()
        answer = me.get("/api/customers", asked)
        if "search" in asked:
            assert seen_in(answer) == set(), asked
            assert centre.named(seen_in(me.get("/api/customers", {"search": "客户mine"}))) == {"mine"}
        else:
            assert (answer.status_code, answer.json()["code"]) == (400, "field_not_readable"), asked


def test_hidden_numbers_are_found_by_no_digit_and_masked_ones_by_their_ends(centre: Centre) -> None:
    number = NUMBERS["mine"]
    me = centre.with_scope(Scope.ALL, fields={"customer.numbers": "hide"})
    for text in (number, number[:3], number[-4:]):
        assert seen_in(me.get("/api/customers", {"search": text})) == set()
    assert me.post("/api/duplicates/similar", {"name": "x", "numbers": [number]}, content_type=JSON).json() == {
        "items": [],
        "beyond": 0,
    }


def test_the_timelines_changes_obey_field_rights(centre: Centre) -> None:
    customer = centre.customers["mine"]
    lead = centre.company.browser("lead")
    fields = {"note": "欠款三次", "credit_rating": "AA", "arrears": "12.00", "birthday": {"month": 5, "day": 1}}
    lead.patch(f"/api/customers/{customer}", fields, content_type=JSON)
    restricted = {"note": "hide", "credit_rating": "mask", "arrears": "mask", "birthday": "hide"}
    me = centre.with_scope(Scope.ALL, fields={f"customer.{name}": access for name, access in restricted.items()})
    changes = me.get(f"/api/customers/{customer}/timeline", {"kind": "change"}).json()["items"]
    told = {field["field"]: field["after"] for item in changes for field in item["change"]["fields"]}
    assert told["credit_rating"] == "A***"
    assert not {"note", "arrears", "birth_month", "birth_day"} & told.keys()
    assert told["company"] == "云帆"
