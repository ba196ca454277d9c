"""Who may be one customer is shown on entry and found in bulk; what was judged stays judged."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import duplicates
from zhiyin.apps.customers.tests.test_merging import JSON, make, merge
from zhiyin.apps.tenancy.scope import enter_tenant


def similar(home: Company, **draft: object) -> list[tuple[int, list[str]]]:
    answer = home.browser("agent").post("/api/duplicates/similar", draft, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return [(item["customer"]["id"], item["reasons"]) for item in answer.json()["items"]]


def search(company: Company) -> list[Any]:
    begun = duplicates.begin_search(actor=company.actor("lead"), now=timezone.now())
    duplicates.search_all(tenant=company.tenant, search_id=begun.pk, now=timezone.now)
    enter_tenant(company.tenant.pk)
    return list(company.browser("lead").get("/api/duplicates").json()["items"])


def test_while_typing_a_number_a_mail_or_a_name_with_its_company_finds_who_is_there(company: Company) -> None:
    li = make(company, "李雷", "13800138001", emails=("li@x.cn",), company="云帆科技")
    assert similar(company, name="新", numbers=["138 0013 8001"]) == [(li, ["number"])]
    assert similar(company, name="李磊", emails=["LI@x.cn"]) == [(li, ["email", "near_name"])]
    assert similar(company, name="李雷", company="云帆科技") == [(li, ["name", "company"])]
    assert similar(company, name="李雷") == []
    assert similar(company, name="李雷", numbers=["13800138001"], customer_id=li) == []


def test_numbers_are_masked_for_whoever_may_not_see_them(company: Company) -> None:
    make(company, "李雷", "13800138001")
    body = {"name": "李雷", "numbers": ["13800138001"]}
    answer = company.browser("agent").post("/api/duplicates/similar", body, content_type=JSON)
    assert answer.json()["items"][0]["customer"]["numbers"][0]["number"] is None


def test_a_search_finds_pairs_with_their_reasons_the_likeliest_first(company: Company) -> None:
    one = make(company, "李雷", "13800138001", company="云帆科技")
    two = make(company, "李雷", "13800138001", company="云帆科技")
    three = make(company, "李磊", company="云帆科技", birth_month=5, birth_day=20)
    make(company, "王伟", "13900139000")
    found = search(company)
    assert [(row["one"]["id"], row["other"]["id"], row["reasons"]) for row in found[:1]] == [
        (one, two, ["number", "name", "company"])
    ]
    assert all(three not in (row["one"]["id"], row["other"]["id"]) for row in found)
    last = company.browser("lead").get("/api/duplicates/search").json()["search"]
    assert (last["state"], last["found"]) == ("done", len(found))


def test_what_was_judged_not_the_same_is_not_shown_again(company: Company) -> None:
    make(company, "父", "13800138001")
    make(company, "子", "13800138001")
    pair = search(company)[0]["id"]
    path = f"/api/duplicates/{pair}/judgement"
    assert company.browser("lead").put(path, {"is_same": False}, content_type=JSON).status_code == 204
    assert search(company) == []
    judged = company.browser("lead").get("/api/duplicates", {"state": "not_same"}).json()["items"]
    assert [row["id"] for row in judged] == [pair]


def test_pairs_that_are_no_more_go(company: Company) -> None:
    one, two = make(company, "李雷", "13800138001"), make(company, "李雷", "13800138001")
    assert len(search(company)) == 1
    merge(company, one, two)
    assert company.browser("lead").get("/api/duplicates").json()["total"] == 0
    assert search(company) == []


def test_what_too_many_share_says_nothing(company: Company) -> None:
    for n in range(duplicates._LARGEST_BLOCK + 1):
        make(company, f"客户{n}", "05718888")
    assert search(company) == []


def test_a_second_search_waits_for_the_first(company: Company) -> None:
    first = duplicates.begin_search(actor=company.actor("lead"), now=timezone.now())
    assert duplicates.begin_search(actor=company.actor("lead"), now=timezone.now()).pk == first.pk


def test_another_companys_customers_are_never_compared(company: Company, other_company: Company) -> None:
    enter_tenant(other_company.tenant.pk)
    make(other_company, "李雷", "13800138001")
    enter_tenant(company.tenant.pk)
    make(company, "李雷", "13800138001")
    assert search(company) == []
    assert similar(company, name="李雷", numbers=["13800138001"], customer_id=None)[0][1] == ["number", "name"]
