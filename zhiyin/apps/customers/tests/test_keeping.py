"""Classes by rule, key accounts, and the public pool."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import classes, pool, services
from zhiyin.apps.customers.errors import NothingToClaim
from zhiyin.apps.customers.models import Customer, PoolMove
from zhiyin.domain.customers.classes import Comparison, Condition, Field, Profile, Rule, choose_class

JSON = "application/json"
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
GOLD = {"name": "金牌", "conditions": [{"field": "monthly_value", "test": "at_least", "amount": "1000"}]}
TRADE = {"name": "批发", "conditions": [{"field": "type", "test": "is_any", "values": ["wholesale"]}]}


def somebody(company: Company, **fields: object) -> int:
    return services.create_customer(actor=company.system, fields={"name": "张三", **fields}).pk


def class_names(company: Company, *ids: int) -> list[str | None]:
    client = company.browser("agent")
    shown = [client.get(f"/api/customers/{pk}").json()["customer_class"] for pk in ids]
    return [one and one["name"] for one in shown]


def test_rules_are_counted_before_they_are_saved_and_carried_out_when_they_are(company: Company) -> None:
    rich, trader, neither = (
        somebody(company, monthly_value=Decimal(2000), type="wholesale"),
        somebody(company, monthly_value=Decimal(10), type="wholesale"),
        somebody(company),
    )
    client = company.browser("administrator")
    body: dict[str, Any] = {"classes": [GOLD, TRADE]}
    counted = client.post("/api/classes/count", body, content_type=JSON).json()
    assert counted == {"counts": [1, 1], "none": 1}
    assert class_names(company, rich, trader, neither) == [None, None, None]
    saved = client.put("/api/classes", body, content_type=JSON).json()["items"]
    assert class_names(company, rich, trader, neither) == ["金牌", "批发", None]
    client.put("/api/classes", {"classes": [saved[1], saved[0]]}, content_type=JSON)
    assert class_names(company, rich, trader, neither) == ["批发", "批发", None]
    services.update_customer(actor=company.system, customer_id=rich, fields={"type": ""})
    assert class_names(company, rich) == ["金牌"]
    assert client.get("/api/customers", {"customer_class": saved[0]["id"]}).json()["total"] == 1


def test_a_class_chosen_by_hand_stands_above_the_rules_with_its_reason(company: Company) -> None:
    rows = classes.save_classes(
        actor=company.system,
        drafts=[classes.ClassDraft(None, "普通", "", "grey", []), classes.ClassDraft(None, "金牌", "", "red", [])],
    )
    customer = somebody(company)
    client = company.browser("agent")
    body = {"class_id": rows[1].pk, "reason": "总经理的朋友"}
    shown = client.put(f"/api/customers/{customer}/class", body, content_type=JSON).json()["customer_class"]
    assert (shown["name"], shown["by_hand"], shown["reason"]) == ("金牌", True, "总经理的朋友")
    back = client.put(f"/api/customers/{customer}/class", {"class_id": None}, content_type=JSON).json()
    assert (back["customer_class"]["name"], back["customer_class"]["by_hand"]) == ("普通", False)


def test_a_rule_that_compares_words_with_amounts_is_refused(company: Company) -> None:
    body = {"classes": [GOLD, {"name": "x", "conditions": [{"field": "type", "test": "at_least", "amount": 1}]}]}
    answer = company.browser("administrator").put("/api/classes", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"classes.1.conditions.0": "test_does_not_fit"})


conditions = st.one_of(
    st.builds(
        Condition,
        field=st.sampled_from([Field.KIND, Field.TYPE]),
        test=st.just(Comparison.IS_ANY),
        values=st.lists(st.sampled_from(["person", "company", "a", ""]), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(
        Condition,
        field=st.sampled_from([Field.MONTHLY_VALUE, Field.ARREARS]),
        test=st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST]),
        amount=st.integers(0, 3).map(Decimal),
    ),
)
PROFILES = [
    Profile(kind=kind, type=word, monthly_value=value, arrears=arrears)
    for kind, word, value, arrears in [
        ("person", "", None, None),
        ("person", "a", Decimal(1), None),
        ("company", "a", Decimal(3), Decimal(0)),
        ("company", "", Decimal(0), Decimal(2)),
    ]
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(st.lists(conditions, max_size=2), max_size=3))
def test_the_database_decides_as_the_rules_do(company: Company, rules: list[list[Condition]]) -> None:
    if not Customer.objects.of(company.tenant).exists():
        for one in PROFILES:
            somebody(company, kind=one.kind, type=one.type, monthly_value=one.monthly_value, arrears=one.arrears)
    numbered = [Rule(number, tuple(of)) for number, of in enumerate(rules)]
    chosen = [choose_class(numbered, profile) for profile in PROFILES]
    counts, nobody = classes.count_fitting(tenant=company.tenant, rules=rules)
    assert counts == [chosen.count(number) for number in range(len(rules))]
    assert nobody == chosen.count(None)


def test_key_accounts_are_the_top_share_by_value(company: Company) -> None:
    ids = [somebody(company, monthly_value=Decimal(value)) for value in (500, 400, 300, 200, 100)] + [somebody(company)]
    assert classes.find_key_accounts(tenant=company.tenant) == 1
    policy = pool.policy_of(tenant=company.tenant)
    pool.save_policy(actor=company.system, fields={"key_share_pct": 40})
    assert policy.key_share_pct == 20
    assert classes.find_key_accounts(tenant=company.tenant) == 2
    keys = Customer.objects.of(company.tenant).filter(is_key_account=True).order_by("pk")
    assert [row.pk for row in keys] == ids[:2]


def test_a_claim_stops_at_the_limits_and_says_which(company: Company) -> None:
    pool.save_policy(actor=company.system, fields={"claims_per_day": 3, "max_held": 2})
    ids = [somebody(company) for _ in range(5)]
    client = company.browser("agent")
    got = client.post("/api/customers/pool/claim", {"customers": ids}, content_type=JSON).json()["customers"]
    assert got == ids[:2]
    assert client.get("/api/customers/pool/allowance").json() == {
        "left": 0,
        "limit": "max_held",
        "claimed_today": 2,
        "held": 2,
    }
    client.post("/api/customers/pool/release", {"customers": ids[:1], "reason": "不合适"}, content_type=JSON)
    assert client.post("/api/customers/pool/claim", {"customers": ids}, content_type=JSON).json()["customers"]
    last = client.post("/api/customers/pool/claim", {"customers": ids}, content_type=JSON)
    assert (last.status_code, last.json()["facts"]) == (409, {"limit": "claims_per_day"})


def test_nobody_claims_who_is_held_and_only_leads_release_or_assign_for_others(company: Company) -> None:
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    held = somebody(company, owner_id=lead)
    with pytest.raises(NothingToClaim):
        pool.claim(actor=company.actor("agent"), customer_ids=[held], now=NINE)
    assert pool.release(actor=company.actor("agent"), customer_ids=[held], reason="", now=NINE) == []
    refused = company.browser("agent").post(
        "/api/customers/pool/assign", {"customers": [held], "owner_id": agent}, content_type=JSON
    )
    assert refused.status_code == 403
    assert pool.assign(actor=company.actor("lead"), customer_ids=[held], owner_id=agent, now=NINE) == [held]
    assert company.browser("agent").get("/api/customers", {"owner": "me"}).json()["total"] == 1
    assert company.browser("agent").get("/api/customers", {"owner": "none"}).json()["total"] == 0


def test_an_untouched_customer_returns_to_the_pool_after_its_announcement(company: Company) -> None:
    pool.save_policy(actor=company.system, fields={"return_after_days": 30, "announce_days": 3})
    now = timezone.now()
    quiet, fresh = (somebody(company, owner_id=company.users["agent"].pk) for _ in range(2))
    Customer.objects.of(company.tenant).filter(pk=quiet).update(owned_since=now - timedelta(days=28))
    days = [pool.return_untouched(tenant=company.tenant, now=now + timedelta(days=day)) for day in (0, 1, 4)]
    assert days == [(1, 0), (0, 0), (0, 1)]
    owners = dict(Customer.objects.of(company.tenant).values_list("pk", "owner_id"))
    assert owners == {quiet: None, fresh: company.users["agent"].pk}
    (move,) = PoolMove.objects.of(company.tenant).filter(kind="return")
    assert (move.customer_id, move.from_owner_id, move.by_id) == (quiet, company.users["agent"].pk, None)
