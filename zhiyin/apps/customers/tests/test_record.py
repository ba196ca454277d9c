"""The record of a customer: people and companies, lists of what reaches them, two editors at once."""

from __future__ import annotations

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services, tags
from zhiyin.apps.customers.services import NumberChange

JSON = "application/json"
WHOLE = {
    "kind": "company",
    "name": "云帆科技",
    "numbers": [{"number": "057188888888", "use": "work"}, {"number": "13812345678"}],
    "emails": ["Sales@YunFan.example", "sales@yunfan.example", "li@yunfan.example"],
    "addresses": [{"use": "work", "province": "浙江", "city": "杭州", "district": "西湖区", "line": "文三路 1 号"}],
    "birthday": {"month": 2, "day": 29},
    "anniversary_on": "2020-05-01",
    "type": "wholesale",
    "monthly_value": "1234.50",
    "credit_rating": "AA",
    "arrears": "0.10",
}


def create(company: Company, **fields: object) -> dict[str, object]:
    answer = company.browser("lead").post("/api/customers", WHOLE | fields, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_everything_that_is_told_is_kept(company: Company) -> None:
    shown = create(company)
    assert [(n["number"], n["use"], n["is_primary"]) for n in shown["numbers"]] == [  # type: ignore[attr-defined]
        ("+8657188888888", "work", True),
        ("+8613812345678", "mobile", False),
    ]
    assert shown["emails"] == ["sales@yunfan.example", "li@yunfan.example"]
    assert shown["address"] == "浙江杭州西湖区文三路 1 号"
    assert shown["birthday"] == {"year": None, "month": 2, "day": 29}
    assert (shown["kind"], shown["monthly_value"], shown["arrears"]) == ("company", "1234.50", "0.10")
    assert shown["version"] == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"birthday": {"month": 2, "day": 30}}, "birthday"),
        ({"birthday": {"year": 2023, "month": 2, "day": 29}}, "birthday"),
        ({"emails": ["a@b.example", "nobody"]}, "emails.1"),
        ({"tag_ids": [2**40]}, "tag_ids"),
        ({"custom": {"nothing": 1}}, "custom.nothing"),
    ],
    ids=["no such day", "no leap year", "no mail", "unknown tag", "unknown field"],
)
def test_what_cannot_be_is_refused_by_its_field(company: Company, fields: dict[str, object], named: str) -> None:
    answer = company.browser("agent").post("/api/customers", {"name": "张三"} | fields, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [named])


def test_the_second_of_two_editors_is_told_who_changed_what_and_loses_nothing(company: Company) -> None:
    customer = create(company)
    address = f"/api/customers/{customer['id']}"
    lead, agent = company.browser("lead"), company.browser("agent")
    first = lead.patch(address, {"version": 1, "service": "宽带", "arrears": None}, content_type=JSON)
    assert first.json()["version"] == 2
    second = agent.patch(address, {"version": 1, "service": "固话"}, content_type=JSON)
    assert (second.status_code, second.json()["code"]) == (409, "stale_version")
    facts = second.json()["facts"]
    assert facts["version"] == 2
    assert [(change["by"], change["fields"]) for change in facts["changes"]] == [
        (company.users["lead"].name, ["arrears", "service"])
    ]
    again = agent.patch(address, {"version": 2, "service": "固话"}, content_type=JSON)
    assert (again.status_code, again.json()["service"], again.json()["version"]) == (200, "固话", 3)


def test_what_changes_nothing_is_no_new_version(company: Company) -> None:
    customer = create(company)
    same = company.browser("lead").patch(
        f"/api/customers/{customer['id']}", {"name": "云帆科技", "emails": WHOLE["emails"]}, content_type=JSON
    )
    assert same.json()["version"] == 1


def test_one_address_and_one_product_can_still_be_told_as_plain_fields(company: Company) -> None:
    client = company.browser("agent")
    given = {"name": "张三", "address": "文三路 1 号", "product": "R3", "purchased_on": "2026-01-02"}
    customer = client.post("/api/customers", given, content_type=JSON).json()
    assert {name: customer[name] for name in given} == given
    changed = client.patch(
        f"/api/customers/{customer['id']}", {"address": "", "product": "R4"}, content_type=JSON
    ).json()
    assert (changed["address"], changed["product"], changed["purchased_on"]) == ("", "R4", "2026-01-02")


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("云帆", True),
        ("帆科", True),
        ("科技", True),
        ("yfkj", True),
        ("sales@yun", True),
        ("yunfan.ex", True),
        ("大客", True),
        ("云帆 8888", True),
        ("云帆 9999", False),
        ("'); drop", False),
        ("\\", False),
        ("8888", True),
    ],
)
def test_a_customer_is_found_by_any_part_and_by_tag(company: Company, search: str, is_found: bool) -> None:
    tag = tags.create_tag(actor=company.system, fields={"name": "大客户"})
    create(company, tag_ids=[tag.pk])
    answer = company.browser("lead").get("/api/customers", {"search": search}).json()
    assert [item["name"] for item in answer["items"]] == (["云帆科技"] if is_found else [])


def test_a_renamed_customer_is_found_by_the_new_name_alone(company: Company) -> None:
    customer = services.create_customer(actor=company.system, fields={"name": "张三"})
    services.update_customer(
        actor=company.system, customer_id=customer.pk, fields={"name": "李四"}, numbers=[NumberChange(number="95588")]
    )
    client = company.browser("lead")
    totals = [client.get("/api/customers", {"search": text}).json()["total"] for text in ("张三", "zs", "李四", "955")]
    assert totals == [0, 0, 1, 1]


def test_another_companys_customers_are_not_found(company: Company, other_company: Company) -> None:
    services.create_customer(actor=company.system, fields={"name": "张三"})
    assert other_company.browser("lead").get("/api/customers", {"search": "张三"}).json()["total"] == 0
