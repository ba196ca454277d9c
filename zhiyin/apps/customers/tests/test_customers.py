"""Customers: found by what people type, shown as each role may see them, kept with their numbers."""

from __future__ import annotations

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import queries, services
from zhiyin.apps.customers.services import NumberChange

JSON = "application/json"


def add(home: Company, name: str, *numbers: str, **fields: object) -> int:
    changes = [NumberChange(number=number) for number in numbers]
    return services.create_customer(actor=home.system, fields={"name": name, **fields}, numbers=changes).pk


def found(company: Company, role: str, search: str) -> list[str]:
    rows = queries.search_customers(actor=company.actor(role), search=search)
    return sorted(row.name for row in rows)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("小明", ["张小明"]),
        ("zxm", ["张小明"]),
        ("zhangxm", []),
        ("zhangxiaoming", ["张小明"]),
        ("ZXM", ["张小明"]),
        ("sxl", ["单晓丽"]),
        ("dxl", ["单晓丽"]),
        ("云帆", ["李四"]),
        ("138001", ["张小明"]),
        ("8888", ["李四"]),
        ("0571888", ["李四"]),
        ("+86 138-0013-8000", ["张小明"]),
        ("nobody", []),
        ("", ["单晓丽", "张小明", "李四"]),
    ],
)
def test_customers_are_found_by_name_pinyin_company_and_part_of_a_number(
    company: Company, search: str, names: list[str]
) -> None:
    add(company, "张小明", "13800138000")
    add(company, "单晓丽")
    add(company, "李四", "0571-88888888", company="云帆科技")
    assert found(company, "lead", search) == sorted(names)


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("138", True), ("5678", True), ("13812345678", True), ("1234", False), ("3812345", False), ("12345678", False)],
    ids=["head", "tail", "all of it", "hidden middle", "middle", "long tail"],
)
def test_who_sees_numbers_masked_cannot_spell_out_the_hidden_part(
    company: Company, search: str, is_found: bool
) -> None:
    add(company, "张三", "13812345678")
    assert found(company, "agent", search) == (["张三"] if is_found else [])
    assert found(company, "lead", search) == ["张三"]


@pytest.mark.parametrize(
    ("role", "number"), [("agent", None), ("lead", "+8613812345678"), ("administrator", "+8613812345678")]
)
def test_numbers_are_masked_by_role(company: Company, role: str, number: str | None) -> None:
    customer = add(company, "张三", "13812345678")
    shown = company.browser(role).get(f"/api/customers/{customer}").json()["numbers"][0]
    assert (shown["number"], shown["masked"], shown["kind"]) == (number, "138****5678", "mobile")
    assert shown["place"] == "江苏 连云港"


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_csv_masks_as_the_page_does_and_runs_no_formula(company: Company, role: str) -> None:
    add(company, "=HYPERLINK(1)", "13812345678", note="+1")
    company.grant(role, "customers.export")
    text = company.browser(role).get("/api/customers", {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",'+1" in text
    assert ("138****5678" in text, "+8613812345678" in text) == (role == "agent", role == "lead")


def test_seeing_numbers_in_clear_is_audited_and_exporting_too(company: Company) -> None:
    customer = add(company, "张三", "13812345678")
    company.grant("agent", "customers.export")
    for role in ("agent", "lead"):
        company.browser(role).get(f"/api/customers/{customer}")
        company.browser(role).get("/api/customers", {"format": "csv"})
    entries = Entry.objects.of(company.tenant).filter(action__in=("customer.read", "export.sent")).order_by("pk")
    assert [(e.action, e.user_name.split()[0]) for e in entries] == [
        ("export.sent", "agent"),
        ("customer.read", "lead"),
        ("export.sent", "lead"),
    ]


def test_an_agent_who_sees_numbers_masked_changes_a_customer_without_losing_them(company: Company) -> None:
    customer = add(company, "张三", "13812345678", "057188888888")
    agent = company.browser("agent")
    shown = agent.get(f"/api/customers/{customer}").json()["numbers"]
    body = {"note": "下午回电", "numbers": [{"id": shown[1]["id"]}, {"id": shown[0]["id"]}, {"number": "95588"}]}
    answer = agent.patch(f"/api/customers/{customer}", body, content_type=JSON)
    assert [number["masked"] for number in answer.json()["numbers"]] == ["057*****8888", "138****5678", "95588"]
    stored = queries.numbers_of(tenant=company.tenant, customer_ids=[customer])[customer]
    assert [row.number for row in stored] == ["+8657188888888", "+8613812345678", "95588"]


def test_a_number_left_out_is_removed_and_a_repeated_one_kept_once(company: Company) -> None:
    customer = add(company, "张三", "13812345678", "057188888888")
    body = {"numbers": [{"number": "+86 571 8888 8888"}, {"number": "0571-88888888"}]}
    company.browser("agent").patch(f"/api/customers/{customer}", body, content_type=JSON)
    stored = queries.numbers_of(tenant=company.tenant, customer_ids=[customer])[customer]
    assert [row.number for row in stored] == ["+8657188888888"]


def test_what_is_no_number_is_named_by_its_place_in_the_list(company: Company) -> None:
    body = {"name": "张三", "numbers": [{"number": "13812345678"}, {"number": "abc"}]}
    answer = company.browser("agent").post("/api/customers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"numbers.1.number": "bad_number"})
    assert queries.search_customers(actor=company.actor("lead"), search="张三").count() == 0


def test_only_what_is_named_changes_and_a_date_may_be_taken_away(company: Company) -> None:
    customer = add(company, "张三", level="vip", purchased_on="2026-01-02")
    answer = company.browser("agent").patch(f"/api/customers/{customer}", {"purchased_on": None}, content_type=JSON)
    assert (answer.json()["level"], answer.json()["purchased_on"]) == ("vip", None)


def test_an_owner_of_another_company_is_refused(company: Company, other_company: Company) -> None:
    body = {"name": "张三", "owner_id": other_company.users["agent"].pk}
    answer = company.browser("agent").post("/api/customers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"owner_id": "unknown_reference"})


def test_every_customer_who_has_the_number_is_matched(company: Company) -> None:
    add(company, "父", "13812345678")
    add(company, "子", "138 1234 5678")
    add(company, "邻", "13812345679")
    matches = queries.match_number(tenant=company.tenant, number="+8613812345678")
    assert {row.name for row in matches} == {"父", "子"}


def test_a_change_is_audited_without_the_number_in_clear(company: Company) -> None:
    customer = add(company, "张三", "13812345678")
    services.update_customer(actor=company.actor("agent"), customer_id=customer, fields={"level": "vip"})
    entry = Entry.objects.of(company.tenant).filter(action="customer.changed").get()
    assert entry.before == {"level": "ordinary", "version": 1}
    assert entry.after == {"level": "vip", "version": 2}
    created = Entry.objects.of(company.tenant).filter(action="customer.created").get()
    assert "138****5678" in str(created.after)
    assert "13812345678" not in str(created.after)


def test_pages_do_not_overlap_and_count_all(company: Company) -> None:
    names = {add(company, f"客户{number:02d}") for number in range(7)}
    client = company.browser("agent")
    pages = [
        client.get("/api/customers", {"sort": "name", "page": page, "page_size": 3}).json() for page in (1, 2, 3, 4)
    ]
    assert [len(page["items"]) for page in pages] == [3, 3, 1, 0]
    assert {item["id"] for page in pages for item in page["items"]} == names
    assert {page["total"] for page in pages} == {7}
