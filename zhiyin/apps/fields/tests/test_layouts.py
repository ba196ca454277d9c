"""Layouts: arranged per type, never in conflict with the fields that there are."""

from __future__ import annotations

from typing import Any

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.fields import services

JSON = "application/json"
PERSON = "/api/layouts/customer/person"


def make(company: Company, name: str, kind: str = "text", **fields: Any) -> str:
    row = services.create_field(actor=company.system, subject="customer", kind=kind, fields={"name": name, **fields})
    return row.code


def section(*places: str | dict[str, Any], columns: int = 2) -> dict[str, Any]:
    shaped = [{"field": place} if isinstance(place, str) else place for place in places]
    return {"name": "资料", "name_en": "Profile", "columns": columns, "places": shaped}


def save(company: Company, *sections: dict[str, Any], version: int = 0, address: str = PERSON) -> Any:
    body = {"version": version, "sections": list(sections)}
    return company.browser("administrator").put(address, body, content_type=JSON)


def fields_of(form: dict[str, Any]) -> list[list[str]]:
    return [[place["field"] for place in part["places"]] for part in form["sections"]]


def test_without_a_layout_everything_stands_in_its_order(company: Company) -> None:
    code = make(company, "等级")
    form = company.browser("agent").get(PERSON).json()
    assert (form["version"], fields_of(form)[1]) == (0, [f"custom.{code}"])
    assert fields_of(form)[0][0] == "name"
    assert [field["code"] for field in form["fields"]] == [code]


def test_a_layout_is_saved_per_type_and_audited(company: Company) -> None:
    code = make(company, "等级")
    when = {"field": "company", "comparison": "is_filled", "values": []}
    place = {"field": f"custom.{code}", "is_wide": True, "is_read_only": True, "show_when": when}
    answer = save(company, section("name", "company"), section(place, columns=1))
    assert answer.status_code == 200, answer.content
    form = company.browser("agent").get(PERSON).json()
    assert (form["version"], form["sections"][1]["places"]) == (1, [place])
    assert company.browser("agent").get("/api/layouts/customer/company").json()["version"] == 0
    entry = Entry.objects.of(company.tenant).get(action="layout.changed")
    assert entry.subject_id == "customer:person"


def test_two_who_arrange_at_once_do_not_overwrite_each_other(company: Company) -> None:
    assert save(company, section("name")).json()["version"] == 1
    answer = save(company, section("name", "note"))
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert save(company, section("name", "note"), version=1).json()["version"] == 2


def test_a_layout_that_no_form_can_be_made_of_is_refused_at_its_fields(company: Company) -> None:
    make(company, "身份证", is_required=True)
    answer = save(company, section("company", "company", "custom.nothing"))
    assert answer.status_code == 400
    assert answer.json()["fields"] == {
        "company": "field_twice",
        "custom.nothing": "unknown_field",
        "name": "required_missing",
        "custom.shen_fen_zheng": "required_missing",
    }


def test_a_new_field_stands_at_the_end_of_what_was_arranged_and_a_retired_one_leaves_it(company: Company) -> None:
    save(company, section("name"), section("note"))
    code = make(company, "等级")
    form = company.browser("agent").get(PERSON).json()
    assert (fields_of(form), form["version"]) == ([["name"], ["note", f"custom.{code}"]], 2)
    field = form["fields"][0]["id"]
    services.update_field(actor=company.system, field_id=field, fields={"is_active": False})
    assert fields_of(company.browser("agent").get(PERSON).json()) == [["name"], ["note"]]
    services.update_field(actor=company.system, field_id=field, fields={"is_active": True})
    assert fields_of(company.browser("agent").get(PERSON).json()) == [["name"], ["note", f"custom.{code}"]]


def test_a_required_field_that_is_hidden_is_not_asked_for(company: Company) -> None:
    code = make(company, "驾照", is_required=True)
    when = {"field": "service", "comparison": "is_any_of", "values": ["汽车"]}
    save(company, section("name", "service", {"field": f"custom.{code}", "show_when": when}))
    asked: list[tuple[dict[str, object], frozenset[str]]] = [
        ({"service": "汽车"}, frozenset()),
        ({"service": "保险"}, frozenset({code})),
    ]
    for values, hidden in asked:
        assert services.hidden_fields(company.tenant, "customer", "person", values) == hidden


def test_the_default_order_comes_back(company: Company) -> None:
    save(company, section("name"))
    browser = company.browser("administrator")
    assert browser.delete(PERSON).status_code == 204
    assert browser.delete(PERSON).status_code == 204
    assert browser.get(PERSON).json()["version"] == 0


@pytest.mark.parametrize(
    ("address", "status"), [("/api/layouts/customer/robot", 404), ("/api/layouts/weather/person", 400)]
)
def test_a_type_that_is_not_there_has_no_form(company: Company, address: str, status: int) -> None:
    assert company.browser("agent").get(address).status_code == status


def test_the_kinds_of_record_are_listed_with_their_types(company: Company) -> None:
    items = company.browser("agent").get("/api/layouts").json()["items"]
    customer = next(item for item in items if item["code"] == "customer")
    assert [variant["code"] for variant in customer["variants"]] == ["person", "company"]
