"""Merging loses nothing, its undoing restores both exactly, whatever happened before and between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import merging, services, snapshots, tags
from zhiyin.apps.customers.merging_errors import ChangedSinceMerge
from zhiyin.apps.customers.models import Customer, CustomerNumber, DuplicatePair, Relation
from zhiyin.apps.customers.services import NumberChange, Reach
from zhiyin.apps.interactions import services as interactions
from zhiyin.apps.interactions.models import CustomerLink
from zhiyin.apps.testing.contacts import log_contact

JSON = "application/json"


def make(home: Company, name: str, *numbers: str, emails: tuple[str, ...] = (), **fields: object) -> int:
    reach = Reach(numbers=[NumberChange(number=number) for number in numbers], emails=emails)
    return services.create_customer(actor=home.system, fields={"name": name, **fields}, reach=reach).pk


def merge(home: Company, kept: int, merged: int, **chosen: str) -> int:
    made = merging.merge(actor=home.actor("lead"), kept_id=kept, merged_id=merged, chosen=chosen, now=timezone.now())
    return int(made.pk)


def undo(company: Company, merge_id: int) -> None:
    merging.undo(actor=company.actor("lead"), merge_id=merge_id, now=timezone.now())


def taken(company: Company, *customer_ids: int) -> list[Any]:
    return [snapshots.take(tenant=company.tenant, customer_id=key) for key in customer_ids]


def same(company: Company, before: list[Any], *customer_ids: int) -> bool:
    now = taken(company, *customer_ids)
    return all(
        (a is None and b is None) or (b is not None and snapshots.differences(a, b) == [])
        for a, b in zip(now, before, strict=True)
    )


def call(company: Company, customer_id: int, number: str) -> str:
    contact = log_contact(company.tenant, at=timezone.now(), number=number)
    interactions.link_customer(
        actor=company.actor("lead"), interaction_id=contact, customer_id=customer_id, fields={}, now=timezone.now()
    )
    return contact


def test_everything_of_the_merged_one_follows(company: Company) -> None:
    kept = make(company, "李雷", "13800138001", "13800138002", emails=("a@x.cn",), note="一")
    merged = make(company, "李磊", "13800138002", "13800138003", emails=("a@x.cn", "b@x.cn"), note="二", hobbies="钓鱼")
    tag = tags.create_tag(actor=company.system, fields={"name": "老客户"})
    tags.add_tags(tenant=company.tenant, customer_ids=[kept, merged], tag_ids=[tag.pk])
    contact = call(company, merged, "+8613800138003")
    merge(company, kept, merged, note="both")
    shown = company.browser("lead").get(f"/api/customers/{kept}").json()
    assert [row["number"] for row in shown["numbers"]] == ["+8613800138001", "+8613800138002", "+8613800138003"]
    assert (shown["emails"], shown["hobbies"], shown["note"], shown["name"]) == (
        ["a@x.cn", "b@x.cn"],
        "钓鱼",
        "一\n二",
        "李雷",
    )
    assert [row["name"] for row in shown["tags"]] == ["老客户"]
    assert CustomerLink.objects.of(company.tenant).get(interaction_id=contact).customer_id == kept
    assert Entry.objects.of(company.tenant).filter(action="customer.merged", subject_id=str(kept)).exists()


def test_whoever_asks_for_the_merged_one_finds_the_kept_one(company: Company) -> None:
    first, second, third = (make(company, name) for name in ("甲", "乙", "丙"))
    merge(company, second, third)
    merge(company, first, second)
    shown = company.browser("agent").get(f"/api/customers/{third}")
    assert (shown.status_code, shown.json()["id"]) == (200, first)
    found = company.browser("agent").get("/api/customers", {"search": "丙"}).json()
    assert found["total"] == 0


def test_undo_restores_both_and_keeps_what_came_since(company: Company) -> None:
    kept = make(company, "李雷", "13800138001", company="云帆", birth_month=5, birth_day=20)
    merged = make(company, "李磊", "13800138001", "13800138003", company="风帆", type="政企")
    old = call(company, merged, "+8613800138003")
    before = taken(company, kept, merged)
    merge_id = merge(company, kept, merged, name="merged", company="merged")
    new = call(company, kept, "+8613800138001")
    undo(company, merge_id)
    assert same(company, before, kept, merged)
    links = dict(CustomerLink.objects.of(company.tenant).values_list("interaction_id", "customer_id"))
    assert links == {old: merged, new: kept}
    for search, expected in (("李雷", kept), ("李磊", merged)):
        found = company.browser("lead").get("/api/customers", {"search": search}).json()
        assert [row["id"] for row in found["items"]] == [expected]


def test_a_merge_that_was_changed_since_is_not_undone_but_told(company: Company) -> None:
    kept, merged = make(company, "李雷", "13800138001"), make(company, "李磊")
    merge_id = merge(company, kept, merged)
    services.update_customer(
        actor=company.system, customer_id=kept, fields={"note": "新"}, reach=Reach(emails=["n@x.cn"])
    )
    with pytest.raises(ChangedSinceMerge) as refused:
        undo(company, merge_id)
    assert refused.value.fields_changed == ("customeremail", "note")
    answer = company.browser("lead").post(f"/api/merges/{merge_id}/undo", content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_since_merge")


def test_relations_follow_and_one_between_the_two_comes_back(company: Company) -> None:
    kept, merged, boss = (make(company, name) for name in ("甲", "乙", "丙"))
    for one, other in ((merged, boss), (kept, merged)):
        Relation.objects.of(company.tenant).create(customer_id=one, other_id=other, kind="family")
    before = taken(company, kept, merged, boss)
    merge_id = merge(company, kept, merged)
    pairs = Relation.objects.of(company.tenant).values_list("customer_id", "other_id")
    assert list(pairs) == [(kept, boss)]
    undo(company, merge_id)
    assert same(company, before, kept, merged, boss)


def test_what_apps_register_follows_too(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def move(_: object, old: int, new: int) -> list[int]:
        calls.append((old, new))
        return [7]

    def move_back(_: object, old: int, new: int, facts: object) -> None:
        calls.append((old, new, facts))

    monkeypatch.setattr(merging, "_movers", {})
    merging.register("cards", move, move_back)
    kept, merged = make(company, "甲"), make(company, "乙")
    undo(company, merge(company, kept, merged))
    assert calls == [(merged, kept), (merged, kept, [7])]


def test_every_table_that_refers_to_customers_is_moved() -> None:
    """A new table with a foreign key follows by itself; derived ones are written anew."""
    labels = {f"{model._meta.label}.{name}" for model, name in snapshots.references()}
    assert {
        "customers.CustomerNumber.customer",
        "customers.Relation.other",
        "interactions.CustomerLink.customer",
    } <= labels
    assert "customers.SearchEntry.customer" not in labels


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kept_id": 0, "merged_id": 0}, 400, "same_customer"),
        ({"kept_id": 0, "merged_id": 1}, 400, "other_kind"),
        ({"kept_id": 0, "merged_id": 10**9}, 404, "not_found"),
        ({"kept_id": 0, "merged_id": 2, "chosen": {"pinyin": "merged"}}, 400, "bad_choice"),
        ({"kept_id": 0, "merged_id": 2, "chosen": {"name": "both"}}, 400, "bad_choice"),
    ],
    ids=["itself", "person and company", "unknown", "no such field", "two names"],
)
def test_what_cannot_be_merged_is_refused(company: Company, body: dict[str, Any], status: int, code: str) -> None:
    made = [make(company, "甲"), make(company, "云帆", kind="company"), make(company, "乙")]
    sent = {name: made[value] if isinstance(value, int) and value < 3 else value for name, value in body.items()}
    answer = company.browser("lead").post("/api/merges", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Each example begins with the company as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


people = st.lists(
    st.fixed_dictionaries(
        {
            "numbers": st.sets(st.sampled_from(["13800138001", "13800138002", "13800138003"]), max_size=2),
            "emails": st.sets(st.sampled_from(["a@x.cn", "b@x.cn"]), max_size=2),
            "company": st.sampled_from(["", "云帆"]),
            "note": st.sampled_from(["", "一", "二"]),
        }
    ),
    min_size=3,
    max_size=4,
)
#: which of those left is merged into which, and which fields are taken over
steps = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=people, steps=steps)
def test_any_history_of_merges_undone_backwards_leaves_everybody_as_they_were(
    company: Company, people: list[Any], steps: list[tuple[int, int, bool, bool]]
) -> None:
    with rolled_back():
        ids = [
            make(
                company,
                f"客户{n}",
                *sorted(each["numbers"]),
                emails=tuple(sorted(each["emails"])),
                company=each["company"],
                note=each["note"],
            )
            for n, each in enumerate(people)
        ]
        begun = taken(company, *ids)
        all_numbers = set(CustomerNumber.objects.of(company.tenant).values_list("number", flat=True))
        left, history = list(ids), []
        for a, b, takes_name, joins_notes in steps:
            if len(left) < 2:
                break
            kept, merged = left[a % len(left)], left[(a + 1 + b % (len(left) - 1)) % len(left)]
            chosen = ({"name": "merged"} if takes_name else {}) | ({"note": "both"} if joins_notes else {})
            before = taken(company, *ids)
            history.append((merge(company, kept, merged, **chosen), before))
            left.remove(merged)
            assert Customer.objects.of(company.tenant).count() == len(left)
            assert set(CustomerNumber.objects.of(company.tenant).values_list("number", flat=True)) == all_numbers
        for merge_id, before in reversed(history):
            undo(company, merge_id)
            assert same(company, before, *ids)
        assert same(company, begun, *ids)


def pairs(company: Company, state: str = "open") -> list[tuple[str, str]]:
    rows = company.browser("lead").get("/api/duplicates", {"state": state}).json()["items"]
    return sorted((row["one"]["name"], row["other"]["name"]) for row in rows)


def test_a_merge_settles_its_pair_lets_the_others_follow_and_its_undoing_brings_them_back(company: Company) -> None:
    """甲 = 乙 is merged; that 乙 may be 丙, and is not 丁, is known of 甲 from then on; 戊 was a pair of both."""
    one, two, three, four, five = (make(company, name) for name in "甲乙丙丁戊")
    rows = DuplicatePair.objects.of(company.tenant)
    for low, high, state in ((one, two, "open"), (two, three, "open"), (two, four, "not_same")):
        rows.create(low_id=low, high_id=high, score=80, reasons=["number"], state=state, found_at=timezone.now())
    for low in (one, two):
        rows.create(low_id=low, high_id=five, score=60, reasons=["email"], found_at=timezone.now())
    before = sorted(rows.values_list())
    merge_id = merge(company, one, two)
    assert pairs(company) == [("甲", "丙"), ("甲", "戊")]
    assert pairs(company, "not_same") == [("甲", "丁")]
    undo(company, merge_id)
    assert sorted(rows.values_list()) == before
    assert pairs(company) == [("乙", "丙"), ("乙", "戊"), ("甲", "乙"), ("甲", "戊")]


def test_undoing_leaves_out_pairs_with_a_customer_who_is_gone(company: Company) -> None:
    one, two, three = (make(company, name) for name in "甲乙丙")
    DuplicatePair.objects.of(company.tenant).create(
        low_id=two, high_id=three, score=80, reasons=["number"], found_at=timezone.now()
    )
    first, second = merge(company, one, two), merge(company, one, three)
    undo(company, second)
    assert pairs(company) == [("甲", "丙")]
    Customer.objects.of(company.tenant).filter(pk=three).delete()
    undo(company, first)
    assert pairs(company) == []
