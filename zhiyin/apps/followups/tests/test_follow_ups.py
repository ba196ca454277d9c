"""Follow-ups: planned, put off, done and followed; seen by whom they concern; reminded of once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.followups import queries, services
from zhiyin.apps.followups.models import FollowUp
from zhiyin.apps.followups.queries import FollowUpFilter
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Dial

JSON = "application/json"
#: 17:00 in Shanghai
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def customer(company: Company) -> int:
    numbers = [NumberChange(number="13800138000")]
    return int(customers.create_customer(actor=company.system, fields={"name": "张小明"}, numbers=numbers).pk)


def plan(company: Company, customer: int, *, role: str = "agent", **fields: object) -> FollowUp:
    given = {"subject": "回访", "due_at": NOW, "owner_id": company.users[role].pk, **fields}
    return services.plan_follow_up(actor=company.actor(role), customer_id=customer, fields=given, now=NOW)


def test_one_is_planned_put_off_and_done_with_the_next_one(company: Company, customer: int) -> None:
    browser = company.browser("agent")
    body = {"customer_id": customer, "subject": "回访", "how": "call", "due_at": "2026-03-03T09:00:00+08:00"}
    made = browser.post("/api/follow-ups", body, content_type=JSON).json()
    assert (made["state"], made["owner"]["id"]) == ("planned", company.users["agent"].pk)
    put_off = browser.patch(
        f"/api/follow-ups/{made['id']}", {"due_at": "2026-03-04T01:00:00Z"}, content_type=JSON
    ).json()
    assert put_off["due_at"] == "2026-03-04T01:00:00Z"
    following = {"subject": "再回访", "due_at": "2026-04-01T01:00:00Z"}
    done = browser.post(
        f"/api/follow-ups/{made['id']}/complete",
        {"outcome": "reached", "result": "满意", "following": following},
        content_type=JSON,
    ).json()
    assert (done["state"], done["outcome"], done["closed_by"]["id"]) == ("done", "reached", company.users["agent"].pk)
    again = browser.post(f"/api/follow-ups/{made['id']}/complete", {}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "already_closed")
    next_one = FollowUp.objects.of(company.tenant).get(subject="再回访")
    assert (next_one.previous_id, next_one.customer_id) == (made["id"], customer)


def test_agents_see_their_own_and_leads_all(company: Company, customer: int) -> None:
    mine = plan(company, customer)
    theirs = plan(company, customer, role="lead", subject="别人的")
    seen = company.browser("agent").get("/api/follow-ups").json()["items"]
    assert [row["id"] for row in seen] == [mine.pk]
    assert company.browser("lead").get("/api/follow-ups").json()["total"] == 2
    assert company.browser("agent").get(f"/api/follow-ups/{theirs.pk}").status_code == 404
    of_customer = company.browser("agent").get(f"/api/follow-ups?customer={customer}").json()
    assert of_customer["total"] == 2


def test_who_is_given_one_by_another_is_told(company: Company, customer: int) -> None:
    plan(company, customer)
    assert Notification.objects.of(company.tenant).count() == 0
    plan(company, customer, role="lead", owner_id=company.users["agent"].pk)
    told = Notification.objects.of(company.tenant).get()
    assert (told.user_id, told.code, told.category) == (company.users["agent"].pk, "follow_up_assigned", "task")


@pytest.mark.parametrize(
    ("due", "when"),
    [
        ("2026-03-01T15:59:59Z", "overdue"),
        ("2026-03-01T16:00:00Z", "today"),
        ("2026-03-02T15:59:59Z", "today"),
        ("2026-03-02T16:00:00Z", "coming"),
    ],
)
def test_overdue_today_and_coming_go_by_the_companys_day(company: Company, customer: int, due: str, when: str) -> None:
    plan(company, customer, due_at=datetime.fromisoformat(due))
    counts = queries.count_mine(actor=company.actor("agent"), now=NOW)
    assert counts == {"overdue": 0, "today": 0, "coming": 0} | {when: 1}
    for each in ("overdue", "today", "coming", "planned", "closed"):
        rows = queries.list_follow_ups(actor=company.actor("agent"), wanted=FollowUpFilter(when=each), now=NOW)
        assert rows.exists() is (each in (when, "planned"))


def test_the_call_dialled_from_one_is_kept_with_it(company: Company, customer: int) -> None:
    row = plan(company, customer)
    with engine_that(lambda _: {"interaction": "i-9"}) as heard:
        answer = company.browser("agent").post(f"/api/follow-ups/{row.pk}/dial", {}, content_type=JSON)
    assert answer.json() == {"interaction": "i-9"}
    assert heard[0].command == Dial(agent=company.users["agent"].pk, number="+8613800138000")
    row.refresh_from_db()
    assert row.interaction_id == "i-9"


def test_anothers_number_is_not_dialled(company: Company, customer: int) -> None:
    other = customers.create_customer(
        actor=company.system, fields={"name": "李四"}, numbers=[NumberChange(number="13900139000")]
    )
    number = company.browser("lead").get(f"/api/customers/{other.pk}").json()["numbers"][0]["id"]
    row = plan(company, customer)
    answer = company.browser("agent").post(
        f"/api/follow-ups/{row.pk}/dial", {"customer_number_id": number}, content_type=JSON
    )
    assert answer.status_code == 404


# --- reminders -----------------------------------------------------------------------------------------------------


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reminders=st.lists(st.integers(0, 600), max_size=6),
    wakings=st.lists(st.integers(-60, 900), max_size=6),
)
def test_each_reminder_is_told_once_at_the_first_waking_after_its_time(
    company: Company, customer: int, reminders: list[int], wakings: list[int]
) -> None:
    """Whatever the minutes at which the worker happens to wake, also after days away, also twice at the same time."""
    FollowUp.objects.of(company.tenant).all().delete()
    Notification.objects.of(company.tenant).all().delete()
    rows = {
        plan(company, customer, due_at=NOW, remind_at=NOW + timedelta(minutes=minutes)).pk: minutes
        for minutes in reminders
    }
    times = sorted([*wakings, *wakings])
    for minutes in times:
        services.wake(tenant=company.tenant, now=NOW + timedelta(minutes=minutes))
    told = {
        int(str(row.link).rpartition("=")[2]): row.created_at for row in Notification.objects.of(company.tenant).all()
    }
    expected = {pk: next((t for t in times if t >= due), None) for pk, due in rows.items()}
    assert told == {pk: NOW + timedelta(minutes=t) for pk, t in expected.items() if t is not None}
    assert Notification.objects.of(company.tenant).count() == len(told)


def test_one_put_off_is_reminded_of_again_and_one_done_is_not(company: Company, customer: int) -> None:
    row = plan(company, customer, remind_at=NOW)
    other = plan(company, customer, remind_at=NOW)
    actor = company.actor("agent")
    services.close_follow_up(actor=actor, follow_up_id=other.pk, state=FollowUp.State.DONE, now=NOW)
    later = NOW + timedelta(hours=1)
    assert services.wake(tenant=company.tenant, now=NOW) == 1
    services.change_follow_up(actor=actor, follow_up_id=row.pk, fields={"remind_at": later}, now=NOW)
    assert services.wake(tenant=company.tenant, now=NOW) == 0
    assert services.wake(tenant=company.tenant, now=later) == 1
    assert Notification.objects.of(company.tenant).filter(category="reminder").count() == 2


def test_two_workers_at_the_same_moment_remind_once(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    company = committed_company()
    with connected_as(as_engine.web), inside(company.tenant):
        customer = customers.create_customer(actor=company.system, fields={"name": "张三"}).pk
        for _ in range(20):
            plan(company, customer, remind_at=NOW)

    def work(_: int) -> int:
        try:
            return services.wake(tenant=company.tenant, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        woken = list(pool.map(work, range(4)))
    assert sum(woken) == 20
    assert Notification.objects.of(company.tenant).count() == 20


def test_a_reminder_is_ordered_for_its_time_in_the_same_transaction(company: Company, customer: int) -> None:
    at = NOW + timedelta(days=3)
    row = plan(company, customer, remind_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'followups.wake_one' "
            "AND (args->>'follow_up_id')::bigint = %s",
            [row.pk],
        )
        assert cursor.fetchall() == [(at,)]
