"""Customers from a file: found again by number or mail, changed without losing anything, undone exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers import snapshots
from zhiyin.apps.customers.models import Customer, Tag
from zhiyin.apps.customers.services import NumberChange, Reach
from zhiyin.apps.exchange.tests.conftest import Importer
from zhiyin.apps.exchange.tests.tables_in_bytes import csv_bytes
from zhiyin.apps.fields import services as fields
from zhiyin.apps.interactions import services as interactions
from zhiyin.apps.testing.contacts import log_contact

TITLES = "客户名称,手机,座机,邮箱,公司,标签,负责人,生日,省份,城市,地址,备注"
LI = (
    "李雷,13800138001;13800138002,0571-88888888,LI@Example.com,云帆科技,老客户、华东,agent,1990-05-20,"
    "浙江,杭州,文一路1号,下午联系"
)


def only(company: Company) -> Customer:
    return Customer.objects.of(company.tenant).get()


def shown(company: Company, customer_id: int) -> Any:
    return company.browser("lead").get(f"/api/customers/{customer_id}").json()


def test_a_row_becomes_a_customer_with_all_that_stands_in_it(
    importer: Callable[..., Importer], company: Company
) -> None:
    done = importer("lead").run(csv_bytes(TITLES, LI, encoding="gbk"), kind="customers")
    assert done["counts"] == {"created": 1}
    li = shown(company, only(company).pk)
    assert [(each["number"], each["use"]) for each in li["numbers"]] == [
        ("+8613800138001", "mobile"),
        ("+8613800138002", "mobile"),
        ("+8657188888888", "work"),
    ]
    assert (li["emails"], li["company"], li["note"]) == (["li@example.com"], "云帆科技", "下午联系")
    assert {tag["name"] for tag in li["tags"]} == {"老客户", "华东"}
    assert (li["owner"]["id"], li["birthday"]) == (company.users["agent"].pk, {"year": 1990, "month": 5, "day": 20})
    assert li["address"] == "浙江杭州文一路1号"


def test_what_is_wrong_is_named_by_its_column(importer: Callable[..., Importer], company: Company) -> None:
    lead = importer("lead")
    done = lead.run(
        csv_bytes(
            "姓名,电话,邮箱,生日,负责人,月均消费",
            "甲,abc,x,,,",
            ",13800138001,,,,",
            "乙,,,2026-02-30,nobody,12.345",
        ),
        kind="customers",
    )
    assert done["counts"] == {"refused": 3}
    assert [row["problems"] for row in lead.rows(done["id"], outcome="refused")] == [
        {"numbers": "bad_number", "emails": "bad_email"},
        {"name": "missing"},
        {"birthday": "not_date", "owner": "unknown_user", "monthly_value": "too_many_decimals"},
    ]
    assert not Customer.objects.of(company.tenant).exists()


@pytest.mark.parametrize("by", ["13800138001,", ",LI@example.com"], ids=["number", "mail"])
def test_a_known_customer_is_changed_and_loses_nothing(
    importer: Callable[..., Importer], company: Company, by: str
) -> None:
    lead = importer("lead")
    lead.run(csv_bytes(TITLES, LI), kind="customers")
    again = csv_bytes("姓名,电话,邮箱,备注,单位,标签", f"李雷,{by},新的备注,,新客")
    assert lead.run(again, kind="customers")["counts"] == {"skipped": 1}
    assert lead.run(again, kind="customers", on_match="change")["counts"] == {"changed": 1}
    li = shown(company, only(company).pk)
    assert (li["note"], li["company"], len(li["numbers"]), li["emails"]) == (
        "新的备注",
        "云帆科技",
        3,
        ["li@example.com"],
    )
    assert {tag["name"] for tag in li["tags"]} == {"老客户", "华东", "新客"}
    assert lead.run(again, kind="customers", on_match="change")["counts"] == {"unchanged": 1}


def test_a_number_that_several_have_is_told_by_the_name_or_refused(
    importer: Callable[..., Importer], company: Company
) -> None:
    for name in ("父", "子"):
        customers.create_customer(
            actor=company.system, fields={"name": name}, numbers=[NumberChange(number="13800138001")]
        )
    done = importer("lead").run(
        csv_bytes("姓名,电话,备注", "子,13800138001,读大学", "孙,13800138001,"), kind="customers", on_match="change"
    )
    assert done["counts"] == {"changed": 1, "refused": 1}
    assert Customer.objects.of(company.tenant).get(name="子").note == "读大学"


def test_the_companys_own_fields_are_imported_by_their_words(
    importer: Callable[..., Importer], company: Company
) -> None:
    field = fields.create_field(
        actor=company.system,
        subject="customer",
        kind="choice",
        fields={
            "name": "行业",
            "name_en": "Industry",
            "options": [{"name": "制造", "name_en": "Making"}, {"name": "零售"}],
        },
    )
    lead = importer("lead")
    made = lead.run(csv_bytes("姓名,行业", "甲,制造", "乙,making", "丙,航天"), kind="customers")
    assert made["counts"] == {"created": 2, "refused": 1}
    stored = Customer.objects.of(company.tenant).order_by("pk").values_list("custom", flat=True)
    assert len({str(custom[field.code]) for custom in stored}) == 1
    assert lead.rows(made["id"], outcome="refused")[0]["problems"] == {f"custom.{field.code}": "unknown_option"}


def test_undo_brings_everything_back_exactly(importer: Callable[..., Importer], company: Company) -> None:
    lead = importer("lead")
    lead.run(csv_bytes(TITLES, LI), kind="customers")
    li = only(company).pk
    before = snapshots.take(tenant=company.tenant, customer_id=li) or {}
    done = lead.run(
        csv_bytes("姓名,电话,邮箱,备注,标签", "李磊,13800138001,b@x.cn,新,新客", "韩梅梅,13900139000,,,"),
        kind="customers",
        on_match="change",
    )
    assert done["counts"] == {"changed": 1, "created": 1}
    assert lead.step(done["id"], "undo")["counts"]["undone"] == 2
    now = snapshots.take(tenant=company.tenant, customer_id=li)
    assert now is not None
    assert snapshots.differences(now, before) == []
    found = company.browser("lead").get("/api/customers", {"search": "李雷"}).json()
    assert [row["id"] for row in found["items"]] == [li]
    assert company.browser("lead").get("/api/customers", {"search": "韩梅梅"}).json()["total"] == 0
    assert Tag.objects.of(company.tenant).filter(name="新客").exists()


def test_undo_keeps_whoever_was_changed_or_called_since(importer: Callable[..., Importer], company: Company) -> None:
    lead = importer("lead")
    done = lead.run(csv_bytes("姓名,电话", "甲,13800138001", "乙,13800138002", "丙,13800138003"), kind="customers")
    of_name = {row.name: row.pk for row in Customer.objects.of(company.tenant)}
    customers.update_customer(actor=company.system, customer_id=of_name["甲"], fields={"note": "来过"}, reach=Reach())
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613800138002")
    interactions.link_customer(
        actor=company.actor("lead"), interaction_id=contact, customer_id=of_name["乙"], fields={}, now=timezone.now()
    )
    undone = lead.step(done["id"], "undo")
    assert undone["counts"] == {"created": 3, "kept": 2, "undone": 1}
    kept = lead.rows(done["id"], state="kept")
    assert [(row["subject_name"], row["problems"]) for row in kept] == [
        ("甲", {"note": "changed_since"}),
        ("乙", {"": "customer_in_use"}),
    ]


def test_agents_import_nothing(company: Company) -> None:
    assert company.browser("agent").get("/api/imports/kinds").status_code == 403
