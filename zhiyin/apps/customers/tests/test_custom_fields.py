"""What a company adds to its customers is kept, found, filtered, exported and audited like the rest."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.fields import layouts, services
from zhiyin.domain.fields.layouts import Comparison, Condition, Layout, Place, Section

JSON = "application/json"


@pytest.fixture
def fields(company: Company) -> Company:
    """A company whose customers have a card, a manager, points and a second telephone."""
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("会员卡", "choice", {"options": [{"name": "金卡", "name_en": "Gold"}, {"name": "银卡"}]}),
        ("客户经理", "user", {}),
        ("积分", "number", {}),
        ("备用电话", "telephone", {}),
    ]
    for name, kind, more in made:
        services.create_field(
            actor=company.system, subject="customer", kind=kind, fields={"name": name, "is_searchable": True, **more}
        )
    return company


def add(company: Company, name: str, **custom: object) -> dict[str, Any]:
    body = {"name": name, "custom": custom}
    answer = company.browser("lead").post("/api/customers", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def names(company: Company, role: str = "lead", **asked: str) -> str:
    answer = company.browser(role).get("/api/customers", {"sort": "name", **asked})
    assert answer.status_code == 200, answer.content
    return "".join(item["name"] for item in answer.json()["items"])


def test_values_are_kept_found_and_filtered(fields: Company) -> None:
    manager = fields.users["lead"].pk
    made = add(fields, "甲", hui_yuan_ka="金卡", ke_hu_jing_li=manager, ji_fen="1,200", bei_yong_dian_hua="13912345678")
    add(fields, "乙", hui_yuan_ka="yin_ka", ji_fen=3)
    assert made["custom"] == {
        "hui_yuan_ka": "jin_ka",
        "ke_hu_jing_li": manager,
        "ji_fen": 1200,
        "bei_yong_dian_hua": "+8613912345678",
    }
    assert names(fields, **{"custom.hui_yuan_ka": "jin_ka"}) == "甲"
    assert names(fields, **{"custom.ji_fen": "..100"}) == "乙"
    assert names(fields, **{"custom.ke_hu_jing_li": str(manager), "custom.hui_yuan_ka": "yin_ka"}) == ""
    assert names(fields, search="银卡") == "乙"
    assert names(fields, search="13912345678") == "甲"
    assert names(fields, "agent", search="39123") == ""


def test_a_filter_by_what_is_not_there_is_refused(fields: Company) -> None:
    answer = fields.browser("lead").get("/api/customers", {"custom.nothing": "x"})
    assert (answer.status_code, answer.json()["fields"]) == (400, {"custom.nothing": "bad_filter"})


def test_a_value_that_cannot_stand_is_refused_at_its_field_and_nothing_is_written(fields: Company) -> None:
    body = {"name": "丙", "custom": {"hui_yuan_ka": "bronze", "ji_fen": "many"}}
    answer = fields.browser("lead").post("/api/customers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (
        400,
        {"custom.hui_yuan_ka": "unknown_option", "custom.ji_fen": "not_number"},
    )
    assert names(fields) == ""


def test_a_file_shows_names_instead_of_codes_and_hides_numbers(fields: Company) -> None:
    add(fields, "甲", hui_yuan_ka="jin_ka", ke_hu_jing_li=fields.users["lead"].pk, bei_yong_dian_hua="13912345678")
    fields.grant("agent", "customers.export")
    answer = fields.browser("agent").get("/api/customers", {"format": "csv"})
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    row = dict(zip(*table, strict=True))
    assert (row["会员卡"], row["客户经理"], row["备用电话"]) == ("金卡", fields.users["lead"].name, "139****5678")


def test_a_change_is_audited_field_by_field(fields: Company) -> None:
    made = add(fields, "甲", hui_yuan_ka="jin_ka")
    change = {"custom": {"hui_yuan_ka": "yin_ka", "bei_yong_dian_hua": "13912345678"}}
    answer = fields.browser("lead").patch(f"/api/customers/{made['id']}", change, content_type=JSON)
    assert answer.status_code == 200, answer.content
    entry = Entry.objects.of(fields.tenant).filter(action="customer.changed").get()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["custom.hui_yuan_ka"], entry.after["custom.hui_yuan_ka"]) == ("jin_ka", "yin_ka")
    assert "13912345678" not in str(entry.after)


def test_what_is_required_is_asked_for_where_the_form_shows_it(fields: Company) -> None:
    services.create_field(
        actor=fields.system, subject="customer", kind="text", fields={"name": "驾照", "is_required": True}
    )
    gold = Condition("custom.hui_yuan_ka", Comparison.IS_ANY_OF, ("jin_ka",))
    places = (Place("name"), Place("custom.hui_yuan_ka"), Place("custom.jia_zhao", show_when=gold))
    layouts.save_layout(
        actor=fields.actor("administrator"),
        subject="customer",
        variant="person",
        layout=Layout((Section("资料", "", 2, places),)),
        version=0,
    )
    assert add(fields, "乙", hui_yuan_ka="yin_ka")["custom"] == {"hui_yuan_ka": "yin_ka"}
    body = {"name": "甲", "custom": {"hui_yuan_ka": "jin_ka"}}
    answer = fields.browser("lead").post("/api/customers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"custom.jia_zhao": "required"})
