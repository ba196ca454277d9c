"""Tags, owned products, relations and consents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import attached, services, tags

JSON = "application/json"


def somebody(company: Company, name: str = "张三", **fields: object) -> int:
    return services.create_customer(actor=company.system, fields={"name": name, **fields}).pk


def test_a_tag_is_renamed_everywhere_and_merged_without_losing_a_customer(company: Company) -> None:
    client = company.browser("administrator")
    big, large = (
        client.post("/api/tags", {"name": name, "colour": "red"}, content_type=JSON).json() for name in ("大", "很大")
    )
    only_big, both = somebody(company), somebody(company, "李四")
    tags.add_tags(tenant=company.tenant, customer_ids=[only_big, both], tag_ids=[big["id"]])
    tags.add_tags(tenant=company.tenant, customer_ids=[both], tag_ids=[large["id"]])
    client.patch(f"/api/tags/{large['id']}", {"name": "重点"}, content_type=JSON)
    merged = client.post(f"/api/tags/{big['id']}/merge", {"into_id": large["id"]}, content_type=JSON)
    assert (merged.status_code, merged.json()["name"]) == (200, "重点")
    listed = client.get("/api/tags").json()["items"]
    assert [(tag["name"], tag["customers"]) for tag in listed] == [("重点", 2)]
    into_itself = client.post(f"/api/tags/{large['id']}/merge", {"into_id": large["id"]}, content_type=JSON)
    assert into_itself.status_code == 400


def test_many_customers_are_tagged_at_once_and_found_by_tag_and_filter(company: Company) -> None:
    tag = tags.create_tag(actor=company.system, fields={"name": "宽带"})
    ids = [somebody(company, f"客户{n}") for n in range(3)]
    client = company.browser("agent")
    body = {"customers": ids[:2], "add": [tag.pk], "take": []}
    assert client.post("/api/customers/tags", body, content_type=JSON).json() == {"customers": ids[:2]}
    assert client.get("/api/customers", {"tags": tag.pk}).json()["total"] == 2
    assert client.get("/api/customers", {"search": "宽带"}).json()["total"] == 2


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 5), 24, date(2028, 11, 5)),
    ],
)
def test_a_warranty_ends_on_the_same_day_or_the_months_last(day: date, months: int, ends: date) -> None:
    assert attached.months_after(day, months) == ends


def test_a_product_of_the_catalogue_brings_its_name_and_its_warranty(company: Company) -> None:
    boss, agent = company.browser("administrator"), company.browser("agent")
    product = boss.post(
        "/api/products", {"code": "R3", "name": "路由器 R3", "warranty_months": 12}, content_type=JSON
    ).json()
    address = f"/api/customers/{somebody(company)}/products"
    owned = agent.post(
        address, {"product_id": product["id"], "serial": "SN1", "purchased_on": "2026-01-31"}, content_type=JSON
    ).json()
    assert (owned["name"], owned["warranty_until"]) == ("路由器 R3", "2027-01-31")
    assert boss.delete(f"/api/products/{product['id']}").json()["code"] == "in_use"
    assert agent.delete(f"{address}/{owned['id']}").status_code == 204
    assert boss.delete(f"/api/products/{product['id']}").status_code == 204


def test_a_relation_is_shown_from_both_sides(company: Company) -> None:
    person, firm = somebody(company, "张三"), somebody(company, "云帆科技", kind="company")
    client = company.browser("agent")
    body = {"kind": "works_for", "other_id": firm, "role": "决策人"}
    made = client.post(f"/api/customers/{person}/relations", body, content_type=JSON)
    assert made.status_code == 201
    (there,) = client.get(f"/api/customers/{firm}/relations").json()["items"]
    assert (there["is_from"], there["other_name"], there["role"]) == (False, "张三", "决策人")
    again = client.post(f"/api/customers/{person}/relations", body, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    itself = client.post(f"/api/customers/{person}/relations", body | {"other_id": person}, content_type=JSON)
    assert itself.json()["fields"] == {"other_id": "unknown_reference"}
    assert client.delete(f"/api/customers/{firm}/relations/{there['id']}").status_code == 204
    assert client.get(f"/api/customers/{person}/relations").json()["items"] == []


def test_the_last_word_on_a_channel_counts_until_it_runs_out(company: Company) -> None:
    customer = somebody(company)
    client = company.browser("agent")
    for is_given in (True, False):
        body = {"channel": "sms", "purpose": "marketing", "is_given": is_given, "how": "电话中"}
        assert client.post(f"/api/customers/{customer}/consents", body, content_type=JSON).status_code == 201
    told = client.get(f"/api/customers/{customer}/consents").json()["items"]
    assert [(one["is_given"], one["is_last"], one["by"]) for one in told] == [
        (False, True, company.users["agent"].name),
        (True, False, company.users["agent"].name),
    ]

    def now_and_later(purpose: str) -> list[bool | None]:
        return [
            attached.consent_to(
                tenant=company.tenant, customer_id=customer, channel="sms", purpose=purpose, now=timezone.now() + after
            )
            for after in (timedelta(), timedelta(days=2))
        ]

    assert now_and_later("marketing") == [False, False]
    fields = {"channel": "sms", "purpose": "survey", "is_given": True, "at": timezone.now()}
    attached.tell_consent(
        actor=company.system,
        customer_id=customer,
        fields=fields | {"valid_until": timezone.now() + timedelta(days=1)},
    )
    assert now_and_later("survey") == [True, None]
