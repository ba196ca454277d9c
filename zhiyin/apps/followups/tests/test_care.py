"""Care rules on real rows: whom they catch, who gets the task, once each, never who does not want it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from zhiyin.apps.accounts import absences, ownership
from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import Team
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import attached, merging, tags
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.fields import services as fields
from zhiyin.apps.followups import care, services
from zhiyin.apps.followups.models import CareRule, FollowUp
from zhiyin.apps.interactions.models import CustomerLink, Interaction
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.tenancy.scope import inside

JSON = "application/json"
#: 17:00 in Shanghai
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def customer(company: Company, name: str = "张小明", **given: Any) -> int:
    return int(customers.create_customer(actor=company.system, fields={"name": name, **given}).pk)


def rule(company: Company, **given: Any) -> CareRule:
    asked = {"name": "关怀", "occasion": "birthday", "subject": "祝生日快乐", "is_active": True, "assignment": "owner"}
    return care.create_rule(actor=company.actor("lead"), fields=asked | given, now=NOW)


def run(company: Company, *, days: int = 0) -> int:
    return care.make_tasks(tenant=company.tenant, now=NOW + timedelta(days))


def made(company: Company) -> list[FollowUp]:
    return list(FollowUp.objects.of(company.tenant).filter(anchor_on__isnull=False).order_by("pk"))


BORN_TODAY: dict[str, Any] = {"birth_month": 3, "birth_day": 2}


def test_a_birthday_makes_a_task_for_the_customers_owner_in_the_time_of_the_rule(company: Company) -> None:
    agent = company.users["agent"].pk
    found = customer(company, owner_id=agent, **BORN_TODAY)
    customer(company, "不是今天", birth_month=3, birth_day=4)
    kept = rule(company, script="祝您生日快乐")
    assert (run(company), run(company)) == (1, 0)
    (task,) = made(company)
    assert (task.customer_id, task.owner_id, task.rule_id, task.anchor_on) == (found, agent, kept.pk, TODAY)
    assert task.due_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert task.until_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    told = Notification.objects.of(company.tenant).get()
    assert (told.user_id, told.code, told.facts) == (agent, "care_tasks_made", {"count": 1})
    shown = company.browser("agent").get(f"/api/follow-ups/{task.pk}").json()
    assert (shown["rule_name"], shown["script"]) == ("关怀", "祝您生日快乐")


def test_a_rule_that_is_switched_on_is_carried_out_at_once_not_within_the_hour(company: Company) -> None:
    def ordered() -> int:
        jobs = ProcrastinateJob.objects.filter(task_name="followups.make_care_tasks_of", status="todo")
        return jobs.filter(args__tenant_id=company.tenant.pk).count()

    asleep = rule(company, name="睡着", is_active=False)
    assert ordered() == 0
    care.change_rule(actor=company.actor("lead"), rule_id=asleep.pk, fields={"is_active": True}, now=NOW)
    rule(company, name="另一条")
    assert ordered() == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    birthdays=st.lists(st.integers(0, 40), min_size=1, max_size=5),
    gaps=st.lists(st.integers(1, 13), max_size=6),
    limit=st.integers(3, 9),
)
def test_each_due_customer_gets_one_task_whenever_the_worker_wakes(
    company: Company, birthdays: list[int], gaps: list[int], limit: int
) -> None:
    """Away for up to thirteen days at a time, with a quota that is wide enough; the rule is edited in between."""
    FollowUp.objects.of(company.tenant).all().delete()
    CareRule.objects.of(company.tenant).all().delete()
    days = {}
    for at in birthdays:
        born = TODAY + timedelta(at)
        days[customer(company, birth_month=born.month, birth_day=born.day)] = at
    kept = rule(company, daily_limit=limit)
    # those of an earlier example, too, are caught: only these are looked at
    CareRule.objects.of(company.tenant).filter(pk=kept.pk).update(daily_limit=1_000)
    today = 0
    run(company)
    for gap in gaps:
        today += gap
        care.change_rule(actor=company.actor("lead"), rule_id=kept.pk, fields={"subject": f"第{today}天"}, now=NOW)
        CareRule.objects.of(company.tenant).filter(pk=kept.pk).update(begins_on=TODAY)
        run(company, days=today)
        run(company, days=today)
    tasks = FollowUp.objects.of(company.tenant).filter(customer_id__in=days)
    assert sorted(tasks.values_list("customer_id", flat=True)) == sorted(pk for pk, at in days.items() if at <= today)


def test_what_is_over_the_quota_comes_the_next_day(company: Company) -> None:
    for number in range(5):
        customer(company, f"客户{number}", **BORN_TODAY)
    rule(company, daily_limit=2)
    assert [run(company, days=day) for day in range(4)] == [2, 2, 1, 0]
    assert [task.due_at.date() for task in made(company)][-1] == TODAY + timedelta(2)


def test_a_long_outage_makes_two_weeks_up_and_leaves_the_rest(company: Company) -> None:
    for back in (0, 13, 14, 40):
        born = TODAY + timedelta(50 - back)
        customer(company, f"{back}天前", birth_month=born.month, birth_day=born.day)
    rule(company)
    assert run(company, days=50) == 2


@pytest.mark.parametrize(("hindered", "how", "is_made"), [("list", "call", False), ("list", "mail", True)])
def test_who_is_on_the_do_not_call_list_is_not_called(company: Company, hindered: str, how: str, is_made: bool) -> None:
    found = customer(company, **BORN_TODAY)
    lists.add_entry(actor=company.system, list_code="do_not_call", reason=hindered, now=NOW, customer_id=found)
    rule(company, how=how)
    assert run(company) == is_made


@pytest.mark.parametrize(
    ("said", "needs_consent", "is_made"),
    [(None, False, True), (None, True, False), (True, True, True), (False, False, False)],
    ids=["never asked", "must have said yes", "said yes", "said no"],
)
def test_consent_is_respected(company: Company, said: bool | None, needs_consent: bool, is_made: bool) -> None:
    found = customer(company, **BORN_TODAY)
    if said is not None:
        words = {"channel": "call", "purpose": "marketing", "is_given": said, "at": NOW - timedelta(1)}
        attached.tell_consent(actor=company.system, customer_id=found, fields=words)
    rule(company, purpose="marketing", needs_consent=needs_consent)
    assert run(company) == is_made


def test_rules_go_by_products_and_by_the_companys_own_dates(company: Company) -> None:
    own = fields.create_field(actor=company.system, subject="customer", kind="date", fields={"name": "签约日"})
    signed = customer(company, "签约", custom={own.code: "2020-03-07"})
    bought = customer(company, "购买")
    for name, day in (("purchased_on", "2026-01-01"), ("warranty_until", "2026-04-01")):
        thing = {"name": "路由器", name: date.fromisoformat(day)}
        attached.save_owned(actor=company.system, customer_id=bought, owned_id=None, fields=thing)
    rule(company, name="签约周年", occasion="anniversary", date_field=f"custom.{own.code}", days=5)
    rule(company, name="购买后", occasion="after_date", date_field="purchased_on", days=60)
    rule(company, name="保修前", occasion="before_date", date_field="warranty_until", days=30)
    assert run(company) == 3
    assert [(task.customer_id, str(task.anchor_on)) for task in made(company)] == [
        (signed, "2026-03-07"),
        (bought, "2026-01-01"),
        (bought, "2026-04-01"),
    ]


def contact(company: Company, customer_id: int, *, ended: datetime, queue: int) -> None:
    """As the projector writes it, with the role ``engine``."""
    row = Interaction(
        id=f"{customer_id}-{ended:%m%d%H%M}",
        tenant=company.tenant,
        direction="inbound",
        channel="voice",
        queue_id=queue,
        started_at=ended - timedelta(minutes=5),
        ended_at=ended,
        outcome="answered",
    )
    row.save(force_insert=True)
    CustomerLink.objects.of(company.tenant).create(interaction_id=row.pk, customer_id=customer_id, at=row.started_at)


def test_a_follow_up_that_was_done_brings_a_return_visit_but_a_care_task_does_not(company: Company) -> None:
    found = customer(company)
    planned = {"subject": "报价", "due_at": NOW, "owner_id": company.users["agent"].pk}
    row = services.plan_follow_up(actor=company.actor("agent"), customer_id=found, fields=planned, now=NOW)
    services.close_follow_up(
        actor=company.actor("agent"), follow_up_id=row.pk, state=FollowUp.State.DONE, outcome="reached", now=NOW
    )
    rule(company, occasion="after_follow_up", days=3, outcomes=["reached"])
    assert (run(company, days=2), run(company, days=3)) == (0, 1)
    (task,) = made(company)
    services.close_follow_up(
        actor=company.system, follow_up_id=task.pk, state=FollowUp.State.DONE, outcome="reached", now=NOW + timedelta(3)
    )
    assert run(company, days=6) == 0


def test_only_those_are_meant_whom_the_rule_names(company: Company) -> None:
    tag = tags.create_tag(actor=company.system, fields={"name": "宽带"}).pk
    meant = customer(company, "要", level="vip", **BORN_TODAY)
    customer(company, "无标签", level="vip", **BORN_TODAY)
    ordinary = customer(company, "普通", **BORN_TODAY)
    tags.add_tags(tenant=company.tenant, customer_ids=[meant, ordinary], tag_ids=[tag])
    rule(company, who={"levels": ["vip"], "tags": [tag]})
    run(company)
    assert [task.customer_id for task in made(company)] == [meant]


def test_the_team_takes_turns_and_who_is_away_is_left_out(company: Company) -> None:
    team = Team.objects.of(company.tenant).get()
    people = [company.users[role] for role in ("agent", "lead", "administrator")]
    for one in people:
        one.team = team
        one.save()
    absences.create_absence(
        actor=company.system,
        user_id=people[2].pk,
        deputy_id=people[0].pk,
        starts_at=NOW - timedelta(1),
        ends_at=NOW + timedelta(1),
        note="",
    )
    for number in range(4):
        customer(company, f"客户{number}", **BORN_TODAY)
    rule(company, assignment="turns", team_id=team.pk)
    run(company)
    assert [task.owner_id for task in made(company)] == [people[0].pk, people[1].pk] * 2


def test_nobodys_task_is_claimed_once(company: Company) -> None:
    customer(company, **BORN_TODAY)
    rule(company, assignment="pool")
    run(company)
    (task,) = made(company)
    agent = company.browser("agent")
    assert [row["id"] for row in agent.get("/api/follow-ups?claimable=true").json()["items"]] == [task.pk]
    assert agent.post(f"/api/follow-ups/{task.pk}/claim").json()["owner"]["id"] == company.users["agent"].pk
    late = company.browser("lead").post(f"/api/follow-ups/{task.pk}/claim")
    assert (late.status_code, late.json()["code"]) == (409, "claimed_already")


def test_one_is_tried_again_then_refused_and_the_customer_is_called_no_more(company: Company) -> None:
    found = customer(company, owner_id=company.users["agent"].pk, **BORN_TODAY)
    rule(company)
    run(company)
    (task,) = made(company)
    agent = company.browser("agent")
    address = f"/api/follow-ups/{task.pk}"
    later = agent.post(f"{address}/attempt", {"again_at": "2026-03-03T02:00:00Z", "result": "无人接听"}, JSON).json()
    assert (later["state"], later["attempts"], later["due_at"]) == ("planned", 1, "2026-03-03T02:00:00Z")
    skipped = agent.post(f"{address}/cancel", {}, JSON)
    assert (skipped.status_code, skipped.json()["fields"]) == (400, {"result": "missing"})
    done = agent.post(f"{address}/complete", {"outcome": "refused", "result": "勿扰", "do_not_call": True}, JSON)
    assert done.json()["outcome"] == "refused"
    entries = company.browser("lead").get(f"/api/lists?customer={found}").json()["items"]
    assert [(entry["list"], entry["reason"]) for entry in entries] == [("do_not_call", "勿扰")]
    (shown,) = company.browser("lead").get("/api/care-rules").json()["items"]
    assert shown["figures"] == {
        **dict.fromkeys(("open", "reached", "not_reached", "skipped"), 0),
        **dict.fromkeys(("made", "done", "refused"), 1),
    }


def test_a_preview_counts_and_makes_nothing(company: Company) -> None:
    for at in (0, 1, 1, 30, 31):
        born = datetime.now(UTC).astimezone().date() + timedelta(at)
        customer(company, f"{at}", birth_month=born.month, birth_day=born.day)
    listed = customer(company, "勿扰", birth_month=1, birth_day=1)
    lists.add_entry(actor=company.system, list_code="do_not_call", reason="r", now=NOW, customer_id=listed)
    body = {"name": "试", "occasion": "birthday", "subject": "祝生日快乐"}
    now = datetime.now(UTC)
    seen = care.preview(actor=company.actor("lead"), fields={**body, "assignment": "owner"}, now=now)
    answer = company.browser("lead").post("/api/care-rules/preview", body, JSON).json()
    assert (answer["tomorrow"], answer["total"]) == (seen.tomorrow, seen.total)
    assert sum(day["count"] for day in answer["by_day"]) == answer["total"] == len(answer["sample"])
    assert not CareRule.objects.of(company.tenant).exists()
    assert made(company) == []


@pytest.mark.parametrize(
    ("given_wrong", "field"),
    [
        ({"occasion": "after_date"}, "date_field"),
        ({"occasion": "after_date", "date_field": "custom.no_such"}, "date_field"),
        ({"from_time": "18:00", "until_time": "09:00"}, "until_time"),
        ({"assignment": "turns"}, "team_id"),
        ({"team_id": 10**9}, "team_id"),
    ],
)
def test_a_rule_that_could_never_work_is_refused_by_its_field(
    company: Company, given_wrong: dict[str, object], field: str
) -> None:
    body = {"name": "试", "occasion": "birthday", "subject": "x", **given_wrong}
    answer = company.browser("lead").post("/api/care-rules", body, JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_sleeping_rule_makes_nothing_and_begins_on_the_day_it_wakes(company: Company) -> None:
    customer(company, **BORN_TODAY)
    kept = rule(company, is_active=False)
    assert run(company) == 0
    care.change_rule(actor=company.actor("lead"), rule_id=kept.pk, fields={"is_active": True}, now=NOW + timedelta(1))
    assert run(company, days=1) == 0


def test_who_leaves_hands_the_open_tasks_over(company: Company) -> None:
    customer(company, owner_id=company.users["agent"].pk, **BORN_TODAY)
    rule(company)
    run(company)
    counted = ownership.count_owned(tenant=company.tenant, user_id=company.users["agent"].pk)
    assert {kind.kind: count for kind, count in counted}["follow_ups"] == 1
    accounts.hand_over(actor=company.system, user_id=company.users["agent"].pk, to=company.users["lead"].pk)
    assert [task.owner_id for task in made(company)] == [company.users["lead"].pk]


def test_an_erased_customers_tasks_and_notes_are_gone(company: Company) -> None:
    found = customer(company, **BORN_TODAY)
    rule(company)
    run(company)
    assert services.forget_customer(tenant=company.tenant, customer_id=found) == 1
    assert made(company) == []


def test_two_workers_at_once_make_each_task_once(as_engine: Database, committed_company: Callable[[], Company]) -> None:
    company = committed_company()
    with connected_as(as_engine.web), inside(company.tenant):
        for number in range(10):
            customer(company, f"客户{number}", **BORN_TODAY)
        rule(company)

    def work(_: int) -> int:
        try:
            with inside(company.tenant):
                return run(company)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 10
    with inside(company.tenant):
        assert len(made(company)) == 10


def test_calls_of_one_queue_bring_return_visits_and_silence_brings_another(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    with connected_as(as_engine.web), inside(company.tenant):
        spoken, silent = customer(company, "来电"), customer(company, "久未联系")
        rule(company, name="回访", occasion="after_contact", days=7, queues=[5], outcomes=["answered"])
        rule(company, name="久未联系", occasion="no_contact", days=90)
    for whose, days, queue in ((spoken, 7, 5), (silent, 90, 6), (spoken, 90, 6)):
        contact(company, whose, ended=NOW - timedelta(days), queue=queue)
    with connected_as(as_engine.web), inside(company.tenant):
        assert run(company) == 2
        found = [(task.customer_id, task.anchor_on) for task in made(company)]
    assert found == [(spoken, TODAY - timedelta(7)), (silent, TODAY - timedelta(90))]


def changed_aside(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "changed_at"}


@pytest.mark.parametrize(
    ("kept_state", "merged_state", "open_left", "all_left"),
    [("planned", "planned", 1, 1), ("planned", "done", 0, 1), ("done", "planned", 0, 1), ("done", "done", 0, 2)],
)
def test_merged_customers_are_called_once_and_what_was_done_stays(
    company: Company, kept_state: str, merged_state: str, open_left: int, all_left: int
) -> None:
    """Two records of one person, each with a task of one rule and day; undoing the merge brings back both tasks."""
    agent = company.users["agent"].pk
    kept, merged = (customer(company, name, owner_id=agent, **BORN_TODAY) for name in ("李雷", "李磊"))
    rule(company)
    run(company)
    rows = FollowUp.objects.of(company.tenant).order_by("pk")
    for of, state in ((kept, kept_state), (merged, merged_state)):
        if state == "done":
            rows.filter(customer_id=of).update(state="done", outcome="reached", result="祝过了", closed_at=NOW)
    before = [changed_aside(row) for row in rows.values()]
    made = merging.merge(actor=company.actor("lead"), kept_id=kept, merged_id=merged, chosen={}, now=NOW)
    left = rows.filter(customer_id=kept)
    assert (left.filter(state="planned").count(), left.count(), rows.count()) == (open_left, all_left, all_left)
    merging.undo(actor=company.actor("lead"), merge_id=made.pk, now=NOW)
    assert [changed_aside(row) for row in rows.values()] == before
